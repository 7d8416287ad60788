using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The answer: who decided by which article, what is missing, and what would have to change.</summary>
public sealed class ExplanationTests
{
    private static readonly RulePackSet s_set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;

    private static readonly (string, string)[] s_transfer =
    [
        ("action", "transfer"), ("recipient.type", "law-enforcement"), ("consent.status", "given"), ("agreement.id", "AGR-1"), ("data.sensitivity", "low"), ("actor.clearance", "high"),
        ("review.dpo", "done"), ("review.legal", "pending"), ("recipient.country", "DEU"), ("subject.fear_country", "SYR"), ("breach.personal_data", "false"),
    ];

    private static Explanation Explain(params (string, string)[] facts) => s_set.Explain(EngineTests.Request(s_set, facts));

    [Fact]
    public void What_stands_in_the_way_is_told_apart_from_what_each_pack_says()
    {
        var explanation = Explain(s_transfer);
        var all = ExplanationText.Lines(explanation, "en").Select(line => line.Trim()).ToList();
        var inTheWay = ExplanationText.InTheWay(explanation, "en");
        inTheWay.ShouldNotBeEmpty();
        inTheWay.ShouldBeSubsetOf(all);
        inTheWay.ShouldAllBe(line => line.StartsWith("forbids", StringComparison.Ordinal) || line.StartsWith("asks first", StringComparison.Ordinal));
        all.Except(inTheWay).ShouldAllBe(line => !line.StartsWith("forbids", StringComparison.Ordinal) && !line.StartsWith("asks first", StringComparison.Ordinal));
        ExplanationText.InTheWay(explanation, "zh").Count.ShouldBe(inTheWay.Count);
    }

    [Fact]
    public void A_nearest_permit_names_the_evidence_and_the_other_person()
    {
        var permit = Explain(s_transfer).NearestPermits.ShouldHaveSingleItem();
        var change = permit.Changes.ShouldHaveSingleItem();
        (change.Fact.Id, change.Needed).ShouldBe(("review.legal", "review.legal = done"));
        change.Evidence!.In("en").ShouldBe("signed review");
        change.AttestedBy!.In("zh").ShouldBe("法务部门");
    }

    [Fact]
    public void Every_nearest_permit_is_smallest_and_permits()
    {
        var explanation = Explain([.. s_transfer, ("review.dpo", "?"), ("data.sensitivity", "severe"), ("agreement.id", "?")]);
        explanation.NearestPermits.ShouldNotBeEmpty();
        explanation.NearestPermits.ShouldAllBe(permit => permit.Changes.Count == 4);
        explanation.NearestPermits[0].Changes.Select(change => change.Fact.Id).ShouldBe(["data.sensitivity", "review.dpo", "review.legal", "agreement.id"], ignoreOrder: true);
    }

    [Fact]
    public void What_only_the_person_decides_is_shown_as_their_choice_and_never_as_a_remedy()
    {
        var explanation = Explain([.. s_transfer, ("review.legal", "done"), ("subject.category", "victim"), ("consent.status", "?")]);
        var permit = explanation.NearestPermits.ShouldHaveSingleItem();
        (permit.NeedsPersonsChoice, permit.Changes.Single().Needed).ShouldBe((true, null));
        ExplanationText.Lines(explanation, "en").ShouldContain("Would be permitted if: the person may decide: Consent.");
        ExplanationText.Lines(explanation, "zh").ShouldContain("若满足下列条件则可准予：由当事人决定：同意。");
        // What would have to be is told in names, and never as packs write it.
        var reviewed = ExplanationText.Lines(Explain(s_transfer), "en").Where(line => line.StartsWith("Would be permitted if", StringComparison.Ordinal)).ToList();
        reviewed.ShouldContain(line => line.Contains(": Done", StringComparison.Ordinal));
        reviewed.ShouldAllBe(line => !line.Contains(" = ", StringComparison.Ordinal) && !line.Contains("review.legal", StringComparison.Ordinal));
        using var answer = JsonDocument.Parse(ExplanationJson.Write(explanation));
        answer.RootElement.GetProperty("context").GetProperty("nearestPermits").GetRawText().ShouldBe("""[{"personMayDecide":true,"changes":[{"fact":"consent.status"}]}]""");
    }

    [Fact]
    public void A_floor_fact_is_never_named()
    {
        var explanation = Explain([.. s_transfer, ("review.legal", "done"), ("recipient.country", "SYR")]);
        explanation.Decision.Ground.ShouldBe(Ground.Prohibited);
        explanation.NearestPermits.ShouldBeEmpty("the country that is feared is no fact to be changed, and what the floor forbids has no remedy");
    }

    [Fact]
    public void Facts_the_asker_may_not_read_are_neither_missing_nor_failed_nor_to_be_changed()
    {
        var request = EngineTests.Request(s_set, [.. s_transfer, ("review.legal", "done"), ("review.dpo", "?"), ("data.sensitivity", "?")]);
        var open = s_set.Explain(request);
        open.Missing.Select(fact => fact.Id).ShouldBe(["data.sensitivity", "review.dpo"], ignoreOrder: true);
        var closed = s_set.Explain(request, new(MayRead: fact => fact.Id is not ("review.dpo" or "data.sensitivity")));
        closed.Decision.ShouldBe(open.Decision);
        closed.Missing.ShouldBeEmpty();
        closed.NearestPermits.ShouldBeEmpty();
        var text = string.Join('\n', ExplanationText.Lines(closed, "en")) + Encoding.UTF8.GetString(ExplanationJson.Write(closed));
        text.ShouldNotContain("review.dpo");
        text.ShouldNotContain("data.sensitivity");
    }

    [Fact]
    public void A_deny_by_default_lists_the_permits_it_considered_with_the_first_condition_that_failed()
    {
        var explanation = Explain(("action", "publish"), ("publication.risk", "4"));
        var considered = explanation.Packs.SelectMany(pack => pack.Rules).Where(answer => answer.Role == RuleRole.Considered).ToList();
        considered.ShouldHaveSingleItem().Failed.ShouldBe("publication.risk < 3");
        explanation.NearestPermits.ShouldHaveSingleItem().Changes.Single().Needed.ShouldBe("publication.risk < 3");
    }

    [Fact]
    public void Texts_cite_article_version_and_status_in_both_languages()
    {
        var explanation = Explain([.. s_transfer, ("subject.category", "victim"), ("consent.status", "refused")]);
        var english = ExplanationText.Lines(explanation, "en");
        english[0].ShouldBe("Denied: a prohibition stands in the way.");
        english.ShouldContain("Floor 1.0.0 denies.");
        english.ShouldContain("  forbids: F-03 (FLOOR 3, unverified): No victim data to law enforcement without consent.");
        english.ShouldContain(line => line.Contains("HR-04 (HARBOUR 4, unverified)", StringComparison.Ordinal) && line.EndsWith("[not surely so: Legal review: Done] → Obtain both reviews.", StringComparison.Ordinal));
        var chinese = ExplanationText.Lines(explanation, "zh");
        chinese.ShouldContain("  禁止：F-03（FLOOR 3，未核实）：未经同意不得将受害人数据提供给执法机关。");
        chinese.ShouldContain(line => line.Contains("［未确定成立：法务审查：", StringComparison.Ordinal), "facts and codes are said by their names");
        chinese.Count.ShouldBe(english.Count);
        string.Join('\n', english).ShouldNotContain("lawful");
    }

    [Fact]
    public void A_permit_says_by_what_it_is_permitted_and_what_is_hidden()
    {
        var explanation = Explain(("action", "read"), ("purpose", "aid"), ("purpose.declared", "aid"), ("data.sensitivity", "low"), ("actor.clearance", "low"), ("subject.category", "victim"), ("breach.personal_data", "false"));
        explanation.Decision.IsPermit.ShouldBeTrue();
        explanation.MaskedFields.Single().Id.ShouldBe("place");
        ExplanationText.Lines(explanation, "en")[0].ShouldBe("Permitted by Harbour Relief.");
        ExplanationText.Lines(explanation, "zh")[0].ShouldBe("港湾救助准予。");
    }

    [Fact]
    public void A_request_and_its_answer_have_the_shape_of_AuthZEN()
    {
        var request = """
            {"subject":{"type":"user","id":"u1","properties":{"clearance":"high","role":"caseworker"}},
             "action":{"name":"transfer"},
             "resource":{"type":"record","id":"r1","properties":{"subject.category":["victim"],"data":{"sensitivity":"low"}}},
             "context":{"system":"humanitarian","recipient":{"type":"law-enforcement","country":"DEU"},"controller.organisation":"harbour","subject":{"age":17},"breach":{"personal_data":false},"consent.status":null}}
            """;
        var facts = AuthZen.Read(s_set.Vocabulary, Encoding.UTF8.GetBytes(request)).Value;
        facts[s_set.Vocabulary.Find("actor.clearance")!]!.Value.ToText(s_set.Vocabulary.Find("actor.clearance")!).ShouldBe("high");
        facts[s_set.Vocabulary.Find("consent.status")!].ShouldBeNull();
        using var answer = JsonDocument.Parse(ExplanationJson.Write(s_set.Explain(facts)));
        answer.RootElement.GetProperty("decision").GetBoolean().ShouldBeFalse();
        var context = answer.RootElement.GetProperty("context");
        context.GetProperty("ground").GetString().ShouldBe("prohibited");
        context.GetProperty("packs")[0].GetProperty("rules")[0].GetProperty("cites")[0].GetProperty("status").GetString().ShouldBe("unverified");
        context.GetProperty("missing").EnumerateArray().Select(item => item.GetString()).ShouldContain("consent.status");
        AuthZen.Read(s_set.Vocabulary, "{\"action\":{\"name\":\"transfre\"}}"u8.ToArray()).Error!.Hint!.In("en").ShouldBe("Did you mean \"transfer\"?");
        AuthZen.Read(s_set.Vocabulary, "{\"action\":\"read\",\"action\":\"publish\"}"u8.ToArray()).Error!.Code.ShouldBe("rules.request");
        AuthZen.Read(s_set.Vocabulary, "{\"action\":\"read\",\"purposse\":\"aid\"}"u8.ToArray()).Error!.Code.ShouldBe("rules.unknown-fact");
    }

    [Fact]
    public void Restrictions_export_as_ODRL_with_identifiers_of_DPV()
    {
        using var policy = JsonDocument.Parse(Odrl.Export(Sample.Standard.Find("harbour")!));
        policy.RootElement.GetProperty("conflict").GetString().ShouldBe("prohibit");
        policy.RootElement.GetProperty("permission")[1].GetProperty("action")[0].GetString().ShouldBe("odrl:distribute");
        policy.RootElement.GetProperty("permission")[0].GetProperty("action").EnumerateArray().Select(action => action.GetString()).ShouldBe(["dpv:Collect", "odrl:read"]);
        policy.RootElement.GetProperty("prohibition").GetArrayLength().ShouldBe(1);
        policy.RootElement.GetProperty("obligation").GetArrayLength().ShouldBe(3);
        var explanation = Explain(("action", "read"), ("purpose", "aid"), ("purpose.declared", "aid"), ("data.sensitivity", "low"), ("actor.clearance", "low"), ("subject.category", "victim"), ("breach.personal_data", "false"));
        using var restrictions = JsonDocument.Parse(Odrl.Restrictions(explanation, Sample.Standard.Find("harbour")!));
        restrictions.RootElement.GetProperty("obligation").GetArrayLength().ShouldBe(1);
    }
}
