using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Formats;
using Waymark.Ledger;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;

namespace Waymark.App.Casework;

/// <summary>What the list of a register posts to for many records at once: looked at first, then done, taken back as one; and the export.</summary>
public static class BulkForms
{
    public static void MapBulkForms(this IEndpointRouteBuilder routes)
    {
        var bulk = routes.MapDeskForms("/cases/{register}");
        bulk.MapPost("/bulk", (string register, CaseForm form) => WithAsync(register, form, async (engine, plan, desk) =>
        {
            var request = await RequestAsync(plan, desk, form, _ => 0);
            return request.IsOk ? Shown(form, desk, plan, await engine.PreviewAsync(desk, request.Value, form.Aborted), preview => new() { Bulk = preview }) : form.Failed("/cases/" + plan.Id, desk, null, request.Error);
        }));
        bulk.MapPost("/bulk/do", (string register, CaseForm form) => WithAsync(register, form, async (engine, plan, desk) =>
        {
            var request = await RequestAsync(plan, desk, form, id => form.Number("b:" + id));
            return request.IsOk ? Shown(form, desk, plan, await engine.DoAsync(desk, request.Value, form.Text("group", 32) ?? "", form.Aborted), done => new() { BulkDone = done }) : form.Failed("/cases/" + plan.Id, desk, null, request.Error);
        }));
        bulk.MapPost("/bulk/undo", (string register, CaseForm form) => WithAsync(register, form, async (engine, plan, desk) =>
            Shown(form, desk, plan, await engine.UndoGroupAsync(desk, form.Text("group", 32) ?? "", form.Text("why", 200) ?? "", form.Aborted), done => new() { BulkDone = done })));
        bulk.MapPost("/export", (string register, CaseForm form) => WithAsync(register, form, (engine, plan, desk) => ExportAsync(engine, plan, desk, form)));
    }

    private static async Task<IResult> WithAsync(string register, CaseForm form, Func<IBulkActions, RegisterPlan, CaseDesk, Task<IResult>> act) =>
        form.Engine is not IBulkActions engine || form.Engine.Registers.Find(register) is not { IsTyped: false } plan ? CaseForm.Missing()
        : !form.Desks.TryFind(plan, null, form.Text("unit", 200), out var desk) || desk.Purpose != form.Text("purpose", 100) ? form.Unstated(plan, "/cases/" + plan.Id)
        : await act(engine, plan, desk);

    private static IResult Shown<T>(CaseForm form, CaseDesk desk, RegisterPlan plan, CaseAnswer<T> answer, Func<T, CaseNotice> notice) where T : class => answer.Value is { } value
        ? form.Go("/cases/" + plan.Id, desk, notice(value)) : answer.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed("/cases/" + plan.Id, desk, answer.Refusal, answer.Error);

    /// <summary>The act as the form wrote it; records are given only to somebody who works in the unit.</summary>
    private static async Task<Result<BulkRequest>> RequestAsync(RegisterPlan plan, CaseDesk desk, CaseForm form, Func<string, long> seen)
    {
        var (act, word) = form.Text("act", 200)?.Split(':', 2) is [var verb, var what] ? (verb, what) : ("", "");
        var records = form.All("record").Select(id => new BulkRecord(id, seen(id))).ToList();
        return (act, word) switch
        {
            ("assign", "") => new BulkRequest(plan.Id, records, BulkAct.Assign, null),
            ("assign", _) when (await form.Staff.ColleaguesAsync(desk.Unit, form.Aborted)).Any(known => known.Id == word) => new BulkRequest(plan.Id, records, BulkAct.Assign, word),
            ("step", _) when plan.Transition(word) is not null => new BulkRequest(plan.Id, records, BulkAct.Step, word),
            _ => Error.Invalid("bulk.act", "Choose what to do with the records.", "请选择对记录的操作。", "act"),
        };
    }

    /// <summary>The records that were ticked, who receives them and what for.</summary>
    internal static Result<ExportRequest> Output(RegisterPlan plan, CaseForm form) => form.Text("why", 200) is { } why
        ? new ExportRequest(plan.Id, form.All("record"), form.Text("to", 32), why) : Error.Invalid("export.why", "Say what the export is for.", "请说明导出的用途。", "why");

    /// <summary>Nothing of it may go: the desk is told why.</summary>
    internal static IResult Kept(RegisterPlan plan, CaseDesk desk, CaseForm form, IReadOnlyList<BulkLine> withheld) =>
        withheld.Count == 0 ? CaseForm.Missing() : form.Go("/cases/" + plan.Id, desk, new() { Export = new(withheld, 0, "", null) });

    /// <summary>A file as it leaves: sealed to its receiver before a byte does, marked inside where the node is a sample.</summary>
    internal static IResult Sealed(RegisterPlan plan, CaseDesk desk, CaseForm form, MemoryStream content, Receiver receiver, ExportPart part)
    {
        var (made, name) = (new SealedFile(form.IsSample ? "invented-sample-" + part.Name : part.Name, content.ToArray()).Seal(form.Box, receiver.Key), part.Name + SealedFile.Extension);
        return !made.IsOk ? form.Failed("/cases/" + plan.Id, desk, null, made.Error)
            : part.Withheld.Count == 0 ? Results.File(made.Value, "application/octet-stream", name)
            // What stays here is for the desk to know and not for the receiver: it is told beside the file, never in it.
            : form.Go("/cases/" + plan.Id, desk, new() { Export = part with { Name = name, Sealed = made.Value } });
    }

    private static async Task<IResult> ExportAsync(IBulkActions engine, RegisterPlan plan, CaseDesk desk, CaseForm form)
    {
        var texts = form.Texts;
        var request = Output(plan, form);
        if (!request.IsOk)
        {
            return form.Failed("/cases/" + plan.Id, desk, null, request.Error);
        }

        var answer = await engine.ExportAsync(desk, request.Value, form.Aborted);
        if (answer.Value is not { } export)
        {
            return Shown(form, desk, plan, answer, _ => new());
        }

        if (export.Rows.Count == 0)
        {
            return Kept(plan, desk, form, export.Withheld);
        }

        var names = await form.Staff.NamesAsync(export.Rows.Select(row => row.Owner).OfType<string>(), form.Aborted);
        Column Text(string id, LocalText name) => new(id, name, ColumnType.Text, ColumnRole.Attribute);
        var columns = new List<Column>
        {
            Text("copy", new("copy", "副本")), Text("reference", new("reference", "编号")), Text("state", new("state", "状态")), Text("owner", new("owner", "承办人")), Text("due", new("due", "期限")),
        };
        if (form.IsSample)
        {
            columns.Insert(0, Text("sample", new("invented sample", "虚构样例")));
        }

        columns.AddRange(plan.View.Columns.Select(column => Text(column.Path, column.Name)));
        var rows = export.Rows.Select(row => (ReadOnlyMemory<Value>)(Value[])
        [
            .. form.IsSample ? [Value.Of(texts.Language == "zh" ? "虚构样例" : "invented sample")] : Array.Empty<Value>(),
            Value.Of(ExportMark.Of(export.Mark)), Value.Of(row.Reference), Value.Of(row.StateName.In(texts.Language)), Value.Of(row.Owner is { } owner ? names.GetValueOrDefault(owner) : null),
            row.Due is { } due ? Value.Of(DateOnly.FromDateTime(due.UtcDateTime)) : Value.None,
            .. row.Columns.Select((value, at) => value is { } known ? Value.Of(CaseText.InFile(plan.View.Columns[at], known, texts)) : Value.None),
        ]);
        // In memory only, and sealed before a byte leaves: plain, the list is written nowhere.
        using var stream = new MemoryStream();
        await CsvWriter.WriteAsync(new(new(plan.Id, "", plan.Version, plan.Title, export.At), columns, rows), stream, new(ByteOrderMark: true, Labels: texts.Language), form.Aborted);
        return Sealed(plan, desk, form, stream, export.Receiver, new(export.Withheld, export.Rows.Count, $"{plan.Reference}-{export.Mark}.csv", null));
    }
}
