using System.Text;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Site.Tests.Support;

/// <summary>One call of the command line in a folder of its own: real store, evidence in memory.</summary>
internal sealed class Called : IDisposable
{
    public Called() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "waymark-test-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["WAYMARK_PACKS_ROOT"] = Places.Packs,
    };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public int Code { get; private set; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public IPlatformOpener? Opener { get; set; }

    /// <summary>What is typed or piped in.</summary>
    public string Input { get; set; } = "";

    public async Task<Called> RunAsync(params string[] args)
    {
        using var stop = new StopSignal();
        return await RunAsync(stop, args);
    }

    public async Task<Called> RunAsync(StopSignal stop, params string[] args)
    {
        using var bytes = new MemoryStream();
        await using var output = new StreamWriter(bytes, new UTF8Encoding(false), leaveOpen: true);
        await using var error = new StringWriter();
        var terminal = new Terminal
        {
            OutputBytes = bytes, Output = output, Error = error, Input = new StringReader(Input), Environment = Environment, WorkingFolder = Folder, Time = Time,
        };
        Code = await WaymarkCommandLine.RunAsync(args, terminal, Opener ?? new TestOpener(), stop);
        await output.FlushAsync(CancellationToken.None);
        Output = Encoding.UTF8.GetString(bytes.ToArray());
        Error = error.ToString();
        return this;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>The real store and keys with evidence in memory.</summary>
internal sealed class TestOpener(Func<TimeProvider, IEvidence>? evidence = null, bool withPages = false) : IPlatformOpener
{
    public async Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = FileKeyStore.Open(settings.KeyFolder);
        var store = await SqliteStore.OpenAsync(settings.DataFolder, time, null, cancellationToken);
        return store.IsOk && keys.IsOk ? new StorePlatform(settings, store.Value, keys.Value, time) : store.Error ?? keys.Error!;
    }

    private static readonly Lazy<(PackLibrary Library, BuiltInContent Content)> s_packs = new(() =>
    {
        var library = PackLibrary.Load([Places.Packs]).Library;
        return (library, new(library));
    });

    public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken)
    {
        var engine = evidence?.Invoke(store.Time) ?? new FakeEvidence(store.Time);
        return Task.FromResult<Result<EvidencePlatform>>(withPages
            ? new EvidencePlatform(engine, s_packs.Value.Content, s_packs.Value.Library) : new EvidencePlatform(engine, null, null));
    }
}
