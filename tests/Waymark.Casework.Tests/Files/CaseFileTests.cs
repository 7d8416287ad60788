using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Files;
using Waymark.Casework.Features;
using Waymark.Model;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests.Files;

/// <summary>Files of records from the door to the erased person, through gate and real stores.</summary>
public sealed class CaseFileTests
{
    private const string Seed = "KHARTAL-SEED-7719";

    private static NewFile Note(string text, string item = "a", string name = "letter.exe") => new($"files/{item}/file", 0, name, Encoding.UTF8.GetBytes(text));

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_file_is_taken_in_shown_and_downloaded_and_its_custody_tells_all_of_it__M81(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var (record, _, _) = await node.TracingAsync();
        Ok(await node.Cases.AttachAsync(Desk(), record, new("files/a/file", 0, "..\\\u202Egpj.photo.jpg", Samples.WithExif(Seed), "from the family"), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.ShouldHaveSingleItem();
        (file.Facts.Kind, file.Facts.Name, file.Facts.IsRewritten, file.Facts.Scan, file.IsCurrent, file.IsWhole).ShouldBe((FileKind.Jpeg, "gpj.photo.jpg", true, ScanState.NotScanned, true, true));
        file.Facts.Sent.ShouldNotBe(file.Facts.Kept);

        var shown = Ok(await node.Cases.ReadFileAsync(Desk(), record, file.Id, isDownload: false, default));
        shown.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Seed)).ShouldBe(-1);
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        var loaded = Ok(await node.Cases.ReadFileAsync(Desk(Colleague), record, file.Id, isDownload: true, default));
        loaded.SafeName.ShouldMatch("^TR-[0-9A-F]{4}-[0-9A-F]{4}-[0-9a-f]{8}\\.jpg$");
        var custody = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0].Custody;
        custody.Select(link => (link.Act, link.By)).ShouldBe([(FileAct.TakenIn, "worker-1"), (FileAct.Shown, "worker-1"), (FileAct.Downloaded, "worker-2")]);
        custody.ShouldAllBe(link => link.Decision != null && link.Kept == file.Facts.Kept);
    }

    [Fact]
    public async Task A_large_file_comes_back_byte_by_byte_and_a_swapped_piece_does_not()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var text = string.Concat(Enumerable.Range(0, 400_000).Select(number => $"{number:000000} "));
        Ok(await node.Cases.AttachAsync(Desk(), record, Note(text), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0];
        Encoding.UTF8.GetString(Ok(await node.Cases.ReadFileAsync(Desk(), record, file.Id, true, default)).Content).ShouldBe(text);

        var ring = (await new Waymark.Casework.Documents.RecordVault(node.Keys).RingAsync(Storage.RecordPartition.Missing, [], false, default)).Value;
        var made = FileSealing.Seal(ring, [], "f", Encoding.UTF8.GetBytes(text));
        const int Piece = (1 << 20) + 28;
        FileSealing.Open(ring, [], "f", made)!.Length.ShouldBe(text.Length);
        Should.Throw<Storage.StoreException>(() => FileSealing.Open(ring, [], "f", made.AsSpan(Piece)));
        Should.Throw<Storage.StoreException>(() => FileSealing.Open(ring, [], "g", made));
        byte[] swapped = [.. made.AsSpan(Piece, Piece), .. made.AsSpan(0, Piece), .. made.AsSpan(2 * Piece)];
        Should.Throw<Storage.StoreException>(() => FileSealing.Open(ring, [], "f", swapped));
    }

    [Fact]
    public void A_link_of_custody_that_is_altered_dropped_or_moved_is_found__M81()
    {
        var one = CustodyLink.Next(null, FileAct.TakenIn, "a", DateTimeOffset.UnixEpoch, "k", "d1");
        var two = CustodyLink.Next(one, FileAct.Shown, "b", DateTimeOffset.UnixEpoch, "k", "d2");
        var three = CustodyLink.Next(two, FileAct.Downloaded, "c", DateTimeOffset.UnixEpoch, "k", "d3");
        CustodyLink.IsWhole([one, two, three]).ShouldBeTrue();
        CustodyLink.IsWhole([one, two with { By = "x" }, three]).ShouldBeFalse();
        CustodyLink.IsWhole([one, three]).ShouldBeFalse();
        CustodyLink.IsWhole([one, three, two]).ShouldBeFalse();
        CustodyLink.IsWhole([two, three]).ShouldBeFalse();
        CustodyLink.IsWhole([]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_file_in_two_cases_has_two_addresses_and_the_same_answer__M41()
    {
        await using var node = await OpenAsync();
        var ids = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (record, _, _) = await node.TracingAsync();
            Ok(await node.Cases.AttachAsync(Desk(), record, Note("a leaked letter"), default)).Conflicts.ShouldBeEmpty();
            var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0];
            var stored = (await node.Store.Records.GetAsync("casework.file", file.Id, default))!;
            ids.Add(Waymark.Casework.Documents.RecordJson.Read<FileEntry>(stored.Document.Span).Blob);
            (await node.Store.Blobs.ExistsAsync(Storage.BlobId.Of("a leaked letter"u8), default)).ShouldBeFalse();
        }

        ids[0].ShouldNotBe(ids[1]);
    }

    [Fact]
    public async Task Nobody_reads_a_file_of_another_unit_purpose_or_record_and_no_form_names_one__F8()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var (other, _, _) = await node.TracingAsync();
        Ok(await node.Cases.AttachAsync(Desk(), record, Note("private"), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0];
        (await node.Cases.ReadFileAsync(Desk(South), record, file.Id, true, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.ReadFileAsync(Desk(), other, file.Id, true, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.ReadFileAsync(Desk(purpose: "migration-statistics"), record, file.Id, true, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.FilesAsync(Desk(South), record, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.ChangeAsync(Desk(), other, new([new("files/b/file", 0, $$"""{"blob":"{{file.Id}}","media":"text/plain"}""")]), default)).Error!.Code.ShouldBe("file.door");
        (await node.Cases.AttachAsync(Desk(), record, new("cause", 0, "x", "text"u8.ToArray()), default)).Error!.Code.ShouldBe("case.unknown-field");
        Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0].Custody.Count.ShouldBe(1, "who was refused left no link and took nothing");
    }

    [Fact]
    public async Task A_unit_has_its_quota_and_a_record_its_number_of_files__M89()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var tight = node.With(new FileLimits(FileBytes: 1_000, RecordFiles: 3, UnitBytes: 1_500));
        (await tight.AttachAsync(Desk(), record, Note(new string('x', 1_001)), default)).Error!.Code.ShouldBe("file.too-large");
        Ok(await tight.AttachAsync(Desk(), record, Note(new string('x', 900)), default));
        (await tight.AttachAsync(Desk(), record, Note(new string('x', 900), "b"), default)).Error!.Code.ShouldBe("file.quota");
        Ok(await tight.AttachAsync(Desk(), record, Note("small", "c"), default));
        Ok(await tight.AttachAsync(Desk(), record, Note("small", "d"), default));
        (await tight.AttachAsync(Desk(), record, Note("small", "e"), default)).Error!.Code.ShouldBe("file.quota");
        Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_scanner_that_finds_something_or_does_not_answer_lets_nothing_in()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        async Task<string?> TryAsync(string script)
        {
            var program = Path.Combine(node.Folder, "scanner");
            await File.WriteAllTextAsync(program, "#!/bin/sh\n" + script + "\n");
            return (await node.With(new(), new CommandScanner("/bin/sh", [program, "-"], TimeSpan.FromSeconds(2))).AttachAsync(Desk(), record, Note("EICAR", Guid(script)), default)).Error?.Code;
        }

        (await TryAsync("cat >/dev/null; exit 0")).ShouldBeNull();
        (await TryAsync("grep -q EICAR && { echo 'Eicar FOUND'; exit 1; }; exit 0")).ShouldBe("file.malware");
        (await TryAsync("exit 2")).ShouldBe("file.scanner");
        (await TryAsync("exec sleep 60")).ShouldBe("file.scanner");
        (await node.With(new(), new CommandScanner("/nowhere/scanner", [], TimeSpan.FromSeconds(2))).AttachAsync(Desk(), record, Note("x", "z"), default)).Error!.Code.ShouldBe("file.scanner");
        var kept = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.ShouldHaveSingleItem();
        kept.Facts.Scan.ShouldBe(ScanState.Clean);
    }

    private static string Guid(string of) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(of)))[..8];

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task An_erased_person_takes_the_files_along__EV_seed(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var (record, sought, _) = await node.TracingAsync();
        Ok(await node.Cases.AttachAsync(Desk(), record, Note(Seed + string.Concat(Enumerable.Repeat(Seed, 90_000)), name: Seed + ".txt"), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files[0];
        var blob = new Storage.BlobId(Waymark.Casework.Documents.RecordJson.Read<FileEntry>((await node.Store.Records.GetAsync("casework.file", file.Id, default))!.Document.Span).Blob);
        Ok(await node.Cases.ReadFileAsync(Desk(), record, file.Id, true, default)).Content.Length.ShouldBeGreaterThan(1 << 20);
        Holding(node.Folder).ShouldBeEmpty("also before the erasing nothing lies in clear");
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second, sought, default));

        (await node.Cases.ReadFileAsync(Desk(), record, file.Id, true, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.ShouldBeEmpty();
        (await node.Store.Blobs.ReadAsync(blob, default)).ShouldBeNull();
        Holding(node.Folder).ShouldBeEmpty();
    }

    private static IEnumerable<string> Holding(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Seed)) >= 0;
    });
}
