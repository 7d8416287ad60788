using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Waymark.App.Hosting;
using Waymark.Audit.Contracts;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Misuse.Tests;

/// <summary>Group 13 of the misuse cases, on a real installation and by its real command line: M78, M79, M80.</summary>
public sealed class LedgerRewrittenTests
{
    [Theory]
    [InlineData("alter", "update ledger_bundle set entries = zeroblob(length(entries)) where position = 1")]
    [InlineData("drop", "delete from ledger_bundle where position = 1")]
    [InlineData("reorder", "update ledger_bundle set entries = (select entries from ledger_bundle where position = 0) where position = 1")]
    [InlineData("truncate", "delete from ledger_tile where level = 0 and position = 2")]
    [Proves(Parts.Attempt, Door.Store, Door.Export, Door.CommandLine)]
    public async Task M78_a_superuser_who_changes_leaves_by_SQL_is_found_by_both_verifiers(string what, string sql)
    {
        using var place = new Installation();
        var key = await FillAsync(place, 700);
        (await place.RunAsync("ledger", "export", "before")).Code.ShouldBe(0);
        await ShouldHoldAsync(place, "before", key, true);

        await SqlAsync(place, sql);
        var (code, _, error) = await place.RunAsync("ledger", "export", "after");
        if (code == 0)
        {
            await ShouldHoldAsync(place, "after", key, false, "--earlier", "before/checkpoint");
        }
        else
        {
            // What is gone cannot even be exported; the place is named.
            error.ShouldContain("ledger.damaged", Case.Sensitive, what);
            code.ShouldBe(3);
        }
    }

    [Fact]
    [Proves(Parts.All, Door.Store, Door.Backup, Door.Export, Door.CommandLine)]
    public async Task M78_last_weeks_state_and_another_history_need_only_one_checkpoint_kept_outside()
    {
        using var place = new Installation();
        var key = await FillAsync(place, 300);
        Directory.CreateDirectory(Path.Combine(place.Folder, "copy"));
        await SqlAsync(place, $"vacuum into '{Path.Combine(place.Folder, "copy", "waymark.db")}'");
        await FillAsync(place, 300);
        (await place.RunAsync("ledger", "export", "outside")).Code.ShouldBe(0);

        // Rolled back: the old file put in place of the new one, with the same keys.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(place.Folder, "data"), "waymark.db*"))
        {
            File.Delete(file);
        }

        File.Copy(Path.Combine(place.Folder, "copy", "waymark.db"), Path.Combine(place.Folder, "data", "waymark.db"));
        (await place.RunAsync("ledger", "export", "rolled")).Code.ShouldBe(0);
        await ShouldHoldAsync(place, "rolled", key, true);
        (await ShouldHoldAsync(place, "rolled", key, false, "--earlier", "outside/checkpoint")).ShouldContain("ledger.rolled-back");

        // Forked: from there another history is written, longer than the true one.
        await FillAsync(place, 900);
        (await place.RunAsync("ledger", "export", "forked")).Code.ShouldBe(0);
        await ShouldHoldAsync(place, "forked", key, true);
        (await ShouldHoldAsync(place, "forked", key, false, "--earlier", "outside/checkpoint")).ShouldContain("ledger.forked");
        // Its lawful neighbour: a ledger that only grew.
        await FillAsync(place, 5);
        (await place.RunAsync("ledger", "export", "grown")).Code.ShouldBe(0);
        await ShouldHoldAsync(place, "grown", key, true, "--earlier", "forked/checkpoint");
    }

    [Fact]
    [Proves(Parts.Attempt | Parts.Neighbour, Door.Module, Door.Export, Door.CommandLine)]
    public async Task M79_whoever_erases_the_person_does_not_erase_their_own_readings()
    {
        using var place = new Installation();
        var ids = new List<LeafId>();
        await using (var platform = await place.OpenAsync())
        {
            var salts = new PersonSalts(platform.Keys);
            var (actor, subject) = (await SaltAsync(salts, SaltKind.Actor, "officer-7"), await SaltAsync(salts, SaltKind.Subject, "person-1"));
            for (var i = 0; i < 30; i++)
            {
                var id = LeafId.New(TimeProvider.System.GetUtcNow());
                ids.Add(id);
                var leaf = new LedgerLeaf(id, Commitment.To(actor, id, CommitmentSlot.Actor, "officer-7"u8),
                    Commitment.To(subject, id, CommitmentSlot.Subject, "person-1"u8), Commitment.To(subject, id, CommitmentSlot.Content, "read"u8));
                (await platform.Store.CommitAsync(new() { Actor = "officer-7", Reason = "test.read", Leaves = [leaf.Encode()] }, CancellationToken.None)).IsOk.ShouldBeTrue();
            }

            await DrainAsync(platform);
        }

        var key = (await place.RunAsync("ledger", "key")).Output.Trim();
        var (_, proof, _) = await place.RunAsync("ledger", "prove", ids[4].ToString());
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "kept.tlog-proof"), proof);
        (await place.RunAsync("ledger", "export", "before")).Code.ShouldBe(0);

        await using (var platform = await place.OpenAsync())
        {
            (await new PersonSalts(platform.Keys).EraseAsync(SaltKind.Subject, "person-1", CancellationToken.None)).ShouldBeTrue();
        }

        // Every proof made before still verifies, and so does the whole ledger.
        (await place.RunAsync("ledger", "verify", "kept.tlog-proof", "--key", key)).Code.ShouldBe(0);
        (await place.RunAsync("ledger", "export", "after")).Code.ShouldBe(0);
        await ShouldHoldAsync(place, "after", key, true, "--earlier", "before/checkpoint");
        await using (var platform = await place.OpenAsync())
        {
            var salts = new PersonSalts(platform.Keys);
            (await salts.OfAsync(SaltKind.Subject, "person-1", CancellationToken.None)).Error!.Code.ShouldBe("keys.destroyed");
            var actor = (await salts.FindAsync(SaltKind.Actor, "officer-7", CancellationToken.None))!;
            var entries = EntryBundle.Read((await platform.Store.Ledger.BundleAsync(0, CancellationToken.None))!.Value)!.Select(e => LedgerLeaf.Decode(e.Span)!).ToList();
            entries.Count(leaf => leaf.Actor == Commitment.To(actor, leaf.Id, CommitmentSlot.Actor, "officer-7"u8)).ShouldBe(30);
        }
    }

    [Fact]
    [Proves(Parts.Attempt | Parts.Neighbour, Door.Module, Door.Export, Door.CommandLine)]
    public async Task M80_a_leaf_that_claims_an_earlier_time_is_named_and_a_proof_with_a_changed_time_fails()
    {
        using var place = new Installation();
        var now = TimeProvider.System.GetUtcNow();
        var backdated = LeafId.New(now.AddDays(-40));
        await FillAsync(place, 20);
        var key = await FillAsync(place, 1, () => backdated);
        (await place.RunAsync("ledger", "export", "out")).Code.ShouldBe(0);
        (await ShouldHoldAsync(place, "out", key, true)).ShouldContain("ledger.time-moved");
        (await place.RunAsync("ledger", "verify", "out", "--key", key, "--json")).Output.ShouldContain("ledger.time-moved");

        var (_, proof, _) = await place.RunAsync("ledger", "prove", backdated.ToString());
        var lines = proof.Split('\n');
        var entry = Convert.FromBase64String(lines[1]["extra ".Length..]);
        entry[3] ^= 1;
        lines[1] = "extra " + Convert.ToBase64String(entry);
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "moved"), string.Join('\n', lines));
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "true"), proof);
        (await place.RunAsync("ledger", "verify", "true", "--key", key)).Code.ShouldBe(0);
        var (code, output, _) = await place.RunAsync("ledger", "verify", "moved", "--key", key);
        code.ShouldBe(3);
        output.ShouldContain("ledger.entry-altered");
    }

    [Fact]
    public async Task Verification_says_what_is_wrong_with_the_call()
    {
        using var place = new Installation();
        var key = await FillAsync(place, 1);
        (await place.RunAsync("ledger", "verify", "nowhere", "--key", key)).Code.ShouldBe(4);
        (await place.RunAsync("ledger", "verify", "nowhere", "--key", "no key")).Code.ShouldBe(2);
        (await place.RunAsync("ledger", "prove", new string('0', 32))).Code.ShouldBe(4);
        (await place.RunAsync("ledger", "prove", "short")).Code.ShouldBe(2);
        (await place.RunAsync("ledger", "export", "out")).Code.ShouldBe(0);
        (await place.RunAsync("ledger", "export", "out")).Code.ShouldBe(6);
        (await place.RunAsync("ledger", "verify", "out", "--key", key, "--witness", key.Replace("+A", "+B", StringComparison.Ordinal), "--quorum", "1")).Code.ShouldBe(2);
    }

    private static async Task<byte[]> SaltAsync(PersonSalts salts, SaltKind kind, string id) => (await salts.OfAsync(kind, id, CancellationToken.None)).Value;

    /// <summary>Commits leaves, gives them places, and answers the key of the ledger.</summary>
    private static async Task<string> FillAsync(Installation place, int leaves, Func<LeafId>? id = null)
    {
        await using var platform = await place.OpenAsync();
        for (var done = 0; done < leaves; done += 250)
        {
            var some = Enumerable.Range(0, Math.Min(250, leaves - done)).Select(_ => (ReadOnlyMemory<byte>)new LedgerLeaf(
                id?.Invoke() ?? LeafId.New(TimeProvider.System.GetUtcNow()), Commitment.None(), Commitment.None(), Commitment.None()).Encode());
            (await platform.Store.CommitAsync(new() { Actor = "test", Reason = "test.leaf", Leaves = [.. some] }, CancellationToken.None)).IsOk.ShouldBeTrue();
        }

        await DrainAsync(platform);
        return (await place.RunAsync("ledger", "key")).Output.Trim();
    }

    private static async Task DrainAsync(Platform platform)
    {
        var keys = (await LedgerKeys.OpenAsync(platform.Keys, SodiumEd25519.Instance, CancellationToken.None)).Value;
        var sequencer = new LedgerSequencer(platform.Store, keys, platform.Time, new() { Wait = TimeSpan.Zero, PublishEvery = TimeSpan.FromDays(3_650), PublishStep = 1 });
        (await sequencer.EnqueueAsync(CancellationToken.None)).ShouldBeTrue();
        var job = (await sequencer.TakeAsync(CancellationToken.None))!;
        while (await sequencer.StepAsync(job, CancellationToken.None) == StepOutcome.Integrated)
        {
        }

        await platform.Store.Queue.FailAsync(job, Model.Error.Unavailable("test.done", "done", "完成"), platform.Time.GetUtcNow(), CancellationToken.None);
    }

    private static async Task SqlAsync(Installation place, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(place.Folder, "data", "waymark.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Both verifiers must say the same; answers what ours printed.</summary>
    private static async Task<string> ShouldHoldAsync(Installation place, string export, string key, bool holds, params string[] more)
    {
        var (code, output, error) = await place.RunAsync(["ledger", "verify", export, "--key", key, .. more]);
        code.ShouldBe(holds ? 0 : 3, output + error);
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = place.Folder };
        foreach (var word in (string[])[Path.Combine(Path.GetDirectoryName(Installation.Packs)!, "tools", "ledger", "verify.mjs"), export, "--key", key, .. more])
        {
            start.ArgumentList.Add(word);
        }

        using var second = Process.Start(start)!;
        var said = await second.StandardOutput.ReadToEndAsync();
        await second.WaitForExitAsync();
        second.ExitCode.ShouldBe(code, said);
        return output;
    }
}
