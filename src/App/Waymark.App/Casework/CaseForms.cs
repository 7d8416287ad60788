using Microsoft.AspNetCore.Antiforgery;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Casework;

/// <summary>
/// What the forms of case work post to. Every answer is a redirect to a page whose address holds codes and ids only; what was typed, found or
/// refused waits there under a random handle.
/// </summary>
public static class CaseForms
{
    public static void MapCaseForms(this IEndpointRouteBuilder routes)
    {
        routes.MapTracingForms();
        routes.MapPersonForms();
        routes.MapMergeForms();
        routes.MapReturnForms();
        routes.MapIntake();
        routes.MapComplaints();
        routes.MapMessageForms();
        routes.MapBulkForms();
        routes.MapHtcdsForms();
        routes.MapCountForms();
        routes.MapErasureForms();
        routes.MapAccessForms();
        var cases = routes.MapDeskForms("/cases");
        cases.MapPost("/{register}/make", (string register, CaseForm form) => form.MakeAsync(register));
        cases.MapPost("/{register}/suggest", (string register, CaseForm form) => form.SuggestAsync(register));
        cases.MapPost("/{register}/search", (string register, CaseForm form) => form.FindAsync(register));
        cases.MapPost("/{register}/filters", (string register, CaseForm form) => form.KeepFilterAsync(register));
        cases.MapPost("/{register}/filters/remove", (string register, CaseForm form) => form.RemoveFilterAsync(register));
        cases.MapPost("/{register}/{id}/change", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.saved", (engine, desk, record) =>
            engine.ChangeAsync(desk, record, new(form.Entries(), form.Text("why", 200)), form.Aborted)));
        cases.MapPost("/{register}/{id}/step", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.stepped", (engine, desk, record) =>
            engine.StepAsync(desk, record, form.Text("step", 100) ?? "", form.Number("seen"), null, form.Aborted)));
        cases.MapPost("/{register}/{id}/resolve", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.resolved", (engine, desk, record) =>
            engine.ResolveAsync(desk, record, form.Text("path", 200) ?? "", form.Number("seen"), form.All("keep"), form.Text("why", 200) ?? "", form.Aborted)));
        cases.MapPost("/{register}/{id}/undo", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.undone", (engine, desk, record) =>
            engine.UndoAsync(desk, record, form.Number("version"), form.Text("why", 200) ?? "", form.Aborted)));
        cases.MapPost("/{register}/{id}/owner", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.saved", (engine, desk, record) =>
            engine.AssignAsync(desk, record, form.Text("mine", 1) == "1" ? desk.Actor.Account : null, form.Aborted)));
        cases.MapCaseControl();
        cases.MapPost("/{register}/{id}/persons", (string register, string id, CaseForm form) => form.SearchAsync(register, id));
        cases.MapPost("/{register}/{id}/persons/add", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.person-added", form.AddPersonAsync));
    }
}

/// <summary>One form as it was sent: who sent it, for which unit and purpose, and what it held.</summary>
public sealed class CaseForm
{
    private const int MostSuggestions = 8;

    private readonly HttpContext _context;
    private readonly IFormCollection _form;

    private CaseForm(HttpContext context, IFormCollection form) => (_context, _form) = (context, form);

    public CancellationToken Aborted => _context.RequestAborted;

    internal IStaffNames Staff => _context.RequestServices.GetRequiredService<IStaffNames>();

    internal ITexts Texts => _context.RequestServices.GetRequiredService<ITexts>();

    internal Waymark.Ledger.ISealedBox Box => _context.RequestServices.GetRequiredService<Waymark.Ledger.ISealedBox>();

    internal bool IsSample => _context.RequestServices.GetRequiredService<IViewer>().IsSample;

    internal CaseDesks Desks => _context.RequestServices.GetRequiredService<CaseDesks>();

    private CaseNotices Notices => _context.RequestServices.GetRequiredService<CaseNotices>();

    internal ICasework? Engine => _context.RequestServices.GetRequiredService<CaseworkSource>().Cases;

    /// <summary>A form without its token is not read: the group refuses it (<see cref="FormToken"/>).</summary>
    public static async ValueTask<CaseForm?> BindAsync(HttpContext context) => new(
        context, context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true } && context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty);

    public string? Text(string name, int most) => _form[name].FirstOrDefault()?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, most)] : null;

    public long Number(string name) => long.TryParse(_form[name].FirstOrDefault(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>The one file that was sent; null when there is none or several.</summary>
    public IFormFile? File => _form.Files is [var sent] ? sent : null;

    public IReadOnlyList<string> All(string name) => [.. _form[name].OfType<string>().Where(text => text.Length <= 200).Take(100)];

    /// <summary>Fields whose entry differs from what stood in the form when it was drawn.</summary>
    public IReadOnlyList<FieldEntry> Entries() =>
    [
        .. from path in _form.Keys.Where(key => key.StartsWith("o:", StringComparison.Ordinal)).Select(key => key[2..]).Take(1_000)
           let entered = Entered("v:" + path)
           where entered != (_form["o:" + path].FirstOrDefault() ?? "").Trim()
           select new FieldEntry(path, Math.Max(0, Number("s:" + path)), entered),
    ];

    public async Task<IResult> MakeAsync(string register)
    {
        if (Engine is not { } engine || engine.Registers.Find(register) is not { } plan)
        {
            return Missing();
        }

        if (!Desks.TryFind(plan, null, Text("unit", 200), out var desk) || desk.Purpose != Text("purpose", 100))
        {
            return Unstated(plan, $"/cases/{plan.Id}/new");
        }

        var values = Entries().ToDictionary(entry => entry.Path, entry => entry.Value, StringComparer.Ordinal);
        var made = await engine.CreateAsync(Told.Said(desk, Text("told", 20)), new(plan.Id, Text("id", 32), values, []), Aborted);
        return made.Value is { } record ? Done($"/cases/{plan.Id}/{record.Address.Id}", desk, "case.made") : Failed($"/cases/{plan.Id}/new", desk, made.Refusal, made.Error, await ChoicesAsync(engine, desk, plan.Id, null, made.Error));
    }

    /// <summary>
    /// What a reference field may name, while it is typed: the same question as the form's own step without script, but nobody is searched for by name, so that letters do not spend the budget of searches.
    /// </summary>
    public async Task<IResult> SuggestAsync(string register)
    {
        if (Engine is not IChoosing choosing || Engine?.Registers.Find(register) is not { } plan || !Desks.TryFind(plan, Text("id", 32), Text("unit", 200), out var desk) || desk.Purpose != Text("purpose", 100))
        {
            return Missing();
        }

        var found = await choosing.ChoicesAsync(desk, plan.Id, null, Text("path", 200) ?? "", Text("words", 200) ?? "?", Aborted);
        return found.Error is { Code: "case.nothing" } ? Missing()
            : Results.Json((found.Value?.Choices ?? []).Take(MostSuggestions).Select(choice => new { reference = choice.Reference, text = CaseText.Choice(choice, Texts) }));
    }

    /// <summary>Looks in a register; what was asked and found waits under the handle and stands in no address.</summary>
    public async Task<IResult> FindAsync(string register)
    {
        if (Engine is not { } engine || engine.Registers.Find(register) is not { IsTyped: false } plan)
        {
            return Missing();
        }

        var page = "/cases/" + plan.Id;
        if (!Desks.TryFind(plan, null, Text("unit", 200), out var desk) || desk.Purpose != Text("purpose", 100))
        {
            return Unstated(plan, page);
        }

        var asked = new Dictionary<string, string>(StringComparer.Ordinal) { ["words"] = Text("words", 200) ?? "" };
        var found = await engine.FindRecordsAsync(desk, plan.Id, asked["words"], Aborted);
        return found.Error is { Code: "case.nothing" } ? Missing()
            : Go(page, desk, new() { Records = found.Value, Refusal = found.Refusal, Errors = found.Error is { } error ? [error] : [], Entered = asked });
    }

    /// <summary>Keeps what the list is filtered by under a name of the person's own.</summary>
    public async Task<IResult> KeepFilterAsync(string register)
    {
        if (Engine is not ISavedFilters filters || Engine?.Registers.Find(register) is not { } plan || !Desks.TryFind(plan, null, Text("unit", 200), out var desk))
        {
            return Missing();
        }

        var fields = _form.Keys.Where(key => key.StartsWith("f:", StringComparison.Ordinal)).Take(16).ToDictionary(key => key[2..], key => Text(key, 100) ?? "", StringComparer.Ordinal);
        var kept = await filters.SaveFilterAsync(desk, plan.Id, new(Text("name", 200) ?? "", Text("state", 100), fields, Text("mine", 1) == "1"), Aborted);
        return kept.IsOk ? Done("/cases/" + plan.Id, desk, "case.filter-kept") : Failed("/cases/" + plan.Id, desk, null, kept.Error);
    }

    public async Task<IResult> RemoveFilterAsync(string register)
    {
        if (Engine is not ISavedFilters filters || Engine?.Registers.Find(register) is not { } plan || !Desks.TryFind(plan, null, Text("unit", 200), out var desk))
        {
            return Missing();
        }

        var removed = await filters.RemoveFilterAsync(desk, plan.Id, Text("name", 200) ?? "", Aborted);
        return removed.IsOk ? Go("/cases/" + plan.Id, desk, new() { Done = "case.filter-removed", Removed = removed.Value }) : Failed("/cases/" + plan.Id, desk, null, removed.Error);
    }

    public Task<IResult> DoAsync(string register, string id, string done, Func<ICasework, CaseDesk, RecordAddress, Task<CaseAnswer<Changed>>> act) => DoAsync(register, id, done, null, act);

    /// <summary>The same, with the page that follows: what a unit gave away it may not open again.</summary>
    public async Task<IResult> DoAsync(string register, string id, string done, string? next, Func<ICasework, CaseDesk, RecordAddress, Task<CaseAnswer<Changed>>> act)
    {
        if (Find(register, id) is not var (engine, desk, record))
        {
            return Engine?.Registers.Find(register) is { } plan ? Unstated(plan, $"/cases/{plan.Id}/{Uri.EscapeDataString(id)}") : Missing();
        }

        var answer = await act(engine, desk, record);
        return answer.Value is { } changed
            ? Go(next ?? Page(record), desk, new() { Done = changed.Conflicts.Count > 0 ? "case.both-kept" : done, Made = changed.IsVersion && changed.Address.Id == record.Id ? changed.Version : null })
            : answer.Error is { Code: "case.nothing" } ? Missing() : Failed(Page(record), desk, answer.Refusal, answer.Error, await ChoicesAsync(engine, desk, register, record, answer.Error));
    }

    /// <summary>What a reference field may name, where what was entered named nothing: the search step of the form.</summary>
    private async Task<ReferenceChoices?> ChoicesAsync(ICasework engine, CaseDesk desk, string register, RecordAddress? record, Error? error) =>
        error is { Code: "case.reference", Where: { } path } && engine is IChoosing choosing ? (await choosing.ChoicesAsync(desk, register, record, path, Text("v:" + path, 200) ?? "", Aborted)).Value : null;

    /// <summary>Looks for the person by name first, so that nobody is entered twice unseen.</summary>
    public async Task<IResult> SearchAsync(string register, string id)
    {
        if (Find(register, id) is not var (engine, desk, record))
        {
            return Engine?.Registers.Find(register) is { } plan ? Unstated(plan, $"/cases/{plan.Id}/{Uri.EscapeDataString(id)}") : Missing();
        }

        var found = await engine.SearchPersonsAsync(desk, record, new(Text("name", 500)), Aborted);
        return found.Value is { } matches
            ? Go(Page(record), desk, new() { Found = matches, Entered = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = Text("name", 500) ?? "", ["role"] = Text("role", 100) ?? "" } })
            : Failed(Page(record), desk, found.Refusal, found.Error);
    }

    public async Task<CaseAnswer<Changed>> AddPersonAsync(ICasework engine, CaseDesk desk, RecordAddress record)
    {
        var (role, person) = (Text("role", 100) ?? "", Text("person", 32) ?? "");
        if (person != "new")
        {
            return await engine.PersonAsync(desk, record, role, person, add: true, Aborted);
        }

        var name = Notices.Find(desk.Actor.Account, Text("notice", 32))?.Entered.GetValueOrDefault("name");
        if (string.IsNullOrEmpty(name))
        {
            return Error.Invalid("case.search-first", "The search is too long ago; look for the person once more.", "检索已过时；请重新检索该人。");
        }

        var values = Entries().ToDictionary(entry => entry.Path, entry => entry.Value, StringComparer.Ordinal);
        values["names/1/name"] = name;
        var made = await engine.CreateAsync(Told.Said(desk, Text("told", 20)), new(PersonCore.Register, null, values, [], engine.Registers.Find(record.Register)!.Partition), Aborted);
        return made.Value is { } created ? await engine.PersonAsync(desk, record, role, created.Address.Id, add: true, Aborted) : made;
    }

    /// <summary>Takes the one file of the form in; the entry it goes to is chosen there, items of repeated groups are new ones.</summary>
    public async Task<CaseAnswer<Changed>> AttachAsync(ICasework engine, CaseDesk desk, RecordAddress record)
    {
        if (engine is not ICaseFiles files || File is not { } sent)
        {
            return Error.Invalid("file.one", "Choose one file.", "请选择一个文件。");
        }

        if (sent.Length > files.FileLimits.FileBytes)
        {
            return Error.TooLarge("file.too-large", $"A file has at most {files.FileLimits.FileBytes >> 20} MiB.", $"单个文件至多 {files.FileLimits.FileBytes >> 20} MiB。");
        }

        var content = new byte[sent.Length];
        await using var stream = sent.OpenReadStream();
        await stream.ReadExactlyAsync(content, Aborted);
        return await files.AttachAsync(desk, record, new(Text("path", 100) ?? "", Math.Max(0, Number("seen")), sent.FileName, content, Text("why", 200)), Aborted);
    }

    internal (ICasework Engine, CaseDesk Desk, RecordAddress Record)? Find(string register, string id) =>
        Engine is { } engine && engine.Registers.Find(register) is { } plan && Desks.TryFind(plan, id, Text("unit", 200), out var desk) && desk.Purpose == Text("purpose", 100)
            ? (engine, desk, new(plan.Id, id, Enum.TryParse<RecordPartition>(_form["in"].FirstOrDefault(), out var partition) && Enum.IsDefined(partition) ? partition : null)) : null;

    private string Entered(string key) => string.Join(", ", _form[key].OfType<string>().Select(text => text.Trim()).Where(text => text.Length > 0));

    private static string Page(RecordAddress record) => $"/cases/{record.Register}/{record.Id}";

    internal IResult Done(string page, CaseDesk desk, string text) => Go(page, desk, new() { Done = text });

    internal IResult Failed(string page, CaseDesk desk, Waymark.Protection.Contracts.Refusal? refusal, Error? error, ReferenceChoices? choices = null)
    {
        // Who was found stays on the page: nobody searches a second time because something was left unsaid.
        var before = Notices.Find(desk.Actor.Account, Text("notice", 32));
        var entered = Typed();
        if (before?.Entered.GetValueOrDefault("name") is { } name)
        {
            entered["name"] = name;
        }

        return Go(page, desk, new() { Refusal = refusal, Errors = error is null ? [] : [error], Entered = entered, Found = before?.Found, Choices = choices });
    }

    /// <summary>
    /// The purpose for which the form was drawn is no longer the one this sign-in works for: nothing is done under another one, and what was typed is kept.
    /// </summary>
    internal IResult Unstated(RegisterPlan plan, string page)
    {
        if (Desks.Purposes(plan).Count == 0 || Desks.Actor is not { } actor)
        {
            return Missing();
        }

        var error = Error.Conflict("case.purpose-changed", "The purpose was changed or the sign-in is new since this form was drawn; nothing was saved. Look, and send it again.",
            "自打开此表单以来目的已更改或已重新登录；未保存任何内容。请核对后重新提交。");
        return Results.LocalRedirect($"{page}?n={Notices.Keep(actor.Account, new() { Errors = [error], Entered = Typed() })}");
    }

    private Dictionary<string, string> Typed() =>
        _form.Keys.Where(key => key.StartsWith("v:", StringComparison.Ordinal) || key.StartsWith("c:", StringComparison.Ordinal) || key is "why" or "told" or "role" or "choice").Take(1_000).ToDictionary(key => key == "why" ? "v:why" : key, Entered, StringComparer.Ordinal);

    internal IResult Go(string page, CaseDesk desk, CaseNotice notice)
    {
        var query = $"?unit={Uri.EscapeDataString(desk.Unit)}&n={Notices.Keep(desk.Actor.Account, notice)}";
        return Results.LocalRedirect(page + query + (Text("tab", 50) is { } tab ? "&tab=" + Uri.EscapeDataString(tab) : "") + (Text("in", 20) is { } part ? "&in=" + Uri.EscapeDataString(part) : ""));
    }

    internal static IResult Missing() => Problems.Result(Error.NotFound("case.nothing", "There is nothing at this address.", "此地址没有内容。"));
}
