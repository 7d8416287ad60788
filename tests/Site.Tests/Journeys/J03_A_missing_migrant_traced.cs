using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Site.Tests.Casework;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J03 on one node, without a private match: a sister asks on a phone, the holder of the record reviews, the found woman is asked first, two people review and two tell; until then the
/// sister reads one and the same sentence. S009, S010, S079. The people are invented.
/// </summary>
public sealed class J03_A_missing_migrant_traced(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_sister_asks_on_a_phone_and_hears_only_what_the_woman_found_agreed_to(string language, bool script)
    {
        var (sought, written) = language == "en" ? ("Hawa Traoré", "حواء تراوري") : ("Aminata Sidibé", "أميناتا سيديبي");
        var (person, found) = await FoundAsync(written);

        // On a cheap phone, in her language.
        await using var phone = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), JavaScriptEnabled = script, ViewportSize = new() { Width = 320, Height = 640 }, Locale = language == "zh" ? "zh-CN" : "en",
        });
        var sister = await phone.NewPageAsync();
        await sister.GotoAsync("/find-family");
        foreach (var (field, text) in new[]
        {
            ("sought", sought), ("other-names", written), ("birth", "1994"), ("separated-on", "2025-05"), ("separated-at", "Harbour town"), ("seeker", "Mariam Invented"), ("contact", "+000 777 invented"),
            ("interpreter", "a cousin, from Bambara"),
        })
        {
            await sister.FillAsync("#" + field, text);
        }

        await sister.SelectOptionAsync("#relation", "sister");
        await sister.CheckAsync("#safe");
        await sister.CheckAsync("#agrees");
        await sister.CheckAsync("#named");
        await Site.FollowAsync(sister, "form[action='/find-family/send'] button");
        var code = await sister.Locator("code.ref").InnerTextAsync();
        var received = await WordAsync(sister, code);

        // A worker of the unit takes the request, checks who asks, and begins the search.
        var worker = await OpenAsync(language, CaseSite.Worker, script);
        await worker.GotoAsync("/cases/tracing?state=draft");
        await Site.FollowAsync(worker, "table a.ref");
        var request = new Uri(worker.Url).AbsolutePath;
        (await worker.Locator("dl.facts").InnerTextAsync()).ShouldContain(language == "zh" ? "草稿" : "draft");
        await Site.FollowAsync(worker, "form[action$='/owner'] button");
        await EnterAsync(worker, request, "separation", ("identity-checked", "yes"));
        await worker.GotoAsync(request + "?tab=search");
        await worker.OpenPartAsync("details");
        await worker.CheckAsync("#f-scope-own");
        await Site.FollowAsync(worker, "form[action$='/change'] button");
        await StepAsync(worker, request, "accept");
        await StepAsync(worker, request, "search");
        await worker.GotoAsync("/tracing");
        await Site.FollowAsync(worker, $"form[action='/tracing/look']:has(input[value='{request.Split('/')[3]}']) button");
        var working = await WordAsync(sister, code);
        working.ShouldNotBe(received);

        // Two people of the unit that holds the record compare, across scripts; the second is blind.
        var holder = await OpenAsync(language, CaseSite.Holder, script);
        var second = await OpenAsync(language, CaseSite.SecondHolder, script);
        await ReviewAsync(holder);
        await ReviewAsync(second);

        // The woman is asked first, alone; what she says is written down, and her consent.
        await holder.GotoAsync(found + "?tab=safety");
        await EnterAsync(holder, found, "safety", ("barred", "clear"));
        await EnterAsync(holder, found, "answer", ("asked-on", "2026-06-01"), ("how-asked", "in-person"), ("asked-language", "Bambara, with an interpreter"), ("answer", "message-only"), ("may-tell", "that she is well"), ("message", "I think of you"));
        await StepAsync(holder, found, "check");
        await StepAsync(holder, found, "ask");
        await site.ConsentAsync(person, "family-tracing", "family");
        await StepAsync(holder, found, "agree-adult");
        (await WordAsync(sister, code)).ShouldBe(working, "agreeing moves nothing outside");
        await second.GotoAsync(found);
        await StepAsync(second, found, "tell");

        // The unit that asked learns what was agreed; one person locates, another tells.
        await worker.GotoAsync($"/tracing/tell/{request.Split('/')[3]}");
        (await worker.Locator("main").InnerTextAsync()).ShouldContain("[tracing.nothing-to-tell]");
        await StepAsync(worker, request, "locate");
        (await WordAsync(sister, code)).ShouldBe(working, "the sister hears it from a person, not from a page");
        var colleague = await OpenAsync(language, CaseSite.Colleague, script);
        await colleague.GotoAsync(request);
        await Site.FollowAsync(colleague, "a[href^='/tracing/tell/']");
        var sheet = await colleague.Locator("main").InnerTextAsync();
        sheet.ShouldContain("that she is well");
        sheet.ShouldContain("I think of you");
        sheet.ShouldContain("+000 777 invented");
        sheet.ShouldNotContain("Harbour clinic", Case.Insensitive, "where she is stays with her");
        await Site.FollowAsync(colleague, "main form button[value=tell]");
        (await colleague.Locator("dl.facts").InnerTextAsync()).ShouldContain(language == "zh" ? "已告知家属" : "family told");
        (await WordAsync(sister, code)).ShouldContain(language == "zh" ? "已按您选择的方式答复。" : "It was answered in the way you chose.");
        foreach (var page in new[] { worker, holder, second, colleague })
        {
            await page.Context.CloseAsync();
        }
    }

    private async Task<IPage> OpenAsync(string language, string name, bool script)
    {
        var page = await site.SignedInAsync(language, name, script);
        await CaseSite.StateAsync(page, "family-tracing");
        return page;
    }

    private static async Task<string> WordAsync(IPage page, string code)
    {
        await page.GotoAsync("/my-data");
        await page.FillAsync("#code", code);
        await Site.FollowAsync(page, "form[action='/my-data'] button");
        return await page.Locator("main").InnerTextAsync();
    }

    private static async Task EnterAsync(IPage page, string record, string tab, params (string Field, string Value)[] entries)
    {
        await page.GotoAsync($"{record}?tab={tab}");
        await page.OpenPartAsync("details");
        foreach (var (field, value) in entries)
        {
            var input = page.Locator("#f-" + field);
            await (await input.EvaluateAsync<string>("element => element.tagName") == "SELECT" ? input.SelectOptionAsync(value) : input.FillAsync(value));
        }

        await Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private static async Task StepAsync(IPage page, string record, string step)
    {
        await page.GotoAsync(record);
        await Site.FollowAsync(page, $"ol.route button[name=step][value={step}]");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, $"{step}: {await page.Locator("main").InnerTextAsync()}");
    }

    private async Task ReviewAsync(IPage page)
    {
        await page.GotoAsync("/tracing");
        await Site.FollowAsync(page, "section[aria-labelledby=waiting] a.ref");
        await page.CheckAsync("#c-same");
        await page.FillAsync("#why", "the same name in another script, the year and the day of the boat");
        await Site.FollowAsync(page, "#decision button");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
        await site.PassAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>A woman whom a clinic of the south entered in another script.</summary>
    private async Task<(string Person, string Found)> FoundAsync(string name)
    {
        var south = CaseSite.Desk("protection/south");
        async Task<string> Make(string register, Dictionary<string, string> values, params (string, string)[] persons)
        {
            var made = await site.Cases.CreateAsync(south, new(register, null, values, persons, Waymark.Storage.RecordPartition.Missing), TestContext.Current.CancellationToken);
            made.IsOk.ShouldBeTrue($"{made.Error} {made.Refusal?.Text.In("en")}");
            return made.Value!.Address.Id;
        }

        var person = await Make("person", new(StringComparer.Ordinal)
        {
            ["names/a/name"] = $$"""{"full":"{{name}}","language":"ar"}""", ["birth"] = "1994-03-14", ["contacts/a/contact"] = """{"channel":"person","value":"Harbour clinic","safe":"yes"}""",
        });
        var found = await Make("found-person", new(StringComparer.Ordinal) { ["age-group"] = "adult", ["found-on"] = "2025-09", ["found-at"] = "Harbour clinic" }, ("found", person));
        return (person, "/cases/found-person/" + found);
    }
}
