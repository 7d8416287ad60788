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
}
