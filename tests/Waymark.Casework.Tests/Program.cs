using Waymark.Casework.Tests.Drill;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Waymark.Casework.Tests;

/// <summary>Runs the tests; or, with a first argument of its own, is the process of writers that a test kills.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["edit-writers", var location, var folder, var seed, var left, var records] => EditWriters.RunAsync(
            location, folder, int.Parse(seed, null), [.. left.Split(',').Select(int.Parse)], records.Split(',')),
        _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
