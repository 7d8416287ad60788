using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Waymark.Ledger.Tests;

/// <summary>
/// M78: altered, dropped, reordered, forked, rolled back, truncated. Two verifiers, written in two languages from the same
/// page, look at the same exports and must say the same.
/// </summary>
public sealed class TamperedExportTests
{
    private const int Size = 600;

    /// <summary>Name, what is done to the export, and the code that must be among the faults; empty when it must hold.</summary>
    private static readonly Dictionary<string, (Action<MemoryFiles, Log> Do, string Code)> Cases = new(StringComparer.Ordinal)
    {
        ["untouched"] = ((_, _) => { }, ""),
        ["altered entry"] = ((files, _) => files.All["tile/entries/001"][5] ^= 1, "ledger.entry-altered"),
        ["altered entry and its hash"] = ((files, _) =>
        {
            var bundle = EntryBundle.Read(files.All["tile/entries/001"])!.Select(e => e.ToArray()).ToList();
            bundle[7][40] ^= 1;
            files.Write("tile/entries/001", EntryBundle.Write([.. bundle.Select(e => (ReadOnlyMemory<byte>)e)]));
            Merkle.Leaf(bundle[7]).CopyTo(files.All["tile/0/001"].AsSpan(7 * 32));
        }, "ledger.root-differs"),
        ["altered hash"] = ((files, _) => files.All["tile/0/000"][0] ^= 1, "ledger.entry-altered"),
        ["altered upper tile"] = ((files, _) => files.All["tile/1/000.p/2"][33] ^= 1, "ledger.tile-altered"),
        ["altered root"] = ((files, _) => Replace(files, "checkpoint", note => note with { Text = note.Text.Replace("600", "601", StringComparison.Ordinal) }), "ledger.not-signed"),
        ["dropped entry"] = ((files, _) => Edit(files, "tile/entries/001", entries => entries.RemoveAt(3)), "ledger.entries-missing"),
        ["dropped bundle"] = ((files, _) => files.All.Remove("tile/entries/001"), "ledger.missing"),
        ["dropped tile"] = ((files, _) => files.All.Remove("tile/0/001"), "ledger.missing"),
        ["dropped upper tile"] = ((files, _) => files.All.Remove("tile/1/000.p/2"), "ledger.tile-altered"),
        ["reordered entries"] = ((files, _) => Edit(files, "tile/entries/000", entries => (entries[3], entries[4]) = (entries[4], entries[3])), "ledger.entry-altered"),
        ["reordered bundles"] = ((files, _) => (files.All["tile/entries/000"], files.All["tile/entries/001"]) = (files.All["tile/entries/001"], files.All["tile/entries/000"]), "ledger.entry-altered"),
        ["truncated bundle"] = ((files, _) => files.Write("tile/entries/002.p/88", files.All["tile/entries/002.p/88"][..^3]), "ledger.missing"),
        ["truncated under the same checkpoint"] = ((files, _) => files.All.Remove("tile/0/002.p/88"), "ledger.missing"),
        ["truncated and signed again"] = ((files, log) => Become(files, log.Export(500)), "ledger.rolled-back"),
        ["rolled back to last week"] = ((files, log) => Become(files, log.Export(300)), "ledger.rolled-back"),
        ["one entry changed and everything signed again"] = ((files, log) => Become(files, Rewritten(log, 100).Export(Size)), "ledger.forked"),
        ["another history of the same length"] = ((files, _) => Become(files, Log.Of(Size, seed: 50_000).Export(Size)), "ledger.forked"),
        ["another history, longer"] = ((files, _) => Become(files, Log.Of(700, seed: 50_000).Export(700)), "ledger.forked"),
        ["a published checkpoint that does not fit"] = ((files, _) => files.Write("checkpoints/300", Log.Of(300, seed: 9).Signed(300).ToBytes()), "ledger.forked"),
        ["a published checkpoint without signature"] = ((files, log) => files.Write("checkpoints/300",
            new SignedNote(log.At(300).Text, [log.Witness.Sign(log.At(300).Text, Log.Start)]).ToBytes()), "ledger.not-signed"),
        ["signature of a stranger"] = ((files, log) => files.Write("checkpoint",
            log.At(Size).Sign(new NoteSigner(Log.Ed25519, log.Signer.Key.Name, NoteKeyType.Ed25519, Log.Seed("stranger"))).ToBytes()), "ledger.not-signed"),
        ["no witness"] = ((files, log) => files.Write("checkpoint", log.Signed(Size).ToBytes()), "ledger.not-witnessed"),
        ["a broken cosignature"] = ((files, _) => Replace(files, "checkpoint", note => note with
        {
            Signatures = [note.Signatures[0], note.Signatures[1] with { Bytes = new byte[72] }],
        }), "ledger.not-witnessed"),
        ["no checkpoint"] = ((files, _) => files.All.Remove("checkpoint"), "ledger.missing"),
        ["rubbish for a checkpoint"] = ((files, _) => files.Write("checkpoint", [1, 2, 3]), "ledger.bad-note"),
        ["a clock set back"] = ((files, log) => Become(files, WithClock(log, 400, TimeSpan.FromDays(-3)).Export(Size)), "ledger.forked"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task M78_both_verifiers_find_it(string name)
    {
        var (act, code) = Cases[name];
        var log = Log.Of(Size);
        var (witnessed, outside) = (log.Signed(400, Log.Start.AddHours(1)), log.Signed(550));
        var files = log.Export(Size, 256, 512);
        act(files, log);

        var ours = LedgerVerifier.Verify(Log.Ed25519, files, log.Question(witnessed, outside));
        var theirs = await SecondAsync(files, log, witnessed, outside);
        if (code.Length == 0)
        {
            ours.Faults.ShouldBeEmpty();
            ours.Notices.ShouldBeEmpty();
            ours.CheckpointsCompared.ShouldBe(4);
            theirs.ShouldBe([$"holds {Size} {log.At(Size).Root}"]);
            return;
        }

        ours.Faults.ShouldContain(fault => fault.Code == code, string.Join('\n', ours.Faults));
        theirs.ShouldContain(line => line.StartsWith($"fault {code} ", StringComparison.Ordinal), string.Join('\n', theirs));
        theirs[^1].ShouldBe("does not hold");
        // Not only the same verdict: the same findings at the same places.
        theirs.Where(line => line.StartsWith("fault", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(ours.Faults.Select(fault => $"fault {fault.Code} {fault.Where}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_checkpoint_kept_outside_a_rewritten_ledger_looks_whole()
    {
        // Why the outside matters: the holder of the log's key can always sign another history.
        var log = Log.Of(Size);
        var files = Rewritten(log, 100).Export(Size);
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question()).Holds.ShouldBeTrue();
        (await SecondAsync(files, log))[^1].ShouldStartWith("holds");
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(log.Signed(101))).Faults.ShouldHaveSingleItem().Code.ShouldBe("ledger.forked");
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(log.Signed(100))).Holds.ShouldBeTrue();
        // A witness's word alone is enough.
        var word = new SignedNote(log.At(101).Text, [log.Witness.Sign(log.At(101).Text, Log.Start)]);
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(word)).Holds.ShouldBeFalse();
        (await SecondAsync(files, log, word)).ShouldContain("fault ledger.forked earlier 1");
        var unsigned = new SignedNote(log.At(101).Text, [new("nobody.example", 1, new byte[64])]);
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(unsigned)).Faults.ShouldHaveSingleItem().Code.ShouldBe("ledger.evidence-not-signed");
        (await SecondAsync(files, log, unsigned)).ShouldContain("fault ledger.evidence-not-signed earlier 1");
    }

    [Fact]
    public async Task M80_entries_that_claim_another_time_are_pointed_at_by_both()
    {
        var log = WithClock(Log.Of(Size), 400, TimeSpan.FromDays(-3));
        var late = log.Signed(Size, Log.Start.AddMinutes(1));
        foreach (var (question, expected) in new (SignedNote[] Earlier, string Expected)[]
        {
            ([], "notice ledger.time-moved entry 400"),
            ([late], "notice ledger.time-ahead entry 181"),
        })
        {
            var verdict = LedgerVerifier.Verify(Log.Ed25519, log.Export(Size), log.Question(question));
            verdict.Holds.ShouldBeTrue();
            var second = await SecondAsync(log.Export(Size), log, question);
            second.ShouldContain(expected);
            second.Where(line => line.StartsWith("notice", StringComparison.Ordinal))
                .ShouldBe(verdict.Notices.Select(notice => $"notice {notice.Code} {notice.Where}"), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task The_tree_alone_is_checked_where_entries_are_not_given()
    {
        var log = Log.Of(Size);
        var files = log.Export(Size);
        foreach (var path in files.All.Keys.Where(path => path.StartsWith("tile/entries/", StringComparison.Ordinal)).ToList())
        {
            files.All.Remove(path);
        }

        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(log.Signed(400)) with { WithEntries = false }).Holds.ShouldBeTrue();
        (await SecondAsync(files, log, ["--without-entries"], log.Signed(400)))[^1].ShouldStartWith("holds");
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question()).Holds.ShouldBeFalse();
    }

    [Fact]
    public async Task A_ledger_of_a_hundred_thousand_entries_has_three_levels_and_holds_in_both()
    {
        var log = new Log();
        for (var i = 0; i < 100_000; i++)
        {
            log.Append(BitConverter.GetBytes(i));
        }

        var files = log.Export(100_000, 65_536, 70_000);
        LedgerVerifier.Verify(Log.Ed25519, files, log.Question(log.Signed(99_999))).Holds.ShouldBeTrue();
        (await SecondAsync(files, log, log.Signed(99_999)))[^1].ShouldStartWith("holds 100000");
    }

    private static Task<string[]> SecondAsync(MemoryFiles files, Log log, params SignedNote[] earlier) => SecondAsync(files, log, [], earlier);

    private static async Task<string[]> SecondAsync(MemoryFiles files, Log log, string[] more, params SignedNote[] earlier)
    {
        var folder = Directory.CreateTempSubdirectory("ledger").FullName;
        try
        {
            files.SaveTo(Path.Combine(folder, "export"));
            var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var word in (string[])[Script(), Path.Combine(folder, "export"), "--key", log.Signer.Key.ToString(), "--witness", log.Witness.Key.ToString(), "--quorum", "1", .. more])
            {
                start.ArgumentList.Add(word);
            }

            for (var i = 0; i < earlier.Length; i++)
            {
                var file = Path.Combine(folder, $"earlier-{i}");
                await File.WriteAllBytesAsync(file, earlier[i].ToBytes());
                start.ArgumentList.Add("--earlier");
                start.ArgumentList.Add(file);
            }

            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            errors.ShouldBeEmpty();
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.ExitCode.ShouldBe(lines[^1].StartsWith("holds", StringComparison.Ordinal) ? 0 : 3);
            return lines;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Script()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var script = Path.Combine(folder, "tools", "ledger", "verify.mjs");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new FileNotFoundException("tools/ledger/verify.mjs");
    }

    private static void Edit(MemoryFiles files, string path, Action<List<ReadOnlyMemory<byte>>> edit)
    {
        var entries = EntryBundle.Read(files.All[path])!.ToList();
        edit(entries);
        files.Write(path, EntryBundle.Write(entries));
    }

    private static void Replace(MemoryFiles files, string path, Func<SignedNote, SignedNote> change) =>
        files.Write(path, change(SignedNote.Parse(files.All[path]).Value).ToBytes());

    private static void Become(MemoryFiles files, MemoryFiles other)
    {
        files.All.Clear();
        foreach (var (path, bytes) in other.All)
        {
            files.Write(path, bytes);
        }
    }

    private static Log Rewritten(Log log, int at)
    {
        var rewritten = new Log();
        for (var i = 0; i < log.Entries.Count; i++)
        {
            rewritten.Append(i == at ? Log.LeafAt(Log.Start.AddSeconds(i), 77_777).Encode() : log.Entries[i]);
        }

        return rewritten;
    }

    private static Log WithClock(Log log, int from, TimeSpan moved)
    {
        var jumped = new Log();
        for (var i = 0; i < log.Entries.Count; i++)
        {
            jumped.Append(i is < 420 and >= 400 && i >= from ? Log.LeafAt(Log.Start.AddSeconds(i) + moved, i).Encode() : log.Entries[i]);
        }

        return jumped;
    }
}
