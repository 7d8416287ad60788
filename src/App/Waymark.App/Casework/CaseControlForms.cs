using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Model;

namespace Waymark.App.Casework;

/// <summary>What the people of a case chose, which unit controls it, who may know of it and what it is linked to: the forms of a case page beside its fields.</summary>
public static class CaseControlForms
{
    public static void MapCaseControl(this RouteGroupBuilder cases)
    {
        cases.MapPost("/{register}/{id}/consents", (string register, string id, CaseForm form) => form.DoAsync(register, id, "consent.recorded", (engine, desk, record) => ConsentAsync(form, engine, desk, record)));
        cases.MapPost("/{register}/{id}/consents/withdraw", (string register, string id, CaseForm form) => form.DoAsync(register, id, "consent.was-withdrawn", (engine, desk, record) =>
            engine is ICaseConsents consents ? consents.WithdrawConsentAsync(desk, record, form.Text("person", 32) ?? "", form.Text("for", 64), form.Aborted) : Unknown()));
        cases.MapPost("/{register}/{id}/hand-over", (string register, string id, CaseForm form) => form.DoAsync(register, id, "control." + (Act(form) is { } act ? Waymark.Packs.Words.Of(act) : "none") + "-done",
            Act(form) == HandOverAct.Commit ? "/cases/" + Uri.EscapeDataString(register) : null,
            (engine, desk, record) => Act(form) is { } chosen ? engine.HandOverAsync(desk, record, chosen, form.Text("to", 64), form.Aborted) : Unknown()));
        cases.MapPost("/{register}/{id}/named", (string register, string id, CaseForm form) => form.DoAsync(register, id, "named.done", (engine, desk, record) =>
            engine.RestrictAsync(desk, record, form.All("account"), form.Aborted)));
        cases.MapPost("/{register}/{id}/link", (string register, string id, CaseForm form) => form.DoAsync(register, id, "link.done", (engine, desk, record) =>
            engine is ILinks links ? links.LinkAsync(desk, record, form.Text("c:link", 64) ?? "", form.Text("c:reference", 20) ?? "", form.Text("c:visible", 10) ?? "", form.Aborted) : Unknown()));
        cases.MapPost("/{register}/{id}/unlink", (string register, string id, CaseForm form) => form.DoAsync(register, id, "link.gone", (engine, desk, record) =>
            engine.UnlinkAsync(desk, record, form.Text("link", 32) ?? "", form.Aborted)));
    }

    private static HandOverAct? Act(CaseForm form) => Waymark.Packs.Words.TryParse<HandOverAct>(form.Text("act", 20) ?? "", out var act) ? act : null;

    private static Task<CaseAnswer<Changed>> ConsentAsync(CaseForm form, ICasework engine, CaseDesk desk, RecordAddress record)
    {
        var scope = (form.Text("c:scope", 130) ?? "").Split(':');
        if (engine is not ICaseConsents consents || scope.Length != 2 || form.Text("c:choice", 10) is not ("given" or "refused"))
        {
            return Unknown();
        }

        DateTimeOffset? until = null;
        if (form.Text("c:until", 10) is { } day)
        {
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last))
            {
                return Task.FromResult<CaseAnswer<Changed>>(Error.Invalid("consent.until", "Write the last day as 2027-06-30.", "请按 2027-06-30 的格式填写最后一天。", "until"));
            }

            until = new(last.AddDays(1), default, TimeSpan.Zero);
        }

        return consents.ConsentAsync(
            desk, record,
            new(form.Text("c:person", 32) ?? "", scope[0], scope[1], form.Text("c:choice", 10) == "given", form.Text("c:text", 40) ?? "", form.Text("c:language", 20) ?? "", form.Text("c:form", 20) ?? "")
            {
                IsInformed = form.Text("c:informed", 1) == "1", IsExplicit = form.Text("c:explicit", 1) == "1",
                Interpreter = form.Text("c:interpreter", 100), Witness = form.Text("c:witness", 100), Guardian = form.Text("c:guardian", 100), Expires = until,
            },
            form.Aborted);
    }

    private static Task<CaseAnswer<Changed>> Unknown() => Task.FromResult<CaseAnswer<Changed>>(Error.Invalid("case.form", "This form is not complete; look and send it again.", "表单不完整；请核对后重新提交。"));
}
