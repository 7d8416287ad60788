using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>M88: who stops ledger, store or witness to stop help stops everything but six acts that protect. The table stands in docs/operations/protection.md.</summary>
public sealed class ReachTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");
    private static readonly Actor s_oversight = new("oversight-1", "oversight", ["oversight/north"], true, "key-oversight");

    /// <summary>What is out of reach, and what every question that is no protective act gets then; "" where all goes on.</summary>
    public static TheoryData<string, string> Table => new()
    {
        { "nothing", "" }, { "store", "store.unavailable" }, { "sequencer for 4 minutes", "" }, { "sequencer for 6 minutes", "ledger.no-sequencer" },
        { "witness for 23 hours", "" }, { "witness for 25 hours", "ledger.no-witness" }, { "witness, none configured", "" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task M88_exactly_six_acts_go_on_and_nothing_else_does(string gone, string code)
    {
        var broken = false;
        await using var place = await Place.OpenAsync(() => broken, withWitness: gone.StartsWith("witness for", StringComparison.Ordinal));
        var desk = place.Desk;
        var approved = (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-9", "HR-06", "life at risk", desk.Clock.GetUtcNow().AddHours(70), default)).Value.Id;
        await desk.Log.OpenAsync(s_oversight, "REV-2026-1", "review", TimeSpan.FromDays(30), default);
        await place.IntegrateAsync();
        switch (gone)
        {
            case "store": broken = true; break;
            case "sequencer for 4 minutes" or "sequencer for 6 minutes":
                (await desk.Gate.OpenAsync(Desk.Ask(matter: "C-8"), Desk.Read, default)).IsPermitted.ShouldBeTrue();
                desk.Clock.Advance(TimeSpan.FromMinutes(gone.Contains('4', StringComparison.Ordinal) ? 4 : 6));
                break;
            case "witness for 23 hours" or "witness for 25 hours":
                for (var hour = 0; hour < (gone.Contains("23", StringComparison.Ordinal) ? 23 : 25); hour++)
                {
                    desk.Clock.Advance(TimeSpan.FromHours(1));
                    await place.IntegrateAsync();
                }

                break;
        }

        var now = desk.Clock.GetUtcNow();
        var others = new Dictionary<string, Func<Task<string>>>(StringComparer.Ordinal)
        {
            ["read"] = async () => Code(await desk.Gate.OpenAsync(Desk.Ask(matter: "C-2"), Desk.Read, default)),
            ["change"] = async () => Code(await desk.Gate.ActAsync(Desk.Ask("update", matter: "C-3"), _ => new() { Actor = "worker-1", Reason = "x" }, default)),
            ["refusal"] = async () => (await desk.Gate.OpenAsync(Desk.Ask("transfer", matter: "C-4"), Desk.Read, default)).Error?.Code ?? "",
            ["consent"] = async () => (await desk.Consents.RecordAsync(new("person-5", "protection", "none", ConsentChoice.Given, now, null, "v1", "fr", "oral", true, true, null, null, null, "worker-1"), default)).Error?.Code ?? "",
            ["exception"] = async () => (await desk.Exceptions.ApproveAsync(Desk.Legal, approved, default)).Error?.Code ?? "",
            ["hold"] = async () => (await desk.Exceptions.HoldAsync(Desk.Worker, "person-6", "complaint", now.AddDays(3), default)).Error?.Code ?? "",
            ["erase"] = async () => (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-7", default)).Error?.Code ?? "",
            ["log"] = async () => (await desk.Log.ReadAsync(s_oversight, "REV-2026-1", null, 5, default)).Error?.Code ?? "",
        };
        foreach (var (name, run) in others)
        {
            (await run()).ShouldBe(code, $"{name} while {gone} is out of reach");
        }

        foreach (var act in ProtectiveActs.All)
        {
            var done = await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], act, "now"), null, default);
            done.IsOk.ShouldBeTrue($"{act} while {gone} is out of reach: {done.Error}");
            done.Value.IsLocal.ShouldBe(code.Length > 0, $"{act} while {gone} is out of reach");
        }

        (await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], "person.read", "now"), null, default)).Error!.Code.ShouldBe("ledger.not-protective");
        if (code.Length > 0)
        {
            desk.Clock.Advance(ProtectiveActs.Longest + TimeSpan.FromMinutes(1));
            (await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], ProtectiveActs.StopReturn, "now"), null, default)).Error!.Code.ShouldBe("ledger.too-long-alone");
        }
    }

    [Fact]
    public async Task M88_what_was_done_alone_is_folded_back_once_and_carried_out()
    {
        var broken = false;
        await using var place = await Place.OpenAsync(() => broken, withWitness: false);
        var desk = place.Desk;
        await desk.Consents.RecordAsync(new("person-1", "protection", "none", ConsentChoice.Given, desk.Clock.GetUtcNow(), null, "v1", "fr", "oral", true, true, null, null, null, "worker-1"), default);
        broken = true;
        (await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], ProtectiveActs.WithdrawConsent, "said so by phone"), null, default)).Value.IsLocal.ShouldBeTrue();
        (await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], ProtectiveActs.StopReturn, "bus at noon"), null, default)).IsOk.ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(desk.Folder, LocalLedger.FileName))).ShouldNotContain("person-1", Case.Sensitive, "sealed on the disk, too");
        broken = false;
        (await desk.Consents.FindAsync("person-1", "protection", "none", default))!.Choice.ShouldBe(ConsentChoice.Given);
        (await place.Local.MergeAsync(default)).Value.ShouldBe(2);
        (await place.Protective.ApplyAsync(default)).ShouldBe(2);
        (await desk.Consents.FindAsync("person-1", "protection", "none", default))!.Choice.ShouldBe(ConsentChoice.Withdrawn);
        (await desk.Store.Records.ListAsync(new(ProtectiveGate.Register, []), default)).Value.Records.Count.ShouldBe(2);
        (await new Duties(desk.Book, desk.Store, desk.Keys, desk.Clock).ListAsync(new("dpo-1", "data-protection-officer", []), own: false, default)).ShouldHaveSingleItem("staff stop the return").Duty.ShouldBe(ProtectiveActs.StopReturn);
        (await place.Local.MergeAsync(default)).Value.ShouldBe(0);
        (await place.Protective.ApplyAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task M88_the_effect_of_a_protective_act_is_written_at_once_where_only_the_sequencer_is_gone()
    {
        await using var place = await Place.OpenAsync(() => false, withWitness: false);
        place.Desk.Clock.Advance(TimeSpan.FromMinutes(10));
        var done = await place.Protective.ProtectAsync(new(Desk.Worker, "protection/north", "C-1", ["person-1"], ProtectiveActs.RestrictRecord, "stop use"), leaf => new()
        {
            Actor = "worker-1", Reason = "card.restricted", Records = [new("test.card", "c1", 0, "{}"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes($"{{\"leaf\":\"{leaf}\"}}"), [])],
        }, default);
        (done.Value.IsLocal, done.Value.IsWritten).ShouldBe((true, true));
        (await place.Desk.Store.Records.GetAsync("test.card", "c1", default)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("", "protect.invalid")]
    [InlineData("other", "gate.unit")]
    public async Task A_protective_act_says_what_to_do_in_the_actors_own_unit(string what, string code)
    {
        await using var place = await Place.OpenAsync(() => false, withWitness: false);
        var request = new ProtectiveRequest(Desk.Worker, what == "other" ? "elsewhere" : "protection/north", "C-1", ["person-1"], ProtectiveActs.StopReturn, what);
        (await place.Protective.ProtectAsync(request, null, default)).Error!.Code.ShouldBe(code);
    }

    private static string Code<T>(GateAnswer<T> answer) => answer.Error?.Code ?? answer.Refusal?.Code ?? "";

    /// <summary>A desk whose writes go through the ledger's reach, with the sequencer in the test's hand.</summary>
    private sealed class Place(Desk desk, LedgerKeys keys, StoredReach reach, IStore raw) : IAsyncDisposable
    {
        private readonly LedgerSequencer _sequencer = new(raw, keys, desk.Clock, new() { Lease = TimeSpan.FromDays(60) });
        private LeasedJob? _job;

        public Desk Desk => desk;

        public LocalLedger Local { get; } = new(desk.Folder, raw, keys, desk.Clock);

        public ProtectiveGate Protective => field ??= new(raw, desk.Keys, reach, Local, new Consents(raw, desk.Keys, desk.Clock), desk.Clock);

        public static async Task<Place> OpenAsync(Func<bool> broken, bool withWitness)
        {
            StoredReach? reach = null;
            IStore? raw = null;
            var witness = new NoteSigner(SodiumEd25519.Instance, "witness.example", NoteKeyType.Cosignature, new byte[32]);
            FakeClock? clock = null;
            var desk = await Desk.OpenAsync(around: store =>
            {
                raw = new BrokenStore(store, broken);
                return new ReachingStore(raw, new Later(() => reach));
            });
            clock = desk.Clock;
            reach = new(raw!, SodiumEd25519.Instance, withWitness ? [witness.Key] : [], clock);
            return new(desk, (await LedgerKeys.OpenAsync(desk.Keys, SodiumEd25519.Instance, default)).Value, reach, raw!);
        }

        public async Task IntegrateAsync()
        {
            if (_job is null)
            {
                await _sequencer.EnqueueAsync(default);
                _job = await _sequencer.TakeAsync(default);
            }

            desk.Clock.Advance(TimeSpan.FromSeconds(1));
            await _sequencer.StepAsync(_job!, default);
        }

        public async ValueTask DisposeAsync()
        {
            Local.Dispose();
            await raw.DisposeAsync();
            Directory.Delete(desk.Folder, recursive: true);
        }
    }

    private sealed class Later(Func<ILedgerReach?> reach) : ILedgerReach
    {
        public async Task<Waymark.Model.Error?> OutAsync(CancellationToken cancellationToken) => reach() is { } found ? await found.OutAsync(cancellationToken) : null;
    }
}
