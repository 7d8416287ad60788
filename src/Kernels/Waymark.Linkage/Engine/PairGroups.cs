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

/// <summary>Sorts links into groups of people, so that a model that is wrong about one of them is seen.</summary>
internal sealed class PairGroups(PreparedRecords records)
{
    public IReadOnlyList<GroupCalibration> Of(IEnumerable<LinkedPair> links, IReadOnlyList<string> entities)
    {
        var groups = new SortedDictionary<(string Kind, string Value), (long Links, double Expected, long Real)>();
        foreach (var pair in links)
        {
            var wrong = entities[pair.Left] != entities[pair.Right];
            foreach (var key in Keys(pair))
            {
                var now = groups.GetValueOrDefault(key);
                groups[key] = (now.Links + 1, now.Expected + 1 - pair.Probability, now.Real + (wrong ? 1 : 0));
            }
        }

        return [.. groups.Select(g => new GroupCalibration(g.Key.Kind, g.Key.Value, g.Value.Links, Math.Round(g.Value.Expected, 2), g.Value.Real))];
    }

    private IEnumerable<(string Kind, string Value)> Keys(LinkedPair pair)
    {
        if (records.Names is not null)
        {
            yield return ("script", Both(records.Names.Scripts[pair.Left].ToString(), records.Names.Scripts[pair.Right].ToString()));
            yield return ("name shape", Both(Shape(pair.Left), Shape(pair.Right)));
        }

        if (records.Sexes is not null)
        {
            yield return ("sex", Both(Sex(pair.Left), Sex(pair.Right)));
        }

        if (records.Dates is not null)
        {
            yield return ("age band", Band(records.DateOf(pair.Left), records.DateOf(pair.Right)));
            yield return ("date quality", Both(Quality(records.DateOf(pair.Left)), Quality(records.DateOf(pair.Right))));
        }
    }

    private string Shape(int record) => records.Names!.IdsOf(record).Length switch { 0 => "none", 1 => "one part", 2 => "two parts", _ => "three parts or more" };

    private string Sex(int record) => records.Sexes![record] switch { 1 => "male", 2 => "female", _ => "unknown" };

    /// <summary>By decade of birth, since a kernel knows no present.</summary>
    private static string Band(PartialBirthDate a, PartialBirthDate b)
    {
        var year = a.IsEmpty ? b.KeyYear : a.KeyYear;
        return year == 0 ? "unknown" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{year / 20 * 20}–{(year / 20 * 20) + 19}");
    }

    private static string Quality(PartialBirthDate date) =>
        date.IsEmpty ? "missing" : date.Estimated ? "estimated" : date.Month == 0 ? "year" : date.Day == 0 ? "month" : date.IsDefaultDay ? "1 January" : "day";

    private static string Both(string a, string b) => a == b ? a : string.CompareOrdinal(a, b) < 0 ? $"{a} / {b}" : $"{b} / {a}";
}
