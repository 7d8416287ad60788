using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

internal enum CellReading : byte { Number, Token, Blank, Code, Bad }

/// <summary>A cell as a value: exact mantissa and scale, or a decimal too wide for 64 bits, or a gap with its reason.</summary>
internal struct CellValue
{
    public CellReading Kind;
    public long Mantissa;
    public byte Scale;
    public decimal? Wide;
    public decimal? Upper;
    public Comparator Comparator;
    public ObservationStatus Status;
    public ConfidentialityStatus Confidentiality;
    public string? Token;
    public string? Code;
    public string? Mark;
    public string? Flag;
    public Dictionary<string, string>? Captures;
}

/// <summary>Reads the cells of measure columns by one value rule (section 8 of the format). Never guesses: what it does not know is Bad.</summary>
internal sealed class ValueReader(ValueRule rule, ConceptDefinition? codes)
{
    private readonly Dictionary<string, CellValue> _known = new(StringComparer.Ordinal);

    public ValueRule Rule => rule;

    public CellValue Read(ReadOnlySpan<byte> cell, bool storedNumber)
    {
        var value = new CellValue { Status = ObservationStatus.Normal, Confidentiality = ConfidentialityStatus.Free };
        if (rule.Codes is null && !(storedNumber && cell.Length > 15) && Plain(cell, ref value))
        {
            return value;
        }

        if (storedNumber && rule.Codes is null)
        {
            return Stored(cell);
        }

        var text = Encoding.UTF8.GetString(cell);
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        value = Slow(text);
        if (_known.Count < 4096)
        {
            _known[text] = value;
        }

        return value;
    }

    /// <summary>Sign, digits, point, digits; at most 18 digits.</summary>
    private static bool Plain(ReadOnlySpan<byte> cell, ref CellValue value)
    {
        if (cell.Length is 0 or > 20)
        {
            return false;
        }

        var (at, negative) = cell[0] == (byte)'-' ? (1, true) : (0, false);
        long mantissa = 0;
        var (digits, scale, point) = (0, 0, false);
        for (; at < cell.Length; at++)
        {
            var digit = cell[at] - '0';
            if ((uint)digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
                scale += point ? 1 : 0;
            }
            else if (cell[at] == (byte)'.' && !point && digits > 0)
            {
                point = true;
            }
            else
            {
                return false;
            }
        }

        if (digits is 0 or > 18 || (point && scale == 0))
        {
            return false;
        }

        while (scale > 0 && mantissa % 10 == 0)
        {
            (mantissa, scale) = (mantissa / 10, scale - 1);
        }

        (value.Kind, value.Mantissa, value.Scale) = (CellReading.Number, negative ? -mantissa : mantissa, (byte)scale);
        return true;
    }

    /// <summary>A number of a workbook is a double; the shortest decimal that gives the same double is what was meant.</summary>
    private static CellValue Stored(ReadOnlySpan<byte> cell)
    {
        if (Utf8Parser.TryParse(cell, out double number, out var used) && used == cell.Length
            && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            return Of(exact);
        }

        return new() { Kind = CellReading.Bad, Status = ObservationStatus.Missing };
    }

    private static CellValue Of(decimal number)
    {
        var value = new CellValue { Kind = CellReading.Number, Status = ObservationStatus.Normal, Confidentiality = ConfidentialityStatus.Free };
        SetNumber(ref value, number);
        return value;
    }

    private static void SetNumber(ref CellValue value, decimal number)
    {
        number /= 1.0000000000000000000000000000m; // drops trailing zeros
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var scale = (bits[3] >> 16) & 0x7F;
        var magnitude = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        if (bits[2] == 0 && magnitude <= long.MaxValue && scale <= 18)
        {
            (value.Mantissa, value.Scale) = (bits[3] < 0 ? -(long)magnitude : (long)magnitude, (byte)scale);
        }
        else
        {
            value.Wide = number;
        }
    }

    private CellValue Slow(string raw)
    {
        var text = raw.Trim();
        var value = new CellValue { Status = ObservationStatus.Normal, Confidentiality = ConfidentialityStatus.Free };
        foreach (var strip in rule.Strip)
        {
            var match = strip.Match(text);
            if (match.Success && match.Length > 0)
            {
                value.Mark = match.Groups["mark"] is { Success: true } mark ? mark.Value.Trim() : value.Mark;
                value.Flag = match.Groups["flag"] is { Success: true } flag ? flag.Value.Trim() : value.Flag;
                text = text.Remove(match.Index, match.Length).Trim();
            }
        }

        if (rule.Tokens.TryGetValue(text, out var meaning))
        {
            return Token(value, text, meaning, meaning.From, meaning.To);
        }

        if (text.Length == 0)
        {
            value.Kind = CellReading.Blank;
            value.Status = rule.Blank ?? ObservationStatus.Missing;
            value.Comparator = Comparator.None;
            return value;
        }

        if (rule.Codes is not null || rule.Map is not null)
        {
            return Coded(value, text);
        }

        foreach (var pattern in rule.Patterns)
        {
            var match = pattern.Match.Match(LabelText.Tidy(text));
            if (match.Success)
            {
                var from = Group(match, "from") ?? pattern.Meaning.From;
                return Token(value, text, pattern.Meaning with { Value = Group(match, "value") ?? pattern.Meaning.Value }, from, Group(match, "to") ?? pattern.Meaning.To);
            }
        }

        if (Number(text) is { } number)
        {
            value.Kind = CellReading.Number;
            SetNumber(ref value, number);
            return value;
        }

        value.Kind = CellReading.Bad;
        value.Status = ObservationStatus.Missing;
        value.Token = text;
        return value;
    }

    private CellValue Coded(CellValue value, string text)
    {
        var captures = new Dictionary<string, string>();
        var code = rule.Map?.Find(text, static _ => null, captures) ?? codes?.CodeOf(text) ?? (codes is { IsOpen: true } ? LabelText.Tidy(text) : null);
        value.Kind = code is null ? CellReading.Bad : CellReading.Code;
        value.Code = code;
        value.Comparator = code is null ? Comparator.None : Comparator.Code;
        value.Token = text;
        value.Captures = captures.Count > 0 ? captures : null;
        return value;
    }

    private static CellValue Token(CellValue value, string text, TokenMeaning meaning, decimal? from, decimal? to)
    {
        value.Kind = CellReading.Token;
        value.Token = text;
        value.Status = meaning.Status;
        value.Confidentiality = meaning.Confidentiality ?? ConfidentialityStatus.Free;
        var figure = meaning.Value ?? from;
        if (figure is { } number)
        {
            SetNumber(ref value, number);
        }
        else if (to is { } only)
        {
            SetNumber(ref value, only);
        }

        value.Upper = figure is not null && meaning.Value is null ? to : null;
        value.Comparator = meaning.Comparator ?? (meaning.Value is not null ? Comparator.Equal : (from, to) switch
        {
            (not null, not null) => Comparator.Between,
            (not null, null) => Comparator.AtLeast,
            (null, not null) => Comparator.AtMost,
            _ => Comparator.None,
        });
        return value;
    }

    private decimal? Group(System.Text.RegularExpressions.Match match, string name) =>
        match.Groups[name] is { Success: true } group ? Number(group.Value) : null;

    /// <summary>Thousands signs only between groups of three; "(1,234)" and other book-keeping forms are not numbers here.</summary>
    private decimal? Number(string text)
    {
        text = text.Replace('\u2212', '-').Replace('\u00A0', ' ').Replace('\u202F', ' ');
        if (rule.Percent && text.EndsWith('%'))
        {
            text = text[..^1].TrimEnd();
        }

        if (rule.Thousands is { } group && text.Contains(group, StringComparison.Ordinal))
        {
            var start = text.StartsWith('-') ? 1 : 0;
            var end = text.IndexOf(rule.DecimalSign, StringComparison.Ordinal) is var point and >= 0 ? point : text.Length;
            var parts = text[start..end].Split(group);
            if (parts[0].Length is 0 or > 3 || parts.Skip(1).Any(part => part.Length != 3) || parts.Any(part => !part.All(char.IsAsciiDigit)))
            {
                return null;
            }

            text = text[..start] + string.Concat(parts) + text[end..];
        }

        if (rule.DecimalSign != '.')
        {
            text = text.Contains('.', StringComparison.Ordinal) ? "?" : text.Replace(rule.DecimalSign, '.');
        }

        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
