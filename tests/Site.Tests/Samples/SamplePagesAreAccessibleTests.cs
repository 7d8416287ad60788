using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Site.Tests.Casework;
using static Waymark.Site.Tests.Journeys.Site;

namespace Waymark.Site.Tests.Samples;

/// <summary>What a page holds decides whether it can be read: desks, deadlines, duties and lists are looked at with rows in them, as they stand on the invented sample.</summary>
[Collection(nameof(Sample))]
public sealed class SamplePagesAreAccessibleTests(SampleSite site)
{
    private static readonly (string Name, string Purpose, string[] Pages)[] s_seats =
    [
        ("Dan Example", "supervision", ["/me", "/protection", "/protection/retention", "/cases/breach", "/cases/subject-request"]),
        ("Nadia Example", "family-tracing", ["/me", "/cases/tracing", "/cases/tracing/new"]),
    ];

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 360)]
    public async Task Desks_and_lists_with_rows_have_no_violation_and_fit_the_screen(string language, int width)
    {
        var (playwright, browser) = await LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var (name, purpose, pages) in s_seats)
            {
                var page = await Journeys.Walk.OpenAsync(browser, site.Address, language, null, true, width);
                await page.GotoAsync("/sign-in");
                await page.FillAsync("#name", name);
                await page.FillAsync("#password", SampleSite.Password);
                await FollowAsync(page, "main form button");
                await CaseSite.StateAsync(page, purpose);
                foreach (var address in pages)
                {
                    await page.GotoAsync(address);
                    (await page.RunAxe()).Violations.Select(violation => $"{name} {address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
                    (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, address);
                }

                await page.Context.CloseAsync();
            }
        }
    }
}
