using Waymark.App.Hosting;
using Waymark.Casework.Contracts;

namespace Waymark.App.Casework;

/// <summary>What the pages of persons and print sheets post to. Names and readers never stand in an address.</summary>
public static class DeskForms
{
    public static void MapPersonForms(this IEndpointRouteBuilder routes)
    {
        var desk = routes.MapDeskForms("");
        desk.MapPost("/persons/search", SearchAsync);
        desk.MapPost("/cases/{register}/{id}/follow", FollowAsync);
        desk.MapPost("/cases/{register}/{id}/print/reader", (string register, string id, CaseForm form) => form.Find(register, id) is var (_, at, record)
            ? form.Go($"/cases/{record.Register}/{record.Id}/print", at, new() { Reader = new(form.Text("person", 32), form.Text("organisation", 200) ?? "unknown", form.Text("area", 10)?.ToUpperInvariant() ?? "unknown") { Kind = form.Text("kind", 40) } })
            : form.Engine?.Registers.Find(register) is { } plan ? form.Unstated(plan, $"/cases/{plan.Id}/{Uri.EscapeDataString(id)}/print") : CaseForm.Missing());
    }

    private static async Task<IResult> SearchAsync(CaseForm form)
    {
        // The case, its register and the unit it is worked on for, as the form named them; each is checked again.
        if ((form.Text("case", 400) ?? "").Split(' ', 3) is not [var register, var id, var unit] || form.Engine is not { } engine || engine.Registers.Find(register) is not { IsTyped: false } plan
            || !form.Desks.TryFind(plan, id, unit, out var desk))
        {
            return CaseForm.Missing();
        }

        var found = await engine.SearchPersonsAsync(desk, new(plan.Id, id), new(form.Text("name", 200), form.Text("birth", 40), form.Text("number", 100)), form.Aborted);
        return found.Value is { } matches
            ? form.Go("/persons", desk, new() { Found = matches, Entered = new Dictionary<string, string>(StringComparer.Ordinal) { ["unit"] = desk.Unit } })
            : form.Failed("/persons", desk, found.Refusal, found.Error);
    }

    private static async Task<IResult> FollowAsync(string register, string id, CaseForm form)
    {
        if (form.Find(register, id) is not var (engine, desk, record) || engine is not IFollowing following)
        {
            return form.Engine?.Registers.Find(register) is { } plan ? form.Unstated(plan, $"/cases/{plan.Id}/{Uri.EscapeDataString(id)}") : CaseForm.Missing();
        }

        var page = $"/cases/{record.Register}/{record.Id}";
        var given = await following.GiveCodeAsync(desk, record, form.Aborted);
        return given.Value is { } code ? form.Go(page, desk, new() { Code = code.Shown }) : given.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed(page, desk, given.Refusal, given.Error);
    }
}
