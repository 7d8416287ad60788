using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Web;

/// <summary>A person's request to be erased, from its own page: what would go is shown first, two others decide, and it can be taken back until it is carried out.</summary>
public sealed partial class ErasureRequestTests
{
    [Fact]
    public async Task M79_a_person_is_erased_from_the_page_of_their_request_by_two_others_and_not_before()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        using var officer = (await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Dan Example", ClosedNode.Unit)).Client;
        using var legal = (await node.Keys.SignInAsync(node.Site, Roles.LegalOfficer, "Lee Example", "legal")).Client;
        using var oversight = (await node.Keys.SignInAsync(node.Site, Roles.Oversight, "Ova Example", "oversight")).Client;
        using var byPassword = await node.SignInAsync(Roles.DataProtectionOfficer);
        var (person, request) = await RequestAsync(node);
        (await node.StateAsync(officer, "supervision")).ShouldBeTrue();
        (await node.StateAsync(byPassword, "supervision")).ShouldBeTrue();

        var page = await PageAsync(officer, request);
        if (Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "erasure.html"), page, TestContext.Current.CancellationToken);
        }

        page.ShouldContain("Records with this person in them, their own included: 2.");
        page.ShouldContain("The entries of the ledger");
        (await PageAsync(byPassword, request)).ShouldNotContain("/erasure/ask");
        (await PostAsync(node, byPassword, request + "/erasure/do")).ShouldStartWith("403");
        (await PostAsync(node, officer, request + "/erasure/do", ("sure", "yes"))).ShouldContain("Two others have not approved this");

        // Asked, and taken back after the first of the two has decided.
        (await PostAsync(node, officer, request + "/erasure/ask", ("why", "her own request"))).ShouldContain("Laid before two others.");
        await DecideAsync(node, legal);
        (await PostAsync(node, officer, request + "/erasure/withdraw")).ShouldContain("Taken back; nothing was erased.");
        (await PageAsync(legal, "/protection/reviews")).ShouldNotContain("name=\"approve\"");

        // Asked anew and approved by both: nothing goes before it is carried out, and that is said once more.
        (await PostAsync(node, officer, request + "/erasure/ask", ("why", "her own request"))).ShouldContain("Laid before two others.");
        await DecideAsync(node, legal);
        await DecideAsync(node, oversight);
        (await PageAsync(officer, request)).ShouldContain("/erasure/do");
        (await PostAsync(node, officer, request + "/erasure/do")).ShouldContain("Say that what goes cannot be brought back.");
        (await node.Cases.OpenAsync(Desk(), new(PersonCore.Register, person), TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue();
        (await PostAsync(node, officer, request + "/erasure/do", ("sure", "yes"))).ShouldContain("Erased. The keys are destroyed");
        (await node.Cases.OpenAsync(Desk(), new(PersonCore.Register, person), TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("case.nothing");
        (await PageAsync(officer, request)).ShouldNotContain("/erasure/");
    }

    private static CaseDesk Desk() => new(new("prepared", Roles.DataProtectionOfficer, [ClosedNode.Unit]), ClosedNode.Unit, "supervision");

    private static async Task<(string Person, string Page)> RequestAsync(ClosedNode node)
    {
        var none = TestContext.Current.CancellationToken;
        var person = (await node.Cases.CreateAsync(Desk(), new(PersonCore.Register, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Invented Amina" }, []), none)).Value.ShouldNotBeNull();
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = "erasure", ["received-on"] = "2026-05-30", ["identity"] = "verified" };
        var made = await node.Cases.CreateAsync(Desk(), new("subject-request", null, values, [("asker", person.Address.Id)]), none);
        var request = made.Value.ShouldNotBeNull(made.ToString()).Address;
        foreach (var step in new[] { "identify", "begin" })
        {
            var seen = (await node.Cases.OpenAsync(Desk(), request, none)).Value!.Document.StateVersion;
            (await node.Cases.StepAsync(Desk(), request, step, seen, null, none)).Value.ShouldNotBeNull(step);
        }

        return (person.Address.Id, "/cases/subject-request/" + request.Id);
    }

    private static async Task DecideAsync(ClosedNode node, HttpClient decider)
    {
        await node.PassAsync(TimeSpan.FromSeconds(125));
        var review = Review().Match(await PageAsync(decider, "/protection/reviews")).Groups[1].Value;
        using var decided = await node.Site.PostFormAsync(decider, "/protection/reviews/decide", new() { ["id"] = review, ["approve"] = "yes", ["reason"] = "she proved who she is" });
        decided.Headers.Location?.ToString().ShouldBe("/protection/reviews", await decided.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The page it leads to, or the status.</summary>
    private static async Task<string> PostAsync(ClosedNode node, HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("purpose", "supervision")).Append(("unit", ClosedNode.Unit)).ToDictionary(field => field.Item1, field => field.Item2, StringComparer.Ordinal);
        using var answer = await node.Site.PostFormAsync(client, path, form);
        return answer.Headers.Location is { } to ? await PageAsync(client, to.ToString()) : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex Review();
}
