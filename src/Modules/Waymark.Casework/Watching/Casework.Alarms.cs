using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Casework.Watching;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Alarms become breaches where they may be one, and stand before those who watch where not.</summary>
public sealed partial class Casework : IAlarms
{
    /// <summary>The actor of breaches that open by themselves; no account has this role.</summary>
    private const string AlarmKeeper = "alarm-keeper";

    private const string AlarmQueue = "protection.alarm";

    private const string Breaches = "breach";

    private const int MostAlarms = 100;

    private const string RefusedOften = "requests.refused-often";

    private static readonly TimeSpan s_alarmLease = TimeSpan.FromMinutes(2);

    public async Task<int> TakeAsync(string worker, Func<string?, CancellationToken, Task<string?>> watcher, CancellationToken cancellationToken)
    {
        var opened = 0;
        for (var taken = 0; taken < MostAlarms && await _parts.Store.Queue.LeaseAsync(AlarmQueue, worker, s_alarmLease, cancellationToken) is { } job; taken++)
        {
            var alarm = RecordJson.Read<RaisedAlarm>(job.Payload.Span);
            var (breach, isNew) = await BreachAsync(alarm, alarm.At ?? _parts.Time.GetUtcNow(), watcher, cancellationToken);
            opened += isNew ? 1 : 0;
            _ = await _parts.Store.Queue.CompleteAsync(job, RecordJson.Bytes(new AlarmResult(breach)), cancellationToken);
        }

        return opened;
    }

    public async Task<IReadOnlyList<AlarmLine>> AlarmsAsync(Actor actor, CancellationToken cancellationToken) => !IDuties.Watchers.Contains(actor.Role, StringComparer.Ordinal) ? [] :
    [
        .. (await _parts.Store.Queue.ListAsync(AlarmQueue, 1_000, cancellationToken))
            .Select(job => (Job: job, Alarm: RecordJson.Read<RaisedAlarm>(job.Payload.Span), Result: job.Result is { } result ? RecordJson.Read<AlarmResult>(result.Span) : null))
            .Where(one => one.Alarm.Account != actor.Account)
            .GroupBy(one => (one.Alarm.Kind, one.Job.EnqueuedAt.UtcDateTime.Date))
            .Select(group => new AlarmLine(
                group.Key.Kind, KindOf(group.Key.Kind).Text, group.Max(one => one.Job.EnqueuedAt), group.Count(),
                group.Select(one => one.Result?.Breach).FirstOrDefault(breach => breach is not null) is { } breach ? new(Breaches, breach) : null))
            .OrderByDescending(line => line.Last).ThenBy(line => line.Kind, StringComparer.Ordinal),
    ];

    public async Task<Result<int>> WeighRefusalsAsync(CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        var often = RefusalRates.Of(
            [
                .. (await SubjectRequestsAsync(cancellationToken)).Where(request => request.State is "answered" or "refused")
                    .Select(request => new DecidedRequest(request.SteppedBy ?? request.OpenedBy, request.Control.Unit, request.StateSince, request.State == "refused")),
            ],
            now);
        foreach (var one in often)
        {
            // The same id twice is one job: what goes on for a month is said once in it.
            var id = $"{RefusedOften}.{Handle((one.Account ?? "") + "\n" + (one.Unit ?? ""))}.{now.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)}";
            var written = await _parts.Store.CommitAsync(
                new() { Actor = AlarmKeeper, Reason = "alarm.raised", Tasks = [new(id, AlarmQueue, RecordJson.Bytes(new RaisedAlarm(RefusedOften, one.Account, one.Unit, now)))] }, cancellationToken);
            if (!written.IsOk)
            {
                return written.Error;
            }
        }

        return often.Count;
    }

    private AlarmKind KindOf(string kind) => _parts.Alarms.GetValueOrDefault(kind) ?? new(kind, true, "unknown", new($"An alarm of the kind {kind}.", $"警报：{kind}。"));

    /// <summary>The breach of an alarm, if it has one, and whether it was opened now. What one account sets off in a day is one breach.</summary>
    private async Task<(string? Breach, bool IsNew)> BreachAsync(RaisedAlarm alarm, DateTimeOffset at, Func<string?, CancellationToken, Task<string?>> watcher, CancellationToken cancellationToken)
    {
        var kind = KindOf(alarm.Kind);
        if (!kind.OpensBreach || Registers.Find(Breaches) is not { } plan || await watcher(alarm.Account, cancellationToken) is not { } unit)
        {
            return (null, false);
        }

        var day = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"waymark.alarm/1\n{alarm.Kind}\n{alarm.Account}\n{day}")))[..32];
        if (await _store.ReadAsync(new(plan.Id, id), cancellationToken) is { IsOk: true })
        {
            return (id, false);
        }

        var decision = alarm.Decision is { } known ? $" {known}" : "";
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["detected-at"] = day, ["cause"] = kind.Cause, ["what"] = $"{kind.Text.In("en")} {kind.Text.In("zh")}{decision}",
        };
        var made = await CreateAsync(new(new(AlarmKeeper, AlarmKeeper, [unit]), unit, plan.Purposes[0]), new(plan.Id, id, values, [], plan.Partition), cancellationToken);
        return made.IsOk ? (id, true) : (null, false);
    }

    private sealed record RaisedAlarm(string Kind, string? Account, string? Unit, DateTimeOffset? At, string? Decision = null);

    private sealed record AlarmResult(string? Breach);
}
