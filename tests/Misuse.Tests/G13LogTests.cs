using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Protection.Tests;

namespace Waymark.Misuse.Tests;

/// <summary>Group 13: the log and the evidence. The ledger itself is in <c>LedgerRewrittenTests</c> and <c>LedgerShapeTests</c>.</summary>
public sealed class G13LogTests
{
    private static readonly Actor s_oversight = new("oversight-1", "oversight", ["oversight/north"], true, "key-oversight");

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M79_erasing_the_person_hides_no_reading_of_the_one_who_read()
    {
        using var trial = new Trial();
        await using var desk = await Desk.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            (await desk.Gate.OpenAsync(Desk.Ask(persons: ["person-9"], matter: "C-9"), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        }

        (await desk.Log.OpenAsync(s_oversight, "REV-2026-7", "review", TimeSpan.FromDays(10), default)).IsOk.ShouldBeTrue();
        async Task<Seen> Count(Desk at) => (await at.Log.ReadAsync(s_oversight, "REV-2026-7", null, 100, default)).Value is var lines ? new(lines.Count < 5, "log.whole", JsonSerializer.Serialize(lines)) : null!;

        // Alone, by the same person twice, while a complaint is open: refused.
        await trial.RefusedAsync(Door.Module, async () => (await desk.Exceptions.EraseAsync(Desk.Worker, Desk.Worker, "person-9", default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "two.same-account");
        (await desk.Exceptions.HoldAsync(Desk.Legal, "person-9", "complaint 7", desk.Clock.GetUtcNow().AddDays(2), default)).IsOk.ShouldBeTrue();
        await trial.RefusedAsync(Door.Module, async () => (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Second, "person-9", default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "erasure.held");
        desk.Clock.Advance(TimeSpan.FromDays(3));
        await trial.PassesAsync(async () => (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Second, "person-9", default)).IsOk, "two persons erase");
        await trial.RefusedAsync(Door.Module, () => Count(desk));

        // The guard is that actor and person are committed apart: were the actor committed with the person's salt, erasing it would take the actor's reads along.
        await trial.HarmsWithoutAsync("two salts", async () =>
        {
            var salts = new PersonSalts(desk.Keys);
            var shared = (await salts.OfAsync(SaltKind.Subject, "person-8", default)).Value;
            var id = LeafId.New(desk.Clock.GetUtcNow());
            var leaf = new LedgerLeaf(id, Commitment.To(shared, id, CommitmentSlot.Actor, "worker-1"u8), Commitment.None(), Commitment.None());
            await salts.EraseAsync(SaltKind.Subject, "person-8", default);
            var left = await salts.OfAsync(SaltKind.Subject, "person-8", default);
            var own = (await salts.OfAsync(SaltKind.Actor, "worker-1", default)).Value;
            return new(!left.IsOk && leaf.Actor != Commitment.To(own, id, CommitmentSlot.Actor, "worker-1"u8), null);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M80_a_date_that_is_stated_never_takes_the_place_of_the_time_of_entry()
    {
        using var trial = new Trial();
        await using var desk = await Desk.OpenAsync();
        var now = desk.Clock.GetUtcNow();
        Consent Given(DateTimeOffset at) => new("person-1", "protection", "law-enforcement", ConsentChoice.Given, at, null, "v3", "bm", "oral", true, true, null, null, null, "worker-1");

        // A consent dated after the act, and one dated before a withdrawal to undo it.
        await trial.RefusedAsync(Door.Module, async () => (await desk.Consents.RecordAsync(Given(now.AddMinutes(6)), default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "consent.invalid");
        (await desk.Consents.RecordAsync(Given(now), default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromHours(1));
        (await desk.Consents.WithdrawAsync("person-1", null, "phone", default)).IsOk.ShouldBeTrue();
        await trial.RefusedAsync(Door.Module, async () => (await desk.Consents.RecordAsync(Given(now.AddMinutes(30)), default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "consent.withdrawn");
        var decision = await desk.Gate.OpenAsync(Desk.Ask(matter: "C-80"), Desk.Read, default);
        (await desk.Log.OpenAsync(s_oversight, "REV-2026-8", "review", TimeSpan.FromDays(1), default)).IsOk.ShouldBeTrue();
        async Task<Seen> Entered(TimeSpan back)
        {
            var view = (await desk.Log.DecisionAsync(Desk.Worker, decision.Permit!.Decision, default))!;
            return new(view.At != desk.Clock.GetUtcNow() - back, "time.of-entry", view.At.ToString("O"));
        }

        await trial.RefusedAsync(Door.Module, () => Entered(TimeSpan.Zero));
        await trial.PassesAsync(async () =>
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(1));
            return (await desk.Consents.RecordAsync(Given(desk.Clock.GetUtcNow()), default)).IsOk;
        }, "the person agrees anew, later");

        // The clock of the machine is the guard of one node alone: whoever sets it back moves the dates, and only the ledger's order and its witnesses show it.
        await trial.HarmsWithoutAsync("a true clock", async () =>
        {
            desk.Clock.Advance(TimeSpan.FromDays(-30));
            var moved = await desk.Gate.OpenAsync(Desk.Ask(matter: "C-81"), Desk.Read, default);
            var view = (await desk.Log.DecisionAsync(Desk.Worker, moved.Permit!.Decision, default))!;
            return new(view.At < now, null);
        });
    }
}
