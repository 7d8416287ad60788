using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Casework.Guards;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.Casework;

/// <summary>What the pages of decisions before return post to: one asks, another unit decides.</summary>
public static class ReturnForms
{
    public static void MapReturnForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapDeskForms("");
        forms.MapPost("/cases/{register}/{id}/ask-decision", (string register, string id, CaseForm form) => form.DoAsync(register, id, "return.asked", (engine, desk, record) =>
            engine is IReturns returns ? returns.AskAsync(desk, record, form.Text("person", 32) ?? "", form.Text("to", 64) ?? "", form.Aborted) : Task.FromResult<CaseAnswer<Changed>>(Incomplete())));
        forms.MapPost("/cases/{register}/{id}/ask-decision/withdraw", (string register, string id, CaseForm form) => form.DoAsync(register, id, "return.withdrawn", (engine, desk, record) =>
            engine is IReturns returns ? returns.WithdrawAsync(desk, record, form.Text("asked", 32) ?? "", form.Aborted) : Task.FromResult<CaseAnswer<Changed>>(Incomplete())));
        forms.MapPost("/returns/{id}/decide", DecideAsync);
    }

    private static async Task<IResult> DecideAsync(string id, CaseForm form)
    {
        if (form.Engine is not IReturns returns || form.Engine.Registers.All.FirstOrDefault(ReturnGates.In) is not { } plan)
        {
            return CaseForm.Missing();
        }

        var page = "/returns/" + Uri.EscapeDataString(id);
        if (!form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) || desk.Purpose != form.Text("purpose", 100))
        {
            return form.Unstated(plan, page);
        }

        if (!Words.TryParse<ReturnGate>(form.Text("c:gate", 30) ?? "", out var gate) || form.Text("c:open", 5) is not ("yes" or "no") || form.Text("c:chain", 20) is not ("excluded" or "possible" or "not-asked"))
        {
            return form.Failed(page, desk, null, Incomplete());
        }

        // Whose decision it is, when and on which facts, the engine says.
        var made = await returns.DecideAsync(
            desk, id,
            new("", gate, form.Text("c:open", 5) == "yes", "", [], default, "", Day(form, "c:interview"), form.Text("c:language", 20) ?? "", form.Text("c:own-words", 4_000) ?? "", Day(form, "c:country"), form.Text("c:reasons", 4_000) ?? "")
            {
                Chain = form.Text("c:chain", 20) ?? "not-asked",
            },
            form.Aborted);
        return made.IsOk ? form.Done(page, desk, "return.decided") : made.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed(page, desk, made.Refusal, made.Error);
    }

    private static DateOnly? Day(CaseForm form, string name) => DateOnly.TryParseExact(form.Text(name, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static Error Incomplete() => Error.Invalid("case.form", "This form is not complete; look and send it again.", "表单不完整；请核对后重新提交。");
}
