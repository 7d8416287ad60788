using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// A write set as one batch: locks, comparisons, then writes. One round trip; the server's own group commit lets many
/// callers share a flush.
/// </summary>
internal static class PostgresCommit
{
    public static List<Statement> Statements(WriteSet writes, long now)
    {
        // The one statement that answers: number and time.
        var batch = new List<Statement> { Begin(writes, now) };
        batch.AddRange(PostgresRecordWrites.Removals(writes.Records));
        var effect = new PostgresEffect();
        PostgresRecordWrites.Write(effect, writes.Records);
        WriteTasks(effect, writes.Tasks);
        WriteLeaves(effect, writes.Leaves);
        if (!effect.IsEmpty)
        {
            batch.Add(effect.ToStatement());
        }

        if (writes.Vintages.Count > 0)
        {
            batch.Add(new("select waymark_vintages($1, $2, $3, $4, $5)", Array(writes.Vintages.Select(v => v.Id)),
                Array(writes.Vintages.Select(v => v.Series)), Array(writes.Vintages.Select(v => v.Import)),
                Array(writes.Vintages.Select(v => v.Release)), Array(writes.Vintages.Select(v => v.ReleaseOrder))));
        }

        if (writes.Segments.Count > 0)
        {
            batch.Add(new("select waymark_segments($1, $2, $3, $4)", Array(writes.Segments.Select(s => s.Vintage)),
                Array(writes.Segments.Select(s => (long)s.Ordinal)), Array(writes.Segments.Select(s => s.Blob.Hex)),
                Array(writes.Segments.Select(s => (long)s.Observations))));
        }

        if (writes.Flips.Count > 0)
        {
            batch.Add(new("select waymark_flips($1, $2)", Array(writes.Flips.Select(f => f.Vintage)), Array(writes.Flips.Select(f => (long)f.To))));
        }

        if (writes.BlobReferences.Count > 0)
        {
            var added = writes.BlobReferences.Where(r => !r.Remove).ToList();
            var removed = writes.BlobReferences.Where(r => r.Remove).ToList();
            batch.Add(new("select waymark_references($1, $2, $3, $4)", Array(added.Select(r => r.Owner)),
                Array(added.Select(r => r.Blob.Hex)), Array(removed.Select(r => r.Owner)), Array(removed.Select(r => r.Blob.Hex))));
        }

        return batch;
    }

    private static void WriteTasks(PostgresEffect effect, IReadOnlyList<QueueItem> tasks)
    {
        if (tasks.Count > 0)
        {
            effect.Add("queued", $"""
                insert into job (id, queue, payload, state, due_at, sequence, position, enqueued_at, term, attempts, stop_requested)
                select n.id, n.queue, n.payload, 0, coalesce(n.due, c.at), c.sequence, n.position - 1, c.at, 0, 0, 0
                from unnest({effect.Value(Array(tasks.Select(t => t.Id)))}, {effect.Value(Array(tasks.Select(t => t.Queue)))},
                  {effect.Value(Array(tasks.Select(t => t.Payload.ToArray())))},
                  {effect.Value(Array(tasks.Select(t => t.DueAt is { } due ? StoreTime.Of(due) : (long?)null)))})
                  with ordinality as n (id, queue, payload, due, position), c
                on conflict (id) do nothing
                """);
        }
    }

    private static void WriteLeaves(PostgresEffect effect, IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        if (leaves.Count > 0)
        {
            effect.Add("audited", $"""
                insert into ledger_pending (sequence, leaves, entries, at)
                select c.sequence, {effect.Value((long)leaves.Count)}, {effect.Value(LeafBundle.Of(leaves))}, c.at from c
                """);
        }
    }

    /// <summary>
    /// Locks on every key the write set changes or compares, so that write sets which meet run one after the other; then the
    /// comparisons, and number and time.
    /// </summary>
    private static Statement Begin(WriteSet writes, long now)
    {
        var changed = writes.Records.Select(r => Name(r.Partition, r.Register, r.Id))
            .Concat(writes.Vintages.Select(v => $"vintage\u001f{v.Id}"))
            .Concat(writes.Segments.Select(s => $"vintage\u001f{s.Vintage}"))
            .Concat(writes.Flips.Select(f => $"vintage\u001f{f.Vintage}"))
            .Concat(writes.BlobReferences.Select(r => $"reference\u001f{r.Owner}\u001f{r.Blob}"))
            .Concat(writes.Tasks.Select(t => $"job\u001f{t.Id}"))
            .Distinct().ToArray();
        var compared = writes.Preconditions.Select(p => Name(p.Partition, p.Register, p.Id)).Distinct().ToArray();
        var alone = changed.Length + compared.Length > PostgresLocks.MaximumKeys;
        return new("select o_sequence, o_at from waymark_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            alone, writes.Flips.Count > 0, alone ? Array<string>([]) : Array(changed.Concat(compared)),
            alone ? Array<bool>([]) : Array(changed.Select(_ => true).Concat(compared.Select(_ => false))),
            Array(writes.Records.Select(r => (long)r.Partition).Concat(writes.Preconditions.Select(p => (long)p.Partition))),
            Array(writes.Records.Select(r => r.Register).Concat(writes.Preconditions.Select(p => p.Register))),
            Array(writes.Records.Select(r => r.Id).Concat(writes.Preconditions.Select(p => p.Id))),
            Array(writes.Records.Select(r => r.ExpectedVersion).Concat(writes.Preconditions.Select(p => p.Version))),
            Array(writes.Leases.Select(l => l.Job)), Array(writes.Leases.Select(l => l.Term)), now, writes.Actor, writes.Reason);
    }

    private static string Name(RecordPartition partition, string register, string id) =>
        $"{RecordTables.Of(partition).Record}\u001f{register}\u001f{id}";

    private static T[] Array<T>(IEnumerable<T> items) => [.. items];
}
