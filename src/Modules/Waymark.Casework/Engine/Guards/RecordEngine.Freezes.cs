using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>What the review committee froze stops at the gate, whoever asks and whatever the rules permit.</summary>
public abstract partial class RecordEngine
{
    /// <summary>Why nothing is done with any of these records or persons now; null when the committee froze none of them.</summary>
    private protected async Task<LocalText?> FrozenAsync(string? purpose, string action, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (!Freezes.Stops(purpose, action) || Registers.Find(Freezes.Register) is not { } plan)
        {
            return null;
        }

        var today = DateOnly.FromDateTime(_parts.Time.GetUtcNow().UtcDateTime);
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            var page = await _parts.Store.Records.ListAsync(new(Freezes.Register, [Freezes.Head(id)], Limit: 50), cancellationToken);
            foreach (var stored in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
            {
                // A case that cannot be read freezes what it names.
                var opened = await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken);
                if ((opened.IsOk ? Freezes.Until(opened.Value.Document, today) : DateOnly.MaxValue) is { } until)
                {
                    return Frozen(until);
                }
            }

            // An objection is to a use; what is asked without one, such as whether somebody may be erased, it does not concern.
            if (purpose is not null && await IsObjectedAsync(id, purpose, cancellationToken))
            {
                return Objections.Told;
            }
        }

        return null;
    }

    private async Task<bool> IsObjectedAsync(string id, string purpose, CancellationToken cancellationToken)
    {
        if (Registers.Find(Objections.Register) is not { } plan)
        {
            return false;
        }

        var page = await _parts.Store.Records.ListAsync(new(plan.Id, [Freezes.Head(id)], Limit: 50), cancellationToken);
        foreach (var stored in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
        {
            // One that cannot be read stops what it names.
            if (await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken) is not { IsOk: true } opened || Objections.Stops(opened.Value.Document, opened.Value.Plan, purpose))
            {
                return true;
            }
        }

        return false;
    }

    private static LocalText Frozen(DateOnly until) => until == DateOnly.MaxValue
        ? new("The review committee stopped this while it hears a complaint. Steps that protect the person stay open.", "审查委员会在审理申诉期间已停止此项处理。保护当事人的步骤仍可进行。")
        : new($"The review committee stopped this until {until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, while it hears a complaint. Steps that protect the person stay open.",
            $"审查委员会在审理申诉期间已停止此项处理，至 {until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}。保护当事人的步骤仍可进行。");
}
