using Waymark.Model.Rules;

namespace Waymark.Rules.Language;

/// <summary>
/// A Pratt parser: every operator has a strength, and an operand belongs to the stronger neighbour. Weakest first: or, and, not, comparison
/// (which does not chain), plus and minus.
/// </summary>
internal sealed class Parser
{
    public const int Deepest = 24;

    public const int LongestList = 256;

    private const int NotStrength = 30;

    private static readonly Dictionary<string, int> Strengths = new(StringComparer.Ordinal)
    {
        ["or"] = 10, ["and"] = 20, ["="] = 40, ["!="] = 40, ["<"] = 40, ["<="] = 40, [">"] = 40, [">="] = 40,
        ["in"] = 40, ["not in"] = 40, ["has"] = 40, ["+"] = 50, ["-"] = 50,
    };

    private readonly SourceText _source;
    private readonly RuleErrors _errors;
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;
    private bool _failed;

    private Parser(SourceText source, RuleErrors errors)
    {
        (_source, _errors) = (source, errors);
        _tokens = new Lexer(source, errors).Run();
    }

    private Token Current => _tokens[Math.Min(_next, _tokens.Count - 1)];

    /// <summary>The condition, or null after an error was added.</summary>
    public static Syntax? Parse(SourceText source, RuleErrors errors)
    {
        var parser = new Parser(source, errors);
        if (parser._tokens[^1].Kind == TokenKind.Faulty)
        {
            return null;
        }

        var syntax = parser.Expression(0);
        if (!parser._failed && parser.Current.Kind != TokenKind.End)
        {
            parser.Fail(parser.Current, $"\"{parser.Current.Text}\" is not expected here; \"and\" or \"or\" may be missing.", $"此处不应有“{parser.Current.Text}”；可能缺少“and”或“or”。");
        }

        return parser._failed ? null : syntax;
    }

    private Syntax Expression(int weakest)
    {
        if (++_depth > Deepest)
        {
            Fail(Current, $"Nested deeper than {Deepest} levels.", $"嵌套超过 {Deepest} 层。");
        }

        var left = _failed ? new NameSyntax(0, "") : Operand();
        while (!_failed && Infix() is { } infix && Strengths[infix] > weakest)
        {
            var at = Current.At;
            _next += infix == "not in" ? 2 : 1;
            var right = Expression(Strengths[infix]);
            left = new BinarySyntax(at, infix, left, right);
            if (Strengths[infix] == 40 && !_failed && Infix() is { } again && Strengths[again] == 40)
            {
                Fail(Current, "Comparisons do not chain; join two of them with \"and\".", "比较不能连写；请用“and”连接两个比较。");
            }
        }

        _depth--;
        return left;
    }

    private string? Infix()
    {
        var token = Current;
        if (token is { Kind: TokenKind.Name, Text: "not" } && _next + 1 < _tokens.Count && _tokens[_next + 1] is { Kind: TokenKind.Name, Text: "in" })
        {
            return "not in";
        }

        return token.Kind is TokenKind.Name or TokenKind.Sign && Strengths.ContainsKey(token.Text) ? token.Text : null;
    }

    private Syntax Operand()
    {
        var token = Current;
        _next++;
        switch (token)
        {
            case { Kind: TokenKind.Name, Text: "not" }:
                return new NotSyntax(token.At, Expression(NotStrength));
            case { Kind: TokenKind.Name, Text: "known" } when Current.Text == "(":
                _next++;
                var fact = Current;
                if (fact.Kind != TokenKind.Name)
                {
                    return Fail(fact, "known( ) asks about one fact.", "known( ) 只能询问一个事实。");
                }

                _next++;
                Close(")");
                return new KnownSyntax(token.At, new NameSyntax(fact.At, fact.Text));
            case { Kind: TokenKind.Name, Text: "and" or "or" or "in" or "has" }:
                return Fail(token, $"\"{token.Text}\" needs something before it.", $"“{token.Text}”之前缺少内容。");
            case { Kind: TokenKind.Name }:
                return new NameSyntax(token.At, token.Text);
            case { Kind: TokenKind.Parameter }:
                return new ParameterSyntax(token.At, token.Text[1..]);
            case { Kind: TokenKind.Moment }:
                return new MomentSyntax(token.At, token.Text);
            case { Kind: TokenKind.Number }:
                return Number(token, "");
            case { Kind: TokenKind.Sign, Text: "-" } when Current.Kind == TokenKind.Number && Current.At == token.At + 1:
                _next++;
                return Number(_tokens[_next - 1], "-");
            case { Kind: TokenKind.Sign, Text: "(" }:
                var inside = Expression(0);
                Close(")");
                return inside;
            case { Kind: TokenKind.Sign, Text: "[" }:
                return List(token);
            case { Kind: TokenKind.End }:
                return Fail(token, "The condition ends too early.", "条件不完整。");
            default:
                return Fail(token, $"\"{token.Text}\" is not expected here.", $"此处不应有“{token.Text}”。");
        }
    }

    private NumberSyntax Number(Token token, string sign)
    {
        string? unit = null;
        if (Current.Kind == TokenKind.Name && ValueReader.Units.ContainsKey(Current.Text.TrimEnd('s')))
        {
            unit = Current.Text;
            _next++;
        }

        return new(token.At, sign + token.Text, unit);
    }

    private Syntax List(Token open)
    {
        var items = new List<Syntax>();
        while (!_failed && Current.Text != "]")
        {
            items.Add(Expression(40));
            if (items.Count > LongestList)
            {
                return Fail(open, $"A list has at most {LongestList} items.", $"列表最多 {LongestList} 项。");
            }

            if (Current.Text == ",")
            {
                _next++;
            }
            else if (Current.Text != "]")
            {
                return Fail(Current, "\",\" or \"]\" is missing.", "缺少“,”或“]”。");
            }
        }

        Close("]");
        return new ListSyntax(open.At, items);
    }

    private bool Close(string sign)
    {
        if (_failed)
        {
            return false;
        }

        if (Current.Text != sign)
        {
            Fail(Current, $"\"{sign}\" is missing.", $"缺少“{sign}”。");
            return false;
        }

        _next++;
        return true;
    }

    private NameSyntax Fail(Token at, string en, string zh)
    {
        if (!_failed)
        {
            _errors.Add(_source, at.At, "rules.syntax", en, zh);
        }

        _failed = true;
        return new(at.At, "");
    }
}
