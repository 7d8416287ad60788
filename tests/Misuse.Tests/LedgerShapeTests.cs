using System.Net;
using System.Text;
using Waymark.App.Ledger;
using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Sodium;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Misuse.Tests;

/// <summary>M82: lives read from the ledger's shape. M88: audit killed to stop help.</summary>
[Missing("M88", "of what was done while the store was out of reach a withdrawal is carried out by itself; the other acts become tasks of people")]
public sealed class LedgerShapeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-misuse-ledger").FullName;
    private readonly Clock _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Proves(Parts.All, Door.Export)]
    public async Task M82_a_raid_day_and_a_quiet_day_publish_the_same_series()
    {
        using var trial = new Trial();
        var quiet = await DayAsync("quiet", _ => 2);
        var raid = await DayAsync("raid", quarter => quarter is >= 90 and < 94 ? 400 : 2);
        // Sizes, times and lengths: all that an outsider sees but hashes and signatures, which are random to them.
        await trial.NeutralAsync(Door.Export, () => Task.FromResult(Series(raid)), () => Task.FromResult(Series(quiet)));
        raid.Count.ShouldBe(96);

        // Whoever holds the key of the padding counts what was entered: nothing is hidden from those who watch.
        await trial.PassesAsync(() => Task.FromResult(_days["quiet"].Entered == 96 * 2 && _days["raid"].Entered == (92 * 2) + (4 * 400)), "who holds the key counts the leaves");

        // The guard is the step with its padding: the trees behind the two series are not alike, and whoever saw their sizes would see the raid.
        await trial.HarmsWithoutAsync("steps of one size", () => Task.FromResult(new Seen(_days["raid"].Ahead > _days["quiet"].Ahead, null)));
    }

    private static Seen Series(IReadOnlyList<StoredCheckpoint> day) => new(false, "published", string.Join('\n', day.Select(point => $"{point.Size} {point.At:O} {point.Note.Length}")));

    private readonly Dictionary<string, (long Ahead, long Entered)> _days = new(StringComparer.Ordinal);

    [Fact]
    [Proves(Parts.Attempt | Parts.Neighbour, Door.Module)]
    public async Task M88_exactly_six_protective_acts_go_on_when_the_store_is_dead()
    {
        ProtectiveActs.All.ShouldBe(
        [
            "protect.record-danger", "protect.refer-to-emergency", "protect.restrict-record", "protect.recall-message",
            "protect.withdraw-consent", "protect.stop-return",
        ]);
        var (store, keys) = await OpenAsync("dead");
        await store.DisposeAsync();
        using var local = new LocalLedger(_folder, store, keys, _clock);
        foreach (var act in (string[])["person.read", "person.search", "record.export", "message.send", "return.schedule", "decision.override", "protect", "protect.*", "PROTECT.RECORD-DANGER", ""])
        {
            (await local.WriteAsync(act, Leaf(), CancellationToken.None)).Error!.Code.ShouldBe("ledger.not-protective", act);
        }

        var number = 0;
        foreach (var act in ProtectiveActs.All)
        {
            (await local.WriteAsync(act, Leaf(), CancellationToken.None)).Value.Number.ShouldBe(++number);
        }

        (await local.MergeAsync(CancellationToken.None)).Error!.Code.ShouldBe("store.unavailable");
        _clock.Now = _clock.Now.AddHours(24).AddSeconds(1);
        (await local.WriteAsync(ProtectiveActs.RecordDanger, Leaf(), CancellationToken.None)).Error!.Code.ShouldBe("ledger.too-long-alone");
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Store)]
    public async Task M88_whoever_stops_the_ledger_opens_no_door_and_stops_no_help()
    {
        using var trial = new Trial();
        (StoredReach? Reach, IStore? Below) parts = default;
        await using var desk = await Desk.OpenAsync(around: store =>
        {
            parts.Below = store;
            return new ReachingStore(store, new Later(() => parts.Reach));
        });
        await using var below = parts.Below!;
        var keys = (await LedgerKeys.OpenAsync(desk.Keys, SodiumEd25519.Instance, default)).Value;
        using var local = new LocalLedger(desk.Folder, below, keys, desk.Clock);
        var reach = parts.Reach = new StoredReach(below, SodiumEd25519.Instance, [], desk.Clock);
        ProtectiveGate Protective(LocalLedger leaves) => new(below, desk.Keys, reach, leaves, desk.Consents, desk.Clock);
        async Task<Seen> Read(IGate gate) => await gate.OpenAsync(Desk.Ask(matter: "C-88"), Desk.Read, default) is var answer ? new(answer.IsPermitted, answer.Error?.Code ?? answer.Refusal?.Code) : null!;
        async Task<Seen> Help(LocalLedger leaves) =>
            await Protective(leaves).ProtectAsync(new(Desk.Worker, "protection/north", "C-88", ["person-1"], ProtectiveActs.StopReturn, "bus at noon"), null, default) is var done ? new(!done.IsOk, done.Error?.Code) : null!;

        // The sequencer is stopped: leaves wait, and nobody gives them their places.
        desk.Clock.Advance(LedgerReach.LongestWait + TimeSpan.FromMinutes(1));
        await trial.RefusedAsync(Door.Module, () => Read(desk.Gate), "ledger.no-sequencer");
        await trial.RefusedAsync(Door.Store, async () => await desk.Store.CommitAsync(new() { Actor = "worker-1", Reason = "past the gate", Leaves = [Leaf().Encode()] }, default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "ledger.no-sequencer");
        await trial.PassesAsync(async () => !(await Help(local)).Harm, "a return is stopped all the same");
        (await Protective(local).ProtectAsync(new(Desk.Worker, "protection/north", "C-88", ["person-1"], "person.read", "now"), null, default)).Error!.Code.ShouldBe("ledger.not-protective");

        // Without the reach somebody is read about and no leaf of it ever gets a place; without a place for the local leaf nobody is helped.
        await trial.HarmsWithoutAsync("the reach", () => Read(new Gate(desk.Book.Over(below), below, desk.Keys, desk.Consents, desk.Exceptions, desk.Clock)));
        using var nowhere = new LocalLedger(Path.Combine(desk.Folder, "no", "such", "folder"), below, keys, desk.Clock);
        await trial.HarmsWithoutAsync("the local leaf", () => Help(nowhere));
    }

    [Fact]
    public async Task M88_local_leaves_enter_the_ledger_once_when_the_store_is_back()
    {
        var (store, keys) = await OpenAsync("back");
        using var local = new LocalLedger(_folder, store, keys, _clock);
        var leaves = Enumerable.Range(0, 5).Select(_ => Leaf()).ToList();
        foreach (var leaf in leaves)
        {
            (await local.WriteAsync(ProtectiveActs.StopReturn, leaf, CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        var file = Path.Combine(_folder, LocalLedger.FileName);
        var lines = await File.ReadAllBytesAsync(file);
        (await local.MergeAsync(CancellationToken.None)).Value.ShouldBe(5);
        File.Exists(file).ShouldBeFalse();
        // Interrupted before the file was put away: the same lines again enter nothing twice.
        await File.WriteAllBytesAsync(file, lines);
        (await local.MergeAsync(CancellationToken.None)).Value.ShouldBe(0);
        (await store.Ledger.PendingAsync(100, CancellationToken.None)).Sum(p => p.Count).ShouldBe(5);
        // And the window begins anew.
        (await local.WriteAsync(ProtectiveActs.StopReturn, Leaf(), CancellationToken.None)).Value.Number.ShouldBe(1);
        await store.DisposeAsync();
    }

    [Theory]
    [InlineData("changed act")]
    [InlineData("dropped first")]
    [InlineData("dropped middle")]
    [InlineData("swapped")]
    [InlineData("added")]
    public async Task M88_local_leaves_that_somebody_changed_are_refused(string what)
    {
        var (store, keys) = await OpenAsync(what.Replace(' ', '-'));
        using var local = new LocalLedger(_folder, store, keys, _clock);
        for (var i = 0; i < 4; i++)
        {
            (await local.WriteAsync(ProtectiveActs.RecordDanger, Leaf(), CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        var file = Path.Combine(_folder, LocalLedger.FileName);
        var lines = (await File.ReadAllLinesAsync(file)).ToList();
        switch (what)
        {
            case "changed act": lines[1] = lines[1].Replace("record-danger", "stop-return", StringComparison.Ordinal); break;
            case "dropped first": lines.RemoveAt(0); break;
            case "dropped middle": lines.RemoveAt(2); break;
            case "swapped": (lines[1], lines[2]) = (lines[2], lines[1]); break;
            default: lines.Add(lines[3].Replace("4 ", "5 ", StringComparison.Ordinal)); break;
        }

        await File.WriteAllLinesAsync(file, lines);
        (await local.MergeAsync(CancellationToken.None)).Error!.Code.ShouldBe("ledger.local-broken");
        (await local.WriteAsync(ProtectiveActs.RecordDanger, Leaf(), CancellationToken.None)).Error!.Code.ShouldBe("ledger.local-broken");
        (await store.Ledger.PendingAsync(100, CancellationToken.None)).ShouldBeEmpty();
        await store.DisposeAsync();
    }

    [Fact]
    [Proves(Parts.Attempt, Door.Store)]
    public async Task M88_without_a_place_for_the_local_leaf_the_act_does_not_happen()
    {
        var (store, keys) = await OpenAsync("no-place");
        using var local = new LocalLedger(Path.Combine(_folder, "no", "such", "folder"), store, keys, _clock);
        (await local.WriteAsync(ProtectiveActs.RecordDanger, Leaf(), CancellationToken.None)).Error!.Code.ShouldBe("ledger.local-unavailable");
        await store.DisposeAsync();
    }

    [Fact]
    public async Task M88_a_dead_witness_stops_nothing_and_a_live_one_is_asked_as_the_protocol_says()
    {
        var (store, keys) = await OpenAsync("witness");
        var sequencer = new LedgerSequencer(store, keys, _clock, new());
        await sequencer.EnqueueAsync(CancellationToken.None);
        (await sequencer.StepAsync((await sequencer.TakeAsync(CancellationToken.None))!, CancellationToken.None)).ShouldBe(StepOutcome.Integrated);
        var signer = new NoteSigner(SodiumEd25519.Instance, "witness.example/w", NoteKeyType.Cosignature, new byte[32]);
        var answers = false;
        var paths = new List<string>();
        using var handler = new Handler(async request =>
        {
            paths.Add(request.RequestUri!.ToString());
            if (!answers)
            {
                throw new HttpRequestException("gone");
            }

            var said = Witness.Consider(await request.Content!.ReadAsByteArrayAsync(), keys.Log.Key.Name, keys.Log.Key, null, signer, SodiumEd25519.Instance, _clock.Now);
            return new HttpResponseMessage((HttpStatusCode)said.Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(said.Body)) };
        });
        var witnessing = new Witnessing(store.Ledger, SodiumEd25519.Instance, [new HttpWitness(signer.Key, new("https://witness.example/log/"), handler)]);
        (await witnessing.AskAsync(CancellationToken.None)).ShouldBe(0);
        (await store.CommitAsync(new() { Actor = "test", Reason = "test.leaf", Leaves = [Leaf().Encode()] }, CancellationToken.None)).IsOk.ShouldBeTrue();
        answers = true;
        (await witnessing.AskAsync(CancellationToken.None)).ShouldBe(1);
        paths.ShouldAllBe(path => path == "https://witness.example/log/add-checkpoint");

        var file = Path.Combine(_folder, HttpWitness.FileName);
        await File.WriteAllTextAsync(file, $"# ours\n{signer.Key} https://witness.example/log\n");
        HttpWitness.Read(file).Value.Count.ShouldBe(1);
        await File.WriteAllTextAsync(file, $"{keys.Log.Key} https://witness.example/log\n");
        HttpWitness.Read(file).Error!.Code.ShouldBe("ledger.bad-witness");
        HttpWitness.Read(file + ".none").Value.ShouldBeEmpty();
        await store.DisposeAsync();
    }

    private async Task<IReadOnlyList<StoredCheckpoint>> DayAsync(string name, Func<int, int> leaves)
    {
        _clock.Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        var (store, keys) = await OpenAsync(name);
        var sequencer = new LedgerSequencer(store, keys, _clock, new());
        await sequencer.EnqueueAsync(CancellationToken.None);
        var job = (await sequencer.TakeAsync(CancellationToken.None))!;
        for (var quarter = 0; quarter < 96; quarter++)
        {
            var some = Enumerable.Range(0, leaves(quarter)).Select(_ => (ReadOnlyMemory<byte>)Leaf().Encode());
            (await store.CommitAsync(new() { Actor = "test", Reason = "test.leaf", Leaves = [.. some] }, CancellationToken.None)).IsOk.ShouldBeTrue();
            (await store.Queue.RenewAsync(job, new("", 0, null), TimeSpan.FromHours(1), CancellationToken.None)).ShouldBeTrue();
            (await sequencer.StepAsync(job, CancellationToken.None)).ShouldBe(StepOutcome.Integrated);
            _clock.Now = _clock.Now.AddMinutes(15);
        }

        var published = await store.Ledger.PublishedAsync(0, 1_000, CancellationToken.None);
        var size = (await store.Ledger.HeadAsync(CancellationToken.None)).Size;
        _days[name] = (size - published[^1].Size, await EnteredAsync(store, keys, size));
        await store.DisposeAsync();
        return published;
    }

    private static async Task<long> EnteredAsync(IStore store, LedgerKeys keys, long size)
    {
        var entered = 0L;
        for (var index = 0L; index * 256 < size; index++)
        {
            var bundle = (await store.Ledger.BundleAsync(index, CancellationToken.None))!.Value;
            entered += EntryBundle.Read(bundle)!.Count(leaf => !LedgerLeaf.Decode(leaf.Span)!.IsPadding(keys.Padding));
        }

        return entered;
    }

    private async Task<(IStore Store, LedgerKeys Keys)> OpenAsync(string name)
    {
        var store = (await SqliteStore.OpenAsync(Path.Combine(_folder, name), _clock, null, CancellationToken.None)).Value;
        var keys = FileKeyStore.Open(Path.Combine(_folder, name + "-keys")).Value;
        return (store, (await LedgerKeys.OpenAsync(keys, SodiumEd25519.Instance, CancellationToken.None)).Value);
    }

    private LedgerLeaf Leaf() => new(LeafId.New(_clock.Now), Commitment.None(), Commitment.None(), Commitment.None());

    private sealed class Later(Func<ILedgerReach?> reach) : ILedgerReach
    {
        public async Task<Waymark.Model.Error?> OutAsync(CancellationToken cancellationToken) => reach() is { } found ? await found.OutAsync(cancellationToken) : null;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Handler(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
