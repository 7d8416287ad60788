using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Storage.Conformance.Harness;

/// <summary>Runs as an account that may read the folder but not write it, and says what it found.</summary>
internal static class ReadOnlyProbe
{
    public static async Task<int> RunAsync(string folder)
    {
        var opened = await SqliteStore.OpenAsync(folder, TimeProvider.System, null, CancellationToken.None);
        if (!opened.TryGet(out var store))
        {
            Console.Out.WriteLine($"open {opened.Error!.Code}");
            return 0;
        }

        await using (store)
        {
            var record = await store.Records.GetAsync("test.register", "a", CancellationToken.None);
            var written = await store.CommitAsync(new WriteSet { Actor = "probe", Reason = "test" }, CancellationToken.None);
            Console.Out.WriteLine($"{(store.Info.ReadOnlyReason is null ? "writable" : "read-only")} {record?.Version} {written.Error?.Code}");
        }

        return 0;
    }
}
