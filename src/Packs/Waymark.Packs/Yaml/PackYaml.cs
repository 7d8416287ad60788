using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Waymark.Packs.Yaml;

/// <summary>
/// Reads the strict subset of YAML that packs are written in: one document, mappings, lists and text. Refused with line and
/// column: duplicate keys, anchors, aliases, tags, directives, words and numbers that readers disagree on, keys that mix
/// look-alike letters, nesting deeper than <see cref="DeepestNesting"/>, files over 4 MiB, hidden characters.
/// </summary>
public static class PackYaml
{
    public const int DeepestNesting = 32;

    /// <summary>The root node, or null when the file cannot be read at all; whatever is wrong is in <paramref name="errors"/>.</summary>
    public static PackNode? Parse(string file, ReadOnlySpan<byte> utf8, PackErrors errors)
    {
        var text = PackBytes.ToText(file, utf8, PackBytes.LargestYaml, errors);
        if (text is null)
        {
            return null;
        }

        var before = errors.Count;
        RefuseTabs(file, text, errors);
        using var reader = new StringReader(text);
        var builder = new TreeBuilder(file, new Parser(reader), errors);
        try
        {
            var root = builder.Document();
            return errors.Count == before ? root : null;
        }
        catch (YamlException failure)
        {
            errors.Add(file, Position(failure.Start), "pack.syntax", $"This is not valid YAML: {Reason(failure)}",
                $"YAML 语法有误：{Reason(failure)}");
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or IndexOutOfRangeException
            or FormatException or KeyNotFoundException or NullReferenceException or OverflowException or DecoderFallbackException)
        {
            // The scanner has corners where it breaks (a "?" or a stray quote inside a list in brackets); to the author that is a syntax error too.
            errors.Add(file, builder.Reached, "pack.syntax", "This is not valid YAML, just after this place. Put texts with special signs in quotes.",
                "此处之后的 YAML 语法有误。含特殊符号的文字请加引号。");
        }

        return null;
    }

    /// <summary>A tab before the first word of a line has a width that every editor shows differently.</summary>
    private static void RefuseTabs(string file, string text, PackErrors errors)
    {
        var line = 0;
        foreach (var row in text.AsSpan().EnumerateLines())
        {
            line++;
            var indent = row.IndexOfAnyExcept(' ');
            if (indent >= 0 && row[indent] == '\t' && !errors.IsFull)
            {
                errors.Add(file, new(line, indent + 1), "pack.tab", "Indent with spaces, not with tabs.", "请用空格缩进，不要用制表符。");
            }
        }
    }

    internal static PackPosition Position(Mark mark) =>
        new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Reason(YamlException failure)
    {
        var message = failure.Message;
        var place = message.IndexOf("): ", StringComparison.Ordinal);
        message = place > 0 && message.StartsWith('(') ? message[(place + 3)..] : message;
        return message.Length > 200 ? message[..200] : message;
    }
}
