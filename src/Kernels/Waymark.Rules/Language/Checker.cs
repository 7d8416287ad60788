using System.Globalization;
using Waymark.Model.Rules;

namespace Waymark.Rules.Language;

/// <summary>Gives names their meaning and refuses what does not fit, with line and column.</summary>
internal sealed class Checker(Vocabulary vocabulary, IReadOnlyDictionary<string, Parameter> parameters, SourceText source, RuleErrors errors)
{
    /// <summary>The typed condition; null after an error was added.</summary>
    public static Condition? Read(SourceText source, Vocabulary vocabulary, IReadOnlyDictionary<string, Parameter> parameters, RuleErrors errors)
    {
        var before = errors.Count;
        if (Parser.Parse(source, errors) is not { } syntax)
        {
            return null;
        }

        var condition = new Checker(vocabulary, parameters, source, errors).Truth(syntax);
        return errors.Count == before ? condition : null;
    }

    private Condition? Truth(Syntax syntax)
    {
        switch (syntax)
        {
            case NameSyntax { Text: "true" or "false" } constant:
                return new ConstantCondition(constant.Text == "true");
            case NameSyntax name:
                if (Fact(name) is not { } fact)
                {
                    return null;
                }

                return fact.Type == FactType.Boolean ? new FactCondition(fact)
                    : Fail(name.At, "rules.not-a-truth", $"\"{fact}\" is not true or false; compare it with something.", $"“{fact}”不是真假值；请写出比较。");
            case KnownSyntax { Fact: NameSyntax asked }:
                return Fact(asked) is { } known ? new KnownCondition(known) : null;
            case NotSyntax not:
                return Truth(not.Operand) is { } operand ? new NotCondition(operand) : null;
            case BinarySyntax { Operator: "and" or "or" } both:
                var (left, right) = (Truth(both.Left), Truth(both.Right));
                return left is null || right is null ? null : both.Operator == "and" ? Condition.And(left, right) : Condition.Or(left, right);
            case BinarySyntax { Operator: "in" or "not in" } membership:
                return Negated(membership.Operator == "not in", Membership(membership));
            case BinarySyntax { Operator: "has" } has:
                return Has(has);
            case BinarySyntax { Operator: "+" or "-" } sum:
                return Fail(sum.At, "rules.not-a-truth", "A sum is not true or false; compare it with something.", "和不是真假值；请写出比较。");
            case BinarySyntax compare:
                return Compare(compare);
            default:
                return Fail(syntax.At, "rules.not-a-truth", "A condition is true, false or unknown; a value alone is none of them.", "条件只能为真、假或未知；单独一个值不是条件。");
        }
    }

    private static Condition? Negated(bool not, Condition? condition) => condition is not null && not ? new NotCondition(condition) : condition;

    private Condition? Membership(BinarySyntax syntax)
    {
        if (syntax.Left is not NameSyntax name || Fact(name) is not { } fact)
        {
            return syntax.Left is NameSyntax ? null : Fail(syntax.Left.At, "rules.not-a-fact", "Before \"in\" stands a fact.", "“in”之前须为事实。");
        }

        if (syntax.Right is ListSyntax list)
        {
            if (fact.Type == FactType.Codes)
            {
                return Fail(syntax.At, "rules.set-in-list", $"\"{fact}\" is a set; write \"{fact} has [ … ]\".", $"“{fact}”是集合；请写“{fact} has [ … ]”。");
            }

            var values = Values(list, fact);
            return values is null ? null : new MemberCondition(fact, values);
        }

        if (syntax.Right is NameSyntax right && Fact(right) is { } set)
        {
            return set.Type == FactType.Codes && fact.Type == FactType.Code && set.Codes == fact.Codes ? new ContainsCondition(set, 0, fact)
                : Fail(syntax.At, "rules.types", $"\"{fact}\" cannot be in \"{set}\": a code may be in a set of the same list.", $"“{fact}”不能属于“{set}”：代码只能属于同一代码表的集合。");
        }

        return syntax.Right is NameSyntax ? null : Fail(syntax.Right.At, "rules.not-a-list", "After \"in\" stands a list such as [a, b] or a set.", "“in”之后须为列表（如 [a, b]）或集合。");
    }

    private Condition? Has(BinarySyntax syntax)
    {
        if (syntax.Left is not NameSyntax name || Fact(name) is not { } set)
        {
            return syntax.Left is NameSyntax ? null : Fail(syntax.Left.At, "rules.not-a-fact", "Before \"has\" stands a fact.", "“has”之前须为事实。");
        }

        if (set.Type != FactType.Codes)
        {
            return Fail(name.At, "rules.not-a-set", $"\"{set}\" is not a set; compare it with = or in.", $"“{set}”不是集合；请用 = 或 in 比较。");
        }

        switch (syntax.Right)
        {
            case ListSyntax list:
                return Values(list, set) is { } values ? new ContainsCondition(set, values.Aggregate(0UL, (bits, value) => bits | unchecked((ulong)value.Number)), null) : null;
            case NameSyntax member when set.Codes!.Find(member.Text) is { } code:
                return new ContainsCondition(set, 1UL << code.Index, null);
            case NameSyntax member when vocabulary.Find(member.Text) is { Type: FactType.Code } fact && fact.Codes == set.Codes:
                return new ContainsCondition(set, 0, fact);
            case NameSyntax member:
                errors.Unknown(source, member.At, "rules.unknown-code", $"\"{member.Text}\" is no code of \"{set.Codes!.Id}\".", $"“{member.Text}”不是“{set.Codes.Id}”的代码。",
                    member.Text, set.Codes.Codes.Select(code => code.Id));
                return null;
            default:
                return Fail(syntax.Right.At, "rules.not-a-code", "After \"has\" stands a code or a list of codes.", "“has”之后须为代码或代码列表。");
        }
    }

    private List<Value>? Values(ListSyntax list, Fact fact)
    {
        var values = new List<Value>();
        foreach (var item in list.Items)
        {
            if (Resolve(item, new FactTerm(fact)) is not { } term)
            {
                return null;
            }

            if (term is not ConstantTerm constant || !Fits(fact.Type, constant.Type))
            {
                errors.Add(source, item.At, "rules.types", $"A list for \"{fact}\" holds values of its type only.", $"“{fact}”的列表只能包含其类型的值。");
                return null;
            }

            values.Add(constant.Value);
        }

        return values;
    }

    private static bool Fits(FactType fact, FactType constant) => fact == constant
        || (fact is FactType.Whole && constant == FactType.Number) || (fact == FactType.Instant && constant == FactType.Date) || (fact == FactType.Codes && constant == FactType.Code);

    private Condition? Compare(BinarySyntax syntax)
    {
        if (syntax.Operator is "=" or "!=" && syntax.Right is ListSyntax list && syntax.Left is NameSyntax name && vocabulary.Find(name.Text) is { Type: FactType.Codes } set)
        {
            return Values(list, set) is { } values ? Set(set, values, syntax.Operator == "!=") : null;
        }

        var rightFirst = syntax.Left is NameSyntax code && vocabulary.Find(code.Text) is null && syntax.Right is NameSyntax other && vocabulary.Find(other.Text) is not null;
        var first = Resolve(rightFirst ? syntax.Right : syntax.Left, null);
        var second = first is null ? null : Resolve(rightFirst ? syntax.Left : syntax.Right, first);
        if (first is null || second is null)
        {
            return null;
        }

        var (left, right) = rightFirst ? (second, first) : (first, second);
        var comparison = syntax.Operator switch
        {
            "=" => Comparison.Equal, "!=" => Comparison.NotEqual, "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual, ">" => Comparison.Greater, _ => Comparison.GreaterOrEqual,
        };
        if (!Comparable(left, right))
        {
            return Fail(syntax.At, "rules.types", $"{Describe(left).En} cannot be compared with {Describe(right).En}.", $"{Describe(left).Zh}不能与{Describe(right).Zh}比较。");
        }

        if (comparison > Comparison.NotEqual && !(Family(left.Type) is 'n' or 't' or 'd' || (left.Type == FactType.Code && left.Codes!.IsOrdered)))
        {
            return Fail(syntax.At, "rules.no-order", $"{Describe(left).En} has no order; only = and != compare it.", $"{Describe(left).Zh}没有顺序；只能用 = 与 != 比较。");
        }

        return new CompareCondition(comparison, left, right);
    }

    private static CompareCondition Set(Fact set, List<Value> values, bool not)
    {
        var bits = values.Aggregate(0L, (bits, value) => bits | value.Number);
        return new CompareCondition(not ? Comparison.NotEqual : Comparison.Equal, new FactTerm(set), new ConstantTerm(FactType.Codes, set.Codes, new(bits)));
    }

    private static bool Comparable(Term left, Term right) => Family(left.Type) == Family(right.Type) && left.Type != FactType.Codes
        && (left.Type != FactType.Code || left.Codes == right.Codes);

    private static char Family(FactType type) => type switch
    {
        FactType.Whole or FactType.Number => 'n',
        FactType.Date or FactType.Instant => 't',
        FactType.Duration => 'd',
        FactType.Boolean => 'b',
        FactType.Code => 'c',
        FactType.Codes => 's',
        FactType.TextId => 'i',
        _ => 'l',
    };

    private static (string En, string Zh) Describe(Term term)
    {
        var name = term is FactTerm fact ? fact.Fact.Id : null;
        var (en, zh) = Family(term.Type) switch
        {
            'n' => ("a number", "数字"), 't' => ("a moment", "时刻"), 'd' => ("a length of time", "时长"), 'b' => ("a truth value", "真假值"),
            'c' => ($"a code of \"{term.Codes!.Id}\"", $"“{term.Codes!.Id}”的代码"), 's' => ("a set", "集合"), 'i' => ("an identifier", "标识"), _ => ("a country or area", "国家或地区"),
        };
        return name is null ? (en, zh) : ($"\"{name}\" ({en})", $"“{name}”（{zh}）");
    }

    private Term? Resolve(Syntax syntax, Term? beside)
    {
        switch (syntax)
        {
            case NameSyntax name:
                return Name(name, beside);
            case ParameterSyntax asked:
                if (parameters.TryGetValue(asked.Id, out var parameter))
                {
                    return parameter.Term;
                }

                errors.Unknown(source, asked.At, "rules.unknown-parameter", $"There is no parameter \"${asked.Id}\" in this pack.", $"本包没有参数“${asked.Id}”。", asked.Id, parameters.Keys);
                return null;
            case NumberSyntax { Unit: { } unit } number:
                return ValueReader.Length(decimal.Parse(number.Text, CultureInfo.InvariantCulture), unit) is { } length
                    ? new ConstantTerm(FactType.Duration, null, new(length.Total), length)
                    : (Term?)Lost(number.At, "rules.length", $"\"{number.Text} {unit}\" is not a length of time.", $"“{number.Text} {unit}”不是时长。");
            case NumberSyntax number:
                return ValueReader.Number(number.Text) is { } value ? new ConstantTerm(FactType.Number, null, value)
                    : (Term?)Lost(number.At, "rules.number", $"\"{number.Text}\" is not a number with at most six decimals.", $"“{number.Text}”不是最多六位小数的数字。");
            case MomentSyntax moment:
                return ValueReader.Instant(moment.Text) is { } instant ? new ConstantTerm(ValueReader.Date(moment.Text) is null ? FactType.Instant : FactType.Date, null, instant)
                    : (Term?)Lost(moment.At, "rules.moment", $"\"{moment.Text}\" is not a date such as 2026-11-21 or a moment such as 2026-11-21T10:00Z.", $"“{moment.Text}”不是日期（2026-11-21）或时刻（2026-11-21T10:00Z）。");
            case BinarySyntax { Operator: "+" or "-" } sum:
                return Sum(sum);
            default:
                return (Term?)Lost(syntax.At, "rules.not-a-value", "Here stands a fact, a code, a number, a date or a length of time.", "此处须为事实、代码、数字、日期或时长。");
        }
    }

    private Term? Sum(BinarySyntax syntax)
    {
        var (left, right) = (Resolve(syntax.Left, null), Resolve(syntax.Right, null));
        if (left is null || right is null)
        {
            return null;
        }

        var sign = syntax.Operator == "+" ? 1 : -1;
        return (Family(left.Type), Family(right.Type)) switch
        {
            ('t', 'd') when right is ConstantTerm constant => new ShiftTerm(left, sign, constant.Length),
            ('t', 't') when sign < 0 => new GapTerm(left, right),
            ('n', 'n') => new SumTerm(left, sign, right),
            _ => (Term?)Lost(syntax.At, "rules.types", $"{Describe(left).En} and {Describe(right).En} cannot be joined by {syntax.Operator}; a moment takes a fixed length of time.",
                $"{Describe(left).Zh}与{Describe(right).Zh}不能用 {syntax.Operator} 相连；时刻只能加减固定时长。"),
        };
    }

    private Term? Name(NameSyntax name, Term? beside)
    {
        if (beside is { Type: FactType.Code or FactType.Codes } && beside.Codes!.Find(name.Text) is { } code)
        {
            return new ConstantTerm(FactType.Code, beside.Codes, beside.Type == FactType.Codes ? Value.Of([code]) : Value.Of(code));
        }

        if (vocabulary.Find(name.Text) is { } fact)
        {
            return new FactTerm(fact);
        }

        switch (beside?.Type)
        {
            case FactType.Code or FactType.Codes:
                errors.Unknown(source, name.At, "rules.unknown-code", $"\"{name.Text}\" is no code of \"{beside.Codes!.Id}\".", $"“{name.Text}”不是“{beside.Codes.Id}”的代码。",
                    name.Text, beside.Codes.Codes.Select(known => known.Id));
                return null;
            case FactType.TextId:
                return new ConstantTerm(FactType.TextId, null, Value.Of(name.Text));
            case FactType.Boolean when name.Text is "true" or "false":
                return new ConstantTerm(FactType.Boolean, null, Value.Of(name.Text == "true"));
            case FactType.Country when ValueReader.IsCountry(name.Text):
                return new ConstantTerm(FactType.Country, null, Value.OfCountry(name.Text));
            default:
                _ = Fact(name);
                return null;
        }
    }

    private Fact? Fact(NameSyntax name)
    {
        if (vocabulary.Find(name.Text) is { } fact)
        {
            return fact;
        }

        errors.Unknown(source, name.At, "rules.unknown-fact", $"There is no fact \"{name.Text}\" in the vocabulary.", $"词汇表中没有事实“{name.Text}”。", name.Text, vocabulary.Facts.Select(known => known.Id));
        return null;
    }

    private Condition? Fail(int at, string code, string en, string zh)
    {
        errors.Add(source, at, code, en, zh);
        return null;
    }

    private object? Lost(int at, string code, string en, string zh)
    {
        errors.Add(source, at, code, en, zh);
        return null;
    }
}
