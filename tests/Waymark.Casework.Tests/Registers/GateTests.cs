using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests.Registers;

/// <summary>
/// No path of a register leads round its gates: every path by exploring the machine with the gate shut, and random walks in which fields, consents,
/// decisions and people change between the steps, judged by an oracle that does not read the guards.
/// </summary>
public sealed class GateTests
{
    private const int Walks = 400;
    private const int Length = 120;

    private static readonly string[] s_beyond = ["cleared", "identity", "document", "travel-arranged", "departed"];

    private static RegisterPlan Plan(string id) => RepositoryPacks.Registers().Find(id) ?? throw new InvalidOperationException(id);

    [Theory]
    [InlineData("non-refoulement-decision")]
    [InlineData("best-interest-decision")]
    public void No_path_leads_to_travel_without_the_decision__M19_M21(string field)
    {
        bool Asks(TransitionPlan step) => step.Guards.Any(guard => guard.Kind == GuardKind.Decision && guard.Field!.Path == field && guard.Days is <= 30);
        var plan = Plan("return");
        Paths.Reachable(plan, Asks).Intersect(s_beyond).ShouldBeEmpty();
        Paths.Reachable(plan, _ => false).Intersect(s_beyond).Count().ShouldBe(s_beyond.Length, "the lawful way is open");
        plan.Transitions.Where(step => s_beyond.Contains(plan.States[step.To].Id)).All(step => step.Action == "return-step").ShouldBeTrue();
        // Asked again at every step up to departure, not once at the gate.
        plan.Transitions.Where(step => s_beyond.Contains(plan.States[step.To].Id)).All(Asks).ShouldBeTrue();
    }

    [Theory]
    [InlineData("chain-refoulement")]
    [InlineData("appeal")]
    [InlineData("family-unity")]
    [InlineData("fit-to-travel")]
    [InlineData("non-refoulement")]
    [InlineData("best-interest")]
    public void No_path_leads_to_travel_unless_it_was_asked__R70_R74(string fact)
    {
        var plan = Plan("return");
        Paths.Reachable(plan, step => step.Guards.Any(guard => Reads(guard, fact))).Intersect(s_beyond).ShouldBeEmpty();
    }

    [Fact]
    public void A_return_without_its_guard_is_found__M19()
    {
        var text = string.Join('\n', File.ReadAllLines(Path.Combine(RepositoryPacks.Folder, "registers", "return", "pack.yaml"))
            .Where(line => !line.Contains("samples.csv", StringComparison.Ordinal) && line != "files:")).Replace("id: return\n", "id: edited\n", StringComparison.Ordinal);
        var guard = text.Split('\n').First(line => line.Contains("field: non-refoulement-decision, days: 30", StringComparison.Ordinal));
        var steps = text.Split("  - id: arrange-ordered\n");
        var (plan, _) = RepositoryPacks.Written(text.Replace(steps[1], steps[1][..steps[1].IndexOf(guard, StringComparison.Ordinal)]
            + steps[1][(steps[1].IndexOf(guard, StringComparison.Ordinal) + guard.Length + 1)..], StringComparison.Ordinal)
            .Replace("from: [document]\n    to: travel-arranged", "from: [counselled, document]\n    to: travel-arranged", StringComparison.Ordinal));
        plan.ShouldNotBeNull();
        Paths.Reachable(plan, step => step.Guards.Any(found => found.Kind == GuardKind.Decision && found.Field!.Path == "non-refoulement-decision"))
            .ShouldContain("travel-arranged");
    }

    [Fact]
    public void Whatever_changes_between_the_steps_nobody_travels_without_both_decisions__M19_M24()
    {
        var plan = Plan("return");
        var departed = 0;
        for (var seed = 0; seed < Walks; seed++)
        {
            foreach (var (step, before, context) in Paths.Walk(plan, seed, Length))
            {
                if (s_beyond.Contains(plan.States[step.To].Id))
                {
                    departed += plan.States[step.To].Id == "departed" ? 1 : 0;
                    Stands(before, context, "non-refoulement-decision").ShouldBeTrue(step.Id);
                    Stands(before, context, "best-interest-decision").ShouldBeTrue(step.Id);
                    Code(before, "non-refoulement").ShouldBe("risk-excluded");
                    Code(before, "best-interest").ShouldBeOneOf("in-interest", "no-child-concerned");
                    Code(before, "chain-refoulement").ShouldBe("excluded");
                    Code(before, "appeal").ShouldBeOneOf("none-open", "decided-against");
                }

                if (step.Id is "pass-voluntary" or "pass-ordered" or "arrange-voluntary" or "arrange-ordered")
                {
                    context.Account.ShouldNotBe(before.SteppedBy, "the unit that wants the return does not decide");
                }
            }
        }

        departed.ShouldBeGreaterThan(5, "walks that never depart would prove nothing");
    }

    [Fact]
    public void Who_may_be_returned_may_always_be_stopped_and_a_stop_leads_on__S156()
    {
        var plan = Plan("return");
        foreach (var state in plan.States.Where(state => state.Id is "application" or "counselled" or "cleared" or "identity" or "document" or "travel-arranged"))
        {
            plan.From[state.Index].ShouldContain(step => step.Id == "stop" && step.Guards.Count == 0, state.Id);
        }

        plan.From[plan.State("stopped")!.Index].Select(step => plan.States[step.To].Id).ShouldBe(["pathway", "application"], ignoreOrder: true);
    }

    [Fact]
    public void Who_went_back_is_asked_only_with_consent_and_by_no_authority__M25()
    {
        var plan = Plan("reintegration");
        plan.Profiles.ShouldBe([NodeProfile.Humanitarian]);
        Paths.Reachable(plan, step => step.Guards.Any(guard => guard.Kind == GuardKind.Consent)).ShouldNotContain("agreed");
        plan.Transition("ask")!.Guards.ShouldContain(guard => guard.Kind == GuardKind.Consent && guard.Purpose == "reintegration");
        plan.Transitions.ShouldAllBe(step => step.Recipient == "none");
    }

    [Fact]
    public void No_referral_leaves_without_consent_to_that_recipient__R12_M13()
    {
        var plan = Plan("referral");
        Paths.Reachable(plan, step => step.Guards.Any(guard => guard.Kind == GuardKind.Consent)).ShouldNotContain("requested");
        plan.Transitions.Where(step => step.Action == "refer").ShouldAllBe(step => step.Guards.Any(guard => guard.Kind == GuardKind.Consent && guard.Recipient == step.Recipient));
        var sent = 0;
        for (var seed = 0; seed < Walks; seed++)
        {
            foreach (var (step, before, context) in Paths.Walk(plan, seed, Length).Where(taken => taken.Step.Action == "refer"))
            {
                sent++;
                context.Consents.ShouldContain($"referred:protection:{step.Recipient}");
            }
        }

        sent.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void No_child_is_referred_without_an_assessment_of_best_interests__F4()
    {
        var plan = Plan("referral");
        Paths.Reachable(plan, step => step.Guards.Any(guard => guard.Kind == GuardKind.Assessment) || step.Id == "check-adult").ShouldNotContain("ready");
        plan.Transition("check-adult")!.Guards.ShouldContain(guard => Reads(guard, "age"));
    }

    [Fact]
    public void No_words_of_a_victim_reach_police_without_consent_reflection_and_own_wish__F3_S106()
    {
        var plan = Plan("trafficking-victim");
        foreach (var gate in new Func<GuardPlan, bool>[] { guard => guard is { Kind: GuardKind.Consent, Purpose: "prosecution", Recipient: "law-enforcement" },
            guard => Reads(guard, "reflection-until"), guard => Reads(guard, "cooperation"), guard => guard is { Kind: GuardKind.SecondPerson, IsOtherUnit: true } })
        {
            Paths.Reachable(plan, step => step.Guards.Any(gate)).ShouldNotContain("justice");
        }

        var passed = 0;
        for (var seed = 0; seed < Walks; seed++)
        {
            foreach (var (_, before, context) in Paths.Walk(plan, seed, Length).Where(taken => taken.Step.IsJustice))
            {
                passed++;
                context.Consents.ShouldContain("survivor:prosecution:law-enforcement");
                Code(before, "cooperation").ShouldBe("wishes");
                string.CompareOrdinal(before.One("reflection-until")!.Value.Text, "2026-01-15").ShouldBeLessThan(0);
                context.Account.ShouldNotBe(before.SteppedBy);
            }
        }

        passed.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Turning_cooperation_over_changes_no_step_but_the_way_to_justice__M29()
    {
        var seen = 0;
        foreach (var plan in RepositoryPacks.Registers().All.Where(plan => plan.Fields.Any(field => field.IsCooperation)))
        {
            var field = plan.Fields.First(field => field.IsCooperation);
            // Half the walks are struck early; twice as many reach as far.
            for (var seed = 0; seed < 200; seed++)
            {
                foreach (var (_, before, context) in Paths.Walk(plan, seed, 40))
                {
                    foreach (var code in field.Codes!.Codes)
                    {
                        var turned = before with { Fields = before.Fields.Where(pair => pair.Key != field.Path).Append(new(field.Path,
                            new(1, [new("c", ValueReader.Read(field, code.Id).Value, "worker-0", Paths.Now)]))).ToDictionary(StringComparer.Ordinal) };
                        foreach (var step in plan.From[plan.State(before.State)!.Index].Where(step => !step.IsJustice))
                        {
                            seen++;
                            var (after, asWas) = (Steps.Check(plan, turned, step, context)?.Code, Steps.Check(plan, before, step, context)?.Code);
                            after.ShouldBe(asWas, step.Id);
                        }
                    }
                }
            }

            plan.Transitions.Where(step => step.Action == "serve").ShouldAllBe(step => step.Guards.Count == 0);
        }

        seen.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void No_request_leaves_without_basis_checks_and_two_persons__R58_R60_M10()
    {
        var plan = Plan("assistance-request");
        string[] outside = ["submitted", "answered", "partly-answered"];
        foreach (var fact in new[] { "matter", "refugee-check", "feared-harm", "rights-risk", "victim-data" })
        {
            plan.Transitions.Where(step => step.Action == "transfer").ShouldAllBe(step => step.Guards.Any(guard => Reads(guard, fact)), fact);
            Paths.Reachable(plan, step => step.Guards.Any(guard => Reads(guard, fact))).ShouldNotContain("submitted");
        }

        for (var seed = 0; seed < Walks; seed++)
        {
            foreach (var (step, before, context) in Paths.Walk(plan, seed, Length).Where(taken => taken.Step.Action == "transfer"))
            {
                Code(before, "matter").ShouldBe("ordinary");
                Code(before, "refugee-check").ShouldBe("nothing-known");
                Code(before, "feared-harm").ShouldBe("nothing-known");
                before.One("victim-data")!.Value.Text.ShouldBe("no");
                context.Account.ShouldNotBe(before.SteppedBy);
                outside.ShouldContain(plan.States[step.To].Id);
            }
        }

        // Whatever the reason, the other side reads one word.
        plan.State("refused")!.Outward!.In("en").ShouldBe("not possible");
        plan.Field("refusal-own")!.Sensitivity.ShouldBe(Sensitivity.Severe);
    }

    [Fact]
    public void Nothing_goes_out_of_any_register_without_a_guard()
    {
        foreach (var plan in RepositoryPacks.Registers().All)
        {
            plan.Transitions.Where(step => step.Recipient != "none").ShouldAllBe(step => step.Guards.Count > 0, plan.Id);
            plan.Transitions.Where(step => step.Recipient is "law-enforcement" or "prosecution" or "immigration-enforcement" or "national-central-bureau")
                .ShouldAllBe(step => step.IsJustice || plan.Class == "enforcement", plan.Id);
        }
    }

    private static bool Reads(GuardPlan guard, string fact) => guard.Condition?.Facts.Any(read => read.Id == fact) ?? false;

    private static string? Code(RecordDocument record, string field) => record.One(field)?.Value.Member("code");

    private static bool Stands(RecordDocument record, StepContext context, string field) => record.One(field) is not null
        && context.Standing.Any(made => made.Key.Field!.Path == field && Paths.Now - made.Value <= TimeSpan.FromDays(30));
}
