using Waymark.Model;

namespace Waymark.Statistics.Cube.Queries;

/// <summary>
/// Which observations. Conditions on different columns are joined by "and". Without <see cref="History"/> only the
/// observation that counted at <see cref="AsOf"/> (the newest vintage when null) stands for its key.
/// </summary>
public sealed record CubeFilter
{
    public static CubeFilter Everything { get; } = new();

    /// <summary>Vintage ordinal of the snapshot; null is the newest.</summary>
    public int? AsOf { get; init; }

    /// <summary>Every vintage of every observation known at <see cref="AsOf"/>, superseded ones too.</summary>
    public bool History { get; init; }

    /// <summary>Only what had been withdrawn at <see cref="AsOf"/> and not brought back: one figure a key, the last that was known.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Only observations that came with a later vintage than this.</summary>
    public int? ChangedAfter { get; init; }

    /// <summary>Codes by dimension.</summary>
    public IReadOnlyDictionary<string, CodeSet> Where { get; init; } = new Dictionary<string, CodeSet>();

    /// <summary>Periods that begin on or after the first day of this one. Undated observations match no range.</summary>
    public Period? From { get; init; }

    /// <summary>Periods that end on or before the last day of this one.</summary>
    public Period? To { get; init; }

    /// <summary>A further condition on the period: its granularity or basis, for example.</summary>
    public Func<Period, bool>? Periods { get; init; }

    public StatusSet Statuses { get; init; } = StatusSet.All;

    public Func<ConfidentialityStatus, bool>? Confidentialities { get; init; }

    /// <summary>Least figure, inclusive; observations without a figure do not match.</summary>
    public decimal? Least { get; init; }

    /// <summary>Greatest figure, inclusive.</summary>
    public decimal? Greatest { get; init; }

    /// <summary>This filter and a condition more.</summary>
    public CubeFilter And(string dimension, CodeSet codes) => this with
    {
        Where = new Dictionary<string, CodeSet>(Where) { [dimension] = Where.TryGetValue(dimension, out var mine) ? mine.And(codes) : codes },
    };

    /// <summary>Keeps aggregates of the dimension out of every sum.</summary>
    public CubeFilter OnlyLeaves(LeafSet leaves) => And(leaves.Dimension, leaves.Codes);

    /// <summary>True when the conditions on the period admit this one.</summary>
    public bool Matches(Period period) =>
        (From is null && To is null && Periods is null)
        || ((From is null || (period.Granularity != Granularity.Undated && period.FirstDay >= From.Value.FirstDay))
            && (To is null || (period.Granularity != Granularity.Undated && period.LastDay <= To.Value.LastDay))
            && (Periods is null || Periods(period)));
}

/// <summary>Sum and count (and least and greatest figure on demand) per combination of the named columns.</summary>
public sealed record CubeQuery
{
    public CubeFilter Filter { get; init; } = CubeFilter.Everything;

    /// <summary>Dimension names and "period", in the order of the answer's columns; empty for one grand total.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>Also the least and the greatest figure of each group.</summary>
    public bool Extremes { get; init; }

    /// <summary>Worker threads; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>More groups than this is an error rather than a surprise.</summary>
    public int MaxGroups { get; init; } = 10_000_000;

    /// <summary>For tests: forces one way of grouping where it is able to answer.</summary>
    internal GroupPath? Path { get; init; }

    /// <summary>For tests: scalar filters instead of SIMD.</summary>
    internal bool Scalar { get; init; }
}

internal enum GroupPath { Dense, Hash, Radix, Tuple }
