using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Audit.Sequencing;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Rules;
using Waymark.Sodium;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Protection.Tests;

/// <summary>A node of an invented agency in a folder of its own: real store, real keys, a small vocabulary, a floor and one agency's rules.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private const string Packs = """
        id: rules
        kind: vocabulary
        version: 1.0.0
        title: {en: Vocabulary, zh: 词汇表}
        source: a test
        licence: CC0-1.0
        codelists:
          action: [{code: read, en: Read, zh: 读取}, {code: update, en: Update, zh: 更正}, {code: transfer, en: Transfer, zh: 转移}]
          system: [{code: protection, en: Protection, zh: 保护}]
          category: [{code: migrant, en: Migrant, zh: 移民}, {code: victim, en: Victim, zh: 受害人}]
          recipient: [{code: none, en: Nobody, zh: 无}, {code: law-enforcement, en: Police, zh: 执法机关}]
          organisation: [{code: harbour, en: Harbour Relief, zh: 港湾救助}]
          purpose: [{code: protection, en: Protection, zh: 保护}, {code: assistance, en: Assistance, zh: 援助}, {code: immigration-enforcement, en: Enforcement, zh: 移民执法}]
          consent: [{code: given, en: Given, zh: 已给}, {code: refused, en: Refused, zh: 拒绝}, {code: withdrawn, en: Withdrawn, zh: 撤回}]
          review: [{code: done, en: Done, zh: 已完成}, {code: pending, en: Pending, zh: 待办}]
          role: [{code: case-worker, en: Case worker, zh: 个案工作者}, {code: legal, en: Legal, zh: 法务}, {code: supervisor, en: Supervisor, zh: 督导}]
          field: [{code: name, en: Name, zh: 姓名}, {code: place, en: Place, zh: 地点}]
        facts:
          - {id: action, type: code, codelist: action, scope: true, en: Action, zh: 操作}
          - {id: system, type: code, codelist: system, scope: true, en: System, zh: 系统}
          - {id: subject.category, type: codes, codelist: category, scope: true, en: Category, zh: 类别}
          - {id: recipient.type, type: code, codelist: recipient, scope: true, en: Recipient, zh: 接收方}
          - {id: controller.organisation, type: code, codelist: organisation, scope: true, en: Controller, zh: 控制者}
          - {id: request.time, type: instant, en: Time, zh: 时间}
          - {id: purpose, type: code, codelist: purpose, en: Purpose, zh: 目的}
          - {id: purpose.declared, type: code, codelist: purpose, en: Declared, zh: 声明的目的}
          - {id: consent.status, type: code, codelist: consent, choice: true, en: Consent, zh: 同意}
          - {id: log.entry, type: boolean, en: In the ledger, zh: 已入账}
          - {id: actor.role, type: code, codelist: role, en: Role, zh: 角色}
          - {id: review.legal, type: code, codelist: review, en: Legal review, zh: 法务审查}
          - {id: subject.urgent, type: boolean, en: Urgent, zh: 紧急}
          - {id: subject.fear, type: boolean, floor: true, en: Feared, zh: 所惧}
          - {id: derogation.rule, type: text-id, en: Exception invoked, zh: 所援引的例外}
          - {id: derogation.reason, type: text-id, en: Reason, zh: 理由}
          - {id: derogation.approver, type: code, codelist: role, en: Approver, zh: 批准人}
          - {id: derogation.expiry, type: instant, en: Ends, zh: 到期}
        ---
        id: floor
        kind: rules
        version: 1.0.0
        title: {en: Floor, zh: 底线}
        source: a test
        licence: CC0-1.0
        instrument: {id: FLOOR, en: Floor, zh: 底线}
        floor: true
        mode: constraints
        rules:
          - id: F-02
            modality: prohibit
            when: purpose = immigration-enforcement
            cites: [{article: F2, status: unverified, basis: seed}]
            topic: purpose
            en: Data given for protection never serve enforcement.
            zh: 为保护提供的数据不得用于执法。
          - id: F-03
            modality: prohibit
            scope: {action: [transfer], recipient.type: [law-enforcement], subject.category: [victim]}
            when: consent.status != given
            cites: [{article: F3, status: unverified, basis: seed}]
            topic: victim
            en: No victim data to law enforcement without consent.
            zh: 未经同意不得将受害人数据提供给执法机关。
          - id: F-12
            modality: prohibit
            when: not log.entry
            cites: [{article: F12, status: unverified, basis: seed}]
            topic: audit
            en: Audit before effect.
            zh: 先记录后生效。
        ---

        """ + HarbourRules.Head + """
        rules:
          - id: HR-01
            modality: permit
            scope: {action: [read, update]}
            when: purpose = purpose.declared
            cites: [{article: "1", status: unverified, basis: general}]
            topic: purpose
            en: Use for the declared purpose.
            zh: 用于声明的目的。
          - id: HR-02
            modality: permit
            scope: {action: [transfer]}
            cites: [{article: "2", status: unverified, basis: general}]
            topic: transfer
            en: Transfer.
            zh: 转移。
          - id: HR-04
            modality: oblige
            kind: precondition
            scope: {action: [transfer]}
            require: review.legal = done
            cites: [{article: "4", status: unverified, basis: general}]
            topic: transfer
            en: A legal review before a transfer.
            zh: 转移前须经法务审查。
          - id: HR-06
            modality: derogate
            suspends: [HR-04]
            scope: {action: [transfer]}
            when: subject.urgent
            needs: {reason: true, approver: legal, expires-within: 3 day}
            cites: [{article: "6", status: unverified, basis: general}]
            topic: derogation
            en: In urgent need without review.
            zh: 紧急时可免审查。
          - id: HR-08
            modality: oblige
            kind: duty
            scope: {action: [read], subject.category: [victim]}
            duty: {id: mask-place, mandatory: false, mask: [place]}
            cites: [{article: "8", status: unverified, basis: general}]
            topic: victim
            en: The place of a victim is masked.
            zh: 隐去受害人所在地。
        ---
        id: roles
        kind: access
        version: 1.0.0
        title: {en: Roles, zh: 角色}
        source: a test
        licence: CC0-1.0
        roles:
          - {role: case-worker, purposes: [protection, assistance]}
          - {role: supervisor, purposes: [protection, assistance, immigration-enforcement]}
        reviews:
          - {kind: bulk, roles: [supervisor, legal-officer, data-protection-officer]}
          - {kind: erasure, roles: [legal-officer, data-protection-officer, oversight]}
          - {kind: transfer, roles: [legal-officer, supervisor]}
        """;


    private Desk(IStore store, IKeyStore keys, RuleBook book, FakeClock clock)
    {
        (Store, Keys, Book, Clock) = (store, keys, book, clock);
        Consents = new Consents(store, keys, clock);
        Exceptions = new Exceptions(book.Rules, store, keys, clock);
        Gate = new Gate(book, store, keys, Consents, Exceptions, clock);
        Log = new Log(store, keys, clock);
        Reviews = new Reviews(book.Reviewers, store, keys, clock);
        Requests = new PeopleRequests(store, keys, clock);
    }

    public IStore Store { get; }

    public IKeyStore Keys { get; }

    public RuleBook Book { get; }

    public FakeClock Clock { get; }

    public IConsents Consents { get; }

    public IExceptions Exceptions { get; }

    public IGate Gate { get; }

    public ILog Log { get; }

    public IReviews Reviews { get; }

    public IPeopleRequests Requests { get; }

    public string Folder { get; private init; } = "";

    public static Actor Worker { get; } = new("worker-1", "case-worker", ["protection/north"], true, "key-worker-1");

    public static Actor Supervisor { get; } = new("supervisor-1", "supervisor", ["protection/north"], true, "key-supervisor-1");

    public static Actor Legal { get; } = new("legal-1", "legal-officer", ["legal"], true, "key-legal");

    public static Actor Second { get; } = new("second-1", "supervisor", ["oversight/south"], true, "key-second");

    /// <summary>An open desk whose packs were adopted by two, unless <paramref name="adopted"/> is false.</summary>
    public static async Task<Desk> OpenAsync(bool adopted = true, Func<string, string>? edit = null, Func<IStore, IStore>? around = null)
    {
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var folder = Directory.CreateTempSubdirectory("waymark-desk-").FullName;
        var sqlite = (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value;
        IStore store = around is null ? sqlite : around(sqlite);
        var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
        var book = RuleBook.Open(Library(edit), "harbour", store, keys, clock);
        book.IsOk.ShouldBeTrue(book.Error?.ToString());
        var desk = new Desk(store, keys, book.Value, clock) { Folder = folder };
        if (adopted)
        {
            await desk.AdoptAsync("harbour");
        }

        return desk;
    }

    /// <summary>A rule book of other packs over the same store.</summary>
    public RuleBook Open(Func<string, string> edit, PackAuthorities? authorities = null)
    {
        var book = RuleBook.Open(Library(edit), "harbour", Store, Keys, Clock, authorities);
        book.IsOk.ShouldBeTrue(book.Error?.ToString());
        return book.Value;
    }

    /// <summary>Gives what waits its places.</summary>
    public async Task IntegrateAsync()
    {
        var keys = (await LedgerKeys.OpenAsync(Keys, SodiumEd25519.Instance, default)).Value;
        var sequencer = new LedgerSequencer(Store, keys, Clock, new());
        await sequencer.EnqueueAsync(default);
        (await sequencer.StepAsync((await sequencer.TakeAsync(default))!, default)).ShouldBe(StepOutcome.Integrated);
    }

    public async Task AdoptAsync(string pack)
    {
        var hash = Book.Rules.Packs.Single(known => known.Id == pack).Hash;
        (await Book.AdoptAsync(Legal, pack, hash, default)).IsOk.ShouldBeTrue();
        Clock.Advance(TimeSpan.FromMinutes(3));
        var done = await Book.AdoptAsync(Second, pack, hash, default);
        done.IsOk.ShouldBeTrue(done.Error?.ToString());
    }

    public static GateRequest Ask(
        string action = "read", string purpose = "protection", Actor? actor = null, string matter = "C-1", string[]? persons = null, params (string Fact, string Value)[] more)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["system"] = ["protection"], ["subject.category"] = ["victim"], ["recipient.type"] = ["none"],
        };
        var declared = "protection";
        foreach (var (fact, value) in more)
        {
            // The matter's register says what the data were collected for; everything else is stated.
            if (fact == "purpose.declared")
            {
                declared = value;
                continue;
            }

            facts[fact] = [value];
        }

        return new(actor ?? Worker, (actor ?? Worker).Units[0], matter, persons ?? ["person-1"], action, purpose, facts) { DeclaredPurpose = declared };
    }

    public static Task<Card> Read(CancellationToken cancellationToken) => Task.FromResult(new Card("Awa", "Harbour town"));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static PackLibrary Library(Func<string, string>? edit)
    {
        var files = Directory.EnumerateFiles(Path.Combine(WorkingCopy.Packs, "schema"), "*.schema.json")
            .ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        foreach (var pack in (edit is null ? Packs : edit(Packs)).Split("---\n"))
        {
            string Line(string key) => pack.Split('\n').First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim();
            files[$"{Line("kind: ")}/{Line("id: ")}.yaml"] = Encoding.UTF8.GetBytes(pack);
        }

        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        return outcome.Library;
    }
}

/// <summary>What a case worker sees of a person.</summary>
internal sealed record Card(string? Name, string? Place) : IPersonal<Card>
{
    public Card Without(IReadOnlySet<string> fields) => new(fields.Contains("name") ? null : Name, fields.Contains("place") ? null : Place);
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
