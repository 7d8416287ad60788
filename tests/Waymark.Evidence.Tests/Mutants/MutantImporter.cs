using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text.Json;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Evidence.Importing;
using Waymark.Evidence.Tests.Oracles;
using Waymark.Formats.Tests;
using Waymark.Model;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Evidence.Tests.Mutants;

/// <summary>
/// The child process: takes damaged files in as the product does, but for the writing, under the heap limit it was started with.
/// Prints one <see cref="MutantTally"/>.
/// </summary>
internal static class MutantImporter
{
    private const double MostSeconds = 2;

    /// <summary>Damage that changes no cell: what is read must be what the undamaged file gives.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "add-mark", "gzip", "cr-only" };

    public static async Task<int> RunAsync(int from, int count)
    {
        var folder = Directory.CreateTempSubdirectory("waymark-mutants-").FullName;
        try
        {
            await using var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "store"), TimeProvider.System, null, CancellationToken.None)).Value;
            var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
            using var evidence = await EvidenceBase.OpenAsync(
                new(Support.Library, Support.Areas, OracleWorld.Facts, store, keys, TimeProvider.System), alone: true, CancellationToken.None);
            var tally = await TakeInAsync(evidence, Bases(), from, count);
            Console.Out.WriteLine(JsonSerializer.Serialize(tally));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Published files where the data folder is there, and always the figures of the packs as tables.</summary>
    private static List<(string Name, Func<byte[]> Bytes, long Length)> Bases()
    {
        var own = ReferenceEvidence.Files(new BuiltInContent(Support.Library).References)
            .Select(file => (file.FileName, new Func<byte[]>(() => file.Bytes.ToArray()), (long)file.Bytes.Length));
        var published = Support.Data is not { } data || !Directory.Exists(data) ? [] : OracleWorld.Files()
            .Select(file => (file, new Func<byte[]>(() => File.ReadAllBytes(Path.Combine(data, file))), new FileInfo(Path.Combine(data, file)).Length));
        return [.. own, .. published];
    }

    private static async Task<MutantTally> TakeInAsync(EvidenceBase evidence, List<(string Name, Func<byte[]> Bytes, long Length)> bases, int from, int count)
    {
        var tally = new MutantTally { HeapLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, HeldBefore = GC.GetTotalMemory(forceFullCollection: true) };
        var small = bases.Where(file => file.Length < 130_000).ToList();
        var undamaged = new Dictionary<string, CellCounts>(StringComparer.Ordinal);
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.GetCurrentProcess();
        for (var seed = from; seed < from + count; seed++)
        {
            // Small files stand in for most mutants; the large ones take part in every fortieth.
            var (name, bytes, _) = seed % 40 == 39 ? bases[seed / 40 % bases.Count] : small[seed % small.Count];
            var original = bytes();
            var mutant = Mutations.Make(original, seed);
            if (mutant.Bytes.Length + original.Length > 1 << 19 || seed % 16 == 0)
            {
                // What the making of mutants left behind is not the importer's: each file begins on a clean heap.
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            }

            process.Refresh();
            var before = process.TotalProcessorTime;
            var report = await ReportAsync(evidence, name, mutant.Bytes, $"{name} {mutant}", tally.Failures);
            process.Refresh();
            var seconds = (process.TotalProcessorTime - before).TotalSeconds;
            if (seconds > tally.Slowest)
            {
                (tally.Slowest, tally.SlowestFile) = (seconds, $"{name} {mutant}");
            }

            if (seconds > MostSeconds)
            {
                tally.Failures.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {mutant}: {seconds:F1} s"));
            }

            tally.Mutants++;
            tally.Kinds[mutant.Kind] = tally.Kinds.GetValueOrDefault(mutant.Kind) + 1;
            if (report is null)
            {
                continue;
            }

            tally.States[report.State.ToString()] = tally.States.GetValueOrDefault(report.State.ToString()) + 1;
            (tally.Cells, tally.Observations, tally.KeptAside) =
                (tally.Cells + report.Cells.Read, tally.Observations + report.Cells.Observations, tally.KeptAside + report.Cells.KeptAside);
            if (Harmless.Contains(mutant.Kind) && IsText(original))
            {
                if (!undamaged.TryGetValue(name, out var cells))
                {
                    undamaged[name] = cells = (await ReportAsync(evidence, name, original, name, tally.Failures))?.Cells ?? new(0, 0, 0, 0);
                }

                tally.Harmless++;
                if (cells != report.Cells)
                {
                    tally.Failures.Add($"{name} {mutant}: {report.Cells} instead of {cells}");
                }
            }
        }

        tally.Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        tally.Peak = process.PeakWorkingSet64;
        return tally;
    }

    /// <summary>The report of a dry run, judged: cells balance on every sheet, or an error says where, in both languages, with the next step.</summary>
    private static async Task<ImportReport?> ReportAsync(EvidenceBase evidence, string name, byte[] bytes, string what, List<string> failures)
    {
        ImportReport report;
        try
        {
            report = (await evidence.ImportAsync(new([new(Path.GetFileName(name), bytes)], null, DryRun: true, "mutants"), null, CancellationToken.None)).Value[0];
        }
        catch (Exception exception)
        {
            failures.Add($"{what}: {exception.GetType().Name} {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Waymark", StringComparison.Ordinal))}");
            return null;
        }

        if (report.State == ImportState.DryRun)
        {
            failures.AddRange(report.Sheets.Where(sheet => !sheet.Cells.Balances).Select(sheet => $"{what}: sheet {sheet.Name} {sheet.Cells}"));
            failures.AddRange(report.Sheets.Where(sheet => sheet.RowClasses.Values.Sum() != sheet.Rows).Select(sheet => $"{what}: sheet {sheet.Name}, {sheet.Rows} rows, {string.Join(' ', sheet.RowClasses)}"));
            if (!report.Cells.Balances || (report.Cells.Observations == 0 && report.Notes.Sum(notes => notes.Notes) == 0))
            {
                failures.Add($"{what}: {report.Cells}");
            }
        }
        else if (report.Error is not { } error || Incomplete(error))
        {
            failures.Add($"{what}: {report.State} without place, next step or language: {report.Error}");
        }

        return report;
    }

    private static bool Incomplete(Error error) => string.IsNullOrEmpty(error.Where) || error.Hint is not { } hint
        || new[] { error.Message, hint }.Any(text => text.In("en").Length == 0 || text.In("zh").Length == 0);

    private static bool IsText(byte[] bytes) => bytes.Length > 4 && bytes[0] is not ((byte)'P' or 0x1F or 0xD0 or 0xEF) && !bytes.Contains((byte)'\r');
}
