using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>
/// What two others decided about one transfer, as facts of the question: the data-protection officer's review and the legal service's. It counts for the account that
/// asked for it, for exactly this matter, these persons and this purpose, and once.
/// </summary>
internal sealed class TransferReviews(ReviewBook reviews)
{
    /// <summary>The action that is reviewed.</summary>
    public const string Action = "transfer";

    private const string Done = "done";

    private static readonly Dictionary<string, string> s_facts = new(StringComparer.Ordinal) { ["data-protection-officer"] = "review.dpo", ["legal-officer"] = "review.legal" };

    /// <summary>How the subject of a transfer's review is written.</summary>
    public static string Subject(string matter) => "transfer " + matter;

    /// <summary>Sets the facts that an approved review states, and answers what uses it up; nothing when there is none, or the asking module states reviews itself.</summary>
    public async Task<(Error? Wrong, RecordWrite? Use)> SetAsync(RequestFacts facts, GateRequest request, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        if (request.Action != Action || s_facts.Values.Any(request.Facts.ContainsKey))
        {
            return (null, null);
        }

        var subject = await reviews.SubjectOfAsync(ReviewKind.Transfer, request.Actor.Account, Subject(request.Matter), cancellationToken);
        if (await reviews.OpenOfAsync(subject, cancellationToken) is not var (version, review) || !reviews.IsUsable(review)
            || review.Purpose != request.Purpose || !review.Persons.ToHashSet(StringComparer.Ordinal).SetEquals(persons))
        {
            return (null, null);
        }

        foreach (var vote in new[] { review.First, review.Second }.OfType<ReviewVote>())
        {
            if (s_facts.TryGetValue(vote.Actor.Role, out var fact) && facts.Vocabulary.Find(fact) is not null && facts.Set(fact, [Done]) is { } wrong)
            {
                return (wrong, null);
            }
        }

        return (null, ReviewBook.Use(review, version));
    }
}
