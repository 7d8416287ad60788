using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.App.Casework;

/// <summary>What the pages of match reviews post to.</summary>
public static class TracingForms
{
    public static void MapTracingForms(this IEndpointRouteBuilder routes)
    {
        var tracing = routes.MapDeskForms("/tracing");
        tracing.MapPost("/look", (CaseForm form) => DoAsync(form, "/tracing", "tracing.looked", (engine, desk) => engine.LookAsync(desk, new("tracing", form.Text("request", 32) ?? ""), form.Aborted)));
        tracing.MapPost("/{id}/answer", (string id, CaseForm form) => Waymark.Packs.Words.TryParse<PairChoice>(form.Text("choice", 20) ?? "", out var choice)
            ? DoAsync(form, "/tracing/" + id, "tracing.recorded", (engine, desk) => engine.AnswerAsync(desk, id, choice, form.Text("why", 2_000) ?? "", form.Aborted))
            : Task.FromResult(Problems.Result(Error.Invalid("matching.choice", "Choose same, different or unsure.", "请选择相同、不同或不确定。", "choice"))));
        tracing.MapPost("/{id}/take-back", (string id, CaseForm form) => DoAsync(form, "/tracing/" + id, "tracing.taken-back", (engine, desk) => engine.TakeBackAsync(desk, id, form.Aborted)));
    }

    private static async Task<IResult> DoAsync<T>(CaseForm form, string page, string done, Func<ITracing, CaseDesk, Task<CaseAnswer<T>>> act) where T : class
    {
        if (form.Engine is not ITracing engine || form.Engine.Registers.Find("match") is not { } plan || !form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) || desk.Purpose != form.Text("purpose", 100))
        {
            return CaseForm.Missing();
        }

        var answer = await act(engine, desk);
        return answer.IsOk ? form.Done(page, desk, done) : answer.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed(page, desk, answer.Refusal, answer.Error);
    }
}
