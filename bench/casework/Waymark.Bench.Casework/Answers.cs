using Waymark.Storage;

namespace Waymark.Bench.Casework;

/// <summary>
/// Whether the answers are right, against all persons counted one by one: for continuous integration, which compares answers and
/// never milliseconds.
/// </summary>
internal static class Answers
{
    public static async Task<int> CheckAsync(IStore store, Persons persons, long count, string kind)
    {
        var all = Enumerable.Range(0, (int)count).Select(n => persons.Of(n)).ToList();
        var faults = 0;
        var filter = Persons.Filter(10);
        foreach (var sought in all.Where(p => p.Number % 211 == 0))
        {
            foreach (var key in new[] { sought.PairKey, sought.FamilyKey })
            {
                var expected = all.Where(p => p.Keys.Contains(key) && Sees(filter, p)).Select(p => p.Id).ToHashSet();
                var found = await store.Records.SearchAsync(new(RecordPartition.Missing, [Persons.Register], [key], filter), CancellationToken.None);
                var right = expected.Count > 1_000
                    ? found is { Records.Count: 1_000, CappedKeys: [0] } && found.Records.All(r => expected.Contains(r.Id))
                    : found.CappedKeys.Count == 0 && expected.SetEquals(found.Records.Select(r => r.Id));
                faults += right ? 0 : 1;
            }
        }

        var listed = 0;
        var query = new IndexQuery(RecordPartition.Missing, Persons.Register, filter, ["open"], null, null, IndexOrder.Due, 500, null);
        do
        {
            var page = Load.Must(await store.Records.ListIndexedAsync(query, CancellationToken.None));
            listed += page.Records.Count;
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        var open = all.Count(p => p.Number % 5 == 0 && Sees(filter, p));
        faults += listed == open ? 0 : 1;
        Console.Out.WriteLine($"  {kind}: {faults} wrong answers; {listed} of {open} listed");
        return faults;
    }

    private static bool Sees(RowFilter filter, Person person) => filter.Units.Contains($"unit-{person.Unit:00}")
        && (filter.Purposes & (1UL << (int)(person.Number % 3))) != 0 && person.Number % 4 <= filter.Ceiling;
}
