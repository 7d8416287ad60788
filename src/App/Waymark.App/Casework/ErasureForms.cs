using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.App.Casework;

/// <summary>What a person's request to be erased posts to: asking two others, taking it back, carrying it out. Whom it is about is in the record, never in a form.</summary>
public static class ErasureForms
{
    public static void MapErasureForms(this IEndpointRouteBuilder routes)
    {
        var erasure = routes.MapDeskForms("/cases/{register}/{id}/erasure").RequireAuthorization(AccountSetup.HardwarePolicy);
        erasure.MapPost("/ask", (string register, string id, CaseForm form, HttpContext http) => WithAsync(http, register, id, form, "erasure.asked", async (reviews, _, desk, person) =>
            (await reviews.AskAsync(desk.Actor, ReviewRequest.Erasing(desk.Unit, id, person, desk.Purpose, form.Text("why", 500) ?? ""), form.Aborted)).Error));
        erasure.MapPost("/withdraw", (string register, string id, CaseForm form, HttpContext http) => WithAsync(http, register, id, form, "erasure.withdrawn", async (reviews, _, desk, person) =>
            await reviews.FindAsync(desk.Actor, ReviewKind.Erasure, ReviewRequest.ErasureOf(person), form.Aborted) is { } asked
                ? (await reviews.StopAsync(desk.Actor, asked.Id, "withdrawn by who asked", form.Aborted)).Error : Error.NotFound("review.unknown", "Nothing is asked for.", "没有待撤回的请求。")));
        erasure.MapPost("/do", (string register, string id, CaseForm form, HttpContext http) => WithAsync(http, register, id, form, "erasure.done", async (_, engine, desk, person) =>
            form.Text("sure", 3) != "yes" ? Error.Invalid("erasure.sure", "Say that what goes cannot be brought back.", "请确认删除后不可恢复。", "sure")
                : (await engine.EraseAsync(desk.Actor, person, form.Aborted)).Error));
    }

    private static async Task<IResult> WithAsync(HttpContext http, string register, string id, CaseForm form, string done, Func<IReviews, ICasework, CaseDesk, string, Task<Error?>> act)
    {
        if (form.Find(register, id) is not var (engine, desk, record) || engine is not IErasing erasing || http.RequestServices.GetService<IReviews>() is not { } reviews)
        {
            return form.Engine?.Registers.Find(register) is { } plan ? form.Unstated(plan, $"/cases/{plan.Id}/{Uri.EscapeDataString(id)}") : CaseForm.Missing();
        }

        var page = $"/cases/{record.Register}/{record.Id}";
        var view = await erasing.ErasureAsync(desk, record, form.Aborted);
        if (view.Error is { Code: "case.nothing" })
        {
            return CaseForm.Missing();
        }

        var error = view.Value is { Person: { } person } ? await act(reviews, engine, desk, person)
            : view.Error ?? Error.Conflict("erasure.not-now", "This request does not ask for erasing, or is not in work.", "此请求并非请求删除，或尚未进入办理。");
        return view.Refusal is null && error is null ? form.Done(page, desk, done) : form.Failed(page, desk, view.Refusal, view.Refusal is null ? error : null);
    }
}
