using System.Globalization;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Ledger;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Packs.Content;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.App.Samples;

/// <summary>What a story is played on: the node's own engine and gate, its clock, its accounts, and the records made so far by their words.</summary>
internal sealed class SampleStage(IServiceProvider services, SamplePack pack, SampleClock clock, IReadOnlyDictionary<string, string> accounts)
{
    private readonly Dictionary<string, (RecordAddress Address, CaseDesk Desk)> _made = new(StringComparer.Ordinal);

    public Waymark.Casework.Features.Casework Cases { get; } = (Waymark.Casework.Features.Casework)services.GetRequiredService<CaseworkSource>().Cases!;

    public RuleBookSource Book { get; } = services.GetRequiredService<RuleBookSource>();

    public IPeopleRequests Requests { get; } = services.GetRequiredService<IPeopleRequests>();

    public LedgerParts Ledger { get; } = services.GetRequiredService<LedgerParts>();

    public IStore Store { get; } = services.GetRequiredService<Platform>().Store;

    public SampleClock Clock => clock;

    public SampleAccount Account(string word) => pack.Accounts.First(account => account.Id == word);

    public string? AccountId(string word) => accounts.GetValueOrDefault(word);

    public Actor Actor(string word, bool withKey = false)
    {
        var account = Account(word);
        return new(accounts[word], account.Role, account.Units, withKey, withKey ? "sample-" + word : null);
    }

    public CaseDesk Desk(SampleAct act)
    {
        var account = Account(act.By);
        return new(Actor(act.By), account.Units.Count > 0 ? account.Units[0] : "", act.For ?? account.Purpose ?? "");
    }

    public void Made(string word, RecordAddress address, CaseDesk desk) => _made[word] = (address, desk);

    public bool Has(string word) => _made.ContainsKey(word);

    public RecordAddress Record(string? word) => word is not null && _made.TryGetValue(word, out var known) ? known.Address : new("none", "none");

    public string Person(string? word) => Record(word).Id;

    /// <summary>A value as it is entered: references to records and days relative to now are put in.</summary>
    public string Value(string written)
    {
        if (written.StartsWith('$'))
        {
            var address = Record(written[1..]);
            return $"{{\"register\":\"{address.Register}\",\"id\":\"{address.Id}\"}}";
        }

        var now = clock.GetUtcNow();
        var text = written.Replace("{now}", now.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        for (var at = text.IndexOf("{today", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{today", at + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', at);
            if (end < 0 || (end > at + 6 && !int.TryParse(text.AsSpan(at + 6, end - at - 6), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            {
                break;
            }

            var days = end == at + 6 ? 0 : int.Parse(text.AsSpan(at + 6, end - at - 6), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = string.Concat(text.AsSpan(0, at), now.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), text.AsSpan(end + 1));
        }

        return text;
    }
}
