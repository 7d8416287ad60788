using System.IO.Compression;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Archives as agencies offer them for download: one text with data, others beside it.</summary>
public sealed class ArchiveTests
{
    private const string WdiData = "\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2019\",\"2020\",\"2021\"\n"
        + "\"Germany\",\"DEU\",\"International migrant stock, total\",\"SM.POP.TOTL\",\"13132146\",\"15762457\",\"\"\n"
        + "\"Kenya\",\"KEN\",\"International migrant stock, total\",\"SM.POP.TOTL\",\"1044854\",\"1050147\",\"\"\n";

    private const string WdiCountry = "Country Code,Short Name,Region\nDEU,Germany,Europe & Central Asia\nKEN,Kenya,Sub-Saharan Africa\n";
    private const string WdiSeries = "Series Code,Topic,Indicator Name\nSM.POP.TOTL,Social: Migration,\"International migrant stock, total\"\n";

    private const string WdiNotes = "CountryCode,SeriesCode,Year,DESCRIPTION\nDEU,SM.POP.TOTL,YR2020,Includes refugees.\n"
        + "KEN,SM.POP.TOTL,YR2019,Estimate.\nKEN,SM.POP.TOTL,YR2020,Estimate.\nXXX,SM.POP.TOTL,YR2020,Of a country that is not there.\n";

    [Fact]
    public async Task The_bulk_archive_of_the_world_bank_is_read_by_its_data_member_and_its_footnotes_are_joined()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var bytes = Zip(("WDICountry.csv", WdiCountry), ("WDIData.csv", WdiData), ("WDISeries.csv", WdiSeries), ("WDIfootnote.csv", WdiNotes));
        var report = await harness.ImportAsync("WDI_CSV.zip", bytes);
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Profile, report.MediaType).ShouldBe(("world-bank/wdi@1.0.0", "application/zip"));
        report.Sheets.Select(sheet => sheet.Name).ShouldBe(["WDICountry.csv", "WDIData.csv", "WDISeries.csv", "WDIfootnote.csv"]);

        // Every cell of every member is in the equation: 9 + 21 + 6 + 20.
        report.Cells.Read.ShouldBe(9 + 21 + 6 + 20);
        report.Cells.Read.ShouldBe(report.Cells.Observations + report.Cells.Structural + report.Cells.KeptAside);
        report.Cells.Observations.ShouldBe(6);
        report.Sheets.Single(sheet => sheet.Name == "WDIfootnote.csv").Structural["beside"].ShouldBe(20);
        report.Warnings.ShouldNotContain(warning => warning.Code == "import.member-unknown");

        var germany = await harness.AskAsync("world-bank/wdi", "area=DEU", "2019..2020");
        germany.Rows.Count.ShouldBe(2);
        EvidenceHarness.Text(germany, "footnotes", 0).ShouldBeNull();
        EvidenceHarness.Text(germany, "footnotes", 1).ShouldBe("n1: Includes refugees.");
        EvidenceHarness.Text(germany, "cell", 1).ShouldBe("WDI_CSV.zip/WDIData.csv:2:6");
        EvidenceHarness.Text(await harness.AskAsync("world-bank/wdi", "area=KEN", "2019"), "footnotes").ShouldBe("n2: Estimate.");

        // The number is found again in the member of the kept archive, and the same archive is known.
        var told = (await harness.Evidence.ExplainAsync(EvidenceHarness.Query("world-bank/wdi", "area=DEU", "2020"), 10, TestContext.Current.CancellationToken)).Value;
        told[0].Vintages[0].Raw.ShouldBe("15762457");
        (await harness.ImportAsync("WDI_CSV.zip", bytes)).State.ShouldBe(ImportState.AlreadyPresent);
    }

    [Fact]
    public async Task The_archive_of_one_indicator_has_its_preamble_and_metadata_beside_the_data()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var data = "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2026-07-01\",\n\n" + WdiData;
        var report = await harness.ImportAsync("API_SM.POP.TOTL_DS2_en_csv_v2_1.zip", Zip(
            ("Metadata_Indicator_API_SM.POP.TOTL_DS2_en_csv_v2_1.csv", "\"INDICATOR_CODE\",\"INDICATOR_NAME\",\"SOURCE_NOTE\"\n\"SM.POP.TOTL\",\"Stock\",\"Note\"\n"),
            ("API_SM.POP.TOTL_DS2_en_csv_v2_1.csv", data),
            ("Metadata_Country_API_SM.POP.TOTL_DS2_en_csv_v2_1.csv", "\"Country Code\",\"Region\",\"TableName\"\n\"DEU\",\"Europe\",\"Germany\"\n")));
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        report.Release.ShouldBe("2026-07-01");
        report.Cells.Observations.ShouldBe(6);
        report.Cells.Read.ShouldBe(report.Cells.Observations + report.Cells.Structural + report.Cells.KeptAside);
    }

    [Fact]
    public async Task The_download_of_the_refugee_data_finder_is_read_with_its_footnotes()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        const string data = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,Asylum-seekers\n"
            + "2022,Afghanistan,AFG,Germany,DEU,191235,41471\n2022,Syrian Arab Rep.,SYR,Germany,DEU,664238,60000\n";
        const string notes = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Footnote\n2022,Afghanistan,AFG,Germany,DEU,Figures are of the middle of the year.\n";
        var report = await harness.ImportAsync("query_data.zip", Zip(("persons_of_concern.csv", data), ("footnotes.csv", notes), ("__MACOSX/._footnotes.csv", "\0")));
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Cells.Observations, report.Cells.Read).ShouldBe((4, 21 + 12));
        EvidenceHarness.Text(await harness.AskAsync("unhcr/population", "origin=AFG; population-group=REF", "2022"), "footnotes").ShouldBe("Figures are of the middle of the year.");
        EvidenceHarness.Text(await harness.AskAsync("unhcr/population", "origin=SYR; population-group=REF", "2022"), "footnotes").ShouldBeNull();
    }

    [Fact]
    public async Task A_member_that_nobody_described_and_one_that_is_no_text_are_told_and_give_no_figures()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var report = await harness.ImportAsync("WDI_CSV.zip", Zip(("WDIData.csv", WdiData), ("extra.csv", WdiData), ("readme.pdf", "%PDF-1.7 nothing")));
        report.State.ShouldBe(ImportState.Imported, report.Error?.ToString());
        (report.Cells.Observations, report.Cells.Read).ShouldBe((6, 42));
        report.Warnings.ShouldContain(warning => warning.Code == "import.member-unknown" && warning.Where!.Contains("extra.csv", StringComparison.Ordinal));
        report.Warnings.ShouldContain(warning => warning.Code == "archive.member-left" && warning.Where!.Contains("readme.pdf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Archives_that_are_bombs_or_damaged_or_hold_no_text_are_refused_with_the_place()
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var bomb = await harness.ImportAsync("bomb.zip", Zip(("WDIData.csv", WdiData + new string(',', 40 << 20))));
        (bomb.State, bomb.Error!.Kind).ShouldBe((ImportState.Failed, Model.ErrorKind.TooLarge));
        var damaged = Zip(("WDIData.csv", string.Concat(Enumerable.Repeat(WdiData, 50))));
        damaged[60] ^= 0x55;
        (await harness.ImportAsync("damaged.zip", damaged)).State.ShouldBe(ImportState.Failed);
        var none = await harness.ImportAsync("pictures.zip", Zip(("a.pdf", "%PDF-1.7"), ("inner.zip", Encoding.Latin1.GetString(Zip(("WDIData.csv", WdiData))))));
        none.State.ShouldBe(ImportState.Failed);
        none.Error!.Message.In("en").ShouldContain("without a delimited text");
    }

    private static byte[] Zip(params (string Name, string Text)[] members)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in members)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(name.EndsWith(".zip", StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }
}
