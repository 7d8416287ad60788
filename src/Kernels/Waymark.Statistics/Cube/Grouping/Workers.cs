using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Hands blocks to workers, first come first served. Exact integer sums make the order irrelevant to the answer.</summary>
internal static class Workers
{
    public static TWorker[] Run<TWorker>(
        CubeBlock[] blocks, int threads, Func<TWorker> create, Action<TWorker, CubeBlock> work, CancellationToken cancellationToken)
    {
        var count = Math.Clamp(threads, 1, Math.Max(1, blocks.Length));
        var workers = new TWorker[count];
        var next = -1;
        Each(count, worker =>
        {
            workers[worker] = create();
            for (var at = Interlocked.Increment(ref next); at < blocks.Length; at = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(workers[worker], blocks[at]);
            }
        });
        return workers;
    }

    /// <summary>Runs the body for 0 … count − 1 at once.</summary>
    public static void Each(int count, Action<int> body)
    {
        if (count == 1)
        {
            body(0);
            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, body);
        }
        catch (AggregateException many) when (many.InnerExceptions[0] is OperationCanceledException cancelled)
        {
            throw new OperationCanceledException(cancelled.Message, many, cancelled.CancellationToken);
        }
    }
}
