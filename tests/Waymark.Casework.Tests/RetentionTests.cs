using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>The end of retention (R25, S196): proposed by the machine, decided by persons, and gone for good while the persons in it stay in other records.</summary>
public sealed class RetentionTests
{
    private static readonly Actor s_officer = new("officer-1", "data-protection-officer", ["privacy"], true, "key-officer");

    [Fact]
    public async Task One_record_of_a_person_who_has_others_goes_with_its_whole_history_and_the_other_stays__R25()
    {
        await using var node = await OpenAsync();
        var (ended, kept, sought, alone) = await EndedAsync(node);
        Ok(await node.Cases.WriteAsync(Desk(), ended, new(MessageKind.Note, "Zebulonqvist was seen at the pier."), default));
        (await node.Cases.LookAsync(default)).Value.ShouldBe(0, "nothing is proposed before its day");
        await PassAsync(node, 121);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(1);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(0, "it waits already");

        var line = Waiting(await node.Cases.ListAsync(s_officer, default));
        (line.State, line.Persons, line.Alone, line.IsHeld, line.Reference).ShouldBe((RetentionState.Proposed, 2, 1, false, References.Of(RepositoryPacks.Tracing, ended.Id)));
        var before = await OperationsAsync(node, ended);
        var documents = new[] { (await node.Store.Records.GetAsync(RecordPartition.Missing, "tracing", ended.Id, default))!.Document.ToArray() };

        // One person alone erases nothing; the second is another person, of another unit, with another key, later.
        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Approve))).ShouldBe(RetentionState.Approved);
        (await DecideAsync(node, s_officer, line, new(RetentionAct.CarryOut))).Error!.Code.ShouldBe("two.same-account");
        (await DecideAsync(node, Legal, line, new(RetentionAct.CarryOut))).Error!.Code.ShouldBe("two.too-quick");
        Ok(await node.Cases.OpenAsync(Desk(), ended, default));
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Did(await DecideAsync(node, Legal, line, new(RetentionAct.CarryOut))).ShouldBe(RetentionState.Erased);

        // Gone for its unit, for the search, in its rows; its operations are there as proof and open no more, though the person's key lives.
        (await node.Cases.OpenAsync(Desk(), ended, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.HistoryAsync(Desk(), ended, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.OpenAsync(Desk(), alone, default)).Error!.Code.ShouldBe("case.nothing", "a person's record ends with the last record that needs it");
        (await node.Store.Records.GetAsync(RecordPartition.Missing, "tracing", ended.Id, default)).ShouldBeNull();
        (await node.Store.Records.ListAsync(new("casework.message", []), default)).Value.Records.ShouldBeEmpty();
        (await node.Store.Records.ListAsync(new(CaseStore.UseRegister, []), default)).Value.Records.Select(stored => RecordJson.Read<Use>(stored.Document.Span).Id).ShouldNotContain(ended.Id);
        var vault = new RecordVault(node.Keys);
        foreach (var envelope in before.Concat(documents).Select(bytes => RecordJson.Read<Envelope>(bytes)))
        {
            var ring = (await vault.RingAsync(RecordPartition.Missing, envelope.Persons, create: false, default, "tracing/" + ended.Id)).Value;
            (envelope.IsKeyed, ring.Has(sought.Id), envelope.Of(ring)).ShouldBe((true, envelope.Persons.Contains(sought.Id), null), "a copy from a backup opens no more");
        }

        // The other record of the same person is whole, with its history.
        Ok(await node.Cases.OpenAsync(Desk(), kept, default)).Document.Persons.ShouldContain(person => person.Person == sought.Id);
        Ok(await node.Cases.HistoryAsync(Desk(), kept, default)).Lines.Count.ShouldBeGreaterThan(0);
        Ok(await node.Cases.OpenAsync(Desk(), sought, default));

        // What was sealed is in no byte of tables, indexes or log once they are written anew; who decided stays, each act with its leaf.
        (await node.Cases.FinishAsync(default)).Value.ShouldBe(0);
        var sealed0 = RecordJson.Read<Envelope>(documents[0]).Sections[0].Sealed[..40];
        Directory.EnumerateFiles(Path.Combine(node.Folder, "data"), "*", SearchOption.AllDirectories).Where(file => Holds(file, Encoding.ASCII.GetBytes(Convert.ToBase64String(sealed0)[..48])) || Holds(file, sealed0)).ShouldBeEmpty();
        var told = (await node.Cases.ListAsync(Legal, default)).Value.Lines.ShouldHaveSingleItem();
        (told.State, told.Reference, told.First, told.Second, told.Persons).ShouldBe((RetentionState.Erased, null, "officer-1", "legal-1", 2));
        var acts = (await node.Store.Records.ListAsync(new("audit.act", [], "at", Limit: 1_000), default)).Value.Records.Select(stored => Encoding.UTF8.GetString(stored.Document.Span)).ToList();
        ((string[])["retention.proposed", "retention.approve", "retention.carry-out", "retention.erased"]).ShouldAllBe(act => acts.Any(entry => entry.Contains($"\"{act}\"", StringComparison.Ordinal)));
        ((await node.Store.Records.GetAsync("casework.retention", told.Id, default))!.Document.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(ended.Id)) < 0).ShouldBeTrue("nothing leads back to the record");
    }

    [Fact]
    public async Task A_hold_stops_both_and_one_person_keeps_it_on_with_a_ground_until_its_day__R25()
    {
        await using var node = await OpenAsync();
        var (ended, _, sought, _) = await EndedAsync(node);
        await PassAsync(node, 121);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(1);
        var line = Waiting(await node.Cases.ListAsync(s_officer, default));
        (await node.Cases.ListAsync(Worker, default)).Error!.Code.ShouldBe("retention.role");
        (await DecideAsync(node, Supervisor, line, new(RetentionAct.Approve))).Error!.Code.ShouldBe("retention.role");
        (await DecideAsync(node, s_officer with { IsHardware = false }, line, new(RetentionAct.Approve))).Error!.Code.ShouldBe("two.credential");
        (await DecideAsync(node, s_officer, line, new(RetentionAct.CarryOut))).Error!.Code.ShouldBe("retention.not-now");

        // Approved and taken back, approved again; then a hold over somebody in it stops the second person too.
        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Approve)));
        Did(await DecideAsync(node, Legal, line, new(RetentionAct.TakeBack))).ShouldBe(RetentionState.Proposed);
        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Approve)));
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        (await node.Exceptions.HoldAsync(Legal, sought.Id, "complaint 12", node.Clock.GetUtcNow().AddDays(60), default)).Error.ShouldBeNull();
        (await DecideAsync(node, Legal, line, new(RetentionAct.CarryOut))).Error!.Code.ShouldBe("retention.held");
        Waiting(await node.Cases.ListAsync(s_officer, default)).IsHeld.ShouldBeTrue();

        // Kept on: with a ground, a reason, and a day within a year; until then it is not proposed, afterwards it is.
        var today = DateOnly.FromDateTime(node.Clock.GetUtcNow().UtcDateTime);
        foreach (var (ground, reason, until) in new (RetentionGround?, string?, DateOnly?)[]
        {
            (null, "asked by the family", today.AddDays(90)), (RetentionGround.OwnBenefit, " ", today.AddDays(90)), (RetentionGround.OwnBenefit, "asked by the family", today.AddDays(367)),
            (RetentionGround.OwnBenefit, "asked by the family", today), (RetentionGround.OwnBenefit, "asked by the family", null),
        })
        {
            (await DecideAsync(node, s_officer, line, new(RetentionAct.Extend, ground, reason, until))).Error!.Code.ShouldBe("retention.invalid");
        }

        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Extend, RetentionGround.OwnBenefit, "asked by the family", today.AddDays(90)))).ShouldBe(RetentionState.Extended);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(0);
        node.Clock.Advance(TimeSpan.FromDays(92));
        (await node.Cases.LookAsync(default)).Value.ShouldBe(1);

        // Opened again it is in use, and no decision about it stands.
        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Approve)));
        Ok(await node.Cases.StepAsync(Desk(), ended, "reopen", Ok(await node.Cases.OpenAsync(Desk(), ended, default)).Document.StateVersion, null, default));
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        (await DecideAsync(node, Legal, line, new(RetentionAct.CarryOut))).Error!.Code.ShouldBe("retention.unknown");
        (await node.Cases.ListAsync(s_officer, default)).Value.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_are_decided_at_once_each_with_its_own_two_persons_and_what_cannot_be_stays__R25()
    {
        await using var node = await OpenAsync();
        var ended = new List<RecordAddress>();
        for (var one = 0; one < 3; one++)
        {
            ended.Add((await EndedAsync(node)).Ended);
        }

        await PassAsync(node, 121);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(3);
        var lines = (await node.Cases.ListAsync(s_officer, default)).Value.Lines;
        var held = Ok(await node.Cases.OpenAsync(Desk(), ended[0], default)).Document.Persons[0].Person;
        (await node.Exceptions.HoldAsync(Legal, held, "complaint 12", node.Clock.GetUtcNow().AddDays(60), default)).Error.ShouldBeNull();
        IReadOnlyList<string> ids = [.. lines.Select(line => line.Id)];
        async Task<IReadOnlyList<string?>> ManyAsync(Actor actor, RetentionAct act, IReadOnlyList<string> which) =>
            [.. (await node.Cases.DecideManyAsync(actor, which, act, default)).Value.Select(one => one.Error?.Code).Order(StringComparer.Ordinal)];

        (await node.Cases.DecideManyAsync(Worker, ids, RetentionAct.Approve, default)).Error!.Code.ShouldBe("retention.role");
        (await node.Cases.DecideManyAsync(s_officer, ids, RetentionAct.Extend, default)).Error!.Code.ShouldBe("retention.invalid", "keeping on has a ground for each");
        (await node.Cases.DecideManyAsync(s_officer, [.. Enumerable.Range(0, 51).Select(at => at.ToString("x32", System.Globalization.CultureInfo.InvariantCulture))], RetentionAct.Approve, default)).Error!.Code.ShouldBe("retention.invalid");

        (await ManyAsync(s_officer, RetentionAct.Approve, ids)).ShouldBe([null, null, "retention.held"]);
        (await ManyAsync(Legal, RetentionAct.TakeBack, ids)).ShouldBe([null, null, "retention.not-now"]);
        (await ManyAsync(s_officer, RetentionAct.Approve, [.. ids, ids[0]])).ShouldBe([null, null, "retention.held"], "named twice is decided once");
        (await ManyAsync(s_officer, RetentionAct.CarryOut, ids)).ShouldBe(["retention.held", "two.same-account", "two.same-account"], ignoreOrder: true);
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        (await ManyAsync(Legal, RetentionAct.CarryOut, ids)).ShouldBe([null, null, "retention.held"]);
        (await node.Cases.ListAsync(s_officer, default)).Value.Lines.Select(line => line.State).Order().ShouldBe([RetentionState.Proposed, RetentionState.Erased, RetentionState.Erased]);
        Ok(await node.Cases.OpenAsync(Desk(), ended[0], default));
    }

    [Fact]
    public async Task What_was_made_before_records_had_keys_waits_until_nobody_in_it_can_be_read()
    {
        await using var node = await OpenAsync();
        var (ended, _, sought, alone) = await EndedAsync(node);
        var store = new CaseStore(node.Parts);
        var loaded = (await store.ReadAsync(ended, default)).Value;
        // As it was written before: sealed by the keys of its persons alone.
        var ring = (await store.Vault.RingAsync(RecordPartition.Missing, loaded.Document.Persons.Select(person => person.Person), create: true, default)).Value;
        var old = Sealing.Seal(loaded.Plan, loaded.Document with { Version = loaded.Document.Version + 1 }, ring);
        var stored = (await node.Store.Records.GetAsync(RecordPartition.Missing, "tracing", ended.Id, default))!;
        (await node.Store.CommitAsync(new() { Actor = "test", Reason = "test", Records = [new("tracing", ended.Id, stored.Version, old, old, []) { Partition = RecordPartition.Missing }] }, default)).IsOk.ShouldBeTrue();

        await PassAsync(node, 121);
        (await node.Cases.LookAsync(default)).Value.ShouldBe(1);
        var line = Waiting(await node.Cases.ListAsync(s_officer, default));
        (line.IsUnkeyed, line.May(RetentionAct.Approve, s_officer.Account)).ShouldBe((true, false));
        (await DecideAsync(node, s_officer, line, new(RetentionAct.Approve))).Error!.Code.ShouldBe("retention.no-key");

        // Once nobody in it can be read any more, it goes like every other.
        foreach (var person in (RecordAddress[])[sought, alone])
        {
            (await store.Vault.EraseAsync(person.Id, default)).ShouldBeTrue();
        }

        Waiting(await node.Cases.ListAsync(s_officer, default)).IsUnkeyed.ShouldBeFalse();
        Did(await DecideAsync(node, s_officer, line, new(RetentionAct.Approve))).ShouldBe(RetentionState.Approved);
    }

    [Fact]
    public void The_end_is_the_last_moment_of_its_day_where_the_unit_is()
    {
        var plan = RepositoryPacks.Tracing;
        var closed = plan.States.First(state => state.IsTerminal);
        var record = new RecordDocument
        {
            Register = plan.Id, Id = new('0', 32), PackVersion = plan.Version, PackHash = plan.Hash, State = closed.Id, Control = new("unit", 1), OpenedBy = "x", StateSince = new(2026, 1, 30, 20, 0, 0, TimeSpan.Zero),
        };
        var bangkok = UnitCalendar.Default with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Bangkok") };
        Retention.RetentionEnd.Of(plan, record, record.StateSince, UnitCalendar.Default).ShouldBe(new DateTimeOffset(2036, 1, 31, 0, 0, 0, TimeSpan.Zero));
        Retention.RetentionEnd.Of(plan, record, record.StateSince, bangkok).ShouldBe(new DateTimeOffset(2036, 1, 31, 17, 0, 0, TimeSpan.Zero), "there it was the next day already");
        Retention.RetentionEnd.Of(plan, record, record.StateSince.AddDays(10), UnitCalendar.Default).ShouldBe(new DateTimeOffset(2036, 2, 10, 0, 0, 0, TimeSpan.Zero), "it was changed later");
        Retention.RetentionEnd.Of(plan, record with { State = plan.Initial.Id }, record.StateSince, UnitCalendar.Default).ShouldBeNull("it is in use");
    }

    /// <summary>Two tracing cases about one person: one closed, with somebody who is in no other, and one open.</summary>
    private static async Task<(RecordAddress Ended, RecordAddress Kept, RecordAddress Sought, RecordAddress Alone)> EndedAsync(Node node)
    {
        var sought = await node.PersonAsync("Amina Hassan", "2004");
        var alone = await node.PersonAsync("Yusuf Hassan", "1990-03-04");
        async Task<RecordAddress> MakeAsync(params (string, string)[] persons) => Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "brother", ["separated-at"] = "Zebulonqvist harbour" }, persons), default)).Address;
        var (ended, kept) = (await MakeAsync(("sought", sought.Id), ("enquirer", alone.Id)), await MakeAsync(("sought", sought.Id)));
        Ok(await node.Cases.StepAsync(Desk(), ended, "withdraw", Ok(await node.Cases.OpenAsync(Desk(), ended, default)).Document.StateVersion, null, default));
        return (ended, kept, sought, alone);
    }

    private static Task PassAsync(Node node, int months)
    {
        node.Clock.Advance(node.Clock.GetUtcNow().AddMonths(months) - node.Clock.GetUtcNow());
        return Task.CompletedTask;
    }

    private static RetentionLine Waiting(Model.Result<RetentionDesk> desk) => desk.Value.Lines.Where(line => line.State is RetentionState.Proposed or RetentionState.Approved).ShouldHaveSingleItem();

    private static Task<Model.Result<RetentionState>> DecideAsync(Node node, Actor actor, RetentionLine line, RetentionDecision decision) => node.Cases.DecideAsync(actor, line.Id, decision, default);

    private static RetentionState Did(Model.Result<RetentionState> done) => done.IsOk ? done.Value : throw new InvalidOperationException(done.Error.ToString());

    private static async Task<IReadOnlyList<byte[]>> OperationsAsync(Node node, RecordAddress record)
    {
        var all = new List<byte[]>();
        await foreach (var one in node.Store.Records.HistoryAsync(RecordPartition.Missing, record.Register, record.Id, default))
        {
            all.Add(one.Operation.ToArray());
        }

        return all;
    }

    private static bool Holds(string file, byte[] seed)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(seed) >= 0;
    }
}
