using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>What a write set must be before a store looks at it. Checked once, outside any transaction.</summary>
internal static class WriteSetRules
{
    public const int MaximumParts = 1_000;
    public const int MaximumBytes = 4 * 1024 * 1024;
    public const int MaximumHeads = 16;
    public const int MaximumHeadValue = 1_024;
    public const int MaximumKey = 512;
    public const int MaximumObservations = 65_536;

    public static Error? Check(WriteSet writes)
    {
        var parts = writes.Records.Count + writes.Preconditions.Count + writes.Leases.Count + writes.Vintages.Count
            + writes.Segments.Count + writes.Flips.Count + writes.BlobReferences.Count + writes.Tasks.Count + writes.Leaves.Count;
        if (parts > MaximumParts)
        {
            return StoreErrors.TooLarge($"{parts} parts", MaximumParts);
        }

        var keys = writes.Records.Sum(r => (long)(r.Index?.Keys.Count ?? 0));
        if (keys > RecordRules.MaximumKeysTogether)
        {
            return StoreErrors.TooLarge($"{keys} search keys", RecordRules.MaximumKeysTogether);
        }

        var bytes = writes.Records.Sum(r => (long)(r.Document?.Length ?? 0) + r.Operation.Length)
            + writes.Tasks.Sum(t => (long)t.Payload.Length) + writes.Leaves.Sum(l => (long)l.Length);
        if (bytes > MaximumBytes)
        {
            return StoreErrors.TooLarge($"{bytes} bytes", MaximumBytes);
        }

        return Key(writes.Actor, "actor")
            ?? Key(writes.Reason, "reason")
            ?? First(writes.Records, CheckRecord)
            ?? Once(writes.Records.Select(r => (r.Partition, r.Register, r.Id)), key => $"{key.Register}/{key.Id}")
            ?? First(writes.Preconditions, p => RecordRules.Check(p.Partition, "partition") ?? Key(p.Register, "register") ?? Key(p.Id, "id"))
            ?? First(writes.Leases, l => Key(l.Job, "job"))
            ?? First(writes.Vintages, v => Key(v.Id, "vintage") ?? Key(v.Series, v.Id) ?? Key(v.Import, v.Id)
                ?? Text(v.Release, MaximumKey, v.Id))
            ?? Once(writes.Vintages.Select(v => v.Id), id => id)
            ?? First(writes.Segments, CheckSegment)
            ?? Once(writes.Segments.Select(s => (s.Vintage, s.Ordinal)), key => $"{key.Vintage}#{key.Ordinal}")
            ?? First(writes.Flips, f => Key(f.Vintage, "vintage") ?? (f.From == VintageState.Staged && f.To != VintageState.Staged
                && Enum.IsDefined(f.To) ? null : StoreErrors.Invalid($"flip from {f.From} to {f.To}", f.Vintage)))
            ?? Once(writes.Flips.Select(f => f.Vintage), id => id)
            ?? First(writes.BlobReferences, r => Key(r.Owner, "owner") ?? Blob(r.Blob, r.Owner))
            ?? Once(writes.BlobReferences.Select(r => (r.Owner, r.Blob)), key => $"{key.Owner} {key.Blob}")
            ?? First(writes.Tasks, t => Key(t.Id, "job") ?? Key(t.Queue, t.Id) ?? Json(t.Payload, t.Id))
            ?? Once(writes.Tasks.Select(t => t.Id), id => id)
            ?? First(writes.Leaves, l => l.Length is 0 or > LeafBundle.LongestLeaf ? StoreErrors.Invalid($"a leaf of {l.Length} bytes", "leaf") : null);
    }

    /// <summary>A list must be answerable: known bounds, texts that can be stored.</summary>
    public static Error? Check(RecordQuery query) =>
        query.Limit is < 1 or > 1_000
            ? StoreErrors.Invalid($"limit {query.Limit}", "limit")
            : query.Where.Count > MaximumHeads
                ? StoreErrors.Invalid($"{query.Where.Count} conditions", "where")
                : Key(query.Register, "register")
                    ?? First(query.Where, w => Key(w.Name, "where") ?? Text(w.Value, MaximumHeadValue, w.Name))
                    ?? (query.OrderBy is null ? null : Key(query.OrderBy, "order"))
                    ?? Text(query.From ?? "", MaximumHeadValue, "from")
                    ?? Text(query.Below ?? "", MaximumHeadValue, "below");

    /// <summary>UTF-8 JSON, one value and nothing after it.</summary>
    public static Error? Json(ReadOnlyMemory<byte> json, string where)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return StoreErrors.Invalid("not UTF-8", where);
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 64 });
            var any = false;
            while (reader.Read())
            {
                any = true;
            }

            return any ? null : StoreErrors.Invalid("empty JSON", where);
        }
        catch (JsonException problem)
        {
            return StoreErrors.Invalid($"not JSON at byte {problem.BytePositionInLine}", where);
        }
    }

    private static Error? CheckRecord(RecordWrite record)
    {
        var where = $"{record.Register}/{record.Id}";
        if (record.Heads.Count > MaximumHeads)
        {
            return StoreErrors.Invalid($"{record.Heads.Count} heads", where);
        }

        return Key(record.Register, "register")
            ?? Key(record.Id, "id")
            ?? (record.ExpectedVersion < 0 ? StoreErrors.Invalid("negative version", where) : null)
            ?? (record is { ExpectedVersion: 0, Document: null } ? StoreErrors.Invalid("removal of what must not exist", where) : null)
            ?? (record is { Document: null, Heads.Count: > 0 } ? StoreErrors.Invalid("heads of a removed record", where) : null)
            ?? (record.Document is { } document ? Json(document, where) : null)
            ?? Json(record.Operation, where)
            ?? RecordRules.Check(record, where)
            ?? First(record.Heads, h => Key(h.Name, where) ?? Text(h.Value, MaximumHeadValue, where))
            ?? Once(record.Heads.Select(h => h.Name), name => $"{where} head {name}");
    }

    private static Error? CheckSegment(SegmentWrite segment)
    {
        var where = $"{segment.Vintage}#{segment.Ordinal}";
        return segment.Ordinal < 0 || segment.Observations is < 0 or > MaximumObservations
            ? StoreErrors.Invalid($"segment of {segment.Observations} observations", where)
            : Key(segment.Vintage, "vintage") ?? Blob(segment.Blob, where);
    }

    private static Error? Blob(BlobId id, string where) =>
        BlobId.IsValid(id.Hex) ? null : StoreErrors.Invalid("not a blob address", where);

    public static Error? Key(string value, string where) =>
        value.Length == 0 ? StoreErrors.Invalid("empty key", where) : Text(value, MaximumKey, where);

    /// <summary>PostgreSQL cannot hold NUL, and no store can hold half a surrogate pair: both would come back changed.</summary>
    private static Error? Text(string value, int maximum, string where) =>
        value.Length > maximum
            ? StoreErrors.Invalid($"text of {value.Length} characters, limit {maximum}", where)
            : value.Contains('\0', StringComparison.Ordinal) || !IsWellFormed(value)
                ? StoreErrors.Invalid("NUL or half a character", where)
                : null;

    private static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (Rune.TryGetRuneAt(value, i, out _))
                {
                    i++;
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static Error? First<T>(IReadOnlyList<T> items, Func<T, Error?> check)
    {
        foreach (var item in items)
        {
            if (check(item) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static Error? Once<TKey>(IEnumerable<TKey> keys, Func<TKey, string> name)
    {
        var seen = new HashSet<TKey>();
        foreach (var key in keys)
        {
            if (!seen.Add(key))
            {
                return StoreErrors.Invalid("named twice in one write set", name(key));
            }
        }

        return null;
    }
}
