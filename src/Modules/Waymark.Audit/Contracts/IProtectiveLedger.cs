using Waymark.Ledger;
using Waymark.Model;

namespace Waymark.Audit.Contracts;

/// <summary>
/// The local, signed leaf with which a protective act goes on while the ledger cannot be reached: written and flushed on
/// this machine before the act, entered into the ledger as soon as the store answers again.
/// </summary>
public interface IProtectiveLedger
{
    /// <summary>
    /// Writes the leaf for this act. Errors: <c>ledger.not-protective</c> (any act that is not in
    /// <see cref="ProtectiveActs.All"/>), <c>ledger.too-long-alone</c> (24 hours after the first leaf that waits),
    /// <c>ledger.local-unavailable</c> (the local file cannot be written: then the act does not happen),
    /// <c>ledger.local-broken</c> (the file was changed by someone else).
    /// </summary>
    Task<Result<LocalReceipt>> WriteAsync(string act, LedgerLeaf leaf, CancellationToken cancellationToken);

    /// <summary>
    /// The same with what is to be done once the store answers again: sealed by the caller, at most 16 KiB (<c>ledger.local-too-large</c>), signed with the
    /// leaf. It is queued (<see cref="ProtectiveActs.Queue"/>) by the commit that enters the leaf.
    /// </summary>
    Task<Result<LocalReceipt>> WriteAsync(string act, LedgerLeaf leaf, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Enters what waits into the ledger, each leaf once, and answers how many. Errors of the store.</summary>
    Task<Result<int>> MergeAsync(CancellationToken cancellationToken);
}

/// <summary>The number of the local leaf and when it was written.</summary>
public sealed record LocalReceipt(long Number, DateTimeOffset At);
