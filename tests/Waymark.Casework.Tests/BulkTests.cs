using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Many records at once: looked at first, each by itself, taken back as one; and what leaves in one output.</summary>
public sealed class BulkTests
{
    private static readonly string s_group = new('a', 32);

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Records_are_given_to_somebody_after_a_look_and_come_back_as_one(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var records = await MadeAsync(node, 4);
        Ok(await node.Cases.RestrictAsync(Desk(), records[3], ["supervisor-1"], default));
        Ok(await node.Cases.AssignAsync(Desk(), records[2], "worker-2", default));
        var request = await RequestAsync(node, records, BulkAct.Assign, "worker-2");
        var preview = Ok(await node.Cases.PreviewAsync(Desk(), request, default));
        preview.Lines.Select(line => line.Refusal is null).ShouldBe([true, true, false, false]);
        (await OwnersAsync(node, records)).ShouldBe(["worker-1", "worker-1", "worker-2", "worker-1"], "a look changes nothing");

        var done = Ok(await node.Cases.DoAsync(Desk(), request, s_group, default));
        done.Lines.Count(line => line.Refusal is null).ShouldBe(2, "the rest is done although some were refused");
        done.Lines[3].Refusal!.In("en").ShouldContain("named people");
        (await OwnersAsync(node, records)).ShouldBe(["worker-2", "worker-2", "worker-2", "worker-1"]);
        var history = Ok(await node.Cases.HistoryAsync(Desk(), records[0], default)).Lines[^1].Operation;
        (history.Group, history.Decision is not null).ShouldBe((s_group, true));

        // Sent twice, it is done once; somebody else cannot use the name.
        Ok(await node.Cases.DoAsync(Desk(), request, s_group, default));
        Ok(await node.Cases.HistoryAsync(Desk(), records[0], default)).Lines.Count.ShouldBe(2);
        (await node.Cases.DoAsync(Desk(Colleague), request, s_group, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.UndoGroupAsync(Desk(South), s_group, "not mine", default)).Error!.Code.ShouldBe("case.nothing");

        Ok(await node.Cases.UndoGroupAsync(Desk(), s_group, "the wrong person", default)).Lines.Select(line => line.Refusal is null).ShouldBe([true, true]);
        (await OwnersAsync(node, records)).ShouldBe(["worker-1", "worker-1", "worker-2", "worker-1"], "what was so before stays");
        Ok(await node.Cases.UndoGroupAsync(Desk(), s_group, "again", default)).Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Steps_pass_their_guards_one_by_one_and_refusals_say_why()
    {
        await using var node = await OpenAsync();
        var records = await MadeAsync(node, 4);
        Ok(await node.Cases.HandOverAsync(Desk(), records[1], HandOverAct.Offer, "protection/south", default));
        var accept = Ok(await node.Cases.PreviewAsync(Desk(), await RequestAsync(node, records, BulkAct.Step, "accept"), default));
        accept.Open.ShouldBe(0);
        accept.Lines[0].Refusal!.In("en").ShouldContain("agreed");

        var request = await RequestAsync(node, records, BulkAct.Step, "withdraw");
        Ok(await node.Cases.PreviewAsync(Desk(), request, default)).Lines.Select(line => line.Refusal is null).ShouldBe([true, false, true, true]);
        Ok(await node.Cases.StepAsync(Desk(Colleague), records[2], "withdraw", 1, null, default));
        var back = Ok(await node.Cases.UndoAsync(Desk(Colleague), records[2], 2, "mistake", default));
        back.State.ShouldBe("draft");
        var done = Ok(await node.Cases.DoAsync(Desk(), request, s_group, default));
        done.Lines.Select(line => line.Refusal is null).ShouldBe([true, false, false, true], "one is on its way elsewhere, one moved after the look");
        done.Lines[0].StateName.In("en").ShouldBe("withdrawn");

        Ok(await node.Cases.ChangeAsync(Desk(), records[3], new([new("publicity", 0, "no")]), default));
        Ok(await node.Cases.UndoGroupAsync(Desk(), s_group, "too early", default)).Lines.Count(line => line.Refusal is null).ShouldBe(2);
        Ok(await node.Cases.OpenAsync(Desk(), records[0], default)).Document.State.ShouldBe("draft");
        var last = Ok(await node.Cases.OpenAsync(Desk(), records[3], default)).Document;
        (last.State, last.One("publicity")!.Value.Text).ShouldBe(("draft", "no"), "what was entered since stays");
    }

    [Fact]
    public async Task A_choice_is_bounded_and_what_is_not_theirs_is_not_there__F8()
    {
        await using var node = await OpenAsync();
        var records = await MadeAsync(node, 2);
        var request = await RequestAsync(node, records, BulkAct.Assign, "worker-3");
        Ok(await node.Cases.PreviewAsync(Desk(South), request, default)).Lines.ShouldBeEmpty();
        Ok(await node.Cases.DoAsync(Desk(South), request, s_group, default)).Lines.ShouldBeEmpty();
        Ok(await node.Cases.ExportAsync(Desk(South), new("tracing", [.. records.Select(record => record.Id)], (await node.ReceiverAsync()).Id, "look"), default)).Rows.ShouldBeEmpty();
        (await node.Cases.PreviewAsync(Desk(), request with { Records = [] }, default)).Error!.Code.ShouldBe("bulk.records");
        (await node.Cases.PreviewAsync(Desk(), request with { Records = [.. Enumerable.Range(0, 101).Select(at => new BulkRecord(at.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), 1))] }, default)).Error!.Code.ShouldBe("bulk.records");
        (await node.Cases.PreviewAsync(Desk(), request with { Register = "person" }, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.PreviewAsync(Desk(purpose: "migration-statistics"), request, default)).Error!.Code.ShouldBe("case.nothing");
    }

    [Fact]
    public async Task M53_more_than_25_persons_in_one_output_wait_a_day_and_for_two_others_and_each_copy_is_marked()
    {
        await using var node = await OpenAsync();
        var records = await MadeAsync(node, 13);
        var all = new ExportRequest("tracing", [.. records.Select(record => record.Id)], (await node.ReceiverAsync()).Id, "monthly review");
        var held = await node.Cases.ExportAsync(Desk(), all, default);
        held.Refusal!.Code.ShouldBe("gate.bulk");
        (await node.Cases.ExportAsync(Desk(), all, default)).Refusal!.Review.ShouldBe(held.Refusal.Review, "one review, however often it is asked");
        (await node.Store.Records.ListAsync(new("casework.export", []), default)).Value.Records.ShouldBeEmpty("nothing left");

        var deciders = new Dictionary<ReviewKind, IReadOnlySet<string>> { [ReviewKind.Bulk] = new HashSet<string> { "supervisor", "legal-officer" } };
        var reviews = new Reviews(deciders, node.Store, node.Keys, node.Clock);
        foreach (var decider in new[] { Legal, Second })
        {
            node.Clock.Advance(TimeSpan.FromMinutes(3));
            (await reviews.DecideAsync(decider, held.Refusal.Review!, true, "needed", default)).IsOk.ShouldBeTrue();
        }

        (await node.Cases.ExportAsync(Desk(), all, default)).Refusal!.Code.ShouldBe("gate.bulk", "held, although approved");
        node.Clock.Advance(TimeSpan.FromHours(25));
        (await node.Cases.ExportAsync(Desk(Colleague), all, default)).Refusal!.Code.ShouldBe("gate.bulk", "another person's approval");
        (await node.Cases.ExportAsync(Desk(), all with { Receiver = (await node.ReceiverAsync("Elsewhere", publicKey: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")).Id }, default)).Refusal!.Code.ShouldBe("gate.bulk", "approved for another receiver");
        var export = Ok(await node.Cases.ExportAsync(Desk(), all, default));
        export.Rows.Count.ShouldBe(13);
        (await node.Cases.ExportAsync(Desk(), all, default)).Refusal!.Code.ShouldBe("gate.bulk", "used up");
        var copy = (await node.Cases.CopyAsync(export.Mark, default))!;
        (copy.Account, copy.Records, copy.Persons, copy.To).ShouldBe(("worker-1", 13, 26, export.Receiver.Key.Fingerprint));
        (await node.Cases.CopyAsync("000000000000", default)).ShouldBeNull();
    }

    [Fact]
    public async Task M53_little_by_little_within_a_day_counts_together()
    {
        await using var node = await OpenAsync();
        var (records, receiver) = (await MadeAsync(node, 13), await node.ReceiverAsync());
        Task<CaseAnswer<CaseExport>> ExportAsync(int at) => node.Cases.ExportAsync(Desk(), new("tracing", [records[at].Id], receiver.Id, "one by one"), default);
        var marks = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < 12; at++)
        {
            node.Clock.Advance(TimeSpan.FromMinutes(20));

            // A list and a printed sheet are both carried away.
            marks.Add(at % 2 == 0 ? Ok(await ExportAsync(at)).Mark : Ok(await node.Cases.PrintAsync(Desk(), records[at], new(null, "own house", "TUN") { Kind = "none" }, default)).Mark);
        }

        marks.Count.ShouldBe(12);
        (await node.Cases.CopyAsync(marks.Last(), default))!.Account.ShouldBe("worker-1");
        (await ExportAsync(12)).Refusal!.Code.ShouldBe("gate.bulk");
        (await node.Cases.PrintAsync(Desk(), records[12], new(null, "own house", "TUN") { Kind = "none" }, default)).Refusal!.Code.ShouldBe("gate.bulk");
        Ok(await ExportAsync(0));
        node.Clock.Advance(TimeSpan.FromHours(25));
        Ok(await ExportAsync(12));
    }

    [Fact]
    public async Task An_export_leaves_out_records_of_whom_the_reader_is_barred__F10_M28()
    {
        await using var node = await OpenAsync();
        var sought = await node.PersonAsync("Leila Saleh", "1998", RecordPartition.Missing, ("feared-areas", "ERI"));
        var made = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister", ["cause"] = "journey" }, [("sought", sought.Id)]), default)).Address;
        var open = (await MadeAsync(node, 1))[0];
        var export = Ok(await node.Cases.ExportAsync(Desk(), new("tracing", [made.Id, open.Id], (await node.ReceiverAsync("embassy", "ERI")).Id, "asked"), default));
        export.Rows.Single().Address.Id.ShouldBe(open.Id);
        var withheld = export.Withheld.Single();
        (withheld.Address.Id, withheld.Refusal!.In("en")).ShouldBe((made.Id, "This cannot be given to this reader."), "whom somebody fears is nobody's reason to tell");
    }

    [Fact]
    public async Task M53_nothing_leaves_but_to_a_receiver_in_force()
    {
        await using var node = await OpenAsync();
        var (records, receiver) = (await MadeAsync(node, 1), await node.ReceiverAsync());
        Task<CaseAnswer<CaseExport>> ExportAsync(string? to) => node.Cases.ExportAsync(Desk(), new("tracing", [records[0].Id], to, "asked"), default);
        Ok(await ExportAsync(receiver.Id)).Rows.Count.ShouldBe(1);
        foreach (var to in new[] { null, "", "harbour", new string('0', 32) })
        {
            (await ExportAsync(to)).Error!.Code.ShouldBe("export.receiver", to);
        }

        (await node.Parts.Receivers!.WithdrawAsync(Legal, receiver.Id, "their office was searched", default)).IsOk.ShouldBeTrue();
        (await ExportAsync(receiver.Id)).Error!.Code.ShouldBe("export.receiver");
        (await new Waymark.Casework.Features.Casework(node.Parts with { Receivers = null }).ExportAsync(Desk(), new("tracing", [records[0].Id], receiver.Id, "asked"), default)).Error!.Code.ShouldBe("export.receiver");
    }

    private static async Task<IReadOnlyList<RecordAddress>> MadeAsync(Node node, int count)
    {
        var records = new List<RecordAddress>();
        for (var at = 0; at < count; at++)
        {
            records.Add((await node.TracingAsync()).Case);
        }

        return records;
    }

    private static async Task<BulkRequest> RequestAsync(Node node, IReadOnlyList<RecordAddress> records, BulkAct act, string? word)
    {
        var seen = new List<BulkRecord>();
        foreach (var record in records)
        {
            seen.Add(new(record.Id, Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.StateVersion));
        }

        return new("tracing", seen, act, word);
    }

    private static async Task<IReadOnlyList<string?>> OwnersAsync(Node node, IReadOnlyList<RecordAddress> records)
    {
        var owners = new List<string?>();
        foreach (var record in records)
        {
            owners.Add(Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.Owner);
        }

        return owners;
    }
}
