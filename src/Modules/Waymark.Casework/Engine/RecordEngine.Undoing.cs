using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Merging;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Engine;

/// <summary>Taking operations back, one record or the two of a merge.</summary>
public abstract partial class RecordEngine
{
    public async Task<CaseAnswer<Changed>> UndoAsync(CaseDesk desk, RecordAddress record, long version, string why, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(desk, record, cancellationToken);
        if (!known.IsOk)
        {
            return known.Error;
        }

        if ((await LinesAsync(known.Value, cancellationToken)).FirstOrDefault(line => line.Version == version) is not { } line)
        {
            return CaseStore.Nothing();
        }

        if (Together(record, line.Operation) is var (keep, other, merges))
        {
            return await (merges ? MergeAsync(desk, keep, other, why, null, cancellationToken) : SplitAsync(desk, keep, other, why, null, cancellationToken));
        }

        var done = await DoAsync(desk, record, "update", "none", (loaded, _) => Task.FromResult(Undone(loaded.Plan, loaded.Document, line, By(desk, OperationKind.Undo) with { Why = why })), cancellationToken);
        if (done.IsOk && record.Register == PersonCore.Register && line.Operation.Changes.Any(change => PersonCore.IsGateFact(change.Path)))
        {
            await FallBackAsync(done.Value!.Address, cancellationToken);
        }

        return done;
    }

    /// <summary>The operation that takes a line back; what an earlier edition did is taken back only as far as the record's edition has a place for it.</summary>
    private static Result<Operation> Undone(RegisterPlan plan, RecordDocument document, HistoryLine line, Operation by)
    {
        var undone = Undoing.Of(document, line.Operation, line.Version, line.Operation.Step is { } step && line.Plan.Transition(step) is { Action: not "update" }, by);
        return undone.IsOk && (undone.Value.Changes.Any(change => plan.Field(RecordDocument.PlanPath(change.Path)) is null) || (undone.Value.State is { } state && plan.State(state) is null))
            ? Error.Refused("undo.edition", "It was done in an earlier version of the register, which had other fields.", "此操作在较早的登记册版本中完成，其字段不同。") : undone;
    }

    /// <summary>The two records of a merge or split, whichever of them is looked at, and whether taking it back merges them.</summary>
    private static (RecordAddress Keep, RecordAddress Other, bool Merges)? Together(RecordAddress record, Operation done)
    {
        if (record.Register != PersonCore.Register || done.Value is not { } value)
        {
            return null;
        }

        var other = record with { Id = value[(value.IndexOf('.', StringComparison.Ordinal) + 1)..] };
        return (done.Kind, done.State) switch
        {
            (OperationKind.Change, _) when value.StartsWith(MergeMark.Merged, StringComparison.Ordinal) => (record, other, false),
            (OperationKind.Undo, _) when value.StartsWith(MergeMark.SplitUp, StringComparison.Ordinal) => (record, other, true),
            (OperationKind.Step, PersonStates.Merged) => (other, record, false),
            (OperationKind.Step, PersonStates.Current) => (other, record, true),
            _ => null,
        };
    }
}
