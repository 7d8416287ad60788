using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Storage;

namespace Waymark.Site.Tests.Casework;

/// <summary>A match reviewed by two people of the unit that holds the record, in a real browser; the people in it are invented.</summary>
public sealed class TracingPagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_match_is_compared_by_two_people_the_second_blind_and_the_request_learns_nothing(string language, bool script)
    {
        var request = await SearchedAsync(site, language == "en" ? "Awa Invented" : "Bintou Invented", language == "en" ? "Hawa Inventet" : "Binta Inventet");
        var asking = await site.SignedInAsync(language, CaseSite.Worker, script);
        await CaseSite.StateAsync(asking, "family-tracing");
        await asking.GotoAsync("/tracing");
        await Journeys.Site.FollowAsync(asking, $"form[action='/tracing/look']:has(input[value='{request}']) button");
        (await asking.Locator("section[aria-labelledby=waiting] a.ref").CountAsync()).ShouldBe(0, "what was found is for the holder");

        var first = await site.SignedInAsync(language, CaseSite.Holder, script);
        await first.GotoAsync("/tracing");
        await first.CheckAsync("#purpose-family-tracing");
        await Journeys.Site.FollowAsync(first, "main form button");
        await Journeys.Site.FollowAsync(first, "section[aria-labelledby=waiting] a.ref");
        var address = new Uri(first.Url).AbsolutePath;
        (await first.Locator("table.cmp").InnerTextAsync()).ShouldContain(language == "en" ? "Hawa" : "Binta");
        (await first.Locator("#weight").CountAsync()).ShouldBe(0, "reasons come before the weight");

        // By keyboard alone: choose, say why, send.
        await first.FocusAsync("#c-same");
        await first.Keyboard.PressAsync("Space");
        await first.FillAsync("#why", "the same village and the mother's name");
        await Journeys.Site.FollowAsync(first, "#decision button");
        (await first.Locator("#weight").CountAsync()).ShouldBe(1);
        await site.PassAsync(TimeSpan.FromMinutes(1));

        var second = await site.SignedInAsync(language, CaseSite.SecondHolder, script);
        await CaseSite.StateAsync(second, "family-tracing");
        await second.GotoAsync(address);
        (await second.Locator("main").InnerTextAsync()).ShouldNotContain("mother's name");
        await second.CheckAsync("#c-same");
        await second.FillAsync("#why", "the day of the boat");
        await Journeys.Site.FollowAsync(second, "#decision button");
        var decided = await second.Locator("main").InnerTextAsync();
        decided.ShouldContain("the same village and the mother's name");
        decided.ShouldContain(language == "zh" ? "先征询被找到者本人" : "is asked first");
        await site.PassAsync(TimeSpan.FromMinutes(1));

        // The unit that asked cannot open it, and reads the state it read before.
        (await asking.GotoAsync(address))!.Status.ShouldBe(404);
        await asking.GotoAsync($"/cases/tracing/{request}");
        (await asking.Locator("dl.facts").InnerTextAsync()).ShouldContain(language == "zh" ? "寻找中" : "searching");
        foreach (var page in new[] { asking, first, second })
        {
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [InlineData("en", 1440, ColorScheme.Light)]
    [InlineData("zh", 360, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_pages_of_match_reviews(string language, int width, ColorScheme scheme)
    {
        var request = await SearchedAsync(site, language == "en" ? "Oumou Invented" : "Fanta Invented", language == "en" ? "Umu Invented" : "Fatna Invented");
        (await ((Waymark.Casework.Contracts.ITracing)site.Cases).LookAsync(CaseSite.Desk("protection/north"), new("tracing", request), CancellationToken.None)).IsOk.ShouldBeTrue();
        var page = await site.SignedInAsync(language, CaseSite.Holder, width: width, scheme: scheme);
        await page.GotoAsync("/tracing");
        (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty("the question for the purpose");
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/tracing");
        var card = await page.Locator("section[aria-labelledby=waiting] a.ref").First.GetAttributeAsync("href");
        var faults = new List<string>();
        foreach (var address in new[] { "/tracing", card!, "answered" })
        {
            if (address == "answered")
            {
                await page.CheckAsync("#c-unsure");
                await page.FillAsync("#why", "the photograph of the letter is not readable");
                await Journeys.Site.FollowAsync(page, "#decision button");
                await site.PassAsync(TimeSpan.FromMinutes(1));
            }
            else
            {
                (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            }

            var found = await page.RunAxe();
            faults.AddRange(found.Violations.Select(violation => $"{address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}"));
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1"))
            {
                faults.Add($"{address}: scrolls sideways at {width}");
            }

            if (Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{language}-{(address == "answered" ? "answered" : address == card ? "match" : "queue")}.png"), FullPage = true });
            }
        }

        await page.Context.CloseAsync();
        faults.ShouldBeEmpty();
    }

    /// <summary>A request of the north that is being searched, and a found person of the south; answers the id of the request.</summary>
    internal static async Task<string> SearchedAsync(CaseSite site, string sought, string found)
    {
        var (north, south) = (CaseSite.Desk("protection/north"), CaseSite.Desk("protection/south"));
        async Task<string> Make(CaseDesk desk, string register, (string, string)[] values, params (string, string)[] persons)
        {
            var made = await site.Cases.CreateAsync(desk, new(register, null, values.ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal), persons, RecordPartition.Missing), CancellationToken.None);
            made.IsOk.ShouldBeTrue($"{made.Error} {made.Refusal?.Text.In("en")} {string.Join(" | ", made.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
            return made.Value!.Address.Id;
        }

        var person = await Make(north, "person", [("names/a/name", sought), ("birth", "1994~")]);
        var enquirer = await Make(north, "person", [("names/a/name", "Mariam Invented")]);
        var request = await Make(north, "tracing", [("relation", "sister"), ("identity-checked", "yes"), ("separated-on", "2025-05"), ("separated-at", "Harbour town"), ("scope", "own")], ("sought", person), ("enquirer", enquirer));
        await site.ConsentAsync(enquirer, "family-tracing", "none");
        foreach (var (step, seen) in new[] { ("accept", 1), ("search", 2) })
        {
            var done = await site.Cases.StepAsync(north, new("tracing", request), step, seen, null, CancellationToken.None);
            done.IsOk.ShouldBeTrue($"{done.Error} {done.Refusal?.Text.In("en")}");
        }

        var other = await Make(south, "person", [("names/a/name", found), ("birth", "1994-03-14")]);
        await Make(south, "found-person", [("age-group", "adult"), ("found-on", "2025-09"), ("found-at", "Harbour town")], ("found", other));
        return request;
    }
}
