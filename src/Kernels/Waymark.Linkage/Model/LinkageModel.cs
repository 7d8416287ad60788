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
    double LogLikelihood);

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
