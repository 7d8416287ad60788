using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>Filters of lists that a person keeps under a name; nobody else sees them. They hold codes of the register's view and nothing of any record.</summary>
public interface ISavedFilters
{
    /// <summary>Own filters of a register in the order in which they were kept; what the register no longer knows is left out.</summary>
    Task<IReadOnlyList<SavedFilter>> SavedAsync(CaseDesk desk, string register, CancellationToken cancellationToken);

    /// <summary>Keeps a filter; one of the same name is replaced. Errors: <c>filter.name</c>, <c>filter.too-many</c>, <c>case.filter</c>, <c>case.nothing</c>.</summary>
    Task<Result<SavedFilter>> SaveFilterAsync(CaseDesk desk, string register, SavedFilter filter, CancellationToken cancellationToken);

    /// <summary>Takes one out and answers it, so that it can be kept again; null when there was none of the name.</summary>
    Task<Result<SavedFilter?>> RemoveFilterAsync(CaseDesk desk, string register, string name, CancellationToken cancellationToken);
}

/// <summary>A named filter: a state, codes by field of the view, only own records.</summary>
public sealed record SavedFilter(string Name, string? State, IReadOnlyDictionary<string, string> Fields, bool IsMine)
{
    public const int Most = 20;

    public const int LongestName = 60;
}
