using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The semantics, one sentence each (data-rules.md 2.2 and 2.3, rulings "Rules").</summary>
public sealed class EngineTests
{
    private static readonly RulePackSet s_set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;

    internal static RequestFacts Request(RulePackSet set, params (string Fact, string Value)[] facts)
    {
        var request = set.NewRequest();
        (string, string)[] basis = [("system", "humanitarian"), ("subject.category", "migrant"), ("recipient.type", "none"), ("controller.organisation", "harbour"), ("request.time", "2026-11-21T00:00:00Z")];
        foreach (var (fact, value) in basis.Concat(facts))
        {
            request.Remove(set.Vocabulary.Find(fact)!);
            if (value != "?")
            {
                request.Set(fact, value.Split(' ', fact == "offence.penalty" ? StringSplitOptions.None : StringSplitOptions.RemoveEmptyEntries) is var parts && set.Vocabulary.Find(fact)!.Type == FactType.Codes ? parts : [value]).ShouldBeNull();
            }
        }

        return request;
    }

    private static readonly (string, string)[] s_transfer =
    [
        ("action", "transfer"), ("recipient.type", "law-enforcement"), ("consent.status", "given"), ("agreement.id", "AGR-1"), ("data.sensitivity", "low"), ("actor.clearance", "high"),
        ("review.dpo", "done"), ("review.legal", "done"), ("recipient.country", "DEU"), ("subject.fear_country", "SYR"),
    ];

    private static readonly (string, string)[] s_read = [("action", "read"), ("purpose", "aid"), ("purpose.declared", "aid"), ("data.sensitivity", "low"), ("actor.clearance", "low")];

    [Fact]
    public void The_scenarios_of_the_packs_come_out_as_written() =>
        ScenarioRunner.Run(Sample.Standard).ShouldAllBe(result => result.IsOk);

    [Fact]
    public void What_no_pack_permits_is_denied() => Decide(("action", "collect"), ("purpose", "aid"), ("purpose.declared", "statistics"), ("purpose.compatible", "false")).Ground.ShouldBe(Ground.NotPermitted);

    [Fact]
    public void A_request_without_a_scope_fact_is_malformed()
    {
        foreach (var scope in s_set.Vocabulary.ScopeFacts)
        {
            var request = Request(s_set, s_read);
            request.Remove(scope);
            s_set.Decide(request).Ground.ShouldBe(Ground.Malformed, scope.Id);
            s_set.Explain(request).Missing.ShouldBe([scope]);
        }
    }

    [Fact]
    public void An_unknown_fact_never_permits_and_blocks_under_a_prohibition()
    {
        Decide(s_read).IsPermit.ShouldBeTrue();
        Decide([.. s_read, ("purpose", "?")]).Ground.ShouldBe(Ground.NotPermitted);
        Decide([.. s_read, ("actor.clearance", "?")]).Ground.ShouldBe(Ground.Prohibited);
        Decide([.. s_read, ("data.sensitivity", "?"), ("actor.clearance", "?")]).Ground.ShouldBe(Ground.Prohibited);
    }

    [Fact]
    public void Forbidding_overrides_every_permit() => Decide([.. s_read, ("data.sensitivity", "severe")]).Ground.ShouldBe(Ground.Prohibited);

    [Fact]
    public void A_precondition_denies_with_its_remedy_until_surely_met()
    {
        Decide(s_transfer).IsPermit.ShouldBeTrue();
        foreach (var state in new[] { "pending", "?" })
        {
            var explanation = s_set.Explain(Request(s_set, [.. s_transfer, ("review.legal", state)]));
            explanation.Decision.ShouldBe(new(Effect.Deny, Ground.Unmet));
            explanation.Unmet.ShouldHaveSingleItem().Remedy!.In("en").ShouldBe("Obtain both reviews.");
            explanation.Missing.Select(fact => fact.Id).ShouldBe(state == "?" ? ["review.legal"] : []);
        }
    }

    [Fact]
    public void Every_selected_pack_must_permit_on_its_own()
    {
        var second = LanguageTests.Probe("purpose = statistics");
        var set = Compiled(Sample.Floor, Sample.Harbour, second);
        set.Decide(Request(set, s_read)).Ground.ShouldBe(Ground.NotPermitted);
        set.Decide(Request(set, [.. s_read, ("purpose", "statistics"), ("purpose.declared", "statistics")])).IsPermit.ShouldBeTrue();
        var constraints = second.Replace("source: a test\n", "source: a test\nmode: constraints\n", StringComparison.Ordinal).Replace("[read]", "[publish]", StringComparison.Ordinal);
        set = Compiled(Sample.Floor, Sample.Harbour, constraints);
        set.Decide(Request(set, s_read)).IsPermit.ShouldBeTrue("constraints abstain where they permit nothing");
    }

    [Fact]
    public void A_pack_of_constraints_is_satisfied_by_its_permission_and_never_the_one_that_grants()
    {
        var constraints = LanguageTests.Probe("purpose = aid").Replace("source: a test\n", "source: a test\nmode: constraints\n", StringComparison.Ordinal);
        var alone = Compiled(Sample.Floor, constraints);
        var request = Request(alone, s_read);
        alone.Decide(request).Ground.ShouldBe(Ground.NotPermitted);
        alone.Explain(request).Decision.Ground.ShouldBe(Ground.NotPermitted);
        alone.Explain(request).Packs.ShouldAllBe(answer => answer.Outcome == PackOutcome.Abstains);
        new Reference.ReferenceInterpreter(alone.Vocabulary, alone.Packs).Decide(request.All.ToDictionary(pair => pair.Fact, pair => pair.Value)).Ground.ShouldBe(Ground.NotPermitted);

        var beside = Compiled(Sample.Floor, Sample.Harbour, constraints);
        beside.Decide(Request(beside, s_read)).IsPermit.ShouldBeTrue("another pack grants");
        beside.Decide(Request(beside, [.. s_read, ("purpose", "statistics"), ("purpose.declared", "statistics")])).Ground.ShouldBe(Ground.NotPermitted, "asked and not satisfied");
    }

    [Fact]
    public void A_pack_that_surely_does_not_apply_is_left_out_and_one_that_may_apply_stays()
    {
        var request = Request(s_set, [.. s_read, ("controller.organisation", "border")]);
        s_set.Decide(request).Ground.ShouldBe(Ground.NotPermitted, "only the floor is left, and it grants nothing");
        var pack = Sample.Harbour.Replace("applies: controller.organisation = harbour", "applies: subject.age < 18", StringComparison.Ordinal);
        var set = Compiled(Sample.Floor, pack);
        set.Explain(Request(set, s_read)).Packs.Single(answer => answer.Pack.Id == "harbour").IsSelectionUncertain.ShouldBeTrue();
        set.Explain(Request(set, [.. s_read, ("subject.age", "30")])).Packs.ShouldHaveSingleItem().Pack.Id.ShouldBe("floor");
    }

    [Fact]
    public void The_floor_stands_in_every_set_and_holds_whatever_the_packs_permit()
    {
        RulePackSet.Compile(Sample.Standard.Vocabulary!, [Sample.Standard.Find("harbour")!]).Error!.Code.ShouldBe("rules.no-floor");
        Decide([.. s_transfer, ("recipient.country", "SYR")]).Ground.ShouldBe(Ground.Prohibited);
        Decide([.. s_transfer, ("subject.category", "victim"), ("consent.status", "refused")]).Ground.ShouldBe(Ground.Prohibited);
        Decide([.. s_transfer, ("subject.category", "migrant victim"), ("consent.status", "withdrawn")]).Ground.ShouldBe(Ground.Prohibited, "any category that is in scope counts");
        Sample.ReadAll(Sample.Vocabulary, Sample.Floor.Replace("mode: constraints\n", "mode: constraints\napplies: purpose = aid\n", StringComparison.Ordinal)).Errors
            .ShouldHaveSingleItem().Code.ShouldBe("rules.floor-applies");
        RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Library(Sample.Floor).Packs).Error!.Code.ShouldBe("rules.vocabulary");
    }

    [Fact]
    public void A_mandatory_duty_that_cannot_be_accepted_voids_the_permit()
    {
        var request = Request(s_set, [.. s_read, ("breach.personal_data", "true"), ("breach.detected_at", "2026-11-18T00:00:00Z")]);
        s_set.Decide(request).IsPermit.ShouldBeTrue();
        s_set.Decide(request, s_set.Accepting([])).Ground.ShouldBe(Ground.DutyNotAccepted);
        s_set.Decide(request, s_set.Accepting(["notify"])).IsPermit.ShouldBeTrue();
        s_set.Explain(request, new(s_set.Accepting([]))).Decision.Ground.ShouldBe(Ground.DutyNotAccepted);
    }

    [Fact]
    public void A_duty_has_a_clock_and_says_when_it_is_late()
    {
        DutyAnswer Duty(string detected) => s_set.Explain(Request(s_set, [.. s_read, ("breach.personal_data", "true"), ("breach.detected_at", detected)])).Duties.ShouldHaveSingleItem();
        Duty("2026-11-20T00:00:00Z").ShouldSatisfyAllConditions(
            duty => duty.Due.ShouldBe(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)), duty => duty.IsLate.ShouldBeFalse(), duty => duty.IsUncertain.ShouldBeFalse());
        Duty("2026-11-17T16:00:00Z").IsLate.ShouldBeTrue("hour 80");
        var unknown = s_set.Explain(Request(s_set, s_read)).Duties.ShouldHaveSingleItem();
        (unknown.IsUncertain, unknown.Due).ShouldBe((true, null));
        s_set.Explain(Request(s_set, [.. s_read, ("breach.personal_data", "false")])).Duties.ShouldBeEmpty();
    }

    [Fact]
    public void A_derogation_suspends_its_rules_only_when_invoked_by_name_with_all_it_needs()
    {
        (string, string)[] invoked =
        [
            .. s_transfer, ("review.legal", "pending"), ("subject.age", "12"), ("derogation.rule", "HR-06"), ("derogation.reason", "urgent"), ("derogation.approver", "legal"),
            ("derogation.expiry", "2026-12-01T00:00:00Z"),
        ];
        Decide(invoked).IsPermit.ShouldBeTrue();
        var explanation = s_set.Explain(Request(s_set, invoked));
        explanation.Derogations.ShouldHaveSingleItem().Id.ShouldBe("HR-06");
        explanation.Packs.SelectMany(pack => pack.Rules).ShouldContain(answer => answer.Rule.Id == "HR-04" && answer.Role == RuleRole.Suspended);
        foreach (var (fact, value) in new[]
        {
            ("derogation.rule", "?"), ("derogation.rule", "HR-99"), ("derogation.reason", "?"), ("derogation.approver", "caseworker"), ("derogation.approver", "?"), ("derogation.expiry", "?"),
            ("derogation.expiry", "2026-11-20T00:00:00Z"), ("derogation.expiry", "2026-12-22T00:00:00Z"), ("subject.age", "?"), ("subject.age", "18"),
        })
        {
            Decide([.. invoked, (fact, value)]).Ground.ShouldBe(Ground.Unmet, $"{fact} {value}");
        }

        Decide([.. invoked, ("recipient.country", "SYR")]).Ground.ShouldBe(Ground.Prohibited, "a derogation reaches no rule that it does not name");
    }

    [Fact]
    public void A_listed_pack_that_is_absent_or_different_denies_what_it_covers()
    {
        var hash = Sample.Standard.Find("harbour")!.Hash;
        RulePackSet With(params ListedPack[] profile) => RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs, profile).Value;
        With(new ListedPack("harbour", hash)).Decide(Request(s_set, s_read)).IsPermit.ShouldBeTrue();
        With(new ListedPack("harbour", new string('0', 64))).Decide(Request(s_set, s_read)).Ground.ShouldBe(Ground.ProfileBroken);
        With(new ListedPack("gdpr", hash)).Explain(Request(s_set, s_read)).Decision.Ground.ShouldBe(Ground.ProfileBroken);
        var covers = new Dictionary<string, IReadOnlyList<string>> { ["action"] = ["transfer"] };
        With(new ListedPack("gdpr", hash, covers)).Decide(Request(s_set, s_read)).IsPermit.ShouldBeTrue();
        With(new ListedPack("gdpr", hash, covers)).Decide(Request(s_set, s_transfer)).Ground.ShouldBe(Ground.ProfileBroken);
    }

    [Fact]
    public void The_decision_alone_allocates_nothing()
    {
        var requests = new Requests(Sample.Standard, 7);
        var all = Enumerable.Range(0, 500).Select(_ =>
        {
            var facts = s_set.NewRequest();
            requests.Next(facts);
            return facts;
        }).ToArray();
        var accepted = s_set.Accepting(["notify"]);
        var permits = 0;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var facts in all)
            {
                permits += s_set.Decide(facts).IsPermit ? 1 : 0;
                permits += s_set.Decide(facts, accepted).IsPermit ? 1 : 0;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        }

        permits.ShouldBeGreaterThan(0);
    }

    private static RulePackSet Compiled(params string[] packs) => Sample.Library(packs) is var library ? RulePackSet.Compile(library.Vocabulary!, library.Packs).Value : null!;

    private static Decision Decide(params (string, string)[] facts) => s_set.Decide(Request(s_set, facts));
}
