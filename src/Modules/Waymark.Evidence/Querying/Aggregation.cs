using System.Runtime.InteropServices;
using Waymark.Evidence.Catalogue;
using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>What a group of observations adds up to. Gaps are counted, never added; ranges widen the interval.</summary>
internal struct Tally
{
    public decimal Sum;

    /// <summary>What ranges add to the least and the greatest the total can be.</summary>
    public decimal Low;
    public decimal High;
    public bool OpenAbove;
    public long Figures;
    public long Missing;
    public long Suppressed;
    public long Ranges;
    public long Codes;
    public long CannotExist;
    public long Observations;
    public decimal? Least;
    public decimal? Most;

    /// <summary>Edition of the newest figure inside, and whether that edition speaks for all keys.</summary>
    public long Order;
    public bool Complete;

    public static Tally Of(ref ObservationView row, long order, bool complete, SegmentRow? withheld)
    {
        var tally = new Tally { Observations = 1, Order = order, Complete = complete };
        var figure = row.Value is { } exact && exact.TryToDecimal(out var value) ? value : (decimal?)null;
        var upper = row.Upper is { } top && top.TryToDecimal(out var most) ? most : (decimal?)null;
        switch (row.Comparator)
        {
            case Comparator.Between when figure is { } low:
                (tally.Low, tally.High, tally.Ranges) = (low, upper ?? low, 1);
                break;
            case Comparator.AtMost when figure is { } high:
                (tally.High, tally.Ranges) = (high, 1);
                break;
            case Comparator.AtLeast when figure is { } least:
                (tally.Sum, tally.Figures, tally.OpenAbove, tally.Least, tally.Most) = (least, 1, true, least, least);
                break;
            case Comparator.Equal or Comparator.About when figure is { } flat:
                (tally.Sum, tally.Figures, tally.Least, tally.Most) = (flat, 1, flat, flat);
                break;
            case Comparator.Code:
                tally.Codes = 1;
                break;
            default:
                tally.Missing = 1;
                tally.CannotExist = row.Status == ObservationStatus.MissingCannotExist ? 1 : 0;
                tally.Suppressed = row.Status == ObservationStatus.Suppressed ? 1 : 0;
                tally.Low = withheld?.LowerWhenSuppressed ?? 0;
                tally.High = withheld?.UpperWhenSuppressed ?? 0;
                tally.OpenAbove = row.Status == ObservationStatus.Suppressed && withheld?.UpperWhenSuppressed is null;
                break;
        }

        return tally;
    }

    public void Add(ref Tally other)
    {
        Sum += other.Sum;
        Low += other.Low;
        High += other.High;
        OpenAbove |= other.OpenAbove;
        Figures += other.Figures;
        Missing += other.Missing;
        Suppressed += other.Suppressed;
        Ranges += other.Ranges;
        Codes += other.Codes;
        CannotExist += other.CannotExist;
        Observations += other.Observations;
        Least = Least is { } least && other.Least is { } otherLeast ? Math.Min(least, otherLeast) : Least ?? other.Least;
        Most = Most is { } most && other.Most is { } otherMost ? Math.Max(most, otherMost) : Most ?? other.Most;
        if (other.Order > Order)
        {
            (Order, Complete) = (other.Order, other.Complete);
        }
        else if (other.Order == Order)
        {
            Complete |= other.Complete;
        }
    }
}

/// <summary>How the free dimensions of an aggregation were brought to one figure, for the notes.</summary>
internal sealed class CollapseReport(string dimension)
{
    public string Dimension => dimension;

    public long Totals { get; set; }

    public long Sums { get; set; }

    /// <summary>Published totals of an older edition passed over, since a newer complete edition has the parts.</summary>
    public long Stale { get; set; }

    /// <summary>Parts of older editions left out, since a newer complete edition no longer has them.</summary>
    public long Withdrawn { get; set; }

    public long Aggregates { get; set; }
}

/// <summary>
/// Cells keyed by packed code numbers, brought together dimension by dimension: for each remaining key the published total
/// if there is one, else the sum over leaves; never both, and aggregates never.
/// </summary>
internal sealed class Aggregation
{
    private readonly int[] _shifts;
    private readonly UInt128[] _masks;
    private Dictionary<UInt128, Tally> _cells = [];

    /// <param name="cardinalities">Of the columns: dimensions of the cube, then the period (or its group).</param>
    public Aggregation(IReadOnlyList<int> cardinalities)
    {
        _shifts = new int[cardinalities.Count];
        _masks = new UInt128[cardinalities.Count];
        var at = 0;
        for (var i = 0; i < cardinalities.Count; i++)
        {
            var bits = System.Numerics.BitOperations.Log2((uint)Math.Max(1, cardinalities[i])) + 1;
            (_shifts[i], _masks[i]) = (at, ((UInt128.One << bits) - 1) << at);
            at += bits;
        }

        Fits = at <= 128;
    }

    /// <summary>False when the key would need more than 128 bits.</summary>
    public bool Fits { get; }

    public IReadOnlyDictionary<UInt128, Tally> Cells => _cells;

    public int Code(UInt128 key, int column) => (int)((key & _masks[column]) >> _shifts[column]);

    public UInt128 Key(ReadOnlySpan<int> codes)
    {
        var key = UInt128.Zero;
        for (var i = 0; i < codes.Length; i++)
        {
            key |= (UInt128)(uint)codes[i] << _shifts[i];
        }

        return key;
    }

    public void Add(UInt128 key, ref Tally tally)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, key, out var known);
        if (known)
        {
            cell.Add(ref tally);
        }
        else
        {
            cell = tally;
        }
    }

    /// <summary>Brings one dimension to its total. <paramref name="kinds"/> null: every code adds (the reader chose them).</summary>
    public CollapseReport Collapse(int column, string name, CodeKind[]? kinds)
    {
        var report = new CollapseReport(name);
        var groups = new Dictionary<UInt128, Gathered>();
        foreach (var (key, found) in _cells)
        {
            var tally = found;
            var kind = kinds is null ? CodeKind.Leaf : kinds[Code(key, column)];
            if (kind == CodeKind.Aggregate)
            {
                report.Aggregates++;
                CollectionsMarshal.GetValueRefOrAddDefault(groups, key & ~_masks[column], out _);
                continue;
            }

            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, key & ~_masks[column], out _);
            if (kind == CodeKind.Total)
            {
                (group.Total, group.HasTotal) = (tally, true);
            }
            else
            {
                group.Take(ref tally);
            }
        }

        _cells = new(groups.Count);
        foreach (var (key, group) in groups)
        {
            var parts = group.Parts(out var withdrawn);
            report.Withdrawn += withdrawn;
            var stale = group.HasTotal && parts is { Complete: true } newer && newer.Order > group.Total.Order;
            if (group.HasTotal && !stale)
            {
                report.Totals++;
                _cells[key] = group.Total;
            }
            else if (parts is { } sum)
            {
                report.Sums++;
                report.Stale += stale ? 1 : 0;
                _cells[key] = sum;
            }
        }

        return report;
    }

    private struct Gathered
    {
        public Tally Total;
        public bool HasTotal;
        private Tally _first;
        private bool _hasFirst;
        private List<Tally>? _others;

        /// <summary>Parts are kept apart by edition until it is known which edition speaks for all.</summary>
        public void Take(ref Tally tally)
        {
            if (!_hasFirst)
            {
                (_first, _hasFirst) = (tally, true);
                return;
            }

            if (_first.Order == tally.Order)
            {
                _first.Add(ref tally);
                return;
            }

            _others ??= [];
            for (var i = 0; i < _others.Count; i++)
            {
                if (_others[i].Order == tally.Order)
                {
                    CollectionsMarshal.AsSpan(_others)[i].Add(ref tally);
                    return;
                }
            }

            _others.Add(tally);
        }

        public readonly Tally? Parts(out long withdrawn)
        {
            withdrawn = 0;
            if (!_hasFirst)
            {
                return null;
            }

            if (_others is null)
            {
                return _first;
            }

            var newest = _others.Append(_first).Where(tally => tally.Complete).Select(tally => tally.Order).DefaultIfEmpty(long.MinValue).Max();
            Tally? sum = null;
            foreach (var part in _others.Append(_first))
            {
                var tally = part;
                if (tally.Order < newest)
                {
                    withdrawn += tally.Observations;
                    continue;
                }

                if (sum is { } so)
                {
                    so.Add(ref tally);
                    sum = so;
                }
                else
                {
                    sum = tally;
                }
            }

            return sum;
        }
    }
}
