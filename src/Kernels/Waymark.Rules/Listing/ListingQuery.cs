using Waymark.Rules.Analysis;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>What records may have in one fact and still be listed.</summary>
/// <param name="Fact">A fact of records, of type code, codes or boolean.</param>
/// <param name="Codes">Codes that may be; of a set, a record that holds any other code is out. Of a boolean, 0 and 1.</param>
/// <param name="MayBeUnknown">True when a record without the fact may be listed.</param>
public sealed record FactFilter(Fact Fact, IReadOnlySet<int> Codes, bool MayBeUnknown)
{
    /// <summary>The codes as bits, for a store; only of facts with at most 64.</summary>
    public ulong Bits => Codes.Aggregate(0UL, (bits, code) => bits | 1UL << code);
}

/// <summary>
/// A coarse filter for a store: whatever it leaves out is surely denied. Whatever it lets through must still be decided one by one, so it never
/// widens what may be seen. <paramref name="IsEmpty"/>: no record can be listed.
/// </summary>
public sealed record RowFilter(bool IsEmpty, IReadOnlyList<FactFilter> Facts);

/// <summary>A record that may be listed, with the fields to hide.</summary>
public readonly record struct ListedRecord<T>(T Record, IReadOnlyList<Code> Masked);

/// <summary>
/// "Which of these records may this officer see for this purpose, and with which fields masked?" The request holds what is true of officer and purpose; the
/// facts of records come from each record. A record that is not permitted is left out without a trace.
/// </summary>
public sealed class ListingQuery(RulePackSet set, RequestFacts officer, IReadOnlyList<Fact> recordFacts, DutyAcceptance? accepted = null)
{
    /// <summary>The filter to hand to a store.</summary>
    public RowFilter Filter()
    {
        var open = Open();
        if (!PackPossibilities.MayPermit(set, open))
        {
            return new(true, []);
        }

        var filters = new List<FactFilter>();
        foreach (var fact in recordFacts.Where(fact => fact.Type is FactType.Code or FactType.Codes or FactType.Boolean))
        {
            var codes = new HashSet<int>();
            var count = fact.Type == FactType.Boolean ? 2 : fact.Codes!.Codes.Count;
            for (var code = 0; code < count; code++)
            {
                open = Open();
                if (fact.Type == FactType.Codes)
                {
                    open.FreeWith(fact, fact.Codes!.Codes[code]);
                }
                else
                {
                    open.Settle(fact, new Value(code));
                }

                if (PackPossibilities.MayPermit(set, open))
                {
                    codes.Add(code);
                }
            }

            open = Open();
            open.Settle(fact, null);
            var unknown = !fact.IsScope && PackPossibilities.MayPermit(set, open);
            if (codes.Count < count || !unknown)
            {
                filters.Add(new(fact, codes, unknown));
            }
        }

        return new(filters.Any(filter => filter.Codes.Count == 0 && !filter.MayBeUnknown && filter.Fact.Type != FactType.Codes), filters);
    }

    /// <summary>
    /// Those of the records' facts on which the answer can hang at all, given what is so for every record. Two records that agree in them are answered alike.
    /// </summary>
    public IReadOnlySet<Fact> Heard()
    {
        var open = Open();
        var heard = new HashSet<Fact>(set.Vocabulary.Scope.Where(open.IsFree));
        heard.UnionWith(set.Broken.SelectMany(listed => listed.Covers?.Keys ?? []).Select(set.Vocabulary.Find).OfType<Fact>().Where(open.IsFree));
        foreach (var pack in set.Packs)
        {
            // Where one permission surely grants, the others of its pack grant nothing more, and hide nothing: only duties do.
            var rules = open.Of(pack.Applies) == Possible.False ? [] : pack.Rules.Where(rule => open.InScope(rule) != Possible.False).ToList();
            var grants = rules.Exists(rule => rule.Kind == RuleKind.Permission && open.InScope(rule) == Possible.True && open.Of(rule.When) == Possible.True);
            foreach (var rule in rules.Where(rule => !grants || rule.Kind != RuleKind.Permission))
            {
                // What is surely one thing is no other, whatever the free facts are; a rule that surely does not arise requires nothing.
                heard.UnionWith(rule.Scope.Select(part => part.Fact).Where(open.IsFree));
                heard.UnionWith(Undecided(rule.When));
                heard.UnionWith(open.Of(rule.When) == Possible.False ? [] : Undecided(rule.Require));
            }

            heard.UnionWith(Undecided(pack.Applies));
        }

        return heard;

        IEnumerable<Fact> Undecided(Condition condition) => open.Of(condition) is Possible.True or Possible.False or Possible.Unknown ? [] : condition.Facts().Where(open.IsFree);
    }

    /// <summary>Decides each record; <paramref name="fill"/> sets the facts of the record it is given.</summary>
    public IEnumerable<ListedRecord<T>> Run<T>(IEnumerable<T> records, Action<T, RequestFacts> fill)
    {
        var request = officer.Copy();
        foreach (var record in records)
        {
            foreach (var fact in recordFacts)
            {
                request.Remove(fact);
            }

            fill(record, request);
            if (set.Decide(request, accepted).IsPermit)
            {
                yield return new(record, [.. set.Explain(request, new(accepted)).MaskedFields]);
            }
        }
    }

    private OpenFacts Open()
    {
        var open = new OpenFacts(officer.Copy());
        foreach (var fact in recordFacts)
        {
            open.Free(fact);
        }

        return open;
    }
}
