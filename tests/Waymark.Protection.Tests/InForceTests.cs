using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>Until a newer version of an adopted pack is adopted itself, the adopted one decides, and what the newer forbids counts beside it (M72, M74).</summary>
public sealed class InForceTests
{
    private const string First = "id: harbour\nkind: rules\nversion: 1.0.0";

    private static readonly NoteSigner s_authority = new(SodiumEd25519.Instance, "packs.example", NoteKeyType.Ed25519, Enumerable.Range(0, 32).Select(at => (byte)at).ToArray());

    [Fact]
    public async Task M74_a_higher_version_that_drops_a_prohibition_takes_nothing_away_before_it_is_adopted_itself()
    {
        await using var desk = await Desk.OpenAsync(edit: packs => Forbidding(packs, "1.1.0"));
        (await AskAsync(desk, desk.Book, "C-1", "assistance")).Refusal!.Code.ShouldBe("gate.prohibited");
        var newer = desk.Open(packs => Version(packs, "1.2.0"), new(SodiumEd25519.Instance, [s_authority.Key]));
        var pack = newer.Rules.Packs.Single(known => known.Id == "harbour");
        pack.Rules.ShouldNotContain(rule => rule.Id == "HR-09");

        var refused = await AskAsync(desk, newer, "C-2", "assistance");
        refused.Refusal!.Code.ShouldBe("gate.prohibited", "the prohibition of the adopted version stands");
        refused.Refusal.Reasons.ShouldContain(line => line.In("en").Contains("HR-09", StringComparison.Ordinal));
        (await newer.TryAsync(Desk.Worker, Facts("assistance"), default)).Value.IsPermit.ShouldBeFalse("what would happen if is what happens");
        var decision = await desk.Log.DecisionAsync(Desk.Worker, refused.Refusal.Decision!, default);
        decision!.Packs.Single(decided => decided.Id == "harbour").Version.ShouldBe("1.1.0", "the decision names the version that decided");
        (await AskAsync(desk, newer, "C-3", "protection")).IsPermitted.ShouldBeTrue("what the adopted version permits goes on while the newer one waits");
        (await ListAsync(desk, newer)).ShouldBe(["R-1"], "lists, too");

        // One person is not two.
        var text = PackAuthorities.Text("harbour", pack.Version, pack.Hash);
        (await newer.Adoptions.OfferAsync("cli", "harbour", new SignedNote(text, [s_authority.Sign(text, default)]).ToBytes(), new LocalText("Harbour Relief changes its rules.", "港湾救助修改规则。"), default)).Error.ShouldBeNull();
        (await newer.AdoptAsync(Desk.Legal, "harbour", pack.Hash, default)).Error.ShouldBeNull();
        (await AskAsync(desk, newer, "C-4", "assistance")).Refusal!.Code.ShouldBe("gate.prohibited");
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await newer.AdoptAsync(Desk.Second, "harbour", pack.Hash, default)).Error.ShouldBeNull();
        (await AskAsync(desk, newer, "C-5", "assistance")).IsPermitted.ShouldBeTrue("adopted by two, signed and announced, it decides");
    }

    [Fact]
    public async Task M74_what_a_higher_version_forbids_counts_before_it_is_adopted_and_what_it_grants_does_not()
    {
        await using var desk = await Desk.OpenAsync();
        (await AskAsync(desk, desk.Book, "C-1", "assistance")).IsPermitted.ShouldBeTrue();
        var tighter = desk.Open(packs => Forbidding(packs, "1.1.0"));
        var refused = await AskAsync(desk, tighter, "C-2", "assistance");
        refused.Refusal!.Code.ShouldBe("gate.prohibited");
        refused.Refusal.Reasons.ShouldContain(line => line.In("en").Contains("HR-09", StringComparison.Ordinal));
        var looser = desk.Open(packs => Version(packs, "1.1.0").Replace("require: review.legal = done", "require: review.legal in [done, pending]", StringComparison.Ordinal));
        (await AskAsync(desk, looser, "C-3", "assistance", review: "pending")).IsPermitted.ShouldBeFalse("the review that the adopted version asks for is still asked for");
        (await AskAsync(desk, looser, "C-4", "assistance")).IsPermitted.ShouldBeTrue();
    }

    [Fact]
    public async Task M74_nothing_is_permitted_while_the_adopted_version_cannot_be_read()
    {
        await using var desk = await Desk.OpenAsync();
        var adopted = desk.Book.Rules.Packs.Single(known => known.Id == "harbour").Hash;
        var kept = await desk.Store.Records.GetAsync("protection.adopted-pack", adopted, default);
        var gone = await desk.Store.CommitAsync(
            new() { Actor = "somebody", Reason = "test", Records = [new("protection.adopted-pack", adopted, kept!.Version, null, "{}"u8.ToArray(), [])] }, default);
        gone.Error.ShouldBeNull();
        (await AskAsync(desk, desk.Book, "C-1", "protection")).IsPermitted.ShouldBeTrue("these very bytes were adopted");
        var newer = desk.Open(packs => Version(packs, "1.1.0"));
        (await AskAsync(desk, newer, "C-2", "protection")).Refusal!.Code.ShouldBe("gate.not-adopted");
        (await ListAsync(desk, newer)).ShouldBeEmpty();
        (await newer.TryAsync(Desk.Worker, Facts("protection"), default)).Value.NotAdopted.ShouldBe(["harbour"]);
    }

    private static Gate Over(Desk desk, RuleBook book) => new(book, desk.Store, desk.Keys, desk.Consents, desk.Exceptions, desk.Clock);

    private static Task<GateAnswer<Card>> AskAsync(Desk desk, RuleBook book, string matter, string purpose, string review = "done") => Over(desk, book).OpenAsync(
        Desk.Ask("transfer", purpose, matter: matter, persons: ["person-" + matter], more: [("subject.category", "migrant"), ("recipient.type", "law-enforcement"), ("review.legal", review), ("purpose.declared", purpose)]),
        Desk.Read, default);

    private static Dictionary<string, IReadOnlyList<string>> Facts(string purpose) => new(StringComparer.Ordinal)
    {
        ["action"] = ["transfer"], ["system"] = ["protection"], ["subject.category"] = ["migrant"], ["recipient.type"] = ["law-enforcement"], ["controller.organisation"] = ["harbour"],
        ["purpose"] = [purpose], ["purpose.declared"] = [purpose], ["review.legal"] = ["done"],
    };

    private static async Task<IReadOnlyList<string>> ListAsync(Desk desk, RuleBook book)
    {
        var shared = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["system"] = ["protection"], ["recipient.type"] = ["none"] };
        var own = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["subject.category"] = ["migrant"], ["purpose.declared"] = ["protection"] };
        var rules = await Over(desk, book).RowsAsync(new(Desk.Worker, Desk.Worker.Units[0], "list.all", [], "read", "protection", shared), [.. own.Keys], default);
        return (await rules.AskAsync([new("L-1", ["person-listed"], own)], default))[0].Answer == RowAnswer.Shown ? ["R-1"] : [];
    }

    private static string Version(string packs, string version) => packs.Replace(First, First.Replace("1.0.0", version, StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Forbidding(string packs, string version) => Version(packs, version).Replace("  - id: HR-08\n", """
          - id: HR-09
            modality: prohibit
            scope: {action: [transfer], recipient.type: [law-enforcement]}
            when: purpose = assistance
            cites: [{article: "9", status: unverified, basis: general}]
            topic: transfer
            en: No transfer to police for assistance.
            zh: 援助不得转移给警方。
          - id: HR-08

        """, StringComparison.Ordinal);
}
