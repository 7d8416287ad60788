using Microsoft.AspNetCore.Builder;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.App.Samples;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Site.Tests.Casework;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Samples;

/// <summary>The tests that share both sample nodes: playing them takes longer than most of what is looked at.</summary>
[CollectionDefinition(nameof(Sample))]
public sealed class Sample : ICollectionFixture<SampleSite>;

/// <summary>Both sample nodes as <c>waymark sample start</c> makes them, on free ports; the evidence base stands aside, for it holds nothing invented.</summary>
public sealed class SampleSite : IAsyncLifetime
{
    public const string Password = "drawn-for-these-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-samples-").FullName;
    private SampleFolder _taken = null!;

    /// <summary>Packs of both nodes, in order.</summary>
    public IReadOnlyList<SamplePack> Packs { get; private set; } = [];

    public SampleNode Humanitarian { get; private set; } = null!;

    public SampleNode Authority { get; private set; } = null!;

    public Uri Address => new($"http://127.0.0.1:{WebHost.PortOf(Humanitarian.App)}");

    public Uri AuthorityAddress => new($"http://127.0.0.1:{WebHost.PortOf(Authority.App)}");

    /// <summary>Acts that were played per node.</summary>
    public Dictionary<string, int> Played { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Packs = ReadPacks();
        _taken = SampleFolder.Take(Path.Combine(_folder, "sample")).Value;
        Humanitarian = await OpenAsync(_taken, Packs.Single(pack => pack.Id == "humanitarian"), Played);
        Authority = await OpenAsync(_taken, Packs.Single(pack => pack.Id == "authority"), Played);
        await Humanitarian.App.StartAsync();
        await Authority.App.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Humanitarian.DisposeAsync();
        await Authority.DisposeAsync();
        _taken.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static IReadOnlyList<SamplePack> ReadPacks()
    {
        var outcome = PackLibrary.Load([Places.Packs]);
        var errors = new PackErrors();
        var packs = outcome.Library.OfKind(SamplePack.Kind).Select(pack => SamplePack.Read(pack, errors)).ToList();
        errors.All.Select(error => error.ToString()).ShouldBeEmpty();
        return packs;
    }

    internal static Settings SettingsOf(SampleFolder folder, SamplePack pack)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["data"] = folder.Data(pack.Id), ["keys"] = folder.Keys(pack.Id), ["server.port"] = "0", ["name"] = pack.Node.Name, ["node.profile"] = pack.Node.Profile,
            ["protection.controller"] = pack.Node.Controller, ["casework.tracing-unit"] = pack.Node.TracingUnit ?? "", ["casework.complaints-unit"] = pack.Node.ComplaintsUnit ?? "", ["limits.requests-per-minute"] = "1000000", ["limits.sign-ins-per-minute"] = "1000",
        };
        var read = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Places.Packs }, folder.FullPath, null));
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        return read.Value with { Sample = pack.Id };
    }

    internal static async Task<SampleNode> OpenAsync(SampleFolder folder, SamplePack pack, Dictionary<string, int>? played = null, string password = Password)
    {
        var node = await SampleNode.OpenAsync(new Opener(), folder, pack, SettingsOf(folder, pack), password, (done, _) => (played ?? [])[pack.Id] = done, CancellationToken.None);
        node.IsOk.ShouldBeTrue(node.Error?.ToString());
        return node.Value;
    }

    /// <summary>The product's own door to the store, with its marks; figures stand aside.</summary>
    internal sealed class Opener : IPlatformOpener
    {
        public Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken) => new PlatformOpener().OpenStoreAsync(settings, time, cancellationToken);

        public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken) => new CasePacks.Opener(Places.Packs).OpenEvidenceAsync(store, cancellationToken);
    }
}
