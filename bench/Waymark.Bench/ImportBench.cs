using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Bench;

/// <summary>
/// One tidy table from bytes on disk to figures that answer, against DuckDB's read_csv into a table plus an index over the key.
/// Our side does more (recognises the file, keeps it, accounts for every cell, writes durably, brings the cube up to date) and
/// is timed with all of it; every run starts from an empty store.
/// </summary>
internal sealed class ImportBench : IBenchmark
{
    private const double Limit = 2;

    public string Verb => "import";

    public string What => "end-to-end import of the tidy UNHCR table (a generated one with --sample) against DuckDB's read_csv and index";

    public async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var report = new BenchReport("import", options, TimeProvider.System);
        var folder = Directory.CreateTempSubdirectory("waymark-bench-");
        try
        {
            var file = Table(options, folder.FullName);
            report.Fact("table", file.Name);
            var packs = PackLibrary.Load([Path.Combine(BenchReport.Root(), "packs")], cancellation: cancellationToken).Library;
            var content = new BuiltInContent(packs);
            var (runs, open) = (0, (Base?)null);
            void Prepare()
            {
                open?.DisposeAsync().AsTask().GetAwaiter().GetResult();
                open = Base.OpenAsync(packs, content.Areas, Path.Combine(folder.FullName, (++runs).ToString(CultureInfo.InvariantCulture)), cancellationToken).GetAwaiter().GetResult();
            }

            void Ours() => open!.ImportAsync(file.Path, file.Rows, cancellationToken).GetAwaiter().GetResult();
            using var peer = DuckDb.Find() is null ? null : new DuckDb(options.Threads);
            void Theirs()
            {
                peer!.Run($"create or replace table t as select * from read_csv('{file.Path}')");
                peer.Run($"create index i on t({file.Key})");
                peer.Run("drop index i");
            }

            report.Fact("peer", peer is null ? "skipped: DuckDB is absent, run bench/peers/install" : "DuckDB " + DuckDb.Version);
            var limit = options.Sample ? Limit * 1.5 : Limit;
            var (ours, theirs, done) = Measurement.Pair(options.Runs, Ours, peer is null ? null : Theirs, limit, Prepare);
            await open!.DisposeAsync().ConfigureAwait(false);
            var ratio = theirs is null ? (double?)null : Math.Round(ours.Milliseconds / theirs.Value.Milliseconds, 2);
            var perRow = Math.Round(ours.AllocatedBytes / (double)file.Rows, 1);
            var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
            report.Row(new JsonObject
            {
                ["rows"] = file.Rows,
                ["ours_ms"] = Math.Round(ours.Milliseconds, 1),
                ["peer_ms"] = theirs is null ? null : Math.Round(theirs.Value.Milliseconds, 1),
                ["ratio"] = ratio,
                ["limit"] = limit,
                ["best_of"] = done,
                ["allocated_bytes_a_row"] = perRow,
                ["load_average"] = load,
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{file.Rows} rows: ours {ours.Milliseconds:0.0} ms, peer {theirs?.Milliseconds:0.0} ms, ratio {ratio:0.00} (limit {limit:0.0}), {perRow} bytes allocated a row, best of {done}, load {load}"));
            var passed = !(ratio > limit) && perRow <= 1_000;
            Console.WriteLine(passed ? "within its gates" : "A GATE FAILED");
            if (!options.Sample)
            {
                Console.WriteLine($"saved {report.Save()}");
            }

            return passed ? 0 : 3;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Name, string Path, int Rows, string Key) Table(BenchOptions options, string folder)
    {
        var path = Path.Combine(folder, "table.csv");
        if (!options.Sample && ServedWaymark.Data() is { } data)
        {
            using (var packed = new GZipStream(File.OpenRead(Path.Combine(data, "tidy", "unhcr.csv.gz")), CompressionMode.Decompress))
            using (var plain = File.Create(path))
            {
                packed.CopyTo(plain);
            }

            return ("tidy/unhcr.csv", path, File.ReadLines(path).Count() - 1, "geo, t, \"from\", \"group\"");
        }

        var rows = options.Rows ?? 50_000;
        GeneratedFiles.Applicants(path, rows, 2000, options.Seed);
        return ("generated, first-time asylum applicants by month", path, rows, "geo, t, nat, sex");
    }

    /// <summary>An evidence base over an empty durable store.</summary>
    private sealed class Base(IStore store, EvidenceBase evidence) : IAsyncDisposable
    {
        public static async Task<Base> OpenAsync(PackLibrary packs, AreaRegistry areas, string folder, CancellationToken cancellationToken)
        {
            Directory.CreateDirectory(folder);
            var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "store"), TimeProvider.System, null, cancellationToken).ConfigureAwait(false)).Value;
            var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
            var options = new EvidenceOptions(packs, areas, EvidenceFacts.Empty, store, keys, TimeProvider.System);
            return new(store, await EvidenceBase.OpenAsync(options, alone: true, cancellationToken).ConfigureAwait(false));
        }

        public async Task ImportAsync(string path, int rows, CancellationToken cancellationToken)
        {
            var input = new ImportInput("table.csv", await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
            var imported = await evidence.ImportAsync(new([input], null, false, "bench"), null, cancellationToken).ConfigureAwait(false);
            if (imported.Value[0].Cells.Observations != rows)
            {
                throw new InvalidOperationException($"{imported.Value[0].Cells.Observations} observations of {rows}: {imported.Value[0].Error}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            evidence.Dispose();
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
