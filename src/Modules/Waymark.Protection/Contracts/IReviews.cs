using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>What two persons are asked for.</summary>
public enum ReviewKind
{
    /// <summary>A gate of casework, for example before a return step.</summary>
    Gate,

    Export,

    Derogation,

    Transfer,

    /// <summary>Erasing a person by destroying the key.</summary>
    Erasure,

    /// <summary>More than 25 persons at once (M53).</summary>
    Bulk,
}

/// <summary>Where a review stands. That the first has decided is told to nobody but the first.</summary>
public enum ReviewState { Requested, First, Done, Refused, Expired, Stopped, Used }

/// <summary>
/// A question for two persons. <paramref name="Subject"/> names exactly what would be done: an approved review opens the same subject and no other, once.
/// </summary>
public sealed record ReviewRequest(ReviewKind Kind, string Unit, string Matter, IReadOnlyList<string> Persons, string Purpose, string Subject, string Reason)
{
    /// <summary>Asks for the erasing of one person, and of nothing else.</summary>
    public static ReviewRequest Erasing(string unit, string matter, string person, string purpose, string reason) =>
        new(ReviewKind.Erasure, unit, matter, [person], purpose, ErasureOf(person), reason);

    /// <summary>The subject of a review that erases this person.</summary>
    public static string ErasureOf(string person) => "erase " + person;
}

/// <summary>
/// A review as the asker of this view may see it: never who decided, and never how the other one decided before both have. <paramref name="UsableFrom"/>: until then
/// it is held and can be stopped.
/// </summary>
public sealed record ReviewView(
    string Id, ReviewKind Kind, string Unit, string RequesterRole, string Purpose, int Persons, string? Reason, DateTimeOffset AskedAt, DateTimeOffset Expires, DateTimeOffset UsableFrom,
    ReviewState State, bool IsOwn, bool MayDecide, bool HasDecided);

/// <summary>
/// The one register of decisions by two persons (TWO): living persons with different accounts, trusted security keys, devices and units, neither of them the
/// requester, two minutes apart; the second decides without seeing the first's view. What is asked lapses by itself; an approval is used once.
/// </summary>
public interface IReviews
{
    /// <summary>Asks. The same subject asked again by the same account answers the review that waits. Error <c>review.invalid</c>.</summary>
    Task<Result<ReviewView>> AskAsync(Actor requester, ReviewRequest request, CancellationToken cancellationToken);

    /// <summary>One person's decision with its reason. Errors: <c>review.unknown</c> (also for who may not decide), <c>review.invalid</c>, <c>two.*</c>.</summary>
    Task<Result<ReviewView>> DecideAsync(Actor actor, string id, bool approves, string reason, CancellationToken cancellationToken);

    /// <summary>Stops a review that waits or is held, for good: by those who may decide it or whoever watches; by whoever asked until
    /// both have decided, an erasing until it is carried out. Error <c>review.unknown</c>.</summary>
    Task<Result<ReviewView>> StopAsync(Actor actor, string id, string reason, CancellationToken cancellationToken);

    /// <summary>What this account asked about this subject and what waits or may be used; null when nothing does.</summary>
    Task<ReviewView?> FindAsync(Actor requester, ReviewKind kind, string subject, CancellationToken cancellationToken);

    /// <summary>The actor's own and those the actor may decide, newest first.</summary>
    Task<IReadOnlyList<ReviewView>> ListAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Ends what nobody decided in time; nothing passes by waiting (M90). Answers how many.</summary>
    Task<int> ExpireAsync(CancellationToken cancellationToken);
}
