using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Tests.Oracles;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>The source dates its editions and not its requirements: a requirement has no period, and editions follow one another.</summary>
public sealed class PassportIndexTests
{
    private const string Older = "Passport,Destination,Code\nJP,CN,0\nJP,DE,3\n";
    private const string Newer = "Passport,Destination,Requirement\nJP,CN,30\nJP,DE,90\n";

    [Fact]
    public async Task A_newer_edition_takes_the_place_of_the_older_and_the_older_stays_in_the_history()
    {
        await using var harness = await EvidenceHarness.OpenAsync(facts: OracleWorld.Facts);
        (await harness.ImportAsync("passport-2019-11-23.csv", Older)).State.ShouldBe(ImportState.Imported);
        (await harness.ImportAsync("passport-2025-01-12.csv", Newer)).State.ShouldBe(ImportState.Imported);
        var question = EvidenceHarness.Query("passport-index/visa-requirements", "passport=JPN; area=CHN");
        var now = (await harness.Evidence.QueryAsync(question, TestContext.Current.CancellationToken)).Value;
        EvidenceHarness.Text(now, "period").ShouldBe("undated");
        EvidenceHarness.Text(now, "value").ShouldBe("visa-free");
        now.Rows.Count.ShouldBe(1);
        (now.Names["value"]["visa-free"].In("en"), now.Names["value"]["visa-free"].In("zh")).ShouldBe(("No visa needed", "免签证"));
        var told = (await harness.Evidence.ExplainAsync(question, 1, TestContext.Current.CancellationToken)).Value[0].Vintages;
        told.Select(vintage => (vintage.Value, vintage.ValueName!.In("zh"))).ShouldBe([("visa-free", "免签证"), ("visa-required", "需要签证")]);
        var all = (await harness.Evidence.QueryAsync(question with { IncludeHistory = true }, TestContext.Current.CancellationToken)).Value;
        var (value, release) = (EvidenceHarness.Column(all, "value"), EvidenceHarness.Column(all, "release"));
        all.Rows.Select(row => (row[release].Text, row[value].Text)).Order().ShouldBe([("2019-11-23", "visa-required"), ("2025-01-12", "visa-free")]);
    }
}
