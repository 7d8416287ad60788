using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Casework.Guards;
using Waymark.Matching.Contracts;
using Waymark.Packs;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;
using static Waymark.Casework.Tests.Traced;

namespace Waymark.Casework.Tests;

/// <summary>A step that waits for a decision goes on by a decision of the right register about this very record, and by nothing else that stands.</summary>
public sealed class DecisionGuardTests
{
    [Fact]
    public void Every_decision_that_a_register_asks_for_is_of_one_register_and_names_what_it_decides()
    {
        foreach (var plan in RepositoryPacks.Registers().All)
        {
            foreach (var guard in plan.Transitions.SelectMany(step => step.Guards).Where(guard => guard.Kind is GuardKind.Decision or GuardKind.Assessment))
            {
                guard.Field!.Target.ShouldNotBeNull($"{plan.Id}: {guard.Field.Path}");
                // Whether a technology is used hangs on an impact assessment of whatever it is used for; all else is decided about this very record.
                (guard.Names is not null).ShouldBe(guard.Field.Target != ReturnGates.Decisions && plan.Id != "technology", $"{plan.Id}: {guard.Field.Path}");
            }
        }

        var text = File.ReadAllText(Path.Combine(RepositoryPacks.Folder, "registers", "tracing.yaml")).Replace("id: tracing\n", "id: edited\n", StringComparison.Ordinal);
        foreach (var (from, to, fault) in new[]
        {
            ("type: reference, register: match, en: confirmed", "type: reference, en: confirmed", "register.guard-register"), ("names: request, en: Two", "names: answers, en: Two", "register.guard-names"),
            ("field: match-decision, names: request,", "field: match-decision,", "pack.missing-field"), ("names: request, en: Two", "names: request, states: [refuted], en: Two", "register.guard-names"),
        })
        {
            var edited = PackLibrary.Load([RepositoryPacks.Node(HarbourRules.Permitting("read"), text.Replace(from, to, StringComparison.Ordinal))]);
            edited.Errors.Concat(RegisterLibrary.Read(edited.Library, null).Errors).ShouldContain(error => error.ToString().Contains(fault, StringComparison.Ordinal), to);
        }
    }

    [Fact]
    public async Task An_activity_begins_on_assessments_that_were_decided_for_it_and_on_no_others__R09_R10()
    {
        await using var node = await OpenAsync();
        var assessed = await Activities.InForceAsync(node, ["identity"]);
        var fields = Ok(await node.Cases.OpenAsync(Activities.Officer, assessed, default)).Document.Fields;
        string Of(string path) => fields[path].Claims[0].Value.Json;
        var other = await Activities.PlannedAsync(node, ["identity"]);
        Ok(await node.Cases.ChangeAsync(Activities.Officer, other, new([new("sensitivity", 0, Of("sensitivity")), new("risk-benefit", 0, Of("risk-benefit")), new("dpia", 0, Of("dpia"))]), default));
        Ok(await StepAsync(node, Activities.Officer, other, "plan"));
        foreach (var step in (string[])["start", "start-high-risk"])
        {
            (await StepAsync(node, Activities.Deputy, other, step)).Error.ShouldNotBeNull("assessed for another activity").Code.ShouldBe("step.assessment");
        }

        // Named afterwards it was decided by nobody.
        var sensitivity = new RecordAddress("sensitivity-assessment", fields["sensitivity"].Claims[0].Value.Member("id")!);
        Ok(await node.Cases.ChangeAsync(Activities.Legal, sensitivity, new([new("activities/b/activity", 0, Activities.Reference(other))]), default));
        (await StepAsync(node, Activities.Deputy, other, "start")).Error.ShouldNotBeNull().Code.ShouldBe("step.assessment");
    }

    [Fact]
    public async Task A_confirmed_match_opens_the_record_it_is_about_and_no_other__M69()
    {
        await using var node = await OpenAsync();
        var (request, _, found, _) = await SearchedAsync(node);
        var id = await CandidateAsync(node, request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        await AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        var desk = Desk(South);
        var stranger = Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Leila Xanova" }, [], RecordPartition.Missing), default)).Address;
        var other = Ok(await node.Cases.CreateAsync(desk, new("found-person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult", ["barred"] = "clear", ["match-decision"] = id }, [("found", stranger.Id)]), default)).Address;
        (await StepAsync(node, desk, other, "check")).Error.ShouldNotBeNull("two reviewers said who somebody else is").Code.ShouldBe("step.decision");
        Ok(await node.Cases.OpenAsync(desk, found, default)).Document.One("match-decision")!.Value.Member("id").ShouldBe(id);
        Ok(await node.Cases.ChangeAsync(desk, found, new([new("barred", 0, "clear")]), default));
        Ok(await StepAsync(node, desk, found, "check")).State.ShouldBe("checked");
    }

    [Fact]
    public async Task An_identification_is_decided_elsewhere_for_one_case_and_says_one_of_two_things__S105()
    {
        await using var node = await OpenAsync();
        var (desk, elsewhere) = (Desk(purpose: "victim-support"), Desk(South, "victim-support"));
        var (one, other) = (await VictimAsync("Xiomara Quell"), await VictimAsync("Xenia Quill"));
        var ofOther = await DecidedAsync(other.Case, other.Person, "identified", "identify");
        await NameAsync(ofOther);
        (await StepAsync(node, desk, one.Case, "identify")).Error.ShouldNotBeNull("decided for another case").Code.ShouldBe("step.decision");
        await NameAsync(await DecidedAsync(one.Case, one.Person, "not-identified", "not-identify"));
        (await StepAsync(node, desk, one.Case, "identify")).Error.ShouldNotBeNull("the decision says the contrary").Code.ShouldBe("step.decision");
        await NameAsync(await DecidedAsync(one.Case, one.Person, "identified", "identify"));
        // The decision stands; the step itself still asks for a second person.
        (await StepAsync(node, desk, one.Case, "identify")).Error.ShouldNotBeNull().Code.ShouldBe("step.second-person");
        Ok(await StepAsync(node, Desk(Colleague, "victim-support"), one.Case, "identify")).State.ShouldBe("identified");

        async Task<(RecordAddress Case, string Person)> VictimAsync(string name)
        {
            var person = Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = name }, [], RecordPartition.Victim), default)).Address;
            (await node.Consents.RecordAsync(new(person.Id, "victim-support", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "es", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
            var made = Ok(await node.Cases.CreateAsync(desk, new("trafficking-victim", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult", ["act"] = "recruitment", ["exploitation-purpose"] = "forced-labour" }, [("survivor", person.Id)]), default)).Address;
            Ok(await StepAsync(node, desk, made, "open-adult"));
            return (made, person.Id);
        }

        async Task<RecordAddress> DecidedAsync(RecordAddress about, string person, string finding, string step)
        {
            var made = Ok(await node.Cases.CreateAsync(desk, new("identification", null, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["case"] = about.Id, ["authority"] = "National referral point (invented)", ["heard-on"] = "2026-05-20", ["heard-how"] = "Spanish, with counsel (invented)", ["signs"] = "Her passport was kept. (invented)",
                ["finding"] = finding, ["reasons"] = "What she says fits what was seen. (invented)", ["review-told"] = "yes",
            }, [("survivor", person)]), default)).Address;
            Ok(await StepAsync(node, desk, made, "submit"));
            Ok(await node.Cases.HandOverAsync(desk, made, HandOverAct.Offer, elsewhere.Unit, default));
            Ok(await node.Cases.HandOverAsync(elsewhere, made, HandOverAct.Accept, null, default));
            Ok(await node.Cases.HandOverAsync(desk, made, HandOverAct.Commit, null, default));
            Ok(await StepAsync(node, elsewhere, made, step));
            return made;
        }

        async Task NameAsync(RecordAddress decision)
        {
            var seen = Ok(await node.Cases.OpenAsync(desk, one.Case, default)).Document.Fields.GetValueOrDefault("identification")?.Version ?? 0;
            Ok(await node.Cases.ChangeAsync(desk, one.Case, new([new("identification", seen, decision.Id)]), default));
        }
    }

    private static async Task<CaseAnswer<Changed>> StepAsync(Node node, CaseDesk desk, RecordAddress record, string step) =>
        await node.Cases.StepAsync(desk, record, step, Ok(await node.Cases.OpenAsync(desk, record, default)).Document.StateVersion, null, default);
}
