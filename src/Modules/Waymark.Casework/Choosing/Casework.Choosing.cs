using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Reference fields: a record is chosen among what the desk may know of.</summary>
public sealed partial class Casework : IChoosing
{
    private const int MostChoices = 25;

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
