using Waymark.App.Configuration;
using Waymark.Evidence.Features;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Postgres;
using Waymark.Storage.Sqlite;

namespace Waymark.App.Hosting;

/// <summary>Opens the real parts.</summary>
public sealed class PlatformOpener : IPlatformOpener
{
    public async Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = FileKeyStore.Open(settings.KeyFolder);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var store = settings.Store == StoreKind.Postgres
            ? await PostgresStore.OpenAsync(settings.Connection ?? "", time, null, cancellationToken)
            : await SqliteStore.OpenAsync(settings.DataFolder, time, null, cancellationToken);
        if (!store.IsOk)
        {
            return store.Error;
        }

        if (await Samples.SampleMark.CheckAsync(store.Value, settings, cancellationToken) is { } refused)
        {
            await store.Value.DisposeAsync();
            return refused;
        }

        return new StorePlatform(settings, store.Value, keys.Value, time);
    }

    public async Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken)
    {
        var loaded = PackLibrary.Load(store.Settings.PackFolders, cancellationToken);
        if (loaded.Errors.FirstOrDefault() is { } fault)
        {
            return fault with { Hint = new("Run waymark packs check; nothing starts on faulty packs.", "请运行 waymark packs check；数据包有误时不会启动。") };
        }

        var content = new BuiltInContent(loaded.Library);
        var options = new EvidenceOptions(loaded.Library, content.Areas, BuiltInFacts.Facts(content), store.Store, store.Keys, store.Time)
        {
            Series = ReferenceEvidence.Series(content.References),
        };
        var evidence = await EvidenceBase.OpenAsync(options, alone: false, cancellationToken);
        if (evidence.Catalogue.Errors is [var wrong, ..])
        {
            return wrong;
        }

        if (store.Store.Info.ReadOnlyReason is null)
        {
            var referenced = await ReferenceEvidence.LoadAsync(evidence, content.References, cancellationToken);
            if (!referenced.IsOk)
            {
                return referenced.Error;
            }
        }

        return new EvidencePlatform(evidence, content, loaded.Library);
    }
}
