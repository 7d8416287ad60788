using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>The verbs over rule packs, as the author of a pack uses them: an invented agency written from the documents alone.</summary>
public sealed class RulesTests
{
    private const string Header = "version: 1.0.0\ntitle: {en: T, zh: 题}\nsource: a test\nlicence: CC0-1.0\n";

    private const string Vocabulary = $$"""
        id: rules
        kind: vocabulary
        {{Header}}codelists:
          action: [{code: read, en: Read, zh: 读取}, {code: share, en: Share, zh: 共享}]
          consent: [{code: given, en: Given, zh: 已给}, {code: refused, en: Refused, zh: 拒绝}]
        facts:
          - {id: action, type: code, codelist: action, scope: true, en: Action, zh: 操作}
          - {id: request.time, type: instant, en: Time, zh: 时间}
          - {id: consent.status, type: code, codelist: consent, choice: true, en: Consent, zh: 同意}
          - {id: review.done, type: boolean, en: Review, zh: 审查}

        """;

    private const string Floor = $$"""
        id: floor
        kind: rules
        {{Header}}floor: true
        mode: constraints
        rules: []

        """;

    private const string Agency = $$"""
        id: agency
        kind: rules
        {{Header}}instrument: {id: AG, en: Agency policy, zh: 机构政策}
        rules:
          - id: AG-1
            modality: permit
            when: consent.status = given
            cites: [{article: "1", status: unverified, basis: general}]
            topic: consent
            en: Use with consent.
            zh: 经同意使用。
            seeds: [R01]
          - id: AG-2
            modality: oblige
            kind: precondition
            scope: {action: [share]}
            require: review.done
            cites: [{article: "2", status: verified, basis: found}]
            topic: sharing
            en: A review before sharing.
            zh: 共享前须审查。
            remedy: {en: Ask for a review., zh: 请求审查。}
        tests:
          - {id: AG-T1, en: Read, zh: 读取, given: {action: read, consent.status: given}, expect: permit, by: [AG-1]}
          - {id: AG-T2, en: Share, zh: 共享, given: {action: share, consent.status: given}, expect: deny, unmet: [AG-2], missing: [review.done]}

        """;

    private static Called Agencies(string agency = Agency)
    {
        var call = new Called();
        foreach (var schema in Directory.EnumerateFiles(Path.Combine(Places.Packs, "schema"), "*.json"))
        {
            call.Write("packs/schema/" + Path.GetFileName(schema), File.ReadAllText(schema));
        }

        call.Write("packs/vocabulary/rules.yaml", Vocabulary);
        call.Write("packs/rules/floor.yaml", Floor);
        call.Write("packs/rules/agency.yaml", agency);
        call.Write("share.json", """{"action":"share","consent.status":"given","review.done":false}""");
        return call;
    }

    [Fact]
    public async Task A_pack_is_checked_tested_and_asked()
    {
        using var call = Agencies();
        (await call.RunAsync("rules", "check", "packs")).Code.ShouldBe(ExitCode.Done, call.Output + call.Error);
        (await call.RunAsync("rules", "test", "packs")).Code.ShouldBe(ExitCode.Done, call.Output + call.Error);
        (await call.RunAsync("rules", "decide", "share.json", "--packs", "packs")).Code.ShouldBe(ExitCode.Refused, call.Error);
        call.Output.ShouldBe("Denied for now: a pre-condition is not met.\n");
        (await call.RunAsync("rules", "explain", "share.json", "--packs", "packs", "--lang", "zh")).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.ShouldContain("先决条件：AG-2（AG 2）：共享前须审查。");
        call.Output.ShouldContain("若满足下列条件则可准予：审查：是。");
        call.Write("read.json", """{"action":{"name":"read"},"context":{"consent":{"status":"given"}}}""");
        (await call.RunAsync("rules", "decide", "read.json", "--packs", "packs", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        using var document = JsonDocument.Parse(call.Output);
        document.RootElement.GetProperty("result").GetProperty("answer").GetProperty("decision").GetBoolean().ShouldBeTrue();
        document.RootElement.GetProperty("result").GetProperty("record").GetProperty("packs").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_is_named_with_line_column_and_the_nearest_word()
    {
        using var call = Agencies(Agency.Replace("consent.status = given", "consent.statsu = given", StringComparison.Ordinal));
        (await call.RunAsync("rules", "check", "packs")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("packs/rules/agency.yaml:11:11: There is no fact \"consent.statsu\" in the vocabulary. Did you mean \"consent.status\"? [rules.unknown-fact]");
        (await call.RunAsync("rules", "test", "packs")).Code.ShouldBe(ExitCode.Faults);
        (await call.RunAsync("rules", "decide", "share.json", "--packs", "packs")).Code.ShouldBe(ExitCode.Faults);
    }

    [Fact]
    public async Task A_test_that_comes_out_otherwise_is_shown_with_both_outcomes()
    {
        using var call = Agencies(Agency.Replace("expect: permit, by", "expect: deny, by", StringComparison.Ordinal));
        (await call.RunAsync("rules", "test", "packs")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("Expected deny, found permit");
    }

    [Fact]
    public async Task A_difference_that_lets_a_denied_request_through_is_refused()
    {
        using var call = Agencies();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(call.Folder, "packs"), "*", SearchOption.AllDirectories))
        {
            call.Write("newer/" + Path.GetRelativePath(Path.Combine(call.Folder, "packs"), file), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        call.Write("newer/rules/agency.yaml", Agency.Replace("when: consent.status = given", "when: known(consent.status)", StringComparison.Ordinal));
        (await call.RunAsync("rules", "diff", "packs", "newer")).Code.ShouldBe(ExitCode.Refused, call.Error);
        call.Output.ShouldContain("agency: loosens");
        // What all cases share is said once, and each case with what makes it another one.
        call.Output.ReplaceLineEndings("\n").ShouldContain("  In all of these cases:\n    consent.status = refused\n  denies → permits\n    action = read\n", customMessage: call.Output);
        call.Output.Split('\n').ShouldAllBe(line => line.Length <= 100);
        (await call.RunAsync("rules", "diff", "newer", "packs", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("rules", "diff", "packs", "packs")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Coverage_matrix_and_single_rules_are_shown()
    {
        using var call = Agencies();
        (await call.RunAsync("rules", "coverage", "packs")).Output.ShouldContain("agency: 2/2");
        (await call.RunAsync("rules", "matrix", "packs", "--by", "seed")).Output.ShouldContain("| R01 | AG-1* |");
        (await call.RunAsync("rules", "explain", "AG-2", "--packs", "packs")).Output.ShouldContain("require: review.done");
        (await call.RunAsync("rules", "explain", "AG-9", "--packs", "packs")).Code.ShouldBe(ExitCode.NotFound);
        (await call.RunAsync("rules", "check", "packs", "--deep")).Code.ShouldBe(ExitCode.Done, call.Error);
    }
}
