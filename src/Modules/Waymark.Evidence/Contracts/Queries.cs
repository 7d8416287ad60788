using Waymark.Model;

namespace Waymark.Evidence.Contracts;

/// <summary>
/// A question to one series. Without <see cref="GroupBy"/> and <see cref="Measure"/> the answer lists the observations that
/// match, all dimensions as columns. With either, it aggregates: dimensions not named take the published total where there is
/// one, else the sum over leaves, never both (the answer says which); aggregates and countries or areas never mix in a sum.
/// </summary>
public sealed record SeriesQuery
{
    /// <summary>"publisher/dataset"; or "across/quantity": every series that speaks for a quantity, official sources first (R45, S016).</summary>
    public required string Series { get; init; }

    public IReadOnlyList<DimensionFilter> Where { get; init; } = [];

    public Period? From { get; init; }

    public Period? To { get; init; }

    /// <summary>Dimension names, and "period".</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>sum, count, mean, min, max, share, growth, rank, top; null lists observations.</summary>
    public string? Measure { get; init; }

    /// <summary>For <c>share</c> and rates: the series whose figure divides ("publisher/dataset"), or "total" for the group's own total.</summary>
    public string? Denominator { get; init; }

    /// <summary>Two of the grouped dimensions as columns of a pivot; null for a long table.</summary>
    public string? Pivot { get; init; }

    /// <summary>What was known at this system time; null is now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Only observations that changed after this system time (SDMX updatedAfter).</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>One publisher's edition instead of the newest ("2017").</summary>
    public string? Release { get; init; }

    /// <summary>
    /// Named bridges between definitions to apply, by id: what they adjust becomes a range with their factor, marked as
    /// estimated, and the answer and its citation say so. Without them figures that differ are never added.
    /// </summary>
    public IReadOnlyList<string> Bridges { get; init; } = [];

    /// <summary>All vintages of each observation instead of the one that counts (SDMX includeHistory).</summary>
    public bool IncludeHistory { get; init; }

    /// <summary>
    /// Of a sum by period and something else only the newest period that at least half as many groups report as in the best
    /// reported one, and two where any period has two: what a map shows, without one early figure emptying it.
    /// </summary>
    public bool NewestReported { get; init; }

    public int? FirstObservations { get; init; }

    public int? LastObservations { get; init; }

    /// <summary>Column names, "-" before a name for descending; dimension order then period when empty.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    public long Offset { get; init; }

    /// <summary>At most 1,000,000 rows.</summary>
    public int Limit { get; init; } = 100_000;
}

/// <summary>
/// A condition on one dimension: alternatives (OR) of conjunctions (AND), as SDMX-REST 2.2 writes them
/// (<c>A,B</c> is OR, <c>+</c> is AND and binds tighter). <see cref="Dimension"/> may carry a property: "area.kind", "origin.group".
/// </summary>
public sealed record DimensionFilter(string Dimension, IReadOnlyList<IReadOnlyList<FilterTerm>> Alternatives);

/// <summary>Operators eq, ne, lt, le, gt, ge, co (contains), nc, sw (starts with), ew.</summary>
public sealed record FilterTerm(string Operator, string Value);

public enum ColumnRole { Dimension, Period, Measure, Attribute }

public sealed record QueryColumn(string Id, LocalText Name, ColumnRole Role, string? CodeList = null);

/// <summary>
/// One cell of an answer. <see cref="Number"/> is exact; <see cref="Upper"/> is set for ranges; <see cref="Text"/> is the code
/// of a dimension or attribute, or the code value of a coded observation. All null: nothing stands there (the status column says why).
/// </summary>
public readonly record struct QueryCell(decimal? Number, string? Text, decimal? Upper = null)
{
    public static QueryCell Of(decimal? number) => new(number, null);

    public static QueryCell Of(string? text) => new(null, text);
}

/// <summary>
/// The answer. Columns are the dimensions by name (area, origin, sex …), <c>period</c>, then <c>value</c>, <c>status</c>,
/// <c>unit</c>, then attributes (upper, comparator, basis, release, vintage, definition, flags, footnotes, cell).
/// </summary>
public sealed record QueryResult
{
    public required SeriesSummary Series { get; init; }

    public required IReadOnlyList<QueryColumn> Columns { get; init; }

    public required IReadOnlyList<IReadOnlyList<QueryCell>> Rows { get; init; }

    /// <summary>Rows that match before paging.</summary>
    public required long Total { get; init; }

    /// <summary>What the reader must know: which dimensions were summed, that missing values were left out, that a total is a lower bound, broken series, mixed releases.</summary>
    public IReadOnlyList<LocalText> Notes { get; init; } = [];

    /// <summary>Provider first, platform second.</summary>
    public required LocalText Citation { get; init; }

    public required string Licence { get; init; }

    /// <summary>The system time the answer speaks for, and the newest vintage in it; both go into the ETag.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Code → name in the languages known, per dimension, and under "value" for values that are codes; only for codes in the answer.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, LocalText>> Names { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, LocalText>>();
}

/// <summary>A series as the catalogue shows it.</summary>
public sealed record SeriesSummary
{
    public required string Id { get; init; }

    public required string Publisher { get; init; }

    public required LocalText PublisherName { get; init; }

    public required LocalText Name { get; init; }

    public LocalText? Description { get; init; }

    public string? Theme { get; init; }

    public required IReadOnlyList<DimensionSummary> Dimensions { get; init; }

    public required IReadOnlyList<string> Units { get; init; }

    public required IReadOnlyList<string> Definitions { get; init; }

    public required string Licence { get; init; }

    public string? FirstPeriod { get; init; }

    public string? LastPeriod { get; init; }

    public long Observations { get; init; }

    public long Missing { get; init; }

    public IReadOnlyList<VintageSummary> Vintages { get; init; } = [];
}

public sealed record DimensionSummary(string Id, LocalText Name, string? CodeList, int Codes, string? Total);

public sealed record VintageSummary(string Id, string Release, DateTimeOffset VisibleFrom, long Observations, string FileName, string Sha256, string Profile);
