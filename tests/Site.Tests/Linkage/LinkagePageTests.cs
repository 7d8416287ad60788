using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Site.Tests.Support;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Linkage;

/// <summary>The pages of linkage as a browser without script sees them.</summary>
public sealed class LinkagePageTests
{
    [Theory]
    [InlineData("en", "No project has been proposed yet.")]
    [InlineData("zh", "尚无人提出项目。")]
    public async Task Without_a_project_the_page_says_so_and_for_a_reader_there_is_no_such_page(string language, string empty)
    {
        await using var site = await Running.StartAsync();
        using var steward = await site.SignedInAsync(Roles.Steward);
        (await PageAsync(steward, "/admin/linkage?lang=" + language)).ShouldContain(empty);
        (await PageAsync(steward, "/admin/linkage/new?lang=" + language)).ShouldContain("name=\"classes\"");
        using var reader = await site.SignedInAsync(Roles.Reader, "Rae Example");
        (await StatusAsync(reader, "/admin/linkage")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(reader, "/admin/linkage/new")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(steward, "/admin/linkage/projects/" + new string('0', 32))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(steward, "/admin/linkage/runs/" + new string('0', 32))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(steward, "/admin/linkage/runs/x/review")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Proposing_and_approving_ask_for_a_trusted_security_key()
    {
        await using var site = await Running.StartAsync();
        using var steward = await site.SignedInAsync(Roles.Steward);
        using var proposed = await site.PostFormAsync(steward, "/admin/linkage/projects", new() { ["name"] = "x" });
        proposed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var officer = await site.SignedInAsync(Roles.DataProtectionOfficer, "Dee Example");
        using var approved = await site.PostFormAsync(officer, "/admin/linkage/projects/" + new string('0', 32) + "/approve", []);
        approved.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_run_is_estimated_started_shown_reviewed_blind_and_fetched_without_script()
    {
        await using var site = await Running.StartAsync();
        var (_, project) = await LinkagePeople.ProjectAsync(site.Platform.Foundation);
        using var steward = await site.SignedInAsync(Roles.Steward);
        var address = "/admin/linkage/projects/" + project.Id;
        (await PageAsync(steward, address)).ShouldContain("No file has been brought in yet.");
        (await InputAsync(site, steward, address, "requests", "tracing", LinkagePeople.Persons("t", 0, 900))).ShouldBe(HttpStatusCode.Redirect);
        (await InputAsync(site, steward, address, "guests", "service", LinkagePeople.Persons("s", 450, 900))).ShouldBe(HttpStatusCode.Redirect);
        (await InputAsync(site, steward, address, "wanted", "enforcement", "id,name\n1,a\n")).ShouldBe(HttpStatusCode.Forbidden);
        (await InputAsync(site, steward, address, "export", "service", "# waymark-export\nid,name\n1,a\n")).ShouldBe(HttpStatusCode.Forbidden);

        using var planned = await site.PostFormAsync(steward, address + "/runs", new() { ["left"] = "requests", ["right"] = "guests", ["effort"] = "default" });
        var run = planned.Headers.Location!.ToString();
        var estimate = await UntilAsync(steward, run, "Start the run");
        estimate.ShouldContain("What is compared");
        estimate.ShouldContain("are left in the budget of the project");
        using (await site.PostFormAsync(steward, run + "/start", []))
        {
            var done = await UntilAsync(steward, run, "False links expected");
            done.ShouldContain("<svg");
            done.ShouldContain("As a table");
            done.ShouldContain("candidates only");
            done.ShouldContain("How often a level of agreement occurs");
        }

        (await PageAsync(steward, run + "?lang=zh")).ShouldContain("各阈值下链接有误的频度");
        (await PageAsync(steward, run + "?lang=en")).ShouldContain("How often a link is wrong");
        await ReviewAsync(site, steward, run);
        var links = await PageAsync(steward, run + "/links.csv");
        links.ShouldStartWith("left_id,right_id,probability,weight");
        Regex.IsMatch(links, "[0-9a-f]{20},[0-9a-f]{20},", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)).ShouldBeTrue();
        links.ShouldNotContain("t700");
        (await PageAsync(steward, address + "/handles.csv?input=requests")).ShouldContain(",t700");
        using var other = await site.SignedInAsync(Roles.Steward, "Otto Example");
        (await StatusAsync(other, address + "/handles.csv?input=requests")).ShouldBe(HttpStatusCode.Forbidden);
        (await PageAsync(steward, run + "/report.json")).ShouldContain("\"calibration\"");
    }

    [Fact]
    public async Task A_later_state_of_a_file_is_compared_with_what_a_run_holds_and_the_page_says_what_was_read()
    {
        await using var site = await Running.StartAsync();
        var (_, project) = await LinkagePeople.ProjectAsync(site.Platform.Foundation);
        using var steward = await site.SignedInAsync(Roles.Steward);
        var address = "/admin/linkage/projects/" + project.Id;
        (await InputAsync(site, steward, address, "requests", "tracing", LinkagePeople.Persons("t", 0, 300))).ShouldBe(HttpStatusCode.Redirect);
        var first = await DoneAsync(site, steward, address, new() { ["left"] = "requests" });
        (await InputAsync(site, steward, address, "later", "tracing", LinkagePeople.Persons("t", 0, 340), "requests")).ShouldBe(HttpStatusCode.Redirect);
        (await PageAsync(steward, address)).ShouldContain("Against the records of");

        var next = await DoneAsync(site, steward, address, new() { ["left"] = "later", ["after"] = first.Split('/')[^1] });

        var page = await PageAsync(steward, next + "?lang=en");
        foreach (var (said, number) in new[] { ("Rows read", 340), ("Held already", 300), ("New records", 40), ("Held now", 340) })
        {
            page.ShouldContain($"<dt>{said}</dt><dd class=\"num\">{number}</dd>");
        }

        page.ShouldContain($"href=\"{first}\"");
        (await PageAsync(steward, next + "?lang=zh")).ShouldContain("仅比较新增记录");
    }

    private static async Task<string> DoneAsync(Running site, HttpClient steward, string address, Dictionary<string, string> run)
    {
        using var planned = await site.PostFormAsync(steward, address + "/runs", run);
        planned.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var at = planned.Headers.Location!.ToString();
        await UntilAsync(steward, at, "Start the run");
        using var started = await site.PostFormAsync(steward, at + "/start", []);
        await UntilAsync(steward, at, "False links expected");
        return at;
    }

    /// <summary>M68: reasons, then the own answer, then the score; the second reviewer sees nothing of the first.</summary>
    private static async Task ReviewAsync(Running site, HttpClient steward, string run)
    {
        var card = await PageAsync(steward, run + "/review?pair=0");
        card.ShouldContain("Reasons");
        card.ShouldNotContain("Probability");
        card.ShouldNotContain("<svg xmlns");
        using (var answered = await site.PostFormAsync(steward, run + "/answers", new() { ["pair"] = "0", ["choice"] = "same" }))
        {
            answered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            var after = await PageAsync(steward, answered.Headers.Location!.ToString());
            after.ShouldContain("Probability");
            after.ShouldContain("Take the answer back");
        }

        using var second = await site.SignedInAsync(Roles.CaseWorker, "Kim Example");
        var blind = await PageAsync(second, run + "/review?pair=0");
        blind.ShouldNotContain("Probability");
        blind.ShouldNotContain("Your answer:");
        using (await site.PostFormAsync(second, run + "/answers", new() { ["pair"] = "0", ["choice"] = "same" }))
        {
            (await PageAsync(second, run + "/review?pair=0&lang=zh")).ShouldContain("定案");
        }

        (await PageAsync(steward, run + "/confirmed.csv")).Split(',').Length.ShouldBeGreaterThan(3);
        using (await site.PostFormAsync(steward, run + "/answers/undo", new() { ["pair"] = "0" }))
        {
            (await PageAsync(steward, run + "/review?pair=0")).ShouldNotContain("Probability");
        }

        using var wrong = await site.PostFormAsync(steward, run + "/answers", new() { ["pair"] = "0", ["choice"] = "maybe" });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<HttpStatusCode> InputAsync(Running site, HttpClient client, string address, string name, string registerClass, string text, string continues = "")
    {
        using var content = new MultipartFormDataContent
        {
            { new StringContent(await site.TokenAsync(client)), "__RequestVerificationToken" }, { new StringContent(name), "name" }, { new StringContent(registerClass), "class" },
            { new StringContent("id"), "column" }, { new StringContent(continues), "continues" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "files", name + ".csv" },
        };
        using var answer = await client.PostAsync(new Uri(address + "/inputs", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<string> UntilAsync(HttpClient client, string address, string words)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var page = await PageAsync(client, address);
            if (page.Contains(words, StringComparison.Ordinal))
            {
                return page;
            }

            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(90), page);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
