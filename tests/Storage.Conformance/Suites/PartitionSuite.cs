using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Partitions, the index of a record, search keys: what the engine of registers stands on.</summary>
public abstract class PartitionSuite(string kind) : IndexedStoreSuite(kind)
{
    public static TheoryData<RecordPartition> Partitions => [.. Enum.GetValues<RecordPartition>()];

    [Theory]
    [MemberData(nameof(Partitions))]
    public async Task A_record_is_found_in_its_partition_and_in_no_other(RecordPartition partition)
    {
        await MustCommitAsync(Writes(Indexed("a", 0, partition: partition, keys: [1])));

        foreach (var other in Enum.GetValues<RecordPartition>())
        {
            var there = other == partition;
            ((await Store.Records.GetAsync(other, Register, "a", Cancellation)) is not null).ShouldBe(there);
            (await Store.Records.GetManyAsync(other, Register, ["a"], Cancellation)).Count.ShouldBe(there ? 1 : 0);
            (await SearchAsync([1], partition: other)).Records.Count.ShouldBe(there ? 1 : 0);
            (await ListAsync(partition: other)).Count.ShouldBe(there ? 1 : 0);
            (await HistoryAsync(other, "a")).Count.ShouldBe(there ? 1 : 0);
        }
    }

    [Fact]
    public async Task The_same_id_in_two_partitions_is_two_records()
    {
        await MustCommitAsync(Writes(Indexed("a", 0, "victim", RecordPartition.Victim), Indexed("a", 0, "suspect", RecordPartition.Suspect)));
        await MustCommitAsync(Writes(Indexed("a", 1, "suspect again", RecordPartition.Suspect)));

        (await Store.Records.GetAsync(RecordPartition.Victim, Register, "a", Cancellation))!.Version.ShouldBe(1);
        (await Store.Records.GetAsync(RecordPartition.Suspect, Register, "a", Cancellation))!.Version.ShouldBe(2);
        (await HistoryAsync(RecordPartition.Suspect, "a")).Select(o => o.Version).ShouldBe([1, 2]);
    }

    [Theory]
    [MemberData(nameof(Partitions))]
    public async Task Versions_and_preconditions_are_compared_in_their_partition(RecordPartition partition)
    {
        await MustCommitAsync(Writes(Indexed("a", 0, partition: partition)));

        (await CommitAsync(Writes(Indexed("a", 0, partition: partition)))).Error!.Code.ShouldBe("store.conflict");
        (await CommitAsync(Writes(Record("b", 0)) with { Preconditions = [new(Register, "a", 1) { Partition = partition }] })).IsOk.ShouldBeTrue();
        var refused = await CommitAsync(Writes(Record("c", 0)) with { Preconditions = [new(Register, "a", 2) { Partition = partition }] });
        refused.Error!.Code.ShouldBe("store.conflict");
        refused.Error.Where.ShouldBe(partition == RecordPartition.General ? "register/a" : $"{partition.ToString().ToLowerInvariant()}:register/a");
        (await Store.Records.GetAsync("test.register", "c", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_index_replaces_the_old_one_and_its_keys()
    {
        await MustCommitAsync(Writes(Indexed("a", 0, keys: [1, 2, 3], unit: "u1", state: "open")));
        await MustCommitAsync(Writes(Indexed("a", 1, keys: [2, 3, 4], unit: "u1", state: "open")));

        (await SearchAsync([1])).Records.ShouldBeEmpty();
        (await SearchAsync([2, 4])).Records.ShouldHaveSingleItem().Keys.ShouldBe([0, 1]);

        // The unit is part of every key row: it moves with the record.
        await MustCommitAsync(Writes(Indexed("a", 2, keys: [2, 3, 4], unit: "u2", state: "closed", purposes: 4, sensitivity: 3)));

        (await SearchAsync([2, 3, 4], ["u1"])).Records.ShouldBeEmpty();
        (await SearchAsync([2, 3, 4], ["u2"], 2)).Records.ShouldBeEmpty();
        (await SearchAsync([2, 3, 4], ["u2"], ceiling: 2)).Records.ShouldBeEmpty();
        (await SearchAsync([2, 3, 4], ["u2"], 4, 3)).Records.ShouldHaveSingleItem().Keys.ShouldBe([0, 1, 2]);
        (await ListAsync(["u1"])).ShouldBeEmpty();
        (await ListAsync(["u2"], states: ["closed"])).ShouldBe(["a"]);
    }

    [Fact]
    public async Task The_index_goes_with_the_record_and_with_a_write_that_has_none()
    {
        await MustCommitAsync(Writes(Indexed("a", 0, keys: [1]), Indexed("b", 0, keys: [1])));

        await MustCommitAsync(Writes(Indexed("a", 1, null), Indexed("b", 1) with { Index = null }));

        (await SearchAsync([1])).Records.ShouldBeEmpty();
        (await ListAsync()).ShouldBeEmpty();
        (await Store.Records.GetAsync(Register, "b", Cancellation))!.Version.ShouldBe(2);

        // A record that is made again under its old id is indexed anew.
        await MustCommitAsync(Writes(Indexed("a", 0, keys: [1])));
        (await SearchAsync([1])).Records.ShouldHaveSingleItem().Id.ShouldBe("a");
        (await RowAsync("a")).Version.ShouldBe(3);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_write_set_leaves_the_index_as_it_was()
    {
        await MustCommitAsync(Writes(Indexed("a", 0, keys: [1])));

        (await CommitAsync(Writes(Indexed("a", 1, keys: [2]), Indexed("b", 7, keys: [2])))).Error!.Code.ShouldBe("store.conflict");

        (await SearchAsync([1, 2])).Records.ShouldHaveSingleItem().Keys.ShouldBe([0]);
    }

    [Fact]
    public async Task Many_records_are_read_in_the_order_asked_and_missing_ones_are_absent()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 1_000).Select(i => Indexed($"r{i}", 0, $"text {i}"))]));
        await MustCommitAsync(Writes(Indexed("r5", 1, null)));
        var ids = Enumerable.Range(0, 1_000).Select(i => i % 2 == 0 ? $"r{999 - i}" : $"ghost{i}").Append("r5").Take(1_000).ToList();

        var read = await Store.Records.GetManyAsync(RecordPartition.General, Register, ids, Cancellation);

        read.Select(r => r.Id).ShouldBe(ids.Where(id => id.StartsWith('r') && id != "r5"));
        read.ShouldAllBe(r => r.Register == Register && r.Version == 1 && r.Document.Length > 10);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            Store.Records.GetManyAsync(RecordPartition.General, Register, [.. ids, "one more"], Cancellation));
    }

    [Theory]
    [MemberData(nameof(Partitions))]
    public async Task A_register_is_walked_through_in_pages_whatever_its_index_says(RecordPartition partition)
    {
        await MustCommitAsync(Writes(
            Indexed("b", 0, partition: partition, unit: "u9"), Indexed("B", 0, partition: partition, purposes: 0), Indexed("a", 0, partition: partition, sensitivity: 255),
            Indexed("é", 0, partition: partition), Indexed("gone", 0, partition: partition), Indexed("other", 0, partition: partition, register: "elsewhere")));
        await MustCommitAsync(Writes(Indexed("gone", 1, null, partition)));

        var seen = new List<string>();
        for (string? after = null; await Store.Records.ScanAsync(partition, Register, after, 3, Cancellation) is { Count: > 0 } page; after = page[^1].Id)
        {
            page.Count.ShouldBeLessThanOrEqualTo(3);
            page.ShouldAllBe(record => record.Register == Register && record.Version == 1 && record.Document.Length > 0);
            seen.AddRange(page.Select(record => record.Id));
        }

        seen.ShouldBe(["B", "a", "b", "é"]);
        foreach (var other in Enum.GetValues<RecordPartition>().Where(known => known != partition))
        {
            (await Store.Records.ScanAsync(other, Register, null, 10, Cancellation)).ShouldBeEmpty();
        }

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Store.Records.ScanAsync(partition, Register, null, 1_001, Cancellation));
    }

    [Fact]
    public async Task Whatever_the_index_says_comes_back()
    {
        var due = Clock.GetUtcNow().AddDays(3);
        await MustCommitAsync(Writes(Indexed("a", 0) with { Index = new("in-progress", "team/7", due, "unit/王", ulong.MaxValue, 255, []) }));
        await MustCommitAsync(Writes(Indexed("b", 0) with { Index = new("open", null, null, "unit/王", 1UL << 63, 0, []) }));

        var page = (await Store.Records.ListIndexedAsync(new(RecordPartition.General, Register, new(["unit/王"], 1UL << 63, 255),
            null, null, null, IndexOrder.Due, 10, null), Cancellation)).Value;

        page.Next.ShouldBeNull();
        page.Records.ShouldBe(
        [
            new(Register, "a", 1, "in-progress", "team/7", due, "unit/王", ulong.MaxValue, 255, Clock.GetUtcNow()),
            new(Register, "b", 1, "open", null, null, "unit/王", 1UL << 63, 0, Clock.GetUtcNow()),
        ]);
    }

    [Fact]
    public async Task Writers_of_one_record_in_a_partition_lose_no_edit()
    {
        await MustCommitAsync(Writes(Indexed("a", 0, "0", RecordPartition.Missing, keys: [0])));
        var writers = Enumerable.Range(1, 6).Select(writer => Task.Run(async () =>
        {
            for (var done = 0; done < 20;)
            {
                var record = (await Store.Records.GetAsync(RecordPartition.Missing, Register, "a", Cancellation))!;
                var keys = Enumerable.Range(0, (int)(record.Version % 5) + 1).ToArray();
                done += (await CommitAsync(Writes(Indexed("a", record.Version, $"{writer}", RecordPartition.Missing, keys: keys)))).IsOk ? 1 : 0;
            }
        }, Cancellation));

        await Task.WhenAll(writers);

        (await HistoryAsync(RecordPartition.Missing, "a")).Select(o => o.Version).ShouldBe(Enumerable.Range(1, 121).Select(v => (long)v));
        (await SearchAsync([0, 1, 2, 3, 4], partition: RecordPartition.Missing)).Records.ShouldHaveSingleItem().Keys.Count.ShouldBe((120 % 5) + 1);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("delete from missing_record_key where id = 'a' returning 1", "missing:register/a")]
    [InlineData("update missing_record_key set unit = 'other' where id = 'a' returning 1", "missing:register/a")]
    [InlineData("update missing_record_index set sensitivity = 0 where id = 'a' returning 1", "missing:register/a")]
    [InlineData("update missing_record_index set version = 9 where id = 'a' returning 1", "missing:register/a")]
    [InlineData("delete from missing_record_operation where id = 'a' returning 1", "missing:register/a")]
    [InlineData("update missing_record set document = null where id = 'a' returning 1", "missing:register/a")]
    public async Task Verification_finds_an_index_that_was_changed_behind_its_back(string damage, string where)
    {
        await MustCommitAsync(Writes(Indexed("a", 0, partition: RecordPartition.Missing, keys: [1], sensitivity: 1)));

        await Kind.RunAsync(Location, damage);

        var faults = (await Store.VerifyAsync(null, Cancellation)).Value.Faults;
        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(f => f.Code == "store.corrupt" && f.Where == where);
    }
}
