using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>
/// A newcomer writes the rules of an invented agency from <c>docs/formats/rule-pack.md</c> alone: the fenced examples are taken from the page as they stand, put together as
/// it says, checked, tested, changed, and the changed decision is seen in <c>/protection/rules/test</c>.
/// </summary>
public sealed partial class NewcomerTests
{
    private static readonly string[] s_blocks = [.. Fence().Matches(File.ReadAllText(Path.Combine(Places.Root, "docs", "formats", "rule-pack.md"))).Select(match => match.Groups[1].Value)];

    private static string Block(string start) => s_blocks.Single(block => block.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The pack of the page, with its rules and tests put where it shows them empty.</summary>
    private static string Pack(string when = "purpose = purpose.declared") => Block("id: harbour").Replace("rules: []\n", Block("rules:").Replace("purpose = purpose.declared", when, StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("tests: []\n", Block("tests:"), StringComparison.Ordinal);

    private static Called Agency(string pack)
    {
        var call = new Called();
        foreach (var schema in Directory.EnumerateFiles(Path.Combine(Places.Packs, "schema"), "*.json"))
        {
            call.Write("packs/schema/" + Path.GetFileName(schema), File.ReadAllText(schema));
        }

        call.Write("packs/vocabulary/rules.yaml", Block("id: rules"));
        call.Write("packs/rules/floor.yaml", Block("id: floor"));
        call.Write("packs/rules/harbour.yaml", pack);
        return call;
    }

    [Fact]
    public async Task The_examples_of_the_page_are_a_sound_vocabulary_floor_and_pack_whose_tests_pass()
    {
        using var call = Agency(Pack());
        (await call.RunAsync("rules", "check", "packs")).Code.ShouldBe(ExitCode.Done, call.Output + call.Error);
        (await call.RunAsync("rules", "test", "packs")).Code.ShouldBe(ExitCode.Done, call.Output + call.Error);
        (await call.RunAsync("rules", "coverage", "packs")).Output.ShouldContain("harbour: 3/3", customMessage: "the tests of the page reach all its rules");
    }

    [Fact]
    public async Task Every_condition_of_the_page_can_be_written_in_a_pack()
    {
        var conditions = Block("consent.status = given and").Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToList();
        conditions.Count.ShouldBeGreaterThan(6);
        foreach (var condition in conditions)
        {
            using var call = Agency(Pack(condition).Split("tests:\n")[0]);
            (await call.RunAsync("rules", "check", "packs")).Code.ShouldBe(ExitCode.Done, condition + "\n" + call.Output + call.Error);
        }
    }

    [Fact]
    public async Task A_changed_pack_changes_the_decision_on_the_page()
    {
        using var before = Agency(Pack());
        before.Write("ask.json", """{"action":"read","purpose":"aid","purpose.declared":"aid","subject.category":["victim"],"recipient.type":"none","controller.organisation":"harbour"}""");
        (await before.RunAsync("rules", "decide", "ask.json", "--packs", "packs")).Code.ShouldBe(ExitCode.Done, before.Output + before.Error);
        using var after = Agency(Pack("purpose = purpose.declared and purpose = statistics"));
        after.Write("ask.json", File.ReadAllText(Path.Combine(before.Folder, "ask.json")));
        (await after.RunAsync("rules", "decide", "ask.json", "--packs", "packs")).Code.ShouldBe(ExitCode.Refused, after.Output + after.Error);
        foreach (var (call, word) in new[] { (before, "Permitted"), (after, "Refused") })
        {
            await using var site = await Running.StartAsync(opener: new OwnPacks(Path.Combine(call.Folder, "packs")));
            using var client = await site.SignedInAsync(Roles.CaseWorker);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/protection/rules/test?ask=1&action=read&purpose=aid&purpose.declared=aid&subject.category=victim&recipient.type=none&controller.organisation=harbour", UriKind.Relative));
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(word);
        }
    }

    /// <summary>The usual parts of a server over the packs of this folder.</summary>
    private sealed class OwnPacks(string folder) : Waymark.App.Hosting.IPlatformOpener
    {
        private readonly TestOpener _inner = new(withPages: true);

        public Task<Waymark.Model.Result<Waymark.App.Hosting.StorePlatform>> OpenStoreAsync(Waymark.App.Configuration.Settings settings, TimeProvider time, CancellationToken cancellationToken) =>
            _inner.OpenStoreAsync(settings, time, cancellationToken);

        /// <summary>Everything that ships but vocabulary and rules, and those of the agency in their place.</summary>
        public async Task<Waymark.Model.Result<Waymark.App.Hosting.EvidencePlatform>> OpenEvidenceAsync(Waymark.App.Hosting.StorePlatform store, CancellationToken cancellationToken)
        {
            var parts = (await _inner.OpenEvidenceAsync(store, cancellationToken)).Value;
            return parts with { Packs = Waymark.Packs.PackLibrary.Load([folder], cancellationToken).Library };
        }
    }

    [GeneratedRegex("```(?:yaml|text)\n(.*?)```", RegexOptions.Singleline, 2000)]
    private static partial Regex Fence();
}
