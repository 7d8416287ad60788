using System.Text;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Audit.Contracts;
using Waymark.Audit.Exporting;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Sodium;
using Waymark.Storage;
using Waymark.Storage.Backup;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>The ledger on every store: leaves with their effects, one sequencer, places that never change.</summary>
public abstract class LedgerSuite(string kind) : StoreSuite(kind)
{
    /// <summary>Publication far away, so that a test counts its own leaves only.</summary>
    private static readonly SequencerOptions Quiet = new() { PublishEvery = TimeSpan.FromDays(3_650), PublishStep = 1 };

    [Fact]
    public async Task A_leaf_becomes_durable_with_its_effect_or_not_at_all()
    {
        await MustCommitAsync(Writes(Record("a", 0)) with { Leaves = [New().Encode()] });
        (await PendingAsync()).ShouldBe(1);
        (await CommitAsync(Writes(Record("a", 0)) with { Leaves = [New().Encode()] })).Error!.Code.ShouldBe("store.conflict");
        (await PendingAsync()).ShouldBe(1);
        (await CommitAsync(Empty with { Leaves = [Array.Empty<byte>()] })).Error!.Code.ShouldBe("store.invalid");
        (await CommitAsync(Empty with { Leaves = [new byte[65_536]] })).Error!.Code.ShouldBe("store.invalid");
        await ReopenAsync();
        (await PendingAsync()).ShouldBe(1);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task F12_when_the_leaf_cannot_be_written_the_effect_does_not_happen()
    {
        // The guard itself: with the table gone, a write set without a leaf passes and the same with one does not.
        await Kind.RunAsync(Location, "alter table ledger_pending rename to ledger_gone");
        await MustCommitAsync(Writes(Record("without", 0)));
        await Should.ThrowAsync<Exception>(async () => (await CommitAsync(Writes(Record("with", 0)) with { Leaves = [New().Encode()] })).Value.ShouldBeNull());
        (await Store.Records.GetAsync("test.register", "with", Cancellation)).ShouldBeNull();
        await Kind.RunAsync(Location, "alter table ledger_gone rename to ledger_pending");
        await MustCommitAsync(Writes(Record("with", 0)) with { Leaves = [New().Encode()] });
    }

    [Fact]
    public async Task Every_leaf_gets_one_place_and_a_proof_and_the_export_verifies()
    {
        var keys = await NewKeysAsync();
        var leaves = new List<LedgerLeaf>();
        for (var i = 0; i < 40; i++)
        {
            var some = Enumerable.Range(0, 17).Select(_ => New()).ToList();
            leaves.AddRange(some);
            await MustCommitAsync(Empty with { Leaves = [.. some.Select(l => (ReadOnlyMemory<byte>)l.Encode())] });
            if (i % 7 == 0)
            {
                await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);
            }
        }

        (await StoredProofs.ProveAsync(Store.Ledger, leaves[^1].Id, false, Cancellation)).Error!.Code.ShouldBe("ledger.unknown-leaf");
        await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);
        (await Store.Ledger.HeadAsync(Cancellation)).Size.ShouldBe(680);
        var places = new HashSet<long>();
        foreach (var leaf in leaves)
        {
            var proof = (await StoredProofs.ProveAsync(Store.Ledger, leaf.Id, false, Cancellation)).Value;
            places.Add(proof.Index).ShouldBeTrue();
            LedgerLeaf.Decode(proof.Extra!.Value.Span).ShouldBe(leaf);
            var checkpoint = Checkpoint.Parse(proof.Note.Text).Value;
            Proof.IsIncluded(Merkle.Leaf(proof.Extra.Value.Span), proof.Index, checkpoint.Size, checkpoint.Root, proof.Path).ShouldBeTrue();
            proof.Note.Statements(SodiumEd25519.Instance, keys.Log.Key)!.Count.ShouldBe(1);
        }

        (await LedgerTools.VerifyAsync(Store, keys)).Faults.ShouldBeEmpty();
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Few_leaves_wait_less_than_a_second_and_many_not_at_all()
    {
        var sequencer = await NewSequencerAsync(Quiet);
        var job = (await sequencer.TakeAsync(Cancellation))!;
        (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Integrated, "the first publication");
        await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
        (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Idle);
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Integrated);
        await MustCommitAsync(Empty with { Leaves = [.. Enumerable.Range(0, 256).Select(_ => (ReadOnlyMemory<byte>)New().Encode())] });
        (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Integrated);
        (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Idle);
        (await Store.Ledger.HeadAsync(Cancellation)).Size.ShouldBe(258);
    }

    [Fact]
    public async Task A_second_sequencer_waits_and_one_that_lost_its_lease_changes_nothing()
    {
        var keys = await NewKeysAsync();
        var (first, second) = (await NewSequencerAsync(Quiet, keys), await NewSequencerAsync(Quiet, keys));
        var held = (await first.TakeAsync(Cancellation))!;
        (await second.TakeAsync(Cancellation)).ShouldBeNull();
        (await Store.Queue.ListAsync(null, 100, Cancellation)).ShouldBeEmpty("a lease is no work that anybody asked for");
        await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
        Clock.Advance(TimeSpan.FromMinutes(1));
        var taken = await second.TakeAsync(Cancellation);
        taken.ShouldNotBeNull("the lease ran out");

        var before = await Store.Ledger.HeadAsync(Cancellation);
        (await first.StepAsync(held, Cancellation)).ShouldBe(StepOutcome.LeaseLost);
        (await Store.Ledger.HeadAsync(Cancellation)).Size.ShouldBe(before.Size);
        (await PendingAsync()).ShouldBe(1);
        (await second.StepAsync(taken, Cancellation)).ShouldBe(StepOutcome.Integrated);
        await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await first.StepAsync(held, Cancellation)).ShouldBe(StepOutcome.LeaseLost);
        (await second.StepAsync(taken, Cancellation)).ShouldBe(StepOutcome.Integrated);
        (await Store.Ledger.HeadAsync(Cancellation)).Size.ShouldBe(2);
        (await LedgerTools.VerifyAsync(Store, keys)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_on_a_tree_that_has_grown_meanwhile_changes_nothing()
    {
        var sequencer = await NewSequencerAsync(Quiet);
        var job = (await sequencer.TakeAsync(Cancellation))!;
        await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
        var waiting = (await Store.Ledger.PendingAsync(10, Cancellation))[0].Sequence;
        var note = new byte[] { 1 };
        (await Store.Ledger.IntegrateAsync(new(job.AsCondition, 5, 6, note) { Integrated = [waiting] }, Cancellation)).Error!.Code.ShouldBe("store.conflict");
        (await Store.Ledger.IntegrateAsync(new(job.AsCondition, 0, 1, note) { Integrated = [waiting + 1_000] }, Cancellation)).Error!.Code.ShouldBe("store.conflict");
        (await Store.Ledger.IntegrateAsync(new(new(job.Id, job.Term + 1), 0, 1, note), Cancellation)).Error!.Code.ShouldBe("store.conflict");
        (await PendingAsync()).ShouldBe(1);
        (await Store.Ledger.HeadAsync(Cancellation)).ShouldBe(new(0, null, null));
    }

    [Fact]
    public async Task Writers_and_two_sequencers_at_once_lose_and_double_nothing()
    {
        var keys = await NewKeysAsync();
        using var stop = new CancellationTokenSource();
        var fast = new SequencerOptions { Look = TimeSpan.FromMilliseconds(5), Wait = TimeSpan.Zero, PublishStep = 1 };
        var sequencers = Enumerable.Range(0, 2).Select(_ => new LedgerSequencer(Store, keys, TimeProvider.System, fast).RunAsync(stop.Token)).ToList();
        var written = await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            var mine = new List<LeafId>();
            for (var i = 0; i < 40; i++)
            {
                var leaf = New();
                await MustCommitAsync(Writes(Record($"{writer}/{i}", 0)) with { Leaves = [leaf.Encode()] });
                mine.Add(leaf.Id);
            }

            return mine;
        }, Cancellation)));
        await stop.CancelAsync();
        await Task.WhenAll(sequencers);
        // They gave the lease back by the clock on the wall; the store's clock must have passed that, whatever day it is.
        Clock.Advance(TimeProvider.System.GetUtcNow() - Clock.GetUtcNow() + TimeSpan.FromHours(1));
        await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);

        var places = new HashSet<long>();
        foreach (var leaf in written.SelectMany(mine => mine))
        {
            places.Add((await Store.Ledger.FindAsync(leaf.ToArray(), Cancellation))!.Value).ShouldBeTrue();
        }

        var verdict = await LedgerTools.VerifyAsync(Store, keys);
        verdict.Faults.ShouldBeEmpty();
        var entries = await EntriesAsync(verdict.Checkpoint!.Size);
        entries.Count(entry => !entry.IsPadding(keys.Padding)).ShouldBe(240);
    }

    [Fact]
    public async Task M82_published_checkpoints_come_in_equal_steps_whatever_happens_that_day()
    {
        var keys = await NewKeysAsync();
        var options = new SequencerOptions { PublishEvery = TimeSpan.FromMinutes(15), PublishStep = 64 };
        var sequencer = await NewSequencerAsync(options, keys);
        var job = (await sequencer.TakeAsync(Cancellation))!;
        // Twenty quarters of an hour: quiet, then a raid, then quiet.
        for (var quarter = 0; quarter < 20; quarter++)
        {
            for (var i = 0; i < (quarter is >= 8 and < 10 ? 120 : quarter % 3); i++)
            {
                await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
            }

            Clock.Advance(TimeSpan.FromMinutes(15));
            job = await Store.Queue.RenewAsync(job, new("", 0, null), TimeSpan.FromHours(1), Cancellation) ? job : throw new InvalidOperationException();
            (await sequencer.StepAsync(job, Cancellation)).ShouldBe(StepOutcome.Integrated);
        }

        var published = await Store.Ledger.PublishedAsync(0, 1_000, Cancellation);
        published.Select(p => p.Size).ShouldBe(Enumerable.Range(1, 20).Select(i => 64L * i));
        published.Select(p => p.Note.Length).Distinct().Count().ShouldBeLessThanOrEqualTo(3, "sizes of two to four digits");
        // The tree itself ran ahead during the raid, and every leaf had its place in its own quarter of an hour.
        (await PendingAsync()).ShouldBe(0);
        var folder = TemporaryFolders.New("published");
        (await LedgerExport.WriteAsync(Store.Ledger, folder, publishedOnly: true, withEntries: false, Cancellation)).Value.Size.ShouldBe(1_280);
        LedgerVerifier.Verify(SodiumEd25519.Instance, new FolderFiles(folder), new() { Log = keys.Log.Key, WithEntries = false }).Faults.ShouldBeEmpty();
        (await LedgerTools.VerifyAsync(Store, keys)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Witnesses_cosign_what_was_published_and_are_asked_for_no_more_than_they_lack()
    {
        var keys = await NewKeysAsync();
        await LedgerTools.DrainAsync(Store, keys, Clock, new() { PublishStep = 300 });
        var (honest, gone) = (new TestWitness("w1.example", keys), new TestWitness("w2.example", keys) { Answers = false });
        var witnessing = new Witnessing(Store.Ledger, SodiumEd25519.Instance, [honest, gone]);
        (await witnessing.AskAsync(Cancellation)).ShouldBe(1);
        (await witnessing.AskAsync(Cancellation)).ShouldBe(1);
        honest.Asked.ShouldBe(1);
        Clock.Advance(TimeSpan.FromMinutes(15));
        await LedgerTools.DrainAsync(Store, keys, Clock, new() { PublishStep = 300 });
        gone.Answers = true;
        (await witnessing.AskAsync(Cancellation)).ShouldBe(2);
        honest.Asked.ShouldBe(3, "409 with its size, then the proof from there");
        var note = SignedNote.Parse((await Store.Ledger.NewestPublishedAsync(Cancellation))!.Note.Span).Value;
        note.Statements(SodiumEd25519.Instance, [keys.Log.Key, honest.Key, gone.Key])!.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_restored_ledger_is_the_one_that_was_backed_up_and_shows_as_rolled_back()
    {
        var keys = await NewKeysAsync();
        await MustCommitAsync(Empty with { Leaves = [.. Enumerable.Range(0, 300).Select(_ => (ReadOnlyMemory<byte>)New().Encode())] });
        await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);
        await MustCommitAsync(Empty with { Leaves = [New().Encode()] });
        var folder = TemporaryFolders.New("backup");
        (await Store.BackupAsync(folder, null, Cancellation)).Value.Faults.ShouldBeEmpty();
        await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);
        var kept = SignedNote.Parse((await Store.Ledger.HeadAsync(Cancellation)).Checkpoint!.Value.Span).Value;

        await using var restored = (await Kind.OpenAsync(await Kind.NewLocationAsync(), Clock)).Value;
        (await StoreBackup.RestoreAsync(folder, restored, null, Cancellation)).Value.Faults.ShouldBeEmpty();
        (await LedgerTools.VerifyAsync(restored, keys)).Faults.ShouldBeEmpty();
        (await LedgerTools.VerifyAsync(restored, keys, kept)).Faults.ShouldHaveSingleItem().Code.ShouldBe("ledger.rolled-back");
        (await restored.Ledger.PendingAsync(10, Cancellation)).Sum(p => p.Count).ShouldBe(1);
    }

    [Theory]
    [InlineData("alter", "update ledger_bundle set entries = (select b.entries from ledger_bundle b where b.position = 1) where position = 0", "ledger.entry-altered")]
    [InlineData("drop", "delete from ledger_tile where level = 0 and position = 1", "ledger.damaged")]
    [InlineData("truncate", "delete from ledger_bundle where position = 2", "ledger.damaged")]
    public async Task M78_what_is_changed_by_SQL_is_seen_at_the_next_export(string what, string sql, string code)
    {
        var keys = await NewKeysAsync();
        await MustCommitAsync(Empty with { Leaves = [.. Enumerable.Range(0, 600).Select(_ => (ReadOnlyMemory<byte>)New().Encode())] });
        await LedgerTools.DrainAsync(Store, keys, Clock, Quiet);
        await Kind.RunAsync(Location, sql);
        var folder = TemporaryFolders.New("export");
        var written = await LedgerExport.WriteAsync(Store.Ledger, folder, false, true, Cancellation);
        var codes = written.IsOk
            ? LedgerVerifier.Verify(SodiumEd25519.Instance, new FolderFiles(folder), new() { Log = keys.Log.Key }).Faults.Select(f => f.Code)
            : [written.Error.Code];
        codes.ShouldContain(code, what);
    }

    private async Task<List<LedgerLeaf>> EntriesAsync(long size)
    {
        var leaves = new List<LedgerLeaf>();
        for (var bundle = 0L; bundle * Tile.Full < size; bundle++)
        {
            leaves.AddRange(EntryBundle.Read((await Store.Ledger.BundleAsync(bundle, Cancellation))!.Value)!.Select(e => LedgerLeaf.Decode(e.Span)!));
        }

        return leaves;
    }

    private LedgerLeaf New() => LedgerTools.Leaf(Clock.GetUtcNow());

    private async Task<int> PendingAsync() => (await Store.Ledger.PendingAsync(100_000, Cancellation)).Sum(set => set.Count);

    private static Task<LedgerKeys> NewKeysAsync() => LedgerTools.KeysAsync(TemporaryFolders.New("keys"));

    private async Task<LedgerSequencer> NewSequencerAsync(SequencerOptions options, LedgerKeys? keys = null)
    {
        var sequencer = new LedgerSequencer(Store, keys ?? await NewKeysAsync(), Clock, options);
        (await sequencer.EnqueueAsync(Cancellation)).ShouldBeTrue();
        return sequencer;
    }

    private sealed class TestWitness(string name, LedgerKeys keys) : IWitnessDoor
    {
        private readonly NoteSigner _signer = new(SodiumEd25519.Instance, name, NoteKeyType.Cosignature, new byte[32]);
        private WitnessedTree? _last;

        public bool Answers { get; set; } = true;

        public int Asked { get; private set; }

        public NoteKey Key => _signer.Key;

        public Task<(int Status, byte[] Body)> AddCheckpointAsync(byte[] request, CancellationToken cancellationToken)
        {
            if (!Answers)
            {
                return Task.FromResult((0, Array.Empty<byte>()));
            }

            Asked++;
            var answer = Witness.Consider(request, keys.Log.Key.Name, keys.Log.Key, _last, _signer, SodiumEd25519.Instance, new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
            _last = answer.Keep ?? _last;
            return Task.FromResult((answer.Status, Encoding.UTF8.GetBytes(answer.Body)));
        }
    }
}
