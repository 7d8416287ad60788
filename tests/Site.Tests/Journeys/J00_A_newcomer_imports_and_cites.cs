using Microsoft.Playwright;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// The newcomer's path of Part 1: import a file by the form on /sources, see the series, find the cell of one number, get the original back,
/// cite it, download it; in both languages, with and without script.
/// </summary>
public sealed class J00_A_newcomer_imports_and_cites(Site site) : IClassFixture<Site>
{
    private const string File = """
        Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,Asylum-seekers
        2021,Syrian Arab Rep.,SYR,Germany,DEU,621777,*
        2022,Syrian Arab Rep.,SYR,Germany,DEU,522575,1200
        2022,Syrian Arab Rep.,SYR,Türkiye,TUR,3535898,0
        2022,Nowhere in the list,QQQ,Germany,DEU,7,-
        """;

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", true)]
    [InlineData("en", false)]
    [InlineData("zh", false)]
    public async Task A_file_becomes_a_series_whose_numbers_lead_back_to_their_cells(string language, bool script)
    {
        var page = await site.SignedInAsync(language, script);
        await Site.ImportAsync(page, "population.csv", File);
        await page.GotoAsync("/sources");
        await page.ClickAsync("a:has-text('population.csv')");
        (await page.ContentAsync()).ShouldContain("QQQ");
        (await page.Locator(".facts .tag.ok").CountAsync()).ShouldBe(1, "the cell equation holds");

        await page.GotoAsync("/data/unhcr/population?view=table&area=DEU&origin=SYR&population-group=REF&from=2022&to=2022");
        (await page.TextContentAsync("main table"))!.ShouldContain("522,575");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe(language == "zh" ? "zh-Hans" : "en");

        await page.ClickAsync("main tbody td a");
        var explained = await page.TextContentAsync("main");
        explained!.ShouldContain("population.csv");
        explained!.ShouldContain("522575");

        var snapshot = await page.GetAttributeAsync("main .facts a", "href");
        var original = await page.APIRequest.GetAsync(snapshot!);
        (await original.TextAsync()).ShouldBe(File);

        await page.GotoAsync("/data/unhcr/population/cite");
        (await page.TextContentAsync("main pre"))!.ShouldStartWith(language == "zh" ? "联合国难民" : "United Nations High Commissioner");

        var csv = await (await page.APIRequest.GetAsync("/data/unhcr/population.csv?area=DEU&population-group=REF&from=2022")).TextAsync();
        csv.ShouldContain("522575");
        csv.Split('\n')[0].ShouldContain("area");
        csv.Split('\n')[0].ShouldContain("value");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_same_file_again_is_said_to_be_there()
    {
        var page = await site.SignedInAsync("en");
        await Site.ImportAsync(page, "population.csv", File);
        await Site.ImportAsync(page, "population.csv", File);
        (await page.TextContentAsync("main"))!.ShouldContain("Already here");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_unknown_file_says_what_to_do_and_stores_nothing()
    {
        var page = await site.SignedInAsync("en");
        await Site.ImportAsync(page, "notes.csv", "thing,count\nstone,3\n");
        (await page.TextContentAsync("main"))!.ShouldContain("No layout fits");
        await page.Context.CloseAsync();
    }
}
