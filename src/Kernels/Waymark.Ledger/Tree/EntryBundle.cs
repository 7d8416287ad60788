using System.Buffers.Binary;

namespace Waymark.Ledger;

/// <summary>
/// A bundle of C2SP tlog-tiles: up to 256 entries, each after its length as a big-endian 16-bit number.
/// </summary>
public static class EntryBundle
{
    /// <summary>Longest entry: what its length can say.</summary>
    public const int LongestEntry = ushort.MaxValue;

    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var bundle = new byte[entries.Sum(entry => entry.Length + 2)];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), checked((ushort)entry.Length));
            entry.Span.CopyTo(bundle.AsSpan(at + 2));
            at += entry.Length + 2;
        }

        return bundle;
    }

    /// <summary>The entries, or null when the bytes end in the middle of one.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Read(ReadOnlyMemory<byte> bundle)
    {
        var entries = new List<ReadOnlyMemory<byte>>(Tile.Full);
        while (bundle.Length > 0)
        {
            if (bundle.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(bundle.Span) is var length && bundle.Length < 2 + length)
            {
                return null;
            }

            entries.Add(bundle.Slice(2, length));
            bundle = bundle[(2 + length)..];
        }

        return entries;
    }
}
