using System.Text.Json;
using Waymark.Casework.Contracts;
using Waymark.Casework.Watching;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>An alarm opens a breach with its clock, or stands before those who watch; refusals far above the median raise one (M85).</summary>
public sealed class AlarmTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");
    private static readonly CaseDesk s_desk = new(s_officer, "protection-office", "supervision");
    private static readonly IReadOnlyDictionary<string, AlarmKind> s_kinds = AccessPack.ReadAlarms(RepositoryPacks.Library).Value;

    [Fact]
    public async Task Searching_like_a_list_opens_one_breach_with_its_clock_away_from_whoever_did_it__M04_M90()
    {
        await using var node = await OpenAsync();
        var cases = new Waymark.Casework.Features.Casework(node.Parts with { Alarms = s_kinds });
        var (address, _, _) = await node.TracingAsync();
        for (var i = 0; i < 20; i++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(6));
            _ = await cases.SearchPersonsAsync(Desk(), address, new($"Person{(char)('a' + i)}kov Test{(char)('a' + i)}ski"), default);
        }

        // The same once more that day, and what is looked at but opens nothing.
        await RaiseAsync(node, "again", new { kind = "search.held", account = Worker.Account, at = node.Clock.GetUtcNow() });
        await RaiseAsync(node, "second", new { kind = "second-purpose", account = Worker.Account });
        var asked = new List<string?>();
        Task<string?> Watcher(string? account, CancellationToken token)
        {
            asked.Add(account);
            return Task.FromResult<string?>("protection-office");
        }

        (await cases.TakeAsync("w", Watcher, default)).ShouldBe(1, "two alarms of one kind, account and day are one breach");
        asked.ShouldAllBe(account => account == Worker.Account);
        (await cases.TakeAsync("w", Watcher, default)).ShouldBe(0);

        var lines = await cases.AlarmsAsync(s_officer, default);
        lines.Select(line => (line.Kind, line.Times, line.Breach is not null)).ShouldBe([("search.held", 2, true), ("second-purpose", 1, false)], ignoreOrder: true);
        var breach = lines.Single(line => line.Breach is not null).Breach!;
        var row = Ok(await cases.ListAsync(s_desk, new("breach"), default)).Rows.ShouldHaveSingleItem();
        (row.Address.Id, row.State).ShouldBe((breach.Id, "detected"));
        row.Due.ShouldNotBeNull("the clock runs from the alarm");
        var shown = JsonSerializer.Serialize(Ok(await cases.OpenAsync(s_desk, row.Address, default)).Document);
        shown.ShouldContain(s_kinds["search.held"].Text.In("en"));
        shown.ShouldNotContain(Worker.Account);

        // Neither whoever set it off, nor whoever does not watch.
        (await cases.AlarmsAsync(s_officer with { Account = Worker.Account }, default)).ShouldBeEmpty();
        (await cases.AlarmsAsync(Supervisor, default)).ShouldBeEmpty();
        Ok(await cases.ListAsync(new(new("legal-2", "legal-officer", ["protection/north"]), "protection/north", "supervision"), new("breach"), default)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alarm_of_a_kind_that_no_pack_knows_opens_a_breach_and_without_a_unit_to_take_it_none_is_opened()
    {
        await using var node = await OpenAsync();
        var cases = new Waymark.Casework.Features.Casework(node.Parts with { Alarms = s_kinds });
        await RaiseAsync(node, "new", new { kind = "something.new", account = "worker-7" });
        (await cases.TakeAsync("w", (_, _) => Task.FromResult<string?>("protection-office"), default)).ShouldBe(1);
        await RaiseAsync(node, "nobody", new { kind = "many-stops", account = "worker-7" });
        (await cases.TakeAsync("w", (_, _) => Task.FromResult<string?>(null), default)).ShouldBe(0);
        (await cases.AlarmsAsync(s_officer, default)).Single(line => line.Kind == "many-stops").Breach.ShouldBeNull();
    }

    [Fact]
    public void Each_kind_names_a_cause_of_the_register()
    {
        var causes = RepositoryPacks.Registers().Find("breach")!.CodeLists["cause"];
        s_kinds.Values.ShouldAllBe(kind => causes.Find(kind.Cause) != null);
        s_kinds.Values.ShouldContain(kind => kind.OpensBreach);
    }

    [Fact]
    public void An_account_a_unit_and_the_organisation_that_refuse_at_twice_the_median_are_told_and_few_requests_tell_nothing__M85()
    {
        var now = new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);
        IEnumerable<DecidedRequest> By(string account, string unit, int decided, int refused, int daysAgo = 30) =>
            Enumerable.Range(0, decided).Select(at => new DecidedRequest(account, unit, now.AddDays(-daysAgo), at < refused));
        IReadOnlyList<OftenRefused> Often(params IEnumerable<DecidedRequest>[] requests) => RefusalRates.Of([.. requests.SelectMany(some => some)], now);

        // The median of 10, 20 and 50 per cent is 20.
        Often(By("a", "n", 20, 2), By("b", "n", 20, 4), By("c", "n", 20, 10)).ShouldBe([new OftenRefused("c", null)]);
        Often(By("a", "n", 20, 2), By("b", "n", 20, 4), By("c", "n", 20, 7)).ShouldBeEmpty("35 per cent is less than twice 20");
        Often(By("a", "n", 20, 2), By("b", "n", 20, 4), By("c", "n", 9, 9)).ShouldBeEmpty("nine requests say nothing, and two rates have no median");
        Often(By("a", "n", 20, 0), By("b", "n", 20, 0), By("c", "n", 20, 4)).ShouldBeEmpty("four refusals could be four hard cases");
        Often(By("a", "n", 20, 0), By("b", "n", 20, 0), By("c", "n", 20, 5)).ShouldBe([new OftenRefused("c", null)]);
        Often(By("a", "x", 9, 1), By("b", "x", 9, 1), By("c", "y", 9, 1), By("d", "y", 9, 1), By("e", "z", 9, 5), By("f", "z", 9, 5)).ShouldBe([new OftenRefused(null, "z")]);

        // The organisation against its own past, quarter by quarter.
        Often(By("a", "n", 20, 2, 400), By("a", "n", 20, 2, 300), By("a", "n", 20, 2, 200), By("a", "n", 20, 8, 10)).ShouldBe([new OftenRefused(null, null)]);
        Often(By("a", "n", 20, 8, 400), By("a", "n", 20, 8, 300), By("a", "n", 20, 8, 200), By("a", "n", 20, 8, 10)).ShouldBeEmpty("it always did");
    }

    private static async Task RaiseAsync(Node node, string id, object payload) => (await node.Store.CommitAsync(
        new() { Actor = "test", Reason = "test", Tasks = [new(id, "protection.alarm", JsonSerializer.SerializeToUtf8Bytes(payload))] }, default)).IsOk.ShouldBeTrue();
}
