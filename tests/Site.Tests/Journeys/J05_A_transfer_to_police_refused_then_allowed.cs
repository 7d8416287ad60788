using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;
using Waymark.Site.Tests.Web;
using Waymark.Storage;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J05 (S199, S200, R20): the words of a victim are to go to the police. Her no ends it; with her yes the rule refuses, naming its article, until the data-protection
/// officer and the legal service have both agreed, neither of them the requester; then it goes, once, with the duty to tell her, and no field more than both agreed to. A second purpose is refused.
/// </summary>
public sealed class J05_A_transfer_to_police_refused_then_allowed
{
    private const string Password = "correct horse battery";
    private const string North = "protection/north";
    private const string South = "protection/south";

    private const string Rules = """

          - id: HR-02
            modality: permit
            scope: {action: [transfer]}
            when: purpose = purpose.declared
            cites: [{article: "2", status: unverified, basis: general}]
            topic: transfer
            en: Pass on for the declared purpose.
            zh: 为声明的目的转交。
          - id: HR-04
            modality: oblige
            kind: precondition
            scope: {action: [transfer], recipient.type: [law-enforcement]}
            require: review.dpo = done and review.legal = done
            cites: [{article: "4", status: unverified, basis: general}]
            topic: transfer
            en: Nothing goes to the police before the data-protection officer and the legal service reviewed it.
            zh: 未经数据保护官与法务部门审查，不得向警方转交。
          - id: HR-05
            modality: oblige
            kind: duty
            scope: {action: [transfer], recipient.type: [law-enforcement]}
            duty: {id: tell-the-person, mandatory: false}
            cites: [{article: "5", status: unverified, basis: general}]
            topic: notice
            en: The person is told, or the delay is recorded.
            zh: 须告知当事人，或记录延迟告知的理由。
        """;

    [Fact]
    public async Task J05_a_transfer_to_the_police_is_refused_reviewed_by_two_and_goes_once_and_a_victims_no_is_final()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian", Rules);
        var (_, worker) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Sana Example", South);
        var (_, legal) = await node.Keys.SignInAsync(node.Site, Roles.LegalOfficer, "Lee Example", "legal");
        var (_, officer) = await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Dan Example", "privacy");
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                string Said(string english, string chinese) => language == "zh" ? chinese : english;
                var (id, person) = await PrepareAsync(node, await ReviewedAsync(node));
                var address = $"/cases/trafficking-victim/{id}";
                var page = await OpenAsync(node, browser, worker, language);
                await StateAsync(page, "victim-support");

                // Asked, she has not agreed: her answer ends it before any rule is asked.
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "button[name=step][value=to-justice]");
                await Walk.ShouldSayAsync(page, Said("The person agreed to this recipient", "当事人已同意此接收方"));

                // She agrees, and the organisation's own rule refuses, with its article and its reasons.
                await ChooseAsync(node, person, ConsentChoice.Given);
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "button[name=step][value=to-justice]");
                await Walk.ShouldSayAsync(page, Said("before the data-protection officer and the legal service reviewed it", "未经数据保护官与法务部门审查"), "HARBOUR", "4");
                await Walk.LookAsync(page);
                await Site.FollowAsync(page, "[role=alert] a[href^='/protection/decisions/']");
                await Walk.ShouldSayAsync(page, "HR-04", Said("before the data-protection officer", "未经数据保护官"), "harbour");
                await Walk.LookAsync(page);
                var asOf = await DutiesAsync(node);

                // Two others look, neither the requester; the legal service alone is not enough.
                await AskReviewAsync(page, id, person);
                await Walk.LookAsync(page);
                foreach (var cookies in new[] { legal, officer })
                {
                    await node.PassAsync(TimeSpan.FromSeconds(125));
                    await DecideAsync(node, browser, cookies, language);
                    await page.GotoAsync(address);
                    await Site.FollowAsync(page, "button[name=step][value=to-justice]");
                    if (cookies == legal)
                    {
                        await Walk.ShouldSayAsync(page, Said("before the data-protection officer and the legal service reviewed it", "未经数据保护官与法务部门审查"));
                    }
                }

                // Gone: once, with the duty to tell her on its clock, and a decision that anybody concerned can be shown.
                await Walk.ShouldSayAsync(page, Said("with the justice system by own wish", "自愿进入司法程序"));
                (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0);
                (await DutiesAsync(node)).ShouldBe(asOf + 1, "the person is told, or the delay recorded");
                await page.GotoAsync(address + "?tab=history");
                await Site.FollowAsync(page, "main a[href^='/protection/decisions/'] >> nth=0");
                (await page.Locator("main .tag.ok").CountAsync()).ShouldBe(1);
                await Walk.LookAsync(page);

                // The sheet that goes to the police holds what both offices agreed to, her own account; what helps her and where she lives is on none, and the page says what it left out.
                // A review opens once: what goes on paper is reviewed by itself.
                await AskReviewAsync(page, id, person);
                foreach (var cookies in new[] { legal, officer })
                {
                    await node.PassAsync(TimeSpan.FromSeconds(125));
                    await DecideAsync(node, browser, cookies, language);
                }

                await SheetAsync(page, address, "law-enforcement");
                var sheet = await page.Locator("main dl.kv").InnerTextAsync();
                sheet.ShouldContain(Said("abuse of a position of vulnerability", "滥用脆弱境况"));
                sheet.ShouldNotContain(Said("safe place", "安全住所"), Case.Insensitive);
                await Walk.ShouldSayAsync(page, Said("Not on this sheet", "未列入本打印件"), Said("help offered", "已提议的帮助"));
                await Walk.LookAsync(page);

                // A second purpose of the same account is refused, in another sign-in too.
                await SecondPurposeAsync(node, browser, language, address);

                // Her no is final: taken back, nothing opens the way again, whoever reviewed it.
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "button[name=step][value=help]");
                (await node.Site.App.Services.GetRequiredService<IConsents>().WithdrawAsync(person, null, "in-person", TestContext.Current.CancellationToken)).Error.ShouldBeNull();
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "button[name=step][value=to-justice]");
                await Walk.ShouldSayAsync(page, Said("The person agreed to this recipient", "当事人已同意此接收方"));
                await page.Context.CloseAsync();
            }
        }
    }

    /// <summary>An adult who is being helped, after her time for reflection; the unit that helped handed the file to the one that passes it on.</summary>
    private static async Task<(string Id, string Person)> PrepareAsync(ClosedNode node, string review)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (north, south) = (new CaseDesk(new("prepared-north", Roles.CaseWorker, [North]), North, "victim-support"), new CaseDesk(new("prepared-south", Roles.CaseWorker, [South]), South, "victim-support"));
        var person = Done(await node.Cases.CreateAsync(north, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = "Awa Example" }, [], RecordPartition.Victim), cancellationToken)).Address.Id;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["age-group"] = "adult", ["cooperation"] = "wishes", ["help-offered"] = "shelter", ["fears-return"] = "no", ["reflection-from"] = "2026-04-01", ["reflection-until"] = "2026-05-15",
            ["act"] = "recruitment", ["means"] = "abuse-of-vulnerability", ["transfer"] = review,
        };
        var made = Done(await node.Cases.CreateAsync(north, new("trafficking-victim", null, values, [("survivor", person)]), cancellationToken)).Address;
        await RecordAsync(node, person, "victim-support", "none", ConsentChoice.Given);
        await RecordAsync(node, person, "prosecution", "law-enforcement", ConsentChoice.Refused);
        foreach (var step in new[] { "open-adult", "help" })
        {
            var seen = (await node.Cases.OpenAsync(north, made, cancellationToken)).Value.ShouldNotBeNull().Document.StateVersion;
            Done(await node.Cases.StepAsync(north, made, step, seen, null, cancellationToken));
        }

        Done(await node.Cases.HandOverAsync(north, made, HandOverAct.Offer, South, cancellationToken));
        Done(await node.Cases.HandOverAsync(south, made, HandOverAct.Accept, null, cancellationToken));
        Done(await node.Cases.HandOverAsync(north, made, HandOverAct.Commit, null, cancellationToken));
        return (made.Id, person);
    }

    /// <summary>What two offices agreed may go to the police: her account of what happened, and nothing of her help.</summary>
    private static async Task<string> ReviewedAsync(ClosedNode node)
    {
        static CaseDesk Desk(string account, string role, string unit) => new(new("prepared-" + account, role, [unit], true, "key-" + account), unit, "supervision");
        var (asks, officer, legal) = (Desk("asks", Roles.DataProtectionOfficer, "privacy"), Desk("officer", Roles.DataProtectionOfficer, "privacy"), Desk("legal", Roles.LegalOfficer, "legal"));
        var review = Done(await node.Cases.CreateAsync(asks, new("transfer-review", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["recipient"] = "law-enforcement", ["recipient-name"] = "Harbour police (invented)", ["recipient-area"] = "CHE", ["recipient-law"] = "c108", ["purpose"] = "her own complaint (invented)", ["basis"] = "consent",
            ["fields"] = "narrative", ["necessity"] = "necessary", ["level"] = "safeguards", ["impact"] = "none", ["feared-harm-asked"] = "yes", ["dpo-view"] = "her own words alone (invented)", ["legal-view"] = "agreed (invented)",
        }, []), default)).Address;
        foreach (var (desk, step) in new[] { (asks, "request"), (officer, "dpo-first"), (legal, "legal-second") })
        {
            if (desk == legal)
            {
                Done(await node.Cases.HandOverAsync(asks, review, HandOverAct.Offer, "legal", default));
                Done(await node.Cases.HandOverAsync(legal, review, HandOverAct.Accept, null, default));
                Done(await node.Cases.HandOverAsync(asks, review, HandOverAct.Commit, null, default));
            }

            Done(await node.Cases.StepAsync(desk, review, step, (await node.Cases.OpenAsync(desk, review, default)).Value.ShouldNotBeNull().Document.StateVersion, null, default));
        }

        return review.Id;
    }

    private static async Task SheetAsync(IPage page, string address, string kind)
    {
        await page.GotoAsync(address + "/print");
        await page.SelectOptionAsync("#kind", kind);
        await page.FillAsync("#organisation", "Harbour police (invented)");
        await page.FillAsync("#area", "CHE");
        await Site.FollowAsync(page, "form[action$='/print/reader'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, await page.Locator("main").InnerTextAsync());
    }

    private static Changed Done(CaseAnswer<Changed> answer) =>
        answer.Value.ShouldNotBeNull($"{answer.Error} {answer.Refusal?.Text.In("en")} {string.Join(' ', answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");

    // What she says to the police and what she says to her helpers are two choices.
    private static async Task ChooseAsync(ClosedNode node, string person, ConsentChoice choice)
    {
        await node.PassAsync(TimeSpan.FromMinutes(1));
        await RecordAsync(node, person, "prosecution", "law-enforcement", choice);
        await RecordAsync(node, person, "victim-support", "law-enforcement", choice);
    }

    private static async Task RecordAsync(ClosedNode node, string person, string purpose, string recipient, ConsentChoice choice)
    {
        var done = await node.Site.App.Services.GetRequiredService<IConsents>().RecordAsync(
            new(person, purpose, recipient, choice, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), CancellationToken.None);
        done.Error.ShouldBeNull();
    }

    private static async Task AskReviewAsync(IPage page, string id, string person)
    {
        await page.GotoAsync("/protection/reviews");
        await page.SelectOptionAsync("#kind", "transfer");
        await page.FillAsync("#matter", id);
        await page.FillAsync("#persons", person);
        await page.FillAsync("#reason", "her own wish");
        await Site.FollowAsync(page, "form[action$='/ask'] button");
    }

    private static async Task DecideAsync(ClosedNode node, IBrowser browser, CookieContainer cookies, string language)
    {
        var page = await OpenAsync(node, browser, cookies, language);
        await page.GotoAsync("/protection/reviews");
        await page.CheckAsync("input[name=approve][value=yes]");
        await page.FillAsync("form[action$='/decide'] input[name=reason]", "seen");
        await Site.FollowAsync(page, "form[action$='/decide'] button");
        await page.Context.CloseAsync();
    }

    private static async Task SecondPurposeAsync(ClosedNode node, IBrowser browser, string language, string address)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = node.Site.Address };
        (await node.Site.SignInAsync(client, "Sana Example", Password)).Headers.Location!.ToString().ShouldBe("/");
        var page = await OpenAsync(node, browser, cookies, language);
        await StateAsync(page, "assistance");
        await page.GotoAsync(address);
        (await page.Locator("dl.facts").CountAsync()).ShouldBe(0, "nothing of the file is shown");
        await Site.FollowAsync(page, "[role=alert] a[href^='/protection/decisions/']");
        (await page.Locator("main .tag.bad").CountAsync()).ShouldBe(1);
        await page.Context.CloseAsync();
    }

    private static async Task<int> DutiesAsync(ClosedNode node) => (await node.Site.Platform.Store.Records.ListAsync(new("protection.duty", []), TestContext.Current.CancellationToken)).Value.Records.Count;

    private static async Task StateAsync(IPage page, string purpose)
    {
        await page.GotoAsync("/purpose");
        await page.CheckAsync("#purpose-" + purpose);
        await Site.FollowAsync(page, "main form button");
    }

    private static Task<IPage> OpenAsync(ClosedNode node, IBrowser browser, CookieContainer cookies, string language) => Walk.OpenAsync(browser, node.Site.Address, language, cookies);
}
