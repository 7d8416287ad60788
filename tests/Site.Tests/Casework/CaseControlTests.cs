using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Waymark.Site.Tests.Casework;

/// <summary>What people chose, who is in charge and who may know, as staff meet them on a case page; with and without script, in both languages.</summary>
public sealed class CaseControlTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true, "Bambara", "agreed")]
    [InlineData("zh", false, "班巴拉语", "已同意")]
    public async Task Consent_is_recorded_in_Bambara_through_an_interpreter_opens_a_step_and_is_taken_back(string language, bool script, string spoken, string agreed)
    {
        var page = await site.SignedInAsync(language, script: script);
        var record = await MakeAsync(page);
        await AddAsync(page, record, "enquirer", "Invented Yusuf " + language);
        await AddAsync(page, record, "sought", "Invented Amina " + language);
        await page.GotoAsync(record + "?tab=consents");
        await page.SelectOptionAsync("#c-person", new SelectOptionValue { Index = 1 });
        await page.CheckAsync("#c-given");
        await page.FillAsync("#c-text", "RFL-3");
        await page.SelectOptionAsync("#c-language", "bm");
        await page.SelectOptionAsync("#c-form", "oral-recorded");
        await page.FillAsync("#c-interpreter", "Interpreter 7 (invented)");
        await page.CheckAsync("#c-informed");
        await page.CheckAsync("#c-explicit");
        await Journeys.Site.FollowAsync(page, "form[action$='/consents'] button");
        var kept = await page.Locator("section[aria-labelledby=consents] article").First.InnerTextAsync();
        kept.ShouldContain(spoken);
        kept.ShouldContain(agreed);
        kept.ShouldContain("Interpreter 7");
        (await page.Locator("form[action$='/undo']").CountAsync()).ShouldBe(0, "taking back at once would take back what was done before it");
        if (Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{language}-consents.png"), FullPage = true });
        }

        if (script)
        {
            (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        }

        // The step that waited for it is open now; nothing else stands in its way but the identity check.
        (await page.Locator("ol.route").InnerTextAsync()).ShouldNotContain(language == "en" ? "The enquirer agreed" : "寻亲人已同意");
        await Journeys.Site.FollowAsync(page, "form[action$='/consents/withdraw'] button");
        (await page.Locator("section[aria-labelledby=consents] article").First.InnerTextAsync()).ShouldContain(language == "en" ? "taken back" : "已撤回");
        (await page.Locator("form[action$='/consents/withdraw']").CountAsync()).ShouldBe(0);
        (await page.Locator("ol.route").InnerTextAsync()).ShouldContain(language == "en" ? "The enquirer agreed" : "寻亲人已同意");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_consent_that_would_hold_too_long_is_refused_and_nothing_typed_is_lost()
    {
        var page = await site.SignedInAsync("en", script: false);
        var record = await MakeAsync(page);
        await AddAsync(page, record, "enquirer", "Invented Long");
        await page.GotoAsync(record + "?tab=consents");
        await page.CheckAsync("#c-refused");
        await page.FillAsync("#c-text", "RFL-9");
        await page.SelectOptionAsync("#c-language", "fr");
        await page.FillAsync("#c-until", "2031-01-01");
        await Journeys.Site.FollowAsync(page, "form[action$='/consents'] button");
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain("within two years");
        (await page.InputValueAsync("#c-text")).ShouldBe("RFL-9");
        (await page.InputValueAsync("#c-language")).ShouldBe("fr");
        (await page.IsCheckedAsync("#c-refused")).ShouldBeTrue();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", "offered to your unit")]
    [InlineData("zh", "移交给贵单位")]
    public async Task A_case_is_handed_over_in_three_acts_and_one_unit_is_in_charge_all_the_time(string language, string offered)
    {
        var page = await site.SignedInAsync(language, script: false);
        var record = await MakeAsync(page);
        await page.Locator("section[aria-labelledby=control] summary").ClickAsync();
        await page.SelectOptionAsync("#to", "protection/south");
        await Journeys.Site.FollowAsync(page, "form[action$='/hand-over'] button");
        (await page.Locator("dl.facts").InnerTextAsync()).ShouldContain("protection/north");
        (await page.Locator("form[action$='/hand-over'] button[value=accept]").CountAsync()).ShouldBe(0, "nobody accepts for the other unit");

        // The other unit finds it in its list, and in no other's.
        var south = await site.SignedInAsync(language, CaseSite.Holder, script: false);
        await CaseSite.StateAsync(south, "family-tracing");
        await south.GotoAsync("/cases/tracing");
        (await south.Locator($"tr:has(a[href^='{record}'])").InnerTextAsync()).ShouldContain(offered);
        await south.GotoAsync(record);
        await Journeys.Site.FollowAsync(south, "form[action$='/hand-over'] button[value=accept]");
        await page.GotoAsync(record);
        (await page.Locator("dl.facts").InnerTextAsync()).ShouldContain("protection/north");
        await Journeys.Site.FollowAsync(page, "form[action$='/hand-over'] button[value=commit]");
        await south.GotoAsync(record);
        (await south.Locator("dl.facts").InnerTextAsync()).ShouldContain("protection/south");
        (await (await page.GotoAsync(record))!.TextAsync()).ShouldNotContain("protection/south", Case.Sensitive, "it is not the first unit's any more");
        await south.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_record_for_named_people_is_not_there_for_anybody_else()
    {
        var page = await site.SignedInAsync("en", script: false);
        var record = await MakeAsync(page);
        await site.MakeAccountAsync("Invented Third", Waymark.App.Accounts.Roles.CaseWorker);
        var third = await site.SignedInAsync("en", "Invented Third", script: false);
        await CaseSite.StateAsync(third, "family-tracing");
        (await third.GotoAsync(record))!.Status.ShouldBe(200);
        await NameAsync(page);
        (await third.GotoAsync(record))!.Status.ShouldBe(404);
        var colleague = await site.SignedInAsync("en", CaseSite.Colleague, script: false);
        await CaseSite.StateAsync(colleague, "family-tracing");
        (await colleague.GotoAsync(record))!.Status.ShouldBe(200);
        await page.GotoAsync(record);
        (await page.Locator("section[aria-labelledby=named] ul").InnerTextAsync()).ShouldContain(CaseSite.Colleague);

        // Nobody ticked: the unit may know again.
        await NameAsync(page);
        (await third.GotoAsync(record))!.Status.ShouldBe(200);
        await third.Context.CloseAsync();
        await colleague.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    private static async Task NameAsync(IPage page)
    {
        await page.Locator("section[aria-labelledby=named] summary").ClickAsync();
        await page.Locator("section[aria-labelledby=named] label", new() { HasText = CaseSite.Colleague }).ClickAsync();
        await Journeys.Site.FollowAsync(page, "form[action$='/named'] button");
    }

    private static async Task<string> MakeAsync(IPage page)
    {
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/cases/tracing/new");
        await page.SelectOptionAsync("#f-relation", "sister");
        await Journeys.Site.FollowAsync(page, "form[action='/cases/tracing/make'] button");
        return new Uri(page.Url).AbsolutePath;
    }

    private static async Task AddAsync(IPage page, string record, string role, string name)
    {
        await page.GotoAsync(record);
        await page.SelectOptionAsync("#role", role);
        await page.FillAsync("#name", name);
        await Journeys.Site.FollowAsync(page, "form[action$='/persons'] button");
        await Journeys.Site.FollowAsync(page, "form[action$='/persons/add'] button[value=new]");
    }
}
