using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Compare-and-set against an in-memory model: one caller exactly, many callers up to an order that must exist.</summary>
public abstract class InterleavingSuite(string kind) : StoreSuite(kind)
{
    private int _case;

    [Fact]
    public void One_caller_gets_the_answers_of_the_model()
    {
        var key = Gen.Choose(0, 3);
        var version = Gen.Choose(0, 4).Select(v => (long)v);
        var write = from k in key from v in version from remove in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
                    select (Key: k, Version: v, Remove: remove && v > 0);
        var step = from writes in write.ListOf(2) from expected in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)))
                   from k in key from v in version
                   select (Writes: writes.DistinctBy(w => w.Key).ToArray(), Expected: Enumerable.Repeat((Key: k, Version: v), expected).ToArray());

        Prop.ForAll(step.ListOf(25).ToArbitrary(), steps => Check([.. steps]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_callers_get_answers_that_some_order_of_theirs_explains(int seed)
    {
        var other = await OpenAsync();
        var committed = new List<(Dictionary<string, long> Reads, HashSet<string> Writes)>();
        var conflicts = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + caller);
            var store = caller % 2 == 0 ? Store : other;
            for (var i = 0; i < 40; i++)
            {
                var keys = Enumerable.Range(0, 6).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(k => $"k{k}").ToList();
                var versions = new Dictionary<string, long>();
                foreach (var key in keys)
                {
                    versions[key] = (await store.Records.GetAsync("test.register", key, Cancellation))?.Version ?? 0;
                }

                // The first key is written, the others are what the decision read, or are written too.
                var written = keys.Where((_, n) => n == 0 || random.Next(2) == 0).ToHashSet();
                var answer = await store.CommitAsync(Writes([.. written.Select(k => Record(k, versions[k], $"{caller}/{i}"))]) with
                {
                    Preconditions = [.. keys.Where(k => !written.Contains(k)).Select(k => new Precondition("test.register", k, versions[k]))],
                }, Cancellation);
                if (answer.IsOk)
                {
                    lock (committed)
                    {
                        committed.Add((versions, written));
                    }
                }
                else
                {
                    answer.Error.Code.ShouldBe("store.conflict");
                    Interlocked.Increment(ref conflicts);
                }
            }
        })));

        conflicts.ShouldBeGreaterThan(0);
        committed.Count.ShouldBeGreaterThan(40);
        ShouldBeSerialisable(committed);
        foreach (var key in Enumerable.Range(0, 6).Select(k => $"k{k}"))
        {
            var version = (await Store.Records.GetAsync("test.register", key, Cancellation))?.Version ?? 0;
            version.ShouldBe(committed.Count(c => c.Writes.Contains(key)));
        }

        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_of_two_that_ask_for_the_absence_of_what_the_other_writes_excludes_the_other()
    {
        for (var round = 0; round < 30; round++)
        {
            var (a, b) = ($"a{round}", $"b{round}");
            var answers = await Task.WhenAll(
                Task.Run(() => CommitAsync(Writes(Record(a, 0)) with { Preconditions = [new("test.register", b, 0)] })),
                Task.Run(() => CommitAsync(Writes(Record(b, 0)) with { Preconditions = [new("test.register", a, 0)] })));

            answers.Count(r => r.IsOk).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Large_and_small_write_sets_that_meet_neither_deadlock_nor_mix()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 200).Select(i => Record($"r{i}", 0))]));
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var won = 0;
            for (var i = 0; i < 10; i++)
            {
                var versions = (await Store.Records.ListAsync(new("test.register", [], Limit: 1_000), Cancellation)).Value.Records
                    .ToDictionary(r => r.Id, r => r.Version);
                var mine = caller % 2 == 0 ? versions.Keys : versions.Keys.Where(k => k.EndsWith($"{caller}", StringComparison.Ordinal)).Reverse();
                won += (await CommitAsync(Writes([.. mine.Select(k => Record(k, versions[k], $"{caller}"))]))).Match(_ => 1, e =>
                {
                    e.Code.ShouldBe("store.conflict");
                    return 0;
                });
            }

            return won;
        })));

        wins.Sum().ShouldBeGreaterThan(0);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    /// <summary>
    /// Who read version v comes after who wrote it and before who wrote v + 1; an order of all exists when this has no circle.
    /// </summary>
    private static void ShouldBeSerialisable(List<(Dictionary<string, long> Reads, HashSet<string> Writes)> committed)
    {
        var writer = new Dictionary<(string, long), int>();
        for (var i = 0; i < committed.Count; i++)
        {
            foreach (var key in committed[i].Writes)
            {
                // Two writers of one version would be a lost update.
                writer.TryAdd((key, committed[i].Reads[key] + 1), i).ShouldBeTrue();
            }
        }

        var after = committed.Select(_ => new HashSet<int>()).ToArray();
        for (var i = 0; i < committed.Count; i++)
        {
            foreach (var (key, version) in committed[i].Reads)
            {
                if (version > 0)
                {
                    after[writer[(key, version)]].Add(i);
                }

                if (writer.TryGetValue((key, version + 1), out var next) && next != i)
                {
                    after[i].Add(next);
                }
            }
        }

        var waiting = new int[committed.Count];
        foreach (var next in after.SelectMany(n => n))
        {
            waiting[next]++;
        }

        var ready = new Queue<int>(Enumerable.Range(0, committed.Count).Where(i => waiting[i] == 0));
        var placed = 0;
        while (ready.TryDequeue(out var i))
        {
            placed++;
            foreach (var next in after[i].Where(n => --waiting[n] == 0))
            {
                ready.Enqueue(next);
            }
        }

        placed.ShouldBe(committed.Count, "the committed write sets have no serial order");
    }

    private bool Check(((int Key, long Version, bool Remove)[] Writes, (int Key, long Version)[] Expected)[] steps) =>
        CheckAsync(steps).GetAwaiter().GetResult();

    private async Task<bool> CheckAsync(((int Key, long Version, bool Remove)[] Writes, (int Key, long Version)[] Expected)[] steps)
    {
        var prefix = $"case{_case++}/";
        var model = new Dictionary<string, (long Count, bool There)>();
        long VersionOf(string key) => model.TryGetValue(key, out var r) && r.There ? r.Count : 0;
        foreach (var (writes, expected) in steps)
        {
            var holds = writes.All(w => VersionOf(prefix + w.Key) == w.Version) && expected.All(e => VersionOf(prefix + e.Key) == e.Version);
            var answer = await CommitAsync(Writes([.. writes.Select(w => Record(prefix + w.Key, w.Version, w.Remove ? null : "x"))]) with
            {
                Preconditions = [.. expected.Select(e => new Precondition("test.register", prefix + e.Key, e.Version))],
            });
            if (answer.IsOk != holds)
            {
                return false;
            }

            foreach (var w in holds ? writes : [])
            {
                model[prefix + w.Key] = (model.GetValueOrDefault(prefix + w.Key).Count + 1, !w.Remove);
            }
        }

        foreach (var key in Enumerable.Range(0, 4).Select(k => $"{prefix}{k}"))
        {
            if (((await Store.Records.GetAsync("test.register", key, Cancellation))?.Version ?? 0) != VersionOf(key))
            {
                return false;
            }
        }

        return true;
    }
}
