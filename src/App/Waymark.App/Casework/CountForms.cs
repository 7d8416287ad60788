using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.App.Casework;

/// <summary>Counts of victims: prepared, approved by a second person, released, taken as a file once they are.</summary>
public static class CountForms
{
    private const string Register = "trafficking-victim";
    private const string Page = "/cases/" + Register + "/counts";

    public static void MapCountForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapDeskForms(Page);
        forms.MapPost("/prepare", (CaseForm form) => WithAsync(form, "counts.done.prepared", (counts, desk) => counts.PrepareAsync(desk, (int)form.Number("year"), form.Text("area", 3) ?? "", form.Text("risk", 20) ?? "", form.Aborted)));
        forms.MapPost("/release", (CaseForm form) => WithAsync(form, "counts.done.released", (counts, desk) => counts.ReleaseAsync(desk, form.Text("id", 20) ?? "", form.Aborted)));
        forms.MapPost("/approve", ApproveAsync);
        routes.MapDesk(Page).MapGet("/{id}/file", FileAsync);
    }

    private static async Task<IResult> WithAsync(CaseForm form, string done, Func<IVictimCounts, CaseDesk, Task<CaseAnswer<CountSheet>>> act)
    {
        if (form.Engine is not IVictimCounts counts || form.Engine.Registers.Find(Register) is not { } plan)
        {
            return CaseForm.Missing();
        }

        if (!form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) || desk.Purpose != form.Text("purpose", 100))
        {
            return form.Unstated(plan, Page);
        }

        var answer = await act(counts, desk);
        return answer.Value is not null ? form.Done(Page, desk, done) : form.Failed(Page, desk, answer.Refusal, answer.Error);
    }

    // Who approves may work for no purpose of the register: they look at figures and at nobody's record.
    private static async Task<IResult> ApproveAsync(CaseForm form)
    {
        if (form.Engine is not IVictimCounts counts || form.Desks.Actor is not { } actor)
        {
            return CaseForm.Missing();
        }

        var approved = await counts.ApproveAsync(actor, form.Text("id", 20) ?? "", form.Aborted);
        return approved.IsOk ? Results.LocalRedirect(Page) : Problems.Result(approved.Error);
    }

    private static async Task<IResult> FileAsync(string id, CaseForm form)
    {
        var listed = form.Engine is IVictimCounts counts ? await counts.ListAsync(form.Aborted) : Result<IReadOnlyList<CountSheet>>.Ok([]);
        if (!listed.IsOk || listed.Value.FirstOrDefault(sheet => sheet.Id == id && sheet.State == CountState.Released) is not { } released)
        {
            return CaseForm.Missing();
        }

        var memory = new MemoryStream();
        await CountFile.WriteAsync(released, form.IsSample, memory, form.Aborted);
        return Results.File(memory.ToArray(), "text/csv", (form.IsSample ? "invented-sample-" : "") + CountFile.Name(released));
    }
}
