using System.Collections;
using System.Text;

namespace Waymark.App.CommandLine;

/// <summary>
/// Everything a command may know of the world it was called in: streams, environment, folder, clock. Results go to
/// <see cref="Output"/>, all else to <see cref="Error"/>.
/// </summary>
public sealed class Terminal
{
    public required Stream OutputBytes { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public int Width { get; init; } = 80;

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string WorkingFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string FullPath(string path) => Path.GetFullPath(path, WorkingFolder);

    public static Terminal System()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var bytes = Console.OpenStandardOutput();
        var environment = global::System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "", StringComparer.Ordinal);
        return new()
        {
            OutputBytes = bytes,
            Output = new StreamWriter(bytes, utf8, bufferSize: 16_384, leaveOpen: true) { AutoFlush = false },
            Error = new StreamWriter(Console.OpenStandardError(), utf8, bufferSize: 1_024, leaveOpen: true) { AutoFlush = true },
            Input = Console.In,
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected && environment.GetValueOrDefault("TERM") != "dumb",
            Width = WidthOf(environment),
            Environment = environment,
            WorkingFolder = global::System.Environment.CurrentDirectory,
        };
    }

    private static int WidthOf(Dictionary<string, string> environment)
    {
        if (int.TryParse(environment.GetValueOrDefault("COLUMNS"), out var stated) && stated > 20)
        {
            return stated;
        }

        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 20 ? 80 : Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
