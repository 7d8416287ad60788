namespace Waymark.Storage.Engine;

/// <summary>Times are whole microseconds since 1970-01-01T00:00Z on both stores: the same value, sorted alike, no time zone.</summary>
internal static class StoreTime
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Of(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset At(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset? At(long? microseconds) => microseconds is { } known ? At(known) : null;

    public static long Now(this TimeProvider clock) => Of(clock.GetUtcNow());
}
