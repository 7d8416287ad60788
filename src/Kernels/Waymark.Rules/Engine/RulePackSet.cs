using Waymark.Model;
using Waymark.Rules.Engine;

namespace Waymark.Rules;

/// <summary>
/// Packs compiled together, ready to decide. Immutable and safe for many threads; a newer set takes its place as a whole. The floor is always part of it.
/// </summary>
public sealed class RulePackSet
{
    internal const int MostWords = 1_024;

    private readonly IReadOnlyList<ListedPack> _broken;

    private RulePackSet(Vocabulary vocabulary, IReadOnlyList<RulePack> packs, RuleTable table, IReadOnlyList<ListedPack> broken) =>
        (Vocabulary, Packs, Table, _broken) = (vocabulary, packs, table, broken);

    public Vocabulary Vocabulary { get; }

    /// <summary>The packs, the floor first.</summary>
    public IReadOnlyList<RulePack> Packs { get; }

    /// <summary>What the profile lists and is absent or different.</summary>
    public IReadOnlyList<ListedPack> Broken => _broken;

    internal RuleTable Table { get; }

    /// <summary>
    /// Compiles packs over their vocabulary. Errors: <c>rules.no-floor</c> when there is not exactly one floor, <c>rules.vocabulary</c>, <c>rules.duplicate-pack</c>,
    /// <c>rules.duplicate-rule</c>, <c>rules.too-many-rules</c>.
    /// </summary>
    /// <param name="vocabulary">The vocabulary that the packs were read with.</param>
    /// <param name="packs">The packs in the conjunction, floor included.</param>
    /// <param name="profile">What the controller's signed profile lists; null when there is none.</param>
    public static Result<RulePackSet> Compile(Vocabulary vocabulary, IReadOnlyList<RulePack> packs, IReadOnlyList<ListedPack>? profile = null)
    {
        if (packs.Count(pack => pack.IsFloor) != 1)
        {
            return Error.Refused("rules.no-floor", "The floor pack must stand in the set, once.", "底线包必须且只能在规则集中出现一次。");
        }

        if (packs.Any(pack => pack.Vocabulary != vocabulary))
        {
            return Error.Conflict("rules.vocabulary", "A pack was read with another vocabulary.", "有规则包是用另一词汇表读取的。");
        }

        var ordered = packs.OrderByDescending(pack => pack.IsFloor).ThenBy(pack => pack.Id, StringComparer.Ordinal).ToList();
        if (ordered.Select(pack => pack.Id).Distinct(StringComparer.Ordinal).Count() != ordered.Count)
        {
            return Error.Conflict("rules.duplicate-pack", "A pack stands twice in the set.", "规则集中有重复的包。");
        }

        var twice = ordered.SelectMany(pack => pack.Rules).GroupBy(rule => rule.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            return Error.Conflict("rules.duplicate-rule", $"The rule \"{twice.Key}\" stands twice.", $"规则“{twice.Key}”重复。", twice.Last().Where);
        }

        if (ordered.Sum(pack => (pack.Rules.Count + 63) / 64) > MostWords)
        {
            return Error.TooLarge("rules.too-many-rules", "The set holds too many rules.", "规则过多。");
        }

        var broken = (profile ?? []).Where(listed => !(listed.Id == $"vocabulary/{vocabulary.Id}" && listed.Hash == vocabulary.Hash)
            && ordered.All(pack => pack.Id != listed.Id || pack.Hash != listed.Hash)).ToList();
        return new RulePackSet(vocabulary, ordered, new RuleTable(ordered, vocabulary), broken);
    }

    /// <summary>Facts of a new request, all unknown.</summary>
    public RequestFacts NewRequest() => new(Vocabulary);

    /// <summary>
    /// The decision alone. Allocates nothing. <paramref name="accepted"/> says which mandatory duties the caller can carry out; null: all.
    /// </summary>
    public Decision Decide(RequestFacts request, DutyAcceptance? accepted = null) => Decider.Decide(this, request, accepted);

    /// <summary>The decision with its reasons: what <see cref="Decide"/> answers, and per pack what decided.</summary>
    public Explanation Explain(RequestFacts request, ExplainOptions? options = null) => new Explainer(this, request, options ?? ExplainOptions.Everything).Run();

    /// <summary>What a caller states that can carry out the duties of these ids and no others.</summary>
    public DutyAcceptance Accepting(IEnumerable<string> dutyIds)
    {
        var known = dutyIds.ToHashSet(StringComparer.Ordinal);
        return new([.. Table.Rules.Select(rule => rule?.Rule.Duty is { } duty && known.Contains(duty.Id))]);
    }

    /// <summary>The pack of a rule.</summary>
    public RulePack PackOf(Rule rule) => Packs.First(pack => pack.Rules.Contains(rule));

    internal bool IsBroken(RequestFacts request)
    {
        foreach (var listed in _broken)
        {
            if (listed.Covers is null || listed.Covers.All(pair => Covers(request, pair.Key, pair.Value)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Covers(RequestFacts request, string fact, IReadOnlyList<string> codes)
    {
        if (Vocabulary.Find(fact) is not { Codes: { } list } found || request[found] is not { } value)
        {
            return true;
        }

        return codes.Select(list.Find).Any(code => code is null || (found.Type == FactType.Codes ? (value.Number >> code.Index & 1) == 1 : value.Number == code.Index));
    }
}
