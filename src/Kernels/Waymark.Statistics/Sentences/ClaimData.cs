using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Sentences;

/// <summary>
/// The figures claims are held against, by the names the claims use: series over time, and breakdowns of one period (top
/// partners, income groups, corridors "LOW&gt;HIGH"). Built by the caller from cube answers; immutable.
/// </summary>
public sealed class ClaimData
{
    private readonly Dictionary<string, IReadOnlyList<Figure>> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, Period), IReadOnlyDictionary<string, Figure>> _parts = [];

    private ClaimData(ClaimData? from)
    {
        foreach (var (name, figures) in from?._series ?? [])
        {
            _series.Add(name, figures);
        }

        foreach (var (key, figures) in from?._parts ?? [])
        {
            _parts.Add(key, figures);
        }
    }

    public static ClaimData Empty { get; } = new(null);

    /// <summary>These data with one series more (or replaced), in order of period.</summary>
    public ClaimData WithSeries(string name, IEnumerable<Figure> figures)
    {
        var data = new ClaimData(this);
        data._series[name] = [.. figures.OrderBy(figure => figure.Period)];
        return data;
    }

    /// <summary>These data with one breakdown more (or replaced).</summary>
    public ClaimData WithParts(string name, Period period, IReadOnlyDictionary<string, Figure> parts)
    {
        var data = new ClaimData(this);
        data._parts[(name, period)] = parts;
        return data;
    }

    /// <summary>The figure of a series; an error that names it when it is absent or missing.</summary>
    public Result<Figure> Figure(string name, Period period)
    {
        var found = _series.GetValueOrDefault(name)?.FirstOrDefault(figure => figure.Period == period);
        return found is not null && !found.Status.IsMissing() ? found : Absent(name, period);
    }

    /// <summary>All figures of a series that are not missing, in order of period.</summary>
    public Result<IReadOnlyList<Figure>> Series(string name) =>
        _series.GetValueOrDefault(name)?.Where(figure => !figure.Status.IsMissing()).ToList() is { Count: > 0 } known
            ? known : Absent(name, null);

    /// <summary>The parts of a breakdown by code.</summary>
    public Result<IReadOnlyDictionary<string, Figure>> Parts(string name, Period period) =>
        _parts.TryGetValue((name, period), out var parts) && parts.Count > 0
            ? Result<IReadOnlyDictionary<string, Figure>>.Ok(parts) : Absent(name, period);

    private static Error Absent(string name, Period? period) => Error.NotFound("sentence.no-figure",
        $"There is no figure of '{name}'{(period is null ? "" : $" for {period}")}.", $"没有“{name}”{(period is null ? "" : $" {period} ")}的数字。", name);
}
