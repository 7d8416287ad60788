using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>A named exception for one matter: which derogation rule, why, approved by whom, until when (G7). It lapses by itself and is reviewed afterwards.</summary>
public sealed record Derogation(
    string Id, string Matter, string Rule, string Reason, string Author, string AuthorUnit, string? Approver, string? ApproverRole, DateTimeOffset From, DateTimeOffset Expires,
    string? ReviewedBy, bool? WasRight, DateTimeOffset? ReviewedAt)
{
    /// <summary>When it was noted that it had ended unreviewed; it was without force from <see cref="Expires"/> on.</summary>
    public DateTimeOffset? LapsedAt { get; init; }
}

/// <summary>That nothing about a person is erased for now: a complaint, a court, a protection claim. It ends; renewals are counted (M86).</summary>
public sealed record LegalHold(string Id, string Person, string Ground, string By, DateTimeOffset From, DateTimeOffset Until, int Renewals)
{
    public string? ReleasedBy { get; init; }

    public string? ReleaseGround { get; init; }

    /// <summary>Who asked to lift it and waits for a second person; the hold stands until then.</summary>
    public HoldRelease? Asked { get; init; }
}

/// <summary>That one person asks to lift a hold.</summary>
public sealed record HoldRelease(Actor By, DateTimeOffset At, string Ground);

/// <summary>Exceptions: derogations, legal holds, erasure. All end closed.</summary>
public interface IExceptions
{
    /// <summary>
    /// Asks for an exception. Errors: <c>derogation.floor</c> (no rule of the floor can be named), <c>derogation.unknown-rule</c>, <c>derogation.unreviewed</c>
    /// (one of the author's waits for its review), <c>derogation.too-long</c> (72 hours), <c>derogation.reason</c> (begins with no ground of the vocabulary: "life: threatened tonight").
    /// </summary>
    Task<Result<Derogation>> InvokeAsync(Actor author, string unit, string matter, string rule, string reason, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>A second person approves, with a trusted security key, another unit and another credential (<c>two.*</c>).</summary>
    Task<Result<Derogation>> ApproveAsync(Actor approver, string id, CancellationToken cancellationToken);

    /// <summary>After the fact, somebody of another unit says whether it was right; until then its author invokes no other.</summary>
    Task<Result<Derogation>> ReviewAsync(Actor reviewer, string id, bool wasRight, CancellationToken cancellationToken);

    /// <summary>What is in force for the matter now: approved and not expired.</summary>
    Task<IReadOnlyList<Derogation>> InForceAsync(string matter, CancellationToken cancellationToken);

    Task<Result<LegalHold>> HoldAsync(Actor actor, string person, string ground, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a hold before its time, by two persons, each with a ground: the data-protection or legal officer asks, and one of them or oversight, of another unit and with another
    /// security key, agrees within seven days; until then it stands. Errors: <c>hold.unknown</c>, <c>hold.role</c>, <c>hold.invalid</c>, <c>two.*</c>.
    /// </summary>
    Task<Result<LegalHold>> ReleaseAsync(Actor actor, string person, string id, string ground, CancellationToken cancellationToken);

    /// <summary>Notes, with a leaf each, that exceptions have ended; answers how many. They are without force before that, by their time.</summary>
    Task<int> LapseAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<LegalHold>> HoldsAsync(string person, CancellationToken cancellationToken);

    /// <summary>
    /// Enters that a person is being erased, by two persons. Refused while a hold or a complaint stands (<c>erasure.held</c>), and never by somebody whose own reads it would
    /// hide alone (<c>two.*</c>, M79). From here on it goes on to its end, whatever is cut off: <see cref="FinishErasureAsync"/>.
    /// </summary>
    Task<Result<bool>> BeginErasureAsync(Actor first, Actor second, string person, CancellationToken cancellationToken);

    /// <summary>
    /// The same after a review by <see cref="ReviewRequest.Erasing"/>, asked by this account: it is used up. Errors as above and <c>review.not-approved</c>.
    /// </summary>
    Task<Result<bool>> BeginErasureAsync(Actor requester, string person, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the key of a person and the salt of their commitments, once a module that holds more about them has destroyed that: what was said can be read by nobody, all
    /// proofs stay valid. Done again it does no harm. Error <c>erasure.not-begun</c>.
    /// </summary>
    Task<Result<bool>> FinishErasureAsync(string person, CancellationToken cancellationToken);

    /// <summary>Persons whose erasing was begun longer than a minute ago and is not at its end: a machine stopped in between.</summary>
    Task<IReadOnlyList<string>> UnfinishedErasuresAsync(CancellationToken cancellationToken);
}

/// <summary>Erasing where no module holds more about a person than this one: begun and finished in one call.</summary>
public static class Erasing
{
    public static async Task<Result<bool>> EraseAsync(this IExceptions exceptions, Actor first, Actor second, string person, CancellationToken cancellationToken) =>
        await exceptions.BeginErasureAsync(first, second, person, cancellationToken) is { IsOk: false } refused ? refused : await exceptions.FinishErasureAsync(person, cancellationToken);

    public static async Task<Result<bool>> EraseAsync(this IExceptions exceptions, Actor requester, string person, CancellationToken cancellationToken) =>
        await exceptions.BeginErasureAsync(requester, person, cancellationToken) is { IsOk: false } refused ? refused : await exceptions.FinishErasureAsync(person, cancellationToken);
}
