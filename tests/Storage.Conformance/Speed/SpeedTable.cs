using System.Diagnostics;
using System.Text;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Storage.Conformance.Speed;

/// <summary>
/// Durable figures of the embedded store: commits per second at 1, 8 and 32 callers, and what one import costs. Printed,
/// never compared with a limit: they measure the disk.
/// </summary>
internal static class SpeedTable
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = arguments is [var given, ..] ? given : TemporaryFolders.New("speed");
        await using (var store = (await SqliteStore.OpenAsync(folder, TimeProvider.System, null, CancellationToken.None)).Value)
        {
            Console.Out.WriteLine("callers  commits/s  p50 ms  p95 ms   (one record, two heads, durable)");
            foreach (var callers in new[] { 1, 8, 32 })
            {
                await CommitsAsync(store, callers, TimeSpan.FromSeconds(3));
            }

            Console.Out.WriteLine("import: PutMany of 3 segments of 240 KB, then one write set (vintage, 3 segments, flip, record)");
            await ImportAsync(store, 240_000, snapshot: 0);
            Console.Out.WriteLine("import with its snapshot of 9 MB first");
            await ImportAsync(store, 240_000, snapshot: 9_000_000);
        }

        TemporaryFolders.Remove();
        return 0;
    }

    private static async Task CommitsAsync(IStore store, int callers, TimeSpan length)
    {
        var times = new List<double>();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<double>();
            for (var i = 0; Stopwatch.GetElapsedTime(begun) < length; i++)
            {
                var at = Stopwatch.GetTimestamp();
                _ = (await store.CommitAsync(Record($"{callers}/{caller}/{i}"), CancellationToken.None)).Value;
                mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            lock (times)
            {
                times.AddRange(mine);
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        times.Sort();
        Console.Out.WriteLine($"{callers,7}  {times.Count / seconds,9:0}  {times[times.Count / 2],6:0.00}  {times[times.Count * 95 / 100],6:0.00}");
    }

    private static async Task ImportAsync(IStore store, int segment, int snapshot)
    {
        var random = new Random(1);
        var times = new List<(double Snapshot, double Put, double Commit)>();
        for (var i = 0; i < 15; i++)
        {
            var file = new byte[snapshot];
            random.NextBytes(file);
            var bytes = Enumerable.Range(0, 3).Select(_ =>
            {
                var b = new byte[segment];
                random.NextBytes(b);
                return (ReadOnlyMemory<byte>)b;
            }).ToList();
            var begun = Stopwatch.GetTimestamp();
            if (snapshot > 0)
            {
                using var stream = new MemoryStream(file);
                _ = (await store.Blobs.PutAsync(stream, CancellationToken.None)).Value;
            }

            var stored = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            var blobs = (await store.Blobs.PutManyAsync(bytes, CancellationToken.None)).Value;
            var put = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            var id = $"v{snapshot}/{i}";
            _ = (await store.CommitAsync(Record(id) with
            {
                Vintages = [new(id, "s", "i", "r", i)],
                Segments = [.. blobs.Select((b, n) => new SegmentWrite(id, n, b, 65_536))],
                Flips = [new(id, VintageState.Staged, VintageState.Visible)],
            }, CancellationToken.None)).Value;
            times.Add((stored, put - stored, Stopwatch.GetElapsedTime(begun).TotalMilliseconds - put));
        }

        var (first, all) = (times[0], times.OrderBy(t => t.Snapshot + t.Put + t.Commit).ToList());
        var median = all[all.Count / 2];
        Console.Out.WriteLine($"  median: snapshot {median.Snapshot:0.0} + segments {median.Put:0.0} + commit {median.Commit:0.0} ms; " +
            $"first {first.Snapshot + first.Put + first.Commit:0.0} ms; worst {all[^1].Snapshot + all[^1].Put + all[^1].Commit:0.0} ms");
    }

    private static WriteSet Record(string id) => new()
    {
        Actor = "speed",
        Reason = "test",
        Records =
        [
            new("speed", id, 0, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"text\":\"{new string('x', 600)}\"}}"), "{\"op\":\"made\"}"u8.ToArray(),
                [new("id", id), new("kind", "x")]),
        ],
    };
}
