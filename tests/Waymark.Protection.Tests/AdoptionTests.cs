using System.Text;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;

namespace Waymark.Protection.Tests;

/// <summary>Adoption is judged in one place: versions only rise, and what loosens needs signature, two persons and a notice.</summary>
public sealed class AdoptionTests
{
    private static readonly NoteSigner s_authority = new(SodiumEd25519.Instance, "packs.example", NoteKeyType.Ed25519, Enumerable.Range(0, 32).Select(at => (byte)at).ToArray());
    private static readonly PackAuthorities s_authorities = new(SodiumEd25519.Instance, [s_authority.Key]);
    private static readonly LocalText s_notice = new("Harbour Relief changes its rules.", "港湾救助修改规则。");

    [Fact]
    public async Task A_pack_grants_only_after_two_persons_adopted_it_and_saw_its_unverified_rows()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var pack = desk.Book.Rules.Packs.Single(known => known.Id == "harbour");
        var rows = Adoptions.Unverified(pack);
        rows.Count.ShouldBe(pack.Rules.Count);
        (await State(desk)).ShouldBe(AdoptionState.NotAdopted);
        (await desk.Book.Adoptions.AdoptAsync(Desk.Legal, "harbour", pack.Hash, [.. rows.Skip(1)], default)).Error!.Code.ShouldBe("adoption.rows");
        (await desk.Book.Adoptions.AdoptAsync(Desk.Second, "harbour", pack.Hash, rows, default)).Error!.Code.ShouldBe("adoption.role");
        (await desk.Book.Adoptions.AdoptAsync(Desk.Legal, "harbour", pack.Hash, rows, default)).IsOk.ShouldBeTrue();
        (await State(desk)).ShouldBe(AdoptionState.Begun);
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Book.Adoptions.AdoptAsync(Desk.Legal, "harbour", pack.Hash, rows, default)).Error!.Code.ShouldBe("two.same-account");
        (await desk.Book.Adoptions.AdoptAsync(Desk.Second, "harbour", pack.Hash, [], default)).Error!.Code.ShouldBe("adoption.rows");
        var done = (await desk.Book.Adoptions.AdoptAsync(Desk.Second, "harbour", pack.Hash, rows, default)).Value;
        (done.Second, done.RowsSeen.Count, done.Change).ShouldBe(("second-1", rows.Count, "first"));
        (await State(desk)).ShouldBe(AdoptionState.Adopted);
        Adoptions.PermittedBy(["iom", "un-principles"]).In("en").ShouldBe("Permitted by iom, un-principles.");
        Adoptions.PermittedBy(["iom"]).In("zh").ShouldBe("由iom许可。");
    }

    /// <summary>Edits of the pack in force, what the analyser says, and what stops the adoption first.</summary>
    public static TheoryData<string, string, string> Edits => new()
    {
        { "tighter", "tightens", "" }, { "tighter, same version", "", "adoption.same-version" }, { "looser", "loosens", "adoption.no-authority" },
        { "looser, same version", "loosens", "adoption.same-version" }, { "older", "", "adoption.older" }, { "back under a new version", "loosens", "adoption.no-authority" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task M72_M74_what_loosens_is_stopped_and_what_tightens_passes(string edit, string change, string code)
    {
        await using var desk = await Desk.OpenAsync(edit: packs => edit.StartsWith("back", StringComparison.Ordinal) ? Tighter(packs) : packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 1.1.0", StringComparison.Ordinal));
        var book = desk.Open(packs => Edited(packs, edit));
        var pack = book.Rules.Packs.Single(known => known.Id == "harbour");
        var begun = await book.AdoptAsync(Desk.Legal, "harbour", pack.Hash, default);
        (begun.Error?.Code ?? "").ShouldBe(code);
        if (code.Length > 0)
        {
            (await desk.Book.StatesAsync(default)).Single(state => state.Pack.Id == "harbour").State.ShouldBe(AdoptionState.Adopted, "the version in force stays");
            return;
        }

        begun.Value.Change.ShouldBe(change);
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await book.AdoptAsync(Desk.Second, "harbour", pack.Hash, default)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task M72_what_loosens_passes_with_signature_notice_and_two_persons_and_each_missing_part_alone_refuses()
    {
        await using var desk = await Desk.OpenAsync();
        var book = desk.Open(packs => Edited(packs, "looser"), s_authorities);
        var pack = book.Rules.Packs.Single(known => known.Id == "harbour");
        byte[] Sign(string hash, NoteSigner by)
        {
            var text = PackAuthorities.Text("harbour", pack.Version, hash);
            return new SignedNote(text, [by.Sign(text, default)]).ToBytes();
        }

        var stranger = new NoteSigner(SodiumEd25519.Instance, "packs.example", NoteKeyType.Ed25519, new byte[32]);
        (await book.AdoptAsync(Desk.Legal, "harbour", pack.Hash, default)).Error!.Code.ShouldBe("adoption.unsigned");
        foreach (var wrong in new[] { Sign(pack.Hash, stranger), Sign(new string('0', 64), s_authority), Encoding.UTF8.GetBytes("signed, trust me") })
        {
            (await book.Adoptions.OfferAsync("cli", "harbour", wrong, s_notice, default)).Error!.Code.ShouldBe("adoption.unsigned");
        }

        (await book.Adoptions.OfferAsync("cli", "harbour", Sign(pack.Hash, s_authority), null, default)).Error!.Code.ShouldBe("adoption.no-notice");
        var offer = (await book.Adoptions.OfferAsync("cli", "harbour", Sign(pack.Hash, s_authority), s_notice, default)).Value;
        (offer.Change, offer.SignedBy).ShouldBe(("loosens", "packs.example"));
        (await book.StatesAsync(default)).Single(state => state.Pack.Id == "harbour").State.ShouldBe(AdoptionState.Changed, "an offer adopts nothing");
        (await book.AdoptAsync(Desk.Legal, "harbour", pack.Hash, default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        var done = (await book.AdoptAsync(Desk.Second, "harbour", pack.Hash, default)).Value;
        (done.SignedBy, done.Notice!.In("en")).ShouldBe(("packs.example", s_notice.In("en")));
    }

    [Theory]
    [InlineData("same", "")]
    [InlineData("newer", "")]
    [InlineData("older", "packs.older")]
    [InlineData("older floor", "packs.older")]
    [InlineData("tighter, same version", "packs.changed")]
    [InlineData("looser, same version", "packs.changed")]
    [InlineData("never adopted, same version", "packs.changed")]
    [InlineData("gone", "packs.gone")]
    [InlineData("clock", "clock.behind")]
    public async Task M74_no_start_with_older_or_changed_packs_without_adopted_ones_or_behind_the_ledger(string what, string code)
    {
        await using var desk = await Desk.OpenAsync(
            adopted: !what.StartsWith("never adopted", StringComparison.Ordinal), edit: packs => packs.Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal));
        (await desk.Book.Adoptions.MayStartAsync(default)).ShouldBeNull();
        var book = desk.Open(packs => what switch
        {
            "newer" => packs.Replace("version: 1.0.0", "version: 1.3.0", StringComparison.Ordinal),
            "older" => packs.Replace("id: floor\nkind: rules\nversion: 1.0.0", "id: floor\nkind: rules\nversion: 1.2.0", StringComparison.Ordinal),
            "older floor" => packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 1.2.0", StringComparison.Ordinal),
            "tighter, same version" => Tighter(packs).Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal),
            "never adopted, same version" => packs.Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal).Replace("Use for the declared purpose.", "Use for any purpose.", StringComparison.Ordinal),
            "looser, same version" => Looser(packs).Replace("version: 2.0.0", "version: 1.2.0", StringComparison.Ordinal).Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal),
            "gone" => packs.Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal).Replace("id: harbour\n", "id: harbour-2\n", StringComparison.Ordinal),
            _ => packs.Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal),
        });
        if (what == "clock")
        {
            await desk.IntegrateAsync();
            desk.Clock.Advance(TimeSpan.FromMinutes(-30));
        }

        var before = (await desk.Log.ChainAsync(default)).Waiting;
        ((await book.Adoptions.MayStartAsync(default))?.Code ?? "").ShouldBe(code);
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(before + (what == "same" ? 0 : 1), "a leaf says that it was tried, or that versions rose");
    }

    [Fact]
    public async Task M74_what_a_pack_forbade_that_nobody_adopted_is_not_lost_when_another_takes_its_place()
    {
        // Harbour grants and is adopted; a second pack forbids, and nobody adopts it, then or later.
        const string Second = "\n---\nid: quay\nkind: rules\nversion: 1.0.0\ntitle: {en: Quay, zh: 码头}\nsource: a test\nlicence: CC0-1.0\ninstrument: {id: QUAY, en: Quay, zh: 码头}\nmode: constraints\n"
            + "rules:\n  - id: QU-01\n    modality: prohibit\n    scope: {action: [read]}\n    cites: [{article: \"1\", status: unverified, basis: general}]\n    topic: purpose\n    en: Nobody reads.\n    zh: 不得读取。\n";
        static string Quay(string packs, string version, string instead) => packs + Second.Replace("version: 1.0.0", "version: " + version, StringComparison.Ordinal).Replace("scope: {action: [read]}", instead, StringComparison.Ordinal);
        await using var desk = await Desk.OpenAsync();
        async Task<bool> ReadsAsync(RuleBook book) =>
            (await new Gate(book, desk.Store, desk.Keys, desk.Consents, desk.Exceptions, desk.Clock).OpenAsync(Desk.Ask(matter: "C-" + Guid.CreateVersion7(desk.Clock.GetUtcNow())), Desk.Read, default)).IsPermitted;

        var first = desk.Open(packs => Quay(packs, "1.0.0", "scope: {action: [read]}"));
        (await first.Adoptions.MayStartAsync(default)).ShouldBeNull();
        (await ReadsAsync(first)).ShouldBeFalse("it forbids from the first day, adopted or not");

        // A later version that forbids something else only; then one that forbids a third thing; and the pack taken away.
        var later = desk.Open(packs => Quay(packs, "1.1.0", "scope: {action: [update]}"));
        (await later.Adoptions.MayStartAsync(default)).ShouldBeNull();
        (await ReadsAsync(later)).ShouldBeFalse("what was forbidden stays so until two persons adopt what takes its place");
        var third = desk.Open(packs => Quay(packs, "1.2.0", "scope: {action: [transfer]}"));
        (await third.Adoptions.MayStartAsync(default)).ShouldBeNull();
        (await ReadsAsync(third)).ShouldBeFalse();
        (await desk.Open(packs => packs).Adoptions.MayStartAsync(default)).ShouldNotBeNull().Code.ShouldBe("packs.gone");

        // Adopted by two, the later one takes the place of all before it.
        var hash = third.Rules.Packs.Single(pack => pack.Id == "quay").Hash;
        (await third.AdoptAsync(Desk.Legal, "quay", hash, default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await third.AdoptAsync(Desk.Second, "quay", hash, default)).IsOk.ShouldBeTrue();
        (await ReadsAsync(third)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pack_under_another_id_stops_the_start_and_the_error_names_it_and_the_way_back__M74(bool adopted)
    {
        // Adopted or not: harbour obliges, too.
        await using var desk = await Desk.OpenAsync(adopted);
        (await desk.Book.Adoptions.MayStartAsync(default)).ShouldBeNull();
        static string Renamed(string packs) => packs.Replace("id: harbour\n", "id: haven\n", StringComparison.Ordinal);
        var stopped = (await desk.Open(Renamed).Adoptions.MayStartAsync(default)).ShouldNotBeNull();
        (stopped.Code, stopped.Where).ShouldBe(("packs.gone", "harbour"));
        stopped.Message.In("en").ShouldBe($"The rule pack \"harbour\" {(adopted ? "was adopted here" : "forbade here")} and is not there any more; \"haven\" has rules of it.");
        stopped.Hint!.In("en").ShouldBe("A pack keeps its id. Give \"haven\" the id \"harbour\" again, with a higher version, and have it adopted.");
        stopped.Hint.In("zh").ShouldContain("改回“harbour”");

        // The way back works, and a pack that is simply gone is named without a guess.
        (await desk.Open(packs => packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 1.1.0", StringComparison.Ordinal)).Adoptions.MayStartAsync(default)).ShouldBeNull();
        var gone = (await desk.Open(packs => packs.Replace("id: harbour\n", "id: haven\n", StringComparison.Ordinal).Replace("HR-0", "HV-0", StringComparison.Ordinal)).Adoptions.MayStartAsync(default)).ShouldNotBeNull();
        gone.Message.In("en").ShouldEndWith("is not there any more.");
        gone.Hint!.In("en").ShouldStartWith("Put the file of \"harbour\" back");
    }

    private static async Task<AdoptionState> State(Desk desk) => (await desk.Book.StatesAsync(default)).Single(state => state.Pack.Id == "harbour").State;

    private static string Edited(string packs, string edit) => edit switch
    {
        "older" => packs,
        "tighter" => Tighter(packs),
        "tighter, same version" => Tighter(packs).Replace("version: 1.2.0", "version: 1.1.0", StringComparison.Ordinal),
        "looser, same version" => Looser(packs).Replace("version: 2.0.0", "version: 1.1.0", StringComparison.Ordinal),
        "back under a new version" => packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 2.0.0", StringComparison.Ordinal),
        _ => Looser(packs),
    };

    private static string Tighter(string packs) => packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 1.2.0", StringComparison.Ordinal)
        .Replace("  - id: HR-08\n", """
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

    private static string Looser(string packs) => packs.Replace("id: harbour\nkind: rules\nversion: 1.0.0", "id: harbour\nkind: rules\nversion: 2.0.0", StringComparison.Ordinal)
        .Replace("require: review.legal = done", "require: review.legal in [done, pending]", StringComparison.Ordinal);
}
