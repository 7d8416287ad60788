using System.Globalization;

namespace Waymark.Rules.Language;

/// <summary>Says a condition to people: facts and codes by their names, in English or Chinese. <see cref="ConditionText"/> writes what packs read.</summary>
internal sealed class ConditionWords(string language)
{
    private static readonly string[] Signs = ["=", "≠", "<", "≤", ">", "≥"];

    private readonly bool _chinese = language.StartsWith("zh", StringComparison.Ordinal);

    public string Of(Condition condition) => condition switch
    {
        ConstantCondition constant => YesOrNo(constant.Value),
        FactCondition plain => Is(plain.Fact, YesOrNo(true)),
        KnownCondition known => Is(known.Fact, Say("entered", "已填写")),
        NotCondition { Operand: FactCondition plain } => Is(plain.Fact, YesOrNo(false)),
        NotCondition { Operand: KnownCondition known } => Is(known.Fact, Say("not entered", "未填写")),
        NotCondition { Operand: MemberCondition member } => Is(member.Fact, Say("none of ", "均非") + Values(member)),
        NotCondition { Operand: ContainsCondition contains } => Is(contains.Set, Say("without ", "不包括") + Codes(contains)),
        NotCondition not => Say("not ", "并非") + $"({Of(not.Operand)})",
        AllCondition all => string.Join(Say(", and ", "，且"), all.Parts.Select(Inner)),
        AnyCondition any => string.Join(Say(", or ", "，或"), any.Parts.Select(Inner)),
        CompareCondition { Operator: Comparison.Equal, Left: FactTerm left, Right: ConstantTerm right } => Is(left.Fact, Of(right, left)),
        CompareCondition { Operator: Comparison.NotEqual, Left: FactTerm left, Right: ConstantTerm right } => Is(left.Fact, Say("other than ", "非") + Of(right, left)),
        CompareCondition compare => $"{Of(compare.Left, compare.Right)} {Signs[(int)compare.Operator]} {Of(compare.Right, compare.Left)}",
        MemberCondition member => Is(member.Fact, Values(member)),
        ContainsCondition contains => Is(contains.Set, Say("with ", "包括") + Codes(contains)),
        _ => "",
    };

    private string Inner(Condition condition) => condition is AllCondition or AnyCondition ? $"({Of(condition)})" : Of(condition);

    private string Is(Fact fact, string value) => Say($"{fact.Name.In(language)}: {value}", $"{fact.Name.In(language)}：{value}");

    private string Values(MemberCondition member) => string.Join(Say(" or ", "或"), member.Values.Select(value => Named(member.Fact, value)));

    private string Codes(ContainsCondition contains) =>
        contains.Member is { } member ? member.Name.In(language) : string.Join(Say(" or ", "或"), new Value(unchecked((long)contains.AnyOf)).CodesOf(contains.Set).Select(code => code.Name.In(language)));

    private string Named(Fact fact, Value value) => fact.Type switch
    {
        FactType.Code => fact.Codes!.Codes[(int)value.Number].Name.In(language),
        FactType.Boolean => YesOrNo(value.Number != 0),
        _ => value.ToText(fact),
    };

    private string Of(Term term, Term beside) => term switch
    {
        FactTerm fact => fact.Fact.Name.In(language),
        ConstantTerm { Type: FactType.Code } code => code.Codes!.Codes[(int)code.Value.Number].Name.In(language),
        ConstantTerm { Type: FactType.Duration } length => Value.LengthText(length.Value.Number),
        ConstantTerm constant when beside is FactTerm fact => Named(fact.Fact, constant.Value),
        ConstantTerm { Type: FactType.Date or FactType.Instant } moment => DateTimeOffset.FromUnixTimeMilliseconds(moment.Value.Number).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
        ConstantTerm number => ((decimal)number.Value.Number / Value.Scale).ToString("0.######", CultureInfo.InvariantCulture),
        ShiftTerm shift => $"{Of(shift.Moment, shift)} {(shift.Sign > 0 ? '+' : '-')} {Value.LengthText(shift.Length.Total)}",
        GapTerm gap => $"{Of(gap.Later, gap)} - {Of(gap.Earlier, gap)}",
        SumTerm sum => $"{Of(sum.Left, sum)} {(sum.Sign > 0 ? '+' : '-')} {Of(sum.Right, sum)}",
        _ => "",
    };

    private string YesOrNo(bool value) => value ? Say("yes", "是") : Say("no", "否");

    private string Say(string en, string zh) => _chinese ? zh : en;
}
