using System.Diagnostics;
using System.Text;
using Storage.Conformance.Harness;
using Waymark.Audit.Sequencing;
using Waymark.Storage;

namespace Storage.Conformance.Speed;

/// <summary>
/// Durable figures of the ledger on one store: write sets of 256 leaves, single effects (record, operation, two heads, task,
/// leaf), each at several callers; and how long leaves wait for their place while the sequencer runs. Printed, never
/// compared with a limit: they measure the disk. <c>Storage.Conformance ledger-speed sqlite|postgres-15 [SECONDS]</c>; with
/// 5 ms added to each flush: see bench/ledger/README.md.
/// </summary>
internal static class LedgerSpeed
{
    public static async Task<int> RunAsync(string kind, double seconds)
    {
        var location = await StoreKind.Of(kind).NewLocationAsync();
        var store = (await StoreKind.Of(kind).OpenAsync(location, TimeProvider.System)).Value;
        var processor = await ProcessorTime.OfAsync(store.Info.Kind == "postgres" ? location : null);
        await using (store)
        {
            var keys = await LedgerTools.KeysAsync(TemporaryFolders.New("keys"));
            Console.Out.WriteLine($"{kind} {store.Info.EngineVersion}, {Environment.ProcessorCount} cores, {seconds:0} s each");
            using var stop = new CancellationTokenSource();
            var sequencer = new LedgerSequencer(store, keys, TimeProvider.System, new()).RunAsync(stop.Token);
            foreach (var callers in new[] { 1, 16, 64 })
            {
                await MeasureAsync(store, processor, "single effects with leaf", callers, seconds, i => Effect($"{callers}/{i}"), 1);
            }

            await stop.CancelAsync();
            await sequencer;
            foreach (var callers in new[] { 1, 4, 16 })
            {
                await MeasureAsync(store, processor, "leaves in write sets of 256", callers, seconds, _ => Leaves(256), 256);
            }

            await IntegrateAsync(store, new(store, keys, TimeProvider.System, new()));
        }

        TemporaryFolders.Remove();
        return 0;
    }

    private static async Task MeasureAsync(
        IStore store, ProcessorTime processor, string what, int callers, double seconds, Func<long, WriteSet> make, int leaves)
    {
        var before = processor.Now();
        var next = 0L;
        var longestWait = TimeSpan.Zero;
        var begun = Stopwatch.GetTimestamp();
        var writers = Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var done = 0;
            for (; Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds; done++)
            {
                _ = (await store.CommitAsync(make(Interlocked.Increment(ref next)), CancellationToken.None)).Value;
            }

            return done;
        })).ToList();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
        {
            await Task.Delay(50);
            if ((await store.Ledger.PendingAsync(1, CancellationToken.None)) is [var oldest, ..])
            {
                var wait = TimeProvider.System.GetUtcNow() - oldest.CommittedAt;
                longestWait = wait > longestWait ? wait : longestWait;
            }
        }

        var sets = (await Task.WhenAll(writers)).Sum();
        var total = sets * leaves;
        var taken = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var after = processor.Now();
        var (client, server) = ((after.Client - before.Client).TotalMicroseconds / sets, (after.Server - before.Server).TotalMicroseconds / sets);
        Console.Out.WriteLine($"  {what,-28} {callers,3} callers  {total / taken,9:0}/s"
            + $"  processor {client,5:0} µs client, {server,5:0} µs server per write set" + (leaves == 1 ? $"  longest wait for a place {longestWait.TotalMilliseconds:0} ms" : ""));
    }

    private static async Task IntegrateAsync(IStore store, LedgerSequencer sequencer)
    {
        LeasedJob? job;
        while ((job = await sequencer.TakeAsync(CancellationToken.None)) is null)
        {
            await Task.Delay(200);
        }

        var before = (await store.Ledger.HeadAsync(CancellationToken.None)).Size;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < 5 && await sequencer.StepAsync(job, CancellationToken.None) == StepOutcome.Integrated)
        {
        }

        var places = (await store.Ledger.HeadAsync(CancellationToken.None)).Size - before;
        Console.Out.WriteLine($"  {"places given by the sequencer",-28}   1 process  {places / Stopwatch.GetElapsedTime(begun).TotalSeconds,9:0}/s");
    }

    private static WriteSet Effect(string id) => Leaves(1) with
    {
        Records =
        [
            new("speed", id, 0, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"text\":\"{new string('x', 600)}\"}}"), "{\"op\":\"made\"}"u8.ToArray(),
                [new("id", id), new("kind", "x")]),
        ],
        Tasks = [new(id, "speed", "{}"u8.ToArray())],
    };

    private static WriteSet Leaves(int count) => new()
    {
        Actor = "speed",
        Reason = "test",
        Leaves = [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)LedgerTools.Leaf(TimeProvider.System.GetUtcNow()).Encode())],
    };
}
