using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests.Oracles;

[CollectionDefinition(nameof(OracleWorld))]
public sealed class OracleCollection : ICollectionFixture<OracleWorld>;

/// <summary>What holds for every published file of this part, whatever it says.</summary>
[Collection(nameof(OracleWorld))]
public sealed class PublishedFileTests(OracleWorld world)
{
    /// <summary>Texts that no code list knows, file by file, with the reason why that is right.</summary>
    private static readonly Dictionary<(string Folder, string Text), string> Accepted = new()
    {
        [("worldbank", "INX")] = "\"Not classified\": a group without members",
        [("eurostat", "not stated")] = "the reduced workbook does not say whose citizenship it counts; such figures are listed, never added",
    };

    public static TheoryData<string> Files() => [.. OracleWorld.Files().DefaultIfEmpty("")];

    public static TheoryData<string> FilesWithoutFigures() => [.. OracleWorld.NotEvidence.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_published_file_is_read_by_one_profile_and_nothing_is_lost(string file)
    {
        Assert.SkipWhen(file.Length == 0, "skipped: data folder absent");
        var fitting = OracleWorld.Interpreter.Recognise(OracleWorld.Input(file), null, TestContext.Current.CancellationToken).Candidates.Where(candidate => candidate.Fits).Select(candidate => candidate.Profile.Id);
        fitting.ShouldHaveSingleItem();
        var report = await world.ReportAsync(file);
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Cells.Observations + report.Notes.Sum(notes => notes.Notes)).ShouldBeGreaterThan(0);
        foreach (var sheet in report.Sheets)
        {
            sheet.Cells.Balances.ShouldBeTrue($"{file} {sheet.Name}: {sheet.Cells}");
            sheet.Cells.Structural.ShouldBe(sheet.Structural.Values.Sum());
            sheet.RowClasses.Values.Sum().ShouldBe(sheet.Rows);
        }

        report.Series.Sum(series => series.Observations).ShouldBe(report.Cells.Observations);
        report.Cells.KeptAside.ShouldBe(0, string.Join("\n", report.KeptAside.Take(5)));
        report.KeptAside.ShouldAllBe(kept => kept.Code == "import.row-repaired");
        report.Unmapped.Where(code => !Accepted.ContainsKey((file.Split('/')[0], code.Text))).ShouldBeEmpty();
        report.Warnings.Select(warning => warning.Code).ShouldNotContain("import.series-undeclared");
        report.Warnings.Select(warning => warning.Code).ShouldNotContain("import.column-not-described");
        report.Warnings.Select(warning => warning.Code).ShouldNotContain("import.dimension-not-declared");
    }

    [Theory]
    [MemberData(nameof(FilesWithoutFigures))]
    public async Task A_file_without_figures_is_refused_with_a_reason(string file)
    {
        Assert.SkipWhen(Support.Data is null, "skipped: data folder absent");
        var report = await world.ReportAsync(file);
        report.State.ShouldBe(ImportState.Unrecognised, OracleWorld.NotEvidence[file]);
        report.Error.ShouldNotBeNull();
    }

    [Fact]
    public void All_packs_load_without_error()
    {
        OracleWorld.Catalogue.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        Support.Outcome!.Errors.Select(error => error.ToString()).ShouldBeEmpty();
    }
}
