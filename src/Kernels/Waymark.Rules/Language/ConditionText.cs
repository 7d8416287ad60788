using System.Globalization;

namespace Waymark.Rules.Language;

/// <summary>Writes a condition back as packs write it.</summary>
internal static class ConditionText
{
    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">="];

    public static string Of(Condition condition) => condition switch
    {
        ConstantCondition constant => constant.Value ? "true" : "false",
        FactCondition plain => plain.Fact.Id,
        KnownCondition known => $"known({known.Fact})",
        NotCondition { Operand: MemberCondition member } => $"{member.Fact} not in {List(member)}",
        NotCondition not => $"not {Inner(not.Operand)}",
        AllCondition all => string.Join(" and ", all.Parts.Select(Inner)),
        AnyCondition any => string.Join(" or ", any.Parts.Select(Inner)),
        CompareCondition compare => $"{Of(compare.Left, compare.Right)} {Signs[(int)compare.Operator]} {Of(compare.Right, compare.Left)}",
        MemberCondition member => $"{member.Fact} in {List(member)}",
        ContainsCondition { Member: { } member } contains => $"{contains.Set} has {member}",
        ContainsCondition contains => $"{contains.Set} has {Codes(contains)}",
        _ => "",
    };

    private static string Inner(Condition condition) => condition is AllCondition or AnyCondition ? $"({Of(condition)})" : Of(condition);

    private static string List(MemberCondition member) => $"[{string.Join(", ", member.Values.Select(value => value.ToText(member.Fact)))}]";

    private static string Codes(ContainsCondition contains)
    {
        var codes = new Value(unchecked((long)contains.AnyOf)).CodesOf(contains.Set).Select(code => code.Id).ToList();
        return codes.Count == 1 ? codes[0] : $"[{string.Join(", ", codes)}]";
    }

    private static string Of(Term term, Term beside) => term switch
    {
        FactTerm fact => fact.Fact.Id,
        ConstantTerm { Type: FactType.Code } code => code.Codes!.Codes[(int)code.Value.Number].Id,
        ConstantTerm { Type: FactType.Duration } length => Value.LengthText(length.Value.Number),
        ConstantTerm constant when beside is FactTerm fact => constant.Value.ToText(fact.Fact),
        ConstantTerm { Type: FactType.Date or FactType.Instant } moment => DateTimeOffset.FromUnixTimeMilliseconds(moment.Value.Number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ConstantTerm number => ((decimal)number.Value.Number / Value.Scale).ToString("0.######", CultureInfo.InvariantCulture),
        ShiftTerm shift => $"{Of(shift.Moment, shift)} {(shift.Sign > 0 ? '+' : '-')} {Value.LengthText(shift.Length.Total)}",
        GapTerm gap => $"{Of(gap.Later, gap)} - {Of(gap.Earlier, gap)}",
        SumTerm sum => $"{Of(sum.Left, sum)} {(sum.Sign > 0 ? '+' : '-')} {Of(sum.Right, sum)}",
        _ => "",
    };
}
