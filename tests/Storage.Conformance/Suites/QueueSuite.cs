using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Model;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

public abstract class QueueSuite(string kind) : StoreSuite(kind)
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly Error _broken = Error.Faulty("import.broken", "It broke.", "已损坏。");

    [Fact]
    public async Task Jobs_come_oldest_due_first_and_once()
    {
        await EnqueueAsync(new QueueItem("c", "q", Json("c")), new QueueItem("b", "q", Json("b")));
        await EnqueueAsync(new QueueItem("a", "q", Json("a"), Clock.GetUtcNow() - _minute), new QueueItem("x", "other", Json("x")));
        await EnqueueAsync(new QueueItem("later", "q", Json("later"), Clock.GetUtcNow() + _minute));

        var order = new List<string>();
        while (await LeaseAsync() is { } job)
        {
            job.Payload.ToArray().ShouldBe(Json(job.Id));
            order.Add(job.Id);
        }

        order.ShouldBe(["a", "c", "b"]);
        Clock.Advance(_minute / 2);
        (await LeaseAsync()).ShouldBeNull();
        Clock.Advance(_minute / 2);
        (await LeaseAsync())!.Id.ShouldBe("a");
    }

    [Fact]
    public async Task The_same_id_twice_is_one_job_and_the_first_stays_as_it_is()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("first")));
        await EnqueueAsync(new QueueItem("a", "q", Json("second")), new QueueItem("b", "q", Json("b")));

        (await Store.Queue.ListAsync("q", 10, Cancellation)).Select(j => j.Id).ShouldBe(["b", "a"]);
        (await Store.Queue.GetAsync("a", Cancellation))!.Payload.ToArray().ShouldBe(Json("first"));
        await Store.Queue.CompleteAsync((await LeaseAsync())!, Json("done"), Cancellation);
        await EnqueueAsync(new QueueItem("a", "q", Json("third")));
        (await Store.Queue.GetAsync("a", Cancellation))!.State.ShouldBe(JobState.Done);
    }

    [Fact]
    public async Task A_job_keeps_its_lease_and_progress_and_ends_with_its_result()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")));
        var job = (await LeaseAsync())!;
        Clock.Advance(_minute * 0.9);

        (await Store.Queue.RenewAsync(job, new("rows", 10, null), _minute, Cancellation)).ShouldBeTrue();

        Clock.Advance(_minute * 0.9);
        (await LeaseAsync()).ShouldBeNull();
        (await Store.Queue.GetAsync("a", Cancellation))!.Progress.ShouldBe(new JobProgress("rows", 10, null));
        (await Store.Queue.CompleteAsync(job, Json("result"), Cancellation)).Value.ShouldBeTrue();
        var done = (await Store.Queue.GetAsync("a", Cancellation))!;
        done.State.ShouldBe(JobState.Done);
        done.Result!.Value.ToArray().ShouldBe(Json("result"));
        done.EndedAt.ShouldBe(Clock.GetUtcNow());
        done.StartedAt.ShouldBe(Clock.GetUtcNow() - (_minute * 1.8));
        (await Store.Queue.CompleteAsync(job, Json("again"), Cancellation)).Error!.Code.ShouldBe("queue.lease-lost");
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_can_no_longer_act()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")));
        var lost = (await LeaseAsync())!;
        await Store.Queue.RenewAsync(lost, new("half", 5, 10), _minute, Cancellation);
        Clock.Advance(_minute * 2);

        var held = (await LeaseAsync())!;

        held.ShouldBe(held with { Id = "a", Term = lost.Term + 1, Attempt = 2, Progress = new("half", 5, 10) });
        (await Store.Queue.RenewAsync(lost, new("x", 1, null), _minute, Cancellation)).ShouldBeFalse();
        (await Store.Queue.CompleteAsync(lost, Json("x"), Cancellation)).Error!.Code.ShouldBe("queue.lease-lost");
        (await Store.Queue.FailAsync(lost, _broken, null, Cancellation)).Error!.Code.ShouldBe("queue.lease-lost");
        (await CommitAsync(Writes(Record("effect", 0)) with { Leases = [lost.AsCondition] })).Error!.Code.ShouldBe("store.conflict");
        (await CommitAsync(Writes(Record("effect", 0)) with { Leases = [held.AsCondition] })).IsOk.ShouldBeTrue();
        (await Store.Queue.CompleteAsync(held, Json("x"), Cancellation)).IsOk.ShouldBeTrue();
        (await CommitAsync(Writes(Record("effect", 1)) with { Leases = [held.AsCondition] })).Error!.Code.ShouldBe("store.conflict");
    }

    [Fact]
    public async Task A_failed_job_comes_back_when_asked_or_stays_failed_until_retried()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")));
        await Store.Queue.FailAsync((await LeaseAsync())!, _broken, Clock.GetUtcNow() + _minute, Cancellation);
        var waiting = (await Store.Queue.GetAsync("a", Cancellation))!;
        waiting.ShouldBe(waiting with { State = JobState.Waiting, ErrorText = _broken.ToString(), EndedAt = null });
        (await LeaseAsync()).ShouldBeNull();
        Clock.Advance(_minute);

        await Store.Queue.FailAsync((await LeaseAsync())!, _broken, null, Cancellation);

        var failed = (await Store.Queue.GetAsync("a", Cancellation))!;
        failed.ShouldBe(failed with { State = JobState.Failed, Attempts = 2, EndedAt = Clock.GetUtcNow() });
        (await LeaseAsync()).ShouldBeNull();
        (await Store.Queue.RetryAsync("a", Cancellation)).ShouldBeTrue();
        (await Store.Queue.RetryAsync("a", Cancellation)).ShouldBeFalse();
        (await LeaseAsync())!.Attempt.ShouldBe(3);
    }

    [Fact]
    public async Task A_waiting_job_stops_at_once_and_a_running_one_when_it_hears_of_it()
    {
        await EnqueueAsync(new QueueItem("runs", "q", Json("p")), new QueueItem("waits", "q", Json("p")));
        var job = (await LeaseAsync())!;

        (await Store.Queue.RequestStopAsync("waits", Cancellation)).ShouldBeTrue();
        (await Store.Queue.RequestStopAsync("runs", Cancellation)).ShouldBeTrue();
        (await Store.Queue.RequestStopAsync("nobody", Cancellation)).ShouldBeFalse();

        (await Store.Queue.GetAsync("waits", Cancellation))!.State.ShouldBe(JobState.Stopped);
        (await Store.Queue.RenewAsync(job, new("x", 1, null), _minute, Cancellation)).ShouldBeFalse();
        await Store.Queue.FailAsync(job, _broken, Clock.GetUtcNow(), Cancellation);
        (await Store.Queue.GetAsync("runs", Cancellation))!.State.ShouldBe(JobState.Stopped);
        (await Store.Queue.RequestStopAsync("runs", Cancellation)).ShouldBeFalse();
        (await Store.Queue.RetryAsync("runs", Cancellation)).ShouldBeTrue();
        (await Store.Queue.GetAsync("runs", Cancellation))!.StopRequested.ShouldBeFalse();
        (await LeaseAsync())!.Id.ShouldBe("runs");
    }

    [Fact]
    public async Task A_job_whose_worker_died_after_a_stop_was_asked_is_stopped_not_run_again()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")));
        await LeaseAsync();
        await Store.Queue.RequestStopAsync("a", Cancellation);
        Clock.Advance(_minute * 2);

        (await LeaseAsync()).ShouldBeNull();

        (await Store.Queue.GetAsync("a", Cancellation))!.State.ShouldBe(JobState.Stopped);
    }

    [Fact]
    public async Task A_stop_that_comes_too_late_does_not_undo_what_is_done()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")));
        var job = (await LeaseAsync())!;
        await Store.Queue.RequestStopAsync("a", Cancellation);

        (await Store.Queue.CompleteAsync(job, Json("x"), Cancellation)).IsOk.ShouldBeTrue();

        (await Store.Queue.GetAsync("a", Cancellation))!.State.ShouldBe(JobState.Done);
        (await Store.Queue.RetryAsync("a", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_is_enqueued_with_its_effect_or_not_at_all()
    {
        await MustCommitAsync(Writes(Record("a", 0)));

        (await CommitAsync(Writes(Record("a", 0)) with { Tasks = [new("j", "q", Json("p"))] })).IsOk.ShouldBeFalse();

        (await Store.Queue.GetAsync("j", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Many_workers_do_every_job_exactly_once_while_leases_hold()
    {
        const int Jobs = 120;
        await EnqueueAsync([.. Enumerable.Range(0, Jobs).Select(i => new QueueItem($"j{i}", "q", Json("p")))]);
        var other = await OpenAsync();
        var done = new List<string>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var store = worker % 2 == 0 ? Store : other;
            while (await store.Queue.LeaseAsync("q", $"w{worker}", _minute, Cancellation) is { } job)
            {
                lock (done)
                {
                    done.Add(job.Id);
                }

                (await store.Queue.CompleteAsync(job, Json("ok"), Cancellation)).IsOk.ShouldBeTrue();
            }
        })));

        // With skip locked a worker may find nothing while others still hold the last ones: what matters is once each.
        done.Count.ShouldBe(Jobs);
        done.ToHashSet().Count.ShouldBe(Jobs);
    }

    [Fact]
    public async Task A_list_is_newest_first_and_bounded()
    {
        await EnqueueAsync(new QueueItem("a", "q", Json("p")), new QueueItem("b", "q", Json("p")));
        await EnqueueAsync(new QueueItem("c", "r", Json("p")));

        (await Store.Queue.ListAsync(null, 2, Cancellation)).Select(j => j.Id).ShouldBe(["c", "b"]);
        (await Store.Queue.ListAsync("q", 100_000, Cancellation)).Select(j => j.Id).ShouldBe(["b", "a"]);
    }

    private Task<CommitReceipt> EnqueueAsync(params QueueItem[] items) => MustCommitAsync(Empty with { Tasks = items });

    private Task<LeasedJob?> LeaseAsync() => Store.Queue.LeaseAsync("q", "worker", _minute, Cancellation);
}
