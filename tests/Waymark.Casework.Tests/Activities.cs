using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Tests;

/// <summary>Brings a processing activity into force as an organisation does it: assessments by somebody who does not collect, and a second person for the start.</summary>
internal static class Activities
{
    public static CaseDesk Officer { get; } = new(new("dpo-1", "data-protection-officer", ["oversight/desk"], true, "key-dpo"), "oversight/desk", "supervision");

    public static CaseDesk Legal { get; } = new(new("legal-2", "legal-officer", ["legal/desk"], true, "key-legal-2"), "legal/desk", "supervision");

    /// <summary>Who is second within the officer's own unit.</summary>
    public static CaseDesk Deputy { get; } = new(new("dpo-2", "data-protection-officer", ["oversight/desk"], true, "key-dpo-2"), "oversight/desk", "supervision");

    public static async Task<RecordAddress> InForceAsync(Node node, IReadOnlyList<string> categories, string purpose = "family-tracing", string jurisdiction = "other")
    {
        var activity = await PlannedAsync(node, categories, purpose, jurisdiction);
        var sensitivity = await MadeAsync(node, "sensitivity-assessment", new()
        {
            ["activities/a/activity"] = Reference(activity),
            ["country"] = "moderate", ["country-why"] = "invented", ["situation"] = "stable", ["risk"] = "medium", ["subjects"] = "high", ["subjects-why"] = "invented", ["attitudes"] = "low", ["attitudes-why"] = "invented",
            ["harm"] = "moderate", ["harm-why"] = "invented", ["discrimination"] = "moderate", ["discrimination-why"] = "invented", ["endangers-life"] = "no", ["hard-to-obtain"] = "no",
            ["result"] = "moderate", ["safeguards"] = "access-control, encryption",
        });
        await ElsewhereAsync(node, sensitivity, "decide");
        var benefit = await MadeAsync(node, "risk-benefit", new()
        {
            ["activities/a/activity"] = Reference(activity),
            ["benefit"] = "invented", ["harms"] = "exposure", ["likelihood"] = "low", ["views"] = "invented", ["alternatives"] = "invented", ["safeguards"] = "invented", ["result"] = "benefit-greater",
        });
        await ElsewhereAsync(node, benefit, "find-greater");
        var impact = await MadeAsync(node, "dpia", new()
        {
            ["activities/a/activity"] = Reference(activity),
            ["description"] = "invented", ["necessity"] = "invented", ["risks"] = "invented", ["measures"] = "invented", ["people-asked"] = "invented", ["residual"] = "low",
            ["opinion"] = "agrees", ["opinion-text"] = "invented", ["review-on"] = "2027-06-01",
        });
        await StepAsync(node, Officer, impact, "ask-officer");
        await StepAsync(node, Deputy, impact, "opine");
        await StepAsync(node, Officer, impact, "decide");

        (await node.Cases.ChangeAsync(Officer, activity, new([new("sensitivity", 0, Reference(sensitivity)), new("risk-benefit", 0, Reference(benefit)), new("dpia", 0, Reference(impact))]), default)).IsOk.ShouldBeTrue();
        await StepAsync(node, Officer, activity, "plan");
        await StepAsync(node, Deputy, activity, "start");
        return activity;
    }

    /// <summary>An activity as it is entered, before anything was assessed.</summary>
    public static Task<RecordAddress> PlannedAsync(Node node, IReadOnlyList<string> categories, string purpose = "family-tracing", string jurisdiction = "other") =>
        MadeAsync(node, "processing-activity", new()
        {
            ["name"] = "Tracing (invented)", ["controller"] = "Harbour Relief (invented)", ["purpose"] = purpose, ["basis"] = "public-interest, vital-interest", ["subjects"] = "migrant-irregular",
            ["categories"] = string.Join(", ", categories), ["jurisdiction"] = jurisdiction, ["mandate"] = "yes", ["undertaking"] = "yes", ["retention"] = "ten years", ["controls"] = "access-control, need-to-know, encryption, integrity, backup, physical, audit, legal-safeguards",
            ["design"] = "by-design", ["notice"] = "told in the own language (invented)", ["risk"] = "not-high", ["automated"] = "no",
        });

    /// <summary>A transfer that the data-protection officer's deputy and the legal service agreed to, for one kind of recipient.</summary>
    public static async Task<RecordAddress> TransferReviewedAsync(Node node, string recipient, RecordAddress? request = null, string? agreement = null)
    {
        var review = await MadeAsync(node, "transfer-review", new()
        {
            ["request"] = request is null ? "" : Reference(request),
            ["recipient"] = recipient, ["recipient-name"] = "Harbour House (invented)", ["recipient-area"] = "CHE", ["recipient-law"] = "c108", ["purpose"] = "shelter (invented)", ["basis"] = "consent",
            ["fields"] = "identity, contact", ["necessity"] = "necessary", ["level"] = "safeguards", ["impact"] = "none", ["clauses"] = "purpose, categories, security, confidentiality, onward-transfer, written-guarantee, ownership",
            ["agreement-number"] = agreement ?? "", ["agreement-scope"] = agreement is null ? "" : "defined-flow, controller-named, covers-sensitivity", ["agreement-end"] = agreement is null ? "" : "2027-12-31",
            ["confidentiality"] = "yes", ["security"] = "yes", ["feared-harm-asked"] = "yes", ["dpo-view"] = "agreed (invented)", ["legal-view"] = "agreed (invented)",
        });
        await StepAsync(node, Officer, review, "request");
        await StepAsync(node, Deputy, review, "dpo-first");
        (await node.Cases.HandOverAsync(Officer, review, HandOverAct.Offer, Legal.Unit, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(Legal, review, HandOverAct.Accept, null, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(Officer, review, HandOverAct.Commit, null, default)).IsOk.ShouldBeTrue();
        await StepAsync(node, Legal, review, "legal-second");
        return review;
    }

    public static async Task<long> StateAsync(Node node, RecordAddress record, CaseDesk? desk = null)
    {
        var opened = await node.Cases.OpenAsync(desk ?? Officer, record, default);
        opened.IsOk.ShouldBeTrue($"{record.Register}: {opened.Error?.ToString() ?? string.Join('\n', opened.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
        return opened.Value!.Document.StateVersion;
    }

    /// <summary>Another unit decides: the record is handed over to it.</summary>
    private static async Task ElsewhereAsync(Node node, RecordAddress record, string step)
    {
        await StepAsync(node, Officer, record, "submit");
        (await node.Cases.HandOverAsync(Officer, record, HandOverAct.Offer, Legal.Unit, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(Legal, record, HandOverAct.Accept, null, default)).IsOk.ShouldBeTrue();
        (await node.Cases.HandOverAsync(Officer, record, HandOverAct.Commit, null, default)).IsOk.ShouldBeTrue();
        await StepAsync(node, Legal, record, step);
    }

    public static string Reference(RecordAddress record) => $"{{\"register\":\"{record.Register}\",\"id\":\"{record.Id}\"}}";

    private static async Task StepAsync(Node node, CaseDesk desk, RecordAddress record, string step)
    {
        var done = await node.Cases.StepAsync(desk, record, step, await StateAsync(node, record, desk), null, default);
        done.IsOk.ShouldBeTrue($"{record.Register} {step}: {done.Error?.ToString() ?? string.Join('\n', done.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
    }

    private static async Task<RecordAddress> MadeAsync(Node node, string register, Dictionary<string, string> values)
    {
        var made = await node.Cases.CreateAsync(Officer, new(register, null, values, []), default);
        made.IsOk.ShouldBeTrue($"{register}: {made.Error?.ToString() ?? string.Join('\n', made.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
        return made.Value!.Address;
    }
}
