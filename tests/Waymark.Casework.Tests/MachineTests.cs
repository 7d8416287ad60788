using FsCheck;
using FsCheck.Fluent;
using Waymark.Casework.Documents;

namespace Waymark.Casework.Tests;

/// <summary>No lost edit, no second controller, and the operations lead to the document.</summary>
public sealed class MachineTests
{
    private static readonly DateTimeOffset s_at = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] s_paths = ["a", "b", "c"];

    private static RecordDocument First => new()
    {
        Register = "tracing", Id = new('1', 32), PackVersion = "1.0.0", PackHash = "h", State = "draft", Control = new("north", 1), OpenedBy = "w", OpenedAt = s_at, StateSince = s_at,
    };

    private static Operation Op(OperationKind kind, string by = "w") => new("o", kind, by, s_at);

    private static Claim Claim(int value) => new("c" + value, new FieldValue($"\"v{value}\""), "w", s_at);

    /// <summary>An edit as somebody may make it: which field, seen how many versions ago, what it does.</summary>
    private sealed record Edit(int Path, int Behind, int What);

    private static Gen<Edit> Edits => from path in Gen.Choose(0, 2) from behind in Gen.Choose(0, 4) from what in Gen.Choose(0, 9) select new Edit(path, behind, what);

    /// <summary>Runs edits against one another; each acts on the document it saw some versions ago.</summary>
    private static (List<Operation> Stored, RecordDocument Document, Dictionary<string, HashSet<string>> Seen) Run(IEnumerable<Edit> edits)
    {
        var stored = new List<Operation>();
        var past = new List<RecordDocument>();
        var chosenAway = s_paths.ToDictionary(path => path, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        var first = RecordMachine.Apply(null, Op(OperationKind.Create) with { First = First }, 1).Value;
        stored.Add(first.Operation);
        past.Add(first.Document);
        var value = 0;
        foreach (var edit in edits)
        {
            var now = past[^1];
            var saw = past[Math.Max(0, past.Count - 1 - edit.Behind)];
            var path = s_paths[edit.Path];
            var state = saw.Fields.GetValueOrDefault(path);
            var seen = state?.Version ?? 0;
            var version = now.Version + 1;
            Operation? made = edit.What switch
            {
                <= 5 => Op(OperationKind.Change) with { Changes = [new(path, seen, ChangeMode.Set, [Claim(value++)])] },
                6 => Op(OperationKind.Change) with { Changes = [new(path, seen, ChangeMode.Dispute, [Claim(value++)])] },
                7 => Op(OperationKind.Change) with { Changes = [new(path, seen, ChangeMode.Set, [])] },
                8 when state is not null => Op(OperationKind.Change) with { Changes = [new(path, seen, ChangeMode.Resolve, [state.Claims[0]])] },
                9 when stored.Count > 1 => Undoing.Of(now, stored[Math.Max(1, stored.Count - 1 - edit.Behind)], Math.Max(1, stored.Count - 1 - edit.Behind) + 1, false, Op(OperationKind.Undo)).Match(op => op, _ => null!),
                _ => null,
            };
            var folded = made is null ? default : RecordMachine.Apply(now, made, version);
            if (made is null || !folded.IsOk)
            {
                continue;
            }

            // What somebody who saw it replaced, removed or did not choose is superseded by choice.
            foreach (var change in folded.Value.Operation.Changes.Where(change => (change.Before?.Version ?? 0) == change.Base))
            {
                chosenAway[change.Path].UnionWith((change.Before?.Claims ?? []).Select(claim => claim.Value.Json));
            }

            stored.Add(folded.Value.Operation);
            past.Add(folded.Value.Document);
        }

        return (stored, past[^1], chosenAway);
    }

    [Fact]
    public void Every_value_ever_entered_is_current_or_superseded_by_choice_or_in_an_open_conflict__G8() =>
        Prop.ForAll(Gen.ListOf(Edits).ToArbitrary(), edits =>
        {
            var (stored, document, chosenAway) = Run(edits);
            var entered = stored.SelectMany(operation => operation.Changes).SelectMany(change => change.Claims.Select(claim => (change.Path, claim.Value.Json)));
            return entered.All(one => chosenAway[one.Path].Contains(one.Json) || (document.Fields.GetValueOrDefault(one.Path)?.Claims.Any(claim => claim.Value.Json == one.Json) ?? false));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Replaying_all_operations_gives_the_document() =>
        Prop.ForAll(Gen.ListOf(Edits).ToArbitrary(), edits =>
        {
            var (stored, document, _) = Run(edits);
            return RecordJson.Bytes(RecordMachine.Replay(stored).Value).AsSpan().SequenceEqual(RecordJson.Bytes(document));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void An_operation_undone_at_once_leaves_the_values_as_they_were() =>
        Prop.ForAll(Gen.ListOf(Edits).ToArbitrary(), edits =>
        {
            var (stored, document, _) = Run(edits);
            if (stored.Count < 2)
            {
                return true;
            }

            var before = RecordMachine.Replay(stored.Take(stored.Count - 1)).Value;
            var undo = Undoing.Of(document, stored[^1], document.Version, false, Op(OperationKind.Undo)).Value;
            var after = RecordMachine.Apply(document, undo, document.Version + 1).Value.Document;
            return s_paths.All(path => Values(before, path).SetEquals(Values(after, path)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static HashSet<string> Values(RecordDocument document, string path) => [.. (document.Fields.GetValueOrDefault(path)?.Claims ?? []).Select(claim => claim.Value.Json)];

    [Fact]
    public void Exactly_one_unit_controls_whatever_order_hand_over_acts_come_in__G9()
    {
        string[][] units = [["north"], ["south"], ["east"]];
        OperationKind[] kinds = [OperationKind.OfferControl, OperationKind.AcceptControl, OperationKind.CommitControl, OperationKind.CancelOffer];
        var acts = from kind in Gen.Elements(kinds) from unit in Gen.Choose(0, 2) from to in Gen.Elements("north", "south", "east") select (kind, unit, to);
        Prop.ForAll(Gen.ListOf(acts).ToArbitrary(), list =>
        {
            var document = RecordMachine.Apply(null, Op(OperationKind.Create) with { First = First }, 1).Value.Document;
            foreach (var (kind, unit, to) in list)
            {
                var folded = RecordMachine.Apply(document, Op(kind, "w-" + unit) with { Units = units[unit], Value = to }, document.Version + 1);
                if (!folded.IsOk)
                {
                    continue;
                }

                var (before, after) = (document.Control, folded.Value.Document.Control);
                var moved = before.Unit != after.Unit;
                // Control moves only by the holder's commit of an accepted offer, to whom it was offered; terms only rise.
                if (moved && (kind != OperationKind.CommitControl || before.Offer?.AcceptedBy is null || before.Offer.To != after.Unit || units[unit][0] != before.Unit || after.Term != before.Term + 1)
                    || (!moved && after.Term != before.Term))
                {
                    return false;
                }

                document = folded.Value.Document;
            }

            return document.Control.Unit is "north" or "south" or "east";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void A_step_after_somebody_elses_step_is_refused()
    {
        var document = RecordMachine.Apply(null, Op(OperationKind.Create) with { First = First }, 1).Value.Document;
        var moved = RecordMachine.Apply(document, Op(OperationKind.Step) with { State = "open", StateBase = 1 }, 2).Value.Document;
        RecordMachine.Apply(moved, Op(OperationKind.Step) with { State = "withdrawn", StateBase = 1 }, 3).Error!.Code.ShouldBe("record.state-moved");
    }
}
