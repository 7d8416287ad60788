using System.Buffers.Binary;
using Waymark.Storage;

namespace Storage.Conformance.Harness;

/// <summary>A store suite whose records are indexed: short ways to write, search and list them.</summary>
public abstract class IndexedStoreSuite(string kind) : StoreSuite(kind)
{
    protected const string Register = "register";

    /// <summary>A key of eight bytes out of a number.</summary>
    protected static RecordKey Key(int number, short kind = 1)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number * 2_654_435_761L);
        return new(kind, bytes);
    }

    protected static RecordWrite Indexed(string id, long expected, string? text = "x", RecordPartition partition = RecordPartition.General,
        int[]? keys = null, string unit = "u1", string state = "open", string? owner = null, DateTimeOffset? due = null,
        ulong purposes = 1, byte sensitivity = 0, string register = Register) =>
        new(register, id, expected, text is null ? (ReadOnlyMemory<byte>?)null : Json(text), Json($"set {text}"), [])
        {
            Partition = partition,
            Index = text is null ? null : new(state, owner, due, unit, purposes, sensitivity, [.. (keys ?? []).Select(k => Key(k))]),
        };

    protected Task<KeyMatches> SearchAsync(int[] keys, string[]? units = null, ulong purposes = ulong.MaxValue, byte ceiling = 255,
        RecordPartition partition = RecordPartition.General, int postings = 1_000, params string[] registers) =>
        Store.Records.SearchAsync(new(partition, registers is [] ? [Register] : registers, [.. keys.Select(k => Key(k))],
            new(units ?? ["u1", "u2"], purposes, ceiling), postings), Cancellation);

    protected static IndexQuery Query(string[]? units = null, string[]? states = null, string? owner = null, DateTimeOffset? before = null,
        IndexOrder order = IndexOrder.Due, int limit = 1_000, RecordPartition partition = RecordPartition.General) =>
        new(partition, Register, new(units ?? ["u1", "u2"], ulong.MaxValue, 255), states, owner, before, order, limit, null);

    protected async Task<List<string>> ListAsync(string[]? units = null, string[]? states = null, RecordPartition partition = RecordPartition.General) =>
        [.. (await PageAsync(Query(units, states, partition: partition))).Records.Select(r => r.Id)];

    protected async Task<IndexPage> PageAsync(IndexQuery query) => (await Store.Records.ListIndexedAsync(query, Cancellation)).Value;

    protected async Task<IndexedRecord> RowAsync(string id) => (await PageAsync(Query())).Records.Single(r => r.Id == id);

    protected async Task<List<StoredOperation>> HistoryAsync(RecordPartition partition, string id)
    {
        var history = new List<StoredOperation>();
        await foreach (var operation in Store.Records.HistoryAsync(partition, Register, id, Cancellation))
        {
            history.Add(operation);
        }

        return history;
    }
}
