using System.Numerics;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

/// <summary>A random series with its imports, built both ways; everything follows from the seed.</summary>
internal sealed class Scenario
{
    private static readonly ObservationStatus[] Missing =
        [ObservationStatus.Missing, ObservationStatus.Suppressed, ObservationStatus.NotCollected, ObservationStatus.MissingCannotExist];

    private readonly Random _random;
    private readonly List<Fact> _facts = [];
    private readonly List<CubeVintage> _vintages = [];
    private readonly int[] _cardinalities;
    private readonly int _magnitude;
    private readonly int _keys;

    public Scenario(int seed, int vintages = 0, int rows = 0)
    {
        _random = new(seed);
        var dimensions = _random.Next(1, 6);
        _cardinalities = [.. Enumerable.Range(0, dimensions).Select(_ => _random.Next(4) switch { 0 => 1, 1 => 3, 2 => 20, _ => 400 })];
        _magnitude = _random.Next(4);
        _keys = _random.Next(3) switch { 0 => 50, 1 => 2000, _ => 1_000_000 };
        Schema = new("test/series", [.. Enumerable.Range(0, dimensions).Select(i => $"d{i}")]);
        Builder = new(Schema);
        for (var i = 0; i < (vintages == 0 ? _random.Next(1, 5) : vintages); i++)
        {
            Import(rows == 0 ? _random.Next(1, 4000) : rows);
        }
    }

    public CubeSchema Schema { get; }

    public CubeBuilder Builder { get; }

    public CubeSnapshot Cube => Builder.Snapshot;

    public NaiveCube Naive => new(Schema, _vintages, _facts);

    public int Vintages => _vintages.Count;

    /// <summary>One more import, of a random edition, in one to three segments of their own decimal scale.</summary>
    public AppendReport Import(int rows)
    {
        var vintage = new CubeVintage($"v{_vintages.Count}", "r", _random.Next(4));
        _vintages.Add(vintage);
        Builder.BeginVintage(vintage).IsOk.ShouldBeTrue();
        for (var left = rows; left > 0;)
        {
            var count = _random.Next(2) == 0 ? left : _random.Next(1, left + 1);
            Builder.Append(Segment(count)).IsOk.ShouldBeTrue();
            left -= count;
        }

        return Builder.Publish().Value;
    }

    public CubeFilter Filter()
    {
        var filter = new CubeFilter
        {
            AsOf = _random.Next(2) == 0 ? null : _random.Next(Vintages),
            History = _random.Next(6) == 0,
            ChangedAfter = _random.Next(6) == 0 ? _random.Next(Vintages) : null,
            From = _random.Next(4) == 0 ? Period.Year(2000 + _random.Next(5)) : null,
            To = _random.Next(4) == 0 ? Period.Year(2005 + _random.Next(5)) : null,
            Statuses = _random.Next(3) switch
            {
                0 => StatusSet.All,
                1 => StatusSet.Figures,
                _ => StatusSet.Of(ObservationStatus.Normal, ObservationStatus.Suppressed),
            },
            Least = _random.Next(6) == 0 ? _random.Next(-100, 100) / 2m : null,
            Greatest = _random.Next(6) == 0 ? _random.Next(0, 1000) / 4m : null,
        };
        foreach (var dimension in Schema.Dimensions.Where(_ => _random.Next(4) == 0))
        {
            var (modulus, wanted) = (_random.Next(1, 6), _random.Next(400));
            filter = _random.Next(2) == 0
                ? filter.And(dimension, CodeSet.Where(code => int.Parse(code.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) % modulus == 0))
                : filter.And(dimension, CodeSet.Of($"c{wanted}", "c0", "c1"));
        }

        return filter;
    }

    public CubeQuery Query() => new()
    {
        Filter = Filter(),
        GroupBy = [.. Schema.Dimensions.Append(CubeSchema.PeriodColumn).Where(_ => _random.Next(2) == 0).OrderBy(_ => _random.Next())],
        Extremes = _random.Next(2) == 0,
        Threads = _random.Next(1, 5),
    };

    /// <summary>The fast answer in the words of the slow one.</summary>
    public static Dictionary<string, Expected> Tell(GroupResult groups, bool extremes) => Enumerable.Range(0, groups.Count).ToDictionary(
        group => string.Join('|', groups.Columns.Select((_, column) => groups.Code(group, column))),
        group => new Expected(
            groups.Sum(group) is { } sum ? (BigInteger)sum.Mantissa : 0,
            groups.Figures(group),
            extremes && groups.Least(group) is { } least ? (BigInteger)least.Mantissa : 0,
            extremes && groups.Greatest(group) is { } greatest ? (BigInteger)greatest.Mantissa : 0,
            string.Join(' ', Missing.Order().Where(status => groups.Missing(group, status) > 0).Select(status => $"{status}:{groups.Missing(group, status)}")),
            string.Join(' ', new[] { Comparator.AtLeast, Comparator.AtMost, Comparator.About, Comparator.Between }
                .Where(comparator => groups.With(group, comparator) > 0).Select(comparator => $"{comparator}:{groups.With(group, comparator)}"))));

    private SegmentColumns Segment(int rows)
    {
        var scale = _random.Next(5) == 0 ? _random.Next(3) : 0;
        var segment = new SegmentColumnsBuilder(Schema, $"s{_facts.Count}", scale);
        for (var i = 0; i < rows; i++)
        {
            // The key is drawn as one number, so that few keys mean many revisions and doubles.
            var draw = new Random(_random.Next(_keys));
            string[] codes = [.. _cardinalities.Select(count => $"c{draw.Next(count)}")];
            var period = Period.Year(2000 + draw.Next(10));
            var (status, comparator) = _random.Next(10) switch
            {
                0 => (Missing[_random.Next(4)], Comparator.None),
                1 => (ObservationStatus.Estimated, Comparator.Equal),
                2 => (ObservationStatus.Normal, (Comparator)_random.Next(1, 5)),
                _ => (ObservationStatus.Normal, Comparator.Equal),
            };
            long value = status.IsMissing() ? 0 : _magnitude switch
            {
                0 => _random.Next(10),
                1 => _random.Next(-1000, 1000),
                2 => _random.Next(),
                _ => _random.NextInt64(long.MinValue / 4, long.MaxValue / 4),
            };
            long? upper = comparator == Comparator.Between ? value + _random.Next(100) : null;
            segment.Add(codes, period, value, status, comparator, upper);
            _facts.Add(new(codes, period, value, scale, status, comparator, upper, _vintages.Count - 1, _facts.Count));
        }

        return segment.Build();
    }
}
