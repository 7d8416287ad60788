using System.Text;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

public abstract class BlobSuite(string kind) : StoreSuite(kind)
{
    private const int Chunk = 4 * 1024 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData((2 * Chunk) + 12_345)]
    public async Task Bytes_come_back_as_they_were_under_their_hash(int length)
    {
        var bytes = Bytes(length, length);

        var id = await PutAsync(bytes);

        id.ShouldBe(BlobId.Of(bytes));
        (await Store.Blobs.ReadAsync(id, Cancellation)).ShouldBe(bytes);
        await using var stream = (await Store.Blobs.OpenAsync(id, Cancellation))!;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, 10_000, Cancellation);
        copy.ToArray().ShouldBe(bytes);
        (await Store.Blobs.FindAsync(id, Cancellation)).ShouldBe(new BlobInfo(id, length, Clock.GetUtcNow(), null));
    }

    [Fact]
    public async Task A_stream_that_gives_a_few_bytes_at_a_time_is_stored_whole()
    {
        var bytes = Bytes(5, Chunk + 77_777);

        var id = (await Store.Blobs.PutAsync(new TricklingStream(bytes), Cancellation)).Value;

        id.ShouldBe(BlobId.Of(bytes));
        (await Store.Blobs.ReadAsync(id, Cancellation)).ShouldBe(bytes);
    }

    [Fact]
    public async Task The_same_bytes_again_take_no_room()
    {
        var bytes = Bytes(1, Chunk + 10);
        var id = await PutAsync(bytes);
        var before = await Kind.RunAsync(Location, "select count(*) from chunk");

        (await PutAsync(bytes)).ShouldBe(id);
        (await Store.Blobs.PutManyAsync([bytes, bytes], Cancellation)).Value.ShouldBe([id, id]);

        (await Kind.RunAsync(Location, "select count(*) from chunk")).ShouldBe(before);
    }

    [Fact]
    public async Task Nothing_is_answered_for_what_is_not_there()
    {
        var id = BlobId.Of([1, 2, 3]);

        (await Store.Blobs.ReadAsync(id, Cancellation)).ShouldBeNull();
        (await Store.Blobs.OpenAsync(id, Cancellation)).ShouldBeNull();
        (await Store.Blobs.ExistsAsync(id, Cancellation)).ShouldBeFalse();
        (await Store.Blobs.FindAsync(id, Cancellation)).ShouldBeNull();
        (await Store.Blobs.ShredAsync(id, Cancellation)).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task A_reference_needs_its_blob()
    {
        (await CommitAsync(Writes(Record("a", 0)) with { BlobReferences = [new("snapshot/1", BlobId.Of([1]))] })).Error!.Code
            .ShouldBe("store.missing-blob");
        (await Store.Records.GetAsync("test.register", "a", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task What_nothing_refers_to_is_swept_when_it_is_old_and_what_is_referred_to_stays()
    {
        var kept = await PutAsync(Bytes(1, 100));
        var old = await PutAsync(Bytes(2, Chunk + 1));
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/1", kept), new("snapshot/2", kept)] });
        Clock.Advance(TimeSpan.FromHours(2));
        var young = await PutAsync(Bytes(3, 100));

        (await Store.Blobs.SweepAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBe(1);

        (await Store.Blobs.ExistsAsync(old, Cancellation)).ShouldBeFalse();
        (await Store.Blobs.ExistsAsync(young, Cancellation)).ShouldBeTrue();
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/1", kept, Remove: true)] });
        (await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation)).ShouldBe(1);
        (await Store.Blobs.ExistsAsync(kept, Cancellation)).ShouldBeTrue();
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/2", kept, Remove: true)] });
        (await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation)).ShouldBe(1);
        (await Kind.RunAsync(Location, "select count(*) from chunk"))[0].ShouldBe("0");
    }

    [Fact]
    public async Task Bytes_stored_again_are_young_again()
    {
        var id = await PutAsync(Bytes(1, 100));
        Clock.Advance(TimeSpan.FromHours(2));
        await PutAsync(Bytes(1, 100));

        (await Store.Blobs.SweepAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBe(0);
        (await Store.Blobs.ExistsAsync(id, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task M50_a_shredded_blob_leaves_its_hash_and_nothing_else()
    {
        var bytes = Bytes(1, Chunk + 100);
        var id = await PutAsync(bytes);
        await MustCommitAsync(Empty with { BlobReferences = [new("snapshot/1", id)] });
        Clock.Advance(TimeSpan.FromMinutes(1));

        (await Store.Blobs.ShredAsync(id, Cancellation)).Value.ShouldBeTrue();

        (await Store.Blobs.ExistsAsync(id, Cancellation)).ShouldBeFalse();
        (await Store.Blobs.ReadAsync(id, Cancellation)).ShouldBeNull();
        (await Store.Blobs.FindAsync(id, Cancellation))!.ShreddedAt.ShouldBe(Clock.GetUtcNow());
        (await Store.Blobs.ShredAsync(id, Cancellation)).Value.ShouldBeFalse();
        (await Kind.RunAsync(Location, "select count(*) from chunk"))[0].ShouldBe("0");
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
        using var again = new MemoryStream(bytes);
        (await Store.Blobs.PutAsync(again, Cancellation)).Error!.Code.ShouldBe("blob.shredded");
        (await Store.Blobs.PutManyAsync([bytes], Cancellation)).Error!.Code.ShouldBe("blob.shredded");
        (await Kind.RunAsync(Location, "select count(*) from chunk"))[0].ShouldBe("0");
        (await CommitAsync(Empty with { BlobReferences = [new("snapshot/2", id)] })).Error!.Code.ShouldBe("store.missing-blob");
        (await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_chunk_that_another_blob_shares_stays_for_it()
    {
        var shared = Bytes(1, Chunk);
        var first = await PutAsync([.. shared, 1]);
        var second = await PutAsync([.. shared, 2]);

        (await Store.Blobs.ShredAsync(first, Cancellation)).Value.ShouldBeTrue();

        (await Store.Blobs.ReadAsync(second, Cancellation)).ShouldBe([.. shared, 2]);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damaged_bytes_are_never_handed_out()
    {
        var id = await PutAsync(Encoding.UTF8.GetBytes("the true bytes"));
        await Kind.RunAsync(Location, Kind.Name == "sqlite"
            ? "update chunk set bytes = cast('the false byte' as blob) returning 1"
            : "update chunk set bytes = convert_to('the false byte', 'UTF8') returning 1");

        (await Should.ThrowAsync<StoreException>(() => Store.Blobs.ReadAsync(id, Cancellation))).Error.Code.ShouldBe("store.corrupt");
        await using var stream = (await Store.Blobs.OpenAsync(id, Cancellation))!;
        (await Should.ThrowAsync<StoreException>(() => stream.CopyToAsync(Stream.Null, Cancellation))).Error.Code.ShouldBe("store.corrupt");
    }

    [Fact]
    public async Task More_than_64_MiB_in_one_step_is_refused()
    {
        var big = new byte[Chunk];

        (await Store.Blobs.PutManyAsync([.. Enumerable.Repeat((ReadOnlyMemory<byte>)big, 17)], Cancellation)).Error!.Code.ShouldBe("store.too-large");
    }

    [Fact]
    public async Task Many_callers_storing_and_sweeping_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++)
            {
                var shared = Bytes(i, 2_000);
                var blobs = await Store.Blobs.PutManyAsync([shared, Bytes((caller * 100) + i + 50, 2_000)], Cancellation);
                var committed = await CommitAsync(Empty with
                {
                    BlobReferences = [.. blobs.Value.Select(b => new BlobReference($"caller/{caller}/{i}", b))],
                });
                // A sweep without mercy may come between: then the write set says so, and nothing is half there.
                if (!committed.IsOk)
                {
                    committed.Error.Code.ShouldBe("store.missing-blob");
                }

                if (i % 4 == 3)
                {
                    await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation);
                }
            }
        })));

        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 3_333)], cancellationToken);
    }
}
