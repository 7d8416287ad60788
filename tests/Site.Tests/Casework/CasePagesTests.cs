using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Waymark.Site.Tests.Casework;

/// <summary>A tracing case from the form to the second opinion, in a real browser; the people in it are invented.</summary>
public sealed class CasePagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_tracing_case_is_opened_filled_refused_a_step_and_taken_back(string language, bool script)
    {
        var page = await site.SignedInAsync(language, script: script);
        var (openedId, _) = await MakeAsync(page);

        // A step that may not be taken says what is needed first, and changes nothing.
        await Journeys.Site.FollowAsync(page, "ol.route button[name=step][value=accept]");
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain("[step.");
        (await page.Locator("dl.facts").InnerTextAsync()).ShouldContain(language == "zh" ? "草稿" : "draft");

        // People are looked for before they are entered; a new one is entered knowingly.
        await page.FillAsync("#name", "Amina Invented");
        await Journeys.Site.FollowAsync(page, "form[action$='/persons'] button");
        (await page.InputValueAsync("#as")).ShouldBe("sought", "the role that was chosen stays chosen");
        (await page.InputValueAsync("form[action$='/persons/add'] #told")).ShouldBe("", "whether the person was informed is said, never preset");
        await page.SelectOptionAsync("form[action$='/persons/add'] #told", "interpreted");
        await page.OpenPartAsync("form[action$='/persons/add'] details");
        await page.FillAsync("#f-birth", "1990-03");
        await page.CheckAsync("#f-needs-none");
        await Journeys.Site.FollowAsync(page, "form[action$='/persons/add'] button[value=new]");
        var desk = CaseSite.Desk("protection/north");
        var named = (await site.Cases.OpenAsync(desk, new("tracing", openedId), default)).Value.ShouldNotBeNull().Document.Persons.ShouldHaveSingleItem().Person;
        var kept = (await site.Cases.OpenAsync(desk, new("person", named, Waymark.Storage.RecordPartition.Missing), default)).Value.ShouldNotBeNull().Document;
        (kept.One("informed-how")!.Value.Member("code"), kept.One("needs")!.Value.Json.Contains("none", StringComparison.Ordinal)).ShouldBe(("interpreted", true), "what rules ask about a person is entered with the form");
        (await page.Locator("section[aria-labelledby=persons]").InnerTextAsync()).ShouldContain(language == "zh" ? "被寻者" : "person sought");
        new Uri(page.Url).Query.ShouldNotContain("Amina", Case.Insensitive, "no name stands in an address");

        // A mistake keeps what was typed and says where.
        await page.OpenPartAsync("details");
        await page.FillAsync("#f-separated-on", "last spring");
        await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain(language == "zh" ? "失散日期" : "Date of separation");
        (await page.InputValueAsync("#f-separated-on")).ShouldBe("last spring");
        await page.FillAsync("#f-separated-on", "2026-02~");
        await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("dl.kv").InnerTextAsync()).ShouldContain(language == "zh" ? "约2026年2月" : "about February 2026");

        // The history says who did what, and takes a change back.
        await page.GotoAsync($"/cases/tracing/{openedId}?tab=history");
        var first = page.Locator("ol.hist > li").First;
        await first.Locator("input[name=why]").FillAsync("entered in the wrong record");
        await Journeys.Site.FollowAsync(page, "ol.hist > li:first-child button[name=version]");
        await page.GotoAsync($"/cases/tracing/{openedId}");
        (await page.Locator("dl.kv").InnerTextAsync()).ShouldNotContain(language == "zh" ? "2026年2月" : "February 2026");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_list_is_searched_by_reference_and_date_and_no_address_tells_for_what(string language, bool script)
    {
        var page = await site.SignedInAsync(language, script: script);
        var (id, _) = await MakeAsync(page);
        await page.GotoAsync("/cases/tracing");
        await page.FillAsync("#words", $"TR {id[..4]}{id[4..8]}".Replace("TR ", (await page.Locator("th a.ref").First.InnerTextAsync())[..2], StringComparison.Ordinal));
        await page.PressAsync("#words", "Enter");
        await page.WaitForURLAsync("**n=*");
        (await page.Locator("th a.ref").CountAsync()).ShouldBe(1);
        (await page.Locator("th a.ref").GetAttributeAsync("href"))!.ShouldContain(id);
        new Uri(page.Url).Query.ShouldNotContain(id[..4], Case.Insensitive);
        await page.FillAsync("#words", "1912-12-12");
        await Journeys.Site.FollowAsync(page, "form[action$='/search'] button");
        (await page.Locator("th a.ref").CountAsync()).ShouldBe(0);
        (await page.Locator("main p[role=status]").InnerTextAsync()).ShouldContain("0");
        await page.Locator("main p[role=status] a").ClickAsync();
        (await page.Locator("th a.ref").CountAsync()).ShouldBeGreaterThan(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Two_people_who_change_one_entry_lose_neither_value_and_one_of_them_chooses()
    {
        var mine = await site.SignedInAsync("en");
        var (id, _) = await MakeAsync(mine);
        var theirs = await site.SignedInAsync("en", CaseSite.Colleague);
        await CaseSite.StateAsync(theirs, "family-tracing");
        var address = $"/cases/tracing/{id}";
        await mine.GotoAsync(address);
        await theirs.GotoAsync(address);
        foreach (var (page, value) in new[] { (mine, "2026-02-10"), (theirs, "2026-02-14") })
        {
            await page.OpenPartAsync("details");
            await page.FillAsync("#f-separated-on", value);
            await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        }

        var choice = await theirs.Locator("form[action$='/resolve']").InnerTextAsync();
        choice.ShouldContain("10 February 2026");
        choice.ShouldContain("14 February 2026");
        await theirs.CheckAsync("form[action$='/resolve'] input[name=keep] >> nth=1");
        await theirs.FillAsync("form[action$='/resolve'] input[name=why]", "the ferry's list");
        await Journeys.Site.FollowAsync(theirs, "form[action$='/resolve'] button");
        (await theirs.Locator("form[action$='/resolve']").CountAsync()).ShouldBe(0);
        await mine.Context.CloseAsync();
        await theirs.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", 1440, ColorScheme.Light)]
    [InlineData("zh", 360, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_pages_of_case_work(string language, int width, ColorScheme scheme)
    {
        var page = await site.SignedInAsync(language, width: width, scheme: scheme);
        var (id, _) = await MakeAsync(page);
        var faults = new List<string>();
        foreach (var address in new[]
        {
            "/cases", "/cases/tracing", "/cases/tracing/new", $"/cases/tracing/{id}", "/purpose",
            $"/cases/tracing/{id}?tab=history", "/me", "/admin/registers", "/admin/registers/tracing",
        })
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            var found = await page.RunAxe();
            faults.AddRange(found.Violations.Select(violation => $"{address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}"));
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1"))
            {
                faults.Add($"{address}: scrolls sideways at {width}");
            }

            if (Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{language}{address.Split('?')[0].Replace('/', '-').Replace(id, "record", StringComparison.Ordinal)}{(address.Contains("tab", StringComparison.Ordinal) ? "-history" : "")}.png"), FullPage = true });
            }
        }

        await page.Context.CloseAsync();
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_can_tell_a_record_that_is_not_there_from_one_that_is_not_theirs()
    {
        var page = await site.SignedInAsync("en");
        await CaseSite.StateAsync(page, "family-tracing");
        foreach (var address in new[] { $"/cases/tracing/{new string('0', 32)}", "/cases/return", "/cases/nothing" })
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(404, address);
        }

        await page.Context.CloseAsync();
    }

    private static async Task<(string Id, string Address)> MakeAsync(IPage page)
    {
        await page.GotoAsync("/cases/tracing/new");
        await page.CheckAsync("#purpose-family-tracing");
        await Journeys.Site.FollowAsync(page, "main form button");
        await page.SelectOptionAsync("#f-relation", "sister");
        await page.SelectOptionAsync("#f-cause", "shipwreck");
        await Journeys.Site.FollowAsync(page, "form[action='/cases/tracing/make'] button");
        var path = new Uri(page.Url).AbsolutePath;
        path.ShouldStartWith("/cases/tracing/", customMessage: await page.Locator("main").InnerTextAsync());
        path.Length.ShouldBe("/cases/tracing/".Length + 32, await page.Locator("main").InnerTextAsync());
        return (path.Split('/')[3], page.Url);
    }
}

internal static class PageExtensions
{
    /// <summary>Opens a closed part by its summary, as a person does: works without script too.</summary>
    public static async Task OpenPartAsync(this IPage page, string selector)
    {
        if (await page.Locator(selector).First.GetAttributeAsync("open") is null)
        {
            await page.Locator(selector + " > summary").First.ClickAsync();
        }
    }

    /// <summary>Opens the folded parts of a fresh form that makes a record: what comes later in its life waits there.</summary>
    public static async Task OpenLaterPartsAsync(this IPage page)
    {
        foreach (var summary in await page.Locator("form[action$='/make'] details > summary").AllAsync())
        {
            await summary.ClickAsync();
        }
    }
}
