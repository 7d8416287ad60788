using Microsoft.Data.Sqlite;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

internal sealed class SqliteSeries(SqliteReaders readers) : ISeriesStore
{
    private const string Vintage =
        "select id, series, import, release, release_order, state, sequence, staged_at, visible_from, observations from vintage";

    // Visible ones in the order in which they became so, then the others in order of staging.
    private const string InOrder = " order by state <> 1, sequence, staged, id";

    public async Task<IReadOnlyList<StoredVintage>> VintagesAsync(string? series, CancellationToken cancellationToken) =>
        await readers.ReadAsync(session => series is null
            ? session.Query(Vintage + InOrder, Read)
            : session.Query(Vintage + " where series = $1" + InOrder, Read, series), cancellationToken);

    public Task<StoredVintage?> FindVintageAsync(string id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First(Vintage + " where id = $1", Read, id), cancellationToken);

    public async Task<IReadOnlyList<StoredSegment>> SegmentsAsync(string vintage, CancellationToken cancellationToken) =>
        await readers.ReadAsync(session => session.Query(
            "select ordinal, blob, observations from segment where vintage = $1 order by ordinal",
            row => new StoredSegment(vintage, row.GetInt32(0), new(row.GetString(1)), row.GetInt32(2)), vintage), cancellationToken);

    public Task<long> NewestSequenceAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Number("select max(sequence) from vintage") ?? 0, cancellationToken);

    private static StoredVintage Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), (VintageState)row.GetInt32(5),
        row.GetInt64(6), StoreTime.At(row.GetInt64(7)), StoreTime.At(row.NumberOrNull(8)), row.GetInt64(9));
}
