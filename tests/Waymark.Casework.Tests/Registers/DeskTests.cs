using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests.Registers;

/// <summary>The registers of data protection: what has to be assessed, agreed or written down comes before the act, on every path.</summary>
public sealed class DeskTests
{
    private static readonly string[] s_desk = ["processing-activity", "sensitivity-assessment", "risk-benefit", "dpia", "technology", "transfer-review", "breach",
        "subject-request", "review-case", "legal-hold"];

    private static RegisterLibrary All { get; } = RepositoryPacks.Registers();

    private static RegisterPlan Plan(string id) => All.Find(id) ?? throw new InvalidOperationException(id);

    [Fact]
    public void The_desk_loads_on_every_kind_of_node__S196_S215()
    {
        foreach (var profile in Enum.GetValues<NodeProfile>())
        {
            RepositoryPacks.Registers(profile).All.Select(plan => plan.Id).Intersect(s_desk).Count().ShouldBe(s_desk.Length, $"{profile}");
        }

        s_desk.Select(Plan).ShouldAllBe(plan => plan.Class == "accountability" && plan.Partition.ToString() == "General");
    }

    [Theory]
    [InlineData("sensitivity")]
    [InlineData("risk-benefit")]
    public void Nothing_is_collected_before_the_assessment_is_decided__R09_R10(string field)
    {
        Shut("processing-activity", step => step.Guards.Any(guard => guard.Kind == GuardKind.Assessment && guard.Field!.Path == field)).ShouldNotContain("active");
        Open("processing-activity").ShouldContain("active");
    }

    [Fact]
    public void High_risk_collects_only_after_an_impact_assessment__S198()
    {
        Shut("processing-activity", step => step.Guards.Any(guard => guard.Kind == GuardKind.Assessment && guard.Field!.Path == "dpia") || Reads(step, "risk"))
            .ShouldNotContain("active");
        Plan("processing-activity").Transitions.Where(step => step.Id.StartsWith("start", StringComparison.Ordinal)).All(step => Reads(step, "automated")).ShouldBeTrue();
    }

    [Fact]
    public void A_sensitivity_assessment_has_five_factors_each_with_reasons_and_another_unit_decides__R08_R09()
    {
        var plan = Plan("sensitivity-assessment");
        string[] factors = ["country", "subjects", "attitudes", "harm", "discrimination"];
        plan.Transition("submit")!.Requires.Select(field => field.Path).ShouldBe(
            [.. factors.SelectMany(factor => new[] { factor, factor + "-why" }), "endangers-life", "hard-to-obtain"]);
        Shut("sensitivity-assessment", step => step.Guards.Any(guard => guard is { Kind: GuardKind.SecondPerson, IsOtherUnit: true })).ShouldNotContain("decided");
        Shut("risk-benefit", step => Reads(step, "result")).ShouldNotContain("benefit-greater");
    }

    [Fact]
    public void A_transfer_needs_the_data_protection_officer_and_the_legal_service__R20_S200()
    {
        foreach (var role in new[] { "data-protection-officer", "legal-officer" })
        {
            Shut("transfer-review", step => step.Guards.Any(guard => guard.Kind == GuardKind.Role && guard.Roles.SequenceEqual([role]))).ShouldNotContain("approved");
        }

        Shut("transfer-review", step => step.Guards.Any(guard => guard.Kind == GuardKind.SecondPerson)).ShouldNotContain("approved");
        Open("transfer-review").ShouldContain("done");
    }

    [Fact]
    public void A_breach_has_its_clocks_and_nobody_is_left_untold_by_default__S198()
    {
        var plan = Plan("breach");
        plan.Clocks.ShouldContain(clock => clock.Hours == 72 && clock.FromField != null && clock.FromField.Path == "detected-at");
        Shut("breach", step => Reads(step, "people")).ShouldNotContain("closed");
        Shut("breach", step => step.Requires.Any(field => field.Path == "lesson")).ShouldNotContain("closed");
    }

    [Fact]
    public void A_request_is_refused_on_three_grounds_only_each_with_its_test_by_two__R21_M85()
    {
        var plan = Plan("subject-request");
        plan.CodeLists["right"].Codes.Select(code => code.Id).ShouldBe(["access", "correction", "erasure", "objection", "assertion"]);
        plan.CodeLists["ground"].Codes.Select(code => code.Id).ShouldBe(["abusive", "fraudulent", "obstructive"]);
        var refusals = plan.Transitions.Where(step => plan.States[step.To].Id == "refused").ToList();
        refusals.Select(step => step.Requires.Single(field => field.Path.StartsWith("test-", StringComparison.Ordinal)).Path)
            .ShouldBe(["test-abusive", "test-fraudulent", "test-obstructive"]);
        refusals.All(step => Reads(step, "ground") && Reads(step, "review-told") && step.Guards.Any(guard => guard.Kind == GuardKind.SecondPerson)).ShouldBeTrue();
        // Who could not be identified and who waits read the same word.
        plan.State("not-identified")!.Outward.ShouldBe(plan.State("received")!.Outward);
    }

    [Fact]
    public void A_committee_without_outside_member_quorum_or_declared_conflicts_decides_nothing__R24()
    {
        foreach (var kind in new[] { GuardKind.Bench, GuardKind.Uninvolved })
        {
            Shut("review-case", step => step.Guards.Any(guard => guard.Kind == kind)).Intersect(["decided", "agreed"]).ShouldBeEmpty();
        }

        Open("review-case").Intersect(["remedied", "agreed"]).Count().ShouldBe(2);
    }

    [Fact]
    public void Technology_and_holds_end__S210_M86()
    {
        Shut("technology", step => Reads(step, "sunset")).ShouldNotContain("approved");
        Shut("legal-hold", step => Reads(step, "until")).ShouldNotContain("active");
        Shut("legal-hold", step => step.Guards.Any(guard => guard.Kind == GuardKind.Times) || step.Guards.Any(guard => guard.Kind == GuardKind.Decision)).ShouldNotContain("active");
    }

    [Fact]
    public void The_crosswalk_names_what_there_is_and_covers_all_three_frameworks__S215()
    {
        var rows = RepositoryPacks.Library.Find("codelists", "data-protection")!.Rows("crosswalk.csv").ToList();
        foreach (var row in rows)
        {
            var plan = All.Find(row["register"]).ShouldNotBeNull(row.Where("register"));
            (row["place"].Length == 0 || plan.Field(row["place"]) is not null || plan.Transition(row["place"]) is not null
                || plan.Clocks.Any(clock => clock.Id == row["place"])).ShouldBeTrue(row.Where("place"));
            row["status"].ShouldBe("unverified", "wording of articles is compared by a lawyer before it says otherwise");
        }

        foreach (var framework in new[] { "IASC", "C108+", "GDPR" })
        {
            rows.Where(row => row["framework"] == framework).Select(row => row["register"]).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8, framework);
        }

        s_desk.Except(rows.Select(row => row["register"])).ShouldBeEmpty();
    }

    private static IReadOnlySet<string> Shut(string id, Func<TransitionPlan, bool> closed) => Paths.Reachable(Plan(id), closed);

    private static IReadOnlySet<string> Open(string id) => Paths.Reachable(Plan(id), _ => false);

    private static bool Reads(TransitionPlan step, string fact) => step.Guards.Any(guard => guard.Condition?.Facts.Any(read => read.Id == fact) ?? false);
}
