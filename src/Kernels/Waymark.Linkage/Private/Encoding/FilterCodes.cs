using System.Numerics;

namespace Waymark.Linkage.Private;

/// <summary>The codes that follow the filter, and the noise that follows the code.</summary>
internal static class FilterCodes
{
    /// <summary>Writes the coded filter; <paramref name="into"/> has the width of the preset's encoded records.</summary>
    public static void Apply(FilterCode code, ReadOnlySpan<ulong> filter, ReadOnlySpan<ushort> permutation, Span<ulong> into)
    {
        into.Clear();
        var bits = filter.Length * 64;
        switch (code)
        {
            case FilterCode.Balanced:
                for (var i = 0; i < bits; i++)
                {
                    var set = (filter[i / 64] >> (i % 64)) & 1;
                    var at = permutation[set == 1 ? i : bits + i];
                    into[at / 64] |= 1UL << (at % 64);
                }

                break;
            case FilterCode.Rule90:
                // Left neighbour exclusive-or right neighbour, the ends being neighbours too.
                for (var k = 0; k < filter.Length; k++)
                {
                    var before = filter[(k + filter.Length - 1) % filter.Length];
                    var after = filter[(k + 1) % filter.Length];
                    into[k] = ((filter[k] << 1) | (before >> 63)) ^ ((filter[k] >> 1) | (after << 63));
                }

                break;
            default:
                filter.CopyTo(into);
                break;
        }
    }

    /// <summary>Replaces each bit by a fair coin with the given probability, in steps of 1/65,536.</summary>
    public static void Coins(Span<ulong> record, double share, Action<Span<byte>> random)
    {
        if (share <= 0)
        {
            return;
        }

        // A bit is replaced where a 16-bit draw lies below the limit: the draws of 64 bits are compared digit by digit.
        var limit = (int)Math.Round(share * 65536);
        Span<byte> drawn = stackalloc byte[17 * 8];
        for (var k = 0; k < record.Length; k++)
        {
            random(drawn);
            var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(drawn);
            var (below, equal) = (0UL, ulong.MaxValue);
            for (var digit = 15; digit >= 0; digit--)
            {
                var of = (limit >> digit & 1) == 1 ? ulong.MaxValue : 0;
                below |= equal & of & ~words[digit];
                equal &= ~(of ^ words[digit]);
            }

            record[k] = (record[k] & ~below) | (words[16] & below);
        }
    }

    /// <summary>A permutation that depends on the key only (Fisher–Yates over HMAC output).</summary>
    public static ushort[] Permutation(ProjectKey key, int length)
    {
        var seed = key.Derive("permutation");
        var order = new ushort[length];
        for (var i = 0; i < length; i++)
        {
            order[i] = (ushort)i;
        }

        for (var i = length - 1; i > 0; i--)
        {
            var digest = System.Security.Cryptography.HMACSHA256.HashData(seed, BitConverter.GetBytes(i));
            var j = (int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(digest) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    public static int Ones(ReadOnlySpan<ulong> words)
    {
        var ones = 0;
        foreach (var word in words)
        {
            ones += BitOperations.PopCount(word);
        }

        return ones;
    }
}
