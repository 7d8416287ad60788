using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Audit.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Web;

/// <summary>Legal holds and erasures at their pages: who sees them, who lifts and erases, and that a hold stops an erasure that two approved.</summary>
public sealed partial class HoldAndErasurePageTests
{
    private const string Person = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(125);

    [Fact]
    public async Task M79_an_approved_erasure_is_carried_out_once_by_who_asked_when_the_hold_was_lifted_by_an_officer_with_a_security_key()
    {
        using var keys = new Hardware();
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(keys.Settings, clock);
        using var legal = (await keys.SignInAsync(site, Roles.LegalOfficer, "Lee Example", "legal")).Client;
        using var officer = (await keys.SignInAsync(site, Roles.DataProtectionOfficer, "Dan Example", "privacy")).Client;
        using var oversight = (await keys.SignInAsync(site, Roles.Oversight, "Ova Example", "oversight")).Client;
        using var byPassword = await Hardware.ByPasswordAsync(site, Roles.DataProtectionOfficer, "Pat Example", "privacy");
        var exceptions = site.App.Services.GetRequiredService<IExceptions>();
        var hold = (await exceptions.HoldAsync(new("cli", "staff", []), Person, "complaint 7", clock.GetUtcNow().AddDays(30), TestContext.Current.CancellationToken)).Value;

        // Asked under the purpose of the sign-in, approved by two others.
        using (await site.PostFormAsync(legal, "/purpose", new() { ["purpose"] = "supervision" }))
        using (var asked = await site.PostFormAsync(legal, "/protection/reviews/ask", new() { ["kind"] = "erasure", ["unit"] = "legal", ["matter"] = "SR-1", ["persons"] = Person, ["reason"] = "her own request" }))
        {
            asked.Headers.Location!.ToString().ShouldBe("/protection/reviews");
        }

        (await PageAsync(legal, "/protection/reviews")).ShouldNotContain("/protection/reviews/erase");
        (await EraseAsync(site, legal)).ShouldContain("review.not-approved");
        var review = Review().Match(await PageAsync(officer, "/protection/reviews")).Groups[1].Value;
        foreach (var decider in new[] { officer, oversight })
        {
            await clock.PassAsync(s_apart, site.Platform.Store);
            using var decided = await site.PostFormAsync(decider, "/protection/reviews/decide", new() { ["id"] = review, ["approve"] = "yes", ["reason"] = "she proved who she is" });
            decided.Headers.Location?.ToString().ShouldBe("/protection/reviews");
        }

        (await PageAsync(legal, "/protection/reviews")).ShouldContain("action=\"/protection/reviews/erase\"");
        (await EraseAsync(site, legal)).ShouldContain("erasure.held");

        // The hold: seen by who watches, lifted by an officer with a security key and with a ground.
        (await PageAsync(oversight, "/protection/holds?person=" + Person)).ShouldContain("complaint 7");
        (await PageAsync(oversight, "/protection/holds?person=" + Person)).ShouldNotContain("/protection/holds/release");
        (await PageAsync(byPassword, "/protection/holds?person=" + Person)).ShouldNotContain("/protection/holds/release");
        (await LiftAsync(site, byPassword, hold.Id, "x")).ShouldBe("403");
        (await LiftAsync(site, oversight, hold.Id, "x")).ShouldContain("hold.role");
        (await LiftAsync(site, officer, hold.Id, "")).ShouldContain("hold.invalid");
        (await LiftAsync(site, officer, "0123456789abcdef0123456789abcdef", "x")).ShouldContain("hold.unknown");
        (await PageAsync(officer, "/protection/holds?person=" + Person)).ShouldContain("/protection/holds/release");
        (await LiftAsync(site, officer, hold.Id, "complaint 7 was withdrawn")).ShouldBe("/protection/holds?person=" + Person);

        // One has asked: it stands, the same one finds no button and is refused, and a second person of another unit lifts it.
        (await PageAsync(officer, "/protection/holds?person=" + Person)).ShouldNotContain("/protection/holds/release");
        (await LiftAsync(site, officer, hold.Id, "complaint 7 was withdrawn")).ShouldContain("two.same-account");
        (await EraseAsync(site, legal)).ShouldContain("erasure.held");
        (await PageAsync(oversight, "/protection/holds?person=" + Person)).ShouldContain("lifting asked for");
        await clock.PassAsync(s_apart, site.Platform.Store);
        (await LiftAsync(site, oversight, hold.Id, "I read the withdrawal")).ShouldBe("/protection/holds?person=" + Person);
        (await PageAsync(officer, "/protection/holds?person=" + Person)).ShouldContain("No hold stands");

        // Nobody but who asked uses the approval, and it is used once.
        (await EraseAsync(site, officer)).ShouldContain("review.not-approved");
        (await EraseAsync(site, byPassword)).ShouldBe("403");
        (await EraseAsync(site, legal)).ShouldBe("/protection/reviews");
        (await EraseAsync(site, legal)).ShouldContain("review.not-approved");
        var erased = await site.Platform.Store.Records.ListAsync(new(ActLeaves.Register, [new("act", "person.erased")], Limit: 10), TestContext.Current.CancellationToken);
        erased.Value.Records.Count.ShouldBe(1);
    }

    private static Task<string> EraseAsync(Running site, HttpClient client) => AnswerAsync(site, client, "/protection/reviews/erase", new() { ["person"] = Person });

    private static Task<string> LiftAsync(Running site, HttpClient client, string id, string ground) =>
        AnswerAsync(site, client, "/protection/holds/release", new() { ["person"] = Person, ["id"] = id, ["ground"] = ground });

    /// <summary>Where it leads to, the status of a door that is not for this sign-in, or the error.</summary>
    private static async Task<string> AnswerAsync(Running site, HttpClient client, string path, Dictionary<string, string> fields)
    {
        using var answer = await site.PostFormAsync(client, path, fields);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isModules = Code().IsMatch(text);
        return answer.StatusCode == HttpStatusCode.Forbidden && !isModules ? "403" : answer.Headers.Location?.ToString() ?? text;
    }

    [GeneratedRegex("(hold|review|erasure|two)\\.[a-z]")]
    private static partial Regex Code();

    [GeneratedRegex("aria-labelledby=\"r-([0-9a-f]{32})\"")]
    private static partial Regex Review();
}
