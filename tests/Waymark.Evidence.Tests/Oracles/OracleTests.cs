using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests.Oracles;

/// <summary>Every fact of oracles.csv about the files of this part, by id, asked of a store into which the published files were imported.</summary>
[Collection(nameof(OracleWorld))]
public sealed class OracleTests(OracleWorld world)
{
    private static readonly Lazy<IReadOnlyDictionary<string, OracleRow>> Oracles = new(OracleRow.Read);

    /// <summary>Facts about several files are asked of the one that carries the figure.</summary>
    private static readonly Dictionary<string, string> FileOf = new(StringComparer.Ordinal) { ["E032"] = "undesa/UN_MigrantStockTotal_2017.xlsx" };

    /// <summary>Folders of oracles.csv that later parts read.</summary>
    private static readonly string[] Later = ["unodc", "us-dhs", "globalcit", "undp", "reference", "sdg", "conflict", "htcds"];

    public static TheoryData<string> Ids() => [.. Facts.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_published_fact_is_answered(string id)
    {
        Assert.SkipWhen(Oracles.Value.Count == 0, "skipped: data folder absent");
        var row = Oracles.Value[id];
        var (got, ok) = await AskAsync(row);
        ok.ShouldBeTrue($"{id} {row.File} {row.Sheet} {row.Filter} {row.Measure}: expected {row.Value}, got {got}");
    }

    [Fact]
    public async Task Every_fact_of_this_part_is_asked_and_the_table_is_printed()
    {
        Assert.SkipWhen(Oracles.Value.Count == 0, "skipped: data folder absent");
        var lines = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Oracles.Value.Values.Where(row => !Later.Contains(row.File.Split('/')[0])))
        {
            var (got, ok) = Facts.All.ContainsKey(row.Id) ? await AskAsync(row) : ("not asked", false);
            lines[row.Id] = $"{row.Id}\t{row.Value}\t{got}\t{(ok ? "ok" : "NOT OK")}";
        }

        var table = new StringBuilder().AppendJoin('\n', lines.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)).ToString();
        TestContext.Current.TestOutputHelper?.WriteLine(table);
        lines.Values.Where(line => line.EndsWith("NOT OK", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task<(string Got, bool Ok)> AskAsync(OracleRow row)
    {
        try
        {
            var report = await world.ReportAsync(FileOf.GetValueOrDefault(row.Id) ?? row.File);
            report.State.ShouldBeOneOf([ImportState.Imported, ImportState.AlreadyPresent], report.Error?.ToString());
            var got = await Facts.All[row.Id](new(world, report));
            return (got, Same(row, got));
        }
        catch (Exception failure) when (failure is ShouldAssertException or InvalidOperationException or KeyNotFoundException)
        {
            return (failure.Message.ReplaceLineEndings(" "), false);
        }
    }

    private static bool Same(OracleRow row, string got) =>
        double.TryParse(row.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var expected) && double.TryParse(got, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Math.Abs(expected - number) <= row.Tolerance : row.Value == got;
}
