using System.Net;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;

namespace Waymark.Site.Tests.Web;

/// <summary>The desk of data protection: what is due over all its registers, with the hours that are left, and a page for each kind of work.</summary>
public sealed class ProtectionDeskTests
{
    [Fact]
    public async Task The_officer_sees_what_is_due_first_and_nobody_without_the_purpose_sees_anything()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var officer = new CaseDesk(new("prepared-officer", Roles.DataProtectionOfficer, [ClosedNode.Unit]), ClosedNode.Unit, "supervision");
        var made = await node.Cases.CreateAsync(officer, new("breach", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["detected-at"] = "2026-06-01" }, []), TestContext.Current.CancellationToken);
        var address = $"/cases/breach/{made.Value.ShouldNotBeNull(made.ToString()).Address.Id}";

        using var client = await node.SignInByKeyAsync(Roles.DataProtectionOfficer);
        (await node.StateAsync(client, "supervision")).ShouldBeTrue();
        var page = await ReadAsync(client, "/protection");
        page.ShouldContain(address);
        page.ShouldMatch("1[0-9] hours left|2[0-4] hours left", "a day to contain it, before the seventy-two hours of the authority");
        foreach (var (path, title) in new[] { ("register", "Processing activities"), ("dpia", "Impact assessments"), ("breaches", "Breaches"), ("subject-requests", "Requests of persons"), ("transfers", "Transfers under review"), ("committee", "Review committee"), ("retention", "Legal holds") })
        {
            (await ReadAsync(client, "/protection/" + path)).ShouldContain($">{title}", Case.Sensitive, path);
        }

        (await ReadAsync(client, "/protection/breaches")).ShouldContain(address);
        using var worker = await node.SignInAsync(Roles.CaseWorker);
        (await ReadAsync(worker, "/protection")).ShouldNotContain(address);
        (await ReadAsync(worker, "/protection/breaches")).ShouldNotContain(address);
    }

    private static async Task<string> ReadAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
