using Shouldly;
using Waymark.Rules.Analysis;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>What can be said about packs without a request.</summary>
public sealed class AnalysisTests
{
    private static readonly Vocabulary s_words = Sample.Standard.Vocabulary!;

    private static RuleLibrary Read(string yaml) => Sample.Library(Sample.Floor, yaml);

    private static string Rule(string id, string modality, string when, string more = "") =>
        $"  - id: {id}\n    modality: {modality}\n    scope: {{action: [read]}}\n    when: \"{when}\"\n{more}    cites: [{{article: \"1\", status: verified, basis: found}}]\n    topic: t\n    en: A rule.\n    zh: 规则。\n";

    [Theory]
    [InlineData("purpose = aid and purpose = statistics", "never-true")]
    [InlineData("subject.age < 13 and subject.age >= 18", "never-true")]
    [InlineData("publication.risk < 3 and not (publication.risk < 5)", "never-true")]
    [InlineData("purpose in [aid] and purpose != aid", "never-true")]
    [InlineData("data.sensitivity = severe", "always-forbidden")]
    [InlineData("data.sensitivity >= moderate", null)]
    [InlineData("subject.age >= 13 and subject.age < 18", null)]
    public void A_rule_that_can_never_matter_is_found(string when, string? reason)
    {
        var library = Read(LanguageTests.Probe("purpose = aid") + Rule("P-02", "permit", when) + Rule("P-03", "prohibit", "data.sensitivity = severe"));
        var dead = PackAnalysis.DeadRules(library.Vocabulary!, library.Find("probe")!, TestContext.Current.CancellationToken);
        dead.Select(rule => (rule.Rule.Id, rule.Reason, rule.IsProved)).ShouldBe(reason is null ? [] : [("P-02", reason, true)]);
    }

    [Fact]
    public void Combinations_that_nothing_permits_are_gaps()
    {
        var facts = new[] { "action", "recipient.type" }.Select(id => s_words.Find(id)!).ToList();
        var gaps = PackAnalysis.Gaps([Sample.Standard.Find("harbour")!], facts);
        gaps.ShouldBeEmpty("every action has a permission for every recipient");
        gaps = PackAnalysis.Gaps([Sample.Standard.Find("floor")!], facts);
        gaps.Count.ShouldBe(12);
        gaps.Count(gap => gap.HasRules).ShouldBe(3);
    }

    [Fact]
    public void Adding_prohibitions_and_obligations_tightens()
    {
        var library = Read(LanguageTests.Probe("purpose = aid"));
        var more = LanguageTests.Probe("purpose = aid") + Rule("P-02", "prohibit", "subject.age < 18")
            + Rule("P-03", "oblige", "subject.age < 18", "    kind: precondition\n    require: review.dpo = done\n");
        var diff = Compare(LanguageTests.Probe("purpose = aid"), more);
        (diff.Verdict, diff.IsProved, diff.MayReplace).ShouldBe((DiffVerdict.Tightens, true, true));
        diff.Added.ShouldBe(["P-02", "P-03"]);
        Compare(more, LanguageTests.Probe("purpose = aid")).Verdict.ShouldBe(DiffVerdict.Loosens);
        library.Packs.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("purpose = aid", "purpose in [aid, statistics]", DiffVerdict.Loosens)]
    [InlineData("purpose in [aid, statistics]", "purpose = aid", DiffVerdict.Tightens)]
    [InlineData("purpose = aid", "purpose = aid or purpose = aid", DiffVerdict.Same)]
    [InlineData("purpose = aid", "purpose != statistics and purpose != enforcement", DiffVerdict.Same)]
    [InlineData("subject.age >= 18", "subject.age >= 16", DiffVerdict.Loosens)]
    [InlineData("subject.age >= 18", "subject.age > 18", DiffVerdict.Tightens)]
    [InlineData("subject.age >= 18", "not (subject.age < 18)", DiffVerdict.Same)]
    [InlineData("purpose = aid or purpose.compatible", "purpose = aid or purpose.compatible or not purpose.compatible", DiffVerdict.Loosens)]
    [InlineData("known(agreement.id)", "known(agreement.id) or agreement.id = other", DiffVerdict.Same)]
    [InlineData("data.sensitivity <= actor.clearance", "data.sensitivity < actor.clearance", DiffVerdict.Tightens)]
    [InlineData("publication.risk < $public-risk", "publication.risk < $public-risk or publication.risk = 3", DiffVerdict.Loosens)]
    public void Two_versions_are_compared_by_what_they_decide(string before, string after, DiffVerdict verdict)
    {
        var diff = Compare(LanguageTests.Probe(before), LanguageTests.Probe(after));
        diff.Verdict.ShouldBe(verdict);
        diff.IsProved.ShouldBeTrue();
        (diff.Loosened.Count > 0).ShouldBe(verdict == DiffVerdict.Loosens);
        (diff.Tightened.Count > 0).ShouldBe(verdict == DiffVerdict.Tightens);
    }

    [Fact]
    public void M72_an_edit_that_lets_one_denied_request_through_is_never_taken_for_tightening()
    {
        var cases = new LongCases("rules-edits", 72, few: 150, many: 10_000);
        foreach (var (i, random) in cases.Take())
        {
            var (left, right) = (GeneratedPacks.Condition(random, 2), GeneratedPacks.Condition(random, 2));
            var extra = random.Next(2) == 0 ? "" : Rule("P-02", "prohibit", GeneratedPacks.Condition(random, 1));
            var after = random.Next(3) switch { 0 => $"({left}) or ({right})", 1 => $"({left}) and ({right})", _ => right };
            var library = Read(LanguageTests.Probe($"\"{left}\"") + extra);
            var words = library.Vocabulary!;
            var (newer, faults) = RulePack.Read(DocumentOf(LanguageTests.Probe($"\"{after}\"") + (random.Next(2) == 0 ? extra : "")), words);
            faults.ShouldBeEmpty();
            var diff = PackDiff.Compare(words, library.Find("probe")!, newer, TestContext.Current.CancellationToken);
            cases["edits shown not to loosen"] += diff.MayReplace ? 1 : 0;

            // Asserts that nothing is let through by an edit that may replace what was.
            cases["requests let through, all in edits that were refused"] += Probe(library, library.Find("probe")!, newer!, i, diff);
        }

        cases["edits shown not to loosen"].ShouldBeGreaterThan(10);
        cases["requests let through, all in edits that were refused"].ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Scenarios_cover_what_they_bring_to_bear()
    {
        var coverage = Coverage.Of(ScenarioRunner.Run(Sample.Standard), Sample.Standard.Packs);
        coverage.Where(rule => rule.IsCovered).Select(rule => rule.Rule.Id).ShouldBe(["F-01", "F-03", "HR-01", "HR-03", "HR-04", "HR-05"], ignoreOrder: true);
        coverage.Single(rule => rule.Rule.Id == "HR-02").InScope.ShouldBe(1);
    }

    [Fact]
    public void The_matrix_lists_rules_by_topic_and_by_statement()
    {
        RuleMatrix.BySeed(Sample.Standard.Packs).ShouldHaveSingleItem().Cells["HARBOUR"].Single().Id.ShouldBe("HR-01");
        RuleMatrix.ByTopic(Sample.Standard.Packs).Single(row => row.Key == "victim").Cells.Keys.ShouldBe(["FLOOR", "HARBOUR"], ignoreOrder: true);
    }

    /// <summary>Random requests on which the newer pack alone does not deny and the older does.</summary>
    private static int Probe(RuleLibrary library, RulePack before, RulePack after, int seed, PackDiff diff)
    {
        var floor = library.Find("floor")!;
        var (old, @new) = (RulePackSet.Compile(library.Vocabulary!, [floor, before]).Value, RulePackSet.Compile(library.Vocabulary!, [floor, after]).Value);
        var requests = new Requests(library, seed);
        var facts = old.NewRequest();
        var through = 0;
        for (var i = 0; i < 300; i++)
        {
            requests.Next(facts);
            if (!old.Decide(facts).IsPermit && @new.Decide(facts).IsPermit)
            {
                through++;
                diff.MayReplace.ShouldBeFalse($"edit {seed}, verdict {diff.Verdict}: {string.Join("; ", facts.All.Select(pair => $"{pair.Fact} = {pair.Value.ToText(pair.Fact)}"))}");
            }
        }

        return through;
    }

    private static Model.Rules.RulePackDocument DocumentOf(string yaml) => Sample.Documents(Sample.Vocabulary, yaml).Packs.Single();

    private static PackDiff Compare(string before, string after)
    {
        var library = Read(before);
        return PackDiff.Compare(library.Vocabulary!, library.Find("probe")!, RulePack.Read(DocumentOf(after), library.Vocabulary!).Pack, TestContext.Current.CancellationToken);
    }
}
