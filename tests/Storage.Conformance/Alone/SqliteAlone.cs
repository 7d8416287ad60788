using System.Diagnostics;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Storage.Conformance.Alone;

/// <summary>What only the embedded store can meet: a full disk, a folder that cannot be written, foreign files, bytes on disk.</summary>
public sealed class SqliteAlone() : StoreSuite("sqlite")
{
    [Fact]
    public async Task A_full_store_refuses_writes_keeps_everything_readable_and_goes_on_when_there_is_room()
    {
        var folder = TemporaryFolders.New("full");
        await using (var small = (await SqliteStore.OpenAsync(folder, Clock, new() { MaximumBytes = 2 * 1024 * 1024 }, Cancellation)).Value)
        {
            (await small.CommitAsync(Writes(Record("a", 0, "kept")), Cancellation)).IsOk.ShouldBeTrue();
            await ShouldBeFullAndReadableAsync(small);

            // One greedy write set in a group takes nobody with it.
            var together = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i == 20
                ? small.CommitAsync(Writes(Record("greedy", 0, new string('x', 1_900_000))), Cancellation)
                : small.CommitAsync(Writes(Record($"small{i}", 0)), Cancellation)));
            together[20].Error!.Code.ShouldBe("store.full");
            together.Where((_, i) => i != 20).ShouldAllBe(r => r.IsOk);
            (await small.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        }

        await using var large = (await SqliteStore.OpenAsync(folder, Clock, null, Cancellation)).Value;
        (await large.Blobs.PutManyAsync([Bytes(9, 3_000_000)], Cancellation)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_disk_that_is_really_full_refuses_writes_and_loses_nothing()
    {
        var folder = TemporaryFolders.New("disk");
        Directory.CreateDirectory(folder);
        if (Environment.UserName != "root" || await RunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder) is not (0, _))
        {
            Console.WriteLine("skipped: a small file system can be mounted by root only");
            Assert.Skip("a small file system can be mounted by root only");
        }

        try
        {
            await using (var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "store"), Clock, null, Cancellation)).Value)
            {
                (await store.CommitAsync(Writes(Record("a", 0, "kept")), Cancellation)).IsOk.ShouldBeTrue();
                await ShouldBeFullAndReadableAsync(store);
            }

            await using var again = (await SqliteStore.OpenAsync(Path.Combine(folder, "store"), Clock, null, Cancellation)).Value;
            (await again.Records.GetAsync("test.register", "a", Cancellation)).ShouldNotBeNull();
            (await again.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        }
        finally
        {
            await RunAsync("umount", folder);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_cannot_be_written_is_opened_for_reading(bool whileOpen)
    {
        if (Environment.UserName != "root" || await RunAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "test", "-x", Environment.ProcessPath!) is not (0, _))
        {
            Console.WriteLine("skipped: needs root, to become an account that may not write");
            Assert.Skip("needs root, to become an account that may not write");
        }

        await MustCommitAsync(Writes(Record("a", 0)));
        if (!whileOpen)
        {
            await DisposeAsync();
        }

        foreach (var file in Directory.EnumerateFiles(Location))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        File.SetUnixFileMode(Location, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        var (code, output) = await RunAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            "env", "HOME=/tmp", "DOTNET_CLI_HOME=/tmp", Environment.ProcessPath!, "read-only-probe", Location);

        code.ShouldBe(0);
        output.Trim().ShouldBe("read-only 1 store.read-only");
    }

    [Fact]
    public async Task The_file_is_closed_to_other_accounts()
    {
        await MustCommitAsync(Writes(Record("a", 0)));

        foreach (var file in Directory.EnumerateFiles(Location))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        File.GetUnixFileMode(Location).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task M50_after_shredding_no_byte_of_the_seed_is_left_in_the_folder()
    {
        var seed = Bytes(4242, 300_000);
        var id = await PutAsync(seed);
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/1", id)] });
        SeedSearch.Find(Location, seed).ShouldNotBeEmpty();

        (await Store.Blobs.ShredAsync(id, Cancellation)).Value.ShouldBeTrue();

        SeedSearch.Find(Location, seed).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("text", "store.corrupt")]
    [InlineData("foreign", "store.cannot-open")]
    [InlineData("folder", "store.cannot-open")]
    [InlineData("cut", "store.corrupt")]
    public async Task What_is_not_our_file_is_refused_and_left_as_it_is(string what, string code)
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 300).Select(i => Record($"r{i}", 0, new string('x', 1_000)))]));
        await DisposeAsync();
        var file = Path.Combine(Location, SqliteStore.FileName);
        switch (what)
        {
            case "text":
                await File.WriteAllTextAsync(file, new string('x', 5_000), Cancellation);
                break;
            case "foreign":
                File.Delete(file);
                await File.WriteAllBytesAsync(file, [], Cancellation);
                await Kind.RunAsync(Location, "create table theirs (x)");
                break;
            case "folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            default:
                await using (var stream = File.OpenWrite(file))
                {
                    stream.SetLength(8_192 * 3);
                }

                break;
        }

        var before = HashOf(file);
        var opened = await SqliteStore.OpenAsync(Location, Clock, null, Cancellation);
        if (opened.TryGet(out var store))
        {
            // Damage further inside shows when it is read.
            var found = (await store.VerifyAsync(null, Cancellation)).Value.Faults;
            await store.DisposeAsync();
            found.ShouldContain(f => f.Code == code);
        }
        else
        {
            opened.Error!.Code.ShouldBe(code);
            HashOf(file).ShouldBe(before);
        }
    }

    [Fact]
    public async Task A_process_of_an_older_version_stops_writing_when_a_newer_one_has_migrated_the_file()
    {
        await MustCommitAsync(Writes(Record("a", 0)));
        await Kind.RunAsync(Location, "pragma user_version = 99");

        (await CommitAsync(Writes(Record("b", 0)))).Error!.Code.ShouldBe("store.newer");
        (await Store.Records.GetAsync("test.register", "a", Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Callers_that_wait_together_share_commits_and_each_gets_its_own_answer()
    {
        await MustCommitAsync(Writes(Record("contested", 0)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            CommitAsync(i % 3 == 0 ? Writes(Record("contested", 1, $"{i}")) : Writes(Record($"own{i}", 0)))));

        answers.Where((_, i) => i % 3 == 0).Count(r => r.IsOk).ShouldBe(1);
        answers.Where((_, i) => i % 3 != 0).ShouldAllBe(r => r.IsOk);
        answers.Where(r => r.IsOk).Select(r => r.Value.Sequence).ShouldBeUnique();
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await Store.DisposeAsync();

        (await CommitAsync(Empty)).Error!.Code.ShouldBe("store.unavailable");
    }

    private async Task ShouldBeFullAndReadableAsync(IStore store)
    {
        (await store.Blobs.PutManyAsync([Bytes(1, 3_500_000)], Cancellation)).Error!.Code.ShouldBe("store.full");
        using var stream = new MemoryStream(Bytes(2, 3_500_000));
        (await store.Blobs.PutAsync(stream, Cancellation)).Error!.Code.ShouldBe("store.full");
        (await store.Records.GetAsync("test.register", "a", Cancellation))!.Document.ToArray().ShouldBe(Json("kept"));
        (await store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    private static string HashOf(string file) => File.Exists(file) ? BlobId.Of(File.ReadAllBytes(file)).Hex : "none";

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
