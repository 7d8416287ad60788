using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>A store whose user is gone after some commits.</summary>
internal sealed class CuttingStore(IStore inner, int commits, CancellationTokenSource cut) : StoreInFront(inner, ownsInner: false)
{
    private int _left = commits;

    public override async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        if (_left-- <= 0)
        {
            await cut.CancelAsync();
            throw new OperationCanceledException(cut.Token);
        }

        return await Inner.CommitAsync(writes, cancellationToken);
    }
}
