namespace Waymark.Linkage;

/// <summary>What is left in a rule once earlier rules took their pairs.</summary>
internal sealed partial class Estimator
{
    /// <summary>
    /// Per stratum the given parameters, limited to the levels that occur there: what belongs to the key or was taken by an earlier rule
    /// cannot occur, and a component that kept mass for it would be found too rarely. So much the more of it cannot be compared (level 0): where
    /// an earlier rule took the equal dates, nearly all matches that are left have no date, and hardly any strangers.
    /// </summary>
    private double[][][] Strata(double[][] parameters, double[][]? missing = null) =>
        [.. Enumerable.Range(0, _rules).Select(r => parameters.Select((p, f) => Limited(p, _seen[r][f], _ownU[r][f] ? 0 : missing?[r][f] ?? Random.Missing[f])).ToArray())];

    private static double[] Limited(double[] p, bool[] seen, double missing)
    {
        var limited = new double[p.Length];
        var left = 0.0;
        for (var level = 1; level < p.Length; level++)
        {
            limited[level] = seen[level] ? p[level] + 1e-9 : 0;
            left += limited[level];
        }

        Priors.Normalise(limited);
        limited[0] = seen[0] && missing > 0 ? missing / (missing + ((1 - missing) * Math.Min(1, left))) : 0;
        return limited;
    }

    /// <summary>
    /// How often a field could not be compared in a rule before earlier rules took pairs from it: the likeliest, given how many of its pairs cannot be compared and
    /// which part of matches and of strangers is left among the others.
    /// </summary>
    private double MissingIn(int rule, int field, double unknown, double matches, double[] match)
    {
        double Left(double[] p)
        {
            var left = 0.0;
            for (var level = 1; level < p.Length; level++)
            {
                left += _seen[rule][field][level] ? p[level] : 0;
            }

            return Math.Min(1, left);
        }

        var (ofMatches, ofStrangers) = (Left(match), Left(_randomU[field]));
        var supposed = Random.Missing[field];
        var (known, strangers) = (_pairs[rule] - unknown + (PriorPairs * (1 - supposed)), _pairs[rule] - matches);
        unknown += PriorPairs * supposed;
        if (ofMatches > 0.9999 && ofStrangers > 0.9999)
        {
            return unknown / (unknown + known);
        }

        var (low, high) = (1e-6, 1 - 1e-6);
        for (var halving = 0; halving < 20; halving++)
        {
            var z = (low + high) / 2;
            var slope = (unknown / z) - (known / (1 - z)) - (matches * (1 - ofMatches) / (z + ((1 - z) * ofMatches))) - (strangers * (1 - ofStrangers) / (z + ((1 - z) * ofStrangers)));
            (low, high) = slope > 0 ? (z, high) : (low, z);
        }

        return (low + high) / 2;
    }
}
