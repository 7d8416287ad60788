using System.Buffers.Binary;
using System.Text;

namespace Waymark.Linkage;

/// <summary>
/// The spellings of one letter of another script, laid out for <see cref="Transliterator.Evidence"/>: by their first letter, so that at a place of a Latin
/// name only those are looked at that can begin there, each as one word of bytes with its probability.
/// </summary>
public sealed class LetterSpellings
{
    /// <summary>How many zeros a name must have behind it: no spelling has one, so none fits across the end.</summary>
    internal const int Margin = 8;
    private const int Letters = 26;

    /// <summary>Spellings from <c>_start[x]</c> until <c>_start[x + 1]</c> begin with letter x; what begins with anything else stands behind the letters.</summary>
    private readonly int[] _start = new int[Letters + 2];
    private readonly Piece[] _pieces;

    internal LetterSpellings(Spelling[] spellings)
    {
        Likeliest = spellings is [var first, ..] ? first.Latin : "";
        Silent = spellings.Where(s => s.Latin.Length == 0).Sum(Probability);
        Spelling[] written = [.. spellings.Where(s => s.Latin.Length > 0).OrderBy(s => Group(s.Latin[0]))];
        _pieces = Array.ConvertAll(written, s => new Piece(s));
        foreach (var spelling in written)
        {
            _start[Group(spelling.Latin[0]) + 1]++;
        }

        for (var group = 0; group <= Letters; group++)
        {
            _start[group + 1] += _start[group];
        }
    }

    /// <summary>The most probable spelling; empty when there is none.</summary>
    public string Likeliest { get; }

    /// <summary>Probability that the letter is not written.</summary>
    internal double Silent { get; }

    /// <summary>The spellings that can begin with a letter.</summary>
    internal ReadOnlySpan<Piece> BeginningWith(byte letter)
    {
        var group = Group((char)letter);
        return _pieces.AsSpan(_start[group], _start[group + 1] - _start[group]);
    }

    private static int Group(char letter) => letter is >= 'a' and <= 'z' ? letter - 'a' : Letters;

    private static double Probability(Spelling spelling) => Math.Exp(spelling.Log2 * 0.6931471805599453);

    /// <summary>One spelling: its first eight bytes as a word, and how probable it is.</summary>
    internal readonly struct Piece
    {
        public readonly double Probability;
        public readonly int Length;
        private readonly ulong _word;
        private readonly ulong _mask;

        /// <summary>What is longer than a word, which no spelling of the pack is.</summary>
        private readonly byte[]? _tail;

        public Piece(Spelling spelling)
        {
            Span<byte> word = stackalloc byte[Margin];
            var bytes = Encoding.UTF8.GetBytes(spelling.Latin);
            Length = bytes.Length;
            Probability = LetterSpellings.Probability(spelling);
            bytes.AsSpan(0, Math.Min(Length, Margin)).CopyTo(word);
            _word = BinaryPrimitives.ReadUInt64LittleEndian(word);
            _mask = Length >= Margin ? ulong.MaxValue : (1UL << (8 * Length)) - 1;
            _tail = Length > Margin ? bytes[Margin..] : null;
        }

        /// <summary>Whether the spelling stands at a place of a name, whose next eight bytes are <paramref name="word"/>.</summary>
        public bool Fits(ulong word, ReadOnlySpan<byte> name, int at) =>
            (word & _mask) == _word && (_tail is null || name[(at + Margin)..].StartsWith(_tail));
    }
}
