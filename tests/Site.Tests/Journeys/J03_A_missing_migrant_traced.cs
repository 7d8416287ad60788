using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Site.Tests.Casework;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J03 on one node, without a private match: a sister asks on a phone, the holder of the record reviews, the found woman is asked first, two people review and two tell; until then the
/// sister reads one and the same sentence. Or the brother died, and what she hears comes from people too. S009, S010, S079. The people are invented.
/// </summary>
public sealed class J03_A_missing_migrant_traced(CaseSite site) : IClassFixture<CaseSite>
{
    private const string North = "protection/north";
    private const string South = "protection/south";
    private const string Forensic = "forensic/east";

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_sister_asks_on_a_phone_and_hears_only_what_the_woman_found_agreed_to(string language, bool script)
    {
        var (sought, written) = language == "en" ? ("Hawa Traoré", "حواء تراوري") : ("Aminata Sidibé", "أميناتا سيديبي");
        var (person, found) = await FoundAsync(written);

        var (sister, code) = await AskAsync(language, script, sought, written);
        await using var phone = sister.Context;
        var received = await WordAsync(sister, code);

        // A worker of the unit takes the request, checks who asks, and begins the search.
        var worker = await OpenAsync(language, CaseSite.Worker, script);
        var request = await SearchAsync(worker, language);
        var working = await WordAsync(sister, code);
        working.ShouldNotBe(received);

        // Two people of the unit that holds the record compare, across scripts; the second is blind.
        var holder = await OpenAsync(language, CaseSite.Holder, script);
        var second = await OpenAsync(language, CaseSite.SecondHolder, script);
        await ReviewAsync(holder);
        await ReviewAsync(second);

        // The woman is asked first, alone; what she says is written down, and her consent.
        await Walk.EnterAsync(holder, found + "?tab=safety", ("barred", "clear"));
        await Walk.EnterAsync(holder, found + "?tab=answer", ("asked-on", "2026-06-01"), ("how-asked", "in-person"), ("asked-language", "Bambara, with an interpreter"), ("answer", "message-only"), ("may-tell", "that she is well"), ("message", "I think of you"));
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

    /// <summary>
    /// The brother she looks for died; his paper was in a jacket. Nobody declares him dead but the authority that registers deaths: two people of two units compare (M69), another unit identifies,
    /// and only then does the unit of the request learn it. Until then the incident took one person or two; afterwards one, and nobody subtracted anything.
    /// </summary>
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_sister_hears_of_a_death_from_two_people_and_the_incident_counts_her_brother_once(string language, bool script)
    {
        string Said(string english, string chinese) => language == "zh" ? chinese : english;
        Task LookAsync(IPage page) => script ? Walk.LookAsync(page) : Task.CompletedTask;
        var (sought, written) = language == "en" ? ("Ousmane Kaboré", "Ousman Kabore") : ("Lamine Ouattara", "Lamin Watara");
        await site.MakeAccountAsync("Invented Expert " + language, Roles.CaseWorker, Forensic, South);
        await site.MakeAccountAsync("Invented Examiner " + language, Roles.CaseWorker, Forensic);
        await site.MakeAccountAsync("Invented Coordinator " + language, Roles.CaseWorker, North, South, Forensic);
        var (body, incident) = await DeadAsync(written);
        var (sister, code) = await AskAsync(language, script, sought, written);
        await using var phone = sister.Context;
        var worker = await OpenAsync(language, CaseSite.Worker, script);
        var request = await SearchAsync(worker, language);
        await Walk.EnterAsync(worker, request + "?tab=answer", ("if-deceased", "relative-present"));
        var working = await WordAsync(sister, code);

        // Whoever works in both units links the report and the record of the dead to the shipwreck.
        var coordinator = await OpenAsync(language, "Invented Coordinator " + language, script);
        await LinkAsync(coordinator, request, incident);
        await LinkAsync(coordinator, body, incident);
        await coordinator.GotoAsync(incident);
        (await TookAsync(coordinator)).ShouldBe(Said("1 to 2", "1 至 2"), "he may be the one without a name, or another");
        await LookAsync(coordinator);

        // Two people of two units compare, the second blind; the match alone names nobody.
        var holder = await OpenAsync(language, CaseSite.Holder, script);
        var expert = await OpenAsync(language, "Invented Expert " + language, script);
        await ReviewAsync(holder);
        await ReviewAsync(expert);
        await StepAsync(holder, body, "match");
        await coordinator.ReloadAsync();
        (await TookAsync(coordinator)).ShouldBe(Said("1 to 2", "1 至 2"), "a match is no identification");
        await IdentifiedBeforeAsync(body);
        var examiner = await OpenAsync(language, "Invented Examiner " + language, script);
        (await WordAsync(sister, code)).ShouldBe(working);
        await StepAsync(examiner, body, "identify");
        await coordinator.ReloadAsync();
        (await TookAsync(coordinator)).ShouldBe("1");
        await Walk.ShouldSayAsync(coordinator, Said("of them identified", "其中已确认身份"));

        // The unit of the request learns it with that step; one person notes it, another tells, in the way the sister wished, and not where he was found.
        await StepAsync(worker, request, "locate");
        (await WordAsync(sister, code)).ShouldBe(working, "the sister hears it from a person, not from a page");
        var colleague = await OpenAsync(language, CaseSite.Colleague, script);
        await colleague.GotoAsync(request);
        await Site.FollowAsync(colleague, "a[href^='/tracing/tell/']");
        await Walk.ShouldSayAsync(colleague, Said("The person has died", "本人已身故"), Said("with a relative present", "由亲属陪同"), "+000 777 invented");
        (await colleague.Locator("main").InnerTextAsync()).ShouldNotContain("Pier of the harbour", Case.Insensitive);
        await LookAsync(colleague);
        await Site.FollowAsync(colleague, "main form button[value=tell]");
        (await colleague.Locator("dl.facts").First.InnerTextAsync()).ShouldContain(Said("family told", "已告知家属"));
        (await WordAsync(sister, code)).ShouldContain(Said("It was answered in the way you chose.", "已按您选择的方式答复。"));
        foreach (var page in new[] { worker, coordinator, holder, expert, examiner, colleague })
        {
            await page.Context.CloseAsync();
        }
    }

    /// <summary>Asks on a cheap phone, in her language; answers her code.</summary>
    private async Task<(IPage Sister, string Code)> AskAsync(string language, bool script, string sought, string written)
    {
        var phone = await site.Browser.NewContextAsync(new()
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
        return (sister, await sister.Locator("code.ref").InnerTextAsync());
    }

    /// <summary>Takes the newest request, checks who asks, accepts it and has it compared; answers its address.</summary>
    private static async Task<string> SearchAsync(IPage worker, string language)
    {
        await worker.GotoAsync("/cases/tracing?state=draft");
        await Site.FollowAsync(worker, "table a.ref");
        var request = new Uri(worker.Url).AbsolutePath;
        (await worker.Locator("dl.facts").InnerTextAsync()).ShouldContain(language == "zh" ? "草稿" : "draft");
        await Site.FollowAsync(worker, "form[action$='/owner'] button");
        await Walk.EnterAsync(worker, request + "?tab=separation", ("identity-checked", "yes"));
        await Walk.EnterAsync(worker, request + "?tab=search", ("scope", "own"));
        await StepAsync(worker, request, "accept");
        await StepAsync(worker, request, "search");
        await worker.GotoAsync("/tracing");
        await Site.FollowAsync(worker, $"form[action='/tracing/look']:has(input[value='{request.Split('/')[3]}']) button");
        return request;
    }

    private static async Task LinkAsync(IPage page, string record, string incident)
    {
        await page.GotoAsync(record);
        await page.Locator("details:has(#link-type) summary").ClickAsync();
        await page.SelectOptionAsync("#link-type", "in-incident");
        await page.FillAsync("#link-reference", "IN-" + incident.Split('/')[3][..8]);
        await page.CheckAsync("#visible-open");
        await Site.FollowAsync(page, "form[action$='/link'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private static Task<string> TookAsync(IPage incident) => incident.Locator("section[aria-labelledby=people] dd b").InnerTextAsync();

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

    /// <summary>A man whom the sea brought, as a mortuary of the south recorded him, with the name on a paper in his jacket; and the shipwreck, as the north recorded it.</summary>
    private async Task<(string Body, string Incident)> DeadAsync(string name)
    {
        var person = await MakeAsync(South, "person", new(StringComparer.Ordinal) { ["names/a/name"] = name, ["birth"] = "1994" });
        var body = await MakeAsync(South, "unidentified-deceased", new(StringComparer.Ordinal)
        {
            ["found-on"] = "2025-05-20", ["found-at"] = "Pier of the harbour", ["found-in"] = "sea", ["sex"] = "male", ["examined-by"] = "Institute (invented)", ["examined-on"] = "2025-05-22",
        }, ("deceased", person));
        await DoAsync(South, new("unidentified-deceased", body), "recover");
        await DoAsync(South, new("unidentified-deceased", body), "examine");
        var incident = await MakeAsync(North, "incident", new(StringComparer.Ordinal) { ["kind"] = "shipwreck", ["happened"] = "2025-05", ["at"] = "Off the harbour (invented)", ["reports/a/source"] = "harbour authority (invented)", ["reports/a/dead"] = "1–2" });
        return ("/cases/unidentified-deceased/" + body, "/cases/incident/" + incident);
    }

    /// <summary>What the authority wrote is entered by one unit and compared with the paper by another; the record of the dead goes to the unit that identifies.</summary>
    private async Task IdentifiedBeforeAsync(string body)
    {
        var (record, cancellationToken) = (new RecordAddress("unidentified-deceased", body.Split('/')[3]), TestContext.Current.CancellationToken);
        var document = (await site.Cases.OpenAsync(CaseSite.Desk(South), record, cancellationToken)).Value.ShouldNotBeNull().Document;
        var paper = new RecordAddress("death-record", await MakeAsync(South, "death-record", new(StringComparer.Ordinal)
        {
            ["body"] = record.Id, ["authority"] = "Registry of the harbour (invented)", ["number"] = "D-1", ["issued-on"] = "2026-05-20", ["seen"] = "original",
        }, ("deceased", document.Persons.Single().Person)));
        await DoAsync(South, paper, "enter");
        await GiveAsync(paper);
        await DoAsync(Forensic, paper, "confirm");
        var entered = await site.Cases.ChangeAsync(CaseSite.Desk(South), record, new([new("death-record", 0, paper.Id)]), cancellationToken);
        entered.IsOk.ShouldBeTrue($"{entered.Error} {entered.Refusal?.Text.In("en")}");
        await GiveAsync(record);
    }

    private async Task GiveAsync(RecordAddress record)
    {
        foreach (var (unit, act, to) in new[] { (South, HandOverAct.Offer, Forensic), (Forensic, HandOverAct.Accept, null), (South, HandOverAct.Commit, (string?)null) })
        {
            (await site.Cases.HandOverAsync(CaseSite.Desk(unit), record, act, to, TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue($"{record} {act}");
        }
    }

    private async Task DoAsync(string unit, RecordAddress record, string step)
    {
        var seen = (await site.Cases.OpenAsync(CaseSite.Desk(unit), record, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Document.StateVersion;
        var done = await site.Cases.StepAsync(CaseSite.Desk(unit), record, step, seen, null, TestContext.Current.CancellationToken);
        done.IsOk.ShouldBeTrue($"{step}: {done.Error} {done.Refusal?.Text.In("en")}");
    }

    private async Task<string> MakeAsync(string unit, string register, Dictionary<string, string> values, params (string, string)[] persons)
    {
        var made = await site.Cases.CreateAsync(CaseSite.Desk(unit), new(register, null, values, persons, Waymark.Storage.RecordPartition.Missing), TestContext.Current.CancellationToken);
        made.IsOk.ShouldBeTrue($"{register}: {made.Error} {made.Refusal?.Text.In("en")}");
        return made.Value!.Address.Id;
    }

    /// <summary>A woman whom a clinic of the south entered in another script.</summary>
    private async Task<(string Person, string Found)> FoundAsync(string name)
    {
        var person = await MakeAsync(South, "person", new(StringComparer.Ordinal)
        {
            ["names/a/name"] = $$"""{"full":"{{name}}","language":"ar"}""", ["birth"] = "1994-03-14", ["contacts/a/contact"] = """{"channel":"person","value":"Harbour clinic","safe":"yes"}""",
        });
        return (person, "/cases/found-person/" + await MakeAsync(South, "found-person", new(StringComparer.Ordinal) { ["age-group"] = "adult", ["found-on"] = "2025-09", ["found-at"] = "Harbour clinic" }, ("found", person)));
    }
}
