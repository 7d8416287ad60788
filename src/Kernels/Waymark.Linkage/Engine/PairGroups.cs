namespace Waymark.Linkage;

/// <summary>Links of one group: how many, how many of them the model expects to be false, and how many are when a truth is known.</summary>
/// <param name="Kind">"script", "name shape", "sex", "age band" or "date quality".</param>
/// <param name="Value">The group.</param>
/// <param name="Links">Links in it.</param>
/// <param name="ExpectedFalse">Sum of 1 - p.</param>
/// <param name="RealFalse">False ones by the truth.</param>
public sealed record GroupCalibration(string Kind, string Value, long Links, double ExpectedFalse, long RealFalse)
{
    /// <summary>Within a factor of two where twenty or more are expected, else inside the 95 % interval of a Poisson count.</summary>
    public bool IsWithin => ExpectedFalse >= 20
        ? RealFalse >= ExpectedFalse / 2 && RealFalse <= ExpectedFalse * 2
        : RealFalse <= PoissonUpper(ExpectedFalse) && RealFalse >= PoissonLower(ExpectedFalse);

    private static long PoissonUpper(double mean)
    {
        var (term, sum, k) = (Math.Exp(-mean), Math.Exp(-mean), 0L);
        while (sum < 0.975 && k < 1_000)
        {
            term *= mean / ++k;
            sum += term;
        }

        return k;
    }

    private static long PoissonLower(double mean)
    {
        var (term, sum, k) = (Math.Exp(-mean), Math.Exp(-mean), 0L);
        while (sum < 0.025 && k < 1_000)
        {
            term *= mean / ++k;
            sum += term;
        }

        return k;
    }
}

/// <summary>
/// Links of one group checked without a truth: strangers of that group may agree more often than strangers on the whole, whom the model knows. What it
/// expects of false links is multiplied by how much more; when that is more than twice as many, and more than one link in twenty, the model is wrong about the group.
/// </summary>
/// <param name="Kind">"script", "name shape", "sex", "age band" or "date quality".</param>
/// <param name="Value">The group.</param>
/// <param name="Links">Pairs at or above the threshold.</param>
/// <param name="ExpectedFalse">False ones as the model expects.</param>
/// <param name="OwnFalse">False ones as the group's own strangers let expect.</param>
public sealed record GroupTrust(string Kind, string Value, long Links, double ExpectedFalse, double OwnFalse)
{
    /// <summary>Share of a group's links that may be false by its own account: below it, what the model expects may be off, and the links are still what they say.</summary>
    private const double FewFalse = 0.05;

    /// <summary>False: pairs of this group are candidates, not links.</summary>
    public bool IsTrusted => OwnFalse <= 2 * ExpectedFalse || OwnFalse < Math.Max(3, FewFalse * Links);
}

/// <summary>Sorts links into groups of people, so that a model that is wrong about one of them is seen.</summary>
internal sealed class PairGroups
{
    private static readonly string[] s_kinds = ["script", "name shape", "sex", "age band", "date quality"];
    private static readonly string[] s_shapes = ["none", "one part", "two parts", "three parts or more"];
    private static readonly string[] s_sexes = ["unknown", "male", "female"];
    private static readonly string[] s_qualities = ["missing", "estimated", "year", "month", "1 January", "day"];
    private readonly byte[]?[] _codes;

    public PairGroups(PreparedRecords records)
    {
        var count = records.Count;
        byte[] Of(Func<int, int> code)
        {
            var codes = new byte[count];
            for (var record = 0; record < count; record++)
            {
                codes[record] = (byte)code(record);
            }

            return codes;
        }

        // By the few dates that there are, and not by records.
        byte[] OfDate(PartialBirthDate[] dates, Func<PartialBirthDate, int> code)
        {
            var codes = Array.ConvertAll(dates, date => (byte)code(date));
            return Array.ConvertAll(records.DateCodes, date => codes[date]);
        }

        Func<byte[]?>[] kinds =
        [
            () => records.Names is { } names ? Array.ConvertAll(names.Scripts, script => (byte)script) : null,
            () => records.Names is { } names ? Of(r => Math.Min(3, names.IdsOf(r).Length)) : null,
            () => records.Sexes,
            () => records.Dates is { } dates ? OfDate(dates, d => Math.Clamp(d.KeyYear / 20, 0, 254)) : null,
            () => records.Dates is { } dates ? OfDate(dates, Quality) : null,
        ];
        _codes = new byte[]?[kinds.Length];
        Parallel.For(0, kinds.Length, kind => _codes[kind] = kinds[kind]());
    }

    public IReadOnlyList<GroupCalibration> Of(IEnumerable<LinkedPair> links, IReadOnlyList<string> entities)
    {
        var groups = new SortedDictionary<(int Kind, string Value), (long Links, double Expected, long Real)>();
        foreach (var pair in links)
        {
            var wrong = entities[pair.Left] != entities[pair.Right];
            for (var kind = 0; kind < s_kinds.Length; kind++)
            {
                if (Key(kind, pair.Left, pair.Right) is >= 0 and var key)
                {
                    var name = (kind, NameOf(kind, key));
                    var now = groups.GetValueOrDefault(name);
                    groups[name] = (now.Links + 1, now.Expected + 1 - pair.Probability, now.Real + (wrong ? 1 : 0));
                }
            }
        }

        return [.. groups.Select(g => new GroupCalibration(s_kinds[g.Key.Kind], g.Key.Value, g.Value.Links, Math.Round(g.Value.Expected, 2), g.Value.Real))];
    }

    /// <summary>The groups of a kind that a pair can fall into, as numbers from 0; -1 when the files do not say.</summary>
    public int Key(int kind, int left, int right)
    {
        if (_codes[kind] is not { } codes)
        {
            return -1;
        }

        var (a, b) = (codes[left], codes[right]);
        return kind == 3 ? (a == 0 ? b : b == 0 ? a : Math.Min(a, b)) << 8 : a < b ? (a << 8) | b : (b << 8) | a;
    }

    /// <summary>Whether pairs fall into groups of a kind by the field itself.</summary>
    public static bool IsSortedBy(int kind, FieldRole role) => (kind == 2 && role == FieldRole.Sex) || (kind is 3 or 4 && role == FieldRole.BirthDate);

    public static int Kinds => s_kinds.Length;

    public static string KindOf(int kind) => s_kinds[kind];

    public static string NameOf(int kind, int key)
    {
        if (kind == 3)
        {
            // By twenty years of birth, since a kernel knows no present.
            var year = (key >> 8) * 20;
            return year == 0 ? "unknown" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{year}–{year + 19}");
        }

        string One(int code) => kind switch
        {
            0 => ((Script)code).ToString(),
            1 => s_shapes[code],
            2 => s_sexes[code],
            _ => s_qualities[code],
        };
        var (a, b) = (One(key >> 8), One(key & 255));
        return a == b ? a : string.CompareOrdinal(a, b) < 0 ? $"{a} / {b}" : $"{b} / {a}";
    }

    private static int Quality(PartialBirthDate date) => date.IsEmpty ? 0 : date.Estimated ? 1 : date.Month == 0 ? 2 : date.Day == 0 ? 3 : date.IsDefaultDay ? 4 : 5;
}
