using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>Where a duty of a rule goes. What no pack says anything about is a task.</summary>
public enum DutyEffect
{
    /// <summary>Somebody does it and says so: it stands with its deadline before whoever acted and before the data protection officer until then.</summary>
    Task,

    /// <summary>A field, state, step or clock of a register holds it, and its clock stands on that register's desk.</summary>
    Kept,

    /// <summary>The entry of the decision in the ledger is what it asks for.</summary>
    Entered,

    /// <summary>How the act itself is done, or what the organisation sets up before: told with the decision and on the pack's page.</summary>
    Told,
}

/// <summary>What a kind of alarm sets going: a breach of its own, with a cause of that register's list, or a line before those who watch.</summary>
public sealed record AlarmKind(string Id, bool OpensBreach, string Cause, LocalText Text);

/// <summary>Where a duty goes and why; <paramref name="Register"/> and <paramref name="Place"/> for what a register holds.</summary>
public sealed record DutyKind(string Id, DutyEffect Effect, string? Register, string? Place, LocalText Why);

/// <summary>What somebody still has to do: one line for a matter and a duty, however many decisions gave rise to it.</summary>
/// <remarks>
/// <c>Duty</c> is the duty's id, or the code of an act that protects, which has no rule. <c>Text</c> is null when the rule is no longer there. <c>Source</c> names the decision, or the leaf of
/// an act that protects; <c>Id</c> names the line when it is closed.
/// </remarks>
public sealed record OpenDuty(string Id, string Duty, string? Rule, LocalText? Text, string Source, string Unit, DateTimeOffset At, DateTimeOffset? Due, int Times, bool IsOwn);

/// <summary>Duties that wait for somebody. Whoever acted sees their own; those who watch see all of them, with units and never names.</summary>
public interface IDuties
{
    /// <summary>Roles before which all duties of the node stand.</summary>
    static IReadOnlyList<string> Watchers { get; } = ["data-protection-officer", "oversight"];

    /// <summary>What is open, what is due first before the rest; at most 200 decisions at once.</summary>
    Task<IReadOnlyList<OpenDuty>> ListAsync(Actor actor, bool own, CancellationToken cancellationToken);

    /// <summary>
    /// Closes a line with all its decisions, with a leaf: done, or <paramref name="applies"/> false for what does not apply here, which the data protection officer alone says, and never of
    /// an own act. Errors <c>duty.nothing</c>, <c>duty.role</c>.
    /// </summary>
    Task<Result<bool>> CloseAsync(Actor actor, string id, bool applies, CancellationToken cancellationToken);
}
