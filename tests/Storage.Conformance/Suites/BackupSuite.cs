using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Waymark.Storage.Backup;
using Xunit;

namespace Storage.Conformance.Suites;

public abstract class BackupSuite(string kind) : StoreSuite(kind)
{
    private readonly string _folder = TemporaryFolders.New("backup");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres-15")]
    public async Task A_backup_is_restored_into_a_store_of_either_kind_and_is_the_same_store(string targetKind)
    {
        await FillAsync();
        (await Store.BackupAsync(_folder, null, Cancellation)).Value.Faults.ShouldBeEmpty();
        var target = StoreKind.Of(targetKind);
        await using var restored = (await target.OpenAsync(await target.NewLocationAsync(), Clock)).Value;

        var report = (await StoreBackup.RestoreAsync(_folder, restored, null, Cancellation)).Value;

        report.Faults.ShouldBeEmpty();
        (await restored.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        (await restored.Records.GetAsync("test.register", "a", Cancellation))!.Version.ShouldBe(2);
        (await restored.Series.VintagesAsync(null, Cancellation)).ShouldBe(await Store.Series.VintagesAsync(null, Cancellation));
        (await restored.Queue.GetAsync("j1", Cancellation))!.Progress.ShouldBe(new JobProgress("half", 1, 2));

        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            (await restored.Records.SearchAsync(new(partition, ["test.register"], [new(7, Bytes(5, 32))], new(["u1"], 1UL << 63, 3)), Cancellation))
                .Records.ShouldHaveSingleItem().Id.ShouldBe($"in {partition}");
            (await restored.Records.ListIndexedAsync(new(partition, "test.register", new(["u1"], 1UL << 63, 3), null, "team", null, IndexOrder.Due, 10, null),
                Cancellation)).Value.Records.ShouldHaveSingleItem().Due.ShouldBe(Clock.GetUtcNow());
        }

        // A backup of the restored store is the same, file for file: nothing was lost on the way.
        var second = TemporaryFolders.New("backup");
        (await restored.BackupAsync(second, null, Cancellation)).Value.Faults.ShouldBeEmpty();
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(f => !f.Contains("manifest", StringComparison.Ordinal)))
        {
            File.ReadAllBytes(Path.Combine(second, Path.GetRelativePath(_folder, file))).ShouldBe(File.ReadAllBytes(file));
        }

        // And life goes on in it.
        var before = (await restored.Series.NewestSequenceAsync(Cancellation));
        (await restored.CommitAsync(Writes(Record("a", 2, "after")), Cancellation)).Value.Sequence.ShouldBeGreaterThan(before);
    }

    [Theory]
    [InlineData("waymark-backup-1", 0)]
    [InlineData("waymark-backup-2", 1)]
    public async Task A_backup_of_a_former_format_is_restored_with_empty_tables_for_what_it_does_not_know(string former, int pending)
    {
        var report = (await StoreBackup.RestoreAsync(Path.Combine(Servers.Root, "tests/Storage.Conformance/Backups", former), Store, null, Cancellation)).Value;

        report.Faults.ShouldBeEmpty();
        report.Counts.ContainsKey("missing_record").ShouldBeFalse();
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        (await Store.Records.GetAsync("test.register", "a", Cancellation))!.Document.ToArray().ShouldBe("{\"text\":\"王小明\"}"u8.ToArray());
        (await Store.Ledger.PendingAsync(10, Cancellation)).Count.ShouldBe(pending);
        await MustCommitAsync(Writes(Record("a", 2) with { Index = new("open", null, null, "u1", 1, 0, []) }));
    }

    [Fact]
    public async Task A_backup_taken_while_others_write_is_of_one_moment()
    {
        await MustCommitAsync(Writes(Record("left", 0), Record("right", 0)));
        using var done = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var version = 1; !done.IsCancellationRequested; version++)
            {
                await MustCommitAsync(Writes(Record("left", version, $"{version}"), Record("right", version, $"{version}")));
            }
        }, Cancellation);

        for (var i = 0; i < 3; i++)
        {
            var folder = TemporaryFolders.New("backup");
            (await Store.BackupAsync(folder, null, Cancellation)).IsOk.ShouldBeTrue();
            var versions = File.ReadAllLines(Path.Combine(folder, "tables/record.jsonl")).Select(l => l.Split(',')[2]).ToList();
            versions.Count.ShouldBe(2);
            versions[0].ShouldBe(versions[1]);
        }

        await done.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task A_backup_never_writes_into_a_folder_that_holds_anything()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");

        (await Store.BackupAsync(_folder, null, Cancellation)).Error!.Code.ShouldBe("backup.target-exists");
        Directory.EnumerateFileSystemEntries(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_store_that_holds_anything_takes_no_backup()
    {
        await FillAsync();
        await Store.BackupAsync(_folder, null, Cancellation);

        (await StoreBackup.RestoreAsync(_folder, Store, null, Cancellation)).Error!.Code.ShouldBe("backup.target-not-empty");
    }

    [Theory]
    [InlineData("table")]
    [InlineData("chunk")]
    [InlineData("chunk-missing")]
    [InlineData("chunk-extra")]
    [InlineData("manifest")]
    [InlineData("manifest-missing")]
    [InlineData("folder-missing")]
    public async Task A_damaged_backup_is_refused_before_anything_is_written(string damage)
    {
        await FillAsync();
        await Store.BackupAsync(_folder, null, Cancellation);
        var chunk = Directory.EnumerateFiles(Path.Combine(_folder, "chunks"), "*", SearchOption.AllDirectories).First();
        switch (damage)
        {
            case "table": Flip(Path.Combine(_folder, "tables/record.jsonl")); break;
            case "chunk": Flip(chunk); break;
            case "chunk-missing": File.Delete(chunk); break;
            case "chunk-extra": File.WriteAllText(chunk + "x", "stray"); break;
            case "manifest": Flip(Path.Combine(_folder, "manifest.json")); break;
            case "manifest-missing": File.Delete(Path.Combine(_folder, "manifest.json")); break;
            default: Directory.Delete(_folder, recursive: true); break;
        }

        await using var target = (await Kind.OpenAsync(await Kind.NewLocationAsync(), Clock)).Value;

        (await StoreBackup.RestoreAsync(_folder, target, null, Cancellation)).Error!.Code.ShouldBe(damage switch
        {
            "manifest-missing" => "backup.incomplete",
            "folder-missing" => "backup.not-found",
            _ => "backup.damaged",
        });
        (await target.VerifyAsync(null, Cancellation)).Value.Counts.Values.ShouldAllBe(count => count == 0);
    }

    [Fact]
    public async Task M50_shredded_bytes_are_in_no_later_backup_and_the_tombstone_is()
    {
        var seed = Bytes(77, 3_000);
        var id = await PutAsync(seed);
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/1", id)] });
        await Store.Blobs.ShredAsync(id, Cancellation);
        await Store.BackupAsync(_folder, null, Cancellation);
        var target = StoreKind.Of("sqlite");
        await using var restored = (await target.OpenAsync(await target.NewLocationAsync(), Clock)).Value;
        (await StoreBackup.RestoreAsync(_folder, restored, null, Cancellation)).IsOk.ShouldBeTrue();

        (await restored.Blobs.FindAsync(id, Cancellation))!.ShreddedAt.ShouldNotBeNull();
        using var again = new MemoryStream(seed);
        (await restored.Blobs.PutAsync(again, Cancellation)).Error!.Code.ShouldBe("blob.shredded");
        SeedSearch.Find(_folder, seed).ShouldBeEmpty();
    }

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private async Task FillAsync()
    {
        var blob = await PutAsync(Bytes(1, 5 * 1024 * 1024));
        var empty = await PutAsync([]);
        await MustCommitAsync(Writes(Record("a", 0, "王小明 \"quoted\" \\ \u2028", ("name", "王")), Record("gone", 0)) with
        {
            Vintages = [new("v1", "unhcr/population", "import/1", "2025", 5), new("v2", "unhcr/population", "import/2", "2026", 6)],
            Segments = [new("v1", 0, blob, 9), new("v2", 0, blob, 9)],
            BlobReferences = [new("snapshot/1", blob), new("snapshot/2", empty)],
            Leaves = [Bytes(3, 40)],
            Tasks = [new("j1", "q", Json("p")), new("j2", "q", Json("p"))],
        });
        await MustCommitAsync(Writes(Record("a", 1, "two"), Record("gone", 1, null)) with
        {
            Flips = [new("v1", VintageState.Staged, VintageState.Visible)],
        });
        await MustCommitAsync(Writes([.. Enum.GetValues<RecordPartition>().Select(partition => Record($"in {partition}", 0, "王") with
        {
            Partition = partition,
            Index = new("open", "team", Clock.GetUtcNow(), "u1", 1UL << 63, 3, [new(-1, Bytes(4, 8)), new(7, Bytes(5, 32))]),
        })]));
        var job = (await Store.Queue.LeaseAsync("q", "w", TimeSpan.FromMinutes(1), Cancellation))!;
        await Store.Queue.RenewAsync(job, new("half", 1, 2), TimeSpan.FromMinutes(1), Cancellation);
    }
}
