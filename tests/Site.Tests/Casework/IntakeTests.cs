using System.Net;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Casework;

/// <summary>The public form by which a family asks for somebody: no account, no cookie, no script; the people in it are invented.</summary>
public sealed partial class IntakeTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("/find-family")]
    [InlineData("/find-family?lang=zh")]
    [InlineData("/my-data")]
    public Task A_family_with_little_credit_loads_at_most_40_kilobytes(string address) => Journeys.FirstLoad.ShouldBeWithinAsync(site.Address, address, 40);

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task A_family_asks_on_a_phone_and_follows_by_a_code_that_is_shown_once(string language, bool script)
    {
        await using var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), JavaScriptEnabled = script, ViewportSize = new() { Width = 320, Height = 640 }, Locale = language == "zh" ? "zh-CN" : "en",
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/find-family");

        // What is missing is said; what was written stays.
        await page.FillAsync("#sought", "Aïssata Ndoye");
        await page.EvalOnSelectorAsync("form[action='/find-family/send']", "form => form.noValidate = true");
        await Journeys.Site.FollowAsync(page, "form[action='/find-family/send'] button");
        var told = await page.Locator("div.errors").InnerTextAsync();
        told.ShouldContain("[intake.seeker]");
        told.ShouldContain("[intake.agrees]");
        (await page.InputValueAsync("#sought")).ShouldBe("Aïssata Ndoye");
        new Uri(page.Url).Query.ShouldNotContain("Ndoye", Case.Insensitive, "no name stands in an address");

        await page.SelectOptionAsync("#relation", "sister");
        await page.FillAsync("#other-names", "عائشة ندوي\nAicha");
        await page.FillAsync("#birth", "the year of the great flood, " + language);
        await page.FillAsync("#separated-on", "2025-05");
        await page.FillAsync("#seeker", "Mariam Ndoye");
        await page.FillAsync("#contact", "+000 333 invented");
        await page.CheckAsync("#safe");
        await page.FillAsync("#interpreter", "a neighbour, from Bambara");
        await page.CheckAsync("#agrees");
        await Journeys.Site.FollowAsync(page, "form[action='/find-family/send'] button");
        var code = await page.Locator("code.ref").InnerTextAsync();
        code.ShouldMatch("^([0-9a-f]{4}-){7}[0-9a-f]{4}$");
        var shown = page.Url;
        await Journeys.Site.FollowAsync(page, "form[action='/find-family/kept'] button");
        await page.GotoAsync(shown);
        (await page.Locator("code.ref").CountAsync()).ShouldBe(0, "it is shown once");
        (await context.CookiesAsync()).ShouldBeEmpty("nothing is kept in the phone");
        await page.GotoAsync("/my-data");
        await page.FillAsync("#code", code);
        await Journeys.Site.FollowAsync(page, "form[action='/my-data'] button");
        (await page.Locator("[role=status]").InnerTextAsync()).ShouldContain(language == "zh" ? "已收到。" : "It was received.");

        // It waits for the unit, nobody's yet, with everything that was written.
        var desk = CaseSite.Desk("protection/north");
        var rows = await site.Cases.ListAsync(desk, new("tracing") { States = ["draft"], Limit = 100 }, TestContext.Current.CancellationToken);
        RecordView? found = null;
        foreach (var row in rows.Value!.Rows)
        {
            var view = (await site.Cases.OpenAsync(desk, row.Address, TestContext.Current.CancellationToken)).Value!;
            found = view.Document.One("circumstances")?.Value.Text.Contains("great flood, " + language, StringComparison.Ordinal) == true ? view : found;
        }

        var request = found.ShouldNotBeNull().Document;
        request.Owner.ShouldBeNull();
        request.One("separated-on")!.Value.Text.ShouldBe("2025-05");
        request.One("identity-checked").ShouldBeNull("nothing is searched before somebody checked who asks");
        var sought = await site.Cases.OpenAsync(desk, new("person", request.Persons.Single(one => one.Role == "sought").Person, found.Partition), TestContext.Current.CancellationToken);
        Waymark.Casework.People.PersonCore.Names(sought.Value!.Document).ShouldBe(["Aïssata Ndoye", "عائشة ندوي", "Aicha"], ignoreOrder: true);
        var enquirer = request.Persons.Single(one => one.Role == "enquirer").Person;
        var consent = await site.Services.GetRequiredService<IConsents>().FindAsync(enquirer, "family-tracing", "none", TestContext.Current.CancellationToken);
        (consent!.Language, consent.Interpreter, consent.TextVersion).ShouldBe((language, "a neighbour, from Bambara", "intake-2"));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_request_and_a_foreign_token_takes_nothing()
    {
        using var client = Client();
        var token = await TokenAsync(client);
        using var first = await SendAsync(client, token, "Twice Invented");
        using var second = await SendAsync(client, token, "Twice Invented");
        second.Headers.Location.ShouldBe(first.Headers.Location);
        using var foreign = await SendAsync(client, "not-a-token", "Foreign Invented");
        var again = await client.GetStringAsync(foreign.Headers.Location);
        again.ShouldContain("[intake.form]");
        again.ShouldContain("Foreign Invented", customMessage: "what was written is kept");
        (await client.GetStringAsync(foreign.Headers.Location)).ShouldNotContain("Foreign Invented", customMessage: "and shown once");
        // Whoever kept the form cannot have a second code for the request.
        var kept = await TokenAsync(client);
        using var sent = await SendAsync(client, kept, "Once Invented");
        var handle = sent.Headers.Location!.ToString().Split("k=")[1];
        using var gone = await client.PostAsync(new Uri("/find-family/kept", UriKind.Relative), new FormUrlEncodedContent([new("k", handle)]), TestContext.Current.CancellationToken);
        using var more = await SendAsync(client, kept, "Once Invented");
        (await client.GetStringAsync(more.Headers.Location)).ShouldContain("[intake.sent]");
    }

    [Fact]
    public void A_form_lasts_three_hours_a_code_waits_a_quarter_of_an_hour_and_an_hour_takes_so_many()
    {
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var desk = new IntakeDesk("protection/north", new EphemeralDataProtectionProvider(), clock);
        var form = desk.NewForm();
        var id = desk.Read(form).ShouldNotBeNull();
        var handle = desk.Keep(new(null, []) { Code = "code", Sent = id });
        desk.Waiting(id).ShouldBe(handle);
        clock.Advance(TimeSpan.FromMinutes(16));
        desk.Waiting(id).ShouldBeNull();
        desk.Find(handle).ShouldBeNull();
        desk.Read(form).ShouldBe(id);
        clock.Advance(TimeSpan.FromHours(3));
        desk.Read(form).ShouldBeNull("an old form");
        new IntakeDesk(null, new EphemeralDataProtectionProvider(), clock).Read(desk.NewForm()).ShouldBeNull("the form of another node");
        Enumerable.Range(0, IntakeDesk.MostAnHour).All(_ => desk.MayTake()).ShouldBeTrue();
        desk.MayTake().ShouldBeFalse();
        clock.Advance(TimeSpan.FromHours(1));
        desk.MayTake().ShouldBeTrue();
    }

    [Fact]
    public async Task Whether_the_person_is_known_here_changes_nothing_of_the_answer__F8()
    {
        var south = CaseSite.Desk("protection/south");
        var known = await site.Cases.CreateAsync(south, new("person", null, new Dictionary<string, string> { ["names/a/name"] = "Known Invented" }, [], Waymark.Storage.RecordPartition.Missing), TestContext.Current.CancellationToken);
        known.IsOk.ShouldBeTrue(known.Error?.ToString());
        using var client = Client();
        var answers = new List<string>();
        foreach (var name in new[] { "Known Invented", "Nowhere Invented" })
        {
            using var response = await SendAsync(client, await TokenAsync(client), name);
            var page = await client.GetStringAsync(response.Headers.Location);
            answers.Add($"{response.StatusCode} {Random().Replace(response.Headers.Location!.ToString(), "*")} {Random().Replace(page, "*")}");
        }

        answers[0].ShouldBe(answers[1]);
    }

    [Theory]
    [InlineData("en", 1440, ColorScheme.Light)]
    [InlineData("zh", 320, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_public_form_and_it_is_light(string language, int width, ColorScheme scheme)
    {
        await using var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), ViewportSize = new() { Width = width, Height = 700 }, ColorScheme = scheme, Locale = language == "zh" ? "zh-CN" : "en", BypassCSP = true,
        });
        var page = await context.NewPageAsync();
        foreach (var address in new[] { "/find-family", "/find-family/sent", "/my-data" })
        {
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            (await page.RunAxe()).Violations.Select(violation => $"{address}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1")).ShouldBeFalse(address);
        }
    }

    internal HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Address, DefaultRequestHeaders = { { "Accept", "text/html" } } };

    internal static async Task<string> TokenAsync(HttpClient client) =>
        WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync(new Uri("/find-family", UriKind.Relative))).Groups[1].Value);

    internal static Task<HttpResponseMessage> SendAsync(HttpClient client, string token, string sought) => client.PostAsync(new Uri("/find-family/send", UriKind.Relative), new FormUrlEncodedContent(
    [
        new("form", token), new("sought", sought), new("relation", "sister"), new("birth", "1994~"), new("separated-on", "2025-05"), new("separated-at", "Harbour town"), new("seeker", "Mariam Invented"),
        new("channel", "phone"), new("contact", "+000 444 invented"), new("safe", "yes"), new("agrees", "yes"),
    ]));

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("[0-9a-f]{32}|([0-9a-f]{4}-){7}[0-9a-f]{4}|\\?v=[^\"]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Random();
}
