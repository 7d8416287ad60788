using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Tests.Oracles;
using Xunit;

namespace Waymark.Evidence.Tests.Unseen;

/// <summary>
/// Layouts that the publishers use elsewhere or use now, written after their published descriptions with a few rows each: the
/// profiles are made for the publisher, not for the files that happen to lie here. <c>cases/expected.csv</c> says what must come out;
/// a file <c>*.sheets.txt</c> is a workbook, tab between cells, "=== name" before each sheet.
/// </summary>
public sealed class UnseenFileTests
{
    private static readonly string Folder = Path.Combine(Support.Root, "tests", "Waymark.Evidence.Tests", "Unseen", "cases");

    public static TheoryData<string> Cases() => [.. Lines().Select(line => line[0])];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_layout_of_the_publisher_that_was_never_seen_imports(string file)
    {
        var expected = Lines().Single(line => line[0] == file);
        await using var harness = await EvidenceHarness.OpenAsync(facts: OracleWorld.Facts);
        var report = await harness.ImportAsync(file.Replace(".sheets.txt", ".xlsx", StringComparison.Ordinal), Bytes(file));
        var said = string.Join("\n", report.Warnings.Append(report.Error)) + string.Join("\n", report.Sheets.Select(sheet => $"{sheet.Name}: {sheet.Table} {string.Join(' ', sheet.RowClasses)} {string.Join(' ', sheet.Structural)}"));
        report.State.ShouldBe(ImportState.Imported, said);
        report.Profile!.Split('@')[0].ShouldBe(expected[1]);
        report.Cells.Balances.ShouldBeTrue();
        report.Unmapped.ShouldBeEmpty();
        report.KeptAside.ShouldBeEmpty();
        report.Cells.KeptAside.ShouldBe(0);
        report.DuplicateKeyCount.ShouldBe(0);
        report.Cells.Observations.ShouldBe(long.Parse(expected[2], CultureInfo.InvariantCulture), said);
        var question = expected[3].Split('|').Select(part => part.Trim()).ToArray();
        var answer = await harness.AskAsync(question[0], question[1], question[2].Length == 0 ? null : question[2]);
        answer.Rows.Count.ShouldBe(1, EvidenceHarness.Show(answer));
        EvidenceHarness.Number(answer).ShouldBe(expected[4].Length == 0 ? null : decimal.Parse(expected[4], CultureInfo.InvariantCulture), EvidenceHarness.Show(answer));
        EvidenceHarness.Text(answer, "status").ShouldBe(expected[5]);
    }

    [Fact]
    public void Every_case_that_lies_there_is_expected() =>
        Directory.GetFiles(Folder).Select(Path.GetFileName).Where(name => name != "expected.csv").Order(StringComparer.Ordinal)
            .ShouldBe(Lines().Select(line => line[0]).Order(StringComparer.Ordinal));

    private static byte[] Bytes(string file)
    {
        var path = Path.Combine(Folder, file);
        return file.EndsWith(".sheets.txt", StringComparison.Ordinal) ? Workbook(File.ReadAllLines(path)) : File.ReadAllBytes(path);
    }

    private static byte[] Workbook(string[] lines)
    {
        var sheets = new List<(string Name, List<string[]> Rows)>();
        foreach (var line in lines)
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                sheets.Add((line[4..], []));
            }
            else
            {
                sheets[^1].Rows.Add([.. line.Split('\t').Select(cell => cell.Replace("\\n", "\n", StringComparison.Ordinal))]);
            }
        }

        return SmallWorkbook.Of([.. sheets.Select(sheet => (sheet.Name, (IEnumerable<string[]>)sheet.Rows))]);
    }

    /// <summary>File; profile; observations; "series | where | period"; value; status.</summary>
    private static IEnumerable<string[]> Lines() => File.ReadAllLines(Path.Combine(Folder, "expected.csv"), Encoding.UTF8).Skip(1)
        .Where(line => line.Length > 0).Select(line => line.Split(','));
}
