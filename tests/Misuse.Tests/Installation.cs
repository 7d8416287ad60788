using System.Text;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;

namespace Waymark.Misuse.Tests;

/// <summary>A real installation in a folder of its own: real store, real evidence base, real packs.</summary>
internal sealed class Installation : IDisposable
{
    public Installation() => Directory.CreateDirectory(Folder);

    public string Folder { get; } =
        Path.Combine(Path.GetTempPath(), "waymark-misuse-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));

    public static string Packs => WorkingCopy.Packs;

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var stop = new StopSignal();
        using var bytes = new MemoryStream();
        await using var output = new StreamWriter(bytes, new UTF8Encoding(false), leaveOpen: true);
        await using var error = new StringWriter();
        var terminal = new Terminal
        {
            OutputBytes = bytes, Output = output, Error = error, Input = TextReader.Null, WorkingFolder = Folder,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Packs },
        };
        var code = await WaymarkCommandLine.RunAsync(args, terminal, new PlatformOpener(), stop);
        await output.FlushAsync(CancellationToken.None);
        return (code, Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    public async Task<Platform> OpenAsync(IReadOnlyDictionary<string, string>? flags = null)
    {
        var all = new Dictionary<string, string>(flags ?? new Dictionary<string, string>(), StringComparer.Ordinal) { ["server.port"] = "0" };
        var settings = SettingsReader.Read(new(all, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Packs }, Folder, null));
        settings.IsOk.ShouldBeTrue(settings.Error?.ToString());
        var platform = await Platform.OpenAsync(new PlatformOpener(), settings.Value, TimeProvider.System, TestContext.Current.CancellationToken);
        platform.IsOk.ShouldBeTrue(platform.Error?.ToString());
        return platform.Value;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
