using System.Buffers;
using System.Text;

namespace Waymark.Charts;

/// <summary>
/// Writes SVG text: every text and attribute value is escaped here and nowhere else, characters that XML 1.0 forbids are
/// dropped, numbers have one decimal at most. It has no way to write a style attribute or a script.
/// </summary>
internal sealed class SvgWriter
{
    /// <summary>Characters that do not go out as they are: of markup, forbidden in XML 1.0, and halves of pairs.</summary>
    private static readonly SearchValues<char> s_special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x1_0000).Select(code => (char)code).Where(c => c is '&' or '<' or '>' or '"' or '\'' or < ' ' or '\uFFFE' or '\uFFFF'
            or (>= '\u007F' and <= '\u009F') || char.IsSurrogate(c))]);

    private readonly StringBuilder _text = new(16 * 1024);
    private readonly Stack<string> _open = new();
    private bool _inTag;

    public override string ToString() => _text.ToString();

    public SvgWriter Open(string name)
    {
        EndTag();
        _text.Append('<').Append(name);
        _open.Push(name);
        _inTag = true;
        return this;
    }

    public SvgWriter Attribute(string name, string value)
    {
        _text.Append(' ').Append(name).Append("=\"");
        Escape(value);
        _text.Append('"');
        return this;
    }

    public SvgWriter Attribute(string name, double value) => Attribute(name, Number(value));

    public SvgWriter Class(string value) => value.Length == 0 ? this : Attribute("class", value);

    public SvgWriter Text(string text)
    {
        EndTag();
        Escape(text);
        return this;
    }

    public SvgWriter Close()
    {
        var name = _open.Pop();
        if (_inTag)
        {
            _text.Append("/>");
            _inTag = false;
        }
        else
        {
            _text.Append("</").Append(name).Append('>');
        }

        return this;
    }

    public void Line(string cssClass, double x1, double y1, double x2, double y2) =>
        Open("path").Class(cssClass).Attribute("d", new PathBuilder(10).Move(x1, y1).Line(x2, y2).ToString()).Close();

    public void Path(string cssClass, string data)
    {
        if (data.Length > 0)
        {
            Open("path").Class(cssClass).Attribute("d", data).Close();
        }
    }

    public void Rect(string cssClass, double x, double y, double width, double height) =>
        Open("rect").Class(cssClass).Attribute("x", x).Attribute("y", y)
            .Attribute("width", Math.Max(0, width)).Attribute("height", Math.Max(0, height)).Close();

    public void Circle(string cssClass, double x, double y, double radius) =>
        Open("circle").Class(cssClass).Attribute("cx", x).Attribute("cy", y).Attribute("r", radius).Close();

    public void Label(string cssClass, double x, double y, string text) =>
        Open("text").Class(cssClass).Attribute("x", x).Attribute("y", y).Text(text).Close();

    /// <summary>One decimal at most, no leading zero before the point, no "-0".</summary>
    public static string Number(double value)
    {
        var tenths = (long)Math.Round(value * 10, MidpointRounding.AwayFromZero);
        var text = new StringBuilder(8);
        PathBuilder.Append(text, tenths, 10, separated: true);
        return text.ToString();
    }

    private void EndTag()
    {
        if (_inTag)
        {
            _text.Append('>');
            _inTag = false;
        }
    }

    private void Escape(string value)
    {
        var rest = value.AsSpan();
        while (rest.IndexOfAny(s_special) is var at and >= 0)
        {
            _text.Append(rest[..at]);
            Rune.DecodeFromUtf16(rest[at..], out var rune, out var used);
            _ = rune.Value switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\t' or '\n' or '\r' => _text.Append(' '),
                < 0x20 or 0xFFFE or 0xFFFF or (>= 0x7F and <= 0x9F) => _text,
                0xFFFD => _text.Append('\uFFFD'),
                _ => _text.Append(rest.Slice(at, used)),
            };
            rest = rest[(at + used)..];
        }

        _text.Append(rest);
    }
}
