using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Ledger;
using Waymark.Linkage;
using Waymark.Packs;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Casework.Tests;

/// <summary>A node of an invented organisation: real store, keys, gate and floor; one agency's rule that permits what the floor leaves open.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly string s_agency = HarbourRules.Permitting("collect, read, search, update, link, refer, transfer, contact, restrict, decide, return-step, serve, answer-request, refuse-request, report-breach, publish");

    private static readonly Lazy<LinkageKnowledge> s_knowledge = new(() => LinkageKnowledge.Read(
        [.. Directory.GetFiles(Path.Combine(RepositoryPacks.Folder, "linkage"), "*.csv").Order(StringComparer.Ordinal).Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))]).Value);

    public required IStore Store { get; init; }

    public required IKeyStore Keys { get; init; }

    public required FakeClock Clock { get; init; }

    public required IConsents Consents { get; init; }

    public required IExceptions Exceptions { get; init; }

    public required Waymark.Casework.Features.Casework Cases { get; init; }

    public required CaseworkParts Parts { get; init; }

    public required string Folder { get; init; }

    /// <summary>True when the folder belongs to another process, or is opened once more.</summary>
    public bool IsBorrowed { get; init; }

    /// <summary>The same node with other bounds for files, or with a scanner.</summary>
    public Waymark.Casework.Features.Casework With(Waymark.Casework.Files.FileLimits limits, Waymark.Casework.Files.IFileScanner? scanner = null) => new(Parts with { FileLimits = limits, Scanner = scanner });

    public static Actor Worker { get; } = new("worker-1", "case-worker", ["protection/north"], true, "key-worker-1");

    public static Actor Colleague { get; } = new("worker-2", "case-worker", ["protection/north"], true, "key-worker-2");

    public static Actor Supervisor { get; } = new("supervisor-1", "supervisor", ["protection/north"], true, "key-supervisor");

    public static Actor South { get; } = new("worker-3", "case-worker", ["protection/south"], true, "key-worker-3");

    public static Actor SouthColleague { get; } = new("worker-4", "case-worker", ["protection/south"], true, "key-worker-4");

    public static Actor Legal { get; } = new("legal-1", "legal-officer", ["legal"], true, "key-legal");

    public static Actor Second { get; } = new("second-1", "supervisor", ["oversight/south"], true, "key-second");

    public static CaseDesk Desk(Actor? actor = null, string purpose = "family-tracing") => new(actor ?? Worker, (actor ?? Worker).Units[0], purpose);

    /// <param name="register">A register more.</param>
    /// <param name="open">Another store than one of its own.</param>
    /// <param name="rules">More rules of the agency.</param>
    /// <param name="edit">Takes a guard out of a pack: path and text.</param>
    public static Task<Node> OpenAsync(string? register = null, Func<string, TimeProvider, Task<IStore>>? open = null, string rules = "", Func<string, string, string>? edit = null) =>
        OpenAsync(PackLibrary.Load([RepositoryPacks.Node(s_agency + rules, register, edit)]), "humanitarian-ngo", "humanitarian", open);

    /// <summary>A node whose floor lacks these rules, as whoever composes the product without them would have it.</summary>
    public static Task<Node> WithoutAsync(params string[] rules) => OpenAsync(edit: (path, text) => path == "rules/floor.yaml" ? RepositoryPacks.WithoutRules(text, rules) : text);

    /// <summary>A node with the instruments as they ship, all adopted.</summary>
    public static Task<Node> OpenWithInstrumentsAsync(string controller, Func<string, TimeProvider, Task<IStore>>? open = null, string profile = "humanitarian") =>
        OpenAsync(RepositoryPacks.Loaded, controller, profile, open);

    /// <summary>The node of this folder again, as another process opens it: what two persons adopted stands in its store.</summary>
    public static Task<Node> BackAsync(string folder, Func<string, TimeProvider, Task<IStore>> open) =>
        OpenAsync(PackLibrary.Load([RepositoryPacks.Node(s_agency, null)]), "humanitarian-ngo", "humanitarian", open, folder);

    private static async Task<Node> OpenAsync(PackLoadOutcome outcome, string controller, string profile, Func<string, TimeProvider, Task<IStore>>? open, string? known = null)
    {
        var clock = new FakeClock(new(2026, 6, 1, known is null ? 9 : 10, 0, 0, TimeSpan.Zero));
        var folder = known ?? Directory.CreateTempSubdirectory("waymark-casework-").FullName;
        var store = open is null ? (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value : await open(folder, clock);
        var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        var book = RuleBook.Open(outcome.Library, controller, store, keys, clock, profile: profile);
        book.IsOk.ShouldBeTrue(book.Error?.ToString());
        var consents = new Consents(store, keys, clock);
        var exceptions = new Exceptions(book.Value.Rules, store, keys, clock);
        foreach (var pack in book.Value.Rules.Packs.Where(pack => !pack.IsFloor && known is null))
        {
            (await book.Value.AdoptAsync(Legal, pack.Id, pack.Hash, default)).IsOk.ShouldBeTrue();
            clock.Advance(TimeSpan.FromMinutes(3));
            (await book.Value.AdoptAsync(Second, pack.Id, pack.Hash, default)).IsOk.ShouldBeTrue();
        }

        var registers = RegisterLibrary.Read(outcome.Library, null);
        registers.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        var parts = new CaseworkParts(
            registers, store, keys, new Gate(book.Value, store, keys, consents, exceptions, clock), consents, exceptions, s_knowledge.Value, clock, _ => UnitCalendar.Default)
        {
            Units = _ => Task.FromResult<IReadOnlyList<string>>(["protection/north", "protection/south"]),
            Receivers = new Receivers(store, keys, clock),
        };
        return new()
        {
            Store = store, Keys = keys, Clock = clock, Consents = consents, Exceptions = exceptions, Folder = folder,
            Parts = parts, Cases = new(parts), IsBorrowed = known is not null,
        };
    }

    /// <summary>An invented receiver whose key (that of RFC 7748, section 6.1) two persons entered.</summary>
    public async Task<Receiver> ReceiverAsync(
        string organisation = "Harbour Network", string area = "TUN", string publicKey = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", string type = "humanitarian-organisation",
        string? review = null)
    {
        var key = new ReceiverKey("network.example", Convert.FromHexString(publicKey));
        var made = await Parts.Receivers!.ProposeAsync(Legal, new(organisation, type, area, key.ToString(), 180, review), default);
        made.IsOk.ShouldBeTrue(made.Error?.ToString());
        Clock.Advance(TimeSpan.FromMinutes(3));
        var done = await Parts.Receivers.ConfirmAsync(Second with { Role = "oversight" }, made.Value.Id, key.Fingerprint, default);
        done.IsOk.ShouldBeTrue(done.Error?.ToString());
        return done.Value;
    }

    public async Task<RecordAddress> PersonAsync(string name, string? birth = null, RecordPartition partition = RecordPartition.Missing, params (string Path, string Value)[] more)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = name };
        if (birth is not null)
        {
            values["birth"] = birth;
        }

        foreach (var (path, value) in more)
        {
            values[path] = value;
        }

        return Ok(await Cases.CreateAsync(Desk(), new("person", null, values, [], partition), default)).Address;
    }

    /// <summary>A tracing request with a sought sister and an enquirer, both invented.</summary>
    public async Task<(RecordAddress Case, RecordAddress Sought, RecordAddress Enquirer)> TracingAsync()
    {
        var sought = await PersonAsync("Amina Hassan", "2004");
        var enquirer = await PersonAsync("Yusuf Hassan", "1990-03-04");
        var made = Ok(await Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["relation"] = "brother", ["identity-checked"] = "yes", ["cause"] = "shipwreck", ["separated-on"] = "2026-02~", ["scope"] = "own, network", ["last-seen/x/at"] = "Zuwara",
        }, [("sought", sought.Id), ("enquirer", enquirer.Id)]), default));
        return (made.Address, sought, enquirer);
    }

    /// <summary>A channel that the person called safe.</summary>
    public async Task SafeAsync(RecordAddress person, CaseDesk desk) =>
        Ok(await Cases.ChangeAsync(desk, person, new([new("contacts/a/contact", 0, """{"channel":"phone","value":"+000 invented","safe":"yes"}""")]), default));

    public static T Ok<T>(CaseAnswer<T> answer) where T : class
    {
        answer.IsOk.ShouldBeTrue($"{answer.Error} {answer.Refusal?.Code} {answer.Refusal?.Text.In("en")} {string.Join(" | ", answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
        return answer.Value!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (!IsBorrowed)
        {
            Directory.Delete(Folder, true);
        }
    }
}
