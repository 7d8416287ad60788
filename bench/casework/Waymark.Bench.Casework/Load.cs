using System.Diagnostics;
using System.Text;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Bench.Casework;

/// <summary>Four clients at once; each operation is timed from the call to its answer.</summary>
internal sealed class Load(IStore store, Persons persons, long count)
{
    /// <summary>As a search of the module asks for them.</summary>
    private const int Candidates = 301;

    public async Task FillAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, (int)((count + 199) / 200)), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, stop) =>
        {
            var numbers = Enumerable.Range(chunk * 200, (int)Math.Min(200, count - (chunk * 200L)));
            Must(await store.CommitAsync(new WriteSet
            {
                Actor = "bench",
                Reason = "bench.fill",
                Records = [.. numbers.Select(n => persons.Of(n).Write(0, n % 5 == 0 ? "open" : "closed", now.AddSeconds(-n)))],
            }, stop));
        });
        Console.Out.WriteLine($"  filled {count} persons in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
    }

    /// <summary>Milliseconds of each call, sorted.</summary>
    public static async Task<double[]> TimeAsync(int clients, int calls, Func<Random, Task> call)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client + 1);
            var mine = new double[calls];
            for (var i = 0; i < calls; i++)
            {
                var at = Stopwatch.GetTimestamp();
                await call(random);
                mine[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
            }

            return mine;
        })));
        return [.. times.SelectMany(t => t).Order()];
    }

    /// <summary>A person is sought by pair, family, given name and year, among as many candidates as the module weighs, and the first fifty are read.</summary>
    public async Task SearchAsync(Random random, int units)
    {
        var sought = persons.Of(random.NextInt64(count));
        var found = await store.Records.SearchAsync(new(RecordPartition.Missing, [Persons.Register],
            [.. sought.Keys.Take(6)], Persons.Filter(units)) { MostRecords = Candidates }, CancellationToken.None);
        await store.Records.GetManyAsync(RecordPartition.Missing, Persons.Register, [.. found.Records.Take(50).Select(r => r.Id)], CancellationToken.None);
    }

    /// <summary>The commonest family name alone.</summary>
    public async Task SearchCommonAsync(Random random, int units)
    {
        _ = random;
        await store.Records.SearchAsync(new(RecordPartition.Missing, [Persons.Register], [Persons.Key(1, "f0")], Persons.Filter(units)), CancellationToken.None);
    }

    public async Task ListAsync(Random random, int units)
    {
        var order = random.Next(2) == 0 ? IndexOrder.Due : IndexOrder.Changed;
        var query = new IndexQuery(RecordPartition.Missing, Persons.Register, Persons.Filter(units), random.Next(2) == 0 ? ["open"] : null, null, null, order, 50, null);
        var page = Must(await store.Records.ListIndexedAsync(query, CancellationToken.None));
        Must(await store.Records.ListIndexedAsync(query with { After = page.Next }, CancellationToken.None));
    }

    /// <summary>One claim is changed, with its task and its leaf.</summary>
    public async Task WriteAsync(Random random)
    {
        while (true)
        {
            var person = persons.Of(random.NextInt64(count));
            var version = (await store.Records.GetAsync(RecordPartition.Missing, Persons.Register, person.Id, CancellationToken.None))!.Version;
            var done = await store.CommitAsync(new WriteSet
            {
                Actor = "bench",
                Reason = "bench.write",
                Records = [person.Write(version, "open", TimeProvider.System.GetUtcNow())],
                Tasks = [new($"{person.Id}/{version}/{random.Next()}", "bench", "{}"u8.ToArray())],
                Leaves = [Encoding.ASCII.GetBytes(new string('l', 120))],
            }, CancellationToken.None);
            if (done.IsOk || done.Error!.Code != "store.conflict")
            {
                Must(done);
                return;
            }
        }
    }

    public static T Must<T>(Result<T> result) => result.TryGet(out var value) ? value : throw new InvalidOperationException(result.Error!.ToString());
}
