using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Tests.Drill;

/// <summary>A store whose answers get lost now and then: one commit in nine says that the store is gone, before it was written or after.</summary>
internal sealed class FlakyStore(IStore inner) : StoreInFront(inner)
{
    private int _count;

    public override async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        var turn = Interlocked.Increment(ref _count) % 18;
        if (turn == 0)
        {
            return Error.Unavailable("store.unavailable", "Gone.", "不可用。");
        }

        var done = await Inner.CommitAsync(writes, cancellationToken);
        return turn == 9 ? Error.Unavailable("store.unavailable", "Gone.", "不可用。") : done;
    }
}
