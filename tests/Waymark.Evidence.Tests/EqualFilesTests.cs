using Shouldly;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Two downloads of one table that differ in their frame only: the store keeps the figures once, and each still leads to its own file.</summary>
public sealed class EqualFilesTests
{
    private const string Table = "Edition 2020\nCountry,Sex,Year,Persons\nDEU,Male,2005,10\nFRA,Male,2005,5\n";

    [Fact]
    public async Task Each_download_of_the_same_figures_leads_to_its_own_file_and_cell_after_a_restart_too()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("first.csv", Table);
        harness.Clock.Advance(TimeSpan.FromHours(1));
        await harness.ImportAsync("second.csv", Table.Replace("\n", "\r\n", StringComparison.Ordinal));
        await ShouldLeadToTheirFilesAsync(harness.Evidence);

        // A later start builds its cube from the store.
        using var again = await EvidenceBase.OpenAsync(new(packs.Library, Support.Areas, EvidenceFacts.Empty, harness.Store, harness.Keys, harness.Clock), alone: true, TestContext.Current.CancellationToken);
        await ShouldLeadToTheirFilesAsync(again);
    }

    private static async Task ShouldLeadToTheirFilesAsync(EvidenceBase evidence)
    {
        var told = (await evidence.ExplainAsync(EvidenceHarness.Query("own/persons", "area=DEU"), 10, TestContext.Current.CancellationToken)).Value.Single();
        told.Vintages.Select(vintage => (vintage.FileName, vintage.Cell, vintage.Raw)).Order()
            .ShouldBe([("first.csv", "first.csv:3:4", "10"), ("second.csv", "second.csv:3:4", "10")]);
    }
}
