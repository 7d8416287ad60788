using System.Text;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Rules;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Misuse.Tests;

/// <summary>The rule packs that ship, as they are and with a part taken out, and a gate over them.</summary>
internal static class Shipped
{
    private static readonly Lazy<(PackLibrary Packs, RuleLibrary Rules)> Loaded = new(() => Read(null));

    public static RuleLibrary Rules => Loaded.Value.Rules;

    public static PackLibrary Packs => Loaded.Value.Packs;

    public static Vocabulary Words => Rules.Vocabulary!;

    public static RulePack Floor => Rules.Packs.Single(pack => pack.IsFloor);

    public static IEnumerable<(RulePack Pack, Scenario Scenario)> Scenarios => Rules.Packs.SelectMany(pack => pack.Scenarios.Select(scenario => (pack, scenario)));

    public static (RulePack Pack, Scenario Scenario) Scenario(string id) => Scenarios.Single(pair => pair.Scenario.Id == id);

    public static RulePackSet Set(RulePack pack, Scenario scenario) => RulePackSet.Compile(Words, ScenarioRunner.PacksOf(Rules, pack, scenario)).Value;

    public static RequestFacts Facts(Scenario scenario, params (string Fact, string Value)[] changed)
    {
        var facts = ScenarioRunner.Facts(Words, scenario);
        foreach (var (fact, value) in changed)
        {
            facts.Set(fact, [value]).ShouldBeNull(fact);
        }

        return facts;
    }

    /// <summary>The packs with the text of one of them changed.</summary>
    public static RuleLibrary Edited(string pack, Func<string, string> edit) => Read((file, text) => file == $"rules/{pack}.yaml" ? edit(text) : text).Item2;

    /// <summary>The packs without these rules: a guard taken out by whoever composes the product.</summary>
    public static RuleLibrary Without(string pack, params string[] rules) => Edited(pack, text => Waymark.Casework.Tests.RepositoryPacks.WithoutRules(text, rules));

    private static (PackLibrary, RuleLibrary) Read(Func<string, string, string>? edit)
    {
        var outcome = edit is null ? PackLibrary.Load([Installation.Packs]) : PackLibrary.Load([new PackMemory("packs", Files(edit))]);
        var errors = new PackErrors();
        var documents = RuleDocuments.Of(outcome.Library, errors);
        return (outcome.Library, RuleLibrary.Read(documents.Vocabulary!, documents.Packs));
    }

    private static Dictionary<string, byte[]> Files(Func<string, string, string> edit) => Directory.EnumerateFiles(Installation.Packs, "*", SearchOption.AllDirectories)
        .Select(file => (File: file, Name: Path.GetRelativePath(Installation.Packs, file).Replace('\\', '/')))
        .Where(file => file.Name.StartsWith("rules/", StringComparison.Ordinal) || file.Name.StartsWith("vocabulary/", StringComparison.Ordinal) || file.Name.StartsWith("schema/", StringComparison.Ordinal))
        .ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(edit(file.Name, File.ReadAllText(file.File))), StringComparer.Ordinal);

    /// <summary>A node that runs these packs under a controller, all of them adopted by two, every purpose open to case workers; store and keys of its own.</summary>
    public sealed class Node : IAsyncDisposable
    {
        private readonly string _folder;

        private Node(string folder, FakeClock clock) => (_folder, Clock) = (folder, clock);

        public FakeClock Clock { get; }

        public required ComposedStore Store { get; init; }

        public required IKeyStore Keys { get; init; }

        public static Actor Worker { get; } = new("worker-1", "case-worker", ["protection/north"], true, "key-worker-1");

        public static Actor Other { get; } = new("worker-2", "case-worker", ["protection/north"], true, "key-worker-2");

        public static Actor Legal { get; } = new("legal-1", "legal-officer", ["legal"], true, "key-legal");

        public static Actor Second { get; } = new("second-1", "supervisor", ["oversight/south"], true, "key-second");

        public static async Task<Node> OpenAsync()
        {
            var (folder, clock) = (Directory.CreateTempSubdirectory("waymark-node-").FullName, new FakeClock(new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero)));
            var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value;
            return new Node(folder, clock) { Store = new ComposedStore(store), Keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value };
        }

        public RuleBook Book(IReadOnlyList<RulePack> packs, string controller) => RuleBook.Of(
            packs[0].Vocabulary, packs, new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
            {
                ["case-worker"] = packs[0].Vocabulary.FindList("purpose")!.Codes.Select(code => code.Id).ToHashSet(StringComparer.Ordinal),
            }, controller, Store, Keys, Clock).Value;

        public (Gate Gate, Exceptions Exceptions, Consents Consents) Over(RuleBook book)
        {
            var (consents, exceptions) = (new Consents(Store, Keys, Clock), new Exceptions(book.Rules, Store, Keys, Clock));
            return (new Gate(book, Store, Keys, consents, exceptions, Clock), exceptions, consents);
        }

        public async Task AdoptAsync(RuleBook book)
        {
            foreach (var actor in new[] { Legal, Second })
            {
                foreach (var pack in book.Rules.Packs.Where(pack => !pack.IsFloor))
                {
                    var done = await book.AdoptAsync(actor, pack.Id, pack.Hash, default);
                    done.IsOk.ShouldBeTrue(done.Error?.ToString());
                }

                Clock.Advance(TimeSpan.FromMinutes(3));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
