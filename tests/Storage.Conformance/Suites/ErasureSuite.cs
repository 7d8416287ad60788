using System.Text;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>What was erased leaves no byte: documents replaced and removed, index rows, keys, heads.</summary>
public abstract class ErasureSuite(string kind) : IndexedStoreSuite(kind)
{
    protected override bool Alone => true;

    [Fact]
    public async Task After_removal_and_compaction_no_byte_of_the_seed_is_left_where_the_store_can_reach()
    {
        const string Seed = "seed-4f1d7c20b9e3a856";
        var keySeed = Encoding.ASCII.GetBytes(Seed);
        RecordKey key = new(3, keySeed);
        // A server samples the values of columns by which it plans: state, owner, unit and heads say nothing of a person there.
        var word = Store.Info.Kind == "sqlite" ? Seed : "word";
        // Neighbours on every side, so that pages are split and joined around what is erased.
        await NeighboursAsync(0);
        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            for (var i = 0; i < 20; i++)
            {
                await MustCommitAsync(Writes(Indexed($"e{i:00}", 0, new string('x', i * 90) + Seed, partition) with
                {
                    Index = new(word, word, null, word, 1, 0, [key, Key(i)]),
                    Heads = partition == RecordPartition.General ? [new("name", word)] : [],
                    Operation = "{}"u8.ToArray(),
                }));
            }
        }

        await NeighboursAsync(1);
        await Kind.RunAsync(Location, "analyze");
        (await FindAsync(Seed)).ShouldNotBeEmpty();

        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            for (var i = 0; i < 20; i++)
            {
                // Operations stay: case work encrypts them under the person's key.
                await MustCommitAsync(Writes(Indexed($"e{i:00}", 1, null, partition) with { Operation = "{}"u8.ToArray() }));
            }
        }

        (await Store.Records.CompactAsync(Cancellation)).Value.ShouldBeTrue();

        (await FindAsync(Seed)).ShouldBeEmpty();
        (await Store.Records.GetAsync(Register, "n000", Cancellation))!.Version.ShouldBe(1);
        (await SearchAsync([100])).Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_was_compacted_is_whole_and_takes_writes()
    {
        await NeighboursAsync(0);
        await MustCommitAsync(Writes(Indexed("n005", 1, null)));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            if (i == 20)
            {
                (await Store.Records.CompactAsync(Cancellation)).IsOk.ShouldBeTrue();
            }

            await MustCommitAsync(Writes(Indexed($"during{i:00}", 0, keys: [i])));
        }));

        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        (await ListAsync()).Count.ShouldBe(100 - 1 + 40);
    }

    [Fact]
    public async Task Compaction_waits_until_nobody_can_see_what_was_removed()
    {
        const string Seed = "seed-0a91c4";
        await MustCommitAsync(Writes(Indexed("a", 0, Seed) with { Operation = "{}"u8.ToArray() }));
        using var enough = new CancellationTokenSource();
        var backups = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Store.BackupAsync(TemporaryFolders.New("backup"), null, Cancellation);
            }
        }, Cancellation);
        await MustCommitAsync(Writes(Indexed("a", 1, null) with { Operation = "{}"u8.ToArray() }));

        var done = await Store.Records.CompactAsync(Cancellation);
        await enough.CancelAsync();
        await backups;

        // It either says that it did not come to its end, or it did.
        if (done.IsOk)
        {
            (await FindAsync(Seed)).ShouldBeEmpty();
        }
        else
        {
            done.Error.Code.ShouldBe("store.unavailable");
        }
    }

    [Fact]
    public async Task Compaction_is_not_done_while_somebody_still_sees_what_was_removed_and_is_once_they_left()
    {
        const string Seed = "seed-77e2b1";
        await MustCommitAsync(Writes(Indexed("a", 0, Seed) with { Operation = "{}"u8.ToArray() }));
        var look = await Kind.LookAsync(Location);
        await MustCommitAsync(Writes(Indexed("a", 1, null) with { Operation = "{}"u8.ToArray() }));

        var compaction = Store.Records.CompactAsync(Cancellation);
        if (look is not null)
        {
            // Until the first table was written anew a third time: twice it was found that something had to stay.
            var files = new HashSet<string>(StringComparer.Ordinal);
            while (files.Count < 3 && !compaction.IsCompleted)
            {
                files.Add((await Kind.RunAsync(Location, "select pg_relation_filenode('record')")).Single());
            }

            compaction.IsCompleted.ShouldBeFalse("it said that it was done while the bytes were there");
            await look.DisposeAsync();
        }

        (await compaction).Value.ShouldBeTrue();
        (await FindAsync(Seed)).ShouldBeEmpty();
    }

    private async Task NeighboursAsync(int set)
    {
        foreach (var group in Enumerable.Range(0, 100).Chunk(20))
        {
            await MustCommitAsync(Writes([.. group.Select(i => Indexed($"n{(set * 100) + i:000}", 0, new string('y', i * 37 % 900), keys: [100 + (set * 100) + i]))]));
        }
    }

    /// <summary>Files, or tables and their indexes on a server, that hold the text.</summary>
    private async Task<List<string>> FindAsync(string seed)
    {
        if (Store.Info.Kind == "sqlite")
        {
            return [.. Directory.EnumerateFiles(Location).Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(seed)) >= 0)];
        }

        await Kind.RunAsync(Location, "checkpoint");
        var hex = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(seed));
        return await Kind.RunAsync(Location, $"""
            select distinct coalesce(t.relname, c.relname) from pg_class c
            left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
            where c.relkind in ('r', 'i', 't') and pg_relation_filepath(c.oid) is not null
              and position('\x{hex}'::bytea in pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1000000000, true)) > 0
            """);
    }
}
