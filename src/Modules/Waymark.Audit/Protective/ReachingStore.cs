using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Protective;

/// <summary>
/// A store through which nothing that needs a leaf is done while the ledger is out of reach, although the store itself would still take the leaf: nobody would
/// number it, or nobody outside would confirm it. What only protects goes through the local leaf instead.
/// </summary>
public sealed class ReachingStore(IStore inner, ILedgerReach reach) : StoreInFront(inner, ownsInner: false)
{
    public override async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        writes.Leaves.Count > 0 && await reach.OutAsync(cancellationToken) is { } problem ? problem : await Inner.CommitAsync(writes, cancellationToken);
}
