using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>An answer to a person, its refusal and the report of a breach are asked of the gate as what they are: rules on them are heard, and the instruments as they ship let lawful ones pass.</summary>
public sealed class AnswerRuleTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["privacy"], true, "key-dpo");
    private static readonly CaseDesk s_desk = new(s_officer, "privacy", "supervision");
    private static readonly CaseDesk s_other = new(new("dpo-2", "data-protection-officer", ["oversight/data"], true, "key-dpo-2"), "oversight/data", "supervision");

    private const string Rules = """

          - id: HR-02
            modality: prohibit
            scope: {action: [answer-request]}
            when: request.type = access
            cites: [{article: "2", status: unverified, basis: general}]
            topic: access
            en: Access waits for the new form.
            zh: 查阅须等待新表格。
          - id: HR-03
            modality: prohibit
            scope: {action: [refuse-request]}
            when: request.abusive = obstructive or not request.tests_recorded
            cites: [{article: "3", status: unverified, basis: general}]
            topic: access
            en: Nobody is refused as obstructive.
            zh: 不得以妨碍为由拒绝。
          - id: HR-04
            modality: prohibit
            scope: {action: [report-breach]}
            when: breach.telling_dangerous
            cites: [{article: "4", status: unverified, basis: general}]
            topic: breach
            en: Who stays untold is decided elsewhere.
            zh: 是否不告知由他处决定。

        """;

    [Fact]
    public async Task A_rule_on_answers_stops_the_answer_and_its_copy_and_the_neighbour_passes__M31()
    {
        await using var node = await OpenAsync(rules: Rules);
        var access = await InWorkAsync(node, "access");
        Told(await node.Cases.KeptAsync(s_desk, access, default)).ShouldContain("Access waits for the new form.");
        Told(await GrantAsync(node, access)).ShouldContain("Access waits for the new form.");
        Ok(await node.Cases.OpenAsync(s_desk, access, default)).Document.State.ShouldBe("in-work");
        Ok(await GrantAsync(node, await InWorkAsync(node, "correction"))).State.ShouldBe("answered");
    }

    [Fact]
    public async Task A_rule_on_refusals_stops_one_ground_and_another_passes__M85()
    {
        await using var node = await OpenAsync(rules: Rules);
        Told(await RefuseAsync(node, await InWorkAsync(node, "erasure"), "obstructive")).ShouldContain("Nobody is refused as obstructive.");
        Ok(await RefuseAsync(node, await InWorkAsync(node, "erasure"), "fraudulent")).State.ShouldBe("refused");
    }

    [Fact]
    public async Task An_answer_goes_by_a_channel_that_the_person_called_safe_or_by_hand__F10_M31()
    {
        await using var node = await OpenAsync();
        var request = await InWorkAsync(node, "correction");
        (await GrantAsync(node, request, "set-by-person")).Refusal.ShouldNotBeNull("the person set no channel");
        var reached = await InWorkAsync(node, "correction");
        await node.SafeAsync(new("person", Ok(await node.Cases.OpenAsync(s_desk, reached, default)).Document.Persons[0].Person, RecordPartition.General), s_desk);
        Ok(await GrantAsync(node, reached, "set-by-person")).State.ShouldBe("answered");
    }

    [Fact]
    public async Task A_rule_on_breaches_hears_what_people_are_told_and_a_breach_that_names_nobody_passes__S198()
    {
        await using var node = await OpenAsync(rules: Rules);
        var untold = await ContainedAsync(node, "telling-dangerous");
        Told(await StepAsync(node, untold, "assess")).ShouldContain("Who stays untold is decided elsewhere.");
        await ReportedAsync(node, await ContainedAsync(node, "told"));
    }

    [Theory]
    [InlineData("icrc", "other")]
    [InlineData("ministry", "eu")]
    public async Task The_instruments_as_they_ship_let_a_lawful_answer_and_the_report_of_a_breach_pass__M31_S198(string controller, string law)
    {
        await using var node = await OpenWithInstrumentsAsync(controller, profile: controller == "ministry" ? "authority" : "humanitarian");
        var fields = node.Cases.Registers.Find("subject-request")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "supervision", law);
        var request = await InWorkAsync(node, "access");
        Ok(await node.Cases.KeptAsync(s_desk, request, default)).Records.ShouldNotBeEmpty();
        Ok(await GrantAsync(node, request)).State.ShouldBe("answered");
        var duties = await ReportedAsync(node, await ContainedAsync(node, "told"));
        duties.ShouldContain(controller == "icrc" ? "ICRC-15" : "GDPR-19", "the rules on breaches were heard");
    }

    private static async Task<RecordAddress> InWorkAsync(Node node, string right)
    {
        var desk = s_desk with { Facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["notice.given"] = ["true"] } };
        var person = Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Bahati Mwangi" }, [], RecordPartition.General), default)).Address;
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = right, ["identity"] = "verified", ["received-on"] = "2026-05-30" };
        var request = Ok(await node.Cases.CreateAsync(desk, new("subject-request", null, values, [("asker", person.Id)]), default)).Address;
        Ok(await StepAsync(node, request, "identify"));
        Ok(await StepAsync(node, request, "begin"));
        return request;
    }

    private static async Task<CaseAnswer<Changed>> GrantAsync(Node node, RecordAddress request, string channel = "by-hand")
    {
        await FillAsync(node, request, ("third-persons-masked", "yes"), ("outcome", "granted"), ("channel", channel), ("answer", "invented"));
        return await StepAsync(node, request, "grant");
    }

    private static async Task<CaseAnswer<Changed>> RefuseAsync(Node node, RecordAddress request, string ground)
    {
        await FillAsync(node, request, ("ground", ground), ("test-" + ground, "invented"), ("proportionate", "yes"), ("answer", "invented"), ("review-told", "yes"));
        (await node.Cases.HandOverAsync(s_desk, request, HandOverAct.Offer, s_other.Unit, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(s_other, request, HandOverAct.Accept, null, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(s_desk, request, HandOverAct.Commit, null, default)).IsOk.ShouldBeTrue();
        return await node.Cases.StepAsync(s_other, request, "refuse-" + ground, Ok(await node.Cases.OpenAsync(s_other, request, default)).Document.StateVersion, null, default);
    }

    private static async Task<RecordAddress> ContainedAsync(Node node, string people)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["detected-at"] = "2026-05-31", ["kind"] = "confidentiality", ["contained"] = "invented", ["personal-data"] = "yes", ["categories"] = "contact", ["persons"] = "14", ["harm"] = "likely", ["authority-told-on"] = "2026-06-01", ["people"] = people,
        };
        var breach = Ok(await node.Cases.CreateAsync(s_desk, new("breach", null, values, []), default)).Address;
        Ok(await StepAsync(node, breach, "contain"));
        return breach;
    }

    private static async Task<IReadOnlyList<string>> ReportedAsync(Node node, RecordAddress breach)
    {
        var assessed = await StepAsync(node, breach, "assess");
        Ok(assessed);
        Ok(await StepAsync(node, breach, "notify"));
        Ok(await StepAsync(node, breach, "tell")).State.ShouldBe("told");
        return [.. assessed.Duties.Select(duty => duty.Rule)];
    }

    private static async Task FillAsync(Node node, RecordAddress record, params (string Path, string Value)[] values)
    {
        var fields = Ok(await node.Cases.OpenAsync(s_desk, record, default)).Document.Fields;
        Ok(await node.Cases.ChangeAsync(s_desk, record, new([.. values.Select(value => new FieldEntry(value.Path, fields.GetValueOrDefault(value.Path)?.Version ?? 0, value.Value))]), default));
    }

    private static async Task<CaseAnswer<Changed>> StepAsync(Node node, RecordAddress record, string step) =>
        await node.Cases.StepAsync(s_desk, record, step, Ok(await node.Cases.OpenAsync(s_desk, record, default)).Document.StateVersion, null, default);

    private static string Told<T>(CaseAnswer<T> answer) where T : class => string.Join('\n', answer.Refusal.ShouldNotBeNull(answer.Error?.ToString()).Reasons.Select(reason => reason.In("en")));
}
