using Microsoft.Playwright;

namespace Waymark.Site.Tests.Journeys;

/// <summary>J12: an officer registers national definitions, sees whose figures compare and why others do not, and the coverage map (S008, S027, S065, SEED-O22).</summary>
public sealed class J12_Definitions_do_not_match(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("en", "Does not compare", "Compares")]
    [InlineData("zh", "不可比", "可比")]
    public async Task An_officer_registers_and_sees_who_compares(string language, string refused, string comparable)
    {
        var page = await site.SignedInAsync(language, script: false);
        var topic = language == "en" ? "immigration" : "emigration";
        await RegisterAsync(page, "DEU", topic, "UsualResidence");
        await RegisterAsync(page, "FRA", topic, "UsualResidence");
        await RegisterAsync(page, "ITA", topic, "Citizenship");
        await page.GotoAsync($"/definitions/DEU.{topic}");
        var rows = page.Locator("#compares ~ * tbody tr, section:has(#compares) tbody tr");
        (await rows.Filter(new() { HasText = refused }).CountAsync()).ShouldBeGreaterThanOrEqualTo(1);
        (await rows.Filter(new() { HasText = comparable }).CountAsync()).ShouldBeGreaterThanOrEqualTo(1);

        await page.GotoAsync("/definitions");
        var text = await page.TextContentAsync("main");
        text!.ShouldContain("45");
        text!.ShouldContain("24");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_asked_to_be_told_is_told()
    {
        var page = await site.SignedInAsync("en", script: false);
        await RegisterAsync(page, "ESP", "refugees", "Mandate");
        await page.ClickAsync("form[action='/definitions/watch'] button");
        await page.GotoAsync("/definitions/new?id=ESP.refugees");
        await page.FillAsync("#validFrom", "2025");
        await page.ClickAsync("main form.panel button");
        await page.GotoAsync("/definitions");
        (await page.Locator("#told").CountAsync()).ShouldBe(1);
        await page.GotoAsync("/definitions/ESP.refugees");
        (await page.Locator(".route.hist li").CountAsync()).ShouldBe(2, "both versions stay");
        await page.Context.CloseAsync();
    }

    private static async Task RegisterAsync(IPage page, string area, string topic, string basis)
    {
        await page.GotoAsync("/definitions/new");
        await page.SelectOptionAsync("#area", area);
        await page.SelectOptionAsync("#topic", topic);
        await page.SelectOptionAsync("#concept", "Flow");
        await page.SelectOptionAsync("#basis", basis);
        await page.SelectOptionAsync("#duration", "TwelveMonths");
        await page.SelectOptionAsync("#source", "Register");
        await page.SelectOptionAsync("#counts", "Person");
        await page.FillAsync("#law", "Act on statistics (invented)");
        await page.FillAsync("#article", "4");
        await page.FillAsync("#text", "A person who takes up usual residence for at least twelve months (invented).");
        await page.FillAsync("#validFrom", "2021");
        await page.ClickAsync("main form.panel button");
        page.Url.ShouldEndWith($"/definitions/{area}.{topic}");
    }
}
