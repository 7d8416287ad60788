using System.Diagnostics;
using Shouldly;
using Storage.Conformance.Crash;
using Storage.Conformance.Harness;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Kills writers and sequencer together, again and again: no effect without leaf, no leaf without effect, no leaf twice.</summary>
public abstract class LedgerCrashSuite(string kind) : StoreSuite(kind)
{
    protected override bool Alone => true;

    private static int Kills => Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1" ? 100 : 8;

    [Fact]
    public async Task After_every_kill_effects_and_leaves_are_the_same_set_and_the_tree_holds()
    {
        var keyFolder = TemporaryFolders.New("keys");
        var keys = await LedgerTools.KeysAsync(keyFolder);
        var random = new Random(20261121);
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var quiet = new SequencerOptions { PublishEvery = TimeSpan.FromDays(3_650), PublishStep = 1 };
        for (var kill = 0; kill < Kills; kill++)
        {
            answered.UnionWith(await WriteUntilKilledAsync(random.Next(5, 60), keyFolder));
            await DisposeAsync();
            await Kind.SettleAsync(Location);
            await ReopenAsync();
            // The dead sequencer's lease, by the machine's time, runs out; ours takes over where the store stands.
            Clock.CatchUp();
            Clock.Advance(TimeSpan.FromHours(12));
            await LedgerTools.DrainAsync(Store, keys, Clock, quiet);
            var leaves = await LeavesAsync(keys.Padding.ToArray());
            leaves.Count.ShouldBe(leaves.Distinct(StringComparer.Ordinal).Count(), "a leaf stands twice");
            answered.ShouldBeSubsetOf(leaves, "what was answered as durable is gone");
            foreach (var leaf in leaves)
            {
                (await Store.Records.GetAsync("leaf", leaf, Cancellation)).ShouldNotBeNull("a leaf without its effect");
            }

            (await Kind.RunAsync(Location, "select count(*) from record where register = 'leaf'"))[0].ShouldBe(leaves.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "an effect without its leaf");
        }

        answered.Count.ShouldBeGreaterThan(Kills * 5);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        (await LedgerTools.VerifyAsync(Store, keys)).Faults.ShouldBeEmpty();
    }

    private async Task<List<string>> LeavesAsync(byte[] padding)
    {
        var size = (await Store.Ledger.HeadAsync(Cancellation)).Size;
        var leaves = new List<string>();
        for (var bundle = 0L; bundle * Tile.Full < size; bundle++)
        {
            leaves.AddRange(EntryBundle.Read((await Store.Ledger.BundleAsync(bundle, Cancellation))!.Value)!
                .Select(entry => LedgerLeaf.Decode(entry.Span)!).Where(leaf => !leaf.IsPadding(padding)).Select(leaf => leaf.Id.ToString()));
        }

        return leaves;
    }

    private async Task<List<string>> WriteUntilKilledAsync(int commits, string keyFolder)
    {
        string[] host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(LedgerCrashWriter).Assembly.Location] : [];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. host, "crash-ledger", Kind.Name, Location, keyFolder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var answered = new List<string>();
        while (answered.Count < commits)
        {
            var line = await child.StandardOutput.ReadLineAsync(Cancellation);
            line.ShouldNotBeNull("the writer ended by itself");
            line.ShouldStartWith("done ");
            answered.Add(line[5..]);
        }

        child.Kill();
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("done ", StringComparison.Ordinal) && line.Length == 37)
            {
                answered.Add(line[5..]);
            }
        }

        await child.WaitForExitAsync(Cancellation);
        return answered;
    }
}
