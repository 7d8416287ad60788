using Waymark.Rules.Language;

namespace Waymark.Rules.Analysis;

/// <summary>
/// For each fact a few values that stand for all: every code, both sides and the very point of each constant, one value that no rule names, and unknown. Conditions
/// over single facts cannot tell other values apart. Sums of several facts can; <see cref="IsExact"/> says whether any occur.
/// </summary>
internal sealed class Domains
{
    private const int MostClasses = 6;

    private readonly Dictionary<Fact, List<Value?>> _values = [];
    private readonly IReadOnlyList<Rule> _rules;
    private bool _sampledSets;

    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="conditions">The conditions that will be asked.</param>
    /// <param name="rules">The rules whose scopes will be asked.</param>
    public Domains(Vocabulary vocabulary, IReadOnlyList<Condition> conditions, IReadOnlyList<Rule> rules)
    {
        _rules = rules;
        var atoms = conditions.SelectMany(condition => condition.Atoms()).ToList();
        Facts = [.. atoms.SelectMany(atom => atom.Facts()).Concat(vocabulary.ScopeFacts).Distinct().OrderBy(fact => fact.Index)];
        var isPlain = !atoms.Any(atom => atom is CompareCondition { Left: not (FactTerm or ConstantTerm) } or CompareCondition { Right: not (FactTerm or ConstantTerm) }
            || (atom is CompareCondition && atom.Facts().Count() > 1 && atom.Facts().Any(fact => fact.Type is not (FactType.Code or FactType.Boolean))));
        var moments = atoms.OfType<CompareCondition>().SelectMany(compare => Constants(compare.Left).Concat(Constants(compare.Right))).Where(constant => constant.Type is FactType.Date or FactType.Instant)
            .Select(constant => constant.Value.Number).Append(Now).Distinct().ToList();
        var lengths = atoms.OfType<CompareCondition>().SelectMany(compare => Lengths(compare.Left).Concat(Lengths(compare.Right))).Distinct().ToList();
        foreach (var fact in Facts)
        {
            _values[fact] = [.. Of(fact, atoms, moments, lengths).Distinct().Select(number => (Value?)number), .. fact.IsScope ? [] : new Value?[] { null }];
        }

        IsExact = isPlain && !_sampledSets;
    }

    /// <summary>A fixed moment for the clock of analyses: 2026-11-21.</summary>
    public const long Now = 1_795_219_200_000;

    public IReadOnlyList<Fact> Facts { get; }

    public bool IsExact { get; }

    public IReadOnlyList<Value?> Of(Fact fact) => _values[fact];

    private IEnumerable<Value> Of(Fact fact, List<Condition> atoms, List<long> moments, List<long> lengths)
    {
        switch (fact.Type)
        {
            case FactType.Boolean:
                return [Value.Of(true), Value.Of(false)];
            case FactType.Code:
                return Representatives(fact, atoms).Select(Value.Of);
            case FactType.Codes:
                return Sets(fact, Representatives(fact, atoms));
            case FactType.TextId:
                return [.. atoms.SelectMany(Texts).Distinct(StringComparer.Ordinal).Select(Value.Of), Value.Of("any-value")];
            case FactType.Country:
                return [.. Named(fact, atoms), Value.OfCountry("XXA"), Value.OfCountry("XXB")];
            case FactType.Date or FactType.Instant:
                if (fact.Id == "request.time")
                {
                    return moments.SelectMany(moment => new[] { moment, moment - 1_000, moment + 1_000 }).Append(Now).Distinct().Select(moment => new Value(moment));
                }

                return [.. moments.SelectMany(moment => lengths.Append(0).SelectMany(length => new[] { moment - length, moment + length }))
                    .SelectMany(moment => new[] { moment - Value.Day, moment, moment + Value.Day }).Distinct().Select(moment => new Value(moment))];
            default:
                var step = fact.Type switch { FactType.Whole => Value.Scale, FactType.Duration => 1_000, _ => 1L };
                return [.. Named(fact, atoms).SelectMany(value => new[] { new Value(value.Number - step), value, new Value(value.Number + step) }).DefaultIfEmpty(new Value(0))];
        }
    }

    /// <summary>One code of each class that no scope and no condition tells apart.</summary>
    private List<Code> Representatives(Fact fact, List<Condition> atoms)
    {
        var mine = atoms.Where(atom => atom.Facts().Contains(fact)).ToList();
        if (mine.Exists(atom => atom is ContainsCondition { Member: not null } or CompareCondition { Left: FactTerm, Right: FactTerm }) || fact.Codes!.IsOrdered)
        {
            return [.. fact.Codes!.Codes];
        }

        return [.. fact.Codes!.Codes.GroupBy(code => string.Concat(_rules.SelectMany(rule => rule.Scope).Where(part => part.Fact == fact).Select(part => part.Codes.Contains(code.Index) ? '1' : '0')
            .Concat(mine.Select(atom => Names(atom, code) ? '1' : '0')))).Select(group => group.First())];
    }

    private static bool Names(Condition atom, Code code) => atom switch
    {
        MemberCondition member => member.Values.Any(value => value.Number == code.Index),
        ContainsCondition contains => (contains.AnyOf >> code.Index & 1) == 1,
        CompareCondition compare => Constants(compare.Left).Concat(Constants(compare.Right)).Any(constant => constant.Type == FactType.Codes
            ? (constant.Value.Number >> code.Index & 1) == 1 : constant.Value.Number == code.Index),
        _ => false,
    };

    private List<Value> Sets(Fact fact, List<Code> codes)
    {
        if (codes.Count <= MostClasses)
        {
            return [.. Enumerable.Range(fact.IsScope ? 1 : 0, (1 << codes.Count) - (fact.IsScope ? 1 : 0))
                .Select(bits => Value.Of(codes.Where((_, place) => (bits >> place & 1) == 1)))];
        }

        _sampledSets = true;
        var pairs = codes.SelectMany(left => codes.Where(right => right.Index >= left.Index).Select(right => Value.Of([left, right])));
        return [.. fact.IsScope ? [] : new[] { new Value(0) }, .. pairs];
    }

    private static IEnumerable<Value> Named(Fact fact, List<Condition> atoms) => atoms.Where(atom => atom.Facts().Contains(fact)).SelectMany(atom => atom switch
    {
        CompareCondition compare => Constants(compare.Left).Concat(Constants(compare.Right)).Select(constant => constant.Value),
        MemberCondition member => member.Values,
        _ => [],
    }).Distinct();

    private static IEnumerable<ConstantTerm> Constants(Term term) => term switch
    {
        ConstantTerm constant => [constant],
        SumTerm sum => Constants(sum.Left).Concat(Constants(sum.Right)),
        ShiftTerm shift => Constants(shift.Moment),
        GapTerm gap => Constants(gap.Later).Concat(Constants(gap.Earlier)),
        _ => [],
    };

    private static IEnumerable<long> Lengths(Term term) => term switch
    {
        ShiftTerm shift => [shift.Length.Total],
        ConstantTerm { Type: FactType.Duration } length => [length.Value.Number],
        _ => [],
    };

    private static IEnumerable<string> Texts(Condition atom) => atom switch
    {
        CompareCondition { Left: ConstantTerm { Value.Text: { } left } } => [left],
        CompareCondition { Right: ConstantTerm { Value.Text: { } right } } => [right],
        MemberCondition { Fact.Type: FactType.TextId } member => member.Values.Select(value => value.Text!),
        _ => [],
    };
}
