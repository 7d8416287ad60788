using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Bad input is normal input: every write set that could not be stored the same on both stores is refused alike.</summary>
public abstract class LimitSuite(string kind) : StoreSuite(kind)
{
    public static TheoryData<string, string> Refused => new()
    {
        { "nul", "store.invalid" }, { "surrogate", "store.invalid" }, { "empty-id", "store.invalid" }, { "long-id", "store.invalid" },
        { "long-head", "store.invalid" }, { "many-heads", "store.invalid" }, { "same-head", "store.invalid" }, { "twice", "store.invalid" },
        { "not-json", "store.invalid" }, { "not-utf8", "store.invalid" }, { "two-values", "store.invalid" }, { "empty-actor", "store.invalid" },
        { "remove-nothing", "store.invalid" }, { "flip-back", "store.invalid" }, { "flip-from-visible", "store.invalid" },
        { "no-blob-address", "store.invalid" }, { "huge-segment", "store.invalid" }, { "many-parts", "store.too-large" },
        { "many-bytes", "store.too-large" }, { "bad-payload", "store.invalid" }, { "deep-json", "store.invalid" },
        { "partition", "store.invalid" }, { "heads-in-partition", "store.invalid" }, { "precondition-partition", "store.invalid" },
        { "index-of-removed", "store.invalid" }, { "long-state", "store.invalid" }, { "empty-unit", "store.invalid" }, { "empty-owner", "store.invalid" },
        { "many-keys", "store.invalid" }, { "short-key", "store.invalid" }, { "long-key", "store.invalid" }, { "same-key", "store.invalid" },
        { "keys-together", "store.too-large" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_write_set_that_could_never_be_stored_is_refused_and_changes_nothing(string name, string code)
    {
        var before = await CountAsync();

        (await CommitAsync(Make(name))).Error!.Code.ShouldBe(code);

        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_write_set_at_its_limits_is_taken()
    {
        var text = new string('x', WriteLimit / 1_000);
        var records = Enumerable.Range(0, 1_000)
            .Select(i => Record($"r{i}", 0, i < 900 ? text : "x", ("n", new string('y', 1_024)))).ToArray();

        (await CommitAsync(Writes(records))).IsOk.ShouldBeTrue();

        (await Store.Records.ListAsync(new("test.register", [], "n", Limit: 1_000), Cancellation)).Value.Records.Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task An_empty_write_set_is_a_change_like_any_other()
    {
        var first = await MustCommitAsync(Empty);

        (await MustCommitAsync(Empty)).Sequence.ShouldBeGreaterThan(first.Sequence);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.CommitAsync(Empty, cancelled.Token));
    }

    // Room for ids, heads and operations beside the documents.
    private const int WriteLimit = 4 * 1024 * 1024 / 2;

    private static WriteSet Make(string name)
    {
        var heads = (int count) => Enumerable.Range(0, count).Select(i => ($"h{i}", "v")).ToArray();
        return name switch
        {
            "nul" => Writes(Record("a", 0, "x", ("name", "a\0b"))),
            "surrogate" => Writes(Record("a\ud800", 0)),
            "empty-id" => Writes(Record("", 0)),
            "long-id" => Writes(Record(new('x', 513), 0)),
            "long-head" => Writes(Record("a", 0, "x", ("name", new string('x', 1_025)))),
            "many-heads" => Writes(Record("a", 0, "x", heads(17))),
            "same-head" => Writes(Record("a", 0, "x", ("h", "1"), ("h", "2"))),
            "twice" => Writes(Record("a", 0), Record("a", 0)),
            "not-json" => Writes(Record("a", 0) with { Document = "{"u8.ToArray() }),
            "not-utf8" => Writes(Record("a", 0) with { Document = new byte[] { (byte)'"', 0xFF, (byte)'"' } }),
            "two-values" => Writes(Record("a", 0) with { Operation = "1 2"u8.ToArray() }),
            "deep-json" => Writes(Record("a", 0) with { Document = Enumerable.Repeat((byte)'[', 5_000).ToArray() }),
            "empty-actor" => Empty with { Actor = "" },
            "remove-nothing" => Writes(Record("a", 0, null)),
            "flip-back" => Empty with { Flips = [new("v", VintageState.Visible, VintageState.Staged)] },
            "flip-from-visible" => Empty with { Flips = [new("v", VintageState.Visible, VintageState.Discarded)] },
            "no-blob-address" => Empty with { BlobReferences = [new("o", new("../../etc/passwd"))] },
            "huge-segment" => Empty with { Segments = [new("v", 0, BlobId.Of([1]), 65_537)] },
            "many-parts" => Writes([.. Enumerable.Range(0, 1_001).Select(i => Record($"r{i}", 0))]),
            "many-bytes" => Writes(Record("a", 0, new('x', (4 * 1024 * 1024) + 1))),
            "partition" => Writes(Record("a", 0) with { Partition = (RecordPartition)4 }),
            "heads-in-partition" => Writes(Record("a", 0, "x", ("h", "1")) with { Partition = RecordPartition.Missing }),
            "precondition-partition" => Empty with { Preconditions = [new("r", "a", 0) { Partition = (RecordPartition)(-1) }] },
            "index-of-removed" => Writes(Record("a", 1, null) with { Index = Index(0) }),
            "long-state" => Writes(Record("a", 0) with { Index = Index(0) with { State = new('s', 65) } }),
            "empty-unit" => Writes(Record("a", 0) with { Index = Index(0) with { Unit = "" } }),
            "empty-owner" => Writes(Record("a", 0) with { Index = Index(0) with { Owner = "" } }),
            "many-keys" => Writes(Record("a", 0) with { Index = Index(257) }),
            "short-key" => Writes(Record("a", 0) with { Index = Index(0) with { Keys = [new(1, new byte[7])] } }),
            "long-key" => Writes(Record("a", 0) with { Index = Index(0) with { Keys = [new(1, new byte[33])] } }),
            "same-key" => Writes(Record("a", 0) with { Index = Index(0) with { Keys = [new(1, new byte[8]), new(1, new byte[8])] } }),
            "keys-together" => Writes([.. Enumerable.Range(0, 101).Select(i => Record($"r{i}", 0) with { Index = Index(200) })]),
            "bad-payload" => Empty with { Tasks = [new("j", "q", new byte[] { 1 })] },
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    private static RecordIndex Index(int keys) =>
        new("open", null, null, "u1", 1, 0, [.. Enumerable.Range(0, keys).Select(i => new RecordKey(1, BitConverter.GetBytes((long)i)))]);

    private async Task<long> CountAsync() => long.Parse((await Kind.RunAsync(Location, "select count(*) from change"))[0], null);
}
