using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

public abstract class SeriesSuite(string kind) : StoreSuite(kind)
{
    private static VintageWrite Vintage(string id, string series = "unhcr/population") => new(id, series, $"import/{id}", "2025", 20250101);

    private static VintageFlip Show(string id) => new(id, VintageState.Staged, VintageState.Visible);

    private static VintageFlip Discard(string id) => new(id, VintageState.Staged, VintageState.Discarded);

    [Fact]
    public async Task A_staged_vintage_is_not_visible_until_its_flip()
    {
        var blob = await PutAsync(Bytes(1, 5_000));
        await MustCommitAsync(Empty with { Vintages = [Vintage("v1")], Segments = [new("v1", 0, blob, 100)] });
        var staged = (await Store.Series.FindVintageAsync("v1", Cancellation))!;
        staged.State.ShouldBe(VintageState.Staged);
        staged.Sequence.ShouldBe(0);
        staged.VisibleFrom.ShouldBeNull();
        staged.Observations.ShouldBe(100);
        (await Store.Series.NewestSequenceAsync(Cancellation)).ShouldBe(0);

        Clock.Advance(TimeSpan.FromSeconds(1));
        var receipt = await MustCommitAsync(Empty with { Flips = [Show("v1")] });

        var visible = (await Store.Series.VintagesAsync("unhcr/population", Cancellation)).ShouldHaveSingleItem();
        visible.ShouldBe(staged with { State = VintageState.Visible, Sequence = receipt.Sequence, VisibleFrom = receipt.SystemTime });
        visible.VisibleFrom.ShouldBe(Clock.GetUtcNow());
        (await Store.Series.NewestSequenceAsync(Cancellation)).ShouldBe(receipt.Sequence);
        (await Store.Series.SegmentsAsync("v1", Cancellation)).ShouldBe([new StoredSegment("v1", 0, blob, 100)]);
    }

    [Fact]
    public async Task One_write_set_may_stage_fill_and_show_a_vintage()
    {
        var blobs = (await Store.Blobs.PutManyAsync([Bytes(1, 100), Bytes(2, 100), Bytes(3, 100)], Cancellation)).Value;

        await MustCommitAsync(Empty with
        {
            Flips = [Show("v")],
            Segments = [.. blobs.Select((blob, i) => new SegmentWrite("v", i, blob, 65_536))],
            Vintages = [Vintage("v")],
        });

        (await Store.Series.FindVintageAsync("v", Cancellation))!.Observations.ShouldBe(3 * 65_536);
        (await Store.Series.SegmentsAsync("v", Cancellation)).Select(s => s.Blob).ShouldBe(blobs);
    }

    [Fact]
    public async Task An_import_that_resumes_writes_the_same_again_without_effect()
    {
        var blob = await PutAsync(Bytes(1, 100));
        var writes = Empty with { Vintages = [Vintage("v")], Segments = [new("v", 0, blob, 10)] };
        await MustCommitAsync(writes);
        await ReopenAsync();

        (await CommitAsync(writes)).IsOk.ShouldBeTrue();

        (await Store.Series.FindVintageAsync("v", Cancellation))!.Observations.ShouldBe(10);
        (await Store.Series.SegmentsAsync("v", Cancellation)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("other-series")]
    [InlineData("other-blob")]
    [InlineData("other-count")]
    [InlineData("unknown-vintage")]
    [InlineData("flip-unknown")]
    [InlineData("segment-after-flip")]
    [InlineData("vintage-after-flip")]
    [InlineData("flip-twice")]
    [InlineData("segment-after-discard")]
    public async Task What_contradicts_the_stored_state_is_a_conflict_and_changes_nothing(string name)
    {
        var (one, two) = (await PutAsync(Bytes(1, 100)), await PutAsync(Bytes(2, 100)));
        await MustCommitAsync(Empty with
        {
            Vintages = [Vintage("staged"), Vintage("shown"), Vintage("dropped")],
            Segments = [new("staged", 0, one, 10), new("shown", 0, one, 10)],
            Flips = [Show("shown"), Discard("dropped")],
        });
        var before = await Store.Series.VintagesAsync(null, Cancellation);

        var refused = await CommitAsync(name switch
        {
            "other-series" => Empty with { Vintages = [Vintage("staged", "iom/missing-migrants")] },
            "other-blob" => Empty with { Segments = [new("staged", 1, two, 5), new("staged", 0, two, 10)] },
            "other-count" => Empty with { Segments = [new("staged", 0, one, 11)] },
            "unknown-vintage" => Empty with { Segments = [new("nobody", 0, one, 10)] },
            "flip-unknown" => Empty with { Flips = [Show("nobody")] },
            "segment-after-flip" => Empty with { Segments = [new("shown", 1, one, 10)] },
            "vintage-after-flip" => Empty with { Vintages = [Vintage("shown")] },
            "flip-twice" => Empty with { Flips = [Discard("shown")] },
            _ => Empty with { Segments = [new("dropped", 0, one, 10)] },
        });

        refused.Error!.Code.ShouldBe("store.conflict");
        (await Store.Series.VintagesAsync(null, Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task A_discarded_vintage_stays_known_and_its_segments_are_swept()
    {
        var blob = await PutAsync(Bytes(1, 100));
        await MustCommitAsync(Empty with { Vintages = [Vintage("v")], Segments = [new("v", 0, blob, 10)] });
        (await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation)).ShouldBe(0);

        await MustCommitAsync(Empty with { Flips = [Discard("v")] });

        (await Store.Series.FindVintageAsync("v", Cancellation))!.State.ShouldBe(VintageState.Discarded);
        (await Store.Series.SegmentsAsync("v", Cancellation)).ShouldBeEmpty();
        (await Store.Blobs.SweepAsync(TimeSpan.Zero, Cancellation)).ShouldBe(1);
        (await Store.Series.NewestSequenceAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_segment_needs_its_blob()
    {
        (await CommitAsync(Empty with { Vintages = [Vintage("v")], Segments = [new("v", 0, BlobId.Of([9]), 1)] })).Error!.Code
            .ShouldBe("store.missing-blob");
        (await Store.Series.FindVintageAsync("v", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task System_time_rises_even_when_the_clock_is_set_back()
    {
        var first = await MustCommitAsync(Empty with { Vintages = [Vintage("v1")], Flips = [Show("v1")] });
        Clock.Advance(TimeSpan.FromHours(-3));

        var second = await MustCommitAsync(Empty with { Vintages = [Vintage("v2")], Flips = [Show("v2")] });

        second.SystemTime.ShouldBe(first.SystemTime.AddMicroseconds(1));
        (await Store.Series.VintagesAsync(null, Cancellation)).Select(v => v.Id).ShouldBe(["v1", "v2"]);
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Visible_vintages_come_in_order_of_their_flips_then_the_others_in_order_of_staging()
    {
        await MustCommitAsync(Empty with { Vintages = [Vintage("late"), Vintage("waiting")] });
        await MustCommitAsync(Empty with { Vintages = [Vintage("early", "iom/flows")], Flips = [Show("early")] });
        await MustCommitAsync(Empty with { Flips = [Show("late")] });

        (await Store.Series.VintagesAsync(null, Cancellation)).Select(v => v.Id).ShouldBe(["early", "late", "waiting"]);
        (await Store.Series.VintagesAsync("unhcr/population", Cancellation)).Select(v => v.Id).ShouldBe(["late", "waiting"]);
    }

    [Fact]
    public async Task A_reader_never_sees_a_smaller_number_appear_after_a_greater_one()
    {
        const int Writers = 6;
        const int Flips = 25;
        var seen = new List<List<long>>();
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var newest = await Store.Series.NewestSequenceAsync(Cancellation);
                var visible = (await Store.Series.VintagesAsync(null, Cancellation)).Where(v => v.State == VintageState.Visible)
                    .Select(v => v.Sequence).ToList();
                lock (seen)
                {
                    // What was newest a moment ago bounds what may still appear.
                    seen.Add([newest, .. visible]);
                }
            }
        })).ToList();
        var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < Flips; i++)
            {
                var id = $"v{w}-{i}";
                var through = w % 2 == 0 ? Store : other;
                (await through.CommitAsync(Empty with { Vintages = [Vintage(id)], Flips = [Show(id)], Records = [Record(id, 0)] }, Cancellation))
                    .IsOk.ShouldBeTrue();
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        var final = (await Store.Series.VintagesAsync(null, Cancellation)).Select(v => v.Sequence).ToList();
        final.Count.ShouldBe(Writers * Flips);
        seen.Count.ShouldBeGreaterThan(2);
        foreach (var look in seen)
        {
            // Everything at or below the newest number seen first was visible in the look that followed it.
            look.Skip(1).Where(s => s <= look[0]).ShouldBe(final.Where(s => s <= look[0]));
        }
    }
}
