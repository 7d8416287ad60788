using System.Text;
using Storage.Conformance.Harness;
using Waymark.Storage;

namespace Storage.Conformance.Crash;

/// <summary>
/// The child process: writes one import after another, each with every part a write set can have, and prints the number
/// of each that was answered as durable. It goes on until it is killed.
/// </summary>
internal static class CrashWriter
{
    public const int Segments = 3;

    public static async Task<int> RunAsync(string kind, string location, int seed)
    {
        await using var store = (await StoreKind.Of(kind).OpenAsync(location, TimeProvider.System)).Value;
        var random = new Random(seed);
        var next = 0;
        while (await store.Records.GetAsync("import", Id(next), CancellationToken.None) is not null)
        {
            next++;
        }

        Console.Out.WriteLine("ready");
        for (; ; next++)
        {
            // Every eighth snapshot is longer than one chunk, so that kills also fall between chunks.
            var snapshot = new byte[next % 8 == 7 ? (4 * 1024 * 1024) + 1_000 : 20_000];
            random.NextBytes(snapshot);
            using var stream = new MemoryStream(snapshot);
            var blob = (await store.Blobs.PutAsync(stream, CancellationToken.None)).Value;
            var segments = (await store.Blobs.PutManyAsync([.. Enumerable.Range(0, Segments).Select(i => SegmentBytes(random))],
                CancellationToken.None)).Value;
            var done = await store.CommitAsync(Import(next, blob, segments), CancellationToken.None);
            if (!done.IsOk)
            {
                Console.Error.WriteLine(done.Error.ToString());
                return 1;
            }

            Console.Out.WriteLine($"done {next}");
        }
    }

    public static string Id(int number) => $"import-{number:00000}";

    private static ReadOnlyMemory<byte> SegmentBytes(Random random)
    {
        var bytes = new byte[10_000];
        random.NextBytes(bytes);
        return bytes;
    }

    private static WriteSet Import(int number, BlobId snapshot, IReadOnlyList<BlobId> segments) => new()
    {
        Actor = "crash-writer",
        Reason = "test.import",
        Records =
        [
            new("import", Id(number), 0, Json(number), Json(number), [new("number", Id(number))]),
            number == 0 ? new("import.last", "last", 0, Json(0), Json(0), []) : new("import.last", "last", number, Json(number), Json(number), []),
        ],
        Vintages = [new(Id(number), "test/series", Id(number), "r", number)],
        Segments = [.. segments.Select((blob, i) => new SegmentWrite(Id(number), i, blob, 1_000))],
        Flips = [new(Id(number), VintageState.Staged, VintageState.Visible)],
        BlobReferences = [new($"snapshot/{number}", snapshot)],
        Tasks = [new(Id(number), "after-import", Json(number))],
    };

    private static byte[] Json(int number) => Encoding.UTF8.GetBytes($"{{\"number\":{number}}}");
}
