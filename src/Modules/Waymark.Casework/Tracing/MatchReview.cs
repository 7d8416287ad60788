using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Matching.Contracts;

namespace Waymark.Casework.Tracing;

/// <summary>
/// What a review of a candidate always is, whatever its pack adds: one answer per account, a decision when two answer alike, an open conflict until then. A pack cannot
/// weaken it, and no form reaches it.
/// </summary>
internal static class MatchReview
{
    public const string Register = RegisterPlan.Reviews;

    public const string Requests = "tracing";

    public const string Searching = "active";

    /// <summary>The register of the dead: two reviewers of two units (M69).</summary>
    public const string Deceased = "unidentified-deceased";

    public const string Found = "found-person";

    public const string Missing = "missing-person";

    /// <summary>The step by which the holder of a found person lets the request have what was agreed.</summary>
    public const string PassOn = "tell";

    /// <summary>The step by which somebody who died gets their name back, on the paper of the authority; the request learns of it in the same commit.</summary>
    public const string Identify = "identify";

    /// <summary>The step that takes an identification back.</summary>
    public const string Wrong = "wrong";

    /// <summary>States of the dead in which an identification stands.</summary>
    public static bool IsIdentified(string state) => state is "identified" or "given-back";

    /// <summary>State of a request whose person was found and whose family is not told yet.</summary>
    public const string Located = "located";

    /// <summary>State of a found person's record once the holder took that step.</summary>
    public const string Told = "told";

    /// <summary>Outcome of a request when the person sought has died.</summary>
    public const string Dead = "located-deceased";

    /// <summary>Role of whoever asks, in a request.</summary>
    public const string Enquirer = "enquirer";

    /// <summary>The link by which somebody says by hand that a person held may be the one sought.</summary>
    public const string MayBe = "may-be";

    /// <summary>Registers whose persons are compared with those sought, with the role the person has there.</summary>
    public static IReadOnlyDictionary<string, string> Held { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Found] = "found", [Missing] = "missing", [Deceased] = "deceased",
    };

    /// <summary>The same pair is one review however often it is looked for. The parts are random ids, so that the hash tells nothing.</summary>
    public static string IdOf(string request, string sought, string register, string record) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"match\n{request}\n{sought}\n{register}\n{record}")))[..32];

    /// <summary>Where an account's answer stands: one each, by construction.</summary>
    public static string PathOf(string account, string field) => $"answers/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account)).AsSpan(0, 8))}/{field}";

    public static IReadOnlyList<(Claim Claim, PairChoice Choice)> Answers(RecordDocument review) => [.. review.Fields
        .Where(field => RecordDocument.PlanPath(field.Key) == "answers/choice").SelectMany(field => field.Value.Claims)
        .Where(claim => Packs.Words.TryParse<PairChoice>(claim.Value.Member("code") ?? "", out _))
        .Select(claim => (claim, Packs.Words.TryParse<PairChoice>(claim.Value.Member("code")!, out var choice) ? choice : default)).OrderBy(pair => pair.claim.At)];

    /// <summary>What two agree on; null while they do not. For the dead the two speak for two units.</summary>
    public static PairChoice? Decision(RecordDocument review)
    {
        var isDead = review.One("record")?.Value.Member("register") == Deceased;
        foreach (var choice in new[] { PairChoice.Same, PairChoice.Different })
        {
            var alike = Answers(review).Where(answer => answer.Choice == choice).ToList();
            var apart = isDead && choice == PairChoice.Same ? alike.Select(answer => answer.Claim.Source).Distinct(StringComparer.Ordinal).Count() : int.MaxValue;
            if (alike.Select(answer => answer.Claim.By).Distinct(StringComparer.Ordinal).Count() >= 2 && apart >= 2)
            {
                return choice;
            }
        }

        return null;
    }

    /// <summary>The state that the answers lead to.</summary>
    public static string StateOf(RecordDocument review) => (Decision(review), Answers(review).Count) switch
    {
        (PairChoice.Same, _) => "confirmed",
        (PairChoice.Different, _) => "refuted",
        (_, 0) => "proposed",
        (_, 1) => "reviewed",
        _ => "disputed",
    };
}
