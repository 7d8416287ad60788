using Storage.Conformance.Harness;
using Waymark.Audit.Sequencing;
using Waymark.Storage;

namespace Storage.Conformance.Crash;

/// <summary>
/// The child process: commits records with a leaf each, runs a sequencer beside it, and prints the id of every leaf that
/// was answered as durable. It goes on until it is killed.
/// </summary>
internal static class LedgerCrashWriter
{
    public static async Task<int> RunAsync(string kind, string location, string keyFolder)
    {
        await using var store = (await StoreKind.Of(kind).OpenAsync(location, TimeProvider.System)).Value;
        var keys = await LedgerTools.KeysAsync(keyFolder);
        var fast = new SequencerOptions { Look = TimeSpan.FromMilliseconds(1), Wait = TimeSpan.Zero, PublishStep = 3, Lease = TimeSpan.FromSeconds(1) };
        _ = new LedgerSequencer(store, keys, TimeProvider.System, fast).RunAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => WriteAsync(store)));
        return 0;
    }

    private static async Task WriteAsync(IStore store)
    {
        while (true)
        {
            var leaf = LedgerTools.Leaf(TimeProvider.System.GetUtcNow());
            var done = await store.CommitAsync(new WriteSet
            {
                Actor = "crash",
                Reason = "test.leaf",
                Records = [new("leaf", leaf.Id.ToString(), 0, "{}"u8.ToArray(), "{}"u8.ToArray(), [new("any", "x")])],
                Leaves = [leaf.Encode()],
            }, CancellationToken.None);
            lock (store)
            {
                Console.Out.WriteLine(done.IsOk ? $"done {leaf.Id}" : $"fault {done.Error.Code}");
            }
        }
    }
}
