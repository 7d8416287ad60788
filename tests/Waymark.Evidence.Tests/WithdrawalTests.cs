using Shouldly;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Features;
using Xunit;

namespace Waymark.Evidence.Tests;

public sealed class WithdrawalTests
{
    private const string Older = "Edition 2020\nCountry,Sex,Year,Persons\nDEU,Male,2005,10\nFRA,Male,2005,5\nFRA,Female,2005,6\nFRA,Male,2006,7\n";
    private const string Newer = "Edition 2021\nCountry,Sex,Year,Persons\nDEU,Male,2005,11\n";

    [Fact]
    public async Task A_figure_that_the_newest_complete_edition_lacks_is_told_as_withdrawn_and_the_past_still_shows_it()
    {
        using var packs = OwnPacks.Flat("complete");
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("2020.csv", Older);
        harness.Clock.Advance(TimeSpan.FromHours(1));
        var before = harness.Clock.GetUtcNow();
        harness.Clock.Advance(TimeSpan.FromHours(1));
        (await harness.ImportAsync("2021.csv", Newer)).Series[0].Withdrawn.ShouldBe(1);

        var now = await harness.AskAsync("own/persons", "area=FRA", "2005", "", null);
        now.Rows.Count.ShouldBe(1);
        EvidenceHarness.Number(now).ShouldBe(6, "the newer edition says nothing of women");
        now.Notes.ShouldContain(note => note.In("en").Contains("1 figures that match were withdrawn", StringComparison.Ordinal) && note.In("zh").Contains("撤回", StringComparison.Ordinal));
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=M", "2005", "period", "sum")).ShouldBe(11);

        var then = await harness.AskAsync("own/persons", "area=FRA; sex=M", "2005", asOf: before);
        EvidenceHarness.Number(then).ShouldBe(5);
        then.Notes.ShouldNotContain(note => note.In("en").Contains("withdrawn", StringComparison.Ordinal));
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=M", "2005", "period", "sum", asOf: before)).ShouldBe(15);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=FRA; sex=M", "2005", release: "2020")).ShouldBe(5);

        var told = (await harness.Evidence.ExplainAsync(EvidenceHarness.Query("own/persons", "area=FRA; sex=M", "2005"), 10, TestContext.Current.CancellationToken)).Value;
        told[0].Vintages.Select(vintage => (vintage.Release, vintage.Value, vintage.Current, vintage.Withdrawn)).ShouldBe([("2020", "5", false, true)]);
    }

    [Fact]
    public async Task An_older_edition_imported_late_brings_back_nothing_that_a_newer_complete_one_lacks()
    {
        using var packs = OwnPacks.Flat("complete");
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("2021.csv", Newer);
        (await harness.ImportAsync("2020.csv", Older)).Series[0].Withdrawn.ShouldBe(1);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=M", "2005", "period", "sum")).ShouldBe(11);
        (await harness.AskAsync("own/persons", "area=FRA; sex=M", "2005")).Rows.ShouldBeEmpty();

        // A later start builds its cube from the store and comes to the same.
        using var again = await EvidenceBase.OpenAsync(new(packs.Library, Support.Areas, EvidenceFacts.Empty, harness.Store, harness.Keys, harness.Clock), alone: true, TestContext.Current.CancellationToken);
        var answer = await again.QueryAsync(EvidenceHarness.Query("own/persons", "sex=M", "2005", "period", "sum"), TestContext.Current.CancellationToken);
        EvidenceHarness.Number(answer.Value).ShouldBe(11);
    }

    [Fact]
    public async Task A_partial_edition_withdraws_nothing()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("2020.csv", Older);
        (await harness.ImportAsync("2021.csv", Newer)).Series[0].Withdrawn.ShouldBe(0);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=FRA; sex=M", "2005")).ShouldBe(5);
    }
}
