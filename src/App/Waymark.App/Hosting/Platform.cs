using Waymark.App.Configuration;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Storage;

namespace Waymark.App.Hosting;

/// <summary>Opens the parts that do the work. The command line and the server use the same two doors.</summary>
public interface IPlatformOpener
{
    /// <summary>The store and the keys: enough for accounts, jobs, backup and verification.</summary>
    Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>The evidence base over an open store.</summary>
    Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken);
}

/// <summary>The open store and keys of one installation.</summary>
public sealed class StorePlatform(Settings settings, IStore store, IKeyStore keys, TimeProvider time) : IAsyncDisposable
{
    public Settings Settings => settings;

    public IStore Store => store;

    public IKeyStore Keys => keys;

    public TimeProvider Time => time;

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

/// <summary>The evidence base with the packs it stands on.</summary>
public sealed record EvidencePlatform(IEvidence Evidence, BuiltInContent? Content, PackLibrary? Packs);

/// <summary>All open parts of one installation.</summary>
public sealed class Platform(StorePlatform foundation, EvidencePlatform evidence) : IAsyncDisposable
{
    public StorePlatform Foundation => foundation;

    public Settings Settings => foundation.Settings;

    public IStore Store => foundation.Store;

    public IKeyStore Keys => foundation.Keys;

    public TimeProvider Time => foundation.Time;

    public IEvidence Evidence => evidence.Evidence;

    /// <summary>The packs and their typed content; null when a test stands in for the evidence base.</summary>
    public EvidencePlatform Parts => evidence;

    public static async Task<Result<Platform>> OpenAsync(
        IPlatformOpener opener, Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = await opener.OpenStoreAsync(settings, time, cancellationToken);
        if (!store.IsOk)
        {
            return store.Error;
        }

        var evidence = await opener.OpenEvidenceAsync(store.Value, cancellationToken);
        if (evidence.IsOk)
        {
            return new Platform(store.Value, evidence.Value);
        }

        await store.Value.DisposeAsync();
        return evidence.Error;
    }

    public async ValueTask DisposeAsync()
    {
        if (evidence.Evidence is IAsyncDisposable closable)
        {
            await closable.DisposeAsync();
        }

        await foundation.DisposeAsync();
    }
}
