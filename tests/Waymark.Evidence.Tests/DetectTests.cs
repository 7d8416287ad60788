using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>What a file is, from what is in it; and what to do when nothing fits.</summary>
public sealed class DetectTests
{
    [Theory]
    [InlineData("tidy/irreg_mexico_nat.csv", "national/mexico-nationality", "mexico-upm/irregular-situation")]
    [InlineData("tidy/irreg_honduras_nat.csv", "national/honduras-nationality", "honduras-inm/irregular-entries")]
    public async Task Two_tables_of_one_layout_are_told_apart_by_whose_nationals_they_never_name(string file, string profile, string series)
    {
        await using var harness = await EvidenceHarness.OpenAsync();
        var report = await harness.ImportAsync("table.csv", await File.ReadAllBytesAsync(Support.DataFile(file), TestContext.Current.CancellationToken), dryRun: true);
        report.Profile!.Split('@')[0].ShouldBe(profile);
        report.Series.ShouldHaveSingleItem().Series.ShouldBe(series);
    }

    [Fact]
    public async Task A_table_that_does_not_say_what_it_counts_needs_a_name_that_does()
    {
        var bytes = await File.ReadAllBytesAsync(Support.DataFile("eurostat/EU_Immigration_by_Citizenship.xls"), TestContext.Current.CancellationToken);
        await using var harness = await EvidenceHarness.OpenAsync();
        (await harness.ImportAsync("EU_Immigration_by_Citizenship.xls", bytes, dryRun: true)).Series.Single().Series.ShouldBe("eurostat/immigration");
        (await harness.ImportAsync("migr_imm1ctz (1).xls", bytes, dryRun: true)).Series.Single().Series.ShouldBe("eurostat/immigration");
        var detected = await harness.Evidence.DetectAsync(new("table.xls", bytes), CancellationToken.None);
        detected.Candidates.ShouldAllBe(candidate => !candidate.Fits);
        detected.Candidates[0].Profile.ShouldBe("eurostat/data-explorer-reduced");
        detected.Advice[0].In("en").ShouldContain("the name of the file must");
        detected.Advice[0].In("zh").ShouldContain("文件名");
    }

    [Fact]
    public async Task A_file_that_nearly_fits_is_answered_with_the_labels_it_lacks()
    {
        const string Renamed = "Year,Country of origin,Country of asylums,Refugees under UNHCR,Asylum seekers\n2022,Syria,Germany,5,6\n";
        await using var harness = await EvidenceHarness.OpenAsync();
        var detected = await harness.Evidence.DetectAsync(new("x.csv", System.Text.Encoding.UTF8.GetBytes(Renamed)), CancellationToken.None);
        detected.Candidates.ShouldAllBe(candidate => !candidate.Fits);
        var advice = string.Join("\n", detected.Advice.Select(text => text.In("en")));
        advice.ShouldContain("unhcr/");
        advice.ShouldContain("the nearest is \"country of asylums\"");
        advice.ShouldContain("add-a-source.md");
        var report = await harness.ImportAsync("x.csv", Renamed);
        report.State.ShouldBe(ImportState.Unrecognised);
        report.Error!.Hint!.In("en").ShouldContain("Nearest: unhcr/");
    }
}
