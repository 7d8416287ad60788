using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>
/// The rows of one list, each asked of the rules as its record would be. Facts on which no rule in force can hang are neither stated nor looked up, so a list costs no more where no rule asks
/// for anybody's choice.
/// </summary>
internal sealed class RowRules : IRowRules
{
    // With persons who were not asked for anything, and of whom nothing is held.
    private static readonly AskedRow s_nobody = new("", [""], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
    private static readonly RowRule s_out = new(RowAnswer.Out, new HashSet<string>(StringComparer.Ordinal));

    private readonly GateRequest _whole;
    private readonly RequestFacts _common;
    private readonly RulesInForce _rules;
    private readonly IReadOnlyList<PackState> _states;
    private readonly OwnFacts _own;
    private readonly Func<IReadOnlyList<AskedRow>, CancellationToken, Task<Result<IReadOnlyList<bool>>>> _ofOtherPurpose;
    private readonly IReadOnlyList<Fact> _kept;

    /// <param name="whole">The question about the list.</param>
    /// <param name="common">Its facts, with what the gate knows.</param>
    /// <param name="rowFacts">Facts that each record states itself.</param>
    /// <param name="rules">Those in force.</param>
    /// <param name="states">What is adopted.</param>
    /// <param name="own">What is kept about persons.</param>
    /// <param name="ofOtherPurpose">Which rows the asker opened for another purpose (M02).</param>
    public RowRules(
        GateRequest whole, RequestFacts common, IEnumerable<string> rowFacts, RulesInForce rules, IReadOnlyList<PackState> states, OwnFacts own,
        Func<IReadOnlyList<AskedRow>, CancellationToken, Task<Result<IReadOnlyList<bool>>>> ofOtherPurpose)
    {
        (_whole, _common, _rules, _states, _own, _ofOtherPurpose) = (whole, common, rules, states, own, ofOtherPurpose);
        _kept = [.. OwnFacts.OfPersons.Select(common.Vocabulary.Find).OfType<Fact>()];
        var free = rowFacts.Select(common.Vocabulary.Find).OfType<Fact>().Concat(_kept).Distinct().ToList();
        foreach (var fact in free)
        {
            common.Remove(fact);
        }

        Heard = Hears(common, free);
    }

    public IReadOnlySet<string> Heard { get; }

    public async Task<IReadOnlyList<RowRule>> AskAsync(IReadOnlyList<AskedRow> rows, CancellationToken cancellationToken)
    {
        // Rows that state the same are one group, and what is kept about their persons is looked up only where it can still change the answer.
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        var grouped = rows.Select(row =>
        {
            var facts = _common.Copy();
            var isWrong = row.Facts.Where(fact => Heard.Contains(fact.Key)).Any(fact => facts.Set(fact.Key, [.. fact.Value]) is not null);
            var key = Key(facts, Heard);
            return groups.TryGetValue(key, out var group) ? group : groups[key] = new(facts, isWrong, isWrong ? new HashSet<string>(StringComparer.Ordinal) : Hears(facts, _kept));
        }).ToList();
        var heard = groups.Values.SelectMany(group => group.Heard).ToHashSet(StringComparer.Ordinal);
        var setKept = await _own.OfRowsAsync(_whole, [.. rows.Zip(grouped).Where(pair => pair.Second.Heard.Count > 0).Select(pair => pair.First)], heard, cancellationToken);
        var answers = rows.Zip(grouped, (row, group) => group.IsWrong ? s_out : Of(row, group, setKept)).ToArray();
        var shown = Enumerable.Range(0, rows.Count).Where(at => !rows[at].IsOnlyCounted && answers[at].Answer == RowAnswer.Shown).ToList();
        var ofOther = await _ofOtherPurpose([.. shown.Select(at => rows[at])], cancellationToken);
        foreach (var (at, isOfOther) in ofOther.TryGet(out var known) ? shown.Zip(known) : throw new StoreException(ofOther.Error!))
        {
            answers[at] = isOfOther ? s_out with { Answer = RowAnswer.Stopped } : answers[at];
        }

        return answers;
    }

    private RowRule Of(AskedRow row, Group group, Func<AskedRow, RequestFacts, Error?> setKept)
    {
        var facts = group.Facts.Copy();
        if (setKept(row, facts) is not null)
        {
            return s_out;
        }

        var key = Key(facts, group.Heard);
        return group.Known.TryGetValue(key, out var rule) ? rule : group.Known[key] = Decided();

        RowRule Decided()
        {
            if (_rules.IsPermit(facts))
            {
                var explained = _rules.Explain(facts, _ => ExplainOptions.Everything);
                return RuleBook.NotAdopted(explained.Explanation, _states).Any() ? s_out : new(RowAnswer.Shown, explained.Masked);
            }

            // Is it what the persons chose, or the record?
            var record = group.Facts.Copy();
            return setKept(s_nobody, record) is null && _rules.IsPermit(record) ? s_out with { Answer = RowAnswer.Stopped } : s_out;
        }
    }

    private HashSet<string> Hears(RequestFacts facts, IReadOnlyList<Fact> free) =>
        _rules.Waiting.Prepend(_rules.Standing).SelectMany(set => new ListingQuery(set, facts, free).Heard()).Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);

    private static string Key(RequestFacts facts, IEnumerable<string> heard) => string.Join('\n', heard.Select(fact => facts[facts.Vocabulary.Find(fact)!]));

    /// <summary>Rows that state the same: what of the persons can still change the answer, and the answers so far.</summary>
    private sealed record Group(RequestFacts Facts, bool IsWrong, IReadOnlySet<string> Heard)
    {
        public Dictionary<string, RowRule> Known { get; } = new(StringComparer.Ordinal);
    }
}
