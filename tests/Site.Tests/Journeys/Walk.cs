using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Waymark.Site.Tests.Journeys;

/// <summary>What every journey of somebody who is signed in does in a browser.</summary>
internal static class Walk
{
    /// <summary>A window of its own, with the cookies of a sign-in where there is one.</summary>
    public static async Task<IPage> OpenAsync(
        IBrowser browser, Uri site, string language, CookieContainer? cookies = null, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.ToString(), JavaScriptEnabled = script, BypassCSP = script, ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme,
            ExtraHTTPHeaders = new Dictionary<string, string> { ["Accept-Language"] = language == "zh" ? "zh-CN,zh;q=0.9" : "en" },
        });
        if (cookies is not null)
        {
            await context.AddCookiesAsync(cookies.GetAllCookies().Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = site.ToString() }));
        }

        return await context.NewPageAsync();
    }

    /// <summary>Says for which purpose this sign-in works, as a person does on the page.</summary>
    public static async Task StateAsync(IPage page, string purpose)
    {
        await page.GotoAsync("/purpose");
        await page.CheckAsync("#purpose-" + purpose);
        await Site.FollowAsync(page, "main form button");
    }

    /// <summary>Fills in the form of a tab as a person does and sends it; a choice of several is ticked. It is taken, or the page is told.</summary>
    public static Task EnterAsync(IPage page, string address, params (string Field, string Value)[] entries) => EnterAsync(page, address, entries.Select(entry => ("#f-" + entry.Field, entry.Value)));

    public static async Task EnterAsync(IPage page, string address, IEnumerable<(string At, string Value)> entries)
    {
        await page.GotoAsync(address);
        await page.Locator("details:has(form[action$='/change']) summary").ClickAsync();
        await FillAsync(page, entries);
        await Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, address + await page.Locator("main").InnerTextAsync());
    }

    public static async Task FillAsync(IPage page, IEnumerable<(string At, string Value)> entries)
    {
        foreach (var (selector, value) in entries)
        {
            var at = page.Locator(selector);
            if (await at.CountAsync() == 0)
            {
                await page.CheckAsync($"{selector}-{value}");
            }
            else
            {
                await (await at.EvaluateAsync<bool>("element => element.tagName === 'SELECT'") ? at.SelectOptionAsync(value) : at.FillAsync(value));
            }
        }
    }

    public static async Task ShouldSayAsync(IPage page, params string[] texts)
    {
        var main = await page.Locator("main").InnerTextAsync();
        foreach (var text in texts)
        {
            main.ShouldContain(text, Case.Insensitive, page.Url);
        }
    }

    public static async Task LookAsync(IPage page) =>
        (await page.RunAxe()).Violations.Select(violation => $"{page.Url}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
}
