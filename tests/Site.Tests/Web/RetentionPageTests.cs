using System.Net;
using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Site.Tests.Support;
using Waymark.Storage;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Web;

/// <summary>What reached the end of its retention at its page: proposed, approved by one, taken back, carried out by a second, kept on by one; in both languages (R25, S196).</summary>
public sealed partial class RetentionPageTests
{
    [Fact]
    public async Task Two_officers_of_different_units_erase_what_reached_its_end_and_one_keeps_the_other_on()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var desk = new CaseDesk(new("prepared", Roles.CaseWorker, [ClosedNode.Unit]), ClosedNode.Unit, "family-tracing");
        foreach (var _ in (int[])[1, 2])
        {
            var person = (await node.Cases.CreateAsync(
                desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = "Neema Mwangi" }, [], RecordPartition.Missing), TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Address;
            var found = (await node.Cases.CreateAsync(desk, new("found-person", null, new Dictionary<string, string>(StringComparer.Ordinal), [("found", person.Id)]), TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Address;
            var step = await node.Cases.StepAsync(desk, found, "strike", 1, null, TestContext.Current.CancellationToken);
            step.IsOk.ShouldBeTrue($"{step.Error} {step.Refusal?.Text}");
        }

        await node.PassAsync(TimeSpan.FromDays(740));
        (await node.Cases.ShouldBeAssignableTo<IRetention>()!.LookAsync(TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue();
        using var officer = (await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Dan Example", "privacy")).Client;
        using var legal = (await node.Keys.SignInAsync(node.Site, Roles.LegalOfficer, "Lee Example", "legal")).Client;
        using var worker = await Hardware.ByPasswordAsync(node.Site, Roles.CaseWorker, "Wo Example", ClosedNode.Unit);

        // Who decides sees both, without a word of what stands in them; a case worker sees nothing of it.
        var page = await PageAsync(officer, "/protection/retention");
        page.ShouldContain("proposed for erasure");
        (await PageAsync(worker, "/protection/retention")).ShouldNotContain("/protection/retention/decide");
        using (var chinese = new HttpRequestMessage(HttpMethod.Get, new Uri("/protection/retention", UriKind.Relative)))
        {
            chinese.Headers.AcceptLanguage.ParseAdd("zh");
            using var answer = await officer.SendAsync(chinese, TestContext.Current.CancellationToken);
            var told = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            ((string[])["拟予删除", "保存期届满", "批准删除", "经档案部门认定的存档价值"]).ShouldAllBe(word => told.Contains(word, StringComparison.Ordinal));
        }

        var ids = Id().Matches(page).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        ids.Count.ShouldBe(2);
        // What would become of several is shown before anything is decided, and looking decides nothing.
        page = await PageAsync(officer, $"/protection/retention?show=approve&r={ids[0]}&r={ids[1]}");
        ((string[])["What would be approved for erasing", "Records: 2.", "Approve these"]).ShouldAllBe(word => page.Contains(word, StringComparison.Ordinal), page);
        (await PageAsync(officer, $"/protection/retention?show=carry-out&r={ids[0]}")).ShouldContain("None of those chosen can be decided so.");
        (await SeveralAsync(node, worker, ids[0], "approve")).ShouldBe("403");
        (await SeveralAsync(node, officer, ids[0], "extend")).ShouldContain("retention.invalid");
        (await SeveralAsync(node, officer, ids[0], "approve")).ShouldBe("/protection/retention?done=1&left=0");
        (await PageAsync(officer, "/protection/retention?done=1&left=0")).ShouldContain("Decided: 1.");
        (await SeveralAsync(node, officer, ids[0], "carry-out")).ShouldBe("/protection/retention?done=0&left=1", "whoever approved does not carry out");
        (await SeveralAsync(node, legal, ids[0], "take-back")).ShouldBe("/protection/retention?done=1&left=0");

        (await DecideAsync(node, worker, ids[0], "approve")).ShouldBe("403");
        (await DecideAsync(node, officer, ids[0], "erase-all")).ShouldContain("retention.invalid");
        (await DecideAsync(node, officer, ids[0], "carry-out")).ShouldContain("retention.not-now");
        (await DecideAsync(node, officer, ids[0], "approve")).ShouldBe("/protection/retention");
        (await PageAsync(officer, "/protection/retention")).ShouldNotContain("name=\"act\" value=\"carry-out\"", Case.Sensitive, "whoever approved does not carry out");
        (await DecideAsync(node, legal, ids[0], "take-back")).ShouldBe("/protection/retention");
        (await DecideAsync(node, officer, ids[0], "approve")).ShouldBe("/protection/retention");
        await node.PassAsync(TimeSpan.FromSeconds(125));
        var waits = await PageAsync(legal, "/protection/retention");
        waits.ShouldContain("name=\"act\" value=\"carry-out\"");
        waits.ShouldContain("Dan Example");
        (await DecideAsync(node, legal, ids[0], "carry-out")).ShouldBe("/protection/retention");

        // Kept on with a ground and a day; without one of them nothing is.
        var until = node.Clock.GetUtcNow().AddDays(100).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await DecideAsync(node, legal, ids[1], "extend", ("ground", "because"), ("reason", "asked for"), ("until", until))).ShouldContain("retention.invalid");
        (await DecideAsync(node, legal, ids[1], "extend", ("ground", "own-benefit"), ("reason", "asked for by the person"), ("until", until))).ShouldBe("/protection/retention");
        page = await PageAsync(legal, "/protection/retention");
        ((string[])["Erased at the end of retention", "kept on", "asked for by the person", "for the person's own benefit"]).ShouldAllBe(word => page.Contains(word, StringComparison.Ordinal), page);
        page.ShouldNotContain("Neema");
        (await PageAsync(worker, "/cases/found-person")).ShouldNotContain("FP-");
    }

    private static async Task<string> SeveralAsync(ClosedNode node, HttpClient client, string id, string act)
    {
        using var answer = await node.Site.PostFormAsync(client, "/protection/retention/several", new(StringComparer.Ordinal) { ["r"] = id, ["act"] = act });
        return answer.StatusCode == HttpStatusCode.Forbidden ? "403" : answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> DecideAsync(ClosedNode node, HttpClient client, string id, string act, params (string Name, string Value)[] more)
    {
        using var answer = await node.Site.PostFormAsync(client, "/protection/retention/decide", new(more.Select(one => KeyValuePair.Create(one.Name, one.Value)), StringComparer.Ordinal) { ["id"] = id, ["act"] = act });
        return answer.StatusCode == HttpStatusCode.Forbidden ? "403" : answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f]{16,})\"")]
    private static partial Regex Id();
}
