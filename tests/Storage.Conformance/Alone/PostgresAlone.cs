using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage.Postgres;
using Xunit;

namespace Storage.Conformance.Alone;

/// <summary>What only a server can meet: a full disk there, a read-only database, no answer at all.</summary>
public sealed class PostgresAlone() : StoreSuite("postgres-15")
{
    protected override bool Alone => true;

    [Fact]
    public async Task A_full_disk_of_the_server_refuses_the_write_and_keeps_everything_readable()
    {
        await MustCommitAsync(Writes(Record("a", 0)));
        // The server's own code for it, raised in the middle of a write set.
        await Kind.RunAsync(Location, """
            create function full_disk() returns trigger language plpgsql as
            $$ begin raise exception using errcode = '53100', message = 'could not extend file: No space left on device'; end $$;
            create trigger full_disk before insert on record_operation for each row execute function full_disk();
            """);

        (await CommitAsync(Writes(Record("b", 0)))).Error!.Code.ShouldBe("store.full");

        (await Store.Records.GetAsync("test.register", "a", Cancellation)).ShouldNotBeNull();
        (await Store.Records.GetAsync("test.register", "b", Cancellation)).ShouldBeNull();
        await Kind.RunAsync(Location, "drop trigger full_disk on record_operation");
        (await CommitAsync(Writes(Record("b", 0)))).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_server_will_not_do_for_one_of_many_at_once_fails_for_that_one_only()
    {
        await Kind.RunAsync(Location, """
            create function poison() returns trigger language plpgsql as
            $$ begin if new.id like 'poison%' then raise exception using errcode = '53100', message = 'no room for this one'; end if; return new; end $$;
            create trigger poison before insert on record_operation for each row execute function poison();
            """);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => CommitAsync(Writes(Record(i % 20 == 7 ? $"poison{i}" : $"r{i}", 0)) with { Leaves = [LedgerTools.Leaf(Clock.GetUtcNow()).Encode()] }))));

        answers.Select((answer, i) => answer.Error?.Code ?? "").ShouldBe(Enumerable.Range(0, 60).Select(i => i % 20 == 7 ? "store.full" : ""));
        (await Store.Ledger.PendingAsync(1_000, Cancellation)).Sum(pending => pending.Count).ShouldBe(57);
    }

    [Fact]
    public async Task A_read_only_database_is_opened_for_reading()
    {
        await MustCommitAsync(Writes(Record("a", 0)));
        var name = (await Kind.RunAsync(Location, "select current_database()"))[0];
        await Kind.RunAsync(Location, $"alter database {name} set default_transaction_read_only = on");

        var store = await OpenAsync();

        store.Info.ReadOnlyReason.ShouldNotBeNull();
        (await store.Records.GetAsync("test.register", "a", Cancellation)).ShouldNotBeNull();
        (await store.CommitAsync(Empty, Cancellation)).Error!.Code.ShouldBe("store.read-only");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Password=secret;Database=x;Timeout=2", "store.unavailable")]
    [InlineData("Nonsense=secret", "store.cannot-open")]
    [InlineData("", "store.cannot-open")]
    public async Task No_server_is_an_answer_that_repeats_no_secret(string connection, string code)
    {
        var error = (await PostgresStore.OpenAsync(connection, Clock, null, Cancellation)).Error!;

        error.Code.ShouldBe(code);
        error.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_connection_that_the_server_cut_is_replaced()
    {
        await MustCommitAsync(Writes(Record("a", 0)));
        await Kind.RunAsync(Location, "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        var first = await CommitAsync(Writes(Record("b", 0)));

        // The cut is noticed at the first use; from then on a new connection serves.
        if (!first.IsOk)
        {
            first.Error.Code.ShouldBe("store.unavailable");
            (await CommitAsync(Writes(Record("b", 0)))).IsOk.ShouldBeTrue();
        }
    }
}
