using Waymark.Model;

namespace Waymark.Casework.Documents;

/// <summary>
/// Makes the operation that takes another one back. It is an operation like any other: changed since, both values are kept and a person is asked. What cannot be taken back
/// says why: what had an effect outside, what moved control, what was erased, and the making of a record.
/// </summary>
public static class Undoing
{
    /// <summary>Errors: <c>undo.outside-effect</c>, <c>undo.control</c>, <c>undo.first</c>, <c>undo.erased</c>, <c>undo.migration</c>, <c>undo.moved</c>.</summary>
    public static Result<Operation> Of(RecordDocument document, Operation done, long version, bool hadOutsideEffect, Operation by) => done.Kind switch
    {
        OperationKind.Change or OperationKind.Undo when done.Changes.Count > 0 => by with
        {
            Kind = OperationKind.Undo, Undoes = version,
            Changes = [.. done.Changes.Select(change => new FieldChange(change.Path, version, ChangeMode.Set, change.Before?.Claims ?? []) { IsConflict = change.Before?.IsConflict ?? false })],
        },
        OperationKind.Step when hadOutsideEffect => Error.Refused("undo.outside-effect", "This step had an effect outside and cannot be taken back.", "此步骤已对外产生效果，不能撤销。"),
        OperationKind.Step or OperationKind.Undo when done.StateBefore is { } before => document.StateVersion == version
            ? by with { Kind = OperationKind.Undo, Undoes = version, State = before, StateBase = version }
            : Error.Conflict("undo.moved", "The record has moved on since.", "此后记录已推进。"),
        OperationKind.Assign => by with { Kind = OperationKind.Assign, Undoes = version, Value = done.ValueBefore },
        OperationKind.Restrict => by with { Kind = OperationKind.Restrict, Undoes = version, List = done.ListBefore },
        OperationKind.AddPerson => by with { Kind = OperationKind.RemovePerson, Undoes = version, Person = done.Person },
        OperationKind.RemovePerson => by with { Kind = OperationKind.AddPerson, Undoes = version, Person = done.Person },
        OperationKind.Link => by with { Kind = OperationKind.Unlink, Undoes = version, Link = done.Link },
        OperationKind.Unlink => by with { Kind = OperationKind.Link, Undoes = version, Link = done.Link },
        OperationKind.OfferControl or OperationKind.AcceptControl when document.Control.Offer is not null => by with { Kind = OperationKind.CancelOffer, Undoes = version },
        OperationKind.Migrate => Error.Refused("undo.migration", "A migration is taken back as a whole, for all its records.", "迁移须对其全部记录整体撤销。"),
        OperationKind.Create => Error.Refused("undo.first", "A record is not unmade; mark it as entered in error.", "记录不会被取消；请标为误录。"),
        OperationKind.Erase => Error.Refused("undo.erased", "What was erased is gone for good.", "已删除的内容不可恢复。"),
        OperationKind.OfferControl or OperationKind.AcceptControl or OperationKind.CommitControl or OperationKind.CancelOffer =>
            Error.Refused("undo.control", "Control is handed back by a hand-over of its own.", "控制权须以另一次移交归还。"),
        _ => Error.Conflict("undo.moved", "There is nothing left to take back.", "已无可撤回的内容。"),
    };
}
