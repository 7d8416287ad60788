using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>
/// Arithmetic over named numbers, as indicators write it: <c>resettled / need * 100</c>. Decimals, + - * /, brackets, names, numbers; nothing else,
/// and no names of functions. At most 200 letters and 20 brackets deep.
/// </summary>
public sealed class Formula
{
    public const int Longest = 200;

    private const int Deepest = 20;

    private readonly string _text;

    private Formula(string text, IReadOnlySet<string> names) => (_text, Names) = (text, names);

    /// <summary>The names the formula asks for.</summary>
    public IReadOnlySet<string> Names { get; }

    public static Result<Formula> Parse(string text, string? where = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (text.Length > Longest)
        {
            return Error.Faulty("formula.too-long", $"A formula has at most {Longest} letters.", $"公式最长 {Longest} 个字符。", where);
        }

        var walk = new Walk(text, null, name =>
        {
            names.Add(name);
            return 1m;
        });
        return walk.Run() is { Fault: not null } fault
            ? Error.Faulty("formula.syntax", $"The formula cannot be read at letter {fault.At + 1}.", $"公式在第 {fault.At + 1} 个字符处无法读取。", where)
            : new Formula(text, names);
    }

    /// <summary>
    /// The value, or an error: <c>formula.missing</c> when a number is not there (missing is never zero), <c>formula.division-by-zero</c>,
    /// <c>formula.overflow</c>.
    /// </summary>
    public Result<decimal> Evaluate(Func<string, decimal?> values)
    {
        string? missing = null;
        try
        {
            var result = new Walk(_text, "reckon", name =>
            {
                var value = values(name);
                missing ??= value is null ? name : null;
                return value ?? 1m;
            }).Run();
            return missing is not null
                ? Error.Faulty("formula.missing", $"There is no number for \"{missing}\".", $"“{missing}”没有数字。")
                : result.Value;
        }
        catch (DivideByZeroException)
        {
            return missing is not null
                ? Error.Faulty("formula.missing", $"There is no number for \"{missing}\".", $"“{missing}”没有数字。")
                : Error.Faulty("formula.division-by-zero", "The formula divides by zero.", "公式除以零。");
        }
        catch (OverflowException)
        {
            return Error.Faulty("formula.overflow", "The result is too large.", "结果过大。");
        }
    }

    public override string ToString() => _text;

    /// <summary>One pass over the text that reads and, unless <paramref name="purpose"/> is null, reckons at once.</summary>
    private sealed class Walk(string text, string? purpose, Func<string, decimal> value)
    {
        private int _at;
        private int _depth;
        private string? _fault;

        public (decimal Value, string? Fault, int At) Run()
        {
            var result = Sum();
            Blank();
            if (_at < text.Length)
            {
                _fault ??= "end";
            }

            return (result, _fault, Math.Min(_at, text.Length));
        }

        private decimal Sum()
        {
            var result = Product();
            while (_fault is null && Next() is '+' or '-')
            {
                var plus = text[_at++] == '+';
                var right = Product();
                result = purpose is null ? 1 : plus ? result + right : result - right;
            }

            return result;
        }

        private decimal Product()
        {
            var result = Single();
            while (_fault is null && Next() is '*' or '/')
            {
                var times = text[_at++] == '*';
                var right = Single();
                if (_fault is null)
                {
                    result = purpose is null ? 1 : times ? result * right : result / right;
                }
            }

            return result;
        }

        private decimal Single()
        {
            var letter = Next();
            if (letter == '-')
            {
                _at++;
                return ++_depth > Deepest ? Fail() : -Leave(Single());
            }

            if (letter == '(')
            {
                _at++;
                if (++_depth > Deepest)
                {
                    return Fail();
                }

                var inside = Leave(Sum());
                if (Next() != ')')
                {
                    return Fail();
                }

                _at++;
                return inside;
            }

            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterLower(text[_at]) || char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
            {
                _at++;
            }

            var word = text[start.._at];
            return word.Length == 0 ? Fail()
                : char.IsAsciiLetterLower(word[0]) && !word.Contains('.', StringComparison.Ordinal) ? value(word)
                : decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
                : Fail();
        }

        private decimal Leave(decimal result)
        {
            _depth--;
            return result;
        }

        private decimal Fail()
        {
            _fault ??= "syntax";
            return 0;
        }

        private char Next()
        {
            Blank();
            return _at < text.Length ? text[_at] : '\0';
        }

        private void Blank()
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }
        }
    }
}
