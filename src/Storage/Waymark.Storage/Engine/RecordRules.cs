using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>What an index of a record, and a question to the indexes, must be.</summary>
internal static class RecordRules
{
    /// <summary>Keys of one record, and of one search.</summary>
    public const int MaximumKeys = 256;

    /// <summary>Keys of one write set: more would keep people waiting behind it.</summary>
    public const int MaximumKeysTogether = 20_000;

    public const int MaximumUnits = 256;
    public const int MaximumStates = 64;
    public const int MaximumState = 64;
    public const int ShortestKey = 8;
    public const int LongestKey = 32;

    public static Error? Check(RecordPartition partition, string where) =>
        Enum.IsDefined(partition) ? null : StoreErrors.Invalid($"partition {(int)partition}", where);

    public static Error? Check(RecordWrite record, string where) =>
        Check(record.Partition, where)
            ?? (record is { Partition: not RecordPartition.General, Heads.Count: > 0 } ? StoreErrors.Invalid("heads outside the general partition", where) : null)
            ?? (record.Index is { } index ? CheckIndex(record, index, where) : null);

    public static Error? Check(RowFilter filter) =>
        filter.Units.Count > MaximumUnits
            ? StoreErrors.Invalid($"{filter.Units.Count} units, limit {MaximumUnits}", "units")
            : CheckNames(filter.Units, "units");

    /// <summary>A list must be answerable: known bounds, texts that can be stored.</summary>
    public static Error? Check(IndexQuery query) =>
        query.Limit is < 1 or > 1_000
            ? StoreErrors.Invalid($"limit {query.Limit}", "limit")
            : !Enum.IsDefined(query.Order)
                ? StoreErrors.Invalid($"order {(int)query.Order}", "order")
                : query.States is { Count: > MaximumStates } states
                    ? StoreErrors.Invalid($"{states.Count} states, limit {MaximumStates}", "states")
                    : Check(query.Partition, "partition")
                        ?? WriteSetRules.Key(query.Register, "register")
                        ?? Check(query.Filter)
                        ?? CheckNames(query.States ?? [], "states")
                        ?? (query.Owner is null ? null : WriteSetRules.Key(query.Owner, "owner"));

    public static Error? CheckNames(IReadOnlyList<string> names, string where)
    {
        foreach (var name in names)
        {
            if (WriteSetRules.Key(name, where) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    public static Error? CheckKeys(IReadOnlyList<RecordKey> keys, string where)
    {
        if (keys.Count > MaximumKeys)
        {
            return StoreErrors.Invalid($"{keys.Count} keys, limit {MaximumKeys}", where);
        }

        var seen = new HashSet<RecordKey>();
        foreach (var key in keys)
        {
            if (key.Key.Length is < ShortestKey or > LongestKey)
            {
                return StoreErrors.Invalid($"a key of {key.Key.Length} bytes", where);
            }

            if (!seen.Add(key))
            {
                return StoreErrors.Invalid("named twice in one write set", $"{where} key");
            }
        }

        return null;
    }

    private static Error? CheckIndex(RecordWrite record, RecordIndex index, string where) =>
        record.Document is null
            ? StoreErrors.Invalid("index of a removed record", where)
            : index.State.Length is 0 or > MaximumState
                ? StoreErrors.Invalid($"state of {index.State.Length} characters", where)
                : WriteSetRules.Key(index.State, where)
                    ?? (index.Owner is null ? null : WriteSetRules.Key(index.Owner, where))
                    ?? WriteSetRules.Key(index.Unit, where)
                    ?? CheckKeys(index.Keys, where);
}
