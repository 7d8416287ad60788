using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>A pack adopted by the operator: which bytes, by the legal officer and a second person.</summary>
public sealed record Adoption(string Pack, string Hash, Actor First, DateTimeOffset FirstAt, string? Second, DateTimeOffset? SecondAt)
{
    public bool IsComplete => Second is not null;
}

/// <summary>A pack with whether these very bytes were adopted.</summary>
public sealed record PackState(RulePack Pack, Adoption? Adoption)
{
    public bool IsAdopted => Pack.IsFloor || (Adoption is { IsComplete: true } adoption && adoption.Hash == Pack.Hash);
}

/// <summary>
/// The rule packs of this node, compiled together, floor included. A pack that the operator has not adopted still forbids and obliges; it grants
/// nothing on real data.
/// </summary>
public sealed class RuleBook : IRuleTests
{
    private readonly IStore _store;
    private readonly ActLeaves _leaves;
    private readonly TimeProvider _time;
    private readonly string _controller;

    private RuleBook(RulePackSet rules, IReadOnlyDictionary<string, IReadOnlySet<string>> purposes, string controller, IStore store, IKeyStore keys, TimeProvider time) =>
        (Rules, Purposes, _controller, _store, _leaves, _time) = (rules, purposes, controller, store, new(keys), time);

    public RulePackSet Rules { get; }

    /// <summary>Purposes per role.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Purposes { get; }

    /// <summary>Compiles the packs of the library. Errors: those of reading and compiling; <c>rules.no-vocabulary</c>.</summary>
    public static Result<RuleBook> Open(PackLibrary library, string controller, IStore store, IKeyStore keys, TimeProvider time)
    {
        var errors = new PackErrors();
        var documents = RuleDocuments.Of(library, errors);
        if (documents.Vocabulary is null)
        {
            return Error.NotFound("rules.no-vocabulary", "The vocabulary of the rule packs is not there.", "缺少规则包的词汇表。");
        }

        var read = RuleLibrary.Read(documents.Vocabulary, documents.Packs);
        if (read.Errors is [var fault, ..])
        {
            return fault;
        }

        var purposes = AccessPack.Read(library);
        return purposes.IsOk ? Of(read.Vocabulary!, read.Packs, purposes.Value, controller, store, keys, time) : purposes.Error;
    }

    /// <summary>The same over packs that were read elsewhere.</summary>
    public static Result<RuleBook> Of(
        Vocabulary vocabulary, IReadOnlyList<RulePack> packs, IReadOnlyDictionary<string, IReadOnlySet<string>> purposes, string controller, IStore store, IKeyStore keys, TimeProvider time)
    {
        var set = RulePackSet.Compile(vocabulary, packs);
        return set.IsOk ? new RuleBook(set.Value, purposes, controller, store, keys, time) : set.Error;
    }

    /// <summary>The code of the organisation that decides on the processing on this node.</summary>
    public string Controller => _controller;

    public async Task<IReadOnlyList<PackState>> StatesAsync(CancellationToken cancellationToken)
    {
        var states = new List<PackState>();
        foreach (var pack in Rules.Packs)
        {
            var record = await _store.Records.GetAsync(Registers.Adoption, pack.Id, cancellationToken);
            states.Add(new(pack, record is null ? null : Registers.Read<Adoption>(record)));
        }

        return states;
    }

    /// <summary>
    /// Adopts a pack as it is now: first the legal officer, then a second person who saw its unverified rows. Errors: <c>adoption.role</c>,
    /// <c>adoption.changed</c> (not the bytes the first one saw), <c>adoption.unknown</c>, <c>two.*</c>.
    /// </summary>
    public async Task<Result<Adoption>> AdoptAsync(Actor actor, string pack, string hash, CancellationToken cancellationToken)
    {
        if (Rules.Packs.FirstOrDefault(known => known.Id == pack) is not { } found)
        {
            return Error.NotFound("adoption.unknown", "There is no such rule pack.", "没有此规则包。", pack);
        }

        if (found.Hash != hash)
        {
            return Error.Conflict("adoption.changed", "The pack is not the one that was shown.", "规则包与所显示的不一致。", pack);
        }

        var record = await _store.Records.GetAsync(Registers.Adoption, pack, cancellationToken);
        var known = record is null ? null : Registers.Read<Adoption>(record);
        var now = _time.GetUtcNow();
        Adoption next;
        if (known is null || known.IsComplete || known.Hash != hash)
        {
            if (actor.Role != "legal-officer" || !actor.IsHardware)
            {
                return Error.Refused("adoption.role", "The legal officer begins, signed in with a trusted security key.", "须由法务官使用受信安全密钥登录后发起。");
            }

            next = new(pack, hash, actor, now, null, null);
        }
        else
        {
            if (TwoPersons.Check("", known.First, known.FirstAt, actor, now) is { } refusal)
            {
                return refusal;
            }

            next = known with { Second = actor.Account, SecondAt = now };
        }

        var written = await _store.CommitAsync(
            _leaves, new()
            {
                Actor = actor.Account,
                Reason = next.IsComplete ? "pack.adopted" : "pack.adoption-begun",
                Records = [Registers.Write(Registers.Adoption, pack, record?.Version ?? 0, next, next.IsComplete ? "adopted" : "begun", new RecordHead("hash", hash))],
            },
            [], now, cancellationToken);
        return written.IsOk ? next : written.Error;
    }

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

        var explanation = Rules.Explain(request, new(MayRead: fact => !fact.IsFloor));
        var states = await StatesAsync(cancellationToken);
        return new RuleTest(explanation.Decision.IsPermit, Kebab(explanation.Decision.Ground), ExplanationText.Lines(explanation, "en"), ExplanationText.Lines(explanation, "zh"),
            [.. NotAdopted(explanation, states)]);
    }

    /// <summary>Packs that would permit and were not adopted.</summary>
    internal static IEnumerable<string> NotAdopted(Explanation explanation, IReadOnlyList<PackState> states) => explanation.Packs
        .Where(pack => pack.Outcome == PackOutcome.Permits && !states.First(state => state.Pack.Id == pack.Pack.Id).IsAdopted).Select(pack => pack.Pack.Id);

    internal static string Kebab(Ground ground) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(ground.ToString());
}
