using Waymark.App.Accounts;
using Waymark.Pages;
using Waymark.Pages.Data;

namespace Waymark.App.Casework;

/// <summary>Names of accounts, each read once a request.</summary>
public sealed class StaffNames(AccountStore store) : IStaffNames
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> accounts, CancellationToken cancellationToken)
    {
        foreach (var id in accounts.Distinct(StringComparer.Ordinal).Where(id => !_known.ContainsKey(id)).Take(500).ToList())
        {
            _known[id] = (await store.FindByIdAsync(id, cancellationToken))?.Name ?? CaseText.Mark(id);
        }

        return _known;
    }

    public async Task<IReadOnlyList<(string Id, string Name)>> ColleaguesAsync(string unit, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).Where(account => !account.Locked && account.Units.Contains(unit, StringComparer.Ordinal))
            .OrderBy(account => account.Name, StringComparer.Ordinal).Take(200).Select(account => (account.Id, account.Name))];

    public Task<IReadOnlyList<string>> UnitsAsync(CancellationToken cancellationToken) => store.UnitsAsync(cancellationToken);
}
