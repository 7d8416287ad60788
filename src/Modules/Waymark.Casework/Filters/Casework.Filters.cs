using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>What a person keeps of lists. The name is the person's own words, so it lies sealed like everything else of case work.</summary>
public sealed partial class Casework : ISavedFilters
{
    private const string FilterRegister = "casework.filter";

    public async Task<IReadOnlyList<SavedFilter>> SavedAsync(CaseDesk desk, string register, CancellationToken cancellationToken)
    {
        if (Registers.Find(register) is not { } plan)
        {
            return [];
        }

        var kept = await KeptAsync(desk, plan, cancellationToken);
        return kept.IsOk ? [.. kept.Value.Filters.Where(filter => IsKnown(plan, filter))] : throw new StoreException(kept.Error);
    }

    public async Task<Result<SavedFilter>> SaveFilterAsync(CaseDesk desk, string register, SavedFilter filter, CancellationToken cancellationToken)
    {
        var made = filter with { Name = filter.Name.Trim(), State = string.IsNullOrEmpty(filter.State) ? null : filter.State };
        if (made.Name.Length is 0 or > SavedFilter.LongestName || made.Name.Any(char.IsControl))
        {
            return Error.Invalid("filter.name", $"A name has 1 to {SavedFilter.LongestName} letters.", $"名称须为 1 至 {SavedFilter.LongestName} 个字符。");
        }

        if (Registers.Find(register) is not { } plan || (Registers.Bits([desk.Purpose]) & plan.PurposeBits) == 0)
        {
            return CaseStore.Nothing();
        }

        if (!IsKnown(plan, made))
        {
            return Error.Invalid("case.filter", "This list has no such filter.", "此列表没有该筛选项。");
        }

        var saved = await KeepAsync(desk, plan, before =>
        {
            var others = before.Where(known => known.Name != made.Name).ToList();
            return others.Count >= SavedFilter.Most
                ? Error.TooLarge("filter.too-many", $"At most {SavedFilter.Most} filters are kept for a register.", $"每个登记册至多保存 {SavedFilter.Most} 个筛选。")
                : Result<IReadOnlyList<SavedFilter>>.Ok([.. others, made]);
        }, cancellationToken);
        return saved.IsOk ? made : saved.Error;
    }

    public async Task<Result<SavedFilter?>> RemoveFilterAsync(CaseDesk desk, string register, string name, CancellationToken cancellationToken)
    {
        if (Registers.Find(register) is not { } plan)
        {
            return CaseStore.Nothing();
        }

        SavedFilter? removed = null;
        var kept = await KeepAsync(desk, plan, before =>
        {
            removed = before.FirstOrDefault(known => known.Name == name);
            return Result<IReadOnlyList<SavedFilter>>.Ok([.. before.Where(known => known.Name != name)]);
        }, cancellationToken);
        return kept.Select(_ => removed);
    }

    private static bool IsKnown(RegisterPlan plan, SavedFilter filter) => (filter.State is null || plan.State(filter.State) is not null) && filter.Fields.All(pair =>
        plan.View.Filters.FirstOrDefault(field => field.Path == pair.Key) is { } field
        && (field.Type == FieldType.YesNo ? pair.Value is "yes" or "no" or "unknown" : field.Codes?.Find(pair.Value) is not null));

    private async Task<Result<bool>> KeepAsync(CaseDesk desk, RegisterPlan plan, Func<IReadOnlyList<SavedFilter>, Result<IReadOnlyList<SavedFilter>>> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var before = await KeptAsync(desk, plan, cancellationToken);
            var after = before.Then(kept => change(kept.Filters));
            if (!after.IsOk)
            {
                return after.Error;
            }

            var id = FilterId(desk, plan);
            var written = await _parts.Store.CommitAsync(new()
            {
                Actor = desk.Actor.Account, Reason = "case.filter",
                Records = [new(FilterRegister, id, before.Value.Version, RecordJson.Bytes(new Section([], before.Value.Ring.Seal(id, [], RecordJson.Bytes(after.Value)))), RecordJson.Bytes(new { did = "kept" }), [])],
            }, cancellationToken);
            if (written.IsOk || written.Error.Code != "store.conflict" || tries == MostTries)
            {
                return written.IsOk ? true : written.Error;
            }
        }
    }

    private async Task<Result<Kept>> KeptAsync(CaseDesk desk, RegisterPlan plan, CancellationToken cancellationToken)
    {
        var ring = await _store.Vault.RingAsync(plan.Partition, [], create: false, cancellationToken);
        if (!ring.IsOk)
        {
            return ring.Error;
        }

        var id = FilterId(desk, plan);
        var stored = await _parts.Store.Records.GetAsync(FilterRegister, id, cancellationToken);
        var filters = stored is null ? null : ring.Value.Open(id, [], RecordJson.Read<Section>(stored.Document.Span).Sealed);
        return new Kept(stored?.Version ?? 0, ring.Value, filters is null ? [] : RecordJson.Read<List<SavedFilter>>(filters));
    }

    private static string FilterId(CaseDesk desk, RegisterPlan plan) => Handle($"filter\n{desk.Actor.Account}\n{plan.Id}");

    private sealed record Kept(long Version, RecordVault.Ring Ring, IReadOnlyList<SavedFilter> Filters);
}
