using System.Globalization;
using System.Text;

namespace Waymark.Linkage;

/// <summary>
/// One form for storing, searching and linking: compatibility composition, lower case, ASCII digits, the pack's folding of
/// letters, marks removed where they are not letters, Zawgyi put into Unicode. Pure and total: any text gives a text.
/// </summary>
public sealed class NameFolder(LinkageKnowledge knowledge)
{
    private readonly StringBuilder _text = new();

    /// <summary>Folds a value; separators become single spaces. ASCII takes a short way that gives the same result.</summary>
    public string Fold(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
        {
            return FoldAscii(utf8);
        }

        return Fold(Encoding.UTF8.GetString(utf8));
    }

    /// <inheritdoc cref="Fold(ReadOnlySpan{byte})"/>
    public string Fold(string value)
    {
        value = WellFormed(value);
        if (value.AsSpan().IndexOfAnyInRange('\u1000', '\u109F') >= 0 && Zawgyi.Looks(value))
        {
            value = Zawgyi.ToUnicode(value);
        }

        value = value.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        _text.Clear();
        var script = Script.None;
        foreach (var c in value)
        {
            if (knowledge.Folds.TryGetValue(c, out var folded))
            {
                _text.Append(folded);
                continue;
            }

            var of = Scripts.Of(c);
            script = of == Script.None ? script : of;
            AppendFolded(c, script);
        }

        var result = _text.ToString();
        return Squeeze(Scripts.MarksAreLetters(script) && script != Script.Cyrillic ? result : StripMarks(result));
    }

    /// <summary>True when the folded value says "not known" or has no letter or digit.</summary>
    public bool IsPlaceholder(string folded) =>
        folded.Length == 0 || knowledge.Placeholders.Contains(folded) || OnlyPlaceholders(folded);

    private bool OnlyPlaceholders(string folded)
    {
        foreach (var part in folded.AsSpan().Split(' '))
        {
            if (!knowledge.Placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(folded.AsSpan(part)))
            {
                return false;
            }
        }

        return true;
    }

    private static string FoldAscii(ReadOnlySpan<byte> utf8)
    {
        Span<char> buffer = utf8.Length <= 256 ? stackalloc char[utf8.Length] : new char[utf8.Length];
        var length = 0;
        var gap = false;
        foreach (var b in utf8)
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c))
            {
                if (gap && length > 0)
                {
                    buffer[length++] = ' ';
                }

                gap = false;
                buffer[length++] = char.ToLowerInvariant(c);
            }
            else if (c is not ('\'' or '`'))
            {
                gap = true;
            }
        }

        return new string(buffer[..length]);
    }

    private void AppendFolded(char c, Script script)
    {
        if (char.IsLetter(c) || char.IsSurrogate(c))
        {
            _text.Append(c);
        }
        else if (char.IsDigit(c))
        {
            _text.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
        }
        else if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        {
            if (script is not (Script.Arabic or Script.Hebrew))
            {
                _text.Append(c);
            }
        }
        else if (c is not ('\'' or '\u2019' or '\u02BC' or '\u0640' or '\u200C' or '\u200D' or '`' or '\u05F3'))
        {
            _text.Append(' ');
        }
    }

    /// <summary>Removes accents of Latin and Greek letters; й and ё keep theirs, which make other letters of them.</summary>
    private string StripMarks(string value)
    {
        if (Ascii.IsValid(value))
        {
            return value;
        }

        _text.Clear();
        foreach (var c in value.Normalize(NormalizationForm.FormD))
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(c);
            if (category != UnicodeCategory.NonSpacingMark || (_text.Length > 0 && Scripts.Of(_text[^1]) == Script.Cyrillic && c == '\u0306'))
            {
                _text.Append(knowledge.Folds.TryGetValue(c, out var folded) ? folded : c);
            }
        }

        return _text.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string Squeeze(string value)
    {
        var result = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (c != ' ')
            {
                result.Append(c);
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        return result.ToString().TrimEnd(' ');
    }

    private static string WellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1])))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
            }

            i += char.IsHighSurrogate(value[i]) ? 1 : 0;
        }

        return value;
    }
}
