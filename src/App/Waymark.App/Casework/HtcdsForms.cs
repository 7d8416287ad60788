using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Formats.Htcds;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Pages.Data;

namespace Waymark.App.Casework;

/// <summary>Spreadsheets of the Human Trafficking Case Data Standard: looked at, taken in, given out. What is sent is held in memory only.</summary>
public static class HtcdsForms
{
    private const string Register = "trafficking-victim";
    private const string Page = "/cases/" + Register + "/htcds";
    private const int MostBytes = 8 << 20;

    public static void MapHtcdsForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapDeskForms("/cases/" + Register);
        forms.MapPost("/htcds/in", InAsync).WithMetadata(new HeldInMemory(MostBytes + (1 << 20)));
        forms.MapPost("/htcds/export", (CaseForm form) => WithAsync(form, "/cases/" + Register, (engine, plan, desk) => OutAsync(engine, plan, desk, form)));
    }

    private static Task<IResult> InAsync(CaseForm form) => WithAsync(form, Page, async (engine, _, desk) =>
    {
        if (form.File is not { Length: > 0 and <= MostBytes } sent)
        {
            return form.Failed(Page, desk, null, Error.Invalid("file.one", $"Choose one file of at most {MostBytes >> 20} MiB.", $"请选择一个文件，至多 {MostBytes >> 20} MiB。", "file"));
        }

        var content = new byte[sent.Length];
        await using var stream = sent.OpenReadStream();
        await stream.ReadExactlyAsync(content, form.Aborted);
        var trust = Words.TryParse<HtcdsTrust>(form.Text("c:trust", 10) ?? "", out var chosen) ? chosen : HtcdsTrust.Neither;
        if (form.Text("do", 10) != "import")
        {
            var read = engine.Read(sent.FileName, content, trust, form.Aborted);
            return read.IsOk ? form.Go(Page, desk, new() { Sheet = HtcdsSeen.Of(read.Value, null) }) : form.Failed(Page, desk, null, read.Error);
        }

        var imported = await engine.ImportAsync(Told.Said(desk, form.Text("told", 20)), sent.FileName, content, trust, form.Aborted);
        return imported.Value is { } done ? form.Go(Page, desk, new() { Sheet = HtcdsSeen.Of(done.File, done.Rows) }) : form.Failed(Page, desk, imported.Refusal, imported.Error);
    });

    private static async Task<IResult> OutAsync(IHtcds engine, RegisterPlan plan, CaseDesk desk, CaseForm form)
    {
        var page = "/cases/" + Register;
        var request = BulkForms.Output(plan, form);
        if (!request.IsOk)
        {
            return form.Failed(page, desk, null, request.Error);
        }

        var answer = await engine.ExportAsync(desk, request.Value, form.Aborted);
        if (answer.Value is not { } exported)
        {
            return answer.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed(page, desk, answer.Refusal, answer.Error);
        }

        if (exported.Cases.Count == 0)
        {
            return BulkForms.Kept(plan, desk, form, exported.Withheld);
        }

        // In memory only, and sealed before a byte leaves: plain, the workbook is written nowhere.
        using var memory = new MemoryStream();
        var written = await engine.WriteAsync(exported, form.IsSample ? ["invented sample 虚构样例"] : [], memory, form.Aborted);
        return written.IsOk
            ? BulkForms.Sealed(plan, desk, form, memory, exported.Receiver, new(exported.Withheld, exported.Cases.Count, $"{plan.Reference}-{exported.Mark}.xlsx", null)) : form.Failed(page, desk, null, written.Error);
    }

    private static async Task<IResult> WithAsync(CaseForm form, string page, Func<IHtcds, RegisterPlan, CaseDesk, Task<IResult>> act) =>
        form.Engine is not IHtcds engine || form.Engine.Registers.Find(Register) is not { } plan ? CaseForm.Missing()
        : !form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) || desk.Purpose != form.Text("purpose", 100) ? form.Unstated(plan, page)
        : await act(engine, plan, desk);
}
