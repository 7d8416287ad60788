using System.Net;
using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.People;

namespace Waymark.Site.Tests.Web;

/// <summary>A person asks what is kept about them: prepared on a page, handed over by hand or by the person's own way, and outside nothing but a word, in both languages and without script.</summary>
public sealed partial class AccessRequestTests
{
    [Fact]
    public async Task What_is_kept_and_who_looked_is_prepared_handed_over_and_shown_outside_as_one_word__M39_R33()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        using var officer = (await node.Keys.SignInAsync(node.Site, Roles.DataProtectionOfficer, "Dan Example", ClosedNode.Unit)).Client;
        using var byPassword = await node.SignInAsync(Roles.DataProtectionOfficer);
        (await node.StateAsync(officer, "supervision")).ShouldBeTrue();
        (await node.StateAsync(byPassword, "supervision")).ShouldBeTrue();
        var (request, answer) = await RequestAsync(node);

        // The person gets a code; outside it opens one word.
        var code = Code().Match(await PostAsync(node, officer, request + "/follow")).Groups[1].Value;
        code.Length.ShouldBe(39);
        (await WordAsync(node, code, "en")).ShouldContain("Somebody is working on it.");

        // Without a trusted key there is no way to it.
        (await PageAsync(byPassword, request)).ShouldNotContain(answer);
        (await PageAsync(byPassword, answer)).ShouldContain("The data-protection officer prepares the answer");
        (await PageAsync(byPassword, answer)).ShouldNotContain("Invented Amina");
        (await PostAsync(node, byPassword, request + "/answer", ("channel", "by-hand"))).ShouldStartWith("403");

        (await PageAsync(officer, request)).ShouldContain(answer);
        var sheet = await PageAsync(officer, answer);
        sheet.ShouldContain("Invented Amina");
        sheet.ShouldContain("Who looked at it, and what for");
        sheet.ShouldContain("Data-protection officer");
        sheet.ShouldNotContain("Dan Example</t", Case.Sensitive, "roles, never names");
        sheet.ShouldContain("This sentence stands on every list");
        sheet.ShouldContain("set no safe way");
        (await PageAsync(officer, answer, "zh-CN")).ShouldContain("谁查看过，为何查看");
        var mark = Mark().Match(sheet).Groups[1].Value;
        if (Environment.GetEnvironmentVariable("WAYMARK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "access.html"), sheet, TestContext.Current.CancellationToken);
        }

        (await PostAsync(node, officer, request + "/answer", ("channel", "by-hand"), ("mark", mark))).ShouldContain("Say how it was handed over");
        (await PostAsync(node, officer, request + "/answer", ("channel", "by-hand"), ("masked", "yes"), ("mark", "000000000000"))).ShouldContain("answered while it is in work");
        (await PostAsync(node, officer, request + "/answer", ("channel", "by-hand"), ("masked", "yes"), ("mark", mark))).ShouldContain("Answered. The person's code shows");
        (await PageAsync(officer, request)).ShouldContain("It was answered");
        foreach (var (language, word) in new[] { ("en", "It was answered in the way you chose."), ("zh-CN", "已按您选择的方式答复。") })
        {
            var outside = await WordAsync(node, code, language);
            outside.ShouldContain(word);
            outside.ShouldNotContain("Amina");
            outside.ShouldNotContain(mark);
        }
    }

    private static CaseDesk Desk() => new(new("prepared", Roles.DataProtectionOfficer, [ClosedNode.Unit]), ClosedNode.Unit, "supervision");

    private static async Task<(string Page, string Answer)> RequestAsync(ClosedNode node)
    {
        var none = TestContext.Current.CancellationToken;
        var person = (await node.Cases.CreateAsync(Desk(), new(PersonCore.Register, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Invented Amina" }, []), none)).Value.ShouldNotBeNull();
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = "access", ["received-on"] = "2026-05-30", ["identity"] = "verified" };
        var request = (await node.Cases.CreateAsync(Desk(), new("subject-request", null, values, [("asker", person.Address.Id)]), none)).Value.ShouldNotBeNull().Address;
        foreach (var step in new[] { "identify", "begin" })
        {
            var seen = (await node.Cases.OpenAsync(Desk(), request, none)).Value!.Document.StateVersion;
            (await node.Cases.StepAsync(Desk(), request, step, seen, null, none)).Value.ShouldNotBeNull(step);
        }

        return ("/cases/subject-request/" + request.Id, $"/protection/subject-requests/{request.Id}/answer");
    }

    private static async Task<string> WordAsync(ClosedNode node, string code, string language)
    {
        using var outside = node.Site.NewClient();
        using var asked = await outside.PostAsync(new Uri("/my-data", UriKind.Relative), new FormUrlEncodedContent([new("code", code)]), TestContext.Current.CancellationToken);
        return await PageAsync(outside, asked.Headers.Location!.ToString(), language);
    }

    /// <summary>The page it leads to, or the status.</summary>
    private static async Task<string> PostAsync(ClosedNode node, HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("purpose", "supervision")).Append(("unit", ClosedNode.Unit)).ToDictionary(field => field.Item1, field => field.Item2, StringComparer.Ordinal);
        using var answer = await node.Site.PostFormAsync(client, path, form);
        return answer.Headers.Location is { } to ? await PageAsync(client, to.ToString()) : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }

    private static async Task<string> PageAsync(HttpClient client, string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("<code class=\"ref\">([0-9a-f-]+)</code>")]
    private static partial Regex Code();

    [GeneratedRegex("Mark of this copy: ([0-9a-f]{12})")]
    private static partial Regex Mark();
}
