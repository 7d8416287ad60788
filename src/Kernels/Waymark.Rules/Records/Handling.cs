namespace Waymark.Rules;

/// <summary>
/// What travels with data: level (higher is stricter), restrictions, the purposes it may serve, and when it must be gone. Null purposes: none
/// stated yet, so nothing is narrowed; an empty set: none left, so no use is.
/// </summary>
public sealed record Handling(int Level, IReadOnlySet<string> Restrictions, IReadOnlySet<string>? Purposes, DateTimeOffset? DeleteBy)
{
    /// <summary>Nothing attached.</summary>
    public static Handling Free { get; } = new(0, new HashSet<string>(StringComparer.Ordinal), null, null);

    /// <summary>
    /// What a record derived from these carries: the highest level, the union of restrictions, the intersection of purposes, the earliest deletion. The order
    /// and grouping of parents does not matter, and no parent's burden is ever lightened.
    /// </summary>
    public static Handling Derive(params IEnumerable<Handling> parents)
    {
        var (level, restrictions, deleteBy) = (0, new SortedSet<string>(StringComparer.Ordinal), (DateTimeOffset?)null);
        SortedSet<string>? purposes = null;
        foreach (var parent in parents)
        {
            level = Math.Max(level, parent.Level);
            restrictions.UnionWith(parent.Restrictions);
            deleteBy = parent.DeleteBy is { } due && !(deleteBy < due) ? due : deleteBy;
            if (parent.Purposes is { } stated)
            {
                if (purposes is null)
                {
                    purposes = new(stated, StringComparer.Ordinal);
                }
                else
                {
                    purposes.IntersectWith(stated);
                }
            }
        }

        return new(level, restrictions, purposes, deleteBy);
    }

    public bool Equals(Handling? other) => other is not null && Level == other.Level && DeleteBy == other.DeleteBy && Restrictions.SetEquals(other.Restrictions)
        && (Purposes is null ? other.Purposes is null : other.Purposes is not null && Purposes.SetEquals(other.Purposes));

    public override int GetHashCode() => HashCode.Combine(Level, DeleteBy, Restrictions.Count, Purposes?.Count ?? -1);
}
