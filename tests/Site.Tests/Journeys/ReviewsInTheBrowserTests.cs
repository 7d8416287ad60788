using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;
using Waymark.Site.Tests.Web;

namespace Waymark.Site.Tests.Journeys;

/// <summary>The reviews and the protective acts in a real browser: both languages, without script, axe without findings, no sideways scroll.</summary>
public sealed class ReviewsInTheBrowserTests
{
    [Fact]
    public async Task Reviews_are_decided_without_script_in_both_languages_and_axe_finds_nothing()
    {
        using var keys = new Hardware();
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(keys.Settings, clock);
        using var asker = (await keys.SignInAsync(site, Roles.Supervisor, "Sue Example", "protection/north")).Client;
        var (legal, legalCookies) = await keys.SignInAsync(site, Roles.LegalOfficer, "Lee Example", "legal");
        var (officer, officerCookies) = await keys.SignInAsync(site, Roles.DataProtectionOfficer, "Dan Example", "privacy");
        using var asked = await ReviewPageTests.AskAsync(site, asker, "transfer");
        asked.Headers.Location!.ToString().ShouldBe("/protection/reviews");
        using (legal)
        using (officer)
        {
            var (playwright, browser) = await Site.LaunchAsync();
            using (playwright)
            await using (browser)
            {
                foreach (var (cookies, language, said) in new[] { (legalCookies, "en", "you have decided"), (officerCookies, "zh", "您已决定") })
                {
                    await clock.PassAsync(TimeSpan.FromSeconds(125), site.Platform.Store);
                    await LookAsync(site, browser, cookies, language, "/protection/reviews", script: true);
                    var page = await LookAsync(site, browser, cookies, language, "/protection/reviews", script: false);
                    await page.CheckAsync("input[name=approve][value=yes]");
                    await page.FillAsync("form[action$='/decide'] input[name=reason]", "seen");
                    await Site.FollowAsync(page, "form[action$='/decide'] button");
                    (await page.Locator("main").InnerTextAsync()).ShouldContain(said);
                    await page.Context.CloseAsync();
                }
            }
        }

        using var approved = new HttpRequestMessage(HttpMethod.Get, new Uri("/protection/reviews", UriKind.Relative));
        approved.Headers.Accept.ParseAdd("text/html");
        using var answer = await asker.SendAsync(approved, TestContext.Current.CancellationToken);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(">approved<");
    }

    [Fact]
    public async Task A_protective_act_is_done_without_script_in_both_languages_and_axe_finds_nothing()
    {
        await using var site = await Running.StartAsync();
        await Hardware.MakeAccountAsync(site, Roles.CaseWorker, "Kim Example", "protection/north");
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = site.Address };
        (await site.SignInAsync(client, "Kim Example", "correct horse battery")).Headers.Location!.ToString().ShouldBe("/");
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var (language, said) in new[] { ("en", "Entered in the ledger"), ("zh", "已入账") })
            {
                await LookAsync(site, browser, cookies, language, "/protection/protect", script: true);
                var page = await LookAsync(site, browser, cookies, language, "/protection/protect", script: false);
                await page.CheckAsync("#stop-return");
                await page.FillAsync("#matter", "C-1");
                await page.FillAsync("#persons", "person-1");
                await page.FillAsync("#note", "bus at noon");
                await Site.FollowAsync(page, "main form button");
                (await page.Locator("main").InnerTextAsync()).ShouldContain(said);
                await page.Context.CloseAsync();
            }
        }
    }

    private static async Task<IPage> LookAsync(Running site, IBrowser browser, CookieContainer cookies, string language, string address, bool script)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), JavaScriptEnabled = script, ViewportSize = new() { Width = script ? 360 : 1280, Height = 900 }, BypassCSP = script,
            ExtraHTTPHeaders = new Dictionary<string, string> { ["Accept-Language"] = language == "zh" ? "zh-CN,zh;q=0.9" : "en" },
        });
        await context.AddCookiesAsync(cookies.GetAllCookies().Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = site.Address.ToString() }));
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        if (script)
        {
            (await page.RunAxe()).Violations.Select(violation => $"{language}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1")).ShouldBeFalse($"{address} scrolls sideways in {language}");
            await context.CloseAsync();
        }

        return page;
    }
}
