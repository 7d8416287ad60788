using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>
/// The rule packs of this node, compiled together, floor included. A pack that the operator has not adopted still forbids and obliges; it grants
/// nothing on real data.
/// </summary>
public sealed class RuleBook : IRuleTests
{
    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly string _controller;
    private volatile KnownRules? _inForce;

    private RuleBook(RulePackSet rules, IReadOnlyDictionary<string, IReadOnlySet<string>> purposes, string controller, Adoptions adoptions, IStore store, TimeProvider time) =>
        (Rules, Purposes, _controller, Adoptions, _store, _time) = (rules, purposes, controller, adoptions, store, time);

    public RulePackSet Rules { get; }

    /// <summary>Purposes per role.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Purposes { get; }

    /// <summary>Which roles decide which kind of review.</summary>
    public IReadOnlyDictionary<ReviewKind, IReadOnlySet<string>> Reviewers { get; private init; } = new Dictionary<ReviewKind, IReadOnlySet<string>>();

    /// <summary>Up to which level of confidentiality a role is cleared.</summary>
    public IReadOnlyDictionary<string, int> Clearances { get; private init; } = new Dictionary<string, int>();

    /// <summary>Where duties go, by their ids; one that is not here is a task.</summary>
    public IReadOnlyDictionary<string, DutyKind> Duties { get; private init; } = new Dictionary<string, DutyKind>();

    /// <summary>Who adopted which pack, and what a change of one needs.</summary>
    public Adoptions Adoptions { get; }

    /// <summary>
    /// Compiles the packs of the library. Errors: those of reading and compiling; <c>rules.no-vocabulary</c>. Without <paramref name="authorities"/> nothing that
    /// loosens can be adopted. <paramref name="profile"/> is the node's, on which the purposes of a role depend.
    /// </summary>
    public static Result<RuleBook> Open(
        PackLibrary library, string controller, IStore store, IKeyStore keys, TimeProvider time, PackAuthorities? authorities = null, string? profile = null)
    {
        var errors = new PackErrors();
        var documents = RuleDocuments.Of(library, errors);
        if (documents.Vocabulary is null)
        {
            return Error.NotFound("rules.no-vocabulary", "The vocabulary of the rule packs is not there.", "缺少规则包的词汇表。");
        }

        if (errors.All is [var unread, ..])
        {
            return unread;
        }

        var read = RuleLibrary.Read(documents.Vocabulary, documents.Packs);
        if (read.Errors is [var fault, ..])
        {
            return fault;
        }

        var purposes = AccessPack.Read(library, profile);
        var reviewers = AccessPack.ReadReviews(library);
        if (!reviewers.IsOk)
        {
            return reviewers.Error;
        }

        var clearances = AccessPack.ReadClearances(library, profile);
        var duties = AccessPack.ReadDuties(library);
        return (purposes.Error ?? clearances.Error ?? duties.Error) is { } unclear ? unclear
            : Of(read.Vocabulary!, read.Packs, purposes.Value, controller, store, keys, time, authorities, documents.Packs, reviewers.Value, clearances.Value, duties.Value);
    }

    /// <summary>The same over packs that were read elsewhere; <paramref name="documents"/> is how they are written, for comparing later versions with them.</summary>
    public static Result<RuleBook> Of(
        Vocabulary vocabulary, IReadOnlyList<RulePack> packs, IReadOnlyDictionary<string, IReadOnlySet<string>> purposes, string controller, IStore store, IKeyStore keys, TimeProvider time,
        PackAuthorities? authorities = null, IReadOnlyList<RulePackDocument>? documents = null, IReadOnlyDictionary<ReviewKind, IReadOnlySet<string>>? reviewers = null,
        IReadOnlyDictionary<string, int>? clearances = null, IReadOnlyDictionary<string, DutyKind>? duties = null)
    {
        var set = RulePackSet.Compile(vocabulary, packs);
        if (!set.IsOk)
        {
            return set.Error;
        }

        var written = (documents ?? []).ToDictionary(document => document.Id, StringComparer.Ordinal);
        return new RuleBook(set.Value, purposes, controller, new(set.Value, written, authorities, store, keys, time), store, time)
        {
            Reviewers = reviewers ?? new Dictionary<ReviewKind, IReadOnlySet<string>>(), Clearances = clearances ?? new Dictionary<string, int>(),
            Duties = duties ?? new Dictionary<string, DutyKind>(),
        };
    }

    /// <summary>The same packs over another door to the store.</summary>
    public RuleBook Over(IStore store) => new(Rules, Purposes, _controller, Adoptions.Over(store), store, _time) { Reviewers = Reviewers, Clearances = Clearances, Duties = Duties };

    /// <summary>The code of the organisation that decides on the processing on this node.</summary>
    public string Controller => _controller;

    public Task<IReadOnlyList<PackState>> StatesAsync(CancellationToken cancellationToken) => Adoptions.StatesAsync(cancellationToken);

    /// <summary>The rules that decide while these adoptions stand; read and compiled once for each state of them.</summary>
    internal async Task<RulesInForce> InForceAsync(IReadOnlyList<PackState> states, CancellationToken cancellationToken)
    {
        var others = states.Where(state => !state.Pack.IsFloor && ((state.InForce is { } adopted && adopted.Hash != state.Pack.Hash) || state.Waited.Count > 0)).ToList();
        if (others.Count == 0)
        {
            return new(Rules, [], []);
        }

        var key = string.Join(' ', others.SelectMany(state => state.Waited.Prepend(state.InForce?.Hash ?? "")));
        if (_inForce is { } known && known.Key == key)
        {
            return known.Rules;
        }

        var (packs, lost) = (Rules.Packs.ToDictionary(pack => pack.Id, StringComparer.Ordinal), new List<string>());
        async Task<IReadOnlyDictionary<string, RulePack>> WithAsync(Func<PackState, string?> hashOf)
        {
            var made = new Dictionary<string, RulePack>(packs, StringComparer.Ordinal);
            foreach (var state in others)
            {
                if (hashOf(state) is { } hash && hash != state.Pack.Hash)
                {
                    if (await Adoptions.AdoptedAsync(hash, cancellationToken) is { } pack)
                    {
                        made[state.Pack.Id] = pack;
                    }
                    else
                    {
                        lost.Add(state.Pack.Id);
                    }
                }
            }

            return made;
        }

        packs = new(await WithAsync(state => state.InForce?.Hash), StringComparer.Ordinal);
        var standing = RulePackSet.Compile(Rules.Vocabulary, [.. packs.Values]);
        var waiting = others.Exists(state => state.InForce is not null) ? [Rules] : new List<RulePackSet>();
        for (var at = 0; at < others.Max(state => state.Waited.Count); at++)
        {
            var layer = RulePackSet.Compile(Rules.Vocabulary, [.. (await WithAsync(state => state.Waited.ElementAtOrDefault(at))).Values]);
            if (layer.IsOk)
            {
                waiting.Add(layer.Value);
            }
            else
            {
                lost.AddRange(others.Select(state => state.Pack.Id));
            }
        }

        var found = standing.IsOk ? new RulesInForce(standing.Value, waiting, lost) : new RulesInForce(Rules, [], [.. others.Select(state => state.Pack.Id)]);
        _inForce = new(key, found);
        return found;
    }

    /// <summary>Adopts a pack by somebody whom its page showed every row (<see cref="Adoptions.AdoptAsync"/>).</summary>
    public Task<Result<Adoption>> AdoptAsync(Actor actor, string pack, string hash, CancellationToken cancellationToken) => Adoptions.AdoptAsync(
        actor, pack, hash, Rules.Packs.FirstOrDefault(known => known.Id == pack) is { } shown ? Adoptions.Unverified(shown) : [], cancellationToken);

    /// <summary>
    /// What would happen if: only facts that are given, nothing of any record (M40). Who tried what kind of question is noted, its facts are not.
    /// </summary>
    public async Task<Result<RuleTest>> TryAsync(Actor actor, IReadOnlyDictionary<string, IReadOnlyList<string>> facts, CancellationToken cancellationToken)
    {
        var request = Rules.NewRequest();
        foreach (var (fact, values) in facts)
        {
            if (request.Set(fact, [.. values]) is { } wrong)
            {
                return wrong;
            }
        }

        if (Rules.Vocabulary.Time is { } time && request[time] is null)
        {
            request.Set(time, Value.Of(_time.GetUtcNow()));
        }

        var noted = await _store.CommitAsync(
            new()
            {
                Actor = actor.Account,
                Reason = "rules.tried",
                Records = [Registers.Write(Registers.Reading, Ids.New(), 0, new { what = "rules-test", at = _time.GetUtcNow() }, "tried", new RecordHead("at", Registers.Time(_time.GetUtcNow())))],
            },
            cancellationToken);
        if (!noted.IsOk)
        {
            return noted.Error;
        }

        var states = await StatesAsync(cancellationToken);
        var rules = await InForceAsync(states, cancellationToken);
        var explanation = rules.Explain(request, _ => new(MayRead: fact => !fact.IsFloor)).Explanation;
        return new RuleTest(explanation.Decision.IsPermit, Kebab(explanation.Decision.Ground), ExplanationText.Lines(explanation, "en"), ExplanationText.Lines(explanation, "zh"),
            [.. rules.Lost.Concat(NotAdopted(explanation, states)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Packs that would permit and were not adopted.</summary>
    internal static IEnumerable<string> NotAdopted(Explanation explanation, IReadOnlyList<PackState> states) => explanation.Packs
        .Where(pack => pack.Outcome == PackOutcome.Permits && states.First(state => state.Pack.Id == pack.Pack.Id) is { IsAdopted: false } state && state.InForce?.Hash != pack.Pack.Hash)
        .Select(pack => pack.Pack.Id);

    internal static string Kebab(Ground ground) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(ground.ToString());

    private sealed record KnownRules(string Key, RulesInForce Rules);
}
