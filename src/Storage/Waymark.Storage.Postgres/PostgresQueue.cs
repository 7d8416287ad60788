using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Workers on many machines take jobs with <c>for update skip locked</c>: nobody waits for another's row, and a row has
/// one taker. The term tells a holder from its successor; lease times are the machines' clocks, so keep them together.
/// </summary>
internal sealed class PostgresQueue(PostgresDatabase database, TimeProvider clock) : IQueue
{
    private const string Job = """
        select id, queue, state, payload, progress_step, progress_done, progress_of, result, error_text, attempts, stop_requested,
               enqueued_at, started_at, ended_at from job
        """;

    private const string Due = """
        queue = $1 and state in (0, 1) and due_at <= $2 and (state = 0 or lease_until <= $2)
        """;

    public async Task<LeasedJob?> LeaseAsync(string queue, string worker, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        return await database.MustWriteAsync(
        [
            new("""
                update job set state = 4, ended_at = $2, lease_until = null, worker = null
                where state = 1 and queue = $1 and lease_until <= $2 and stop_requested = 1
                """, queue, now),
            new($"""
                with next as (
                  select id from job where {Due} order by due_at, sequence, position limit 1 for update skip locked)
                update job j set state = 1, term = j.term + 1, attempts = j.attempts + 1, worker = $3, lease_until = $4,
                                 started_at = coalesce(j.started_at, $2)
                from next where j.id = next.id
                returning j.id, j.payload, j.term, j.attempts, j.lease_until, j.progress_step, j.progress_done, j.progress_of
                """, queue, now, worker, now + StoreTime.Of(duration)),
        ],
        row => new LeasedJob(row.GetString(0), queue, row.Bytes(1), row.GetInt64(2), (int)row.GetInt64(3), row.Time(4), Progress(row, 5)),
        (LeasedJob?)null, cancellationToken);
    }

    public Task<bool> RenewAsync(LeasedJob job, JobProgress progress, TimeSpan duration, CancellationToken cancellationToken) =>
        database.MustWriteAsync([new("""
            update job set lease_until = $3, progress_step = $4, progress_done = $5, progress_of = $6::bigint
            where id = $1 and term = $2 and state = 1 returning stop_requested
            """, job.Id, job.Term, clock.Now() + StoreTime.Of(duration), progress.Step, progress.Done, progress.Of)],
            row => row.GetInt64(0) == 0, false, cancellationToken);

    public Task<Result<bool>> CompleteAsync(LeasedJob job, ReadOnlyMemory<byte> result, CancellationToken cancellationToken) =>
        WriteSetRules.Json(result, job.Id) is { } error
            ? Task.FromResult<Result<bool>>(error)
            : EndAsync(job, new("""
                update job set state = 2, result = $3, error_text = null, ended_at = $4, lease_until = null, worker = null
                where id = $1 and term = $2 and state = 1 returning true
                """, job.Id, job.Term, result, clock.Now()), cancellationToken);

    public Task<Result<bool>> FailAsync(LeasedJob job, Error error, DateTimeOffset? retryAt, CancellationToken cancellationToken) =>
        EndAsync(job, new("""
            update job set state = case when stop_requested = 1 then 4 when $4::bigint is null then 3 else 0 end,
                           due_at = case when stop_requested = 1 then due_at else coalesce($4::bigint, due_at) end,
                           ended_at = case when stop_requested = 1 or $4::bigint is null then $5 end,
                           error_text = $3, lease_until = null, worker = null
            where id = $1 and term = $2 and state = 1 returning true
            """, job.Id, job.Term, error.ToString(), retryAt is { } at ? StoreTime.Of(at) : null, clock.Now()), cancellationToken);

    public Task<StoredJob?> GetAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync(Job + " where id = $1", Read, cancellationToken, id);

    public async Task<IReadOnlyList<StoredJob>> ListAsync(string? queue, int limit, CancellationToken cancellationToken)
    {
        var most = (long)Math.Clamp(limit, 1, 1_000);
        return queue is null
            ? await database.QueryAsync(Job + " where queue not like '.%' order by sequence desc, position desc limit $1", Read, cancellationToken, most)
            : await database.QueryAsync(Job + " where queue = $1 order by sequence desc, position desc limit $2", Read, cancellationToken,
                queue, most);
    }

    public Task<bool> RequestStopAsync(string id, CancellationToken cancellationToken) =>
        database.MustWriteAsync([new("""
            update job set stop_requested = 1, state = case when state = 0 then 4 else state end,
                           ended_at = case when state = 0 then $2 end
            where id = $1 and state in (0, 1) returning true
            """, id, clock.Now())], _ => true, false, cancellationToken);

    public Task<bool> RetryAsync(string id, CancellationToken cancellationToken) =>
        database.MustWriteAsync([new("""
            update job set state = 0, due_at = $2, stop_requested = 0, result = null, error_text = null, ended_at = null
            where id = $1 and state in (3, 4) returning true
            """, id, clock.Now())], _ => true, false, cancellationToken);

    private async Task<Result<bool>> EndAsync(LeasedJob job, Statement statement, CancellationToken cancellationToken)
    {
        var ended = await database.WriteAsync([statement], _ => true, false, cancellationToken);
        return ended is { IsOk: true, Value: false } ? StoreErrors.LeaseLost(job.Id) : ended;
    }

    private static JobProgress? Progress(NpgsqlDataReader row, int column) =>
        row.TextOrNull(column) is { } step ? new(step, row.GetInt64(column + 1), row.NumberOrNull(column + 2)) : null;

    private static StoredJob Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), (JobState)row.GetInt64(2), row.Bytes(3), Progress(row, 4),
        row.BytesOrNull(7) is { } result ? result : (ReadOnlyMemory<byte>?)null, row.TextOrNull(8), (int)row.GetInt64(9),
        row.GetInt64(10) == 1, row.Time(11), row.TimeOrNull(12), row.TimeOrNull(13));
}
