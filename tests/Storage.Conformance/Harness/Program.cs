using Storage.Conformance.Crash;
using Storage.Conformance.Speed;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Storage.Conformance.Harness;

/// <summary>
/// Runs the tests; or, with a first argument of its own, is the process that a crash test kills, or prints the speed table
/// (<c>Storage.Conformance speed [FOLDER]</c>).
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["crash-writer", var kind, var location, var seed] => CrashWriter.RunAsync(kind, location, int.Parse(seed, null)),
        ["read-only-probe", var folder] => ReadOnlyProbe.RunAsync(folder),
        ["crash-ledger", var kind, var location, var keys] => LedgerCrashWriter.RunAsync(kind, location, keys),
        ["ledger-speed", var kind] => LedgerSpeed.RunAsync(kind, 5),
        ["ledger-speed", var kind, var seconds] => LedgerSpeed.RunAsync(kind, int.Parse(seconds, null)),
        ["speed", .. var rest] => SpeedTable.RunAsync(rest),
        _ when args.Any(a => a is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
