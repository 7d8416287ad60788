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
        var batch = new List<Statement> { Lock(writes) };
        if (writes.Records.Count + writes.Preconditions.Count > 0)
        {
            batch.Add(new("select waymark_compare($1, $2, $3, $4)",
                Array(writes.Records.Select(r => (long)r.Partition).Concat(writes.Preconditions.Select(p => (long)p.Partition))),
                Array(writes.Records.Select(r => r.Register).Concat(writes.Preconditions.Select(p => p.Register))),
                Array(writes.Records.Select(r => r.Id).Concat(writes.Preconditions.Select(p => p.Id))),
                Array(writes.Records.Select(r => r.ExpectedVersion).Concat(writes.Preconditions.Select(p => p.Version)))));
        }

        if (writes.Leases.Count > 0)
        {
            batch.Add(new("select waymark_leases($1, $2)", Array(writes.Leases.Select(l => l.Job)), Array(writes.Leases.Select(l => l.Term))));
        }

        // The one statement that answers: number and time.
        batch.Add(new("select o_sequence, o_at from waymark_change($1, $2, $3, $4)", now, writes.Actor, writes.Reason, writes.Flips.Count > 0));
        batch.AddRange(PostgresRecordWrites.Statements(writes.Records));
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

        if (writes.Tasks.Count > 0)
        {
            batch.Add(new("select waymark_jobs($1, $2, $3, $4)", Array(writes.Tasks.Select(t => t.Id)),
                Array(writes.Tasks.Select(t => t.Queue)), Array(writes.Tasks.Select(t => t.Payload.ToArray())),
                Array(writes.Tasks.Select(t => t.DueAt is { } due ? StoreTime.Of(due) : (long?)null))));
        }

        if (writes.Leaves.Count > 0)
        {
            batch.Add(new("insert into ledger_pending (sequence, leaves, entries, at) values (currval('change_sequence_seq'), $1, $2, $3)",
                (long)writes.Leaves.Count, LeafBundle.Of(writes.Leaves), now));
        }

        return batch;
    }

    /// <summary>Every key the write set changes or compares, so that write sets which meet run one after the other.</summary>
    private static Statement Lock(WriteSet writes)
    {
        var changed = writes.Records.Select(r => Name(r.Partition, r.Register, r.Id))
            .Concat(writes.Vintages.Select(v => $"vintage\u001f{v.Id}"))
            .Concat(writes.Segments.Select(s => $"vintage\u001f{s.Vintage}"))
            .Concat(writes.Flips.Select(f => $"vintage\u001f{f.Vintage}"))
            .Concat(writes.BlobReferences.Select(r => $"reference\u001f{r.Owner}\u001f{r.Blob}"))
            .Concat(writes.Tasks.Select(t => $"job\u001f{t.Id}"))
            .Distinct().ToArray();
        var compared = writes.Preconditions.Select(p => Name(p.Partition, p.Register, p.Id)).Distinct().ToArray();
        return changed.Length + compared.Length > PostgresLocks.MaximumKeys
            ? new("select waymark_lock(true, $1, '{}', '{}')", writes.Flips.Count > 0)
            : new("select waymark_lock(false, $1, $2, $3)", writes.Flips.Count > 0, changed, compared);
    }

    private static string Name(RecordPartition partition, string register, string id) =>
        $"{RecordTables.Of(partition).Record}\u001f{register}\u001f{id}";

    private static T[] Array<T>(IEnumerable<T> items) => [.. items];
}
