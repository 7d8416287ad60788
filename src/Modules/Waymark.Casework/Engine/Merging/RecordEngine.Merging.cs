using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Merging;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Two records of one person become one, claim by claim, and two again.</summary>
public abstract partial class RecordEngine
{
    public async Task<CaseAnswer<MergedPersons>> MergesAsync(CaseDesk desk, RecordAddress person, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, person, cancellationToken);
        if (!loaded.IsOk || person.Register != PersonCore.Register)
        {
            return loaded.Error ?? CaseStore.Nothing();
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        var request = await AskAsync(desk, plan, document.Id, document, [document.Id], "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(request, token => StandingAsync(loaded.Value, token), cancellationToken);
        return Answer(answer, merged => merged);
    }

    /// <summary>The merges that stand, as the record's own history tells them.</summary>
    private async Task<MergedPersons> StandingAsync(Loaded person, CancellationToken cancellationToken)
    {
        var (here, kept, into) = (new RecordAddress(PersonCore.Register, person.Document.Id, person.Partition), new List<RecordAddress>(), (RecordAddress?)null);
        foreach (var line in await LinesAsync(person, cancellationToken))
        {
            if (Together(here, line.Operation) is not var (keep, other, isTakenBack))
            {
                continue;
            }

            if (keep.Id != here.Id)
            {
                into = isTakenBack ? null : keep;
            }
            else if (isTakenBack)
            {
                kept.RemoveAll(known => known.Id == other.Id);
            }
            else
            {
                kept.Add(other);
            }
        }

        return new(person.Plan, kept, into);
    }

    /// <summary>True while a record of this person is kept in another one, or another one in it: what was said in one stands in both, so they come apart before either is erased.</summary>
    private protected async Task<bool> IsMergedAsync(string person, CancellationToken cancellationToken)
    {
        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            if (await _store.ReadAsync(new(PersonCore.Register, person, partition), cancellationToken) is { IsOk: true } loaded
                && await StandingAsync(loaded.Value, cancellationToken) is { Kept.Count: > 0 } or { In: not null })
            {
                return true;
            }
        }

        return false;
    }

    private static Error Apart() => Error.Refused("erasure.merged", "Two records of this person are one; take them apart, then each can be erased.", "此人的两条记录已合为一条；请先拆开，再分别删除。");

    public async Task<CaseAnswer<MergePreview>> CompareAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, CancellationToken cancellationToken)
    {
        var pair = await PairAsync(desk, keep, other, cancellationToken);
        if (!pair.IsOk)
        {
            return pair.Error;
        }

        var (left, right) = pair.Value;
        var isMerged = await MergeOfAsync(left, other.Id, cancellationToken) is not null && right.Document.State == PersonStates.Merged;
        var fold = await FoldAsync(left, right, !isMerged, By(desk, OperationKind.Change), cancellationToken);
        if (!fold.IsOk)
        {
            return fold.Error;
        }

        var after = fold.Value.One.Document;
        var coming = fold.Value.One.Operation.Changes.ToDictionary(change => change.Path, StringComparer.Ordinal);
        var lines = left.Document.Fields.Keys.Union(coming.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(path => !isMerged || coming.ContainsKey(path)).Select(path =>
        {
            var (here, then) = (Claims(left.Document, path), Claims(after, path));
            var there = !coming.TryGetValue(path, out var change) ? [] : isMerged ? [.. here.Except(then)] : change.Claims;
            return new MergeLine(path, left.Plan.Field(RecordDocument.PlanPath(path))!, here, there, then, (there.Count, isMerged) switch
            {
                (0, _) => ClaimFate.Stays,
                (_, true) => ClaimFate.Leaves,
                _ => here.Count == 0 ? ClaimFate.Comes : then.Count == here.Count ? ClaimFate.Same : ClaimFate.Disputed,
            });
        }).Where(line => line.Field is not null).ToList();
        var request = await AskAsync(desk, left.Plan, left.Document.Id, left.Document, [left.Document.Id, right.Document.Id], "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(
            request, _ => Task.FromResult(new MergePreview(left.Plan, keep, other, isMerged, new(left.Document.Version, right.Document.Version), lines)), cancellationToken);
        return Answer(answer, preview => preview.Without(CaseRights.Hidden(Registers, desk)));

        static IReadOnlyList<Claim> Claims(RecordDocument person, string path) => person.Fields.GetValueOrDefault(path)?.Claims ?? [];
    }

    public Task<CaseAnswer<Changed>> MergeAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, MergeSeen? seen, CancellationToken cancellationToken) =>
        BothAsync(desk, keep, other, merges: true, why, seen, cancellationToken);

    public Task<CaseAnswer<Changed>> SplitAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, MergeSeen? seen, CancellationToken cancellationToken) =>
        BothAsync(desk, keep, other, merges: false, why, seen, cancellationToken);

    public Task<RecordAddress?> FindAsync(CaseDesk desk, string reference, RecordPartition partition, CancellationToken cancellationToken) =>
        ByReferenceAsync(desk, reference, static plan => plan.Id == PersonCore.Register, partition, cancellationToken);

    private async Task<Result<(Loaded Keep, Loaded Other)>> PairAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, CancellationToken cancellationToken)
    {
        var (left, right) = (await KnownAsync(desk, keep, cancellationToken), await KnownAsync(desk, other, cancellationToken));
        return (left.Error ?? right.Error) is { } unknown ? unknown
            : keep.Register != PersonCore.Register || other.Register != PersonCore.Register || keep.Id == other.Id
                ? Error.Invalid("merge.same", "Two different persons' records are merged.", "须为两条不同的人员记录。")
            : left.Value.Partition != right.Value.Partition ? Error.Refused("case.partition", "Records of different partitions are not merged.", "不同分区的记录不得合并。")
            : (left.Value, right.Value);
    }

    /// <summary>The operation by which the other record came to be kept in this one.</summary>
    private async Task<HistoryLine?> MergeOfAsync(Loaded keep, string other, CancellationToken cancellationToken) =>
        (await LinesAsync(keep, cancellationToken)).LastOrDefault(known => known.Operation.Value == MergeMark.Merged + other);

    /// <summary>What merging or taking apart makes of both records. Pure but for the history it reads.</summary>
    private async Task<Result<(Folded One, Folded Two)>> FoldAsync(Loaded left, Loaded right, bool merges, Operation by, CancellationToken cancellationToken)
    {
        var (kept, merged) = (left.Document, right.Document);
        if (merges)
        {
            if (kept.State != PersonStates.Current || merged.State != PersonStates.Current || kept.HasConflict || merged.HasConflict)
            {
                return Error.Refused("merge.state", "Both records are current and without open conflicts before they are merged.", "合并前两条记录均须有效且无未决冲突。");
            }

            var places = Places(kept, merged);
            var coming = merged.Fields.Select(field => (Path: Place(field.Key), field.Value.Claims));
            return Both(
                by with { Kind = OperationKind.Change, Value = MergeMark.Merged + merged.Id, Changes = [.. coming.Select(field => new FieldChange(field.Path, kept.Fields.GetValueOrDefault(field.Path)?.Version ?? 0, ChangeMode.Dispute, field.Claims))] },
                PersonStates.Merged);

            string Place(string path) => path.LastIndexOf('/') is var end and > 0 && places.TryGetValue(path[..end], out var place) ? place + path[end..] : path;
        }

        if (await MergeOfAsync(left, merged.Id, cancellationToken) is not { } line || merged.State != PersonStates.Merged)
        {
            return Error.Conflict("undo.moved", "These records are not merged.", "这两条记录未合并。");
        }

        // Fields changed since keep what was chosen meanwhile; only claims that came by the merge go.
        var ids = line.Operation.Changes.SelectMany(change => change.Claims).Select(claim => claim.Id).ToHashSet(StringComparer.Ordinal);
        var leaving = line.Operation.Changes.Where(change => kept.Fields.ContainsKey(change.Path)).Select(change =>
        {
            var now = kept.Fields[change.Path];
            var known = change.Before?.Claims.Select(claim => claim.Id).ToHashSet(StringComparer.Ordinal) ?? [];
            return new FieldChange(change.Path, now.Version, ChangeMode.Set, [.. now.Claims.Where(claim => !ids.Contains(claim.Id) || known.Contains(claim.Id))]) { IsConflict = now.IsConflict };
        });
        return Both(by with { Kind = OperationKind.Undo, Undoes = line.Version, Value = MergeMark.SplitUp + merged.Id, Changes = [.. leaving] }, PersonStates.Current);

        Result<(Folded, Folded)> Both(Operation operation, string state) => RecordMachine.Apply(kept, operation, kept.Version + 1).Then(one =>
            RecordMachine.Apply(merged, by with { Kind = OperationKind.Step, State = state, StateBase = merged.StateVersion, Value = kept.Id }, merged.Version + 1).Select(two => (one, two)));
    }

    /// <summary>
    /// Where items of repeated groups come to stand: on one that says the very same, else on a place of their own. Laid over another item they would mix, and who is barred here or may know
    /// the whereabouts there would be said of somebody else.
    /// </summary>
    private static Dictionary<string, string> Places(RecordDocument kept, RecordDocument merged)
    {
        var (here, places) = (Items(kept), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (item, says) in Items(merged))
        {
            var group = item[..(item.IndexOf('/', StringComparison.Ordinal) + 1)];
            var place = here.FirstOrDefault(known => known.Key.StartsWith(group, StringComparison.Ordinal) && known.Value == says).Key ?? item;
            while (here.TryGetValue(place, out var taken) && taken != says)
            {
                place += "-" + merged.Id[..8];
            }

            places[item] = place;
        }

        return places;

        static Dictionary<string, string> Items(RecordDocument person) => person.Fields.Where(field => field.Key.Split('/').Length == 3).GroupBy(field => field.Key[..field.Key.LastIndexOf('/')], StringComparer.Ordinal)
            .ToDictionary(item => item.Key, item => string.Join('\n', item.Select(field => field.Key[item.Key.Length..] + string.Concat(field.Value.Claims.Select(claim => claim.Value.Json).Order(StringComparer.Ordinal)))), StringComparer.Ordinal);
    }

    private async Task<CaseAnswer<Changed>> BothAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, bool merges, string why, MergeSeen? seen, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var pair = await PairAsync(desk, keep, other, cancellationToken);
            if (!pair.IsOk)
            {
                return pair.Error;
            }

            var (left, right) = pair.Value;
            if (seen is not null && seen != new MergeSeen(left.Document.Version, right.Document.Version))
            {
                return Error.Conflict("record.changed", "It was changed meanwhile; look again.", "期间已被更改；请重新查看。");
            }

            var fold = await FoldAsync(left, right, merges, By(desk, OperationKind.Change) with { Why = why }, cancellationToken);
            var keys = await _store.KeysAsync(left.Partition, cancellationToken);
            var ring = await _store.Vault.RingAsync(left.Partition, [left.Document.Id, right.Document.Id], create: true, cancellationToken);
            if ((fold.Error ?? keys.Error ?? ring.Error) is { } failed)
            {
                return failed;
            }

            var (one, two) = fold.Value;
            var request = await AskAsync(desk, left.Plan, left.Document.Id, left.Document, [left.Document.Id, right.Document.Id], "link", "none", await TypedAsync(left, left.Document, "link", cancellationToken), cancellationToken);
            var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
            {
                Actor = desk.Actor.Account, Reason = "case.merge",
                Records =
                [
                    _store.Write(left.Plan, left.Partition, one with { Operation = one.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value),
                    _store.Write(right.Plan, right.Partition, two with { Operation = two.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value),
                ],
            }, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                if (answer.IsPermitted)
                {
                    // Facts at the gates may have come together or apart: decisions on either person rest on something else now.
                    await FallBackAsync(new(PersonCore.Register, left.Document.Id, left.Partition), cancellationToken);
                    await FallBackAsync(new(PersonCore.Register, right.Document.Id, right.Partition), cancellationToken);
                }

                return Answer(answer, left.Plan, left.Partition, one.Document, []);
            }
        }
    }
}
