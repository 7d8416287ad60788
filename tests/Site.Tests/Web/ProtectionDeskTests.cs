using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Audit.Contracts;
using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;

namespace Waymark.Site.Tests.Web;

/// <summary>The desk of data protection: what is due over all its registers, with the hours that are left, and a page for each kind of work.</summary>
public sealed partial class ProtectionDeskTests
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

    [Fact]
    public async Task Open_duties_and_alarms_stand_before_the_officer_in_both_languages_and_a_duty_is_closed_there()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var worker = new Actor("prepared-worker", Roles.CaseWorker, [ClosedNode.Unit]);
        (await node.Site.App.Services.GetRequiredService<IProtectiveGate>().ProtectAsync(
            new(worker, ClosedNode.Unit, "C-1", ["person-1"], ProtectiveActs.StopReturn, "bus at noon"), null, TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue();
        (await node.Site.Platform.Store.CommitAsync(
            new() { Actor = "test", Reason = "test", Tasks = [new("tried", "protection.alarm", """{"kind":"many-stops","account":"prepared-worker"}"""u8.ToArray())] }, TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue();

        using var client = await node.SignInByKeyAsync(Roles.DataProtectionOfficer);
        (await node.StateAsync(client, "supervision")).ShouldBeTrue();
        var page = await ReadAsync(client, "/protection");
        ((string[])["Open duties", "Alarms", "One account went on trying"]).ShouldAllBe(word => page.Contains(word, StringComparison.Ordinal), page);
        page.ShouldNotContain("prepared-worker", Case.Sensitive, "who it was is for the log");
        page.ShouldNotContain("bus at noon");
        var chinese = await ReadAsync(client, "/protection", "zh");
        ((string[])["待办职责", "警报", "已办理", "某账户持续尝试"]).ShouldAllBe(word => chinese.Contains(word, StringComparison.Ordinal), chinese);

        using var other = await node.SignInAsync(Roles.CaseWorker);
        (await ReadAsync(other, "/me")).ShouldNotContain("Open duties");
        var id = Id().Match(page).Groups[1].Value;
        using (var foreign = await node.Site.PostFormAsync(other, "/protection/duties/close", new(StringComparer.Ordinal) { ["id"] = id, ["how"] = "done", ["back"] = "me" }))
        {
            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using var closed = await node.Site.PostFormAsync(client, "/protection/duties/close", new(StringComparer.Ordinal) { ["id"] = id, ["how"] = "done", ["back"] = "protection" });
        closed.Headers.Location?.ToString().ShouldBe("/protection");
        (await ReadAsync(client, "/protection")).ShouldNotContain("Open duties");
    }

    private static async Task<string> ReadAsync(HttpClient client, string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("name=\"id\" value=\"([^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();
}
