using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>
/// The answer to a <see cref="Queries.CubeQuery"/>: groups in ascending order of their code numbers, column by column, the
/// same whatever the number of threads. Only groups with at least one matching observation appear. A sum adds the figures
/// as stated; what stands beside them (bounds, ranges, gaps) is counted per group, and <see cref="Bounds"/> says between
/// which ends the true sum lies.
/// </summary>
public sealed class GroupResult
{
    private readonly GroupPlan _plan;
    private readonly NumericGroups _numbers;
    private readonly List<SpecialEntry> _specials;
    private readonly UInt128[]? _wideKeys;
    private readonly ulong[] _keys;
    private readonly int[]? _numberOf;
    private readonly Dictionary<ulong, int> _firstSpecial = [];

    internal GroupResult(GroupPlan plan, int scale, NumericGroups numbers, List<SpecialEntry> specials, UInt128[]? wideKeys)
    {
        (_plan, Scale, _numbers, _specials, _wideKeys) = (plan, scale, numbers, specials, wideKeys);
        Columns = [.. plan.Columns.Select(column => column.Name)];
        for (var i = specials.Count - 1; i >= 0; i--)
        {
            _firstSpecial[specials[i].Key] = i;
        }

        // Groups that consist of gaps only have no figure; they are threaded into the order of keys.
        ulong[] gaps = [.. _firstSpecial.Keys.Where(key => Array.BinarySearch(numbers.Keys, key) < 0).Order()];
        _keys = gaps.Length == 0 ? numbers.Keys : [.. numbers.Keys.Concat(gaps).Order()];
        _numberOf = gaps.Length == 0 ? null : [.. _keys.Select(key => Array.BinarySearch(numbers.Keys, key))];
    }

    /// <summary>Names of the grouped columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>How many groups there are.</summary>
    public int Count => _keys.Length;

    /// <summary>Decimal places of the figures.</summary>
    public int Scale { get; }

    /// <summary>The code of a group in a dimension column.</summary>
    public string Code(int group, int column) => _plan.Columns[column].Column == _plan.Cube.Schema.Dimensions.Count
        ? Period(group, column).ToString()
        : _plan.Cube.CodesOf(_plan.Columns[column].Column)[Number(group, column)];

    /// <summary>The period of a group, when the column is "period".</summary>
    public Period Period(int group, int column) => _plan.Columns[column].Column == _plan.Cube.Schema.Dimensions.Count
        ? _plan.Cube.Periods[Number(group, column)]
        : throw new InvalidOperationException($"'{_plan.Columns[column].Name}' is not the period");

    /// <summary>The code number of a group in a column: equal numbers, equal codes.</summary>
    public int Number(int group, int column) => _wideKeys is null
        ? _plan.CodeIn(_keys[group], column)
        : _plan.CodeIn(_wideKeys[(int)_keys[group]], column);

    /// <summary>The exact sum of the figures as stated; null when the group has no figure (a gap is not zero).</summary>
    public ExactNumber? Sum(int group) => At(group) is >= 0 and var i ? new(_numbers.Sums[i], Scale) : null;

    /// <summary>Observations that have a figure.</summary>
    public long Figures(int group) => At(group) is >= 0 and var i ? _numbers.Counts[i] : 0;

    /// <summary>The least figure, when the query asked for extremes.</summary>
    public ExactNumber? Least(int group) => At(group) is >= 0 and var i && _numbers.Least is { } least ? new(least[i], Scale) : null;

    /// <summary>The greatest figure, when the query asked for extremes.</summary>
    public ExactNumber? Greatest(int group) => At(group) is >= 0 and var i && _numbers.Greatest is { } greatest ? new(greatest[i], Scale) : null;

    /// <summary>Sum divided by the number of figures, to 28 digits; null when there is none or the sum is wider than a decimal.</summary>
    public decimal? Mean(int group) => Sum(group) is { } sum && sum.TryToDecimal(out var total) ? total / Figures(group) : null;

    /// <summary>Observations without a figure for this reason.</summary>
    public long Missing(int group, ObservationStatus status) => Tally(group, entry => !IsNumber(entry) && MarkOf(entry).Status == status);

    /// <summary>Observations without a figure, for whatever reason.</summary>
    public long Missing(int group) => Tally(group, entry => !IsNumber(entry) && MarkOf(entry).Comparator != Model.Comparator.Code);

    /// <summary>Figures stated with this comparator ("at least", "about" …), or coded observations for <see cref="Comparator.Code"/>.</summary>
    public long With(int group, Comparator comparator) => comparator == Model.Comparator.Equal
        ? Figures(group) - Tally(group, IsNumber)
        : Tally(group, entry => MarkOf(entry).Comparator == comparator && (IsNumber(entry) || comparator is Model.Comparator.Code or Model.Comparator.None));

    /// <summary>
    /// How the sum relates to the truth: "at least" when a lower bound or a suppressed figure is in it, "at most", "between",
    /// "about", none when there is no figure.
    /// </summary>
    public Comparator Comparator(int group)
    {
        if (Figures(group) == 0)
        {
            return With(group, Model.Comparator.Code) > 0 ? Model.Comparator.Code : Model.Comparator.None;
        }

        var below = With(group, Model.Comparator.AtLeast) + Missing(group, ObservationStatus.Suppressed) > 0;
        var above = With(group, Model.Comparator.AtMost) > 0;
        return (below, above, With(group, Model.Comparator.Between) > 0, With(group, Model.Comparator.About) > 0) switch
        {
            (true, false, _, _) => Model.Comparator.AtLeast,
            (false, true, _, _) => Model.Comparator.AtMost,
            (true, true, _, _) or (_, _, _, true) => Model.Comparator.About,
            (_, _, true, _) => Model.Comparator.Between,
            _ => Model.Comparator.Equal,
        };
    }

    /// <summary>
    /// Where the true sum lies. <paramref name="suppressed"/> is what one suppressed figure may be (1 to 4 for "*" of a
    /// publisher that hides counts under five); without it a suppressed figure leaves the upper end open. "At most n" counts
    /// as 0 to n in a series of counts. Other gaps are not estimated. Null when there is neither figure nor bound.
    /// </summary>
    public Interval? Bounds(int group, Interval? suppressed = null)
    {
        var hidden = Missing(group, ObservationStatus.Suppressed);
        if (Figures(group) == 0 && (hidden == 0 || suppressed is null))
        {
            return null;
        }

        var sum = Sum(group)?.ToDecimal() ?? 0;
        var reach = new ExactNumber(Entries(group).Aggregate(Int128.Zero, (total, entry) => total + entry.Reach), Scale).ToDecimal();
        var atMost = new ExactNumber(Entries(group).Where(entry => MarkOf(entry).Comparator == Model.Comparator.AtMost && IsNumber(entry))
            .Aggregate(Int128.Zero, (total, entry) => total + entry.Sum), Scale).ToDecimal();
        decimal? lower = With(group, Model.Comparator.AtMost) == 0 ? sum : _plan.Cube.Schema.NonNegative ? sum - atMost : null;
        decimal? upper = With(group, Model.Comparator.AtLeast) > 0 ? null : sum + reach;
        var stated = new Interval(lower, upper);
        return hidden == 0 ? stated : stated + ((suppressed ?? new Interval(_plan.Cube.Schema.NonNegative ? 0 : null, null)) * hidden);
    }

    /// <summary>Codes that the filter named and the cube does not know: they matched nothing, and the reader should be told.</summary>
    public IReadOnlyList<string> UnknownCodes => [.. _plan.Query.Filter.Where
        .SelectMany(pair => pair.Value.Named.Except(_plan.Cube.Codes(pair.Key)).Select(code => $"{pair.Key}={code}")).Order(StringComparer.Ordinal)];

    private int At(int group) => _numberOf is null ? group : _numberOf[group];

    private Columns.Mark MarkOf(SpecialEntry entry) => _plan.Cube.Marks[entry.Mark];

    private bool IsNumber(SpecialEntry entry) => MarkOf(entry).IsNumber;

    private long Tally(int group, Func<SpecialEntry, bool> which) =>
        _specials.Count > 0 && _firstSpecial.ContainsKey(_keys[group]) ? Entries(group).Where(which).Sum(entry => entry.Count) : 0;

    private IEnumerable<SpecialEntry> Entries(int group)
    {
        if (_firstSpecial.TryGetValue(_keys[group], out var first))
        {
            for (var i = first; i < _specials.Count && _specials[i].Key == _keys[group]; i++)
            {
                yield return _specials[i];
            }
        }
    }
}
