using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Distances computed by words of bits are those of the tables they stand for.</summary>
public sealed class StringSimilarityLawTests
{
    /// <summary>Few letters, so that swaps and repeats are frequent; up to 80, so that the longest strings are cut.</summary>
    private static readonly Gen<byte[]> s_text =
        from length in Gen.Frequency((8, Gen.Choose(0, 14)), (2, Gen.Choose(15, 80)))
        from letters in Gen.Elements("abc"u8.ToArray()).ArrayOf(length)
        select letters;

    private static readonly Gen<(byte[] A, byte[] B, int Most)> s_pairs =
        from a in s_text
        from b in Gen.OneOf(s_text, Changed(a))
        from most in Gen.Choose(1, 4)
        select (a, b, most);

    [Fact]
    public void Edits_are_those_of_the_whole_table() =>
        Prop.ForAll(s_pairs.ToArbitrary(), x => StringSimilarity.Edits(x.A, x.B, x.Most) == ByTable(x.A, x.B, x.Most)).QuickCheckThrowOnFailure();

    [Fact]
    public void Jaro_Winkler_is_that_of_the_definition() =>
        Prop.ForAll(s_pairs.ToArbitrary(), x => StringSimilarity.JaroWinkler(x.A, x.B) == ByDefinition(x.A, x.B)).QuickCheckThrowOnFailure();

    [Fact]
    public void Known_distances_hold()
    {
        StringSimilarity.Edits("ca"u8, "abc"u8, 9).ShouldBe(3);
        StringSimilarity.Edits("marhta"u8, "martha"u8, 2).ShouldBe(1);
        StringSimilarity.JaroWinkler("martha"u8, "marhta"u8).ShouldBe(0.9611, 0.0001);
        StringSimilarity.JaroWinkler(Encoding.ASCII.GetBytes(new string('x', 90)), Encoding.ASCII.GetBytes(new string('x', 64))).ShouldBe(1);
    }

    private static Gen<byte[]> Changed(byte[] text) =>
        from at in Gen.Choose(0, Math.Max(0, text.Length - 2))
        from kind in Gen.Choose(0, 2)
        select kind switch
        {
            _ when text.Length < 2 => text,
            0 => [.. text[..at], text[at + 1], text[at], .. text[(at + 2)..]],
            1 => [.. text[..at], .. text[(at + 1)..]],
            _ => [.. text[..at], (byte)'d', .. text[at..]],
        };

    private static int ByTable(byte[] a, byte[] b, int most)
    {
        var (start, end) = (0, 0);
        while (start < Math.Min(a.Length, b.Length) && a[start] == b[start])
        {
            start++;
        }

        while (end < Math.Min(a.Length, b.Length) - start && a[^(end + 1)] == b[^(end + 1)])
        {
            end++;
        }

        if (Math.Min(a.Length, b.Length) - start - end > 64)
        {
            return most + 1;
        }

        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return Math.Min(table[a.Length, b.Length], most + 1);
    }

    private static double ByDefinition(byte[] x, byte[] y)
    {
        x = x[..Math.Min(64, x.Length)];
        y = y[..Math.Min(64, y.Length)];
        var (a, b) = x.Length < y.Length || (x.Length == y.Length && x.AsSpan().SequenceCompareTo(y) <= 0) ? (x, y) : (y, x);
        if (a.Length == 0)
        {
            return b.Length == 0 ? 1 : 0;
        }

        var window = Math.Max(0, (b.Length / 2) - 1);
        var taken = new bool[b.Length];
        var (matchedA, matchedB) = (new List<byte>(), new SortedDictionary<int, byte>());
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = Math.Max(0, i - window); j < Math.Min(b.Length, i + window + 1); j++)
            {
                if (a[i] == b[j] && !taken[j])
                {
                    taken[j] = true;
                    matchedA.Add(a[i]);
                    matchedB[j] = b[j];
                    break;
                }
            }
        }

        if (matchedA.Count == 0)
        {
            return 0;
        }

        var m = (double)matchedA.Count;
        var half = matchedA.Zip(matchedB.Values).Count(p => p.First != p.Second);
        var jaro = ((m / a.Length) + (m / b.Length) + ((m - (half / 2.0)) / m)) / 3;
        var prefix = 0;
        while (prefix < Math.Min(4, a.Length) && a[prefix] == b[prefix])
        {
            prefix++;
        }

        return jaro + (prefix * 0.1 * (1 - jaro));
    }
}
