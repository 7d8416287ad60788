using System.Globalization;
using Waymark.Evidence.Tests.Crashes;
using Waymark.Evidence.Tests.Mutants;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Waymark.Evidence.Tests;

/// <summary>Runs the tests; or, with a first argument of its own, is the importing process that a crash test kills, or the one that takes damaged files in.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["crash-importer", var kind, var location, var packs, var from, var count, var call, var moment, var delay, var puts] =>
            CrashImporter.RunAsync(kind, location, packs, Number(from), Number(count), new(Number(call), Enum.Parse<KillMoment>(moment), Number(delay), bool.Parse(puts))),
        ["mutant-importer", var from, var count] => MutantImporter.RunAsync(Number(from), Number(count)),
        _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
