using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Guards;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Casework;
using Waymark.Site.Tests.Web;
using Waymark.Storage;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J10 (S156, R70–R73): a readmission was asked for and the person heard; the gates stay closed for the unit that wants it. Another unit is asked, hears the person, finds a risk and says so
/// with reasons; the return stops, a pathway begins, and nothing is printed for the State of feared harm. The same gates open for somebody else on decisions from outside (M19, M20, M22).
/// </summary>
public sealed class J10_A_return_stopped_by_non_refoulement
{
    private const string North = "returns/north";
    private const string South = "returns/south";
    private const string Asylum = "asylum/decisions";
    private const string Purpose = "readmission";
    private const string Forced = "forced-return";

    private const string Rules = """

          - id: HR-02
            modality: permit
            scope: {action: [decide, return-step, contact]}
            when: purpose = purpose.declared
            cites: [{article: "2", status: unverified, basis: general}]
            topic: purpose
            en: Decide and act for the declared purpose.
            zh: 为声明的目的作出决定并采取行动。
        """;

    [Fact]
    public async Task J10_a_return_is_stopped_by_somebody_outside_the_return_unit_and_a_pathway_begins()
    {
        await using var node = await ClosedNode.StartAsync("authority", Rules);
        var (_, officer) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Ola Example", North);
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                string Said(string english, string chinese) => language == "zh" ? chinese : english;
                // Two people decide: one who decided twice within a quarter of an hour would be held (M20).
                var (_, decider) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Dea Example " + language, Asylum);
                await node.PassAsync(TimeSpan.FromMinutes(1));
                var (id, _) = await PrepareAsync(node, "Xander Example", "ERI");
                var page = await OpenAsync(node, browser, officer, language);
                var address = $"/cases/return/{id}";

                // Heard, ordered, everything filled in: the gates are closed all the same, and say so one by one.
                await page.GotoAsync(address + "?tab=gates");
                await Walk.ShouldSayAsync(page, Said("nobody decided", "尚未决定"));
                await Site.FollowAsync(page, "button[name=step][value=pass-ordered]");
                (await page.Locator("[role=alert]").CountAsync()).ShouldBe(1);
                (await page.Locator("#ask-to option").AllInnerTextsAsync()).ShouldNotContain(North, "the unit that wants the return is not offered as the one that decides");
                await page.SelectOptionAsync("#ask-to", Asylum);
                await Site.FollowAsync(page, "form[action$='/ask-decision'] button");
                await Site.FollowAsync(page, "form[action$='/ask-decision/withdraw'] button");
                (await page.Locator("form[action$='/ask-decision/withdraw']").CountAsync()).ShouldBe(0, "what was asked is taken back");
                await page.SelectOptionAsync("#ask-to", Asylum);
                await Site.FollowAsync(page, "form[action$='/ask-decision'] button");
                await Walk.LookAsync(page);

                // The other unit finds it on its desk. Without reasons of its own nothing is decided, and nothing typed is lost.
                var desk = await OpenAsync(node, browser, decider, language);
                await desk.GotoAsync("/returns");
                await Site.FollowAsync(desk, "main tbody tr:last-child a");
                await Walk.ShouldSayAsync(desk, "I gave evidence against a commander", "Xander Example");
                await desk.CheckAsync("#gate-non-refoulement");
                await desk.CheckAsync("#open-no");
                await desk.CheckAsync("#chain-possible");
                await desk.FillAsync("#own-words", $"They know my name and my village, in {language}.");
                await desk.FillAsync("#reasons", "No.");
                await Site.FollowAsync(desk, "form[action$='/decide'] button");
                await Walk.ShouldSayAsync(desk, Said("reasons for this person", "针对本人的理由"));
                (await desk.InputValueAsync("#own-words")).ShouldContain("They know my name");
                await desk.FillAsync("#interview", "2026-05-20");
                await desk.FillAsync("#country", "2026-05-02");
                await desk.SelectOptionAsync("#language", "ti");
                await desk.FillAsync("#reasons", language == "zh"
                    ? "当事人曾在公开审理中指证该地区指挥官，二〇二六年五月的国别资料记载两名证人在返回后遭到羁押与酷刑，其陈述前后一致并有庭审记录佐证，风险真实、个别且无法以迁居避免，亦可能由邻国转送回该地区，故本关口保持关闭，应转入庇护程序。"
                    : "The person testified in open court against the commander of that region; country information of May 2026 records two witnesses detained and tortured after their return. The account is consistent.");
                await Site.FollowAsync(desk, "form[action$='/decide'] button");
                await Walk.ShouldSayAsync(desk, Said("closed by decision", "经决定关闭"));
                await Walk.LookAsync(desk);
                await ShotAsync(desk, language + "-decision");
                await desk.Context.CloseAsync();

                // It stands in the file, with its reasons. The way on is shut; the stop is open, and a pathway follows it.
                await page.GotoAsync(address + "?tab=gates");
                await Walk.ShouldSayAsync(page, Said("closed by decision", "经决定关闭"), Said("risk found", "存在风险"));
                await ShotAsync(page, language + "-gates");
                await Site.FollowAsync(page, "button[name=step][value=pass-ordered]");
                (await page.Locator("[role=alert]").CountAsync()).ShouldBe(1);
                await page.GotoAsync(address + "?tab=stop");
                await page.Locator("details:has(#f-stop-reason) summary").ClickAsync();
                await page.SelectOptionAsync("#f-stop-reason", "risk-found");
                await page.SelectOptionAsync("#f-pathway", "asylum-procedure");
                await Site.FollowAsync(page, "form[action$='/change'] button");
                await Site.FollowAsync(page, "button[name=step][value=stop]");
                await Site.FollowAsync(page, "button[name=step][value=take-pathway]");
                (await page.Locator("dl.facts").InnerTextAsync()).ShouldContain(Said("on a pathway", "已转入后续途径"));

                // Nothing is printed for anybody of the State of feared harm, and the refusal does not say why (M22).
                await page.GotoAsync(address + "/print");
                await page.SelectOptionAsync("#kind", "none");
                await page.FillAsync("#organisation", "a ministry");
                await page.FillAsync("#area", "ERI");
                await Site.FollowAsync(page, "form[action$='/print/reader'] button");
                await Walk.ShouldSayAsync(page, Said("cannot be given to this reader", "不能向该接收方提供"));
                await page.Context.CloseAsync();
            }

            // A unit that was not asked finds nothing there.
            var (_, other) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Una Example", South);
            var elsewhere = await OpenAsync(node, browser, other, "en");
            var asked = (await node.Cases.ShouldBeAssignableTo<IReturns>()!.AskedAsync(Desk("dea", Asylum), "return", default)).Value.ShouldNotBeNull().Rows;
            asked.Count.ShouldBe(2);
            (await elsewhere.GotoAsync("/returns/" + asked[0].Id))!.Status.ShouldBe(404);
            await elsewhere.Context.CloseAsync();
        }

        await LawfulAsync(node);
    }

    /// <summary>
    /// A forced return: what somebody gave to a service opens no file, the person is heard, another unit opens the gates, and an appeal that is pending holds it before them all the same. New country
    /// information closes the gate of non-refoulement again; the return stops, a pathway follows, and no step leads back.
    /// </summary>
    [Fact]
    public async Task J10_a_forced_return_waits_for_the_appeal_is_stopped_from_outside_and_a_pathway_follows()
    {
        await using var node = await ClosedNode.StartAsync("authority", Rules);
        var (_, officer) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Kim Example", North);
        var (_, second) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Sol Example", South);
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                string Said(string english, string chinese) => language == "zh" ? chinese : english;
                var (_, decider) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Ada Example " + language, Asylum);
                await node.PassAsync(TimeSpan.FromMinutes(1));
                var page = await OpenAsync(node, browser, officer, language, Forced);

                // What a service was told opens no file of enforcement (F2); the page keeps what was typed.
                await page.GotoAsync("/cases/return/new");
                await page.OpenLaterPartsAsync();
                await Walk.FillAsync(page, new[]
                {
                    ("source", "service"), ("track", "ordered"), ("ground", "stay-ended"), ("age-group", "adult"), ("destination", "an invented place"), ("heard", "yes"), ("hearing-on", "2026-05-10"),
                    ("hearing-language", "Tigrinya, interpreter 4"), ("own-words", "I gave evidence against a commander. (invented)"), ("legal-aid", "yes"), ("country-information-on", "2026-05-01"),
                    ("reasons", "entered by the unit itself"), ("appeal", "pending-suspensive"), ("family-unity", "kept"), ("fit-to-travel", "fit"),
                }.Select(entry => ("#f-" + entry.Item1, entry.Item2)));
                await page.SelectOptionAsync("#told", "yes");
                await Site.FollowAsync(page, "form[action$='/make'] button");
                await Walk.ShouldSayAsync(page, Said("never serve immigration enforcement", "移民执法"));
                await page.SelectOptionAsync("#f-source", "state-body");
                await page.SelectOptionAsync("#told", "yes");
                await Site.FollowAsync(page, "form[action$='/make'] button");
                var address = new Uri(page.Url).AbsolutePath;
                var file = new RecordAddress("return", address.Split('/')[3]);
                var (kim, sol) = (Desk("kim", North, Forced), Desk("sol", South, Forced));
                var person = Done(await node.Cases.CreateAsync(kim, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["source"] = "state-body", ["names/1/name"] = "Tekle Example", ["birth"] = "1985-02-03",
                }, [], RecordPartition.General), default)).Address.Id;
                Done(await node.Cases.PersonAsync(kim, file, "returnee", person, add: true, default));

                // Heard, and asked outside the unit that wants the return. Every gate opens there, one by one, each with reasons of its own.
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "button[name=step][value=hear]");
                await page.GotoAsync(address + "?tab=gates");
                (await page.Locator("#ask-to option").AllInnerTextsAsync()).ShouldNotContain(North);
                await page.SelectOptionAsync("#ask-to", Asylum);
                await Site.FollowAsync(page, "form[action$='/ask-decision'] button");
                var (returns, ada) = ((IReturns)node.Cases, Desk("ada-" + language, Asylum, Forced));
                var asked = (await returns.AskedAsync(ada, "return", default)).Value.ShouldNotBeNull().Rows[^1].Id;
                foreach (var gate in Enum.GetValues<ReturnGate>())
                {
                    Done(await returns.DecideAsync(ada, asked, Decision(gate), default));
                }

                Done(await node.Cases.HandOverAsync(kim, file, HandOverAct.Offer, South, default));
                Done(await node.Cases.HandOverAsync(sol, file, HandOverAct.Accept, null, default));
                Done(await node.Cases.HandOverAsync(kim, file, HandOverAct.Commit, null, default));

                // Open gates are not enough while an appeal is pending.
                var other = await OpenAsync(node, browser, second, language, Forced);
                await other.GotoAsync(address);
                await Site.FollowAsync(other, "button[name=step][value=pass-ordered]");
                await Walk.ShouldSayAsync(other, Said("No appeal is pending", "没有未决上诉"));
                (await other.Locator("[role=alert]").CountAsync()).ShouldBe(1);

                // New facts: whoever decides closes the gate again, and the file says so.
                await node.PassAsync(TimeSpan.FromMinutes(20));
                var desk = await OpenAsync(node, browser, decider, language, Forced);
                await desk.GotoAsync("/returns/" + asked);
                await Walk.FillAsync(desk, [("#interview", "2026-05-28"), ("#language", "ti"), ("#country", "2026-05-30"), ("#own-words", $"They asked my mother where I am, in {language}."), ("#reasons",
                    language == "zh" ? "新的国别资料载明，作证者返回后遭羁押，当事人的陈述与庭审记录一致，风险真实且针对其本人，迁居亦不能避免，亦可能由邻国转送回该地区，故本关口关闭，并应转入补充保护程序予以处理，不得执行返回。"
                        : "New country information records that those who gave evidence were detained on their return. The account agrees with the record of the court; the risk is real and personal.")]);
                await desk.CheckAsync("#gate-non-refoulement");
                await desk.CheckAsync("#open-no");
                await desk.CheckAsync("#chain-possible");
                await Site.FollowAsync(desk, "form[action$='/decide'] button");
                await Walk.ShouldSayAsync(desk, Said("closed by decision", "经决定关闭"));
                await Walk.EnterAsync(other, address + "?tab=gates", ("appeal", "decided-against"));
                await other.GotoAsync(address);
                await Site.FollowAsync(other, "button[name=step][value=pass-ordered]");
                (await other.Locator("[role=alert]").CountAsync()).ShouldBe(1, "the appeal is over, and the gate is closed");

                // The stop is open to everybody of the unit; a pathway follows it, and no step of return is left.
                await Walk.EnterAsync(other, address + "?tab=stop", ("stop-reason", "country-changed"), ("pathway", "temporary-protection"));
                await Site.FollowAsync(other, "button[name=step][value=stop]");
                await Site.FollowAsync(other, "button[name=step][value=take-pathway]");
                (await other.Locator("dl.facts").First.InnerTextAsync()).ShouldContain(Said("on a pathway", "已转入后续途径"));
                (await other.Locator("button[name=step][value=pass-ordered]").CountAsync()).ShouldBe(0);
                await Walk.LookAsync(other);
                foreach (var one in new[] { page, other, desk })
                {
                    await one.Context.CloseAsync();
                }
            }
        }
    }

    /// <summary>The gates are no wall: they open on individual decisions from outside, step by step, and close when a fact changes on the day.</summary>
    private static async Task LawfulAsync(ClosedNode node)
    {
        await node.PassAsync(TimeSpan.FromMinutes(1));
        var (id, person) = await PrepareAsync(node, "Yonas Example", null);
        var (file, returns) = (new RecordAddress("return", id), (IReturns)node.Cases);
        var (north, south, asylum) = (Desk("ola", North), Desk("sam", South), Desk("dan", Asylum));
        (await returns.AskAsync(north, file, person, North, default)).Error!.Code.ShouldBe("return.own-unit");
        Done(await returns.AskAsync(north, file, person, Asylum, default));
        var asked = (await returns.AskedAsync(asylum, "return", default)).Value!.Rows[^1].Id;
        (await returns.DecideAsync(asylum, asked, Decision(ReturnGate.NonRefoulement) with { Chain = "possible" }, default)).Error!.Code.ShouldBe("return.chain");
        foreach (var gate in Enum.GetValues<ReturnGate>())
        {
            Done(await returns.DecideAsync(asylum, asked, Decision(gate), default));
        }

        (await StepAsync(node, north, file, "pass-ordered")).Error!.Code.ShouldBe("step.second-person", "who heard the person does not pass the gates");
        Done(await node.Cases.HandOverAsync(north, file, HandOverAct.Offer, South, default));
        Done(await node.Cases.HandOverAsync(south, file, HandOverAct.Accept, null, default));
        Done(await node.Cases.HandOverAsync(north, file, HandOverAct.Commit, null, default));
        // A decision at one gate is none at another: that on the ground does not stand in for the risk of death and torture.
        var fields = (await node.Cases.OpenAsync(south, file, default)).Value!.Document.Fields;
        var (own, ground) = (fields["non-refoulement-decision"].Claims[0].Value.Json, fields["ground-decision"].Claims[0].Value.Json);
        var swapped = Done(await node.Cases.ChangeAsync(south, file, new([new("non-refoulement-decision", fields["non-refoulement-decision"].Version, ground)]), default));
        (await StepAsync(node, south, file, "pass-ordered")).Error!.Code.ShouldBe("step.decision");
        Done(await node.Cases.ChangeAsync(south, file, new([new("non-refoulement-decision", swapped.Version, own)]), default));
        Done(await StepAsync(node, south, file, "pass-ordered")).State.ShouldBe("cleared");
        Done(await node.Cases.ChangeAsync(north, new("person", person, RecordPartition.General), new([new("feared-areas", 0, "ERI")]), default));
        (await node.Cases.OpenAsync(south, file, default)).Value!.Document.State.ShouldBe("counselled", "a fact changed: back before the gates (M21)");
        (await StepAsync(node, south, file, "pass-ordered")).IsOk.ShouldBeFalse();
    }

    private static ReturnDecision Decision(ReturnGate gate) => new(
        "", gate, true, "", [], default, "", new DateOnly(2026, 5, 20), "am", "I have nothing to fear there and my parents wait for me.", new DateOnly(2026, 5, 2),
        $"Heard on {gate}: the person comes from a family in the capital, fears nobody, has a trade and a house there, and nothing in the country information speaks against it.") { Chain = "excluded" };

    /// <summary>An ordered return up to the hearing, with all that the file itself can hold.</summary>
    private static async Task<(string Id, string Person)> PrepareAsync(ClosedNode node, string name, string? feared)
    {
        var desk = Desk("ola", North);
        var identity = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = name, ["birth"] = "1985-02-03" };
        if (feared is not null)
        {
            identity["feared-areas"] = feared;
        }

        var person = Done(await node.Cases.CreateAsync(desk, new("person", null, identity, [], RecordPartition.General), default)).Address.Id;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["track"] = "readmission", ["ground"] = "stay-ended", ["age-group"] = "adult", ["heard"] = "yes", ["hearing-on"] = "2026-05-10", ["hearing-language"] = "ti", ["legal-aid"] = "yes",
            ["own-words"] = "I gave evidence against a commander. (invented)", ["destination"] = "an invented place", ["reasons"] = "entered by the unit itself", ["country-information-on"] = "2026-05-01",
            ["appeal"] = "none-open", ["family-unity"] = "kept", ["fit-to-travel"] = "fit",
        };
        var made = Done(await node.Cases.CreateAsync(desk, new("return", null, values, [("returnee", person)]), default)).Address;
        Done(await StepAsync(node, desk, made, "hear"));
        return (made.Id, person);
    }

    private static CaseDesk Desk(string account, string unit, string purpose = Purpose) => new(new("prepared-" + account, Roles.CaseWorker, [unit], true, "key-" + account), unit, purpose);

    private static async Task<CaseAnswer<Changed>> StepAsync(ClosedNode node, CaseDesk desk, RecordAddress record, string step) => await node.Cases.StepAsync(
        desk, record, step, (await node.Cases.OpenAsync(desk, record, default)).Value.ShouldNotBeNull().Document.StateVersion, null, default);

    private static Changed Done(CaseAnswer<Changed> answer) =>
        answer.Value.ShouldNotBeNull($"{answer.Error} {answer.Refusal?.Text.In("en")} {string.Join(' ', answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");

    private static Task ShotAsync(IPage page, string name) => Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"return-{name}.png"), FullPage = true }) : Task.CompletedTask;

    private static async Task<IPage> OpenAsync(ClosedNode node, IBrowser browser, CookieContainer cookies, string language, string purpose = Purpose)
    {
        var page = await Walk.OpenAsync(browser, node.Site.Address, language, cookies);
        await Walk.StateAsync(page, purpose);
        return page;
    }
}
