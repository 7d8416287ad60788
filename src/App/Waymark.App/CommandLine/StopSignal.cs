namespace Waymark.App.CommandLine;

/// <summary>A wish to stop, and whose wish it was: the person's (130) or the system's (143).</summary>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _code;

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the first wish asks for; 0 while nobody asked.</summary>
    public int Code => Volatile.Read(ref _code);

    /// <summary>Answers true when the work was asked to end by itself, false when this is the second time of asking.</summary>
    public bool Ask(int code)
    {
        if (Interlocked.CompareExchange(ref _code, code, 0) != 0)
        {
            return false;
        }

        _source.Cancel();
        return true;
    }

    public void Dispose() => _source.Dispose();
}
