using System.Text;
using Waymark.App.CommandLine;
using Waymark.Model;

namespace Waymark.App.Configuration;

/// <summary>One value of the file with its place, both counted from 1.</summary>
public sealed record SettingLine(string Key, string Value, int Line, int Column);

/// <summary>
/// Reads <c>waymark.yaml</c>: a strict part of YAML with sections, keys, plain or quoted values and lists in brackets. What
/// readers of YAML disagree on (tabs, anchors, tags, yes and no, duplicate keys) is refused with its line and column.
/// </summary>
public static class SettingsFile
{
    private const int LargestFile = 65_536;
    private static readonly System.Buffers.SearchValues<char> s_keyLetters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static Result<IReadOnlyList<SettingLine>> Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
            {
                return Error.TooLarge("config.too-large", "The settings file is larger than 64 KiB.", "设置文件超过 64 KiB。", file);
            }

            return Parse(Path.GetFileName(file), File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return Error.NotFound("config.unreadable", "The settings file cannot be read as UTF-8 text.", "设置文件无法按 UTF-8 文本读取。", file);
        }
    }

    public static Result<IReadOnlyList<SettingLine>> Parse(string name, string text)
    {
        var lines = new List<SettingLine>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sections = new HashSet<string>(StringComparer.Ordinal);
        string? section = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r', ' ');
            var body = line.TrimStart(' ');
            if (body.Length == 0 || body[0] == '#' || (number == 1 && body == "---"))
            {
                continue;
            }

            var indent = line.Length - body.Length;
            var colon = body.IndexOf(':', StringComparison.Ordinal);
            if (body.Contains('\t', StringComparison.Ordinal) || colon <= 0 || indent is not (0 or 2) || !body.AsSpan(0, colon).ContainsOnlyKeyLetters())
            {
                return Fault(number, indent + 1, "This is not \"key: value\", with sections indented by two blanks.", "这里应为“键: 值”，分节缩进两个空格。");
            }

            var (key, rest) = (body[..colon], body[(colon + 1)..]);
            var column = indent + colon + 3;
            if (rest.Length > 0 && rest[0] != ' ')
            {
                return Fault(number, indent + colon + 2, "A blank must follow the colon.", "冒号后须有空格。");
            }

            var value = WithoutRemark(rest.Trim());
            if (indent == 0)
            {
                section = null;
                if (value.Length == 0)
                {
                    section = key;
                    if (!sections.Add(key))
                    {
                        return Fault(number, 1, $"The section \"{key}\" stands here twice.", $"分节“{key}”重复。");
                    }

                    continue;
                }
            }
            else if (section is null)
            {
                return Fault(number, indent + 1, "An indented key needs a section above it.", "缩进的键上方须有分节。");
            }

            var full = section is null ? key : $"{section}.{key}";
            if (!seen.Add(full))
            {
                return Fault(number, indent + 1, $"\"{full}\" stands here twice.", $"“{full}”重复。");
            }

            var plain = Plain(value);
            if (plain is null)
            {
                return Fault(number, column, "Write a plain value, a text in double quotes, or a list in brackets.", "请写普通值、双引号文本或方括号列表。");
            }

            lines.Add(new(full, plain, number, column));
        }

        return lines;

        Error Fault(int line, int column, string en, string zh) => Error.Faulty("config.syntax", en, zh, $"{name}:{line}:{column}");
    }

    private static string WithoutRemark(string value)
    {
        if (value.StartsWith('"'))
        {
            var end = value.IndexOf('"', 1);
            return end > 0 ? value[..(end + 1)] + (value[(end + 1)..].TrimStart() is ['#', ..] or [] ? "" : "?") : value;
        }

        var remark = value.IndexOf(" #", StringComparison.Ordinal);
        return (remark >= 0 ? value[..remark] : value).Trim();
    }

    private static string? Plain(string value) => value switch
    {
        ['"', .. var text, '"'] => text.Contains('\\', StringComparison.Ordinal) ? null : text,
        ['[', .. var items, ']'] => string.Join(',', items.Split(',').Select(item => item.Trim())),
        ['&' or '*' or '!' or '|' or '>' or '{' or '%' or '@' or '`' or '\'' or '"' or '[', ..] => null,
        _ => value,
    };

    private static bool ContainsOnlyKeyLetters(this ReadOnlySpan<char> key) =>
        !key.ContainsAnyExcept(s_keyLetters);

    internal static string? Near(string key) => NearWord.For(key, SettingCatalogue.All.Select(rule => rule.Key));
}
