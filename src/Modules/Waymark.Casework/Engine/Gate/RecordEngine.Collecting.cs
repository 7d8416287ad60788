using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>What is asked at the gate about people before anything is kept of them.</summary>
public abstract partial class RecordEngine
{
    private protected const string Collect = "collect";

    /// <summary>
    /// What is known of the people in a new record: whether all are certainly adults, and what their own records keep in fields that state facts (what was looked for, whether they can
    /// decide, who is guardian). It is said of all when every one of them says the same or, of lists, something. A record that names nobody yet has nobody in it who is a child or cannot
    /// decide; each person comes with a record of their own, which is asked for by itself.
    /// </summary>
    private protected async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> PeopleAsync(RegisterPlan plan, RecordDocument after, RecordPartition partition, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (plan.Id != PersonCore.Register && plan.Persons.Count == 0)
        {
            return facts;
        }

        var (now, persons) = (DateOnly.FromDateTime(_parts.Time.GetUtcNow().UtcDateTime), new List<RecordDocument>());
        foreach (var id in plan.Id == PersonCore.Register ? [] : CaseRights.Persons(plan, after))
        {
            persons.AddRange(await _store.ReadAsync(new(PersonCore.Register, id, partition), cancellationToken) is { IsOk: true } person ? [person.Value.Document] : []);
        }

        if (plan.Id == PersonCore.Register)
        {
            persons.Add(after);
        }

        if (persons.TrueForAll(person => !PersonCore.MayBeChild(person, now)))
        {
            facts["subject.age"] = ["18"];
        }

        foreach (var field in Registers.Find(PersonCore.Register)?.Fields.Where(field => field.Fact?.StartsWith("subject.", StringComparison.Ordinal) == true) ?? [])
        {
            var said = persons.ConvertAll(person => person.One(field.Path) is { } claim ? CaseRights.Said(field, claim.Value) : []);
            if (persons.Count == 0 && field.Type is FieldType.YesNo or FieldType.Codes)
            {
                facts[field.Fact!] = [field.Type == FieldType.YesNo ? "true" : "none"];
            }
            else if (persons.Count > 0 && said.TrueForAll(words => words.Count > 0))
            {
                var all = said.SelectMany(words => words).Distinct(StringComparer.Ordinal).ToList();
                if (field.Type == FieldType.Codes || all.Count == 1)
                {
                    facts[field.Fact!] = all;
                }
            }
        }

        return facts;
    }
}
