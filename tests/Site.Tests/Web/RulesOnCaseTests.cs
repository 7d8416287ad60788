using System.Net;
using Waymark.App.Accounts;

namespace Waymark.Site.Tests.Web;

/// <summary>"What would happen if" on a record that the person may read: its facts come through the gate and stay out of every address.</summary>
public sealed class RulesOnCaseTests
{
    [Fact]
    public async Task Rules_are_tried_on_a_record_one_may_read_from_its_history_and_on_no_other__F8()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        using var worker = await node.SignInAsync(Roles.CaseWorker);
        var address = $"/protection/rules/test?register=tracing&id={node.Case}";
        (await PageAsync(worker, address)).ShouldContain("name=\"purpose\"", Case.Sensitive, "asked for first");
        (await node.StateAsync(worker, "family-tracing")).ShouldBeTrue();
        (await PageAsync(worker, $"/cases/tracing/{node.Case}?tab=history")).ShouldContain("/protection/rules/test?register=tracing&id=" + node.Case);

        var page = await PageAsync(worker, address);
        page.ShouldContain("as in the record");
        page.ShouldContain("TR-");
        var facts = string.Join('&', "ask=1", "subject.category=missing-person");
        (await PageAsync(worker, address + "&" + facts)).ShouldContain("Permitted by the packs");

        // Something else about it, invented here: the floor answers, and the record stays as it is.
        var other = await PageAsync(worker, address + "&" + facts + "&purpose=immigration-enforcement");
        other.ShouldContain("Refused");
        (await PageAsync(worker, address + "&" + facts)).ShouldContain("Permitted by the packs");

        // Not theirs, not there, no register: one answer.
        foreach (var none in new[] { $"/protection/rules/test?register=tracing&id={new string('0', 32)}", "/protection/rules/test?register=no-such&id=x", "/protection/rules/test?register=person&id=" + node.Case })
        {
            (await PageAsync(worker, none, HttpStatusCode.NotFound)).ShouldContain("There is nothing at this address");
        }
    }

    private static async Task<string> PageAsync(HttpClient client, string address, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status, address);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
