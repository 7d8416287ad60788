using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Site.Tests.Casework;
using Waymark.Site.Tests.Web;
using Waymark.Storage;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J01 on one node (S077–S082, S092, R58–R60): an investigator asks another State. The basis has to fit, the checks for political matters, refugees and the State of feared harm come before anything
/// leaves, a decision of two offices stands behind them, and the central authority signs. A request from abroad that touches a political matter ends at the legal officer, who need not say why.
/// </summary>
public sealed class J01_Case_assistance_between_two_States
{
    private const string Cooperation = "cooperation/desk";
    private const string Central = "central/authority";
    private const string Purpose = "law-enforcement";

    private const string Rules = """

          - id: HR-02
            modality: permit
            scope: {action: [transfer]}
            when: purpose = purpose.declared
            cites: [{article: "2", status: unverified, basis: general}]
            topic: transfer
            en: Pass on for the declared purpose.
            zh: 为声明的目的转交。
        """;

    [Fact]
    public async Task J01_a_request_leaves_after_basis_checks_and_second_signature_and_a_political_one_from_abroad_ends_without_reasons()
    {
        await using var node = await ClosedNode.StartAsync("authority", Rules);
        var (_, officer) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Ines Example", Cooperation);
        var (_, central) = await node.Keys.SignInAsync(node.Site, Roles.Supervisor, "Pia Example", Central);
        var (_, legal) = await node.Keys.SignInAsync(node.Site, Roles.LegalOfficer, "Lea Example", Cooperation);
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                string Said(string english, string chinese) => language == "zh" ? chinese : english;
                var page = await OpenAsync(node, browser, officer, language);
                var address = await MakeAsync(
                    page, ("direction", "outgoing"), ("requesting-authority", "Border Service (invented)"), ("requested-authority", "Central authority of the neighbour (invented)"), ("requested-area", "TUN"), ("contact-point", "duty officer"),
                    ("basis", "smuggling-10"), ("stage", "inquiry"), ("offence", "smuggling-of-migrants"), ("facts", Said("Three boats in one night. (invented)", "一夜三艘船。（虚构）")), ("sought", "routes"),
                    ("deadline", "2026-08-01"), ("deadline-reason", "hearing before the court"), ("use-limit", "this inquiry only"), ("matter", "ordinary"), ("refugee-check", "not-checked"));

                // Each condition is said by itself; nothing moves before all of them hold.
                await StepAsync(page, address, "clear", Said("article 10 of the Smuggling Protocol binds States with a common border", "适用于有共同边界"));
                await EnterAsync(page, address, "basis", ("basis", "untoc-27"));
                await StepAsync(page, address, "clear", Said("No refugee and no asylum seeker is concerned", "不涉及难民或寻求庇护者"));
                await EnterAsync(page, address, "checks", ("refugee-check", "nothing-known"), ("feared-harm", "bars"), ("rights-risk", "nothing-known"), ("victim-data", "no"), ("check-decision", await ReviewAsync(node, address)));
                await StepAsync(page, address, "clear", Said("not the State of feared harm", "并非所惧伤害国"));
                await EnterAsync(page, address, "checks", ("feared-harm", "nothing-known"));
                await StepAsync(page, address, "clear");
                (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();

                // Whoever checked does not sign: the central authority takes the file over and submits.
                await StepAsync(page, address, "submit", Said("The central authority agrees", "须经中央机关同意"));
                var signing = await OpenAsync(node, browser, central, language);
                await page.Locator("section[aria-labelledby=control] summary").ClickAsync();
                await page.SelectOptionAsync("#to", Central);
                await Site.FollowAsync(page, "form[action$='/hand-over'] button");
                await signing.GotoAsync(address);
                await Site.FollowAsync(signing, "form[action$='/hand-over'] button[value=accept]");
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "form[action$='/hand-over'] button[value=commit]");
                await StepAsync(signing, address, "submit");
                foreach (var step in new[] { "acknowledge", "note-accepted" })
                {
                    await StepAsync(signing, address, step);
                }

                await StepAsync(signing, address, "note-answer", Said("\"reply\" is needed first", "须先填写“答复”"));
                await EnterAsync(signing, address, "reply", ("reply", "executed"), ("report", Said("Two routes and their engines. (invented)", "两条路线及其船用发动机。（虚构）")));
                await StepAsync(signing, address, "note-answer");
                (await signing.Locator("dl.facts").InnerTextAsync()).ShouldContain(Said("answered", "已答复"));

                // Whoever fears harm there is named to nobody there, whatever the check of the file says (M22).
                var named = await NamedAsync(node);
                await StepAsync(signing, named, "submit", "FLOOR-01b");
                await signing.Context.CloseAsync();

                // The other way round: what is political is not accepted, and the refusal keeps its reasons to itself.
                var asked = await MakeAsync(
                    page, ("direction", "incoming"), ("requesting-authority", "Police of XA (invented)"), ("basis", "untoc-27"), ("sought", "locate"), ("matter", "political"));
                await StepAsync(page, asked, "take-in");
                await StepAsync(page, asked, "accept", Said("The legal officer decides", "由法律干事决定"));
                var deciding = await OpenAsync(node, browser, legal, language);
                await StepAsync(deciding, asked, "accept", Said("not political, military, religious or racial", "不属政治、军事、宗教或种族性质"));
                await EnterAsync(deciding, asked, "reply", ("refusal", "without-reasons"));
                await StepAsync(deciding, asked, "refuse");
                (await deciding.Locator("dl.facts").InnerTextAsync()).ShouldContain(Said("refused", "已拒绝"));
                await deciding.Context.CloseAsync();
                await page.Context.CloseAsync();
            }
        }
    }

    /// <summary>What two offices decided on the checks of one request: the record that it names, and that names it.</summary>
    private static async Task<string> ReviewAsync(ClosedNode node, string request)
    {
        static CaseDesk Desk(string account, string role, string unit) => new(new("prepared-" + account, role, [unit], true, "key-" + account), unit, "supervision");
        var (asks, officer, legal) = (Desk("asks", Roles.DataProtectionOfficer, "oversight"), Desk("dpo", Roles.DataProtectionOfficer, "oversight"), Desk("legal", Roles.LegalOfficer, "legal"));
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["recipient"] = "law-enforcement", ["recipient-name"] = "Central authority of XA (invented)", ["purpose"] = "routes and methods", ["basis"] = "UNTOC 27", ["fields"] = "criminal", ["necessity"] = "necessary",
            ["level"] = "safeguards", ["impact"] = "none", ["request"] = request.Split('/')[^1], ["feared-harm-asked"] = "yes", ["dpo-view"] = "no person is named", ["legal-view"] = "the Convention binds both",
        };
        var made = Done(await node.Cases.CreateAsync(asks, new("transfer-review", null, values, []), default)).Address;
        async Task StepAsync(CaseDesk desk, string step) => Done(await node.Cases.StepAsync(
            desk, made, step, (await node.Cases.OpenAsync(desk, made, default)).Value.ShouldNotBeNull().Document.StateVersion, null, default));
        await StepAsync(asks, "request");
        await StepAsync(officer, "dpo-first");
        Done(await node.Cases.HandOverAsync(asks, made, HandOverAct.Offer, "legal", default));
        Done(await node.Cases.HandOverAsync(legal, made, HandOverAct.Accept, null, default));
        Done(await node.Cases.HandOverAsync(asks, made, HandOverAct.Commit, null, default));
        await StepAsync(legal, "legal-second");
        return made.Id;
    }

    /// <summary>A request that passed the checks and lies with the central authority; somebody named in it said that harm waits in the country asked.</summary>
    private static async Task<string> NamedAsync(ClosedNode node)
    {
        var (desk, central) = (new CaseDesk(new("prepared-ines", Roles.CaseWorker, [Cooperation], true, "key-ines"), Cooperation, Purpose), new CaseDesk(new("prepared-pia", Roles.Supervisor, [Central], true, "key-pia"), Central, Purpose));
        var person = Done(await node.Cases.CreateAsync(
            desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = "Xander Example", ["birth"] = "1985-02-03", ["feared-areas"] = "ERI" }, [], RecordPartition.General), default)).Address.Id;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["requesting-authority"] = "Border Service (invented)", ["requested-authority"] = "Police of XA (invented)", ["requested-area"] = "ERI", ["contact-point"] = "duty officer",
            ["basis"] = "untoc-27", ["stage"] = "inquiry", ["offence"] = "smuggling-of-migrants", ["facts"] = "Seen on two boats. (invented)", ["sought"] = "records", ["deadline"] = "2026-08-01",
            ["deadline-reason"] = "hearing", ["use-limit"] = "this inquiry only", ["matter"] = "ordinary", ["refugee-check"] = "nothing-known", ["feared-harm"] = "nothing-known", ["rights-risk"] = "nothing-known",
            ["victim-data"] = "no",
        };
        var made = Done(await node.Cases.CreateAsync(desk, new("assistance-request", null, values, [("concerned", person)]), default)).Address;
        Done(await node.Cases.ChangeAsync(desk, made, new([new("check-decision", 0, await ReviewAsync(node, made.Id))]), default));
        Done(await node.Cases.StepAsync(desk, made, "clear", 1, null, default));
        Done(await node.Cases.HandOverAsync(desk, made, HandOverAct.Offer, Central, default));
        Done(await node.Cases.HandOverAsync(central, made, HandOverAct.Accept, null, default));
        Done(await node.Cases.HandOverAsync(desk, made, HandOverAct.Commit, null, default));
        return "/cases/assistance-request/" + made.Id;
    }

    private static Changed Done(CaseAnswer<Changed> answer) =>
        answer.Value.ShouldNotBeNull($"{answer.Error} {answer.Refusal?.Text.In("en")} {string.Join(' ', answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");

    private static async Task<string> MakeAsync(IPage page, params (string Field, string Value)[] entries)
    {
        await page.GotoAsync("/cases/assistance-request/new");
        await page.OpenLaterPartsAsync();
        await FillAsync(page, entries);
        await page.SelectOptionAsync("#told", "yes");
        await Site.FollowAsync(page, "form[action$='/make'] button");
        var path = new Uri(page.Url).AbsolutePath;
        path.Split('/')[^1].Length.ShouldBe(32, await page.Locator("main").InnerTextAsync());
        return path;
    }

    private static async Task EnterAsync(IPage page, string address, string tab, params (string Field, string Value)[] entries)
    {
        await page.GotoAsync($"{address}?tab={tab}");
        await page.Locator("details:has(form[action$='/change']) summary").ClickAsync();
        await FillAsync(page, entries);
        await Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private static async Task FillAsync(IPage page, (string Field, string Value)[] entries)
    {
        foreach (var (field, value) in entries)
        {
            var at = page.Locator("#f-" + field);
            if (await at.CountAsync() == 0)
            {
                await page.CheckAsync($"#f-{field}-{value}");
            }
            else
            {
                await (await at.EvaluateAsync<string>("element => element.tagName") == "SELECT" ? at.SelectOptionAsync(value) : at.FillAsync(value));
            }
        }
    }

    /// <summary>Takes a step; with <paramref name="refused"/> it must be refused with these words.</summary>
    private static async Task StepAsync(IPage page, string address, string step, string? refused = null)
    {
        if (new Uri(page.Url).AbsolutePath != address)
        {
            await page.GotoAsync(address);
        }

        await Site.FollowAsync(page, $"ol.route button[name=step][value={step}]");
        var main = await page.Locator("main").InnerTextAsync();
        (await page.Locator("div.errors, [role=alert]").CountAsync() > 0).ShouldBe(refused is not null, $"{step}: {main}");
        main.ShouldContain(refused ?? "", Case.Sensitive, step);
    }

    private static async Task<IPage> OpenAsync(ClosedNode node, IBrowser browser, CookieContainer cookies, string language)
    {
        var page = await Walk.OpenAsync(browser, node.Site.Address, language, cookies);
        await Walk.StateAsync(page, Purpose);
        return page;
    }
}
