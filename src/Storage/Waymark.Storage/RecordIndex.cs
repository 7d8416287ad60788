using System.Buffers.Binary;

namespace Waymark.Storage;

/// <summary>
/// Where a record lives: own tables for each, never joined in a search. The same register and id in two partitions are
/// two records. A closed set; the numbers are for callers only and are not stored.
/// </summary>
public enum RecordPartition
{
    /// <summary>Internal registers and whatever needs no partition of its own.</summary>
    General = 0,

    /// <summary>Missing persons and those who seek them.</summary>
    Missing = 1,

    /// <summary>Victims and their services.</summary>
    Victim = 2,

    /// <summary>Suspects and persons sought.</summary>
    Suspect = 3,
}

/// <summary>
/// What the engine extracted from a document: how the record is listed, found and kept from those who may not see it. It
/// replaces the index of the version before and goes with the record.
/// </summary>
/// <param name="State">State of the record's workflow, 1 to 64 characters.</param>
/// <param name="Owner">Account or team that works on it, 1 to 512 characters; null when nobody does.</param>
/// <param name="Due">The next date by which something must happen; null when nothing must.</param>
/// <param name="Unit">Unit that is responsible, 1 to 512 characters.</param>
/// <param name="Purposes">Purposes for which it may be seen, one bit each.</param>
/// <param name="Sensitivity">0 is the least.</param>
/// <param name="Keys">At most 256 search keys, each once.</param>
public sealed record RecordIndex(
    string State,
    string? Owner,
    DateTimeOffset? Due,
    string Unit,
    ulong Purposes,
    byte Sensitivity,
    IReadOnlyList<RecordKey> Keys);

/// <summary>
/// A search key: <paramref name="Kind"/> is a small closed code of the engine, <paramref name="Key"/> 8 to 32 bytes that
/// the caller computed (HMAC of the normalised value under the partition's key), so that no table holds a name. Two keys
/// are equal when kind and bytes are.
/// </summary>
public readonly record struct RecordKey(short Kind, ReadOnlyMemory<byte> Key)
{
    public bool Equals(RecordKey other) => Kind == other.Kind && Key.Span.SequenceEqual(other.Key.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.AddBytes(Key.Span);
        return hash.ToHashCode();
    }

    /// <summary>As it is stored: the kind as two bytes, big-endian, then the key.</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[2 + Key.Length];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Kind);
        Key.Span.CopyTo(bytes.AsSpan(2));
        return bytes;
    }
}

/// <summary>
/// Rows that may be seen: unit among <paramref name="Units"/> (at most 256; none sees nothing), at least one purpose bit in
/// common, sensitivity at most <paramref name="Ceiling"/>. Conditions only narrow: a filter never widens.
/// </summary>
public sealed record RowFilter(IReadOnlyList<string> Units, ulong Purposes, byte Ceiling);

/// <summary>
/// A question for the records that carry any of these keys (1 to 256) in these registers (1 to 16). At most
/// <paramref name="PostingsPerKey"/> (1 to 1,000) records are read per key, after the filter, in order of unit, register and id.
/// </summary>
public sealed record KeySearch(
    RecordPartition Partition,
    IReadOnlyList<string> Registers,
    IReadOnlyList<RecordKey> Keys,
    RowFilter Filter,
    int PostingsPerKey = 1_000)
{
    /// <summary>How many records the answer holds at most: the first of the order in <see cref="KeyMatches"/>. Whoever looks at few need not wait for the rest.</summary>
    public int MostRecords { get; init; } = int.MaxValue;
}

/// <summary>
/// What was found, rarest key first: in order of the rarest key that hit, then of the number of keys that hit (most first),
/// then of register and id. <paramref name="CappedKeys"/> are the places of the keys that more records carry than were read
/// ("more than 1,000"), ascending.
/// </summary>
public sealed record KeyMatches(IReadOnlyList<KeyMatch> Records, IReadOnlyList<int> CappedKeys);

/// <summary>
/// A record and the places in <see cref="KeySearch.Keys"/> of the keys that hit, ascending. For the first 1,000 records that a
/// rarer key found they are complete: a capped key is looked up for each of them.
/// </summary>
public sealed record KeyMatch(string Register, string Id, IReadOnlyList<int> Keys);

public enum IndexOrder
{
    /// <summary>The nearest date first, records without one last; then by id.</summary>
    Due = 0,

    /// <summary>The newest change first; then by id, descending.</summary>
    Changed = 1,
}

/// <summary>
/// One page of a register's index. States (at most 64), owner and <paramref name="DueBefore"/> (exclusive) narrow.
/// <paramref name="Limit"/> 1 to 1,000; <paramref name="After"/> is the token of the page before. While others write, a record
/// that nobody changes is on exactly one page.
/// </summary>
public sealed record IndexQuery(
    RecordPartition Partition,
    string Register,
    RowFilter Filter,
    IReadOnlyList<string>? States,
    string? Owner,
    DateTimeOffset? DueBefore,
    IndexOrder Order,
    int Limit,
    string? After);

public sealed record IndexedRecord(
    string Register,
    string Id,
    long Version,
    string State,
    string? Owner,
    DateTimeOffset? Due,
    string Unit,
    ulong Purposes,
    byte Sensitivity,
    DateTimeOffset ChangedAt);

public sealed record IndexPage(IReadOnlyList<IndexedRecord> Records, string? Next);
