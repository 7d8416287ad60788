using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>A store that stops taking writes when told to, and lets something happen right before each.</summary>
internal sealed class BrokenStore(IStore inner, Func<bool> broken, Func<Task>? before = null) : StoreInFront(inner)
{
    public override async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        await (before?.Invoke() ?? Task.CompletedTask);
        return broken() ? Error.Unavailable("store.unavailable", "Down.", "不可用。") : await Inner.CommitAsync(writes, cancellationToken);
    }
}
