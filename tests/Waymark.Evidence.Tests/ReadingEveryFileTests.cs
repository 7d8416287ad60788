using Xunit;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Importing;
using Waymark.Formats;

namespace Waymark.Evidence.Tests;

public sealed class ReadingEveryFileTests
{
    [Fact]
    public void Every_pack_of_profiles_and_series_loads_without_error()
    {
        Support.Catalogue.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        Support.Outcome!.Errors.Select(error => error.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_published_file_that_a_profile_fits_balances_its_cells()
    {
        Assert.SkipWhen(Support.Data is null, "skipped: data folder absent");
        var interpreter = new FileInterpreter(Support.Catalogue, PersonDetector.From(Support.Library), ReadLimits.Default);
        var log = new StringBuilder();
        var unbalanced = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Support.Data!, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Support.Data!, path);
            var clock = Stopwatch.StartNew();
            var input = new ImportInput(Path.GetFileName(path), File.ReadAllBytes(path));
            var recognised = interpreter.Recognise(input, null, CancellationToken.None);
            if (recognised.Persons.Count > 0)
            {
                unbalanced.Add($"{name}: taken for a list of persons ({string.Join(", ", recognised.Persons)})");
            }

            if (recognised.Profile is null)
            {
                log.AppendLine(CultureInfo.InvariantCulture, $"-- {name}: {recognised.Error?.ToString() ?? "no profile"}");
                continue;
            }

            var read = interpreter.Read(recognised, null, CancellationToken.None);
            if (!read.TryGet(out var interpreted))
            {
                log.AppendLine(CultureInfo.InvariantCulture, $"!! {name}: {recognised.Profile.Id}: {read.Error}");
                continue;
            }

            var report = Reports.Of(input, recognised, interpreted, ImportState.DryRun, null, []);
            log.AppendLine(CultureInfo.InvariantCulture, $"ok {name}: {recognised.Profile.Id} release {interpreted.Release} {clock.ElapsedMilliseconds} ms; {report.Cells}; unmapped {report.Unmapped.Count}; aside {report.KeptAside.Count}; dup {report.DuplicateKeyCount}; ").AppendLine(string.Join(", ", interpreted.Reading.Sinks.Select(sink => $"{sink.Series.Id} {sink.Total} [{sink.First}..{sink.Last}] {string.Join('/', sink.ByStatus.Select(pair => $"{pair.Key}={pair.Value}"))}")));
            foreach (var sheet in report.Sheets.Where(sheet => !sheet.Cells.Balances))
            {
                unbalanced.Add($"{name} {sheet.Name}: {sheet.Cells}");
            }

            foreach (var sheet in report.Sheets.Where(sheet => sheet.RowClasses.Values.Sum() != sheet.Rows))
            {
                unbalanced.Add($"{name} {sheet.Name}: rows {sheet.Rows}, classes {string.Join(", ", sheet.RowClasses)}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(log.ToString());
        unbalanced.ShouldBeEmpty();
    }
}
