using Waymark.Model;

namespace Waymark.Casework.Documents;

/// <summary>
/// Applies operations to documents. Pure: the same document, operation and version give the same result, so that replaying all operations gives the
/// document. It never loses a value: what is entered is current, superseded by somebody who saw it, or in an open conflict (G8).
/// </summary>
public static class RecordMachine
{
    /// <summary>Most claims that stand side by side in one field.</summary>
    public const int MostClaims = 50;

    /// <summary>
    /// The document after the operation, as version <paramref name="version"/>. Errors: <c>record.state-moved</c>, <c>record.changed</c>, <c>record.control</c>,
    /// <c>record.too-many</c>, <c>record.unknown-part</c>.
    /// </summary>
    public static Result<Folded> Apply(RecordDocument? document, Operation operation, long version)
    {
        if (operation.Kind == OperationKind.Create)
        {
            if (operation.First is not { } first || document is not null)
            {
                return Changed();
            }

            var made = first with { Version = version, StateVersion = version, Joined = [.. first.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal)] };
            return operation.Changes.Count > 0 ? Change(made, operation, version) : new Folded(made, operation, []);
        }

        if (document is null)
        {
            return Changed();
        }

        var next = document with { Version = version };
        return operation.Kind switch
        {
            OperationKind.Change or OperationKind.Undo when operation.Changes.Count > 0 => Change(next, operation, version),
            OperationKind.Step => Step(next, operation, version),
            OperationKind.Undo when operation.State is not null => Step(next, operation, version),
            OperationKind.Assign => new Folded(next with { Owner = operation.Value }, operation with { ValueBefore = document.Owner }, []),
            OperationKind.Restrict => new Folded(next with { NeedToKnow = operation.List ?? [] }, operation with { ListBefore = document.NeedToKnow }, []),
            OperationKind.AddPerson => Person(next, operation, version, add: true),
            OperationKind.RemovePerson => Person(next, operation, version, add: false),
            OperationKind.Erase => new Folded(next with { Persons = [.. next.Persons.Where(known => known.Person != operation.Person!.Person)] }, operation, []),
            OperationKind.Link => new Folded(next with { Links = [.. next.Links, operation.Link!] }, operation, []),
            OperationKind.Unlink => next.Links.Any(link => link.Id == operation.Link!.Id)
                ? new Folded(next with { Links = [.. next.Links.Where(link => link.Id != operation.Link!.Id)] }, operation, []) : Changed(),
            OperationKind.Migrate => Migrate(document, next, operation, version),
            OperationKind.OfferControl or OperationKind.AcceptControl or OperationKind.CommitControl or OperationKind.CancelOffer => Control(next, operation),
            _ => new Folded(next, operation, []),
        };
    }

    /// <summary>All operations from the first, as versions 1, 2, 3 …</summary>
    public static Result<RecordDocument> Replay(IEnumerable<Operation> operations)
    {
        RecordDocument? document = null;
        var version = 0L;
        foreach (var operation in operations)
        {
            var folded = Apply(document, operation, ++version);
            if (!folded.IsOk)
            {
                return folded.Error;
            }

            document = folded.Value.Document;
        }

        return document is null ? Changed() : document;
    }

    private static Result<Folded> Change(RecordDocument document, Operation operation, long version)
    {
        var fields = new Dictionary<string, FieldState>(document.Fields, StringComparer.Ordinal);
        var changes = new List<FieldChange>(operation.Changes.Count);
        var notes = new List<MergeNote>();
        foreach (var change in operation.Changes)
        {
            var before = fields.GetValueOrDefault(change.Path);
            var after = Merge(before, change, operation.Kind is OperationKind.Undo or OperationKind.Migrate, version, notes);
            if (!after.IsOk)
            {
                return after.Error;
            }

            changes.Add(change with { Before = before });
            if (after.Value is { Claims.Count: > 0 } state)
            {
                fields[change.Path] = state;
            }
            else
            {
                fields.Remove(change.Path);
            }
        }

        var asked = document.Asked.Count == 0 ? document.Asked : [.. document.Asked.Where(path => !fields.ContainsKey(path))];
        return new Folded(document with { Fields = fields, Asked = asked }, operation with { Changes = changes }, notes);
    }

    /// <summary>
    /// Another edition of the pack: fields go where it says, the state keeps its meaning under its new name, so neither its clocks nor what somebody saw of it begin anew.
    /// </summary>
    private static Result<Folded> Migrate(RecordDocument document, RecordDocument next, Operation operation, long version)
    {
        if (operation.Pack is not { } pack)
        {
            return Changed();
        }

        var moved = next with { PackVersion = pack.Version, PackHash = pack.Hash, State = operation.State ?? next.State, Asked = operation.List ?? [] };
        return Change(moved, operation, version).Select(folded => folded with
        {
            Operation = folded.Operation with { PackBefore = new(document.PackVersion, document.PackHash), StateBefore = operation.State is null ? null : document.State, ListBefore = document.Asked },
        });
    }

    private static Result<FieldState> Merge(FieldState? before, FieldChange change, bool isUndo, long version, List<MergeNote> notes)
    {
        var seen = (before?.Version ?? 0) == change.Base;
        if (change.Mode == ChangeMode.Resolve)
        {
            // A choice is made by somebody who saw everything there is to choose from.
            return seen && before is not null && change.Claims.Count > 0 && change.Claims.All(claim => before.Claims.Any(known => known.Id == claim.Id))
                ? new FieldState(version, change.Claims) : Changed();
        }

        if (before is null)
        {
            return new FieldState(version, change.Claims, change.IsConflict);
        }

        // Setting does not settle an open conflict, choosing does; undoing brings back what was, an open conflict too.
        if (change.Mode == ChangeMode.Set && seen && (isUndo || !before.IsConflict))
        {
            return new FieldState(version, change.Claims, change.IsConflict);
        }

        var fresh = change.Claims.Where(claim => before.Claims.All(known => known.Value != claim.Value)).ToList();
        if (fresh.Count == 0)
        {
            // The same was entered twice, or was removed while somebody changed it: what is there stays.
            if (change.Claims.Count == 0)
            {
                notes.Add(new(change.Path, before.IsConflict));
            }

            return before;
        }

        if (before.Claims.Count + fresh.Count > MostClaims)
        {
            return Error.TooLarge("record.too-many", $"More than {MostClaims} statements stand in one field.", $"一个字段中的陈述超过 {MostClaims} 条。", change.Path);
        }

        var conflict = before.IsConflict || change.Mode == ChangeMode.Set;
        if (conflict)
        {
            notes.Add(new(change.Path, true));
        }

        return new FieldState(version, [.. before.Claims, .. fresh], conflict);
    }

    private static Result<Folded> Step(RecordDocument document, Operation operation, long version) => document.StateVersion != operation.StateBase
        ? Error.Conflict("record.state-moved", "Somebody else took a step meanwhile; look again.", "他人已在此期间推进了状态；请重新查看。")
        : new Folded(
            document with
            {
                State = operation.State!, StateVersion = version, StateSince = operation.At, SteppedBy = operation.By, SteppedByUnits = operation.Units,
            },
            operation with { StateBefore = document.State }, []);

    private static Result<Folded> Person(RecordDocument document, Operation operation, long version, bool add)
    {
        var person = operation.Person!;
        if (add == document.Persons.Any(known => known.Role == person.Role && known.Person == person.Person))
        {
            return Changed();
        }

        var next = document with
        {
            Persons = add ? [.. document.Persons, person] : [.. document.Persons.Where(known => known.Role != person.Role || known.Person != person.Person)],
            Joined = [.. document.Joined.Union([person.Person], StringComparer.Ordinal)],
        };

        // Somebody who joins after the gates reopens them (M24): the same operation takes the record back.
        return operation.State is null || operation.State == document.State ? new Folded(next, operation, [])
            : new Folded(next with { State = operation.State, StateVersion = version, StateSince = operation.At }, operation with { StateBefore = document.State }, []);
    }

    /// <summary>
    /// Exactly one unit controls a record. Only the commit of an accepted offer moves control; whatever fails before it leaves control where it was (G9).
    /// </summary>
    private static Result<Folded> Control(RecordDocument document, Operation operation)
    {
        var token = document.Control;
        var next = (operation.Kind, token.Offer) switch
        {
            (OperationKind.OfferControl, null) when operation.Value is { } to && to != token.Unit && operation.Units.Contains(token.Unit, StringComparer.Ordinal) =>
                token with { Offer = new(to, operation.By, operation.At) },
            (OperationKind.AcceptControl, { AcceptedBy: null } offer) when operation.Units.Contains(offer.To, StringComparer.Ordinal) && operation.By != offer.OfferedBy =>
                token with { Offer = offer with { AcceptedBy = operation.By } },
            (OperationKind.CommitControl, { AcceptedBy: not null } offer) when operation.Units.Contains(token.Unit, StringComparer.Ordinal) => new ControlToken(offer.To, token.Term + 1),
            (OperationKind.CancelOffer, { } offer) when operation.Units.Contains(token.Unit, StringComparer.Ordinal) || operation.Units.Contains(offer.To, StringComparer.Ordinal) => token with { Offer = null },
            _ => null,
        };
        return next is null
            ? Error.Conflict("record.control", "Control of this record cannot be moved so; look at who holds it and what was offered.", "不能这样移交本记录的控制权；请查看由谁控制以及已提出的移交。")
            : new Folded(document with { Control = next, Owner = next.Unit == token.Unit ? document.Owner : null }, operation with { ValueBefore = token.Unit }, []);
    }

    private static Error Changed() => Error.Conflict("record.changed", "It was changed meanwhile; look again.", "期间已被更改；请重新查看。");
}
