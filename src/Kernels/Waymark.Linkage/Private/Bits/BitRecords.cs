using System.Numerics;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// Records of one fixed width in bits, word by word, and how many bits of each are set. Bit <c>i</c> of a record is bit
/// <c>i % 64</c> of its word <c>i / 64</c>. A record without any bit stands for "cannot be compared".
/// </summary>
public sealed class BitRecords
{
    /// <summary>Widest record in bits: counts and limits of the comparison stay within 32 bits.</summary>
    public const int MostBits = 16384;

    private readonly ulong[] _words;
    private readonly int[] _ones;

    private BitRecords(int bits, int count, ulong[] words, int[] ones) => (Bits, Count, _words, _ones) = (bits, count, words, ones);

    /// <summary>Width of every record, a multiple of 64.</summary>
    public int Bits { get; }

    public int Count { get; }

    /// <summary>Words of one record.</summary>
    public int WordsPerRecord => Bits / 64;

    /// <summary>The words of a record.</summary>
    public ReadOnlySpan<ulong> this[int record] => _words.AsSpan(record * WordsPerRecord, WordsPerRecord);

    /// <summary>Bits set in a record.</summary>
    public int Ones(int record) => _ones[record];

    /// <summary>Takes words as records one after the other; the array is kept, not copied.</summary>
    public static Result<BitRecords> Create(int bits, ulong[] words)
    {
        if (bits is < 64 or > MostBits || bits % 64 != 0)
        {
            return Error.Invalid(
                "linkage.bits-width",
                $"The width of bit records is a multiple of 64 up to {MostBits}, not {bits}.",
                $"位记录的宽度须为 64 的倍数且不超过 {MostBits}，而不是 {bits}。");
        }

        var each = bits / 64;
        if (words.Length % each != 0)
        {
            return Error.Invalid("linkage.bits-length", "The words do not fill whole records.", "字数不能构成完整的记录。");
        }

        if ((long)words.Length / each * Math.Max(16, (each + 15) / 16 * 16) > Array.MaxLength - 256)
        {
            return Error.TooLarge("linkage.bits-too-many", "Too many records for one comparison.", "一次比较的记录过多。")
                .WithHint("Split the larger set.", "请拆分较大的一组。");
        }

        var ones = new int[words.Length / each];
        for (var record = 0; record < ones.Length; record++)
        {
            foreach (var word in words.AsSpan(record * each, each))
            {
                ones[record] += BitOperations.PopCount(word);
            }
        }

        return new BitRecords(bits, ones.Length, words, ones);
    }
}
