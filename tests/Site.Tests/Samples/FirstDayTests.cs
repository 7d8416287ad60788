using Microsoft.Playwright;
using Waymark.Site.Tests.Casework;
using static Waymark.Site.Tests.Journeys.Site;

namespace Waymark.Site.Tests.Samples;

/// <summary>
/// What a new colleague does in the first ten minutes (docs/users/en/try-it.md), on the invented sample and under the instruments as they ship: opens a tracing case, records a consent in Bambara
/// through an interpreter, reviews a match, settles two entries that differ, refers somebody, hands the case over. With WAYMARK_SCREENSHOTS the manual's pictures are taken on the way (tools/pictures).
/// </summary>
[Collection(nameof(Sample))]
public sealed class FirstDayTests(SampleSite site)
{
    private const string North = "protection/north";
    private const string South = "protection/south";

    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS");

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_new_colleague_opens_a_case_records_consent_reviews_a_match_settles_a_conflict_refers_and_hands_over(string language, bool script)
    {
        string Said(string english, string chinese) => language == "zh" ? chinese : english;
        var (playwright, browser) = await LaunchAsync();
        using (playwright)
        await using (browser)
        {
            var nadia = await SignedInAsync(browser, "Nadia Example", "family-tracing", language, script);
            var omar = await SignedInAsync(browser, "Omar Example", "family-tracing", language, script);

            // A tracing case: who asks, who is sought; people already known are looked through first.
            await nadia.GotoAsync("/cases/tracing");
            await FollowAsync(nadia, "a.btn[href^='/cases/tracing/new']");
            await nadia.SelectOptionAsync("#f-relation", "sister");
            await nadia.SelectOptionAsync("#f-cause", "journey");
            await nadia.SelectOptionAsync("#f-identity-checked", "yes");
            await nadia.OpenLaterPartsAsync();
            await nadia.CheckAsync("#f-scope-own");
            await nadia.SelectOptionAsync("#told", "yes");
            await ShotAsync(nadia, language, "1-open", "form[action='/cases/tracing/make']");
            await FollowAsync(nadia, "form[action='/cases/tracing/make'] button");
            var record = new Uri(nadia.Url).AbsolutePath;
            await AddAsync(nadia, record, "enquirer", "Kadi Xane " + language);
            await AddAsync(nadia, record, "sought", "Sira Xane " + language);

            // The step waits for her consent, in her language, through an interpreter.
            await FollowAsync(nadia, "button[name=step][value=accept]");
            await ShouldSayAsync(nadia, Said("Waits for this: The enquirer agreed to the search", "尚待满足：寻亲人已同意查找"));
            await ConsentAsync(nadia, record, Said("enquirer", "寻亲人"), "family-tracing:none", language);
            await ShouldSayAsync(nadia, Said("Bambara", "班巴拉语"), "interpreter 7");
            await FollowAsync(nadia, "button[name=step][value=accept]");
            (await nadia.Locator("dl.facts").InnerTextAsync()).ShouldContain(Said("open", "已受理"));

            // A pair that waits: compared line by line, answered with a reason, and only then weighed.
            var sara = await SignedInAsync(browser, "Sara Example", "family-tracing", language, script);
            await sara.GotoAsync("/tracing");
            await FollowAsync(sara, "section[aria-labelledby=waiting] a.ref");
            (await sara.Locator("#weight").CountAsync()).ShouldBe(0);
            await sara.CheckAsync("#c-same");
            await sara.FillAsync("#why", Said("The name in another script and the year of birth agree. (invented)", "另一种文字的姓名与出生年份一致。（虚构）"));
            await ShotAsync(sara, language, "3-match", ".cols .panel");
            await FollowAsync(sara, "#decision button");
            (await sara.Locator("#weight").CountAsync()).ShouldBe(1, await sara.Locator("main").InnerTextAsync());

            // Two write at once: both dates stand, and one of them chooses.
            await nadia.GotoAsync(record);
            await omar.GotoAsync(record);
            foreach (var (page, day) in new[] { (nadia, "2026-06-14"), (omar, "2026-05-31") })
            {
                await page.OpenPartAsync("details");
                await page.FillAsync("#f-separated-on", day);
                await FollowAsync(page, "form[action$='/change'] button");
            }

            await omar.CheckAsync("form[action$='/resolve'] input[name=keep] >> nth=1");
            await omar.FillAsync("form[action$='/resolve'] input[name=why]", Said("from the bus ticket (invented)", "据车票（虚构）"));
            await ShotAsync(omar, language, "4-conflict", "form[action$='/resolve']");
            await FollowAsync(omar, "form[action$='/resolve'] button");
            (await omar.Locator("form[action$='/resolve']").CountAsync()).ShouldBe(0);

            await ReferAsync(browser, language, script);

            // Handed over in three acts; one unit is in charge all the time.
            await nadia.GotoAsync(record);
            await nadia.Locator("section[aria-labelledby=control] summary").ClickAsync();
            await nadia.SelectOptionAsync("#to", South);
            await FollowAsync(nadia, "form[action$='/hand-over'] button");
            await sara.GotoAsync(record);
            await ShotAsync(sara, language, "6-hand-over", "section[aria-labelledby=control]");
            await FollowAsync(sara, "form[action$='/hand-over'] button[value=accept]");
            await nadia.GotoAsync(record);
            (await nadia.Locator("dl.facts").InnerTextAsync()).ShouldContain(North);
            await FollowAsync(nadia, "form[action$='/hand-over'] button[value=commit]");
            await ShouldSayAsync(nadia, Said("Handed over", "已移交"));
            await sara.GotoAsync(record);
            (await sara.Locator("dl.facts").InnerTextAsync()).ShouldContain(South);
        }
    }

    /// <summary>A referral names the review of two offices for this kind of receiver, as the one before it did, and the consent of the person.</summary>
    private async Task ReferAsync(IBrowser browser, string language, bool script)
    {
        string Said(string english, string chinese) => language == "zh" ? chinese : english;
        var page = await SignedInAsync(browser, "Nadia Example", "protection", language, script);
        await page.GotoAsync("/cases/referral?state=requested");
        await FollowAsync(page, "table a.ref");
        await page.GotoAsync(new Uri(page.Url).AbsolutePath + "?tab=parties");
        await page.OpenPartAsync("details");
        var review = await page.InputValueAsync("#f-transfer");

        await page.GotoAsync("/cases/referral/new");
        foreach (var (field, word) in new[] { ("direction", "outgoing"), ("reason", "AdditionalServicesRequired"), ("urgency", "urgent"), ("age", "adult"), ("told", "yes") })
        {
            await page.SelectOptionAsync(field == "told" ? "#told" : "#f-" + field, word);
        }

        await page.OpenLaterPartsAsync();
        await page.CheckAsync("#f-service-shelter");
        await page.CheckAsync("#f-data-sent-name");
        await page.FillAsync("#f-to-organisation", "Harbour House (invented), XB");
        await page.FillAsync("#f-transfer", review);
        await FollowAsync(page, "form[action='/cases/referral/make'] button");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
        var record = new Uri(page.Url).AbsolutePath;
        await AddAsync(page, record, "referred", "Kadi Xane " + language);
        await FollowAsync(page, "button[name=step][value=check-adult]");
        await FollowAsync(page, "button[name=step][value=send-to-organisation]");
        await ShouldSayAsync(page, Said("The person agreed to be referred", "当事人已同意转介"));
        await ShotAsync(page, language, "5-referral", "section[aria-labelledby=steps]");
        await ConsentAsync(page, record, Said("person referred", "被转介人"), "protection:humanitarian-organisation", language, shot: false);
        await FollowAsync(page, "button[name=step][value=send-to-organisation]");
        (await page.Locator("dl.facts").InnerTextAsync()).ShouldContain(Said("sent", "已发送"), customMessage: await page.Locator("main").InnerTextAsync());
        await page.Context.CloseAsync();
    }

    private static async Task AddAsync(IPage page, string record, string role, string name)
    {
        await page.GotoAsync(record);
        (await page.Locator("#role").CountAsync()).ShouldBe(1, record + " " + await page.Locator("main").InnerTextAsync());
        await page.SelectOptionAsync("#role", role);
        await page.FillAsync("#name", name);
        await FollowAsync(page, "form[action$='/persons'] button");
        (await page.InputValueAsync("#as")).ShouldBe(role);
        await page.SelectOptionAsync("form[action$='/persons/add'] #told", "yes");
        await FollowAsync(page, "form[action$='/persons/add'] button[value=new]");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private static async Task ConsentAsync(IPage page, string record, string role, string scope, string language, bool shot = true)
    {
        await page.GotoAsync(record + "?tab=consents");
        var person = await page.Locator("#c-person option", new() { HasText = role }).First.GetAttributeAsync("value");
        await page.SelectOptionAsync("#c-person", person!);
        await page.SelectOptionAsync("#c-scope", scope);
        await page.CheckAsync("#c-given");
        await page.FillAsync("#c-text", "RFL-3");
        await page.SelectOptionAsync("#c-language", "bm");
        await page.SelectOptionAsync("#c-form", "oral-recorded");
        await page.FillAsync("#c-interpreter", "interpreter 7");
        await page.CheckAsync("#c-informed");
        await page.CheckAsync("#c-explicit");
        if (shot)
        {
            await ShotAsync(page, language, "2-consent", "form[action$='/consents']");
        }

        await FollowAsync(page, "form[action$='/consents'] button");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private async Task<IPage> SignedInAsync(IBrowser browser, string name, string purpose, string language, bool script)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), JavaScriptEnabled = script, BypassCSP = script, ViewportSize = new() { Width = 900, Height = s_pictures is null ? 720 : 3_000 },
            ExtraHTTPHeaders = new Dictionary<string, string> { ["Accept-Language"] = language == "zh" ? "zh-CN,zh;q=0.9" : "en" },
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", SampleSite.Password);
        await FollowAsync(page, "main form button");
        await CaseSite.StateAsync(page, purpose);
        return page;
    }

    private static async Task ShouldSayAsync(IPage page, params string[] words)
    {
        var told = await page.Locator("main").InnerTextAsync();
        words.ShouldAllBe(word => told.Contains(word, StringComparison.Ordinal), told);
    }

    /// <summary>A picture of one part for the manual, as high as it can be read at a glance.</summary>
    private static async Task ShotAsync(IPage page, string language, string name, string part)
    {
        if (s_pictures is { Length: > 0 } folder)
        {
var box = (await page.Locator(part).First.BoundingBoxAsync())!;
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.{language}.png"), Clip = new() { X = box.X, Y = box.Y, Width = box.Width, Height = Math.Min(box.Height, 620) } });
        }
    }
}
