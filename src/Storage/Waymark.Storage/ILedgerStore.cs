using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// The ledger as it is stored: entries that were committed with their effects (<see cref="WriteSet.Leaves"/>) and wait for
/// their place, and the tree of those that have one. The port knows bytes and places; hashing and signing are the kernel's
/// (<c>Waymark.Ledger</c>), done by the one sequencer that holds the lease. Reads that cannot be answered throw
/// <see cref="StoreException"/>.
/// </summary>
public interface ILedgerStore
{
    /// <summary>The tree as it was signed last.</summary>
    Task<LedgerHead> HeadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What waits, oldest write set first, until <paramref name="leaves"/> leaves are together; at least one write set when
    /// any waits. Two calls may answer the same: nothing is taken before <see cref="IntegrateAsync"/>.
    /// </summary>
    Task<IReadOnlyList<PendingLeaves>> PendingAsync(int leaves, CancellationToken cancellationToken);

    /// <summary>
    /// Gives waiting leaves their places, in one durable step. Error <c>store.conflict</c> when the lease is lost, the tree
    /// is not of the expected size, or a write set is no longer waiting: nothing is changed then.
    /// </summary>
    Task<Result<bool>> IntegrateAsync(LedgerBatch batch, CancellationToken cancellationToken);

    /// <summary>The newest hashes of a tile, 32 bytes each, or null.</summary>
    Task<ReadOnlyMemory<byte>?> TileAsync(int level, long index, CancellationToken cancellationToken);

    /// <summary>Up to 256 entries, each after its length as two bytes, or null.</summary>
    Task<ReadOnlyMemory<byte>?> BundleAsync(long index, CancellationToken cancellationToken);

    /// <summary>The place of a leaf by its id of 16 bytes; null when it has none (yet).</summary>
    Task<long?> FindAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken);

    /// <summary>Published checkpoints of more than <paramref name="afterSize"/> leaves, ascending; at most 1,000.</summary>
    Task<IReadOnlyList<StoredCheckpoint>> PublishedAsync(long afterSize, int limit, CancellationToken cancellationToken);

    /// <summary>The newest published checkpoint, or null.</summary>
    Task<StoredCheckpoint?> NewestPublishedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the note of a published checkpoint by one with more signatures; answers false when none of this size was
    /// published or its note is another one by now.
    /// </summary>
    Task<bool> CosignAsync(long size, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> note, CancellationToken cancellationToken);
}

/// <summary>How many leaves have a place, and the signed note that says so; null while there is none.</summary>
public sealed record LedgerHead(long Size, ReadOnlyMemory<byte>? Checkpoint, DateTimeOffset? At);

/// <summary>The leaves of one write set: <paramref name="Entries"/> is each after its length as two bytes.</summary>
public sealed record PendingLeaves(long Sequence, int Count, ReadOnlyMemory<byte> Entries, DateTimeOffset CommittedAt);

/// <summary>A signed note and when it was made; a published one may go to anyone, at fixed times and of fixed steps.</summary>
public sealed record StoredCheckpoint(long Size, ReadOnlyMemory<byte> Note, DateTimeOffset At);

/// <summary>
/// One step of the sequencer: from <paramref name="ExpectedSize"/> to <paramref name="Size"/> leaves. <see cref="Published"/>
/// may be of fewer leaves than the tree has.
/// </summary>
public sealed record LedgerBatch(JobTerm Lease, long ExpectedSize, long Size, ReadOnlyMemory<byte> Checkpoint)
{
    /// <summary>Write sets whose leaves get their places now.</summary>
    public IReadOnlyList<long> Integrated { get; init; } = [];

    public IReadOnlyList<TileWrite> Tiles { get; init; } = [];

    /// <summary>Bundles from the first that changed on; the last one may be partial.</summary>
    public IReadOnlyList<BundleWrite> Bundles { get; init; } = [];

    public IReadOnlyList<LeafPlace> Places { get; init; } = [];

    public PublishedCheckpoint? Published { get; init; }
}

public sealed record TileWrite(int Level, long Index, ReadOnlyMemory<byte> Hashes);

public sealed record BundleWrite(long Index, ReadOnlyMemory<byte> Entries);

/// <summary>A leaf's id of 16 bytes and its index in the tree.</summary>
public sealed record LeafPlace(ReadOnlyMemory<byte> Leaf, long Index);

public sealed record PublishedCheckpoint(long Size, ReadOnlyMemory<byte> Note);
