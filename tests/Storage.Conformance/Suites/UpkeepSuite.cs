using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Opening, migrating, read-only stores, verification: what an operator relies on.</summary>
public abstract class UpkeepSuite(string kind) : StoreSuite(kind)
{
    [Fact]
    public async Task A_store_says_what_it_is()
    {
        Store.Info.Kind.ShouldBe(Kind.Name.Split('-')[0]);
        Store.Info.EngineVersion.ShouldNotBeEmpty();
        Store.Info.SchemaVersion.ShouldBeGreaterThan(0);
        Store.Info.ReadOnlyReason.ShouldBeNull();
        Store.Info.Location.ShouldNotContain("Password");
        (await Kind.RunAsync(Location, "select count(*) from schema_version"))[0].ShouldBe(Store.Info.SchemaVersion.ToString(null, null));
    }

    [Fact]
    public async Task Data_of_a_newer_version_are_refused_and_untouched()
    {
        await MustCommitAsync(Writes(Record("a", 0)));
        await Kind.RunAsync(Location, "insert into schema_version values (99, '2031-01-01_01_future.sql', 'aa', 0) returning 1");

        var opened = await Kind.OpenAsync(Location, Clock);

        opened.Error!.Code.ShouldBe("store.newer");
        opened.Error.Hint.ShouldNotBeNull();
        (await Kind.RunAsync(Location, "select count(*) from record"))[0].ShouldBe("1");
    }

    [Fact]
    public async Task A_changed_script_is_refused()
    {
        await Kind.RunAsync(Location, "update schema_version set sha256 = 'other' where number = 1 returning 1");

        (await Kind.OpenAsync(Location, Clock)).Error!.Code.ShouldBe("store.changed-script");
    }

    [Fact]
    public async Task Many_that_open_a_new_store_at_once_make_it_once()
    {
        var place = await Kind.NewLocationAsync();

        var opened = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Kind.OpenAsync(place, Clock))));

        foreach (var store in opened)
        {
            store.Error.ShouldBeNull();
            (await store.Value.CommitAsync(Empty, Cancellation)).IsOk.ShouldBeTrue();
            await store.Value.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_store_opened_for_reading_answers_reads_and_refuses_writes()
    {
        var blob = await PutAsync(Bytes(1, 100));
        await MustCommitAsync(Writes(Record("a", 0)) with { Tasks = [new("j", "q", Json("p"))] });
        var reader = await OpenAsync(readOnly: true);

        reader.Info.ReadOnlyReason.ShouldNotBeNull();
        (await reader.Records.GetAsync("test.register", "a", Cancellation)).ShouldNotBeNull();
        (await reader.Blobs.ReadAsync(blob, Cancellation)).ShouldBe(Bytes(1, 100));
        (await reader.CommitAsync(Empty, Cancellation)).Error!.Code.ShouldBe("store.read-only");
        (await reader.Blobs.PutManyAsync([Bytes(2, 10)], Cancellation)).Error!.Code.ShouldBe("store.read-only");
        (await reader.Blobs.ShredAsync(blob, Cancellation)).Error!.Code.ShouldBe("store.read-only");
        (await Should.ThrowAsync<StoreException>(() => reader.Queue.LeaseAsync("q", "w", TimeSpan.FromMinutes(1), Cancellation)))
            .Error.Code.ShouldBe("store.read-only");
        (await reader.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verification_counts_what_is_there()
    {
        var blob = await PutAsync(Bytes(1, 5 * 1024 * 1024));
        await MustCommitAsync(Writes(Record("a", 0), Record("b", 0)) with
        {
            Vintages = [new("v", "s", "i", "r", 1)],
            Segments = [new("v", 0, blob, 7)],
            Tasks = [new("j", "q", Json("p"))],
        });
        await MustCommitAsync(Writes(Record("b", 1, null)));

        var report = (await Store.VerifyAsync(null, Cancellation)).Value;

        report.Faults.ShouldBeEmpty();
        report.Counts["record"].ShouldBe(2);
        report.Counts["record_operation"].ShouldBe(3);
        report.Counts["segment"].ShouldBe(1);
        report.Counts["chunk"].ShouldBe(2);
        report.Counts["chunk-bytes"].ShouldBe(5 * 1024 * 1024);
        report.Counts["job"].ShouldBe(1);
    }

    [Theory]
    [InlineData("update record set version = 5 where id = 'a' returning 1", "test.register/a")]
    [InlineData("delete from record_operation where id = 'a' returning 1", "test.register/a")]
    [InlineData("insert into record_head (register, name, value, id) values ('test.register', 'n', 'v', 'ghost') returning 1", "ghost")]
    [InlineData("update vintage set observations = 8 returning 1", "v")]
    [InlineData("update blob set length = 1 returning 1", "")]
    [InlineData("update chunk set bytes = substr(bytes, 2) returning 1", "chunk/")]
    public async Task Verification_finds_what_was_changed_behind_its_back(string damage, string where)
    {
        var blob = await PutAsync(Bytes(1, 100));
        await MustCommitAsync(Writes(Record("a", 0)) with { Vintages = [new("v", "s", "i", "r", 1)], Segments = [new("v", 0, blob, 7)] });

        await Kind.RunAsync(Location, damage);

        var faults = (await Store.VerifyAsync(null, Cancellation)).Value.Faults;
        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(f => f.Code == "store.corrupt");
        faults.ShouldContain(f => f.Where!.Contains(where, StringComparison.Ordinal));
    }
}
