using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Waymark.Evidence.Contracts;

namespace Waymark.Site.Tests.Journeys;

/// <summary>Every page: axe without findings at 360 and 1440 pixels, light and dark, in both languages; no horizontal scroll; weights within the ruling; nothing asked of other hosts.</summary>
public sealed class PagesAreAccessibleTests(Site site) : IClassFixture<Site>, IAsyncLifetime
{
    private static readonly string[] Pages =
    [
        "/", "/data", "/data/wmr/migrant-stock?view=chart", "/data/wmr/migrant-stock?view=table", "/data/reference/key-figures?view=table", "/data/wmr/migrant-stock?view=sources",
        "/data/wmr/migrant-stock/explain?area=WORLD&measure=stock&from=2020&to=2020", "/data/wmr/migrant-stock/cite", "/data/across/migrant-stock", "/sources", "/quality", "/definitions", "/jobs",
        "/data/unhcr/population?view=map", "/data/unhcr/population?view=table&area=DEU&asOf=2100-01-01", "/data/unhcr/population/explain?area=DEU&from=2022&to=2022",
        "/data/unhcr/population?view=sources", "/about", "/about/names", "/about/accessibility", "/about/privacy", "/about/review-committee", "/about/keyboard", "/sign-in", "/not-there", "/my-data", "/protection/rules",
    ];

    public async ValueTask InitializeAsync()
    {
        // A worldwide series, so that there is a map to look at.
        string[] areas = ["DEU", "FRA", "TUR", "JOR", "LBN", "IRN", "PAK", "UGA", "ETH", "SDN", "TCD", "KEN", "COD", "BGD", "COL", "PER", "BRA", "USA", "CAN", "AUS", "AUT", "SWE", "GRC", "ITA", "ESP", "EGY"];
        var text = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,Asylum-seekers\n"
            + string.Concat(areas.Select((area, at) => $"2022,Syrian Arab Rep.,SYR,{area},{area},{1000 * (at + 1)},{10 * at}\n"));
        var imported = await site.Services.GetRequiredService<IEvidence>()
            .ImportAsync(new([new("population.csv", System.Text.Encoding.UTF8.GetBytes(text))], null, false, "test"), null, TestContext.Current.CancellationToken);
        imported.Value.Single().State.ShouldBeOneOf(ImportState.Imported, ImportState.AlreadyPresent);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Each page in both languages, at both widths and in both schemes: half of them in the first and last combination, half in the others; all in all in the long run.</summary>
    [Theory]
    [InlineData("en", 1440, ColorScheme.Light, 0)]
    [InlineData("en", 360, ColorScheme.Light, 1)]
    [InlineData("zh", 1440, ColorScheme.Dark, 1)]
    [InlineData("zh", 360, ColorScheme.Dark, 0)]
    public async Task Axe_finds_nothing_and_nothing_scrolls_sideways(string language, int width, ColorScheme scheme, int half)
    {
        var isLong = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";
        var page = await site.OpenAsync(language, width: width, scheme: scheme);
        var faults = new List<string>();
        foreach (var address in Pages.Where((_, at) => isLong || at % 2 == half))
        {
            await page.GotoAsync(address);
            var found = await page.RunAxe();
            faults.AddRange(found.Violations.Select(violation => $"{address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}"));
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1"))
            {
                faults.Add($"{address}: scrolls sideways at {width}");
            }
        }

        await page.Context.CloseAsync();
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/about/names", 40)]
    [InlineData("/", 60)]
    [InlineData("/data", 40)]
    [InlineData("/data/unhcr/population?view=map", 60)]
    [InlineData("/data/unhcr/population?view=table", 40)]
    [InlineData("/data/wmr/migrant-stock?view=chart", 40)]
    [InlineData("/data/wmr/migrant-stock/explain?area=WORLD&measure=stock&from=2020&to=2020", 40)]
    [InlineData("/quality", 40)]
    [InlineData("/definitions", 40)]
    [InlineData("/sources", 120)]
    public async Task First_load_stays_within_its_budget(string address, int kilobytes)
    {
        await FirstLoad.ShouldBeWithinAsync(site.Address, address, kilobytes);
    }

    [Fact]
    public async Task Files_of_the_design_are_kept_by_the_browser_until_they_change()
    {
        using var client = new HttpClient { BaseAddress = site.Address };
        var html = await client.GetStringAsync(new Uri("/about", UriKind.Relative));
        var resources = FirstLoad.Resources(html).Where(address => address.StartsWith("/_content/", StringComparison.Ordinal)).ToList();
        resources.Count.ShouldBeGreaterThan(2);
        foreach (var resource in resources)
        {
            using var response = await client.GetAsync(new Uri(resource, UriKind.Relative));
            response.Headers.CacheControl!.ToString().ShouldContain("max-age=31536000", customMessage: resource);
        }
    }

    [Fact]
    public async Task Pages_ask_only_their_own_host_and_set_no_cookie_before_a_choice()
    {
        var page = await site.OpenAsync("en");
        var foreign = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        foreach (var address in Pages.Where(address => address is not "/sign-in"))
        {
            await page.GotoAsync(address);
        }

        foreign.ShouldBeEmpty();
        var cookies = await page.Context.CookiesAsync();
        cookies.Select(cookie => cookie.Name).ShouldBeEmpty();
        await page.Context.CloseAsync();
    }
}
