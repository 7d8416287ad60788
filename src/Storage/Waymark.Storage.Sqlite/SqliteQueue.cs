using System.Text;
using Microsoft.Data.Sqlite;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// Every step is one change of the writer, so a job has one holder at a time; the term tells a holder from its successor.
/// </summary>
internal sealed class SqliteQueue(SqliteStore store, SqliteReaders readers, TimeProvider clock) : IQueue
{
    private const string Job = """
        select id, queue, state, payload, progress_step, progress_done, progress_of, result, error_text, attempts, stop_requested,
               enqueued_at, started_at, ended_at from job
        """;

    private const string Waiting = """
        select id, due_at, sequence, position from job
        where state = 0 and queue = $1 and due_at <= $2 order by due_at, sequence, position limit 1
        """;

    private const string Abandoned = """
        select id, due_at, sequence, position from job
        where state = 1 and queue = $1 and lease_until <= $2 order by due_at, sequence, position limit 1
        """;

    public async Task<LeasedJob?> LeaseAsync(string queue, string worker, TimeSpan duration, CancellationToken cancellationToken)
    {
        // Workers ask often and mostly in vain: look on a snapshot first, without taking the writer's time.
        var seen = clock.Now();
        if (!await readers.ReadAsync(session => session.Any(Waiting, queue, seen) || session.Any(Abandoned, queue, seen), cancellationToken))
        {
            return null;
        }

        var leased = await store.WriteAsync<LeasedJob?>((session, now) =>
        {
            session.Execute("""
                update job set state = 4, ended_at = $2, lease_until = null, worker = null
                where state = 1 and queue = $1 and lease_until <= $2 and stop_requested = 1
                """, queue, now);
            var oldest = new[] { Waiting, Abandoned }
                .Select(sql => session.First(sql, row => (Id: row.GetString(0), Due: (row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))), queue, now))
                .Where(found => found.Id is not null).OrderBy(found => found.Due).FirstOrDefault();
            return oldest.Id is null ? Result<LeasedJob?>.Ok(null) : session.First("""
                update job set state = 1, term = term + 1, attempts = attempts + 1, worker = $2, lease_until = $3,
                               started_at = coalesce(started_at, $4)
                where id = $1
                returning payload, term, attempts, lease_until, progress_step, progress_done, progress_of
                """, row => new LeasedJob(oldest.Id, queue, row.Bytes(0), row.GetInt64(1), row.GetInt32(2), StoreTime.At(row.GetInt64(3)),
                    Progress(row, 4)), oldest.Id, worker, now + StoreTime.Of(duration), now);
        }, cancellationToken);
        return leased.TryGet(out var job) ? job : throw new StoreException(leased.Error!);
    }

    public async Task<bool> RenewAsync(LeasedJob job, JobProgress progress, TimeSpan duration, CancellationToken cancellationToken)
    {
        var renewed = await store.WriteAsync<bool>((session, now) => session.First("""
            update job set lease_until = $3, progress_step = $4, progress_done = $5, progress_of = $6
            where id = $1 and term = $2 and state = 1 returning stop_requested
            """, row => row.GetInt64(0) == 0, job.Id, job.Term, now + StoreTime.Of(duration), progress.Step, progress.Done, progress.Of),
            cancellationToken);
        return renewed.TryGet(out var kept) ? kept : throw new StoreException(renewed.Error!);
    }

    public Task<Result<bool>> CompleteAsync(LeasedJob job, ReadOnlyMemory<byte> result, CancellationToken cancellationToken) =>
        WriteSetRules.Json(result, job.Id) is { } error
            ? Task.FromResult<Result<bool>>(error)
            : store.WriteAsync<bool>((session, now) => session.Execute("""
                update job set state = 2, result = $3, error_text = null, ended_at = $4, lease_until = null, worker = null
                where id = $1 and term = $2 and state = 1
                """, job.Id, job.Term, result, now) > 0 ? true : StoreErrors.LeaseLost(job.Id), cancellationToken);

    public Task<Result<bool>> FailAsync(LeasedJob job, Error error, DateTimeOffset? retryAt, CancellationToken cancellationToken) =>
        store.WriteAsync<bool>((session, now) => session.Execute("""
            update job set state = case when stop_requested = 1 then 4 when $4 is null then 3 else 0 end,
                           due_at = case when stop_requested = 1 then due_at else coalesce($4, due_at) end,
                           ended_at = case when stop_requested = 1 or $4 is null then $5 end,
                           error_text = $3, lease_until = null, worker = null
            where id = $1 and term = $2 and state = 1
            """, job.Id, job.Term, error.ToString(), retryAt is { } at ? StoreTime.Of(at) : null, now) > 0
                ? true : StoreErrors.LeaseLost(job.Id), cancellationToken);

    public Task<StoredJob?> GetAsync(string id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First(Job + " where id = $1", Read, id), cancellationToken);

    public async Task<IReadOnlyList<StoredJob>> ListAsync(string? queue, int limit, CancellationToken cancellationToken)
    {
        var most = (long)Math.Clamp(limit, 1, 1_000);
        return await readers.ReadAsync(session => queue is null
            ? session.Query(Job + " where queue not like '.%' order by sequence desc, position desc limit $1", Read, most)
            : session.Query(Job + " where queue = $1 order by sequence desc, position desc limit $2", Read, queue, most), cancellationToken);
    }

    public async Task<bool> RequestStopAsync(string id, CancellationToken cancellationToken)
    {
        var asked = await store.WriteAsync<bool>((session, now) => session.Execute("""
            update job set stop_requested = 1, state = case when state = 0 then 4 else state end,
                           ended_at = case when state = 0 then $2 end
            where id = $1 and state in (0, 1)
            """, id, now) > 0, cancellationToken);
        return asked.TryGet(out var stopped) ? stopped : throw new StoreException(asked.Error!);
    }

    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var asked = await store.WriteAsync<bool>((session, now) => session.Execute("""
            update job set state = 0, due_at = $2, stop_requested = 0, result = null, error_text = null, ended_at = null
            where id = $1 and state in (3, 4)
            """, id, now) > 0, cancellationToken);
        return asked.TryGet(out var again) ? again : throw new StoreException(asked.Error!);
    }

    private static JobProgress? Progress(SqliteDataReader row, int column) =>
        row.TextOrNull(column) is { } step ? new(step, row.GetInt64(column + 1), row.NumberOrNull(column + 2)) : null;

    private static StoredJob Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), (JobState)row.GetInt32(2), row.Bytes(3), Progress(row, 4),
        row.BytesOrNull(7) is { } result ? result : (ReadOnlyMemory<byte>?)null, row.TextOrNull(8), row.GetInt32(9), row.GetInt64(10) == 1,
        StoreTime.At(row.GetInt64(11)), StoreTime.At(row.NumberOrNull(12)), StoreTime.At(row.NumberOrNull(13)));
}
