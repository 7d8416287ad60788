namespace Waymark.Linkage;

/// <summary>
/// A fitted model with all that scoring needs beside it, so that the score of a pair depends on its two records only: the bound on strangers of
/// every pattern, the caps of the blocking rules, the threshold. Levels that did not occur in a rule when it was fitted are scored by what
/// they say on the whole.
/// </summary>
internal sealed class FrozenModel(LinkageModel model, StrangerClasses strangers, double allPairs, int[] caps, double threshold)
{
    private readonly bool _families = Estimator.HasFamilies([.. model.Fields.Select(f => f.Role)]);

    public LinkageModel Model { get; } = model;

    public StrangerClasses Strangers { get; } = strangers;

    public double AllPairs { get; } = allPairs;

    public int[] Caps { get; } = caps;

    public double Threshold { get; } = threshold;

    /// <summary>The blocking rules of the model in its order; a rule that is not known any more is an error of the caller.</summary>
    public BlockingRule[] Rules { get; } = [.. model.Rules.Select(r => BlockingRule.Find(r.Rule)!)];

    /// <summary>log2 odds and probability of every cell.</summary>
    public (double[] Weight, double[] Posterior) Score(PatternHistogram histogram, PatternLayout layout)
    {
        var (weight, posterior) = (new double[histogram.Count], new double[histogram.Count]);
        var at = Model.Fields.Select(f => layout.Fields.ToList().FindIndex(x => x.Name == f.Field && x.Levels == f.Match.Length)).ToArray();
        var strange = layout.Fields.Where((_, i) => !at.Contains(i)).Select(f => (Field: f, M: Priors.Match(f), U: Priors.NonMatch(f))).ToArray();
        var levels = new byte[at.Length];
        var mean = Model.Rules.Sum(r => r.MatchShare * r.Pairs) / Math.Max(1, Model.Rules.Sum(r => r.Pairs));
        for (var cell = 0; cell < weight.Length; cell++)
        {
            for (var f = 0; f < at.Length; f++)
            {
                levels[f] = at[f] < 0 ? (byte)0 : (byte)PatternLayout.Level(histogram.Patterns[cell], layout.Fields[at[f]]);
            }

            weight[cell] = Weight(Model.Rules[histogram.Rules[cell]], Rules[histogram.Rules[cell]], levels, histogram.Patterns[cell], strange, mean);
            posterior[cell] = 1 / (1 + Math.Pow(2, -weight[cell]));
        }

        return (weight, posterior);
    }

    /// <summary>The model with its fields in the places of a layout; a field that it does not know says nothing.</summary>
    public LinkageModel Aligned(PatternLayout layout)
    {
        var at = layout.Fields.Select(f => Model.Fields.ToList().FindIndex(x => x.Field == f.Name && x.Match.Length == f.Levels)).ToArray();
        double[][] Place(double[][] p) => [.. at.Select((i, f) => i < 0 ? new double[layout.Fields[f].Levels] : p[i])];
        return Model with { Rules = [.. Model.Rules.Select(r => r with { Match = Place(r.Match), NonMatch = Place(r.NonMatch), Near = Place(r.Near) })] };
    }

    private double Weight(RuleModel rule, BlockingRule of, byte[] levels, ulong pattern, (PatternField Field, double[] M, double[] U)[] strange, double mean)
    {
        var fitted = rule.Pairs > 0;
        var share = Math.Clamp(fitted ? rule.MatchShare : mean, 1e-9, 1 - 1e-4);
        var kin = fitted ? rule.NearShare : 0;
        var match = Math.Log(share);
        var (far, close) = (Math.Log((1 - share) * (1 - kin)), kin > 0 ? Math.Log((1 - share) * kin) : -1e9);
        for (var f = 0; f < levels.Length; f++)
        {
            var level = levels[f];
            match += Known(rule.Match[f][0], level);
            far += Known(rule.NonMatch[f][0], level);
            close += Known(rule.Near[f][0], level);
            if (level == 0)
            {
                continue;
            }

            if (rule.Match[f][level] > 0 && rule.NonMatch[f][level] > 0)
            {
                match += Math.Log(rule.Match[f][level]);
                far += Math.Log(rule.NonMatch[f][level]);
                close += Math.Log(Math.Max(rule.Near[f][level], 1e-9));
            }
            else
            {
                var field = Model.Fields[f];
                match += Math.Log(Math.Max(field.Match[level], 1e-9) / Math.Max(field.NonMatch[level], 1e-9));
            }
        }

        var known = true;
        foreach (var (field, m, u) in strange)
        {
            if (PatternLayout.Level(pattern, field) is var level && level > 0)
            {
                known = false;
                match += Math.Log(m[level] / u[level]);
            }
        }

        var most = known && fitted ? Math.Log(Estimator.Dependence(of) * AllPairs / rule.Pairs) + Strangers.LogShare(levels) : double.PositiveInfinity;
        var non = _families ? Estimator.AddLogs(Math.Min(far, most), close) : Math.Min(Estimator.AddLogs(far, close), most);
        return (match - non) / Math.Log(2);
    }

    /// <summary>What it says in a rule that a field can be compared (any level but 0), or not.</summary>
    private static double Known(double missing, int level) => missing <= 0 ? 0 : Math.Log(level == 0 ? missing : 1 - missing);
}
