using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>Where a record stands that reached the end of its retention.</summary>
public enum RetentionState { Proposed, Approved, Extended, Erasing, Erased }

/// <summary>What a person does about a proposal.</summary>
public enum RetentionAct { Approve, TakeBack, CarryOut, Extend }

/// <summary>The grounds on which a record is kept past its end. That it might be useful one day is none.</summary>
public enum RetentionGround { Law, OwnBenefit, HelpGoesOn, Archive }

/// <summary>
/// Records that reached the end of their retention (R25, S196): the machine proposes, persons decide. Two of different units have a record erased; one keeps it on, with a ground and for at most
/// a year; a hold stops both persons. An erased record's own key is gone, so that documents, operations, files, messages and backups of it open no more, while its persons stay in other
/// records; somebody whose last record it was is erased with it. Who decided, when and on which register stays, with its leaf.
/// </summary>
public interface IRetention
{
    /// <summary>Roles that decide; each with a trusted security key.</summary>
    static IReadOnlyList<string> Deciders { get; } = ["data-protection-officer", "legal-officer"];

    /// <summary>Roles that see what is proposed.</summary>
    static IReadOnlyList<string> Watchers { get; } = [.. Deciders, "oversight"];

    /// <summary>The longest that one decision keeps a record on.</summary>
    const int MostDays = 366;

    /// <summary>Looks through the registers for what reached its end; answers how many records are newly proposed.</summary>
    Task<Result<int>> LookAsync(CancellationToken cancellationToken);

    /// <summary>What waits and what was decided, the oldest end first. Error <c>retention.role</c>.</summary>
    Task<Result<RetentionDesk>> ListAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>How many stand where, for whoever runs the machine.</summary>
    Task<Result<RetentionDesk>> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// One decision. Errors: <c>retention.role</c>, <c>retention.unknown</c> (also when the record was opened again or changed), <c>retention.held</c>, <c>retention.no-key</c>, <c>retention.invalid</c>,
    /// <c>retention.not-now</c>, <c>two.*</c>.
    /// </summary>
    Task<Result<RetentionState>> DecideAsync(Actor actor, string id, RetentionDecision decision, CancellationToken cancellationToken);

    /// <summary>The most that one act decides at once.</summary>
    const int MostAtOnce = 50;

    /// <summary>
    /// The same decision on several, each by itself with its own leaf: what cannot be decided stays as it is, with its reason, and holds up none of the others. Keeping on has a ground of its own
    /// for each record and is not done by the dozen. Errors: <c>retention.role</c>, <c>retention.invalid</c>.
    /// </summary>
    Task<Result<IReadOnlyList<RetentionOutcome>>> DecideManyAsync(Actor actor, IReadOnlyList<string> ids, RetentionAct act, CancellationToken cancellationToken);

    /// <summary>Leads on what was begun and cut off, and has the tables written anew where something went. Answers how many records came to their end.</summary>
    Task<Result<int>> FinishAsync(CancellationToken cancellationToken);
}

/// <summary>A decision; <paramref name="Ground"/>, <paramref name="Reason"/> and <paramref name="Until"/> belong to keeping on.</summary>
public sealed record RetentionDecision(RetentionAct Act, RetentionGround? Ground = null, string? Reason = null, DateOnly? Until = null);

/// <summary>What became of one of several; <paramref name="Error"/> is null where it was decided.</summary>
public sealed record RetentionOutcome(string Id, Error? Error);

/// <param name="Lines">What waits, what two persons are about, what is kept on; then what was erased, the newest 50.</param>
/// <param name="LookedAt">When the registers were last looked through; null when they never were.</param>
/// <param name="IsMore">More wait than are shown.</param>
public sealed record RetentionDesk(IReadOnlyList<RetentionLine> Lines, DateTimeOffset? LookedAt, bool IsMore);

/// <summary>One record, told without what stands in it. <paramref name="Reference"/> is null once it was erased.</summary>
public sealed record RetentionLine(string Id, LocalText Register, string? Reference, RetentionState State, DateTimeOffset Due, DateTimeOffset At)
{
    public required string RegisterId { get; init; }

    /// <summary>Whether the register asks to look again rather than to erase.</summary>
    public bool IsReview { get; init; }

    /// <summary>Why the register keeps its records for as long as it does.</summary>
    public LocalText? Why { get; init; }

    public int Persons { get; init; }

    /// <summary>How many of them are in no other record, and would be erased with it.</summary>
    public int Alone { get; init; }

    public bool IsHeld { get; init; }

    /// <summary>
    /// Made before records had keys of their own, with somebody in it whose key lives on: its operations would go on being readable after it was erased. It goes once those persons were erased.
    /// </summary>
    public bool IsUnkeyed { get; init; }

    /// <summary>Whether this actor may take this act on it now, as far as the line tells.</summary>
    public bool May(RetentionAct act, string account) => act switch
    {
        RetentionAct.Approve => State == RetentionState.Proposed && !IsHeld && !IsUnkeyed,
        RetentionAct.TakeBack => State == RetentionState.Approved,
        RetentionAct.CarryOut => State == RetentionState.Approved && !IsHeld && !IsUnkeyed && First != account,
        _ => State is RetentionState.Proposed or RetentionState.Approved,
    };

    /// <summary>Accounts of those who decided.</summary>
    public string? First { get; init; }

    public string? Second { get; init; }

    public RetentionGround? Ground { get; init; }

    public string? Reason { get; init; }

    public DateOnly? Until { get; init; }
}
