using System.Net;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;

namespace Waymark.Site.Tests.Casework;

/// <summary>The public door of the review committee: somebody with the code of a request and a cheap phone; no account, no cookie, no script; the people are invented (S202).</summary>
public sealed partial class ComplaintTests(CaseSite site) : IClassFixture<CaseSite>
{
    private const string Unit = "review/committee";

    private static readonly CaseDesk s_committee = new(new("legal-7", "legal-officer", [Unit], true, "key-legal-7"), Unit, "remedy");

    [Theory]
    [InlineData("/complain")]
    [InlineData("/complain?lang=zh")]
    public Task Somebody_with_little_credit_loads_at_most_40_kilobytes(string address) => Journeys.FirstLoad.ShouldBeWithinAsync(site.Address, address, 40);

    [Theory]
    [InlineData("en", ColorScheme.Light)]
    [InlineData("zh", ColorScheme.Dark)]
    public async Task A_person_complains_with_the_code_of_a_request_and_the_committee_knows_which(string language, ColorScheme scheme)
    {
        var (request, code) = await RequestedAsync();
        await using var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), JavaScriptEnabled = false, ViewportSize = new() { Width = 320, Height = 640 }, Locale = language == "zh" ? "zh-CN" : "en", ColorScheme = scheme,
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/my-data");
        await Journeys.Site.FollowAsync(page, "main a[href='/complain']");
        await page.FillAsync("#code", code.ToUpperInvariant().Replace('-', ' '));
        await page.FillAsync("#words", "They never answered me, " + language);
        await page.FillAsync("#contact", "+000 555 invented");
        await page.CheckAsync("#agrees");
        await Journeys.Site.FollowAsync(page, "form[action='/complain/send'] button");
        var own = await page.Locator("code.ref").InnerTextAsync();
        own.ShouldNotBe(code);
        var shown = page.Url;
        await Journeys.Site.FollowAsync(page, "form[action='/complain/kept'] button");
        await page.GotoAsync(shown);
        (await page.Locator("code.ref").CountAsync()).ShouldBe(0, "it is shown once");
        (await context.CookiesAsync()).ShouldBeEmpty();
        await page.GotoAsync("/my-data");
        await page.FillAsync("#code", own);
        await Journeys.Site.FollowAsync(page, "form[action='/my-data'] button");
        (await page.Locator("[role=status]").InnerTextAsync()).ShouldContain(language == "zh" ? "已收到。" : "It was received.");

        var filed = await FiledAsync("They never answered me, " + language);
        (filed.Document.State, filed.Document.Owner, filed.Document.One("brought")!.Value.Member("code")).ShouldBe(("filed", null, "code"));
        filed.Document.One("request")!.Value.Member("id").ShouldBe(request.Id);
        (await site.Cases.ListAsync(CaseSite.Desk("protection/north") with { Purpose = "supervision" }, new("review-case"), TestContext.Current.CancellationToken)).Value?.Rows.ShouldBeEmpty("whoever is complained about is not shown it");
    }

    [Fact]
    public async Task A_code_that_leads_nowhere_is_taken_and_answered_alike_and_the_form_only_once__F8_M38()
    {
        var (_, code) = await RequestedAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Address };
        var answers = new List<string>();
        foreach (var (given, words) in new[] { (code, "Known code"), (new string('0', 32), "No such code"), ("short", "Not a code") })
        {
            var token = await TokenAsync(client);
            using var response = await SendAsync(client, token, given, words);
            var seen = await client.GetStringAsync(response.Headers.Location);
            answers.Add($"{response.StatusCode} {Random().Replace(response.Headers.Location!.ToString(), "*")} {Random().Replace(seen, "*")}");
            using var twice = await SendAsync(client, token, given, words);
            if (given != "short")
            {
                twice.Headers.Location.ShouldBe(response.Headers.Location, "sent twice is one complaint");
            }
        }

        answers[0].ShouldBe(answers[1]);
        answers[2].ShouldContain("[complaint.code]");
        (await FiledAsync("Known code")).Document.One("request").ShouldNotBeNull();
        (await FiledAsync("No such code")).Document.One("request").ShouldBeNull("somebody who lost a letter of it is heard all the same");
    }

    [Theory]
    [InlineData("en", 1440)]
    [InlineData("zh", 320)]
    public async Task Axe_finds_nothing_on_the_form(string language, int width)
    {
        await using var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), ViewportSize = new() { Width = width, Height = 700 }, Locale = language == "zh" ? "zh-CN" : "en", BypassCSP = true,
        });
        var page = await context.NewPageAsync();
        foreach (var address in new[] { "/complain", "/complain/sent" })
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            (await page.RunAxe()).Violations.Select(violation => $"{address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1")).ShouldBeFalse(address);
        }
    }

    /// <summary>A request of a person about their data, and the code that they were given.</summary>
    private async Task<(RecordAddress Request, string Code)> RequestedAsync()
    {
        var desk = new CaseDesk(new("dpo-7", "data-protection-officer", ["privacy"], true, "key-dpo-7"), "privacy", "supervision");
        var person = (await site.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = """{"full":"Asha Invented"}""" }, [], Waymark.Storage.RecordPartition.General),
            TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Address;
        var made = await site.Cases.CreateAsync(
            desk, new("subject-request", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = "access", ["received-on"] = "2026-05-30" }, [("asker", person.Id)]), TestContext.Current.CancellationToken);
        var request = made.Value.ShouldNotBeNull($"{made.Error} {made.Refusal?.Text.In("en")}").Address;
        var given = await site.Cases.ShouldBeAssignableTo<IFollowing>()!.GiveCodeAsync(desk, request, TestContext.Current.CancellationToken);
        return (request, given.Value.ShouldNotBeNull($"{given.Error} {given.Refusal?.Text.In("en")}").Shown);
    }

    private async Task<RecordView> FiledAsync(string words)
    {
        var rows = (await site.Cases.ListAsync(s_committee, new("review-case") { Limit = 100 }, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Rows;
        foreach (var row in rows)
        {
            var view = (await site.Cases.OpenAsync(s_committee, row.Address, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull();
            if (view.Document.One("complaint")?.Value.Text == words)
            {
                return view;
            }
        }

        throw new InvalidOperationException($"No complaint says \"{words}\" among {rows.Count}.");
    }

    private static async Task<string> TokenAsync(HttpClient client) =>
        WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync(new Uri("/complain", UriKind.Relative))).Groups[1].Value);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string token, string code, string words) => client.PostAsync(
        new Uri("/complain/send", UriKind.Relative), new FormUrlEncodedContent([new("form", token), new("code", code), new("words", words), new("agrees", "yes")]), TestContext.Current.CancellationToken);

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("[0-9a-f]{32}|([0-9a-f]{4}-){7}[0-9a-f]{4}|\\?v=[^\"]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Random();
}
