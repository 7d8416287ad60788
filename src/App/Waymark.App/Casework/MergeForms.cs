using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Casework;

/// <summary>What the pages of two records of one person post to: looked at side by side first, then made one, or taken apart.</summary>
public static class MergeForms
{
    public static void MapMergeForms(this IEndpointRouteBuilder routes)
    {
        var persons = routes.MapDeskForms("/persons");
        persons.MapPost("/compare", Compare);
        persons.MapPost("/{id}/same/find", FindAsync);
        persons.MapPost("/{id}/same/{other}/one", (string id, string other, CaseForm form) => DoAsync(form, id, other, "merge.done", (engine, desk, keep, second, seen) =>
            engine.MergeAsync(desk, keep, second, form.Text("why", 200) ?? "", seen, form.Aborted)));
        persons.MapPost("/{id}/same/{other}/apart", (string id, string other, CaseForm form) => DoAsync(form, id, other, "merge.apart-done", (engine, desk, keep, second, seen) =>
            engine.SplitAsync(desk, keep, second, form.Text("why", 200) ?? "", seen, form.Aborted)));
    }

    /// <summary>Two of those that a search found.</summary>
    private static IResult Compare(CaseForm form) =>
        form.Engine?.Registers.Find(PersonCore.Register) is not { } plan || !form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) ? CaseForm.Missing()
        : form.All("person") is [var one, var two] && ValueReader.IsId(one) && ValueReader.IsId(two) ? Results.LocalRedirect($"/persons/{one}/same/{two}{Query(desk, form)}")
        : form.Failed("/persons", desk, null, Error.Invalid("merge.two", "Tick two records to lay them side by side.", "请勾选两条记录以并排查看。"));

    private static async Task<IResult> FindAsync(string id, CaseForm form)
    {
        if (form.Find(PersonCore.Register, id) is not var (engine, desk, record) || engine is not IMerging merging)
        {
            return CaseForm.Missing();
        }

        return await merging.FindAsync(desk, form.Text("c:reference", 20) ?? "", record.Partition ?? RecordPartition.General, form.Aborted) is { } other && other.Id != record.Id
            ? Results.LocalRedirect($"/persons/{record.Id}/same/{other.Id}{Query(desk, form)}")
            : form.Failed($"/persons/{record.Id}/same", desk, null, Error.NotFound("merge.reference", "There is no other person's record with this reference that you may know of.", "没有您可知悉的、具有此编号的其他人员记录。", "reference"));
    }

    private static async Task<IResult> DoAsync(
        CaseForm form, string id, string other, string done, Func<IMerging, CaseDesk, RecordAddress, RecordAddress, MergeSeen, Task<CaseAnswer<Changed>>> act)
    {
        if (form.Find(PersonCore.Register, id) is not var (engine, desk, keep) || engine is not IMerging merging || !ValueReader.IsId(other))
        {
            return form.Engine?.Registers.Find(PersonCore.Register) is { } plan && ValueReader.IsId(id) && ValueReader.IsId(other) ? form.Unstated(plan, $"/persons/{id}/same/{other}") : CaseForm.Missing();
        }

        if (form.Text("why", 200) is null)
        {
            return form.Failed($"/persons/{keep.Id}/same/{other}", desk, null, Error.Invalid("merge.why", "Say why.", "请说明理由。", "why"));
        }

        var answer = await act(merging, desk, keep, keep with { Id = other }, new(form.Number("seen"), form.Number("seen-other")));
        return answer.IsOk ? form.Done("/persons/" + keep.Id, desk, done)
            : answer.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed($"/persons/{keep.Id}/same/{other}", desk, answer.Refusal, answer.Error);
    }

    private static string Query(CaseDesk desk, CaseForm form) => $"?unit={Uri.EscapeDataString(desk.Unit)}" + (form.Text("in", 20) is { } part ? "&in=" + Uri.EscapeDataString(part) : "");
}
