using System.Runtime.InteropServices;
using Waymark.Evidence.Catalogue;

namespace Waymark.Evidence.Querying;

/// <summary>
/// The figures that differ in one dimension only, until it is known what stands for them: the published total if there is one,
/// else the sum over leaves; never both, and aggregates never. Parts are kept apart by edition until it is known which edition
/// speaks for all. Reused from group to group.
/// </summary>
internal sealed class Gathered
{
    private readonly List<Tally> _parts = [];
    private Tally _total;
    private bool _hasTotal;

    public void Clear()
    {
        _parts.Clear();
        _hasTotal = false;
    }

    public void Take(CodeKind kind, bool editions, ref readonly Tally tally, ref CollapseCounts counts)
    {
        if (kind == CodeKind.Aggregate)
        {
            counts.Aggregates++;
            return;
        }

        if (kind == CodeKind.Total)
        {
            (_total, _hasTotal) = (tally, true);
            return;
        }

        foreach (ref var part in CollectionsMarshal.AsSpan(_parts))
        {
            if (!editions || part.Order == tally.Order)
            {
                part.Add(in tally);
                return;
            }
        }

        _parts.Add(tally);
    }

    /// <summary>False when there were aggregates only.</summary>
    public bool Settle(out Tally result, ref CollapseCounts counts)
    {
        var hasParts = Parts(out result, ref counts);
        var stale = _hasTotal && hasParts && result.Complete && result.Order > _total.Order;
        if (_hasTotal && !stale)
        {
            counts.Totals++;
            result = _total;
            return true;
        }

        counts.Sums += hasParts ? 1 : 0;
        counts.Stale += stale ? 1 : 0;
        return hasParts;
    }

    private bool Parts(out Tally sum, ref CollapseCounts counts)
    {
        sum = default;
        var newest = long.MinValue;
        foreach (ref readonly var part in CollectionsMarshal.AsSpan(_parts))
        {
            newest = part.Complete && part.Order > newest ? part.Order : newest;
        }

        var any = false;
        foreach (ref readonly var part in CollectionsMarshal.AsSpan(_parts))
        {
            if (part.Order < newest && _parts.Count > 1)
            {
                counts.Withdrawn += (int)part.Observations;
            }
            else if (any)
            {
                sum.Add(in part);
            }
            else
            {
                (sum, any) = (part, true);
            }
        }

        return any;
    }
}
