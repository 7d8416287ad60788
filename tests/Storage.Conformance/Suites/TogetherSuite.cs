using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Model;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

/// <summary>Many callers at one moment share a transaction where the store lets them: nobody's answer and nobody's effect is another's.</summary>
public abstract class TogetherSuite(string kind) : IndexedStoreSuite(kind)
{
    private const int Callers = 120;

    [Fact]
    public async Task Of_many_at_once_each_is_applied_or_refused_on_its_own_with_its_tasks_and_its_leaf()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 40).Select(i => Record($"r{i}", 0, "old", ("kind", "old")))]));
        var answers = await AtOnceAsync(caller => Writes((caller % 3) switch
        {
            0 => Record($"n{caller / 3}", 0, "new", ("kind", "new"), ("caller", $"{caller}")),
            1 => Record($"r{caller / 3}", 1, "changed", ("kind", "changed")),
            _ => Record($"late{caller / 3}", 7, "late", ("kind", "late")),
        }) with
        {
            Tasks = [new($"{caller}-a", "test", "{}"u8.ToArray()), new($"{caller}-b", "test", "{}"u8.ToArray())],
            Leaves = [LedgerTools.Leaf(Clock.GetUtcNow()).Encode()],
        });

        for (var caller = 0; caller < Callers; caller++)
        {
            if (caller % 3 == 2)
            {
                (answers[caller].Error?.Code, answers[caller].Error?.Where).ShouldBe(("store.conflict", $"test.register/late{caller / 3}"));
            }
            else
            {
                var id = caller % 3 == 0 ? $"n{caller / 3}" : $"r{caller / 3}";
                var stored = (await Store.Records.GetAsync("test.register", id, Cancellation)).ShouldNotBeNull(id);
                stored.Version.ShouldBe(caller % 3 == 0 ? 1 : 2);
                answers[caller].Value.SystemTime.ShouldBe(stored.WrittenAt);
            }

            (await Store.Queue.GetAsync($"{caller}-a", Cancellation) is not null).ShouldBe(caller % 3 != 2);
        }

        answers.Where(answer => answer.IsOk).Select(answer => answer.Value.Sequence).ShouldBeUnique();
        (await CountAsync("old")).ShouldBe(0);
        (await CountAsync("new")).ShouldBe(40);
        (await CountAsync("changed")).ShouldBe(40);
        (await CountAsync("late")).ShouldBe(0);
        (await Store.Ledger.PendingAsync(1_000, Cancellation)).Sum(pending => pending.Count).ShouldBe(80);
        var tasks = await Store.Queue.ListAsync("test", 1_000, Cancellation);
        tasks.Count.ShouldBe(160);
        tasks.Chunk(2).ShouldAllBe(pair => pair[0].Id == pair[1].Id.Replace("-a", "-b", StringComparison.Ordinal) && pair[1].Id.EndsWith("-a", StringComparison.Ordinal), "the tasks of one write set stay together and in their order");
        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Partitions_indexes_and_keys_change_with_their_own_record_only()
    {
        var partitions = Enum.GetValues<RecordPartition>();
        RecordPartition Of(int caller) => partitions[caller % partitions.Length];
        await AtOnceAsync(caller => Writes(Indexed($"p{caller}", 0, "first", Of(caller), [caller, 1_000])));
        var answers = await AtOnceAsync(caller => Writes(Indexed($"p{caller}", caller % 3 == 0 ? 9 : 1, caller % 5 == 0 ? null : "second", Of(caller), [caller + 500, 1_000], state: "closed")));

        for (var caller = 0; caller < Callers; caller++)
        {
            var (applied, removed) = (caller % 3 != 0, caller % 5 == 0);
            answers[caller].IsOk.ShouldBe(applied);
            (await SearchAsync([caller], partition: Of(caller))).Records.Count.ShouldBe(applied ? 0 : 1, $"former key of {caller}");
            (await SearchAsync([caller + 500], partition: Of(caller))).Records.Count.ShouldBe(applied && !removed ? 1 : 0, $"new key of {caller}");
        }

        foreach (var partition in partitions)
        {
            var own = Enumerable.Range(0, Callers).Where(caller => Of(caller) == partition).ToList();
            (await ListAsync(states: ["open"], partition: partition)).Count.ShouldBe(own.Count(caller => caller % 3 == 0));
            (await ListAsync(states: ["closed"], partition: partition)).Count.ShouldBe(own.Count(caller => caller % 3 != 0 && caller % 5 != 0));
        }

        (await Store.VerifyAsync(null, Cancellation)).Value.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_that_meet_at_one_moment_one_wins_and_who_only_compares_keeps_nobody_out()
    {
        await MustCommitAsync(Writes(Record("met", 0)));
        (await AtOnceAsync(caller => Writes(Record($"c{caller}", 0)) with { Preconditions = [new("test.register", "met", 1)] })).Count(answer => answer.IsOk).ShouldBe(Callers);
        (await AtOnceAsync(_ => Writes(Record("met", 1)))).Count(answer => answer.IsOk).ShouldBe(1);
        (await AtOnceAsync(caller => Writes(Record($"d{caller}", 0)) with { Tasks = [new("once", "test", "{}"u8.ToArray())] })).Count(answer => answer.IsOk).ShouldBe(Callers);
        (await Store.Queue.ListAsync("test", 10, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_leaves_before_their_turn_takes_nobody_along()
    {
        using var leaving = new CancellationTokenSource();
        var answers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Store.CommitAsync(Writes(Record($"c{caller}", 0)), caller % 2 == 0 ? leaving.Token : Cancellation))).ToList();
        await leaving.CancelAsync();
        for (var caller = 0; caller < Callers; caller++)
        {
            try
            {
                (await answers[caller]).IsOk.ShouldBeTrue();
            }
            catch (OperationCanceledException)
            {
                (caller % 2).ShouldBe(0);
            }
        }

        (await CommitAsync(Writes(Record("after", 0)))).IsOk.ShouldBeTrue();
    }

    private Task<Result<CommitReceipt>[]> AtOnceAsync(Func<int, WriteSet> make) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CommitAsync(make(caller)))));

    private async Task<int> CountAsync(string kind) =>
        (await Store.Records.ListAsync(new("test.register", [new("kind", kind)], Limit: 1_000), Cancellation)).Value.Records.Count;
}
