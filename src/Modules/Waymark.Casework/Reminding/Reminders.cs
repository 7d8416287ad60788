using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Carries the word that a deadline of a unit is near, and nothing else: no record, no register, no person.</summary>
public interface IReminderMail
{
    /// <summary>Null when it was taken. Errors: <c>mail.no-address</c> (the unit has none; it is not tried again), <c>mail.refused</c> and <c>mail.unreachable</c> (surely not taken; tried again).</summary>
    Task<Error?> SendAsync(string unit, CancellationToken cancellationToken);
}

/// <summary>
/// Takes reminders of clocks from the queue when they are due. A clock that ended meanwhile reminds nobody. A mail that may have left is never sent again: what is about to
/// be sent is noted first, and a note without an outcome counts as sent.
/// </summary>
public sealed class Reminders(RecordParts parts, IReminderMail mail)
{
    public const string Queue = "casework.reminder";

    private const string Register = "casework.reminded";

    private const int MostAttempts = 8;

    // Longer than any mail server takes; whoever takes over finds the note.
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    // A server that was set up late does not tell of what is long past.
    private static readonly TimeSpan s_stale = TimeSpan.FromDays(7);

    private readonly CaseStore _store = new(parts);

    /// <summary>Handles the oldest reminder that is due; false when none is.</summary>
    public async Task<bool> RunOnceAsync(string worker, CancellationToken cancellationToken)
    {
        if (await parts.Store.Queue.LeaseAsync(Queue, worker, s_lease, cancellationToken) is not { } job)
        {
            return false;
        }

        var unit = await UnitAsync(job, cancellationToken);
        var stored = unit is null ? null : await parts.Store.Records.GetAsync(Register, job.Id, cancellationToken);
        if (unit is null || (stored is not null && RecordJson.Read<Note>(stored.Document.Span).Outcome != Outcome.Failed))
        {
            await EndAsync(job, unit is null ? "over" : "noted", cancellationToken);
            return true;
        }

        var version = stored?.Version ?? 0;
        if (await NoteAsync(job, version, Outcome.Sending, cancellationToken) is not null)
        {
            // Somebody else holds it now.
            return true;
        }

        var failed = await mail.SendAsync(unit, cancellationToken);
        _ = await NoteAsync(job, version + 1, failed is null ? Outcome.Sent : Outcome.Failed, cancellationToken);
        if (failed is null or { Code: "mail.no-address" })
        {
            await EndAsync(job, failed?.Code ?? "sent", cancellationToken);
        }
        else
        {
            DateTimeOffset? again = job.Attempt < MostAttempts ? parts.Time.GetUtcNow() + TimeSpan.FromMinutes(5 * (1 << Math.Min(job.Attempt, 7))) : null;
            _ = await parts.Store.Queue.FailAsync(job, failed, again, cancellationToken);
        }

        return true;
    }

    /// <summary>The unit to remind; null when the record is gone, its clock ended, or it is long past.</summary>
    private async Task<string?> UnitAsync(LeasedJob job, CancellationToken cancellationToken)
    {
        var of = RecordJson.Read<Of>(job.Payload.Span);
        var read = await _store.ReadAsync(new(of.Register, of.Id), cancellationToken);
        if (!read.IsOk)
        {
            return null;
        }

        var (plan, document) = (read.Value.Plan, read.Value.Document);
        return Clocks.Of(plan, document, parts.Calendars(document.Control.Unit)).FirstOrDefault(clock => clock.Clock.Id == of.Clock) is { } running
            && job.Id == $"remind.{document.Id}.{of.Clock}.{document.StateVersion}" && running.Due + s_stale > parts.Time.GetUtcNow() ? document.Control.Unit : null;
    }

    private async Task<Error?> NoteAsync(LeasedJob job, long version, Outcome outcome, CancellationToken cancellationToken) => (await parts.Store.CommitAsync(new()
    {
        Actor = "engine", Reason = "case.remind", Leases = [job.AsCondition],
        Records = [new(Register, job.Id, version, RecordJson.Bytes(new Note(outcome, parts.Time.GetUtcNow())), RecordJson.Bytes(new { did = outcome }), [])],
    }, cancellationToken)).Error;

    private async Task EndAsync(LeasedJob job, string how, CancellationToken cancellationToken) => _ = await parts.Store.Queue.CompleteAsync(job, RecordJson.Bytes(new { how }), cancellationToken);

    private enum Outcome { None, Sending, Sent, Failed }

    private sealed record Note(Outcome Outcome, DateTimeOffset At);

    private sealed record Of(string Register, string Id, string Clock);
}
