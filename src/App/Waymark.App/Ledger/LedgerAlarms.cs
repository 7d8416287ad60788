using System.Text.Json;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Ledger;

/// <summary>
/// Tells oversight when the ledger falls behind or its witnesses fall silent: one task a day and kind, in the queue <c>protection.alarm</c>. A store that does not
/// answer cannot take a task; the log of the process says it then.
/// </summary>
public sealed class LedgerAlarms(IStore store, TimeProvider time)
{
    public const string Queue = "protection.alarm";

    public async Task NoteAsync(Error? problem, CancellationToken cancellationToken)
    {
        if (problem is null || problem.Code == "ledger.no-store" || store.Info.ReadOnlyReason is not null)
        {
            return;
        }

        // The same id twice is one job: a day's alarm stands once, whatever process raises it.
        var id = $"{problem.Code}.{time.GetUtcNow():yyyy-MM-dd}";
        _ = await store.CommitAsync(
            new() { Actor = "ledger", Reason = "ledger.alarm", Tasks = [new(id, Queue, JsonSerializer.SerializeToUtf8Bytes(new { kind = problem.Code, at = time.GetUtcNow() }))] }, cancellationToken);
    }
}
