using System.Text;
using Waymark.Casework.Documents;
using Waymark.Linkage;

namespace Waymark.Casework.Search;

/// <summary>How much a candidate agrees with a question, and in what. An order for people who look, never a decision; it knows no script, language or origin as a reason.</summary>
internal sealed class NameScore(KeyMaker keys)
{
    /// <summary>Parts that agree less than this count as different.</summary>
    public const double Least = 0.78;

    /// <summary>0 to 1: mean agreement of the asked parts with their best partner.</summary>
    public double Of(string asked, string known)
    {
        var (left, right) = (keys.Parts(asked), keys.Parts(known));
        if (left.Count == 0 || right.Count == 0)
        {
            return 0;
        }

        var used = new bool[right.Count];
        var sum = 0.0;
        foreach (var part in left)
        {
            var (best, at) = (0.0, -1);
            for (var i = 0; i < right.Count; i++)
            {
                if (!used[i] && Of(part, right[i]) is var score && score > best)
                {
                    (best, at) = (score, i);
                }
            }

            if (at >= 0 && best >= Least)
            {
                used[at] = true;
                sum += best;
            }
        }

        return sum / Math.Min(left.Count, Math.Max(right.Count, (left.Count + 1) / 2));
    }

    private static double Of(NamePart asked, NamePart known)
    {
        if (asked.Folded == known.Folded)
        {
            return 1;
        }

        var similar = StringSimilarity.JaroWinkler(Encoding.UTF8.GetBytes(asked.Latin), Encoding.UTF8.GetBytes(known.Latin));
        return asked.Skeleton != 0 && asked.Skeleton == known.Skeleton ? Math.Max(0.85, similar) : similar;
    }

    /// <summary>1 the same day, 0.6 the same as far as known, 0.3 the same year, 0 otherwise or unknown.</summary>
    public static double Birth(string? asked, string? known)
    {
        if (asked is null || known is null || Edtf.Read(asked) is not { } left || Edtf.Read(known) is not { } right)
        {
            return 0;
        }

        return left.IsExact && right.IsExact && left.First == right.First ? 1
            : left.First <= right.Last && right.First <= left.Last ? 0.6
            : left.First?.Year == right.First?.Year ? 0.3 : 0;
    }
}
