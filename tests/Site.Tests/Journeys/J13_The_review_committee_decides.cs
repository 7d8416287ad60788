using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Site.Tests.Support;
using Waymark.Site.Tests.Web;
using Waymark.Storage;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J13 (S201, S202, S204), on one node: an organisation complains for a person and may speak only when they let it; what is complained about is frozen at once; a bench with a part in the
/// matter decides nothing; the person is heard; the remedy is done when everybody who was sent the list has carried it out; what everybody can read names nobody; the person follows by a code.
/// </summary>
public sealed class J13_The_review_committee_decides
{
    private const string North = "protection/north";

    [Fact]
    public async Task J13_a_complaint_freezes_is_heard_decided_by_a_lawful_bench_and_remedied_at_every_recipient()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var (_, chair) = await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Ada Example", "oversight/committee");
        var (_, second) = await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Ben Example", "oversight/committee");
        var (_, worker) = await node.Keys.SignInAsync(node.Site, Roles.CaseWorker, "Sana Example", North);
        var (receiver, _) = await EnteredReceiver.MakeAsync(node.Site.Platform.Store, node.Site.Platform.Keys, node.Clock, [.. Enumerable.Repeat((byte)9, 32)]);
        await node.PassAsync(TimeSpan.FromMinutes(1));
        var (playwright, browser) = await Site.LaunchAsync();
        using (playwright)
        await using (browser)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                string Said(string english, string chinese) => language == "zh" ? chinese : english;
                var tracing = await SentAsync(node, receiver.Id, language);
                var page = await OpenAsync(node, browser, chair, language, "supervision");
                var desk = await OpenAsync(node, browser, worker, language, "family-tracing");
                await desk.GotoAsync($"/cases/tracing/{tracing}");
                (await desk.Locator("dl.facts").CountAsync()).ShouldBe(1);

                // A centre complains for somebody. It is entered in the person's words; nobody speaks for a person who did not let them.
                await page.GotoAsync("/protection/committee");
                await page.GotoAsync("/cases/review-case/new");
                await page.SelectOptionAsync("#f-brought", "organisation");
                await page.FillAsync("#f-organisation", "Lantern Centre (invented)");
                await page.FillAsync("#f-complaint", "They gave the list with my sister's name to others and never asked us.");
                await page.SelectOptionAsync("#told", "yes");
                await Site.FollowAsync(page, "form[action$='/make'] button");
                var address = new Uri(page.Url).AbsolutePath;
                await page.FillAsync("#name", "Bahati Mwangi");
                await Site.FollowAsync(page, "form[action$='/persons'] button");
                await page.SelectOptionAsync("form[action$='/persons/add'] #told", "yes");
                await Site.FollowAsync(page, "form[action$='/persons/add'] button[value=new]");
                await StepAsync(page, address, "admit");
                await Walk.ShouldSayAsync(page, Said("Whoever speaks for the person may do so", "代为提出者须经当事人授权"));
                await EnterAsync(page, address, ("may-speak", "yes"));
                await StepAsync(page, address, "admit");
                await StateAsync(page, Said("admitted", "已受理"));

                // Frozen: from this step on nobody opens what is complained about, and the refusal says why and until when.
                await EnterAsync(page, address + "?tab=bench", ("freeze", "yes"), ("object", "tracing " + tracing), ("freeze-until", "2026-12-01"));
                await StepAsync(page, address, "freeze");
                await StateAsync(page, Said("processing frozen", "处理已冻结"));
                await desk.GotoAsync($"/cases/tracing/{tracing}");
                await Walk.ShouldSayAsync(desk, Said("The review committee stopped this until 2026-12-01", "审查委员会在审理申诉期间已停止此项处理，至 2026-12-01"));
                (await desk.Locator("dl.facts").CountAsync()).ShouldBe(0, "nothing of the file is shown");
                await Walk.LookAsync(page);

                // The person follows by a code, without an account, and reads one word.
                await page.GotoAsync(address);
                await Site.FollowAsync(page, "form[action$='/follow'] button");
                var code = System.Text.RegularExpressions.Regex.Match(await page.Locator("main").InnerTextAsync(), "[0-9a-f]{4}(-[0-9a-f]{4}){7}").Value;
                await FollowedAsync(node, browser, language, code, Said("Somebody is working on it", "正在处理"));

                // Heard in their language; three sit, but one of them had a part in it, so that nothing is decided.
                await EnterAsync(page, address, ("heard", "yes"), ("language", "Swahili, through an interpreter (invented)"));
                await StepAsync(page, address, "hear");
                foreach (var (member, outside, interest) in new[] { ("Lena Sample", "no", "no"), ("Ivo Sample", "yes", "no"), ("Omar Sample", "no", "yes") })
                {
                    await AddAsync(page, address + "?tab=bench", "bench", ("member", member), ("outside", outside), ("interest", interest));
                }

                await EnterAsync(page, address + "?tab=bench", ("quorum", "3"));
                var opinion = Said("{\"en\":\"The families should have been asked before the list went out.\",\"zh\":\"名单发出之前本应征求家属意见。\"}", "{\"en\":\"A list is not sent without the consent of those on it.\",\"zh\":\"未经名单所列者同意不得发送名单。\"}");
                await EnterAsync(page, address + "?tab=decision", ("finding", "violation"), ("remedy", "erase"), ("opinion", opinion));
                await StepAsync(page, address, "decide");
                await Walk.ShouldSayAsync(page, Said("whoever has a part in the matter stands back", "有利害关系者回避"));
                await Walk.LookAsync(page);

                // He stands back with his reason, somebody else sits, and it is decided; the freeze ends with it.
                await page.GotoAsync(address + "?tab=bench");
                var omar = (await page.Locator("[id^='f-bench-'][id$='-member']").EvaluateAllAsync<string[]>("all => all.filter(one => one.value === 'Omar Sample').map(one => one.id)")).Single();
                var item = omar["f-".Length..^"-member".Length];
                await EnterAsync(page, address + "?tab=bench", (item + "-stands-back", "yes"), (item + "-why", "drew up the list (invented)"));
                await AddAsync(page, address + "?tab=bench", "bench", ("member", "Rosa Sample"), ("outside", "no"), ("interest", "no"));
                await StepAsync(page, address, "decide");
                await StateAsync(page, Said("decided", "已决定"));
                await desk.GotoAsync($"/cases/tracing/{tracing}");
                (await desk.Locator("dl.facts").CountAsync()).ShouldBe(1);

                // Carried out here is not carried out: who was sent the list is named, and the case stays open until they did it too.
                await AddAsync(page, address + "?tab=decision", "carried", ("recipient", "here"), ("remedy", "erase"), ("outcome", "done"), ("when", "2026-06-02"));
                await EnterAsync(page, address + "?tab=decision", ("remedied-on", "2026-06-03"));
                await StepAsync(page, address, "remedy");
                await Walk.ShouldSayAsync(page, "Harbour Network", Said("Still waiting", "尚待"));
                await Walk.LookAsync(page);
                await ShotAsync(page, language + "-waiting");
                await AddAsync(page, address + "?tab=decision", "carried", ("recipient", "Harbour Network"), ("remedy", "erase"), ("outcome", "done"), ("when", "2026-06-03"));
                await StepAsync(page, address, "remedy");
                await StateAsync(page, Said("remedied", "已救济"));

                // Nobody closes what they themselves brought to its end.
                await StepAsync(page, address, "close");
                await Walk.ShouldSayAsync(page, Said("A second person agrees", "须由第二人同意"));
                var other = await OpenAsync(node, browser, second, language, "supervision");
                await StepAsync(other, address, "close");
                await StateAsync(other, Said("closed", "已结案"));
                await FollowedAsync(node, browser, language, code, Said("It was answered", "已按您选择的方式答复"));

                // What everybody reads: the opinion and the year's figures, and nobody's name.
                await node.PassAsync(TimeSpan.FromMinutes(2));
                await page.GotoAsync("/about/review-committee");
                await Walk.ShouldSayAsync(page, Said("The families should have been asked", "未经名单所列者同意"), Said("fewer than 5", "不足 5"), Said("right was violated", "权利受侵"));
                var told = await page.Locator("main").InnerTextAsync();
                ((string[])["Bahati", "Mwangi", "Lena", "Omar", "Lantern", "Harbour"]).ShouldAllBe(name => !told.Contains(name, StringComparison.OrdinalIgnoreCase), told);
                await Walk.LookAsync(page);
                await Task.WhenAll(page.Context.CloseAsync(), desk.Context.CloseAsync(), other.Context.CloseAsync());
            }
        }
    }

    /// <summary>A tracing case whose list was sent to the receiver, as a worker does it.</summary>
    private static async Task<string> SentAsync(ClosedNode node, string receiver, string language)
    {
        var (cancellationToken, prepared) = (TestContext.Current.CancellationToken, new CaseDesk(new("prepared-" + language, Roles.CaseWorker, [North], true, "key-" + language), North, "family-tracing"));
        var sought = (await node.Cases.CreateAsync(
            prepared, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = "Neema Mwangi" }, [], RecordPartition.Missing), cancellationToken)).Value.ShouldNotBeNull().Address;
        var made = (await node.Cases.CreateAsync(
            prepared, new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "sister" }, [("sought", sought.Id)]), cancellationToken)).Value.ShouldNotBeNull().Address;
        var sent = await node.Cases.ShouldBeAssignableTo<IBulkActions>()!.ExportAsync(prepared, new("tracing", [made.Id], receiver, "asked for a search"), cancellationToken);
        sent.Value.ShouldNotBeNull($"{sent.Error} {sent.Refusal?.Text}").Rows.Count.ShouldBe(1);
        return made.Id;
    }

    private static async Task StepAsync(IPage page, string address, string step)
    {
        await page.GotoAsync(address);
        await Site.FollowAsync(page, $"button[name=step][value={step}]");
    }

    /// <summary>Fills in the form of a tab as a person does; a choice of several is ticked.</summary>
    private static Task EnterAsync(IPage page, string address, params (string Field, string Value)[] entries) => FillAsync(page, address, entries.Select(entry => ("#f-" + entry.Field, entry.Value)));

    /// <summary>Fills in the empty item that a group offers at its end.</summary>
    private static Task AddAsync(IPage page, string address, string group, params (string Field, string Value)[] entries) =>
        FillAsync(page, address, entries.Select(entry => ($"[id^='f-{group}-'][id$='-{entry.Field}'] >> nth=-1", entry.Value)));

    private static async Task FillAsync(IPage page, string address, IEnumerable<(string At, string Value)> entries)
    {
        await page.GotoAsync(address);
        await page.Locator("details:has(form[action$='/change']) summary").ClickAsync();
        foreach (var (selector, value) in entries)
        {
            var at = page.Locator(selector);
            if (await at.CountAsync() == 0)
            {
                await page.CheckAsync($"{selector}-{value}");
            }
            else if (await at.EvaluateAsync<bool>("element => element.tagName === 'SELECT'"))
            {
                await at.SelectOptionAsync(value);
            }
            else
            {
                await at.FillAsync(value);
            }
        }

        await Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, address + await page.Locator("main").InnerTextAsync());
    }

    private static async Task FollowedAsync(ClosedNode node, IBrowser browser, string language, string code, string word)
    {
        var page = await Walk.OpenAsync(browser, node.Site.Address, language);
        await page.GotoAsync("/my-data");
        await page.FillAsync("#code", code);
        await Site.FollowAsync(page, "form[action='/my-data'] button");
        await Walk.ShouldSayAsync(page, word);
        await page.Context.CloseAsync();
    }

    private static async Task StateAsync(IPage page, string state) => (await page.Locator("dl.facts").First.InnerTextAsync()).ShouldContain(state, customMessage: await page.Locator("main").InnerTextAsync());

    private static Task ShotAsync(IPage page, string name) => Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder
        ? page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"committee-{name}.png"), FullPage = true }) : Task.CompletedTask;

    private static async Task<IPage> OpenAsync(ClosedNode node, IBrowser browser, CookieContainer cookies, string language, string purpose)
    {
        var page = await Walk.OpenAsync(browser, node.Site.Address, language, cookies);
        await Walk.StateAsync(page, purpose);
        return page;
    }
}
