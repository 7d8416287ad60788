using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Search by keys and lists by index, against a model in memory: both stores answer as the model, so they answer alike.</summary>
public abstract class SearchSuite(string kind) : IndexedStoreSuite(kind)
{
    private static readonly string[] _units = ["u1", "u2", "unit/王", "\U0001F30D", "Ａ"];
    private static readonly string[] _states = ["closed", "open", "waiting"];
    private static readonly string?[] _owners = [null, "a", "b"];
    private int _case;

    [Fact]
    public void Searches_and_lists_answer_as_the_model_does_whatever_was_written_before() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => CheckAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    [Fact]
    public async Task A_search_says_which_keys_more_records_carry_than_it_reads()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 999).Select(i => Indexed($"r{i:0000}", 0, keys: i < 2 ? [1, 2] : [1]))]));
        (await SearchAsync([1])).CappedKeys.ShouldBeEmpty();
        await MustCommitAsync(Writes(Indexed("r0999", 0, keys: [1])));
        (await SearchAsync([1])).CappedKeys.ShouldBeEmpty();
        await MustCommitAsync(Writes(Indexed("r1000", 0, keys: [1, 3])));

        var more = await SearchAsync([1, 2, 3, 4]);

        more.CappedKeys.ShouldBe([0]);
        more.Records.Count.ShouldBe(1_001);
        // Rarest first; and the record beyond the cap, found by a rarer key, is known to carry the common one too.
        more.Records.Take(3).Select(r => r.Id).ShouldBe(["r1000", "r0000", "r0001"]);
        more.Records.Take(3).Select(r => string.Join(',', r.Keys)).ShouldBe(["0,2", "0,1", "0,1"]);
        (await SearchAsync([1], postings: 5)).Records.Select(r => r.Id).ShouldBe(["r0000", "r0001", "r0002", "r0003", "r0004"]);
        // Who may see few of them is told of few.
        (await SearchAsync([1], ["nobody"])).CappedKeys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kind_and_length_are_part_of_a_key()
    {
        var bytes = new byte[32];
        bytes[0] = 1;
        await MustCommitAsync(Writes(Indexed("a", 0) with { Index = new("open", null, null, "u1", 1, 0, [new(-5, bytes)]) }));

        foreach (var (asked, found) in new[] { (new RecordKey(-5, bytes), 1), (new(5, bytes), 0), (new(-5, bytes.AsMemory(0, 31)), 0) })
        {
            (await Store.Records.SearchAsync(new(RecordPartition.General, [Register], [asked], new(["u1"], 1, 0)), Cancellation))
                .Records.Count.ShouldBe(found);
        }
    }

    [Fact]
    public async Task A_search_outside_its_limits_is_a_bug_of_the_caller()
    {
        KeySearch search = new(RecordPartition.General, [Register], [Key(1)], new(["u1"], 1, 0));

        foreach (var wrong in new[]
        {
            search with { Keys = [] }, search with { Keys = [.. Enumerable.Range(0, 257).Select(i => Key(i))] }, search with { Registers = [] },
            search with { Keys = [new(1, new byte[7])] }, search with { Keys = [Key(1), Key(1)] }, search with { PostingsPerKey = 0 },
            search with { PostingsPerKey = 1_001 }, search with { MostRecords = 0 }, search with { Partition = (RecordPartition)4 }, search with { Registers = ["a\0"] },
            search with { Filter = new([.. Enumerable.Range(0, 257).Select(i => $"u{i}")], 1, 0) },
        })
        {
            await Should.ThrowAsync<ArgumentException>(() => Store.Records.SearchAsync(wrong, Cancellation));
        }
    }

    [Theory]
    [InlineData(IndexOrder.Due)]
    [InlineData(IndexOrder.Changed)]
    public async Task While_others_write_a_record_that_nobody_changes_is_on_exactly_one_page(IndexOrder order)
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 200).Select(i => Indexed($"still{i:000}", 0, due: Due(i), unit: _units[i % 3]))]));
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 50).Select(i => Indexed($"moved{i:000}", 0, due: Due(i * 4), unit: "u1"))]));
        var random = new Random(7);
        var version = Enumerable.Repeat(1L, 50).ToArray();
        var seen = new List<string>();
        var query = Query(_units, order: order, limit: 7);
        do
        {
            var page = await PageAsync(query);
            seen.AddRange(page.Records.Select(r => r.Id));
            query = query with { After = page.Next };
            var moved = random.Next(50);
            Clock.Advance(TimeSpan.FromSeconds(1));
            await MustCommitAsync(Writes(Indexed($"moved{moved:000}", version[moved]++, due: Due(random.Next(200)), unit: "u2")));
        }
        while (query.After is not null);

        seen.Where(id => id.StartsWith("still", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 200).Select(i => $"still{i:000}"));
    }

    [Fact]
    public async Task A_list_outside_its_limits_or_with_a_token_of_another_list_is_refused()
    {
        await MustCommitAsync(Writes(Indexed("a", 0), Indexed("b", 0)));
        var token = (await PageAsync(Query(limit: 1))).Next!;

        (await PageAsync(Query(limit: 1) with { After = token })).Records.ShouldHaveSingleItem().Id.ShouldBe("b");
        // What may be seen is asked anew for each page.
        (await PageAsync(Query(["u2"], limit: 1) with { After = token })).Records.ShouldBeEmpty();
        foreach (var (query, code) in new[]
        {
            (Query(limit: 0), "store.invalid"), (Query(limit: 1_001), "store.invalid"), (Query() with { Register = "" }, "store.invalid"),
            (Query() with { Order = (IndexOrder)9 }, "store.invalid"), (Query(owner: ""), "store.invalid"), (Query(states: [""]), "store.invalid"),
            (Query([.. Enumerable.Range(0, 257).Select(i => $"u{i}")]), "store.invalid"), (Query(owner: "x") with { After = token }, "store.bad-page-token"),
            (Query(order: IndexOrder.Changed) with { After = token }, "store.bad-page-token"), (Query() with { After = "nonsense" }, "store.bad-page-token"),
            (Query(partition: RecordPartition.Victim) with { After = token }, "store.bad-page-token"),
        })
        {
            (await Store.Records.ListIndexedAsync(query, Cancellation)).Error!.Code.ShouldBe(code);
        }
    }

    private DateTimeOffset? Due(int hours) => hours % 10 == 0 ? null : Midnight.AddHours(hours);

    private DateTimeOffset Midnight => new(Clock.GetUtcNow().Date, TimeSpan.Zero);

    private async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        string[] registers = [$"case{++_case}/a", $"case{_case}/b"];
        var model = new Model();
        for (var round = 0; round < 4; round++)
        {
            Clock.Advance(TimeSpan.FromSeconds(random.Next(2)));
            var ids = Enumerable.Range(0, 30).Where(_ => random.Next(2) == 0).Select(i => (Register: registers[random.Next(2)], Id: $"r{i:00}")).Distinct();
            await MustCommitAsync(Writes([.. ids.Select(at => Change(random, model, at.Register, at.Id)).OfType<RecordWrite>()]));
        }

        for (var i = 0; i < 6; i++)
        {
            var filter = new RowFilter([.. _units.Where(_ => random.Next(3) > 0)], (ulong)random.Next(8), (byte)random.Next(4));
            var narrower = new RowFilter([.. filter.Units.Skip(1)], filter.Purposes & (ulong)random.Next(8), (byte)Math.Max(0, filter.Ceiling - 1));
            await CompareSearchAsync(random, registers, model, filter, narrower);
            await CompareListAsync(random, registers[random.Next(2)], model, filter);
        }
    }

    private RecordWrite? Change(
        Random random, Model model, string register, string id)
    {
        var former = model.GetValueOrDefault((register, id)) ?? new(0, true, null, default);
        var expected = former.Removed ? 0 : former.Version;
        var step = random.Next(10);
        if (former.Removed && step > 7)
        {
            return null;
        }

        if (!former.Removed && step < 2)
        {
            model[(register, id)] = new(former.Version + 1, step == 0, null, Clock.GetUtcNow());
            var unlisted = Indexed(id, expected, register: register) with { Index = null };
            return step == 0 ? unlisted with { Document = null } : unlisted;
        }

        var index = new RecordIndex(_states[random.Next(3)], _owners[random.Next(3)], Due(random.Next(20)), _units[random.Next(_units.Length)],
            (ulong)random.Next(8), (byte)random.Next(4), [.. Enumerable.Range(0, 8).Where(_ => random.Next(2) == 0).Select(k => Key(k))]);
        model[(register, id)] = new(former.Version + 1, false, index, Clock.GetUtcNow());
        return Indexed(id, expected, register: register) with { Index = index };
    }

    private async Task CompareSearchAsync(Random random, string[] registers,
        Model model, RowFilter filter, RowFilter narrower)
    {
        var keys = Enumerable.Range(0, 10).Where(_ => random.Next(2) == 0).Append(11).ToArray();
        var search = new KeySearch(RecordPartition.General, registers, [.. keys.Select(k => Key(k))], filter, random.Next(2) == 0 ? random.Next(1, 6) : 1_000);
        var carriers = search.Keys.Select(key => model.Where(m => m.Value.Index is { } index && Sees(filter, index) && index.Keys.Contains(key))
            .OrderBy(m => m.Value.Index!.Unit, StringComparer.Ordinal).ThenBy(m => m.Key.Register, StringComparer.Ordinal)
            .ThenBy(m => m.Key.Id, StringComparer.Ordinal).Select(m => m.Key).ToList()).ToList();
        var counts = carriers.ConvertAll(c => Math.Min(c.Count, search.PostingsPerKey + 1));
        var capped = Enumerable.Range(0, keys.Length).Where(k => counts[k] > search.PostingsPerKey).ToList();
        var read = carriers.ConvertAll(c => c.Take(search.PostingsPerKey).ToHashSet());
        var expected = read.SelectMany(r => r).Distinct().Select(at => (At: at, Keys: Enumerable.Range(0, keys.Length).Where(k =>
                read[k].Contains(at) || (capped.Contains(k) && carriers[k].Contains(at)
                    && Enumerable.Range(0, keys.Length).Any(rare => !capped.Contains(rare) && read[rare].Contains(at)))).ToList()))
            .OrderBy(f => f.Keys.Min(k => counts[k])).ThenByDescending(f => f.Keys.Count)
            .ThenBy(f => f.At.Register, StringComparer.Ordinal).ThenBy(f => f.At.Id, StringComparer.Ordinal)
            .Select(f => $"{f.At.Register}/{f.At.Id} {string.Join(',', f.Keys)}").ToList();

        var found = await Store.Records.SearchAsync(search, Cancellation);

        found.CappedKeys.ShouldBe(capped);
        found.Records.Select(r => $"{r.Register}/{r.Id} {string.Join(',', r.Keys)}").ShouldBe(expected);
        var most = random.Next(1, 12);
        var first = await Store.Records.SearchAsync(search with { MostRecords = most }, Cancellation);
        first.CappedKeys.ShouldBe(capped);
        first.Records.Select(r => $"{r.Register}/{r.Id} {string.Join(',', r.Keys)}").ShouldBe(expected.Take(most));
        var all = (await Store.Records.SearchAsync(search with { PostingsPerKey = 1_000 }, Cancellation)).Records.Select(r => (r.Register, r.Id)).ToHashSet();
        (await Store.Records.SearchAsync(search with { PostingsPerKey = 1_000, Filter = narrower }, Cancellation)).Records
            .ShouldAllBe(r => all.Contains(new(r.Register, r.Id)));
    }

    private async Task CompareListAsync(Random random, string register,
        Model model, RowFilter filter)
    {
        var states = random.Next(2) == 0 ? null : _states.Where(_ => random.Next(2) == 0).ToArray();
        var owner = _owners[random.Next(3)];
        var before = random.Next(2) == 0 ? null : (DateTimeOffset?)Midnight.AddHours(random.Next(20));
        var order = random.Next(2) == 0 ? IndexOrder.Due : IndexOrder.Changed;
        var rows = model.Where(m => m.Key.Register == register && m.Value.Index is { } index && Sees(filter, index)
                && (states is null || states.Contains(index.State)) && (owner is null || index.Owner == owner) && (before is null || index.Due < before))
            .Select(m => new IndexedRecord(register, m.Key.Id, m.Value.Version, m.Value.Index!.State, m.Value.Index.Owner, m.Value.Index.Due,
                m.Value.Index.Unit, m.Value.Index.Purposes, m.Value.Index.Sensitivity, m.Value.At));
        var expected = order == IndexOrder.Due
            ? rows.OrderBy(r => r.Due ?? DateTimeOffset.MaxValue).ThenBy(r => r.Id, StringComparer.Ordinal)
            : rows.OrderByDescending(r => r.ChangedAt).ThenByDescending(r => r.Id, StringComparer.Ordinal);
        var query = new IndexQuery(RecordPartition.General, register, filter, states, owner, before, order, random.Next(1, 8), null);
        var listed = new List<IndexedRecord>();
        do
        {
            var page = await PageAsync(query);
            page.Records.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            listed.AddRange(page.Records);
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        listed.ShouldBe(expected.ToList());
    }

    private static bool Sees(RowFilter filter, RecordIndex index) =>
        filter.Units.Contains(index.Unit) && (filter.Purposes & index.Purposes) != 0 && index.Sensitivity <= filter.Ceiling;

    private sealed record Entry(long Version, bool Removed, RecordIndex? Index, DateTimeOffset At);

    private sealed class Model : Dictionary<(string Register, string Id), Entry>;
}
