using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Waymark.Linkage.Private;

/// <summary>Hashing to the group and to scalars for suite ristretto255-SHA512 in one mode (RFC 9497, section 4.1; RFC 9380, section 5.3.1).</summary>
internal sealed class OprfHash(IRistretto255 group, byte mode)
{
    private readonly byte[] _context = [.. "OPRFV1-"u8, mode, .. "-ristretto255-SHA512"u8];

    public byte[] ToGroup(ReadOnlySpan<byte> input)
    {
        var element = new byte[32];
        group.FromUniform(Expand(input, [.. "HashToGroup-"u8, .. _context]), element);
        return element;
    }

    public byte[] ToScalar(ReadOnlySpan<byte> input, string tag = "HashToScalar-")
    {
        var scalar = new byte[32];
        group.ReduceScalar(Expand(input, [.. Encoding.ASCII.GetBytes(tag), .. _context]), scalar);
        return scalar;
    }

    /// <summary>The domain tag of the seed of composites.</summary>
    public byte[] SeedTag() => [.. "Seed-"u8, .. _context];

    /// <summary>Length in two bytes, then the bytes.</summary>
    public static byte[] Prefixed(params ReadOnlySpan<byte[]> parts)
    {
        var result = new byte[parts.Length * 2 + parts.ToArray().Sum(p => p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(at), checked((ushort)part.Length));
            part.CopyTo(result, at + 2);
            at += part.Length + 2;
        }

        return result;
    }

    /// <summary>expand_message_xmd with SHA-512 to 64 bytes: one block, so ell = 1.</summary>
    private static byte[] Expand(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        Span<byte> prime = stackalloc byte[tag.Length + 1];
        tag.CopyTo(prime);
        prime[^1] = (byte)tag.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(new byte[128]);
        hash.AppendData(message);
        hash.AppendData([0, 64, 0]);
        hash.AppendData(prime);
        var first = hash.GetHashAndReset();
        hash.AppendData(first);
        hash.AppendData([1]);
        hash.AppendData(prime);
        return hash.GetHashAndReset();
    }
}
