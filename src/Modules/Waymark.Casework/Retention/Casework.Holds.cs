using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>What the holds of the node's own register keep from being erased.</summary>
public sealed partial class Casework
{
    private const string HoldRegister = "legal-hold";
    private const int HoldPage = 500;
    private static readonly HashSet<string> s_holding = new(StringComparer.Ordinal) { "active", "renewing", "lifting" };

    /// <summary>Whether a record, or anybody in it, is held.</summary>
    private async Task<bool> IsHeldAsync(Loaded record, IReadOnlyList<HoldInForce> holds, CancellationToken cancellationToken)
    {
        var persons = CaseRights.Persons(record.Plan, record.Document);
        if (holds.Any(hold => hold.Record == record.Document.Id || hold.Persons is not { } held || persons.Any(held.Contains)) || await FrozenAsync(null, "erase", [record.Document.Id, .. persons], cancellationToken) is not null)
        {
            return true;
        }

        foreach (var person in persons)
        {
            if ((await _parts.Exceptions.HoldsAsync(person, cancellationToken)).Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private protected override async Task<int> HoldsAsync(string person, CancellationToken cancellationToken) =>
        (await HoldsInForceAsync(cancellationToken)).Count(hold => hold.Persons?.Contains(person) != false);

    /// <summary>What the holds of the node's register hold now.</summary>
    private async Task<IReadOnlyList<HoldInForce>> HoldsInForceAsync(CancellationToken cancellationToken)
    {
        var held = new List<HoldInForce>();
        if (Registers.Find(HoldRegister) is not { } plan)
        {
            return held;
        }

        string? after = null;
        do
        {
            var page = await _parts.Store.Records.ScanAsync(plan.Partition, plan.Id, after, HoldPage, cancellationToken);
            foreach (var stored in page)
            {
                var hold = await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken);
                if (!hold.IsOk || s_holding.Contains(hold.Value.Document.State))
                {
                    held.Add(hold.IsOk ? await AboutAsync(hold.Value.Document, cancellationToken) : new(null, null));
                }
            }

            after = page.Count == HoldPage ? page[^1].Id : null;
        }
        while (after is not null);
        return held;
    }

    private async Task<HoldInForce> AboutAsync(RecordDocument hold, CancellationToken cancellationToken)
    {
        if (hold.One("object")?.Value is not { } held || held.Member("register") is not { } register || held.Member("id") is not { } id)
        {
            return new(null, new HashSet<string>());
        }

        var loaded = register == PersonCore.Register ? (Result<Loaded>?)null : await _store.ReadAsync(new(register, id), cancellationToken);
        return new(id, register == PersonCore.Register ? new HashSet<string>([id], StringComparer.Ordinal)
            : loaded is { IsOk: true } found ? CaseRights.Persons(found.Value.Plan, found.Value.Document).ToHashSet(StringComparer.Ordinal) : new HashSet<string>());
    }

    /// <summary>A record that is held, and those in it; both null for a hold that cannot be read: it holds everybody.</summary>
    private sealed record HoldInForce(string? Record, IReadOnlySet<string>? Persons);
}
