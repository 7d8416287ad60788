namespace Waymark.App.Samples;

/// <summary>
/// The clock of a sample node: while its story is played it says what the story says and only ever goes on; after <see cref="Join"/> it is the machine's clock.
/// Measures of time elapsed are the machine's throughout.
/// </summary>
public sealed class SampleClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = start;
    private bool _joined;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _joined ? System.GetUtcNow() : _now;
        }
    }

    /// <summary>Goes on to a moment; one that is past already, or not yet come on the machine's clock, changes nothing.</summary>
    public void GoTo(DateTimeOffset moment)
    {
        lock (_gate)
        {
            _now = moment > _now && moment <= System.GetUtcNow() ? moment : _now;
        }
    }

    public void Pass(TimeSpan time) => GoTo(GetUtcNow() + time);

    public void Join()
    {
        lock (_gate)
        {
            _joined = true;
        }
    }
}
