using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Write sets as one batch: locks, comparisons, then writes. One round trip, one transaction, one flush: for one write set, or for several that
/// do not meet.
/// </summary>
internal static class PostgresCommit
{
    public static List<Statement> Statements(WriteSet writes, long now)
    {
        // The one statement that answers: number and time.
        List<Statement> batch = [Begin(writes, now), .. Effects([writes], PostgresEffect.One)];
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

    /// <summary>
    /// Several write sets none of which changes what another changes or compares, and which hold nothing but records, preconditions, tasks and leaves. The
    /// first statement answers numbers and what was broken, each at the place of its set.
    /// </summary>
    public static List<Statement> Together(IReadOnlyList<WriteSet> group, long now)
    {
        var changed = group.SelectMany(Changed).ToList();
        var compared = group.SelectMany(Compared).Distinct().ToList();
        var versions = Placed<(RecordPartition Partition, string Register, string Id, long Version)>.Of(group, Versions);
        return
        [
            new("select o_sequences, o_broken from waymark_begin_together($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                Array(changed.Concat(compared)), Array(changed.Select(_ => true).Concat(compared.Select(_ => false))),
                Array(versions.Select(v => v.Place)), Array(versions.Select(v => (long)v.Part.Partition)), Array(versions.Select(v => v.Part.Register)),
                Array(versions.Select(v => v.Part.Id)), Array(versions.Select(v => v.Part.Version)), now, Array(group.Select(w => w.Actor)), Array(group.Select(w => w.Reason))),
            .. Effects(group, PostgresEffect.Together),
        ];
    }

    /// <summary>What the write set changes, by the names under which it is locked.</summary>
    public static IEnumerable<string> Changed(WriteSet writes) =>
        writes.Records.Select(r => Name(r.Partition, r.Register, r.Id))
            .Concat(writes.Vintages.Select(v => $"vintage\u001f{v.Id}"))
            .Concat(writes.Segments.Select(s => $"vintage\u001f{s.Vintage}"))
            .Concat(writes.Flips.Select(f => $"vintage\u001f{f.Vintage}"))
            .Concat(writes.BlobReferences.Select(r => $"reference\u001f{r.Owner}\u001f{r.Blob}"))
            .Concat(writes.Tasks.Select(t => $"job\u001f{t.Id}"))
            .Distinct();

    /// <summary>What it compares only.</summary>
    public static IEnumerable<string> Compared(WriteSet writes) => writes.Preconditions.Select(p => Name(p.Partition, p.Register, p.Id)).Distinct();

    /// <summary>Records, tasks and leaves: what of their former version goes first, then one statement that writes all of them.</summary>
    private static IEnumerable<Statement> Effects(IReadOnlyList<WriteSet> group, string changes)
    {
        var records = Placed<RecordWrite>.Of(group, writes => writes.Records);
        var effect = new PostgresEffect(changes);
        PostgresRecordWrites.Write(effect, records);
        WriteTasks(effect, Placed<(QueueItem Task, long Position)>.Of(group, writes => writes.Tasks.Select((task, at) => (task, (long)at))));
        WriteLeaves(effect, Placed<IReadOnlyList<ReadOnlyMemory<byte>>>.Of(group, writes => writes.Leaves.Count > 0 ? [writes.Leaves] : []));
        return effect.IsEmpty ? [] : [.. PostgresRecordWrites.Removals(changes, records), effect.ToStatement()];
    }

    private static void WriteTasks(PostgresEffect effect, List<Placed<(QueueItem Task, long Position)>> tasks)
    {
        if (tasks.Count > 0)
        {
            effect.Add("queued", $"""
                insert into job (id, queue, payload, state, due_at, sequence, position, enqueued_at, term, attempts, stop_requested)
                select n.id, n.queue, n.payload, 0, coalesce(n.due, c.at), c.sequence, n.position, c.at, 0, 0, 0
                from unnest({effect.Value(Array(tasks.Select(t => t.Place)))}, {effect.Value(Array(tasks.Select(t => t.Part.Position)))},
                  {effect.Value(Array(tasks.Select(t => t.Part.Task.Id)))}, {effect.Value(Array(tasks.Select(t => t.Part.Task.Queue)))},
                  {effect.Value(Array(tasks.Select(t => t.Part.Task.Payload.ToArray())))},
                  {effect.Value(Array(tasks.Select(t => t.Part.Task.DueAt is { } due ? StoreTime.Of(due) : (long?)null)))})
                  as n (place, position, id, queue, payload, due) join c on c.place = n.place
                on conflict (id) do nothing
                """);
        }
    }

    private static void WriteLeaves(PostgresEffect effect, List<Placed<IReadOnlyList<ReadOnlyMemory<byte>>>> leaves)
    {
        if (leaves.Count > 0)
        {
            effect.Add("audited", $"""
                insert into ledger_pending (sequence, leaves, entries, at)
                select c.sequence, n.leaves, n.entries, c.at
                from unnest({effect.Value(Array(leaves.Select(l => l.Place)))}, {effect.Value(Array(leaves.Select(l => (long)l.Part.Count)))},
                  {effect.Value(Array(leaves.Select(l => LeafBundle.Of(l.Part))))}) as n (place, leaves, entries) join c on c.place = n.place
                """);
        }
    }

    /// <summary>
    /// Locks on every key the write set changes or compares, so that write sets which meet run one after the other; then the
    /// comparisons, and number and time.
    /// </summary>
    private static Statement Begin(WriteSet writes, long now)
    {
        var changed = Array(Changed(writes));
        var compared = Array(Compared(writes));
        var versions = Array(Versions(writes));
        var alone = changed.Length + compared.Length > PostgresLocks.MaximumKeys;
        return new("select o_sequence, o_at from waymark_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            alone, writes.Flips.Count > 0, alone ? Array<string>([]) : Array(changed.Concat(compared)),
            alone ? Array<bool>([]) : Array(changed.Select(_ => true).Concat(compared.Select(_ => false))),
            Array(versions.Select(v => (long)v.Partition)), Array(versions.Select(v => v.Register)), Array(versions.Select(v => v.Id)), Array(versions.Select(v => v.Version)),
            Array(writes.Leases.Select(l => l.Job)), Array(writes.Leases.Select(l => l.Term)), now, writes.Actor, writes.Reason);
    }

    private static IEnumerable<(RecordPartition Partition, string Register, string Id, long Version)> Versions(WriteSet writes) =>
        writes.Records.Select(r => (r.Partition, r.Register, r.Id, r.ExpectedVersion)).Concat(writes.Preconditions.Select(p => (p.Partition, p.Register, p.Id, p.Version)));

    private static string Name(RecordPartition partition, string register, string id) =>
        $"{RecordTables.Of(partition).Record}\u001f{register}\u001f{id}";

    private static T[] Array<T>(IEnumerable<T> items) => [.. items];
}
