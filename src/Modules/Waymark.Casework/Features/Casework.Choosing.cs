using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Reference fields: the record is named as people say it, and chosen among what the desk may know of where that names none.</summary>
public sealed partial class Casework : IChoosing
{
    private const int MostChoices = 25;

    /// <summary>Entries in which a reference stands as it is stored: what people say ("TX-1A2B-3C4D") becomes the record that it names.</summary>
    private async Task<Result<IReadOnlyList<FieldEntry>>> ReferredAsync(CaseDesk desk, RegisterPlan plan, RecordPartition partition, IReadOnlyList<FieldEntry> entries, CancellationToken cancellationToken)
    {
        var referred = new List<FieldEntry>(entries.Count);
        foreach (var entry in entries)
        {
            // Another office tells the 32 letters of what only its own desk may see; whether they name anything is not said either.
            var text = entry.Value.Trim();
            var said = plan.Field(RecordDocument.PlanPath(entry.Path)) is { Type: FieldType.Reference } field && text.Length > 0 && !ValueReader.Read(field, text).IsOk ? field : null;
            var named = said is null ? null : await SaidAsync(desk, said, partition, text, cancellationToken);
            if (said is not null && named is null)
            {
                return Error.Invalid("case.reference", $"\"{said.Name.In("en")}\": no record that you may know of has this reference. Choose one, or enter another.",
                    $"“{said.Name.In("zh")}”：没有您可知悉的此编号。请选择一项或另行填写。", entry.Path);
            }

            referred.Add(named is null ? entry : entry with { Value = $$"""{"id":"{{named.Id}}","register":"{{named.Register}}"}""" });
        }

        return referred;
    }

    private async Task<RecordAddress?> SaidAsync(CaseDesk desk, FieldPlan field, RecordPartition partition, string text, CancellationToken cancellationToken)
    {
        foreach (var target in Targets(field))
        {
            if (await ByReferenceAsync(desk, text, plan => plan.Id == target.Id, target.Id == PersonCore.Register ? partition : target.Partition, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private IEnumerable<RegisterPlan> Targets(FieldPlan field) => Registers.All.Where(plan => field.Target is { } target ? plan.Id == target : plan.Id == PersonCore.Register || !plan.IsTyped);

    public async Task<CaseAnswer<ReferenceChoices>> ChoicesAsync(CaseDesk desk, string register, RecordAddress? record, string path, string asked, CancellationToken cancellationToken)
    {
        if (Registers.Find(register)?.Field(RecordDocument.PlanPath(path)) is not { Type: FieldType.Reference } field || CaseRights.Hidden(Registers, desk)(field))
        {
            return CaseStore.Nothing();
        }

        var (choices, words) = (new List<(DateTimeOffset At, ReferenceChoice Choice)>(), asked.Split([' ', '?'], StringSplitOptions.RemoveEmptyEntries).Take(8).ToList());
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var plan in Targets(field).Where(plan => !plan.IsTyped && (plan.PurposeBits & Registers.Bits([desk.Purpose])) != 0))
        {
            if (await ListAsync(desk, new(plan.Id) { ByChange = true, Limit = 100 }, cancellationToken) is { Value: { } list })
            {
                listed.Add(plan.Id);
                choices.AddRange(list.Rows.Where(row => words.TrueForAll(word => Holds(plan, row, word))).Select(row => (row.ChangedAt, Choice(plan, row))));
            }
        }

        // Only where no record says the words are they a name; that is a search for a person like any other.
        if (choices.Count == 0 && words.Count > 0 && record is not null && Targets(field).Any(plan => plan.Id == PersonCore.Register || (listed.Contains(plan.Id) && plan.Persons.Count > 0)))
        {
            var found = await SearchPersonsAsync(desk, record, new(string.Join(' ', words)), cancellationToken);
            if (found.Value is not { } matches)
            {
                return new(null, found.Refusal, found.Error) { Decision = found.Decision };
            }

            foreach (var match in matches.Candidates.Take(MostChoices))
            {
                await AddAsync(match);
            }
        }

        return new(new ReferenceChoices(path, [.. choices.OrderByDescending(choice => choice.At).Select(choice => choice.Choice).DistinctBy(choice => choice.Reference).Take(MostChoices)]), null, null);

        async Task AddAsync(PersonMatch match)
        {
            if (Targets(field).FirstOrDefault(plan => plan.Id == PersonCore.Register) is { } person)
            {
                choices.Add((default, new(person, References.Of(person, match.Address.Id), null, [], match.Names)));
            }

            foreach (var use in (await UsesAsync(match.Address, cancellationToken)).Where(use => listed.Contains(use.Register) && use.Id != record!.Id))
            {
                if (await KnownAsync(desk, new(use.Register, use.Id), cancellationToken) is { IsOk: true, Value: var known })
                {
                    choices.Add((known.Document.StateSince, new(known.Plan, References.Of(known.Plan, use.Id), known.Plan.State(known.Document.State)!.Name, [], match.Names)));
                }
            }
        }
    }

    private static ReferenceChoice Choice(RegisterPlan plan, CaseRow row) =>
        new(plan, row.Reference, row.StateName, [.. plan.View.Columns.Zip(row.Columns).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!.Value))], []);

    private static bool Holds(RegisterPlan plan, CaseRow row, string word) => plan.View.Columns.Zip(row.Columns)
        .SelectMany(pair => pair.Second is not { } value ? [] : Steps.Words(pair.First, value).SelectMany(code => pair.First.Codes?.Find(code)?.Name is { } name ? [name.In("en"), name.In("zh")] : (string[])[code]).Append(value.Json))
        .Concat([row.Reference, row.StateName.In("en"), row.StateName.In("zh")]).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
