using System.Diagnostics;
using System.Globalization;

namespace Waymark.Bench;

/// <summary>One area of benchmarks, called by its verb. Exit 0: within its gates; 3: a gate failed; 4: something it needs is absent.</summary>
internal interface IBenchmark
{
    string Verb { get; }

    string What { get; }

    Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken);
}

/// <summary>
/// <see cref="Sample"/>: the bounded run for continuous integration, gated on ratio and allocation, never on milliseconds.
/// <see cref="Sorted"/>: rows in the order of real files instead of random order; not saved.
/// </summary>
internal sealed record BenchOptions(bool Sample = false, bool Sorted = false, int? Rows = null, int Seed = 20_261_121, int Runs = 7, int Threads = 2)
{
    public static bool TryParse(ReadOnlySpan<string> args, out BenchOptions options, out string? complaint)
    {
        (options, complaint) = (new(), null);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--sample" or "--sorted")
            {
                options = args[i] == "--sample" ? options with { Sample = true } : options with { Sorted = true };
                continue;
            }

            if (i + 1 >= args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                complaint = $"'{args[i]}' is unknown or lacks its whole number above 0";
                return false;
            }

            switch (args[i++])
            {
                case "--rows": options = options with { Rows = number }; break;
                case "--seed": options = options with { Seed = number }; break;
                case "--runs": options = options with { Runs = number }; break;
                case "--threads": options = options with { Threads = number }; break;
                default:
                    complaint = $"'{args[i - 1]}' is unknown";
                    return false;
            }
        }

        return true;
    }
}

/// <summary>Best time and the bytes one warm run allocates.</summary>
internal readonly record struct Measurement(double Milliseconds, long AllocatedBytes)
{
    /// <summary>
    /// Runs the two sides in turn, so that a busy neighbour disturbs both, and keeps the best of each. Warm runs come first
    /// until the compiler has settled. While the ratio is above <paramref name="limit"/>, up to four more rounds follow, for
    /// both sides alike: the best time of either only comes nearer to the undisturbed one. <paramref name="prepare"/> makes
    /// ready what our side uses up, outside the time.
    /// </summary>
    public static (Measurement Ours, Measurement? Peer, int Runs) Pair(int runs, Action ours, Action? peer, double? limit = null, Action? prepare = null)
    {
        for (var i = 0; i < 3; i++)
        {
            prepare?.Invoke();
            ours();
            peer?.Invoke();
        }

        var (mine, theirs, done) = (new Measurement(double.MaxValue, long.MaxValue), new Measurement(double.MaxValue, long.MaxValue), 0);
        while (done < runs || (done < 5 * runs && done % runs != 0) || (done < 5 * runs && mine.Milliseconds > limit * theirs.Milliseconds))
        {
            prepare?.Invoke();
            mine = mine.Better(Once(ours));
            theirs = peer is null ? theirs : theirs.Better(Once(peer));
            done++;
        }

        return (mine, peer is null ? null : theirs, done);
    }

    private static Measurement Once(Action action)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        action();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new(elapsed, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private Measurement Better(Measurement other) =>
        new(Math.Min(Milliseconds, other.Milliseconds), Math.Min(AllocatedBytes, other.AllocatedBytes));
}
