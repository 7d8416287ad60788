namespace Waymark.App.Hosting;

/// <summary>Marks an endpoint whose answer could tell whether somebody or something exists; its answers leave on the grid.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HidesExistenceAttribute : Attribute
{
    /// <summary>Only answers that show nothing wait; those that show something have told already that it is there.</summary>
    public bool OnlyRefusals { get; init; }
}

/// <summary>
/// Answers that could show existence leave on a grid of 50 ms, counted from the arrival of the request: how long the work
/// took is then told in whole slots only. The monotonic clock of the machine is meant, not that of the records.
/// </summary>
public sealed class AnswerGrid(RequestDelegate next)
{
    public static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(50);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HidesExistenceAttribute>() is { } hides)
        {
            var began = TimeProvider.System.GetTimestamp();
            context.Response.OnStarting(() => hides.OnlyRefusals && context.Response.StatusCode < StatusCodes.Status400BadRequest ? Task.CompletedTask : WaitAsync(began, Slot, context.RequestAborted));
        }

        return next(context);
    }

    /// <summary>Waits until the next line of the grid.</summary>
    public static async Task WaitAsync(long began, TimeSpan slot, CancellationToken cancellationToken)
    {
        var passed = TimeProvider.System.GetElapsedTime(began);
        var lines = (passed.Ticks / slot.Ticks) + 1;
        var rest = TimeSpan.FromTicks(lines * slot.Ticks) - passed;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, TimeProvider.System, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
