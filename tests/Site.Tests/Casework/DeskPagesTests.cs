using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Storage;

namespace Waymark.Site.Tests.Casework;

/// <summary>Persons with their safe contact, print sheets and the desks, in a real browser; the people in it are invented.</summary>
public sealed class DeskPagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_sheet_is_made_for_one_reader_and_refused_to_a_barred_one_without_a_reason__M28(string language, bool script)
    {
        var (request, person) = await BarredAsync("embassy-of-xq");
        var page = await site.SignedInAsync(language, script: script);
        await CaseSite.StateAsync(page, "family-tracing");
        foreach (var (organisation, area, isMade) in new[] { ("hospital-1", "XXA", true), ("Embassy-of-XQ ", "XXA", false), ("hospital-1", "ERI", false) })
        {
            await page.GotoAsync($"/cases/tracing/{request}/print");
            await page.SelectOptionAsync("#kind", "none");
            await page.FillAsync("#organisation", organisation);
            await page.FillAsync("#area", area);
            await Journeys.Site.FollowAsync(page, "form[action$='/print/reader'] button");
            var told = await page.Locator("main").InnerTextAsync();
            told.Contains(language == "zh" ? "2025年5月" : "May 2025", StringComparison.Ordinal).ShouldBe(isMade, $"{organisation} {area}: {told}");
            told.Contains("[output.barred]", StringComparison.Ordinal).ShouldBe(!isMade, told);
            told.ShouldNotContain(person[..8]);
            new Uri(page.Url).Query.ShouldNotContain(organisation);
        }

        // What is known of the person is shown to those who work on it, and an unsafe channel is not.
        await page.GotoAsync($"/persons/{person}?in=Missing");
        var shown = await page.Locator("main").InnerTextAsync();
        shown.ShouldContain("أوا كوني");
        shown.ShouldContain(language == "zh" ? "约1994年" : "about 1994");
        shown.ShouldContain("embassy-of-xq");
        shown.ShouldContain("+000 222 safe");

        // Two dated situations warn and propose protection (S069).
        shown.ShouldContain(language == "zh" ? "无力付款者可能被扣押或转卖。" : "Who cannot pay may be held or sold.");
        shown.ShouldContain(language == "zh" ? "询问债务与威胁；提供庇护与法律援助。" : "Ask about debt and threats; offer shelter and legal help.");
        shown.ShouldNotContain("+000 111 unsafe");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_person_is_looked_for_out_of_an_own_open_case__M04()
    {
        var page = await site.SignedInAsync("en", CaseSite.Colleague);
        await page.GotoAsync("/persons");
        (await page.Locator("main").InnerTextAsync()).ShouldContain("For which purpose?");
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/persons");
        (await page.Locator("form[action='/persons/search']").CountAsync()).ShouldBe(0, "without a case there is no search");
        var (request, _) = await BarredAsync("embassy-of-xr");
        await page.GotoAsync($"/cases/tracing/{request}");
        await Journeys.Site.FollowAsync(page, "form[action$='/owner'] button");
        await page.GotoAsync("/persons");
        await page.FillAsync("#name", "Awa Konneh");
        await Journeys.Site.FollowAsync(page, "form[action='/persons/search'] button");
        (await page.Locator("section[aria-labelledby=found]").InnerTextAsync()).ShouldContain("Awa Koné");
        new Uri(page.Url).Query.ShouldNotContain("Awa", Case.Insensitive, "no name stands in an address");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task Two_records_are_laid_side_by_side_made_one_and_taken_apart_and_requests_are_linked(string language, bool script)
    {
        var ((first, one), (second, two)) = (await BarredAsync("embassy-of-xt"), await BarredAsync("embassy-of-xu"));
        var page = await site.SignedInAsync(language, script: script);
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync($"/persons/{one}/same?in=Missing");
        await page.FillAsync("#reference", "PS-0000-0000");
        await Journeys.Site.FollowAsync(page, "form[action$='/same/find'] button");
        (await page.Locator("main").InnerTextAsync()).ShouldContain("[merge.reference]");
        await page.FillAsync("#reference", Reference("PS", two));
        await Journeys.Site.FollowAsync(page, "form[action$='/same/find'] button");
        page.Url.ShouldContain($"/persons/{one}/same/{two}");
        (await page.Locator("table.cmp").InnerTextAsync()).ShouldContain("embassy-of-xu");
        await page.FillAsync("#why", "same aunt, same day");
        await Journeys.Site.FollowAsync(page, "form[action$='/one'] button");
        var merged = await page.Locator("main").InnerTextAsync();
        merged.ShouldContain("embassy-of-xt");
        merged.ShouldContain("embassy-of-xu", customMessage: "who is barred from either is barred from the one");

        await page.GotoAsync($"/persons/{two}/same?in=Missing");
        await Journeys.Site.FollowAsync(page, "main a.btn");
        page.Url.ShouldContain($"/persons/{one}/same/{two}");
        await page.FillAsync("#why", "two people after all");
        await Journeys.Site.FollowAsync(page, "form[action$='/apart'] button");
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain("embassy-of-xu");

        await page.GotoAsync($"/cases/tracing/{first}");
        await page.ClickAsync("section[aria-labelledby=links] summary");
        await page.SelectOptionAsync("#link-type", "same-journey");
        await page.FillAsync("#link-reference", Reference("TR", second));
        await page.CheckAsync("#visible-unit");
        await Journeys.Site.FollowAsync(page, "form[action$='/link'] button");
        (await page.Locator("section[aria-labelledby=links]").InnerTextAsync()).ShouldContain(Reference("TR", second));
        await page.GotoAsync($"/cases/tracing/{second}");
        (await page.Locator("section[aria-labelledby=links]").InnerTextAsync()).ShouldContain(Reference("TR", first), customMessage: "from the other end, too");
        await page.Context.CloseAsync();
    }

    private static string Reference(string letters, string id) => $"{letters}-{id[..4].ToUpperInvariant()}-{id[4..8].ToUpperInvariant()}";

    [Theory]
    [InlineData("en", 1440, ColorScheme.Light)]
    [InlineData("zh", 360, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_desks(string language, int width, ColorScheme scheme)
    {
        var (request, person) = await BarredAsync("embassy-of-xs");
        var page = await site.SignedInAsync(language, width: width, scheme: scheme);
        await CaseSite.StateAsync(page, "family-tracing");
        var faults = new List<string>();
        foreach (var address in new[] { "/persons", $"/persons/{person}?in=Missing", "/missing", "/requests", "/referrals", $"/cases/tracing/{request}/print" })
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
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

    /// <summary>A tracing request whose sought person barred an organisation and fears harm in one area.</summary>
    private async Task<(string Request, string Person)> BarredAsync(string organisation)
    {
        var north = CaseSite.Desk("protection/north");
        async Task<string> Make(string register, (string, string)[] values, params (string, string)[] persons)
        {
            var made = await site.Cases.CreateAsync(north, new(register, null, values.ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal), persons, RecordPartition.Missing), CancellationToken.None);
            made.IsOk.ShouldBeTrue($"{made.Error} {made.Refusal?.Text.In("en")}");
            return made.Value!.Address.Id;
        }

        var person = await Make("person",
        [
            ("names/a/name", "Awa Koné"), ("names/b/name", """{"full":"أوا كوني","language":"ar"}"""), ("birth", "1994~"), ("feared-areas", "ERI"),
            ("barred/a/party", $$"""{"system":"organisation","value":"{{organisation}}"}"""),
            ("situations/a/situation", "smuggled"), ("situations/a/from", "2025-01"), ("situations/b/situation", "in-debt-to-smugglers"), ("situations/b/from", "2025-03"),
            ("contacts/a/contact", """{"channel":"phone","value":"+000 111 unsafe","safe":"no"}"""), ("contacts/b/contact", """{"channel":"message","value":"+000 222 safe","safe":"yes","window":"mornings"}"""),
        ]);
        return (await Make("tracing", [("relation", "sister"), ("separated-on", "2025-05")], ("sought", person)), person);
    }
}
