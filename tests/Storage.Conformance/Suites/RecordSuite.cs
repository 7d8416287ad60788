using System.Text;
using Shouldly;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Suites;

public abstract class RecordSuite(string kind) : StoreSuite(kind)
{
    [Fact]
    public async Task What_was_committed_is_read_back_byte_for_byte()
    {
        var receipt = await MustCommitAsync(Writes(Record("a", 0, "王小明 العربية \U0001F30D")));

        var stored = (await Store.Records.GetAsync("test.register", "a", Cancellation))!;

        stored.Version.ShouldBe(1);
        stored.Document.ToArray().ShouldBe(Json("王小明 العربية \U0001F30D"));
        stored.WrittenAt.ShouldBe(Clock.GetUtcNow());
        receipt.SystemTime.ShouldBe(stored.WrittenAt);
        receipt.Sequence.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_version_that_moved_refuses_the_whole_write_set()
    {
        await MustCommitAsync(Writes(Record("a", 0), Record("b", 0)));
        await MustCommitAsync(Writes(Record("a", 1, "second")));

        var late = await CommitAsync(Writes(Record("b", 1, "mine"), Record("a", 1, "mine"), Record("c", 0, "mine")));

        late.Error!.Code.ShouldBe("store.conflict");
        late.Error.Where.ShouldBe("test.register/a");
        (await Store.Records.GetAsync("test.register", "b", Cancellation))!.Version.ShouldBe(1);
        (await Store.Records.GetAsync("test.register", "c", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_record_that_exists_is_not_made_again()
    {
        await MustCommitAsync(Writes(Record("a", 0)));

        (await CommitAsync(Writes(Record("a", 0)))).Error!.Code.ShouldBe("store.conflict");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(0, false)]
    public async Task A_precondition_holds_or_nothing_is_written(long version, bool holds)
    {
        await MustCommitAsync(Writes(Record("consent", 0)));

        var committed = await CommitAsync(Writes(Record("a", 0)) with { Preconditions = [new("test.register", "consent", version)] });

        committed.IsOk.ShouldBe(holds);
        ((await Store.Records.GetAsync("test.register", "a", Cancellation)) is not null).ShouldBe(holds);
    }

    [Fact]
    public async Task A_precondition_may_ask_for_absence()
    {
        var absent = new Precondition("test.register", "objection", 0);
        (await CommitAsync(Writes(Record("a", 0)) with { Preconditions = [absent] })).IsOk.ShouldBeTrue();

        await MustCommitAsync(Writes(Record("objection", 0)));
        (await CommitAsync(Writes(Record("b", 0)) with { Preconditions = [absent] })).Error!.Code.ShouldBe("store.conflict");

        await MustCommitAsync(Writes(Record("objection", 1, null)));
        (await CommitAsync(Writes(Record("b", 0)) with { Preconditions = [absent] })).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_removed_record_is_gone_keeps_its_history_and_never_repeats_a_version()
    {
        await MustCommitAsync(Writes(Record("a", 0, "one", ("name", "x"))));
        await MustCommitAsync(Writes(Record("a", 1, null)));
        (await Store.Records.GetAsync("test.register", "a", Cancellation)).ShouldBeNull();
        (await ListAsync(new("test.register", [new("name", "x")]))).ShouldBeEmpty();

        await MustCommitAsync(Writes(Record("a", 0, "again")));

        (await Store.Records.GetAsync("test.register", "a", Cancellation))!.Version.ShouldBe(3);
        (await HistoryAsync("a")).Select(o => o.Version).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task History_says_who_why_when_and_what()
    {
        await MustCommitAsync(Writes(Record("a", 0, "one")));
        Clock.Advance(TimeSpan.FromMinutes(5));
        await MustCommitAsync(Writes(Record("a", 1, "two")) with { Actor = "account/7", Reason = "record.corrected" });

        var history = await HistoryAsync("a");

        history.Count.ShouldBe(2);
        history[1].ShouldBe(history[1] with { Version = 2, Actor = "account/7", Reason = "record.corrected", At = Clock.GetUtcNow() });
        history[1].Operation.ToArray().ShouldBe(Json("set two"));
    }

    [Fact]
    public async Task A_long_history_comes_whole()
    {
        for (var version = 0; version < 1_203; version++)
        {
            await MustCommitAsync(Writes(Record("a", version, "v")));
        }

        (await HistoryAsync("a")).Select(o => o.Version).ShouldBe(Enumerable.Range(1, 1_203).Select(v => (long)v));
    }

    [Fact]
    public async Task A_list_is_ordered_by_utf8_bytes_of_the_head_and_then_by_id()
    {
        // By UTF-16 units the emoji would come before the full-width letter; by UTF-8 bytes after it.
        string[] names = ["b", "a", "B", "\U0001F30D", "Ａ", "é", "王", "", "a"];
        await MustCommitAsync(Writes([.. names.Select((name, i) => Record($"r{i}", 0, "x", ("name", name)))]));
        var expected = names.Select((name, i) => (Name: name, Id: $"r{i}"))
            .OrderBy(r => Convert.ToHexString(Encoding.UTF8.GetBytes(r.Name)), StringComparer.Ordinal).ThenBy(r => r.Id, StringComparer.Ordinal)
            .Select(r => r.Id).ToList();

        (await ListAsync(new("test.register", [], "name"))).ShouldBe(expected);
        (await ListAsync(new("test.register", [], "name", Descending: true))).ShouldBe(Enumerable.Reverse(expected));
        (await ListAsync(new("test.register", []))).ShouldBe(Enumerable.Range(0, 9).Select(i => $"r{i}"));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("rank", false)]
    [InlineData("rank", true)]
    public async Task Pages_of_any_size_put_together_are_the_whole_list(string? order, bool descending)
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 60).Select(i => Record($"id{i:00}", 0, "x",
            ("rank", $"{i * 7 % 5}"), ("kind", i % 3 == 0 ? "even" : "odd")))]));
        var query = new RecordQuery("test.register", [new("kind", "odd")], order, descending, Limit: 1_000);
        var whole = await ListAsync(query);
        whole.Count.ShouldBe(40);

        foreach (var size in new[] { 1, 7, 39, 40, 41 })
        {
            var pages = new List<string>();
            var (next, count) = ((string?)null, 0);
            do
            {
                var page = (await Store.Records.ListAsync(query with { Limit = size, After = next }, Cancellation)).Value;
                page.Records.Count.ShouldBeLessThanOrEqualTo(size);
                pages.AddRange(page.Records.Select(r => r.Id));
                next = page.Next;
                count++;
            }
            while (next is not null && count < 100);

            pages.ShouldBe(whole);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("at")]
    public async Task A_head_of_all_records_and_one_of_a_few_list_the_same_in_any_order_and_page_by_page(string? order)
    {
        foreach (var some in Enumerable.Range(0, 1_100).Chunk(550))
        {
            await MustCommitAsync(Writes([.. some.Select(i => Record($"id{i:0000}", 0, "x",
                ("at", $"{i * 7 % 11:00}"), ("effect", "permit"), ("half", i % 2 == 0 ? "yes" : "no"), ("matter", i % 100 == 4 ? "rare" : $"m{i}")))]));
        }

        var rare = Enumerable.Range(0, 11).Select(i => (100 * i) + 4).OrderByDescending(i => order is null ? "" : $"{i * 7 % 11:00}", StringComparer.Ordinal).ThenByDescending(i => i)
            .Select(i => $"id{i:0000}").ToList();

        foreach (RecordHead[] heads in (RecordHead[][])[[new("effect", "permit"), new("matter", "rare"), new("half", "yes")], [new("half", "yes"), new("effect", "permit"), new("matter", "rare")]])
        {
            var query = new RecordQuery("test.register", heads, order, Descending: true, Limit: 1_000);
            (await ListAsync(query)).ShouldBe(rare);
            var first = (await Store.Records.ListAsync(query with { Limit = 4 }, Cancellation)).Value;
            (await ListAsync(query with { After = first.Next })).ShouldBe(rare.Skip(4));
            (await ListAsync(query with { Where = [.. heads.Where(head => head.Name == "effect")], Limit = 3 })).Count.ShouldBe(3);
        }

        (await ListAsync(new("test.register", [new("effect", "permit"), new("matter", "nobody")], order))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_is_bounded_by_values_and_filtered_by_all_heads()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(1, 9).Select(i => Record($"w{i}", 0, "x",
            ("expires", $"2026-11-0{i}"), ("check", i % 2 == 0 ? "totals" : "mirror"), ("open", i < 8 ? "yes" : "no")))]));

        (await ListAsync(new("test.register", [new("check", "totals"), new("open", "yes")], "expires", From: "2026-11-03", Below: "2026-11-08")))
            .ShouldBe(["w4", "w6"]);
        (await ListAsync(new("test.register", [], From: "w7"))).ShouldBe(["w7", "w8", "w9"]);
        (await ListAsync(new("other.register", []))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_without_the_ordering_head_is_not_in_the_list()
    {
        await MustCommitAsync(Writes(Record("a", 0, "x", ("name", "")), Record("b", 0)));

        (await ListAsync(new("test.register", [], "name"))).ShouldBe(["a"]);
    }

    [Fact]
    public async Task New_heads_replace_the_old_ones()
    {
        await MustCommitAsync(Writes(Record("a", 0, "x", ("state", "open"), ("unit", "u1"))));
        await MustCommitAsync(Writes(Record("a", 1, "x", ("state", "closed"))));

        (await ListAsync(new("test.register", [new("state", "open")]))).ShouldBeEmpty();
        (await ListAsync(new("test.register", [new("unit", "u1")]))).ShouldBeEmpty();
        (await ListAsync(new("test.register", [new("state", "closed")]))).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("bm90IGEgdG9rZW4")]
    [InlineData("W251bGwsbnVsbCxudWxsXQ")]
    public async Task A_page_token_of_somewhere_else_is_refused(string token)
    {
        (await Store.Records.ListAsync(new("test.register", [], After: token), Cancellation)).Error!.Code.ShouldBe("store.bad-page-token");
    }

    [Fact]
    public async Task A_page_token_of_another_list_is_refused()
    {
        await MustCommitAsync(Writes(Record("a", 0, "x", ("n", "1")), Record("b", 0, "x", ("n", "2"))));
        var token = (await Store.Records.ListAsync(new("test.register", [], "n", Limit: 1), Cancellation)).Value.Next!;

        (await Store.Records.ListAsync(new("test.register", [], "n", true, After: token), Cancellation)).Error!.Code
            .ShouldBe("store.bad-page-token");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task A_page_size_out_of_bounds_is_refused(int limit)
    {
        (await Store.Records.ListAsync(new("test.register", [], Limit: limit), Cancellation)).Error!.Code.ShouldBe("store.invalid");
    }

    [Fact]
    public async Task Whatever_was_committed_is_there_after_reopening()
    {
        await MustCommitAsync(Writes(Record("a", 0, "kept", ("name", "x"))));

        await ReopenAsync();

        (await Store.Records.GetAsync("test.register", "a", Cancellation))!.Document.ToArray().ShouldBe(Json("kept"));
        (await ListAsync(new("test.register", [new("name", "x")]))).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Another_process_on_the_same_store_sees_every_commit_and_may_write()
    {
        var other = await OpenAsync();
        await MustCommitAsync(Writes(Record("a", 0, "first")));
        (await other.Records.GetAsync("test.register", "a", Cancellation))!.Version.ShouldBe(1);

        (await other.CommitAsync(Writes(Record("a", 1, "second")), Cancellation)).IsOk.ShouldBeTrue();

        (await Store.Records.GetAsync("test.register", "a", Cancellation))!.Version.ShouldBe(2);
        (await CommitAsync(Writes(Record("a", 1, "third")))).Error!.Code.ShouldBe("store.conflict");
    }

    private async Task<List<string>> ListAsync(RecordQuery query) =>
        [.. (await Store.Records.ListAsync(query, Cancellation)).Value.Records.Select(r => r.Id)];

    private async Task<List<StoredOperation>> HistoryAsync(string id)
    {
        var history = new List<StoredOperation>();
        await foreach (var operation in Store.Records.HistoryAsync("test.register", id, Cancellation))
        {
            history.Add(operation);
        }

        return history;
    }
}
