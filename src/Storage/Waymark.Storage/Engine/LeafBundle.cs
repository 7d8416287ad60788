using System.Buffers.Binary;

namespace Waymark.Storage.Engine;

/// <summary>The leaves of a write set as one value: each after its length as two bytes, big-endian, as bundles have them.</summary>
internal static class LeafBundle
{
    public const int LongestLeaf = ushort.MaxValue;

    public static byte[] Of(IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        var bundle = new byte[leaves.Sum(leaf => leaf.Length + 2)];
        var at = 0;
        foreach (var leaf in leaves)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), (ushort)leaf.Length);
            leaf.Span.CopyTo(bundle.AsSpan(at + 2));
            at += leaf.Length + 2;
        }

        return bundle;
    }

    /// <summary>As many write sets as make up this number of leaves, and at least one.</summary>
    public static IReadOnlyList<PendingLeaves> Cut(List<PendingLeaves> pending, int leaves)
    {
        var count = 0;
        var taken = 0;
        while (taken < pending.Count && (taken == 0 || count + pending[taken].Count <= leaves))
        {
            count += pending[taken++].Count;
        }

        return pending[..taken];
    }
}
