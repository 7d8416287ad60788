using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>File facts of the evidence folder (README and oracles.csv), by oracle id.</summary>
public sealed class AgencyFileTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_published_file_opens_and_every_sheet_reads()
    {
        var failures = new List<string>();
        foreach (var path in Evidence.Files)
        {
            var clock = Stopwatch.StartNew();
            var opened = TabularFile.Open(Evidence.Bytes(path), Path.GetFileName(path));
            if (!opened.TryGet(out var file))
            {
                if (path != "conflict/datapackage.json")
                {
                    failures.Add($"{path}: {opened.Error}");
                }

                continue;
            }

            var sheets = file.Sheets.Select(static sheet => (sheet, read: sheet.Read())).ToList();
            failures.AddRange(sheets.Where(static pair => !pair.read.IsOk).Select(pair =>
                $"{path}: {pair.read.Error}"));
            var grids = sheets.Where(static pair => pair.read.IsOk).Select(static pair => pair.read.Value).ToList();
            output.WriteLine(FormattableString.Invariant($"{clock.ElapsedMilliseconds,5} ms {path} {file.Format} {file.Text?.Encoding} {(char)(file.Text?.Delimiter ?? 0)} sheets={file.Sheets.Count} rows={grids.Sum(static grid => grid.RowCount)} cells={grids.Sum(static grid => grid.CellCount)} faults={grids.Sum(static grid => grid.FaultCount)} fallback={file.Text?.FallbackLines.Count} {file.Sha256[..8]} {string.Join(';', file.Notes.Select(static note => note.Code))}"));
            grids.ShouldAllBe(static grid => grid.CellCount >= 0);
        }

        failures.ShouldBeEmpty();
    }
}
