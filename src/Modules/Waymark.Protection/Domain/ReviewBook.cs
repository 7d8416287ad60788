using System.Text;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>One person's decision; what it was is sealed, so that nobody who reads the store knows it before the second.</summary>
internal sealed record ReviewVote(Actor Actor, DateTimeOffset At, byte[] Sealed);

/// <summary>What is sealed of a vote.</summary>
internal sealed record ReviewVoteContent(bool Approves, string Reason);

/// <summary>A review as stored. <paramref name="Subject"/> is a hash; <paramref name="Sealed"/> holds the reason under the keys of the persons.</summary>
internal sealed record ReviewDocument(
    string Id, ReviewKind Kind, string Unit, string Matter, IReadOnlyList<string> Persons, string Purpose, string Subject, Actor Requester, DateTimeOffset AskedAt, DateTimeOffset UsableFrom,
    DateTimeOffset Expires, ReviewState State, byte[] Sealed, ReviewVote? First, ReviewVote? Second);

/// <summary>Reviews on the record port, as other parts of this module write and use them.</summary>
internal sealed class ReviewBook(IStore store, PersonVault vault, TimeProvider time)
{
    public const string Register = "protection.review";

    /// <summary>Tasks of those who decide.</summary>
    public const string Queue = "protection.review";

    /// <summary>Holds that run, due at their end.</summary>
    public const string HoldQueue = "protection.hold";

    /// <summary>How long an approved bulk waits and can be stopped (M53).</summary>
    public static readonly TimeSpan BulkHold = TimeSpan.FromHours(24);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The keyed hash under which a subject is asked and used: it tells nothing without the node's key.</summary>
    public async Task<string> SubjectOfAsync(ReviewKind kind, string account, string subject, CancellationToken cancellationToken)
    {
        var handle = await vault.HandleAsync($"review\n{kind}\n{account}\n{subject}", cancellationToken);
        return handle.IsOk ? handle.Value : throw new StoreException(handle.Error);
    }

    public async Task<(long Version, ReviewDocument Document)?> FindAsync(string id, CancellationToken cancellationToken) =>
        id.Length == 32 && await store.Records.GetAsync(Register, id, cancellationToken) is { } record ? (record.Version, Registers.Read<ReviewDocument>(record)) : null;

    /// <summary>The newest review of a subject that still waits or may be used.</summary>
    public async Task<(long Version, ReviewDocument Document)?> OpenOfAsync(string subject, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Register, [new("subject", subject)], "at", Descending: true, Limit: 20), cancellationToken);
        foreach (var record in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
        {
            if (Registers.Read<ReviewDocument>(record) is { State: ReviewState.Requested or ReviewState.First or ReviewState.Done } document && document.Expires > time.GetUtcNow())
            {
                return (record.Version, document);
            }
        }

        return null;
    }

    /// <summary>A new review with its tasks.</summary>
    public async Task<Result<(ReviewDocument Document, WriteSet Writes)>> NewAsync(Actor requester, ReviewRequest request, string subject, CancellationToken cancellationToken)
    {
        var handles = new List<string>();
        foreach (var person in request.Persons.Append(request.Matter))
        {
            var handle = await vault.HandleAsync(person, cancellationToken);
            if (!handle.IsOk)
            {
                return handle.Error;
            }

            handles.Add(handle.Value);
        }

        var (id, now) = (Ids.New(), time.GetUtcNow());
        var reason = await vault.SealAsync(id, handles[..^1], Encoding.UTF8.GetBytes(request.Reason), cancellationToken);
        if (!reason.IsOk)
        {
            return reason.Error;
        }

        var usable = request.Kind == ReviewKind.Bulk ? now + BulkHold : now;
        var document = new ReviewDocument(
            id, request.Kind, request.Unit, handles[^1], handles[..^1], request.Purpose, subject, requester, now, usable, now + Longest, ReviewState.Requested, reason.Value, null, null);
        QueueItem[] hold = usable > now ? [new(id + ".hold", HoldQueue, Registers.Bytes(new { review = id }), usable)] : [];
        return (document, new WriteSet
        {
            Actor = requester.Account, Reason = "review.asked", Records = [Write(document, 0, "asked")],
            Tasks = [new(id + ".review", Queue, Registers.Bytes(new { review = id, kind = request.Kind }), now), .. hold],
        });
    }

    public bool IsUsable(ReviewDocument document) => document.State == ReviewState.Done && document.UsableFrom <= time.GetUtcNow() && document.Expires > time.GetUtcNow();

    /// <summary>Uses an approval up: goes into the commit of what it allows, and a second use conflicts.</summary>
    public static RecordWrite Use(ReviewDocument document, long version) => Write(document with { State = ReviewState.Used }, version, "used");

    public static RecordWrite Write(ReviewDocument document, long version, string did) => Registers.Write(
        Register, document.Id, version, document, did, new RecordHead("at", Registers.Time(document.AskedAt)), new RecordHead("expires", Registers.Time(document.Expires)),
        new RecordHead("subject", document.Subject), new RecordHead("requester", document.Requester.Account), new RecordHead("open", document.State is ReviewState.Requested or ReviewState.First or ReviewState.Done ? "yes" : "no"));
}
