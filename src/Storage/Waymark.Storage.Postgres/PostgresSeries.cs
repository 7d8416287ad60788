using Npgsql;

namespace Waymark.Storage.Postgres;

internal sealed class PostgresSeries(PostgresDatabase database) : ISeriesStore
{
    private const string Vintage =
        "select id, series, import, release, release_order, state, sequence, staged_at, visible_from, observations from vintage";

    // Visible ones in the order in which they became so, then the others in order of staging.
    private const string InOrder = " order by state <> 1, sequence, staged, id";

    public async Task<IReadOnlyList<StoredVintage>> VintagesAsync(string? series, CancellationToken cancellationToken) =>
        series is null
            ? await database.QueryAsync(Vintage + InOrder, Read, cancellationToken)
            : await database.QueryAsync(Vintage + " where series = $1" + InOrder, Read, cancellationToken, series);

    public Task<StoredVintage?> FindVintageAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync(Vintage + " where id = $1", Read, cancellationToken, id);

    public async Task<IReadOnlyList<StoredSegment>> SegmentsAsync(string vintage, CancellationToken cancellationToken) =>
        await database.QueryAsync("select ordinal, blob, observations from segment where vintage = $1 order by ordinal",
            row => new StoredSegment(vintage, (int)row.GetInt64(0), new(row.GetString(1)), (int)row.GetInt64(2)), cancellationToken, vintage);

    public Task<long> NewestSequenceAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("select coalesce(max(sequence), 0) from vintage", row => row.GetInt64(0), cancellationToken);

    private static StoredVintage Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), (VintageState)row.GetInt64(5),
        row.GetInt64(6), row.Time(7), row.TimeOrNull(8), row.GetInt64(9));
}
