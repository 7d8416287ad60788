namespace Waymark.Linkage;

/// <summary>Parameters of one field: probability of each level among matches and among non-matches (level 0, "cannot compare", has none).</summary>
public sealed record FieldModel(string Field, FieldRole Role, double[] Match, double[] NonMatch);

/// <summary>
/// A fitted model: shared m-probabilities, u-probabilities of random pairs, and per blocking rule its own share of matches and the
/// parameters used there, since pairs that share a key agree by more than chance elsewhere.
/// </summary>
public sealed record LinkageModel(
    IReadOnlyList<FieldModel> Fields,
    IReadOnlyList<RuleModel> Rules,
    int Iterations,
    double LogLikelihood)
{
    /// <summary>True when every probability of a model read from outside is one.</summary>
    public static bool IsSound(LinkageModel? model) =>
        model is { Fields: not null, Rules: not null }
        && model.Fields.All(f => f is { Field: not null, Match: not null, NonMatch: not null } && AreProbabilities(f.Match) && AreProbabilities(f.NonMatch))
        && model.Rules.All(r => r is { Rule: not null, Match: not null, NonMatch: not null, Near: not null } && AreProbabilities([r.MatchShare, r.NearShare])
            && r.Match.Concat(r.NonMatch).Concat(r.Near).All(AreProbabilities)
            && r.Match.Length == r.NonMatch.Length && r.Match.Length == r.Near.Length
            && Enumerable.Range(0, r.Match.Length).All(f => r.Match[f].Length == r.NonMatch[f].Length && r.Match[f].Length == r.Near[f].Length));

    private static bool AreProbabilities(double[]? values) => values is not null && values.All(v => v is >= 0 and <= 1);
}

/// <summary>One stratum: pairs first produced by this rule.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="MatchShare">Share of matches.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Match">m per field and level.</param>
/// <param name="NonMatch">u per field and level among strangers.</param>
/// <param name="Near">u per field and level among non-matches of one community or family.</param>
/// <param name="NearShare">Their share among the non-matches.</param>
public sealed record RuleModel(
    string Rule, double MatchShare, double Pairs, double[][] Match, double[][] NonMatch, double[][] Near, double NearShare);
