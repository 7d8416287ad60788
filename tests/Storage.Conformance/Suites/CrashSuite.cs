using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Storage.Conformance.Crash;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Kills a writing process with SIGKILL again and again: every import is whole or absent, and what was answered is there.</summary>
public abstract class CrashSuite(string kind) : StoreSuite(kind)
{
    protected override bool Alone => true;

    private static int Kills => Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1" ? 200 : 20;

    [Fact]
    public async Task After_every_kill_each_import_is_whole_or_absent_and_the_next_process_goes_on()
    {
        var random = new Random(20261121);
        var acknowledged = -1;
        for (var kill = 0; kill < Kills; kill++)
        {
            acknowledged = Math.Max(acknowledged, await WriteUntilKilledAsync(kill, random.Next(0, 12), random.Next(0, 6_000)));
            await DisposeAsync();
            await Kind.SettleAsync(Location);
            await ReopenAsync();
            var last = await ShouldBeWholeOrAbsentAsync();
            last.ShouldBeGreaterThanOrEqualTo(acknowledged, "what was answered as durable is gone");
            acknowledged = last;
        }

        acknowledged.ShouldBeGreaterThan(Kills);
        var report = (await Store.VerifyAsync(null, Cancellation)).Value;
        report.Faults.ShouldBeEmpty();
        // What the killed left of their uploads is swept; nothing that is referred to is.
        Clock.CatchUp();
        await Store.Blobs.SweepAsync(TimeSpan.FromDays(-1), Cancellation);
        await ShouldBeWholeOrAbsentAsync();
        var swept = (await Store.VerifyAsync(null, Cancellation)).Value;
        swept.Faults.ShouldBeEmpty();
        swept.Counts["blob"].ShouldBe((acknowledged + 1) * (1 + CrashWriter.Segments));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Kind.Name}: {Kills} kills, {acknowledged + 1} imports, {report.Counts["blob"] - swept.Counts["blob"]} abandoned blobs swept");
    }

    private async Task<int> WriteUntilKilledAsync(int seed, int commits, int microseconds)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [.. HostArguments(), "crash-writer", Kind.Name, Location, seed.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var last = -1;
        for (var lines = 0; lines <= commits; lines++)
        {
            var line = await child.StandardOutput.ReadLineAsync(Cancellation);
            line.ShouldNotBeNull("the writer ended by itself");
            last = line.StartsWith("done ", StringComparison.Ordinal) ? int.Parse(line[5..], CultureInfo.InvariantCulture) : last;
        }

        // Into the middle of the next import, wherever that may be: no clock is waited for that a commit could follow.
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(50);
        }

        child.Kill();
        // What it had said before it died counts too.
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            last = line.StartsWith("done ", StringComparison.Ordinal) ? int.Parse(line[5..], CultureInfo.InvariantCulture) : last;
        }

        await child.WaitForExitAsync(Cancellation);
        return last;
    }

    private async Task<int> ShouldBeWholeOrAbsentAsync()
    {
        var vintages = (await Store.Series.VintagesAsync(null, Cancellation)).ToDictionary(v => v.Id);
        var number = 0;
        for (; await Store.Records.GetAsync("import", CrashWriter.Id(number), Cancellation) is not null; number++)
        {
            var id = CrashWriter.Id(number);
            var vintage = vintages[id];
            vintage.State.ShouldBe(VintageState.Visible);
            vintage.Observations.ShouldBe(CrashWriter.Segments * 1_000);
            (await Store.Queue.GetAsync(id, Cancellation)).ShouldNotBeNull();
            foreach (var segment in await Store.Series.SegmentsAsync(id, Cancellation))
            {
                (await Store.Blobs.ExistsAsync(segment.Blob, Cancellation)).ShouldBeTrue();
            }
        }

        vintages.Count.ShouldBe(number);
        (await Store.Records.GetAsync("import.last", "last", Cancellation))?.Version.ShouldBe(number);
        (await Store.Queue.ListAsync("after-import", 1_000, Cancellation)).Count.ShouldBe(Math.Min(number, 1_000));
        (await Kind.RunAsync(Location, "select count(*) from blob_reference"))[0].ShouldBe(number.ToString(CultureInfo.InvariantCulture));
        (await Kind.RunAsync(Location, "select count(*) from segment"))[0]
            .ShouldBe((number * CrashWriter.Segments).ToString(CultureInfo.InvariantCulture));
        return number - 1;
    }

    /// <summary>Started as its own executable it needs nothing more; started by the host it names its assembly.</summary>
    private static string[] HostArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(CrashWriter).Assembly.Location] : [];
}
