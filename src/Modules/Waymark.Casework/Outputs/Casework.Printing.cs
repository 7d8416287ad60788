using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Features;

/// <summary>The sheet of one record.</summary>
public sealed partial class Casework
{
    public async Task<CaseAnswer<PrintSheet>> PrintAsync(CaseDesk desk, RecordAddress record, OutputParty reader, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        if (reader.Kind is not { Length: > 0 } kind)
        {
            return Error.Invalid("print.kind", "Say who receives the sheet: the rules on a sheet that leaves depend on it.", "请说明由谁接收打印件：对外打印件的规则取决于此。", "kind");
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        var hidden = CaseRights.Hidden(Registers, desk);
        var lines = plan.View.Print.SelectMany(field => plan.Fields.Where(inner => inner == field || inner.Group == field)).Where(field => field.Type != FieldType.Group && !hidden(field))
            .SelectMany(field => document.Fields.Where(value => RecordDocument.PlanPath(value.Key) == field.Path).OrderBy(value => value.Key, StringComparer.Ordinal)
                .Select(value => (field, value.Key, value.Value.Claims))).ToList();
        // What leaves is what two offices agreed for this kind of receiver, and what is about the work; the rest stays, whatever the sheet could hold.
        var agreed = kind == OutputParty.Inside ? null : await _standing.AgreedAsync(plan, document, kind, cancellationToken);
        var left = agreed is null ? [] : lines.Select(line => line.field).Where(field => field.Category != "none" && !agreed.Contains(field.Category)).Distinct().ToList();
        lines.RemoveAll(line => left.Contains(line.field));
        if (await BarredAsync(loaded.Value, reader, lines.Select(line => line.field.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal), cancellationToken) is { } barred)
        {
            return barred;
        }

        // A sheet is a copy that is carried away, like a list: it counts with the others of the day, and its mark names who made it (M53).
        var persons = CaseRights.Persons(plan, document);
        var carried = await CarriedAsync(desk, plan, persons, cancellationToken);
        if (!carried.IsOk)
        {
            return carried.Error;
        }

        async Task<PrintSheet> MakeAsync(CancellationToken token)
        {
            var (mark, now) = await KeepCopyAsync(desk, plan, 1, persons, "print", kind == OutputParty.Inside ? null : kind, token);
            return new(plan, References.Of(plan, document.Id), lines, left, now, mark);
        }

        if (kind == OutputParty.Inside)
        {
            return Answer(await _parts.Gate.OpenAsync(await AskAsync(desk, plan, document.Id, document, carried.Value, "read", kind, cancellationToken), MakeAsync, cancellationToken), sheet => sheet);
        }

        var facts = new Dictionary<string, IReadOnlyList<string>>(await TypedAsync(loaded.Value, document, Transfer, cancellationToken), StringComparer.Ordinal) { ["recipient.barred"] = ["false"] };
        if (reader.Area is { Length: > 0 } area)
        {
            facts["recipient.country"] = [area];
        }

        var answer = await _parts.Gate.CarryAsync(
            $"print.{plan.Id} {document.Id} {kind}", [.. carried.Value.Union(persons, StringComparer.Ordinal)], [await AskAsync(desk, plan, document.Id, document, persons, Transfer, kind, facts, cancellationToken)], cancellationToken);
        if (answer.Held is not null || answer.Error is not null || answer.Parts[0].Permit is not { } permit)
        {
            var refusal = answer.Held ?? (answer.Error is null ? answer.Parts[0].Refusal : null);
            return new(null, refusal, answer.Error) { Decision = refusal?.Decision };
        }

        return new((await MakeAsync(cancellationToken)).Without(permit.Masked), null, null) { Duties = permit.Duties };
    }

    /// <summary>The check that every output passes: everybody named in the record, against who reads it (F10, M22, M28).</summary>
    private async Task<Error?> BarredAsync(Loaded loaded, OutputParty reader, IReadOnlySet<string> masks, CancellationToken cancellationToken)
    {
        var persons = new List<RecordDocument>();
        foreach (var id in CaseRights.Persons(loaded.Plan, loaded.Document))
        {
            var person = loaded.Plan.Id == PersonCore.Register ? loaded : (await _store.ReadAsync(new(PersonCore.Register, id, loaded.Partition), cancellationToken)).Match(known => known, _ => null!);
            if (person is null)
            {
                // Somebody whose rules cannot be read goes out to nobody.
                return SafeContact.Refused;
            }

            persons.Add(person.Document);
        }

        return SafeContact.Check(reader, persons, masks);
    }
}
