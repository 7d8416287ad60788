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

    /// <summary>Units and definitions inside, one bit for each of the first 64 codes of the cube.</summary>
    public ulong Units;
    public ulong Definitions;

    public static Tally Of(ref readonly ObservationView row, long order, bool complete, (decimal? Lower, decimal? Upper)? withheld)
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
                tally.Low = withheld?.Lower ?? 0;
                tally.High = withheld?.Upper ?? 0;
                tally.OpenAbove = row.Status == ObservationStatus.Suppressed && withheld?.Upper is null;
                break;
        }

        return tally;
    }

    public void Add(ref readonly Tally other)
    {
        Sum += other.Sum;
        if ((other.Ranges | other.Missing) != 0)
        {
            Low += other.Low;
            High += other.High;
        }

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
        Units |= other.Units;
        Definitions |= other.Definitions;
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

/// <summary>How often a dimension was brought to one figure, and how; told in the notes.</summary>
internal struct CollapseCounts
{
    public int Totals;
    public int Sums;

    /// <summary>Published totals of an older edition passed over, since a newer complete edition has the parts.</summary>
    public int Stale;

    /// <summary>Parts of older editions left out, since a newer complete edition no longer has them.</summary>
    public int Withdrawn;

    public int Aggregates;

    public void Add(CollapseCounts other)
    {
        Totals += other.Totals;
        Sums += other.Sums;
        Stale += other.Stale;
        Withdrawn += other.Withdrawn;
        Aggregates += other.Aggregates;
    }
}
