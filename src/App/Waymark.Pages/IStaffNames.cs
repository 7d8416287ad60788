namespace Waymark.Pages;

/// <summary>Names of accounts for the pages of staff: who works on a record, who changed it.</summary>
public interface IStaffNames
{
    /// <summary>The names of these accounts; one that is gone keeps a short mark of its id.</summary>
    Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> accounts, CancellationToken cancellationToken);

    /// <summary>Who works in a unit, by name; at most 200.</summary>
    Task<IReadOnlyList<(string Id, string Name)>> ColleaguesAsync(string unit, CancellationToken cancellationToken);

    /// <summary>The units that somebody works in.</summary>
    Task<IReadOnlyList<string>> UnitsAsync(CancellationToken cancellationToken);
}
