using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// Applies one write set inside the writer's transaction. All comparisons come before all writes, so every part sees the
/// state before; the caller rolls back to its savepoint when the answer is an error.
/// </summary>
internal static class SqliteCommit
{
    public static Result<CommitReceipt> Apply(SqliteSession session, WriteSet writes, long now)
    {
        if (Compare(session, writes) is { } conflict)
        {
            return conflict;
        }

        // System time of flips only rises, even when the machine's clock is set back: as-of answers never change.
        var at = writes.Flips.Count > 0
            ? Math.Max(now, (session.Number("select visible_from from vintage order by sequence desc, id desc limit 1") ?? 0) + 1)
            : now;
        var sequence = session.Number("insert into change (at, actor, reason) values ($1, $2, $3) returning sequence",
            at, writes.Actor, writes.Reason)!.Value;
        foreach (var record in writes.Records)
        {
            SqliteRecordWrites.Write(session, record, sequence, at);
        }

        if (Vintages(session, writes, sequence, at) is { } refused)
        {
            return refused;
        }

        foreach (var reference in writes.BlobReferences)
        {
            if (reference.Remove)
            {
                session.Execute("delete from blob_reference where owner = $1 and blob = $2", reference.Owner, reference.Blob.Hex);
            }
            else if (!IsStored(session, reference.Blob))
            {
                return StoreErrors.MissingBlob(reference.Blob.Hex);
            }
            else
            {
                session.Execute("insert into blob_reference (owner, blob) values ($1, $2) on conflict do nothing",
                    reference.Owner, reference.Blob.Hex);
            }
        }

        for (var i = 0; i < writes.Tasks.Count; i++)
        {
            var task = writes.Tasks[i];
            session.Execute("""
                insert into job (id, queue, payload, state, due_at, sequence, position, enqueued_at, term, attempts, stop_requested)
                values ($1, $2, $3, 0, $4, $5, $6, $7, 0, 0, 0) on conflict (id) do nothing
                """, task.Id, task.Queue, task.Payload, task.DueAt is { } due ? StoreTime.Of(due) : at, sequence, (long)i, at);
        }

        if (writes.Leaves.Count > 0)
        {
            session.Execute("insert into ledger_pending (sequence, leaves, entries, at) values ($1, $2, $3, $4)",
                sequence, (long)writes.Leaves.Count, LeafBundle.Of(writes.Leaves), at);
        }

        return new CommitReceipt(sequence, StoreTime.At(at));
    }

    private static Error? Compare(SqliteSession session, WriteSet writes)
    {
        foreach (var record in writes.Records)
        {
            if (SqliteRecordWrites.VersionOf(session, record.Partition, record.Register, record.Id) != record.ExpectedVersion)
            {
                return StoreErrors.Conflict(RecordTables.Of(record.Partition).Where(record.Register, record.Id));
            }
        }

        foreach (var expected in writes.Preconditions)
        {
            if (SqliteRecordWrites.VersionOf(session, expected.Partition, expected.Register, expected.Id) != expected.Version)
            {
                return StoreErrors.Conflict(RecordTables.Of(expected.Partition).Where(expected.Register, expected.Id));
            }
        }

        foreach (var lease in writes.Leases)
        {
            if (!session.Any("select 1 from job where id = $1 and term = $2 and state = 1", lease.Job, lease.Term))
            {
                return StoreErrors.Conflict($"job/{lease.Job}");
            }
        }

        return null;
    }

    /// <summary>New vintages, then segments, then flips, so that one write set may stage, fill and show a vintage.</summary>
    private static Error? Vintages(SqliteSession session, WriteSet writes, long sequence, long at)
    {
        foreach (var vintage in writes.Vintages)
        {
            var added = session.Execute("""
                insert into vintage (id, series, import, release, release_order, state, staged, staged_at, sequence, observations)
                values ($1, $2, $3, $4, $5, 0, $6, $7, 0, 0) on conflict (id) do nothing
                """, vintage.Id, vintage.Series, vintage.Import, vintage.Release, vintage.ReleaseOrder, sequence, at);
            if (added == 0 && !session.Any("""
                select 1 from vintage where id = $1 and series = $2 and import = $3 and release = $4 and release_order = $5 and state = 0
                """, vintage.Id, vintage.Series, vintage.Import, vintage.Release, vintage.ReleaseOrder))
            {
                return StoreErrors.Conflict($"vintage/{vintage.Id}");
            }
        }

        foreach (var segment in writes.Segments)
        {
            if (Add(session, segment) is { } error)
            {
                return error;
            }
        }

        foreach (var flip in writes.Flips)
        {
            var flipped = flip.To == VintageState.Visible
                ? session.Execute("update vintage set state = 1, sequence = $2, visible_from = $3 where id = $1 and state = 0",
                    flip.Vintage, sequence, at)
                : session.Execute("update vintage set state = 2, observations = 0 where id = $1 and state = 0", flip.Vintage);
            if (flipped == 0)
            {
                return StoreErrors.Conflict($"vintage/{flip.Vintage}");
            }

            if (flip.To == VintageState.Discarded)
            {
                session.Execute("delete from segment where vintage = $1", flip.Vintage);
            }
        }

        return null;
    }

    private static Error? Add(SqliteSession session, SegmentWrite segment)
    {
        if (!session.Any("select 1 from vintage where id = $1 and state = 0", segment.Vintage))
        {
            return StoreErrors.Conflict($"vintage/{segment.Vintage}");
        }

        if (!IsStored(session, segment.Blob))
        {
            return StoreErrors.MissingBlob(segment.Blob.Hex);
        }

        var added = session.Execute("""
            insert into segment (vintage, ordinal, blob, observations) values ($1, $2, $3, $4) on conflict (vintage, ordinal) do nothing
            """, segment.Vintage, (long)segment.Ordinal, segment.Blob.Hex, (long)segment.Observations);
        if (added > 0)
        {
            session.Execute("update vintage set observations = observations + $2 where id = $1", segment.Vintage, (long)segment.Observations);
            return null;
        }

        return session.Any("select 1 from segment where vintage = $1 and ordinal = $2 and blob = $3 and observations = $4",
                segment.Vintage, (long)segment.Ordinal, segment.Blob.Hex, (long)segment.Observations)
            ? null
            : StoreErrors.Conflict($"vintage/{segment.Vintage}#{segment.Ordinal}");
    }

    private static bool IsStored(SqliteSession session, BlobId blob) =>
        session.Any("select 1 from blob where id = $1 and shredded_at is null", blob.Hex);
}
