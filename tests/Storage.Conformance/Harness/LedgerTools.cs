using Shouldly;
using Waymark.Audit.Contracts;
using Waymark.Audit.Exporting;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Sodium;
using Waymark.Storage;

namespace Storage.Conformance.Harness;

/// <summary>What a test needs of the ledger beside the store: keys, leaves, a sequencer, and a look at the whole.</summary>
internal static class LedgerTools
{
    public static async Task<LedgerKeys> KeysAsync(string folder) =>
        (await LedgerKeys.OpenAsync(FileKeyStore.Open(folder).Value, SodiumEd25519.Instance, CancellationToken.None)).Value;

    public static LedgerLeaf Leaf(DateTimeOffset at) => new(LeafId.New(at), Commitment.None(), Commitment.None(), Commitment.None());

    /// <summary>Takes the lease, numbers all that waits, and gives the lease back.</summary>
    public static async Task DrainAsync(IStore store, LedgerKeys keys, FakeClock clock, SequencerOptions? options = null)
    {
        var sequencer = new LedgerSequencer(store, keys, clock, options ?? new());
        (await sequencer.EnqueueAsync(CancellationToken.None)).ShouldBeTrue();
        var job = await sequencer.TakeAsync(CancellationToken.None);
        job.ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        while (await sequencer.StepAsync(job, CancellationToken.None) == StepOutcome.Integrated)
        {
        }

        (await store.Ledger.PendingAsync(1, CancellationToken.None)).ShouldBeEmpty();
        await store.Queue.FailAsync(job, Waymark.Model.Error.Unavailable("test.done", "done", "完成"), clock.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>Exports to a folder and verifies it, with a checkpoint kept outside where given.</summary>
    public static async Task<LedgerVerdict> VerifyAsync(IStore store, LedgerKeys keys, params SignedNote[] earlier)
    {
        var folder = TemporaryFolders.New("export");
        (await LedgerExport.WriteAsync(store.Ledger, folder, publishedOnly: false, withEntries: true, CancellationToken.None)).Value.Size.ShouldBeGreaterThanOrEqualTo(0);
        return LedgerVerifier.Verify(SodiumEd25519.Instance, new FolderFiles(folder), new() { Log = keys.Log.Key, Earlier = [.. earlier] });
    }
}
