using System.Net;
using Microsoft.Playwright;

namespace Waymark.Site.Tests.Journeys;

/// <summary>Whoever reads pages gets a page when something fails; programs get problem details.</summary>
public sealed class FailuresAreExplainedTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("/nothing/here", "en", "Nothing here")]
    [InlineData("/data/nobody/nothing", "en", "Nothing here")]
    [InlineData("/definitions/XX.nothing", "zh", "此处没有内容")]
    [InlineData("/sources/imports/none", "zh", "此处没有内容")]
    public async Task An_address_with_nothing_at_it_is_a_page_with_a_way_on(string address, string language, string title)
    {
        var page = await site.OpenAsync(language, script: false);
        var answer = await page.GotoAsync(address);
        answer!.Status.ShouldBe((int)HttpStatusCode.NotFound);
        (await page.TextContentAsync("h1")).ShouldBe(title);
        (await page.Locator("main a.btn").CountAsync()).ShouldBe(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_that_is_refused_says_what_to_do_on_a_page()
    {
        var page = await site.SignedInAsync("en", script: false);
        await page.GotoAsync("/sources");
        await page.SetInputFilesAsync("#files", [.. Enumerable.Range(0, 201).Select(n => new FilePayload { Name = $"{n}.csv", MimeType = "text/csv", Buffer = "a"u8.ToArray() })]);
        await Site.FollowAsync(page, "form.drop button");
        (await page.TextContentAsync("[role=alert]"))!.ShouldContain("1 to 200 files");
        (await page.Locator("main a.btn").CountAsync()).ShouldBe(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_program_gets_problem_details_at_the_same_address()
    {
        using var client = new HttpClient { BaseAddress = site.Address };
        using var answer = await client.GetAsync("/data/nobody/nothing");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"code\":");
    }
}
