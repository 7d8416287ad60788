namespace Waymark.Site.Tests.Support;

/// <summary>One server for all tests of a class that only read.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    private Running? _running;

    internal Running Site => _running ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _running = await Running.StartAsync();

    public ValueTask DisposeAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>One server with the real evidence base and the reference evidence of its packs.</summary>
public sealed class RealSite : IAsyncLifetime
{
    private Running? _running;

    internal Running Site => _running ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _running = await Running.StartAsync(opener: new Waymark.App.Hosting.PlatformOpener());

    public ValueTask DisposeAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;
}
