using System.Collections.Concurrent;

namespace Storage.Conformance.Harness;

internal static class TemporaryFolders
{
    private static readonly ConcurrentBag<string> _made = [];
    private static int _counter;

    public static string New(string purpose)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"waymark-{purpose}-{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}");
        _made.Add(folder);
        return folder;
    }

    public static void Remove()
    {
        while (_made.TryTake(out var folder))
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
