using Waymark.Audit.Contracts;
using Waymark.Audit.Exporting;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>Every protective change stands in the ledger with its effect, by a leaf that tells neither what nor whom.</summary>
public sealed class ActLeafTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");
    private static readonly Actor s_oversight = new("oversight-1", "oversight", ["oversight/north"], true, "key-oversight");

    public static TheoryData<string> Acts => ["consent.given", "consent.refused", "consent.withdrawn", "hold.placed", "hold.released", "derogation.invoked", "derogation.approved", "derogation.lapsed",
        "derogation.reviewed", "person.erased", "pack.adopted", "log.inquiry-opened", "log.read"];

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Each_act_has_a_leaf_in_the_commit_of_its_effect_and_no_leaf_means_no_effect(string act)
    {
        var broken = false;
        await using var desk = await Desk.OpenAsync(adopted: false, around: store => new BrokenStore(store, () => broken));
        var run = await PrepareAsync(desk, act);
        var (sets, leaves) = (await SetsAsync(desk), (await desk.Log.ChainAsync(default)).Waiting);
        broken = true;
        (await run()).ShouldBeFalse("the store is down");
        (await SetsAsync(desk)).ShouldBe(sets);
        broken = false;
        if (act == "person.erased")
        {
            (await desk.Store.Records.ListAsync(new("protection.consent", []), default)).Value.Records.ShouldNotBeEmpty("keys go after the leaf, never before");
        }

        (await run()).ShouldBeTrue();
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBeGreaterThan(leaves);
        var entered = await ActsAsync(desk, act);
        var newest = entered[entered.Count - 1].Id;
        var pending = await PendingAsync(desk);
        pending.ShouldContain(leaf => leaf.Id.ToString() == newest, "the leaf went with the effect");
        pending.ShouldAllBe(leaf => leaf.Encode().Length == LedgerLeaf.Length, "M82: one length for all");
    }

    [Fact]
    public async Task M79_after_erasing_a_person_old_proofs_verify_what_staff_did_stays_countable_and_nothing_ties_a_leaf_to_the_person()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Consents.RecordAsync(Given(desk), default)).IsOk.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        var act = (await ActsAsync(desk, "consent.given")).Single();
        var leaves = new ActLeaves(desk.Keys);
        var leaf = (await PendingAsync(desk)).Single(item => item.Id.ToString() == act.Id);
        (await leaves.StandsForAsync(leaf, act, ["person-1"], default)).ShouldBe(true);
        (await leaves.StandsForAsync(leaf, act, ["person-2"], default)).ShouldBeNull("nobody ever made a salt for person-2");

        (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-1", default)).IsOk.ShouldBeTrue();
        var keys = (await LedgerKeys.OpenAsync(desk.Keys, SodiumEd25519.Instance, default)).Value;
        var sequencer = new LedgerSequencer(desk.Store, keys, desk.Clock, new());
        await sequencer.EnqueueAsync(default);
        var job = await sequencer.TakeAsync(default);
        (await sequencer.StepAsync(job!, default)).ShouldBe(StepOutcome.Integrated);
        var proof = await StoredProofs.ProveAsync(desk.Store.Ledger, leaf.Id, published: false, default);
        proof.IsOk.ShouldBeTrue(proof.Error?.ToString());
        var head = Checkpoint.Parse(proof.Value.Note.Text).Value;
        Proof.IsIncluded(Merkle.Leaf(leaf.Encode()), proof.Value.Index, head.Size, head.Root, proof.Value.Path).ShouldBeTrue("the proof holds after the erasure");
        (await leaves.StandsForAsync(leaf, act, ["person-1"], default)).ShouldBeNull("no one can tie it to the person");
        (await desk.Log.OpenAsync(s_oversight, "REV-2026-9", "review", TimeSpan.FromDays(1), default)).IsOk.ShouldBeTrue();
        (await desk.Log.ReadActorAsync(s_oversight, s_officer, "REV-2026-9", "worker-1", default)).Value.Count.ShouldBe(1, "what the worker did stays countable");
        foreach (var file in Directory.GetFiles(Path.Combine(desk.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync(default)).ShouldNotContain("person-1");
        }
    }

    [Fact]
    public async Task A_hold_is_released_by_two_with_a_ground_each_and_then_erasing_goes_on__M79_M52()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var hold = (await desk.Exceptions.HoldAsync(Desk.Worker, "person-1", "complaint 12", desk.Clock.GetUtcNow().AddDays(90), default)).Value;
        (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-1", default)).Error!.Code.ShouldBe("erasure.held");
        (await desk.Exceptions.ReleaseAsync(Desk.Worker, "person-1", hold.Id, "done", default)).Error!.Code.ShouldBe("hold.role");
        (await desk.Exceptions.ReleaseAsync(s_officer, "person-1", hold.Id, " ", default)).Error!.Code.ShouldBe("hold.invalid");
        (await desk.Exceptions.ReleaseAsync(s_officer, "person-2", hold.Id, "closed", default)).Error!.Code.ShouldBe("hold.unknown");
        (await desk.Exceptions.ReleaseAsync(s_oversight, "person-1", hold.Id, "closed", default)).Error!.Code.ShouldBe("hold.role", "oversight agrees and does not ask");
        (await desk.Exceptions.ReleaseAsync(s_officer with { IsHardware = false }, "person-1", hold.Id, "closed", default)).Error!.Code.ShouldBe("two.credential");
        (await desk.Exceptions.ReleaseAsync(s_officer, "person-1", hold.Id, "complaint closed", default)).Value.ReleasedBy.ShouldBeNull();
        (await desk.Exceptions.HoldsAsync("person-1", default)).Count.ShouldBe(1, "one is not two");
        (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-1", default)).Error!.Code.ShouldBe("erasure.held");
        (await desk.Exceptions.ReleaseAsync(Desk.Legal, "person-1", hold.Id, "I read it", default)).Error!.Code.ShouldBe("two.too-quick");
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Exceptions.ReleaseAsync(s_officer, "person-1", hold.Id, "complaint closed", default)).Error!.Code.ShouldBe("two.same-account");
        (await desk.Exceptions.ReleaseAsync(Desk.Legal with { Credential = s_officer.Credential }, "person-1", hold.Id, "I read it", default)).Error!.Code.ShouldBe("two.same-device");
        (await desk.Exceptions.ReleaseAsync(Desk.Legal with { Units = s_officer.Units }, "person-1", hold.Id, "I read it", default)).Error!.Code.ShouldBe("two.same-unit");
        (await desk.Exceptions.ReleaseAsync(s_oversight, "person-1", hold.Id, "I read it", default)).Value.ReleasedBy.ShouldBe("oversight-1");
        (await desk.Exceptions.HoldsAsync("person-1", default)).ShouldBeEmpty();
        (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-1", default)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task M86_exceptions_end_by_the_clock_and_the_end_is_entered_once()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "life at risk", desk.Clock.GetUtcNow().AddHours(4), default);
        (await desk.Exceptions.LapseAsync(default)).ShouldBe(0);
        desk.Clock.Advance(TimeSpan.FromHours(5));
        (await desk.Exceptions.LapseAsync(default)).ShouldBe(1);
        (await desk.Exceptions.LapseAsync(default)).ShouldBe(0);
    }

    private static Consent Given(Desk desk, ConsentChoice choice = ConsentChoice.Given) => new("person-1", "protection", "none", choice, desk.Clock.GetUtcNow(), desk.Clock.GetUtcNow().AddDays(30), "v1", "fr", "oral",
        true, true, null, null, null, "worker-1");

    /// <summary>Brings the desk to where the act is next, and answers how to do it.</summary>
    private static async Task<Func<Task<bool>>> PrepareAsync(Desk desk, string act)
    {
        var now = desk.Clock.GetUtcNow();
        async Task<string> Derogation(bool approved)
        {
            var id = (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "life at risk", now.AddHours(4), default)).Value.Id;
            if (approved)
            {
                (await desk.Exceptions.ApproveAsync(Desk.Legal, id, default)).IsOk.ShouldBeTrue();
            }

            return id;
        }

        switch (act)
        {
            case "consent.given": return async () => (await desk.Consents.RecordAsync(Given(desk), default)).IsOk;
            case "consent.refused": return async () => (await desk.Consents.RecordAsync(Given(desk, ConsentChoice.Refused), default)).IsOk;
            case "consent.withdrawn":
                await desk.Consents.RecordAsync(Given(desk), default);
                return async () => (await desk.Consents.WithdrawAsync("person-1", null, "phone", default)).IsOk;
            case "hold.placed": return async () => (await desk.Exceptions.HoldAsync(Desk.Worker, "person-1", "complaint", now.AddDays(9), default)).IsOk;
            case "hold.released":
                var hold = (await desk.Exceptions.HoldAsync(Desk.Worker, "person-1", "complaint", now.AddDays(9), default)).Value;
                (await desk.Exceptions.ReleaseAsync(s_officer, "person-1", hold.Id, "closed", default)).IsOk.ShouldBeTrue();
                desk.Clock.Advance(TimeSpan.FromMinutes(3));
                return async () => (await desk.Exceptions.ReleaseAsync(Desk.Legal, "person-1", hold.Id, "I read it", default)).IsOk;
            case "derogation.invoked": return async () => (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "life at risk", now.AddHours(4), default)).IsOk;
            case "derogation.approved":
                var asked = await Derogation(false);
                return async () => (await desk.Exceptions.ApproveAsync(Desk.Legal, asked, default)).IsOk;
            case "derogation.lapsed":
                await Derogation(false);
                desk.Clock.Advance(TimeSpan.FromHours(5));
                return async () => await desk.Exceptions.LapseAsync(default) == 1;
            case "derogation.reviewed":
                var approved = await Derogation(true);
                return async () => (await desk.Exceptions.ReviewAsync(s_oversight, approved, true, default)).IsOk;
            case "person.erased":
                await desk.Consents.RecordAsync(Given(desk), default);
                return async () => (await desk.Exceptions.EraseAsync(s_officer, Desk.Legal, "person-1", default)).IsOk;
            case "pack.adopted":
                var hash = desk.Book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash;
                (await desk.Book.AdoptAsync(Desk.Legal, "harbour", hash, default)).IsOk.ShouldBeTrue();
                desk.Clock.Advance(TimeSpan.FromMinutes(3));
                return async () => (await desk.Book.AdoptAsync(Desk.Second, "harbour", hash, default)).IsOk;
            case "log.inquiry-opened": return async () => (await desk.Log.OpenAsync(s_oversight, "REV-2026-1", "review", TimeSpan.FromDays(1), default)).IsOk;
            default:
                await desk.Log.OpenAsync(s_oversight, "REV-2026-1", "review", TimeSpan.FromDays(1), default);
                return async () => (await desk.Log.ReadAsync(s_oversight, "REV-2026-1", null, 10, default)).IsOk;
        }
    }

    private static async Task<int> SetsAsync(Desk desk) => (await desk.Store.Ledger.PendingAsync(10_000, default)).Count;

    private static async Task<IReadOnlyList<LedgerLeaf>> PendingAsync(Desk desk) =>
        [.. (await desk.Store.Ledger.PendingAsync(10_000, default)).SelectMany(set => EntryBundle.Read(set.Entries)!).Select(entry => LedgerLeaf.Decode(entry.Span)!)];

    private static async Task<IReadOnlyList<StoredRecord>> ActsAsync(Desk desk, string act) =>
        (await desk.Store.Records.ListAsync(new(ActLeaves.Register, [new("act", act)], "at"), default)).Value.Records;
}
