using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;

namespace Waymark.Casework.Merging;

/// <summary>Names in an operation what else was done in the same commit, so that neither half is taken back alone, and whose words it carries.</summary>
internal static class MergeMark
{
    public const string Merged = "merge.";

    public const string SplitUp = "split.";

    /// <summary>
    /// The other person whose words an operation carries, as it made two records one or took them apart. Such an operation is sealed under both: erased with either, it cannot be read any more.
    /// </summary>
    public static string? Other(Operation done) => done.Value is { } value && done.Changes.Count > 0 && (value.StartsWith(Merged, StringComparison.Ordinal) || value.StartsWith(SplitUp, StringComparison.Ordinal))
        ? value[(value.IndexOf('.', StringComparison.Ordinal) + 1)..] : null;

    /// <summary>A history without what came from another record and left with it again: it is told in the other one's.</summary>
    public static IReadOnlyList<HistoryLine> WithoutWhatLeft(IReadOnlyList<HistoryLine> lines)
    {
        var (came, left) = (new Dictionary<string, HashSet<string>>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var done in lines.Select(line => line.Operation).Where(done => done is { Kind: OperationKind.Change or OperationKind.Undo, Value: not null }))
        {
            if (done.Value!.StartsWith(Merged, StringComparison.Ordinal))
            {
                came[done.Value[Merged.Length..]] = [.. done.Changes.SelectMany(change => Ids(change.Claims).Except(Ids(change.Before?.Claims ?? []), StringComparer.Ordinal))];
                left.ExceptWith(came[done.Value[Merged.Length..]]);
            }
            else if (done.Value.StartsWith(SplitUp, StringComparison.Ordinal) && came.Remove(done.Value[SplitUp.Length..], out var gone))
            {
                left.UnionWith(gone);
            }
        }

        return left.Count == 0 ? lines : [.. lines.Select(line => line with { Operation = line.Operation with { Changes = [.. line.Operation.Changes.Select(Told).OfType<FieldChange>()] } })];

        FieldChange? Told(FieldChange change)
        {
            var (claims, before) = (Staying(change.Claims), Staying(change.Before?.Claims ?? []));
            var isWhole = claims.Count == change.Claims.Count && before.Count == (change.Before?.Claims.Count ?? 0);
            return isWhole ? change
                : (claims.Count == 0 && change.Claims.Count > 0) || Ids(claims).SequenceEqual(Ids(before), StringComparer.Ordinal) ? null
                : change with { Claims = claims, Before = change.Before is { } state && before.Count > 0 ? state with { Claims = before } : null };
        }

        List<Claim> Staying(IReadOnlyList<Claim> claims) => [.. claims.Where(claim => !left.Contains(claim.Id))];
    }

    private static IEnumerable<string> Ids(IReadOnlyList<Claim> claims) => claims.Select(claim => claim.Id);
}
