using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Two records of one person become one, claim by claim, and two again.</summary>
public sealed partial class Casework
{
    /// <summary>
    /// Lays the claims of <paramref name="other"/> beside those of <paramref name="keep"/>: nothing is dropped, what differs stands as a dispute. The other record goes to
    /// rest and points to the one that is kept. Errors: <c>case.partition</c>, <c>merge.same</c>, <c>merge.state</c>.
    /// </summary>
    public async Task<CaseAnswer<Changed>> MergeAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (left, right) = (await KnownAsync(desk, keep, cancellationToken), await KnownAsync(desk, other, cancellationToken));
            if ((left.Error ?? right.Error) is { } unknown)
            {
                return unknown;
            }

            if (keep.Register != PersonCore.Register || other.Register != PersonCore.Register || keep.Id == other.Id)
            {
                return Error.Invalid("merge.same", "Two different persons' records are merged.", "须为两条不同的人员记录。");
            }

            if (left.Value.Partition != right.Value.Partition)
            {
                return Error.Refused("case.partition", "Records of different partitions are not merged.", "不同分区的记录不得合并。");
            }

            var (kept, merged) = (left.Value.Document, right.Value.Document);
            if (kept.State != PersonStates.Current || merged.State != PersonStates.Current || kept.HasConflict || merged.HasConflict)
            {
                return Error.Refused("merge.state", "Both records are current and without open conflicts before they are merged.", "合并前两条记录均须有效且无未决冲突。");
            }

            var changes = merged.Fields.Select(field => new FieldChange(field.Key, kept.Fields.GetValueOrDefault(field.Key)?.Version ?? 0, ChangeMode.Dispute, field.Value.Claims)).ToList();
            var one = RecordMachine.Apply(kept, By(desk, OperationKind.Change) with { Changes = changes, Why = why, Value = Merged + merged.Id }, kept.Version + 1);
            var two = RecordMachine.Apply(merged, By(desk, OperationKind.Step) with { State = PersonStates.Merged, StateBase = merged.StateVersion, Why = why, Value = kept.Id }, merged.Version + 1);
            var answer = await BothAsync(desk, left.Value, one, right.Value, two, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                if (answer.IsOk)
                {
                    // Facts at the gates may have come together: decisions on either person rest on something else now.
                    await FallBackAsync(answer.Value!.Address, cancellationToken);
                    await FallBackAsync(new(PersonCore.Register, merged.Id, right.Value.Partition), cancellationToken);
                }

                return answer;
            }
        }
    }

    /// <summary>Takes a merge back: what came from the other record leaves this one, and the other is current again. Errors: <c>undo.moved</c>.</summary>
    public async Task<CaseAnswer<Changed>> SplitAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (left, right) = (await KnownAsync(desk, keep, cancellationToken), await KnownAsync(desk, other, cancellationToken));
            if ((left.Error ?? right.Error) is { } unknown)
            {
                return unknown;
            }

            var line = (await LinesAsync(left.Value, cancellationToken)).LastOrDefault(known => known.Operation.Value == Merged + other.Id);
            if (line is null || right.Value.Document.State != PersonStates.Merged)
            {
                return Error.Conflict("undo.moved", "These records are not merged.", "这两条记录未合并。");
            }

            var by = By(desk, OperationKind.Undo) with { Why = why };
            // Fields changed since keep what was chosen meanwhile; only claims that came by the merge go.
            var ids = line.Operation.Changes.SelectMany(change => change.Claims).Select(claim => claim.Id).ToHashSet(StringComparer.Ordinal);
            var changes = line.Operation.Changes.Where(change => left.Value.Document.Fields.ContainsKey(change.Path)).Select(change =>
            {
                var now = left.Value.Document.Fields[change.Path];
                var known = change.Before?.Claims.Select(claim => claim.Id).ToHashSet(StringComparer.Ordinal) ?? [];
                return new FieldChange(change.Path, now.Version, ChangeMode.Set, [.. now.Claims.Where(claim => !ids.Contains(claim.Id) || known.Contains(claim.Id))]) { IsConflict = now.IsConflict };
            }).ToList();
            var one = RecordMachine.Apply(left.Value.Document, by with { Undoes = line.Version, Changes = changes, Value = SplitUp + other.Id }, left.Value.Document.Version + 1);
            var two = RecordMachine.Apply(right.Value.Document, by with { Kind = OperationKind.Step, State = PersonStates.Current, Value = keep.Id, StateBase = right.Value.Document.StateVersion }, right.Value.Document.Version + 1);
            var answer = await BothAsync(desk, left.Value, one, right.Value, two, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                if (answer.IsOk)
                {
                    await FallBackAsync(answer.Value!.Address, cancellationToken);
                    await FallBackAsync(new(PersonCore.Register, other.Id, right.Value.Partition), cancellationToken);
                }

                return answer;
            }
        }
    }

    private async Task<CaseAnswer<Changed>> BothAsync(CaseDesk desk, Loaded left, Result<Folded> one, Loaded right, Result<Folded> two, CancellationToken cancellationToken)
    {
        var keys = await _store.KeysAsync(left.Partition, cancellationToken);
        var ring = await _store.Vault.RingAsync(left.Partition, [left.Document.Id, right.Document.Id], create: true, cancellationToken);
        if ((one.Error ?? two.Error ?? keys.Error ?? ring.Error) is { } failed)
        {
            return failed;
        }

        var request = await AskAsync(desk, left.Plan, left.Document.Id, left.Document, [left.Document.Id, right.Document.Id], "link", "none", await TypedAsync(left, left.Document, "link", cancellationToken), cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "case.merge",
            Records =
            [
                _store.Write(left.Plan, left.Partition, one.Value with { Operation = one.Value.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value),
                _store.Write(right.Plan, right.Partition, two.Value with { Operation = two.Value.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value),
            ],
        }, cancellationToken);
        return Answer(answer, left.Plan, left.Partition, one.Value.Document, []);
    }
}
