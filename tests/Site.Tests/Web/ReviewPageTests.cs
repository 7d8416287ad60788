using System.Net;
using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>Decisions by two persons at their page, each with a security key, as a browser without script sees it.</summary>
public sealed partial class ReviewPageTests
{
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(125);

    [Fact]
    public async Task M52_two_others_decide_what_somebody_asked_and_nobody_sees_the_first_view()
    {
        using var keys = new Hardware();
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(keys.Settings, clock);
        using var asker = (await keys.SignInAsync(site, Roles.Supervisor, "Sue Example", "protection/north")).Client;
        using var first = (await keys.SignInAsync(site, Roles.LegalOfficer, "Lee Example", "legal")).Client;
        using var second = (await keys.SignInAsync(site, Roles.DataProtectionOfficer, "Dan Example", "privacy")).Client;
        using var same = (await keys.SignInAsync(site, Roles.Supervisor, "Sam Example", "legal")).Client;
        (await PageAsync(asker)).ShouldContain("Nothing waits for you");
        using (var asked = await AskAsync(site, asker, "transfer"))
        {
            asked.Headers.Location!.ToString().ShouldBe("/protection/reviews");
        }

        var page = await PageAsync(asker);
        page.ShouldContain("asked by you");
        page.ShouldContain("sister asked for it");
        page.ShouldNotContain("name=\"approve\"", Case.Sensitive, "who asks does not decide");
        var id = Id().Match(page).Groups[1].Value;
        (await CodeAsync(site, asker, id)).ShouldContain("review.unknown");
        (await CodeAsync(site, first, id)).ShouldContain("two.too-quick");
        await clock.PassAsync(s_apart, site.Platform.Store);
        (await CodeAsync(site, first, id)).ShouldBe("/protection/reviews");
        (await PageAsync(first)).ShouldContain("you have decided");
        page = await PageAsync(second);
        page.ShouldContain("waits for two");
        page.ShouldNotContain("first reason");
        (await CodeAsync(site, second, id)).ShouldContain("two.too-quick");
        await clock.PassAsync(s_apart, site.Platform.Store);
        (await CodeAsync(site, first, id)).ShouldContain("two.same-account");
        (await CodeAsync(site, same, id)).ShouldContain("two.same-unit");
        (await CodeAsync(site, second, id)).ShouldBe("/protection/reviews");
        (await PageAsync(asker)).ShouldContain(">approved<");
        (await CodeAsync(site, same, id)).ShouldContain("review.unknown");
    }

    [Fact]
    public async Task What_is_asked_is_stopped_by_those_who_watch_and_one_refusal_refuses()
    {
        using var keys = new Hardware();
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(keys.Settings, clock);
        using var asker = (await keys.SignInAsync(site, Roles.Supervisor, "Sue Example", "protection/north")).Client;
        using var legal = (await keys.SignInAsync(site, Roles.LegalOfficer, "Lee Example", "legal")).Client;
        using var officer = (await keys.SignInAsync(site, Roles.DataProtectionOfficer, "Dan Example", "privacy")).Client;
        using (await AskAsync(site, asker, "export"))
        {
            var id = Id().Match(await PageAsync(legal)).Groups[1].Value;
            using var stopped = await site.PostFormAsync(officer, "/protection/reviews/stop", new() { ["id"] = id, ["reason"] = "wrong matter" });
            stopped.Headers.Location!.ToString().ShouldBe("/protection/reviews");
            (await PageAsync(asker)).ShouldContain(">stopped<");
        }

        using (await AskAsync(site, asker, "gate"))
        {
            await clock.PassAsync(s_apart, site.Platform.Store);
            var id = Id().Match(await PageAsync(legal)).Groups[1].Value;
            (await CodeAsync(site, legal, id, "no")).ShouldBe("/protection/reviews");
            await clock.PassAsync(s_apart, site.Platform.Store);
            (await CodeAsync(site, officer, id)).ShouldBe("/protection/reviews");
            (await PageAsync(asker)).ShouldContain(">refused<");
        }

        foreach (var (kind, persons) in new[] { ("bulk", "p-1"), ("7", "p-1"), ("erasure", "p-1 p-2"), ("transfer", "") })
        {
            using var wrong = await AskAsync(site, asker, kind, persons);
            wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest, kind);
        }
    }

    [Fact]
    public async Task Whoever_signed_in_by_password_sees_the_own_reviews_and_decides_none()
    {
        await using var site = await Running.StartAsync();
        using var legal = await Hardware.ByPasswordAsync(site, Roles.LegalOfficer, "Lee Example", "legal");
        (await PageAsync(legal)).ShouldNotContain("name=\"kind\"");
        foreach (var path in new[] { "ask", "decide", "stop" })
        {
            using var refused = await site.PostFormAsync(legal, "/protection/reviews/" + path, new() { ["id"] = "x", ["approve"] = "yes", ["reason"] = "x" });
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }

        using var stranger = site.NewClient();
        (await stranger.GetAsync(new Uri("/protection/reviews", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    internal static async Task<HttpResponseMessage> AskAsync(Running site, HttpClient client, string kind, string persons = "person-1")
    {
        // Under the purpose of the sign-in, whatever a form says.
        using var stated = await site.PostFormAsync(client, "/purpose", new() { ["purpose"] = "protection", ["return"] = "/protection/reviews" });
        stated.Headers.Location!.ToString().ShouldBe("/protection/reviews");
        return await site.PostFormAsync(client, "/protection/reviews/ask", new()
        {
            ["kind"] = kind, ["unit"] = "protection/north", ["matter"] = "C-" + kind, ["persons"] = persons, ["purpose"] = "assistance", ["reason"] = "sister asked for it",
        });
    }

    /// <summary>Where the decision leads to, or the error it ends in.</summary>
    private static async Task<string> CodeAsync(Running site, HttpClient client, string id, string approve = "yes")
    {
        using var answer = await site.PostFormAsync(client, "/protection/reviews/decide", new() { ["id"] = id, ["approve"] = approve, ["reason"] = "first reason" });
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static Task<string> PageAsync(HttpClient client) => Browsing.PageAsync(client, "/protection/reviews");

    [GeneratedRegex("aria-labelledby=\"r-([0-9a-f]{32})\"")]
    private static partial Regex Id();
}
