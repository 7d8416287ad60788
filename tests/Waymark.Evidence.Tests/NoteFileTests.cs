using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Notes of a publisher that come as a file of their own, beside the file with the figures.</summary>
public sealed class NoteFileTests
{
    private const string Figures = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,Asylum-seekers\n"
        + "2021,Afghanistan,AFG,Pakistan,PAK,1438432,10000\n2022,Afghanistan,AFG,Pakistan,PAK,1743785,12000\n2022,Syrian Arab Rep.,SYR,Germany,DEU,664238,60000\n";

    private const string Notes = "Footnote,Year,\"Country of origin (ISO)\",\"Country of asylum (ISO)\",\"Population type\"\n"
        + "\"Includes unregistered members, of families.\",2022,,PAK,REF\n"
        + "Government estimate.,\"2018, 2020 - 2023\",AFG,PAK,\"REF,ASY\"\n"
        + "Of another place.,2022,,TJK,REF\n"
        + "Of a code nobody knows.,2022,XQX,DEU,REF\n"
        + "Of an odd time.,the other day,,DEU,REF\n"
        + ",2022,,DEU,REF\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Notes_join_the_figures_they_speak_of_whichever_file_comes_first(bool notesFirst)
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        if (!notesFirst)
        {
            await harness.ImportAsync("population.csv", Figures);
        }

        var report = await harness.ImportAsync("footnotes.csv", Notes);
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Profile, report.Release).ShouldBe(("unhcr/footnotes@1.0.0", "2023"));
        var notes = report.Notes.ShouldHaveSingleItem();
        (notes.Notes, notes.Matched, notes.Unmatched.Count).ShouldBe(notesFirst ? (4, 0, 4) : (4, 2, 2));
        report.Unmapped.Select(code => (code.Dimension, code.Text)).ShouldBe([("origin", "XQX")]);

        // Every cell is in the equation: 7 rows of 5, of them two rows kept aside.
        report.Cells.ShouldBe(new CellCounts(35, 0, 25, 10));
        report.KeptAside.Select(row => row.Code).ShouldBe(["import.note-period", "import.note-empty"]);
        if (notesFirst)
        {
            await harness.ImportAsync("population.csv", Figures);
        }

        (await NoteAsync(harness, "population-group=REF; area=PAK", "2022")).ShouldBe("Includes unregistered members, of families. | Government estimate.");
        (await NoteAsync(harness, "population-group=REF; area=PAK", "2021")).ShouldBe("Government estimate.");
        (await NoteAsync(harness, "population-group=ASY; area=PAK", "2022")).ShouldBe("Government estimate.");
        (await NoteAsync(harness, "population-group=REF; area=DEU", "2022")).ShouldBeNull();

        var told = (await harness.Evidence.ExplainAsync(EvidenceHarness.Query("unhcr/population", "population-group=REF; area=PAK", "2022"), 10, CancellationToken.None)).Value[0];
        told.Notes.Select(note => (note.Text, note.FileName, note.Cell)).ShouldBe([
            ("Includes unregistered members, of families.", "footnotes.csv", "footnotes.csv:2:1"), ("Government estimate.", "footnotes.csv", "footnotes.csv:3:1")]);

        // What speaks of nothing here is kept and said, until its figure comes.
        var checks = (await harness.Evidence.CheckAsync("unhcr/population", CancellationToken.None)).Value.Where(finding => finding.Check == "notes-without-figures").ToList();
        checks.Select(finding => finding.Key["area"]).ShouldBe(["TJK", "DEU"], ignoreOrder: true);
        await harness.ImportAsync("tajikistan.csv", Figures.Split('\n')[0] + "\n2022,Afghanistan,AFG,Tajikistan,TJK,9000,1\n");
        (await NoteAsync(harness, "population-group=REF; area=TJK", "2022")).ShouldBe("Of another place.");
        (await harness.Evidence.CheckAsync("unhcr/population", CancellationToken.None)).Value.Count(finding => finding.Check == "notes-without-figures").ShouldBe(1);
    }

    [Fact]
    public async Task A_newer_file_of_notes_takes_the_place_of_the_older_for_the_same_figures_and_the_earlier_moment_still_shows_it()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        await harness.ImportAsync("population.csv", Figures);
        const string head = "Footnote,Year,Country of origin (ISO),Country of asylum (ISO),Population type\n";
        await harness.ImportAsync("footnotes.csv", head + "As first written.,2022,,PAK,REF\nOf Germany.,2022,,DEU,REF\n");
        var first = harness.Clock.GetUtcNow();
        await harness.ImportAsync("footnotes.csv", head + "As corrected.,2022,,PAK,REF\nOf a later year.,2023,,PAK,REF\n");
        (await NoteAsync(harness, "population-group=REF; area=PAK", "2022")).ShouldBe("As corrected.");
        (await NoteAsync(harness, "population-group=REF; area=DEU", "2022")).ShouldBe("Of Germany.");
        (await NoteAsync(harness, "population-group=REF; area=PAK", "2022", first)).ShouldBe("As first written.");

        // An older edition that comes late says nothing over what a newer one says.
        await harness.ImportAsync("footnotes-old.csv", head + "Of an old edition.,2022,,PAK,REF\n");
        (await NoteAsync(harness, "population-group=REF; area=PAK", "2022")).ShouldBe("As corrected.");
    }

    [Fact]
    public async Task The_published_file_of_notes_of_unhcr_is_read_to_the_last_cell()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        await harness.ImportAsync("population.csv", await File.ReadAllBytesAsync(Support.DataFile("unhcr/population.csv"), TestContext.Current.CancellationToken));
        var report = await harness.ImportAsync("footnotes.csv", await File.ReadAllBytesAsync(Support.DataFile("unhcr/footnotes.csv"), TestContext.Current.CancellationToken));
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Notes[0].Notes, report.KeptAside.Count, report.Unmapped.Count).ShouldBe((93, 0, 0));
        report.Cells.Balances.ShouldBeTrue();
        (await NoteAsync(harness, "population-group=REF; origin=SYR; area=TUR", "2018")).ShouldNotBeNull().Split(" | ").ShouldBe([
            "Refugee figure for Syrians in Turkey is a Government estimate.", "Refugee figure for Syrians in Turkey was a Government estimate.",
            "Since 2007, people in refugee-like situations are included in the refugee estimates. Figures as from 2007 are not fully comparable with previous years"]);
    }

    private static async Task<string?> NoteAsync(EvidenceHarness harness, string where, string period, DateTimeOffset? asOf = null) =>
        EvidenceHarness.Text(await harness.AskAsync("unhcr/population", where, period, asOf: asOf), "footnotes");
}
