using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Files;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Whatever is done to a record is taken back, or says why not.</summary>
public sealed class UndoTests
{
    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Every_operation_is_taken_back_and_taking_back_is_taken_back(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var (record, sought, _) = await node.TracingAsync();
        var (other, _, _) = await node.TracingAsync();
        var third = await node.PersonAsync("Sara Saleh");
        var acts = new (string Name, Func<RecordDocument, Task<CaseAnswer<Changed>>> Act)[]
        {
            ("change", seen => node.Cases.ChangeAsync(Desk(), record, new([new("cause", seen.Fields["cause"].Version, "conflict"), new("circumstances", 0, "invented")]), default)),
            ("clear", seen => node.Cases.ChangeAsync(Desk(), record, new([new("cause", seen.Fields["cause"].Version, "")]), default)),
            ("dispute", seen => node.Cases.ChangeAsync(Desk(), record, new([new("cause", seen.Fields["cause"].Version, "disaster") { IsDispute = true }]), default)),
            ("assign", _ => node.Cases.AssignAsync(Desk(), record, "worker-2", default)),
            ("restrict", _ => node.Cases.RestrictAsync(Desk(), record, ["worker-2"], default)),
            ("add", _ => node.Cases.PersonAsync(Desk(), record, "enquirer", third.Id, true, default)),
            ("remove", _ => node.Cases.PersonAsync(Desk(), record, "sought", sought.Id, false, default)),
            ("link", _ => node.Cases.LinkAsync(Desk(), record, "same-journey", other, "open", default)),
            ("attach", _ => node.Cases.AttachAsync(Desk(), record, new("files/a/file", 0, "note.txt", "an invented note"u8.ToArray()), default)),
            ("offer", _ => node.Cases.HandOverAsync(Desk(), record, HandOverAct.Offer, "protection/south", default)),
        };
        foreach (var (name, act) in acts)
        {
            var before = await DocumentAsync(node, record);
            var done = Ok(await act(before));
            var after = await DocumentAsync(node, record);
            Same(after, before).ShouldBeFalse(name);
            var undone = await node.Cases.UndoAsync(Desk(), record, done.Version, "mistake", default);
            Ok(undone);
            Same(await DocumentAsync(node, record), before).ShouldBeTrue(name);
            if (name != "offer")
            {
                Ok(await node.Cases.UndoAsync(Desk(), record, undone.Value!.Version, "right after all", default));
                Same(await DocumentAsync(node, record), after).ShouldBeTrue(name + " again");
                if (name is "restrict" or "remove" or "clear")
                {
                    Ok(await node.Cases.UndoAsync(Desk(), record, undone.Value.Version + 1, "and back", default));
                }
            }
        }

        // A link that was taken out comes back as it was.
        var linked = await DocumentAsync(node, record);
        var unlinked = Ok(await node.Cases.UnlinkAsync(Desk(), record, linked.Links.Single().Id, default));
        Ok(await node.Cases.UndoAsync(Desk(), record, unlinked.Version, "mistake", default));
        Same(await DocumentAsync(node, record), linked).ShouldBeTrue();
        var history = Ok(await node.Cases.HistoryAsync(Desk(), record, default));
        RecordJson.Bytes(RecordMachine.Replay(history.Lines.Select(line => line.Operation)).Value).ShouldBe(RecordJson.Bytes(await DocumentAsync(node, record)));
    }

    [Fact]
    public async Task A_step_is_taken_back_while_nobody_went_on_and_one_with_an_effect_outside_never()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var stepped = Ok(await node.Cases.StepAsync(Desk(), record, "withdraw", 1, null, default));
        var undone = Ok(await node.Cases.UndoAsync(Desk(), record, stepped.Version, "mistake", default));
        undone.State.ShouldBe("draft");
        Ok(await node.Cases.UndoAsync(Desk(), record, undone.Version, "right after all", default)).State.ShouldBe("withdrawn");
        (await node.Cases.UndoAsync(Desk(), record, stepped.Version, "late", default)).Error!.Code.ShouldBe("undo.moved");
        var lines = Ok(await node.Cases.HistoryAsync(Desk(), record, default)).Lines;
        lines.Select(line => line.NotUndone is null).ShouldBe([false, false, false, true]);
        lines[0].NotUndone!.In("en").ShouldContain("entered in error");

        var document = await DocumentAsync(node, record);
        Undoing.Of(document, lines[1].Operation with { Kind = OperationKind.Step }, document.StateVersion, true, lines[1].Operation).Error!.Code.ShouldBe("undo.outside-effect");
        Undoing.Of(document, lines[1].Operation with { Kind = OperationKind.Erase }, 2, false, lines[1].Operation).Error!.Code.ShouldBe("undo.erased");
    }

    [Fact]
    public async Task Control_that_moved_is_handed_back_and_never_taken_back__G9()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        Ok(await node.Cases.HandOverAsync(Desk(), record, HandOverAct.Offer, "protection/south", default));
        var accepted = Ok(await node.Cases.HandOverAsync(Desk(South), record, HandOverAct.Accept, null, default));
        var cancelled = Ok(await node.Cases.UndoAsync(Desk(South), record, accepted.Version, "not ours", default));
        (await DocumentAsync(node, record)).Control.ShouldBe(new ControlToken("protection/north", 1));
        (await node.Cases.UndoAsync(Desk(), record, cancelled.Version, "no", default)).Error!.Code.ShouldBe("undo.control");
        Ok(await node.Cases.HandOverAsync(Desk(), record, HandOverAct.Offer, "protection/south", default));
        Ok(await node.Cases.HandOverAsync(Desk(South), record, HandOverAct.Accept, null, default));
        var moved = Ok(await node.Cases.HandOverAsync(Desk(), record, HandOverAct.Commit, null, default));
        (await node.Cases.UndoAsync(Desk(South), record, moved.Version, "no", default)).Error!.Code.ShouldBe("undo.control");
        (await node.Cases.UndoAsync(Desk(), record, moved.Version, "mine", default)).Error!.Code.ShouldBe("case.nothing", "who handed over sees it no more");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_merge_comes_apart_in_both_records_from_whichever_it_is_taken_back(bool fromKept)
    {
        await using var node = await OpenAsync();
        var one = await node.PersonAsync("Amina Hassan", "2004");
        var two = await node.PersonAsync("Amina Hasan", "2005-03-04");
        var (first, second) = (await DocumentAsync(node, one), await DocumentAsync(node, two));
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
        var record = fromKept ? one : two;
        Ok(await node.Cases.UndoAsync(Desk(), record, (await DocumentAsync(node, record)).Version, "two people", default));
        Same(await DocumentAsync(node, one), first).ShouldBeTrue();
        Same(await DocumentAsync(node, two), second).ShouldBeTrue();

        Ok(await node.Cases.UndoAsync(Desk(), record, (await DocumentAsync(node, record)).Version, "one after all", default));
        (await DocumentAsync(node, one)).Fields["birth"].Claims.Count.ShouldBe(2);
        (await DocumentAsync(node, two)).State.ShouldBe("merged");
    }

    [Fact]
    public async Task A_file_taken_out_comes_back_whole()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        Ok(await node.Cases.AttachAsync(Desk(), record, new("files/a/file", 0, "note.txt", "an invented note"u8.ToArray()), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Single();
        var out1 = Ok(await node.Cases.ChangeAsync(Desk(), record, new([new("files/a/file", (await DocumentAsync(node, record)).Fields["files/a/file"].Version, "")]), default));
        Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Single().IsCurrent.ShouldBeFalse();
        Ok(await node.Cases.UndoAsync(Desk(), record, out1.Version, "needed", default));
        Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Single().IsCurrent.ShouldBeTrue();
        Ok(await node.Cases.ReadFileAsync(Desk(), record, file.Id, true, default)).Content.ShouldBe("an invented note"u8.ToArray());
    }

    [Fact]
    public async Task A_filter_taken_out_can_be_kept_again()
    {
        await using var node = await OpenAsync();
        var filter = new SavedFilter("Wrecks", "open", new Dictionary<string, string> { ["cause"] = "shipwreck" }, true);
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", filter, default)).IsOk.ShouldBeTrue();
        var removed = (await node.Cases.RemoveFilterAsync(Desk(), "tracing", "Wrecks", default)).Value!;
        (await node.Cases.SavedAsync(Desk(), "tracing", default)).ShouldBeEmpty();
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", removed, default)).IsOk.ShouldBeTrue();
        var kept = (await node.Cases.SavedAsync(Desk(), "tracing", default)).Single();
        (kept.Name, kept.State, kept.Fields["cause"], kept.IsMine).ShouldBe(("Wrecks", "open", "shipwreck", true));
        (await node.Cases.RemoveFilterAsync(Desk(), "tracing", "no such", default)).Value.ShouldBeNull();
    }

    private static async Task<RecordDocument> DocumentAsync(Node node, RecordAddress record) => (await new Waymark.Casework.Engine.CaseStore(node.Parts).ReadAsync(record with { Partition = record.Partition ?? RecordPartition.Missing }, default)).Value.Document;

    // Everything a person sees of a record; counters of versions and who was ever in it only rise.
    private static bool Same(RecordDocument one, RecordDocument other) => Seen(one).SequenceEqual(Seen(other));

    private static byte[] Seen(RecordDocument document) => RecordJson.Bytes(document with
    {
        Version = 0, StateVersion = 0, StateSince = default, SteppedBy = null, SteppedByUnits = [], Joined = [],
        Persons = [.. document.Persons.OrderBy(person => person.Person, StringComparer.Ordinal).Select(person => person with { From = default })],
        Fields = document.Fields.ToDictionary(field => field.Key, field => field.Value with { Version = 0 }, StringComparer.Ordinal),
    });
}
