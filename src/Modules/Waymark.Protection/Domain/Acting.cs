using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

internal static class Acting
{
    /// <summary>Commits the write set together with its leaf; when the leaf cannot be made, nothing is written.</summary>
    public static async Task<Result<CommitReceipt>> CommitAsync(
        this IStore store, ActLeaves leaves, WriteSet writes, IReadOnlyList<string> subjects, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var withLeaf = await leaves.AddAsync(writes, subjects, at, cancellationToken);
        return withLeaf.IsOk ? await store.CommitAsync(withLeaf.Value, cancellationToken) : withLeaf.Error;
    }
}
