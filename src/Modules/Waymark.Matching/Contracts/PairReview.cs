using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching.Contracts;

public enum PairChoice { Same, Different, Unsure }

/// <summary>How strongly a finding speaks, in words; numbers come after the answer.</summary>
public enum ReasonStrength { StronglyFor, For, Neutral, Against, StronglyAgainst }

/// <summary>One reason: a field, what was found, and which way it speaks.</summary>
public sealed record PairReason(string Field, LocalText Finding, ReasonStrength Strength);

/// <summary>The score of a pair; nobody is shown it before the own answer (M68).</summary>
public sealed record PairScore(double Probability, double Threshold, PairExplanation Explanation);

/// <summary>
/// A pair as one reviewer may see it: reasons, the own answer, and after it the score. What others answered stays unseen until the pair is decided.
/// </summary>
public sealed record PairCard(int Number, string Left, string Right, IReadOnlyList<PairReason> Reasons, PairChoice? OwnAnswer, PairScore? Score, PairChoice? Decision);

/// <summary>What waits for one reviewer, and how far the review of the run is.</summary>
public sealed record ReviewState(IReadOnlyList<int> Waiting, IReadOnlyList<int> Answered, int Pairs, int DecidedSame, int DecidedDifferent, int Disputed);
