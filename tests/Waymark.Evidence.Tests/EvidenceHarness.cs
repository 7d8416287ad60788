using System.Globalization;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Evidence.Tests;

/// <summary>A clock that moves only when told.</summary>
internal sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now = _now.AddMilliseconds(1);

    public void Advance(TimeSpan by) => _now += by;
}

/// <summary>An evidence base over a fresh embedded store.</summary>
internal sealed class EvidenceHarness : IAsyncDisposable
{
    private readonly bool _keeps;

    private EvidenceHarness(string folder, IStore store, FileKeyStore keys, EvidenceBase evidence, TestClock clock, bool keeps) =>
        (Folder, Store, Keys, Evidence, Clock, _keeps) = (folder, store, keys, evidence, clock, keeps);

    public string Folder { get; }

    public IStore Store { get; }

    public FileKeyStore Keys { get; }

    public EvidenceBase Evidence { get; }

    public TestClock Clock { get; }

    public static async Task<EvidenceHarness> OpenAsync(PackLibrary? packs = null, string? folder = null, TestClock? clock = null, EvidenceFacts? facts = null)
    {
        var keeps = folder is not null;
        folder ??= Directory.CreateTempSubdirectory("waymark-evidence-").FullName;
        clock ??= new();
        var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "store"), clock, null, CancellationToken.None)).Value;
        var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
        packs ??= Support.Library;
        var evidence = await EvidenceBase.OpenAsync(new(packs, Support.Areas, facts ?? EvidenceFacts.Empty, store, keys, clock), alone: true, CancellationToken.None);
        return new(folder, store, keys, evidence, clock, keeps);
    }

    public async Task<ImportReport> ImportAsync(string name, byte[] bytes, bool dryRun = false, string? source = null) =>
        (await Evidence.ImportAsync(new([new(name, bytes)], source, dryRun, "test"), null, CancellationToken.None)).Value[0];

    public Task<ImportReport> ImportAsync(string name, string text) => ImportAsync(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>"area=DEU|FRA; origin=SYR; value=lt:0": what the command line takes.</summary>
    public static IReadOnlyList<DimensionFilter> Where(string text) => [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
    {
        var at = part.IndexOf('=', StringComparison.Ordinal);
        return new DimensionFilter(part[..at].Trim(), [.. part[(at + 1)..].Split('|').Select(value =>
        {
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            return (IReadOnlyList<FilterTerm>)[colon is 2 ? new(value[..2], value[3..].Trim()) : new("eq", value.Trim())];
        })]);
    })];

    public static SeriesQuery Query(string series, string where = "", string? period = null, string by = "", string? measure = null, string? release = null, DateTimeOffset? asOf = null)
    {
        var span = period?.Split("..") ?? [];
        return new()
        {
            Series = series,
            Where = Where(where),
            From = period is null ? null : Period.Parse(span[0]),
            To = period is null ? null : Period.Parse(span[^1]),
            GroupBy = by.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Measure = measure,
            Release = release,
            AsOf = asOf,
        };
    }

    public async Task<QueryResult> AskAsync(string series, string where = "", string? period = null, string by = "", string? measure = null, string? release = null, DateTimeOffset? asOf = null)
    {
        var answer = await Evidence.QueryAsync(Query(series, where, period, by, measure, release, asOf), CancellationToken.None);
        return answer.IsOk ? answer.Value : throw new InvalidOperationException(answer.Error.ToString());
    }

    public static decimal? Number(QueryResult result, int row = 0) => result.Rows[row][Column(result, "value")].Number;

    public static string? Text(QueryResult result, string column, int row = 0) => result.Rows[row][Column(result, column)].Text;

    public static int Column(QueryResult result, string id) => result.Columns.ToList().FindIndex(column => column.Id == id);

    public static string Show(QueryResult result) => string.Join('\n', result.Rows.Take(12).Select(row => string.Join(" | ", row.Select(cell => cell.Text ?? cell.Number?.ToString(CultureInfo.InvariantCulture)))))
        + "\n" + string.Join('\n', result.Notes);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (!_keeps)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
