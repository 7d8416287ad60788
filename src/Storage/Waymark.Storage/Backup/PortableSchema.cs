using Waymark.Storage.Engine;

namespace Waymark.Storage.Backup;

internal enum PortableType
{
    /// <summary>64-bit integer.</summary>
    Integer,

    /// <summary>Text.</summary>
    Text,

    /// <summary>UTF-8 JSON held as bytes; written as a string, so that a person can read a backup.</summary>
    Json,

    /// <summary>Bytes; written in base64.</summary>
    Bytes,
}

internal sealed record PortableColumn(string Name, PortableType Type, bool Nullable = false);

/// <summary>A table; <paramref name="Since"/> is the format version from which on a backup has it.</summary>
internal sealed record PortableTable(string Name, string Key, IReadOnlyList<PortableColumn> Columns, int Since = 1)
{
    public string ColumnList => string.Join(", ", Columns.Select(c => c.Name));

    /// <summary>All rows in order of the key: the same store gives the same file, whichever kind it is.</summary>
    public string Select => $"select {ColumnList} from {Name} order by {Key}";

    public string FileName => $"tables/{Name}.jsonl";
}

/// <summary>
/// The tables both stores have, column for column, in an order in which they can be filled. It is the portable format of
/// docs/formats/backup.md: changing it means a new format version.
/// </summary>
internal static class PortableSchema
{
    public const string Format = "waymark-backup/3";

    /// <summary>
    /// The versions before: 1 knows no ledger, 2 no partitions and no indexes. They are restored with empty tables for what
    /// they do not know.
    /// </summary>
    private static readonly string[] _formats = ["waymark-backup/1", "waymark-backup/2", Format];

    public static IReadOnlyList<PortableTable> Tables { get; } =
    [
        new("change", "sequence", [Int("sequence"), Int("at"), Text("actor"), Text("reason")]),
        new("blob", "id", [Text("id"), Int("length"), Int("stored_at"), Int("shredded_at", true)]),
        new("blob_chunk", "blob, ordinal", [Text("blob"), Int("ordinal"), Text("chunk"), Int("length")]),
        new("record", "register, id", [Text("register"), Text("id"), Int("version"), Int("sequence"), Int("written_at"), Json("document", true)]),
        new("record_head", "register, name, value, id", [Text("register"), Text("name"), Text("value"), Text("id")]),
        new("record_operation", "register, id, version", [Text("register"), Text("id"), Int("version"), Int("sequence"), Json("operation")]),
        new("vintage", "id",
        [
            Text("id"), Text("series"), Text("import"), Text("release"), Int("release_order"), Int("state"), Int("staged"),
            Int("staged_at"), Int("sequence"), Int("visible_from", true), Int("observations"),
        ]),
        new("segment", "vintage, ordinal", [Text("vintage"), Int("ordinal"), Text("blob"), Int("observations")]),
        new("blob_reference", "owner, blob", [Text("owner"), Text("blob")]),
        new("job", "id",
        [
            Text("id"), Text("queue"), Json("payload"), Int("state"), Int("due_at"), Int("sequence"), Int("position"),
            Int("enqueued_at"), Int("term"), Text("worker", true), Int("lease_until", true), Int("attempts"),
            Int("stop_requested"), Text("progress_step", true), Int("progress_done", true), Int("progress_of", true),
            Json("result", true), Text("error_text", true), Int("started_at", true), Int("ended_at", true),
        ]),
        new("ledger_pending", "sequence", [Int("sequence"), Int("leaves"), Bytes("entries"), Int("at")], 2),
        new("ledger_tile", "level, position", [Int("level"), Int("position"), Bytes("hashes")], 2),
        new("ledger_bundle", "position", [Int("position"), Bytes("entries")], 2),
        new("ledger_leaf", "id", [Bytes("id"), Int("position")], 2),
        new("ledger_checkpoint", "size", [Int("size"), Bytes("note"), Int("at"), Int("published")], 2),
        .. RecordTables.All.SelectMany(Partition),
    ];

    /// <summary>The tables of a backup of this format; empty for an unknown one.</summary>
    public static IReadOnlyList<PortableTable> Of(string? format) =>
        Array.IndexOf(_formats, format) is var place and >= 0 ? [.. Tables.Where(table => table.Since <= place + 1)] : [];

    private static IEnumerable<PortableTable> Partition(RecordTables tables)
    {
        if (tables.Partition != RecordPartition.General)
        {
            yield return new(tables.Record, "register, id",
                [Text("register"), Text("id"), Int("version"), Int("sequence"), Int("written_at"), Json("document", true)], 3);
            yield return new(tables.Operation, "register, id, version",
                [Text("register"), Text("id"), Int("version"), Int("sequence"), Json("operation")], 3);
        }

        yield return new(tables.Index, "register, id",
        [
            Text("register"), Text("id"), Int("version"), Text("state"), Text("owner", true), Int("due"), Text("unit"),
            Int("purposes"), Int("sensitivity"), Int("changed_at"), Int("keys"),
        ], 3);
        yield return new(tables.Key, "key, register, unit, id",
            [Bytes("key"), Text("register"), Text("unit"), Text("id"), Int("purposes"), Int("sensitivity")], 3);
    }

    private static PortableColumn Int(string name, bool nullable = false) => new(name, PortableType.Integer, nullable);

    private static PortableColumn Text(string name, bool nullable = false) => new(name, PortableType.Text, nullable);

    private static PortableColumn Bytes(string name) => new(name, PortableType.Bytes);

    private static PortableColumn Json(string name, bool nullable = false) => new(name, PortableType.Json, nullable);
}

/// <summary>One consistent view of a store, whatever is written meanwhile.</summary>
internal interface IPortableSnapshot : IAsyncDisposable
{
    /// <summary>Rows as <see cref="long"/>, <see cref="string"/>, UTF-8 <see cref="byte"/> arrays or null.</summary>
    IAsyncEnumerable<object?[]> RowsAsync(PortableTable table, CancellationToken cancellationToken);

    IAsyncEnumerable<string> ChunkIdsAsync(CancellationToken cancellationToken);

    Task<byte[]?> ChunkAsync(string id, CancellationToken cancellationToken);
}

/// <summary>What a store offers to backup, restore and verification besides its ports.</summary>
internal interface IPortableStore
{
    Task<IPortableSnapshot> SnapshotAsync(CancellationToken cancellationToken);

    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>Chunks one by one, then all tables in one transaction: after a crash the store counts as empty.</summary>
    Task ImportAsync(
        IAsyncEnumerable<Chunk> chunks,
        Func<PortableTable, IAsyncEnumerable<object?[]>> rows,
        CancellationToken cancellationToken);
}
