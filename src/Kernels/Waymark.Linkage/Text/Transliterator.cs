using System.Buffers.Binary;

namespace Waymark.Linkage;

/// <summary>
/// How probable a Latin spelling is for a name in another script: every letter is written as one of the pack's spellings, with a small
/// probability of slips. Forward sum over all ways to cut the spelling (a memoryless noisy channel). One instance per thread.
/// </summary>
public sealed class Transliterator(LinkageKnowledge knowledge)
{
    /// <summary>log2 of one slip: a Latin letter too many, too few, or another one.</summary>
    private const double Slip = -5.5;

    /// <summary>log2 per letter of a Latin name under a model that knows only how common letters are in names.</summary>
    private const double LetterBits = 3.7;

    /// <summary>A letter takes at most <see cref="Slip"/> bits off the most probable place, so that after this many there is room left.</summary>
    private const int UnitsPerScale = 16;

    private const int ScaleBits = 200;

    private static readonly double s_slip = Math.Pow(2, Slip);

    private readonly Dictionary<Script, IReadOnlyDictionary<string, Spelling[]>> _tables = [];
    private readonly Dictionary<Spelling[], LetterSpellings> _letters = [];
    private double[] _before = new double[64];
    private double[] _after = new double[64];
    private byte[] _latin = new byte[64];

    /// <summary>True when the pack knows how to write this script in Latin letters.</summary>
    public bool Knows(Script script) => Table(script).Count > 0;

    /// <summary>The most probable spelling, letter by letter; empty when nothing is known.</summary>
    public string Romanise(string native)
    {
        Span<char> buffer = stackalloc char[256];
        var length = 0;
        foreach (var unit in Units(native))
        {
            var latin = unit.Likeliest;
            if (length + latin.Length > buffer.Length)
            {
                break;
            }

            latin.CopyTo(buffer[length..]);
            length += latin.Length;
        }

        return new string(buffer[..length]);
    }

    /// <summary>
    /// Bits of evidence that <paramref name="latin"/> (ASCII letters) writes <paramref name="units"/>: log2 P(latin | native) minus
    /// log2 P(latin); positive speaks for it. Not a number when either side is empty.
    /// </summary>
    public double Evidence(ReadOnlySpan<LetterSpellings> units, ReadOnlySpan<byte> latin)
    {
        var n = latin.Length;
        if (units.IsEmpty || n == 0)
        {
            return double.NaN;
        }

        if (_latin.Length < n + 1 + LetterSpellings.Margin)
        {
            var room = 2 * (n + 1 + LetterSpellings.Margin);
            (_before, _after, _latin) = (new double[room], new double[room], new byte[room]);
        }

        var name = _latin.AsSpan(0, n + 1 + LetterSpellings.Margin);
        latin.CopyTo(name);
        name[n..].Clear();

        // Plain probabilities by how much of the name is written, so that the loops have no logarithm; both rows are left empty by the loops.
        var before = _before.AsSpan(0, n + 1);
        var after = _after.AsSpan(0, n + 1);
        before.Clear();
        after.Clear();
        before[0] = 1;
        var scale = 0;
        for (var unit = 0; unit < units.Length; unit++)
        {
            Write(units[unit], before, after, name);
            var done = after;
            after = before;
            before = done;
            if (unit % UnitsPerScale == UnitsPerScale - 1)
            {
                scale += Scale(before);
            }
        }

        return Math.Log2(before[n]) + scale + (LetterBits * n);
    }

    /// <summary>Long names get so improbable that numbers would end; a power of two lifts them and is told back, exactly.</summary>
    private static int Scale(Span<double> row)
    {
        var top = 0.0;
        foreach (var p in row)
        {
            top = Math.Max(top, p);
        }

        if (top is 0 or > 1e-60)
        {
            return 0;
        }

        foreach (ref var p in row)
        {
            p = Math.ScaleB(p, ScaleBits);
        }

        return -ScaleBits;
    }

    /// <summary>One letter more: from the probabilities before it to those after it. Leaves <paramref name="before"/> empty.</summary>
    private static void Write(LetterSpellings letter, Span<double> before, Span<double> after, ReadOnlySpan<byte> name)
    {
        var left = s_slip + letter.Silent;
        var last = 0.0;
        for (var at = 0; at < before.Length; at++)
        {
            var p = before[at];
            before[at] = 0;
            var here = after[at];
            if (p > 0)
            {
                here += p * left;
                if (at + 1 < after.Length)
                {
                    after[at + 1] += p * s_slip * 0.25;
                    var word = BinaryPrimitives.ReadUInt64LittleEndian(name[at..]);
                    foreach (ref readonly var piece in letter.BeginningWith(name[at]))
                    {
                        if (piece.Fits(word, name, at))
                        {
                            after[at + piece.Length] += p * piece.Probability;
                        }
                    }
                }
            }

            last = here + (last * s_slip * 0.15);
            after[at] = last;
        }
    }

    /// <summary>Spellings per unit of a native name (letters, or longer entries of the table, longest first).</summary>
    public LetterSpellings[] Units(string native)
    {
        native = Spoken(native);
        var result = new List<LetterSpellings>(native.Length);
        for (var i = 0; i < native.Length;)
        {
            var table = Table(Scripts.Of(native[i]));
            var taken = 0;
            for (var length = Math.Min(4, native.Length - i); length >= 1 && taken == 0; length--)
            {
                if (table.TryGetValue(native.Substring(i, length), out var spellings))
                {
                    result.Add(LettersOf(spellings));
                    taken = length;
                }
            }

            i += Math.Max(1, taken);
        }

        return [.. result];
    }

    /// <summary>Letters in the order they are spoken: Hangul as jamo, Thai vowels that are written in front behind their consonant.</summary>
    public static string Spoken(string native)
    {
        if (native.AsSpan().ContainsAnyInRange('\uAC00', '\uD7A3'))
        {
            return native.Normalize(System.Text.NormalizationForm.FormD);
        }

        if (!native.AsSpan().ContainsAnyInRange('\u0E40', '\u0E44'))
        {
            return native;
        }

        var letters = native.ToCharArray();
        for (var i = 0; i + 1 < letters.Length; i++)
        {
            if (letters[i] is >= '\u0E40' and <= '\u0E44' && letters[i + 1] is >= '\u0E01' and <= '\u0E2E')
            {
                (letters[i], letters[i + 1]) = (letters[i + 1], letters[i]);
                i++;
            }
        }

        return new string(letters);
    }

    private LetterSpellings LettersOf(Spelling[] spellings) =>
        _letters.TryGetValue(spellings, out var known) ? known : _letters[spellings] = new(spellings);

    private IReadOnlyDictionary<string, Spelling[]> Table(Script script)
    {
        if (!_tables.TryGetValue(script, out var table))
        {
            _tables[script] = table = knowledge.SpellingsOf(script);
        }

        return table;
    }
}
