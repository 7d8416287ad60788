namespace Waymark.Site.Tests.Journeys;

/// <summary>A real browser sends headers no test client sends; signing in is therefore proved in one, with and without script.</summary>
public sealed class SigningInTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", true)]
    [InlineData("en", false)]
    [InlineData("zh", false)]
    public async Task A_steward_signs_in_and_is_offered_to_import(string language, bool script)
    {
        var page = await site.SignedInAsync(language, script);
        await page.GotoAsync("/sources");
        (await page.Locator("#files").CountAsync()).ShouldBe(1);
        await page.Context.CloseAsync();
    }
}
