using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;
using Xunit;

namespace Waymark.Evidence.Tests;

public sealed class ImportTests
{
    private const string Table = """
        Edition 2020
        Country,Sex,Year,Persons,Flag
        Germany,Both sexes,2019,"1,500",b
        Germany,Male,2019,700,bep
        Germany,Female,2019,800,
        France,Both sexes,2019,..,
        Namibia,Both sexes,2019,0,
        Atlantis,Both sexes,2019,7,
        Kenya,Both sexes,2019,*,
        Kenya,Male,2019,many,
        ,Both sexes,2019,5,
        Notes: none of this is real
        """;

    [Fact]
    public async Task A_publisher_that_is_not_in_the_list_is_added_without_code()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("anything.csv", Table);
        report.State.ShouldBe(ImportState.Imported);
        report.Release.ShouldBe("2020");
        report.Cells.Balances.ShouldBeTrue();
        report.Cells.Observations.ShouldBe(7);
        report.Unmapped.ShouldContain(code => code.Text == "Atlantis" && code.Dimension == "area");
        report.KeptAside.Select(kept => kept.Code).ShouldBe(["import.cell-unreadable", "import.row-no-area"], ignoreOrder: true);
        report.Sheets[0].Flags["bep"].ShouldBe(1);
        report.Sheets[0].RowClasses["data"].ShouldBe(8);
        report.Sheets[0].RowClasses["kept-aside"].ShouldBe(1);
        report.Sheets[0].HeaderRow.ShouldBe(2);
    }

    [Fact]
    public async Task Gaps_have_reasons_and_zero_is_a_figure()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("a.csv", Table);
        var listed = await harness.AskAsync("own/persons", "sex=_T");
        string Status(string area) => Enumerable.Range(0, listed.Rows.Count).Where(row => listed.Rows[row][0].Text == area).Select(row => EvidenceHarness.Text(listed, "status", row)!).Single();
        Status("FRA").ShouldBe("O");
        Status("KEN").ShouldBe("Q");
        Status("DEU").ShouldBe("B");
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=NAM; sex=_T")).ShouldBe(0);
        EvidenceHarness.Text(await harness.AskAsync("own/persons", "area=DEU; sex=M"), "flags").ShouldBe("bep");
    }

    [Fact]
    public async Task Unknown_codes_are_kept_and_never_part_of_a_sum()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("a.csv", Table);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "", "2019", "", "sum")).ShouldBe(1500);
        (await harness.AskAsync("own/persons", "area.kind=unmapped")).Rows[0][0].Text.ShouldBe("?Atlantis");
    }

    [Fact]
    public async Task The_same_bytes_again_are_a_no_op_and_say_so()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("a.csv", Table);
        var sequence = await harness.Store.Series.NewestSequenceAsync(CancellationToken.None);
        var again = await harness.ImportAsync("other-name.csv", Table);
        again.State.ShouldBe(ImportState.AlreadyPresent);
        (await harness.Store.Series.NewestSequenceAsync(CancellationToken.None)).ShouldBe(sequence);
        (await harness.Evidence.ImportsAsync(10, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_reports_and_stores_nothing()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("a.csv", System.Text.Encoding.UTF8.GetBytes(Table), dryRun: true);
        report.State.ShouldBe(ImportState.DryRun);
        report.Series.Single().New.ShouldBe(7);
        (await harness.Evidence.SeriesAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_report_and_the_original_bytes_are_read_back_as_they_were()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("a.csv", Table);
        var kept = (await harness.Evidence.ImportReportAsync(report.ImportId!, CancellationToken.None)).Value;
        kept.Cells.ShouldBe(report.Cells);
        kept.KeptAside.Count.ShouldBe(report.KeptAside.Count);
        var snapshot = (await harness.Evidence.SnapshotAsync(report.Sha256, CancellationToken.None)).Value;
        System.Text.Encoding.UTF8.GetString(snapshot.Bytes.Span).ShouldBe(Table);
        snapshot.Publisher.ShouldBe("own");
    }

    [Fact]
    public async Task A_new_edition_revises_and_says_how_many()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("a.csv", Table);
        var before = harness.Clock.GetUtcNow();
        harness.Clock.Advance(TimeSpan.FromDays(1));
        var second = await harness.ImportAsync("b.csv", Table.Replace("Edition 2020", "Edition 2021", StringComparison.Ordinal).Replace("700", "701", StringComparison.Ordinal));
        var series = second.Series.Single();
        (series.New, series.Revised, series.Unchanged).ShouldBe((0, 1, 6));
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=DEU; sex=M")).ShouldBe(701);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=DEU; sex=M", asOf: before)).ShouldBe(700);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=DEU; sex=M", release: "2020")).ShouldBe(700);
        var diff = (await harness.Evidence.DiffAsync("own/persons", before, harness.Clock.GetUtcNow(), 10, CancellationToken.None)).Value.Single();
        (diff.Added, diff.Revised, diff.Withdrawn, diff.Unchanged).ShouldBe((0, 1, 0, 6));
        diff.Changes.Single().Difference.ShouldBe(1);
    }

    [Fact]
    public async Task A_number_leads_back_to_its_cell_and_the_text_in_it()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("a.csv", Table);
        var explained = (await harness.Evidence.ExplainAsync(EvidenceHarness.Query("own/persons", "area=DEU; sex=_T"), 10, CancellationToken.None)).Value.Single();
        var vintage = explained.Vintages.Single();
        (vintage.Cell, vintage.Raw, vintage.Sha256, vintage.Current).ShouldBe(("a.csv:3:4", "1,500", report.Sha256, true));
    }

    [Fact]
    public async Task A_crash_between_staging_and_the_flip_leaves_nothing_visible_and_the_import_starts_afresh()
    {
        using var packs = OwnPacks.Flat();
        var folder = Directory.CreateTempSubdirectory("waymark-crash-").FullName;
        try
        {
            await using (var harness = await EvidenceHarness.OpenAsync(packs.Library, folder))
            {
                var report = await harness.ImportAsync("a.csv", System.Text.Encoding.UTF8.GetBytes(Table), dryRun: true);
                var vintage = report.Series.Single().Vintage;
                (await harness.Store.CommitAsync(new() { Actor = "test", Reason = "test.crash", Vintages = [new(vintage, "own/persons", "x", "2020", 20201231)] }, CancellationToken.None)).IsOk.ShouldBeTrue();
            }

            await using var after = await EvidenceHarness.OpenAsync(packs.Library, folder);
            (await after.Store.Series.VintagesAsync("own/persons", CancellationToken.None)).ShouldAllBe(vintage => vintage.State == VintageState.Discarded);
            (await after.ImportAsync("a.csv", Table)).State.ShouldBe(ImportState.Imported);
            EvidenceHarness.Number(await after.AskAsync("own/persons", "area=DEU; sex=M")).ShouldBe(700);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_imported_is_there_after_a_restart()
    {
        using var packs = OwnPacks.Flat();
        var folder = Directory.CreateTempSubdirectory("waymark-restart-").FullName;
        try
        {
            await using (var harness = await EvidenceHarness.OpenAsync(packs.Library, folder))
            {
                await harness.ImportAsync("a.csv", Table);
            }

            await using var after = await EvidenceHarness.OpenAsync(packs.Library, folder);
            EvidenceHarness.Number(await after.AskAsync("own/persons", "area=DEU; sex=_T")).ShouldBe(1500);
            (await after.Evidence.SeriesAsync("own/persons", CancellationToken.None)).Value.Vintages.Single().Release.ShouldBe("2020");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Files_that_no_profile_fits_or_that_cannot_be_read_are_told_apart()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        (await harness.ImportAsync("x.csv", "a,b\n1,2\n")).State.ShouldBe(ImportState.Unrecognised);
        (await harness.ImportAsync("x.xlsx", [0x50, 0x4B, 3, 4, 1, 2, 3])).State.ShouldBe(ImportState.Failed);
        (await harness.ImportAsync("empty.csv", [])).State.ShouldBe(ImportState.Failed);
    }

    [Fact]
    public async Task What_cannot_be_added_is_refused_with_the_reason()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("a.csv", "Edition 2020\nCountry,Sex,Year,Persons,Unit\nKenya,Male,2019,5,person\nKenya,Female,2019,6,case\n");
        async Task<string> Refused(string where, string? by, string measure) =>
            (await harness.Evidence.QueryAsync(EvidenceHarness.Query("own/persons", where, null, by ?? "", measure), CancellationToken.None)).Error!.Code;
        (await Refused("", null, "sum")).ShouldBe("query.mixed-units");
        (await Refused("area=Nowhere", null, "sum")).ShouldBe("query.unknown-code");
        (await Refused("colour=red", null, "sum")).ShouldStartWith("query.");
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "unit=case", null, "", "sum")).ShouldBe(6);
        (await harness.AskAsync("own/persons", "", null, "unit", "sum")).Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_figure_of_one_key_counts_and_a_repeated_one_does_not()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("a.csv", "Edition 2020\nCountry,Sex,Year,Persons\nKenya,Male,2019,5\nKenya,Male,2019,5\nKenya,Male,2019,7\nKenya,Female,2019,1\n");
        report.DuplicateKeyCount.ShouldBe(1);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=KEN; sex=M", null, "", "sum")).ShouldBe(12);
    }
}
