namespace Storage.Conformance.Harness;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public FakeClock() : this(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)) { }

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>To the machine's own time, for a test whose child processes keep that one; never back.</summary>
    public void CatchUp() => Interlocked.Exchange(ref _ticks, Math.Max(Interlocked.Read(ref _ticks), System.GetUtcNow().UtcTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
