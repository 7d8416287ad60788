using Waymark.Storage;

namespace Waymark.Site.Tests.Support;

/// <summary>A clock that a test moves. Timers run on the real one, so that a server behind it needs <see cref="PassAsync"/>.</summary>
internal sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>
    /// Passes time on a node and waits until its sequencer has seen it: leaves that have waited five minutes of this clock shut the gate, however short the test was.
    /// </summary>
    public async Task PassAsync(TimeSpan by, IStore store)
    {
        Advance(by);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while ((await store.Ledger.PendingAsync(1, limit.Token)).Count > 0)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
