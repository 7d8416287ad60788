namespace Waymark.Storage.Engine;

/// <summary>
/// The tables of one partition, the same on both stores. Their names are constants: no value ever enters the text of a
/// statement built from them.
/// </summary>
internal sealed record RecordTables(RecordPartition Partition, string Record)
{
    /// <summary>A record without a date is due after all others; the value is stored, so that order and comparison need no case for null.</summary>
    public const long NoDate = long.MaxValue;

    private static readonly RecordTables[] _all =
    [
        new(RecordPartition.General, "record"),
        new(RecordPartition.Missing, "missing_record"),
        new(RecordPartition.Victim, "victim_record"),
        new(RecordPartition.Suspect, "suspect_record"),
    ];

    public static IReadOnlyList<RecordTables> All => _all;

    public string Operation { get; } = Record + "_operation";

    public string Index { get; } = Record + "_index";

    public string Key { get; } = Record + "_key";

    /// <summary>What a conflict and a fault call this partition's records: <c>register/id</c>, with the partition before it where it is not the general one.</summary>
    public string Prefix { get; } = Partition == RecordPartition.General ? "" : Partition.ToString().ToLowerInvariant() + ":";

    public static RecordTables Of(RecordPartition partition) => _all[(int)partition];

    public string Where(string register, string id) => $"{Prefix}{register}/{id}";

    public static long DueOf(DateTimeOffset? due) => due is { } at ? StoreTime.Of(at) : NoDate;

    public static DateTimeOffset? DueAt(long stored) => stored == NoDate ? null : StoreTime.At(stored);
}
