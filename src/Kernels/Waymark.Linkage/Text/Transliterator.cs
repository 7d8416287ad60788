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

    private readonly Dictionary<Script, IReadOnlyDictionary<string, Spelling[]>> _tables = [];
    private double[] _before = new double[64];
    private double[] _after = new double[64];

    /// <summary>True when the pack knows how to write this script in Latin letters.</summary>
    public bool Knows(Script script) => Table(script).Count > 0;

    /// <summary>The most probable spelling, letter by letter; empty when nothing is known.</summary>
    public string Romanise(string native)
    {
        Span<char> buffer = stackalloc char[256];
        var length = 0;
        foreach (var unit in Units(native))
        {
            if (unit.Length == 0)
            {
                continue;
            }

            var latin = unit[0].Latin;
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
    public double Evidence(IReadOnlyList<Spelling[]> units, ReadOnlySpan<byte> latin)
    {
        var n = latin.Length;
        if (units.Count == 0 || n == 0)
        {
            return double.NaN;
        }

        if (_before.Length <= n)
        {
            _before = new double[n + 32];
            _after = new double[n + 32];
        }

        var before = _before;
        var after = _after;
        // Plain probabilities, rescaled per unit, so that the inner loop has no logarithm.
        Array.Clear(before, 0, n + 1);
        before[0] = 1;
        var scale = 0.0;
        var slip = Math.Pow(2, Slip);
        foreach (var spellings in units)
        {
            Array.Clear(after, 0, n + 1);
            var top = 0.0;
            for (var at = 0; at <= n; at++)
            {
                var p = before[at];
                if (p <= 0)
                {
                    continue;
                }

                after[at] += p * slip;
                if (at < n)
                {
                    after[at + 1] += p * slip * 0.25;
                }

                Emit(after, p, at, spellings, latin);
            }

            for (var at = 0; at <= n; at++)
            {
                if (at > 0)
                {
                    after[at] += after[at - 1] * slip * 0.15;
                }

                top = Math.Max(top, after[at]);
            }

            if (top <= 0)
            {
                return double.NegativeInfinity;
            }

            scale += Math.Log2(top);
            for (var at = 0; at <= n; at++)
            {
                after[at] /= top;
            }

            (before, after) = (after, before);
        }

        return scale + Math.Log2(Math.Max(before[n], 1e-30)) + LetterBits * n;
    }

    /// <summary>Spellings per unit of a native name (letters, or longer entries of the table, longest first).</summary>
    public List<Spelling[]> Units(string native)
    {
        native = Spoken(native);
        var result = new List<Spelling[]>(native.Length);
        for (var i = 0; i < native.Length;)
        {
            var table = Table(Scripts.Of(native[i]));
            var taken = 0;
            for (var length = Math.Min(4, native.Length - i); length >= 1 && taken == 0; length--)
            {
                if (table.TryGetValue(native.Substring(i, length), out var spellings))
                {
                    result.Add(spellings);
                    taken = length;
                }
            }

            i += Math.Max(1, taken);
        }

        return result;
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

    private static void Emit(double[] after, double p, int at, Spelling[] spellings, ReadOnlySpan<byte> latin)
    {
        foreach (var spelling in spellings)
        {
            var text = spelling.Latin;
            if (at + text.Length > latin.Length)
            {
                continue;
            }

            var fits = true;
            for (var k = 0; k < text.Length && fits; k++)
            {
                fits = latin[at + k] == text[k];
            }

            if (fits)
            {
                after[at + text.Length] += p * Math.Exp(spelling.Log2 * 0.6931471805599453);
            }
        }
    }

    private IReadOnlyDictionary<string, Spelling[]> Table(Script script)
    {
        if (!_tables.TryGetValue(script, out var table))
        {
            _tables[script] = table = knowledge.SpellingsOf(script);
        }

        return table;
    }
}
