using System.Globalization;
using System.Text;
using Waymark.Model.Rules;

namespace Waymark.Rules.Language;

internal enum TokenKind
{
    End,
    Name,
    Parameter,
    Number,
    Moment,
    Sign,
    Faulty,
}

internal readonly record struct Token(TokenKind Kind, int At, string Text);

/// <summary>
/// Cuts a condition into tokens. Names may hold <c>.</c>, <c>-</c> and <c>_</c> between letters, so a minus between values needs blanks around it. Letters
/// outside ASCII are refused by name: two conditions that look alike must be alike.
/// </summary>
internal sealed class Lexer(SourceText source, RuleErrors errors)
{
    public const int Longest = 4_000;

    private static readonly string[] Signs = ["!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", "+", "-"];

    private readonly string _text = source.Text;

    public List<Token> Run()
    {
        var tokens = new List<Token>();
        if (_text.Length > Longest)
        {
            errors.Add(source, "rules.too-long", $"A condition has at most {Longest} letters.", $"条件最长 {Longest} 个字符。");
            return [new(TokenKind.Faulty, 0, "")];
        }

        for (var at = 0; at < _text.Length;)
        {
            if (char.IsWhiteSpace(_text[at]))
            {
                at++;
                continue;
            }

            var token = Next(at);
            tokens.Add(token);
            if (token.Kind == TokenKind.Faulty)
            {
                return tokens;
            }

            at += token.Text.Length;
        }

        tokens.Add(new(TokenKind.End, _text.Length, ""));
        return tokens;
    }

    private Token Next(int at)
    {
        var letter = _text[at];
        if (letter == '$' && at + 1 < _text.Length && char.IsAsciiLetter(_text[at + 1]))
        {
            return new(TokenKind.Parameter, at, _text[at..Name(at + 1)]);
        }

        if (char.IsAsciiLetter(letter))
        {
            return new(TokenKind.Name, at, _text[at..Name(at)]);
        }

        if (char.IsAsciiDigit(letter))
        {
            return Number(at);
        }

        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(_text, at, sign, 0, sign.Length) == 0)
            {
                return new(TokenKind.Sign, at, sign);
            }
        }

        var hint = letter switch
        {
            '&' => ("Write \"and\".", "请写“and”。"),
            '|' => ("Write \"or\".", "请写“or”。"),
            '!' => ("Write \"not\".", "请写“not”。"),
            '"' or '\'' => ("Codes stand without quotes.", "代码不加引号。"),
            _ => ("", ""),
        };
        Rune.DecodeFromUtf16(_text.AsSpan(at), out var rune, out _);
        var shown = rune.IsAscii ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
        errors.Add(source, at, "rules.unknown-sign", $"The sign {shown} has no meaning in a condition. {hint.Item1}".TrimEnd(), $"条件中不能使用符号 {shown}。{hint.Item2}");
        return new(TokenKind.Faulty, at, "");
    }

    /// <summary>The end of a name that starts at <paramref name="at"/>; a name ends before a <c>-</c> or <c>.</c> that no letter or digit follows.</summary>
    private int Name(int at)
    {
        while (at < _text.Length && (char.IsAsciiLetterOrDigit(_text[at]) || _text[at] == '_'
            || (_text[at] is '-' or '.' && at + 1 < _text.Length && char.IsAsciiLetterOrDigit(_text[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private Token Number(int start)
    {
        var at = start;
        while (at < _text.Length && (char.IsAsciiDigit(_text[at]) || (_text[at] == '.' && at + 1 < _text.Length && char.IsAsciiDigit(_text[at + 1]))))
        {
            at++;
        }

        if (at - start == 4 && at < _text.Length && _text[at] == '-')
        {
            while (at < _text.Length && (char.IsAsciiLetterOrDigit(_text[at]) || _text[at] is '-' or ':' or '.' or '+'))
            {
                at++;
            }

            return new(TokenKind.Moment, start, _text[start..at]);
        }

        return at < _text.Length && (char.IsAsciiLetter(_text[at]) || _text[at] == '_')
            ? new(TokenKind.Name, start, _text[start..Name(start)])
            : new(TokenKind.Number, start, _text[start..at]);
    }
}
