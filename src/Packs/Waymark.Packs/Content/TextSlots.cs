namespace Waymark.Packs.Content;

/// <summary>Named slots in a text: <c>{count}</c>; a brace of the text itself is doubled.</summary>
public static class TextSlots
{
    /// <summary>The slot names, each once, in order.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        var names = new List<string>();
        _ = Fill(text, name =>
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                names.Add(name);
            }

            return "";
        });
        return names;
    }

    /// <summary>Puts values into the slots; a slot without a value stays visible as it stands.</summary>
    public static string Fill(string text, Func<string, string?> value)
    {
        if (!text.AsSpan().ContainsAny('{', '}'))
        {
            return text;
        }

        var filled = new System.Text.StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter is '{' or '}' && i + 1 < text.Length && text[i + 1] == letter)
            {
                filled.Append(letter);
                i++;
                continue;
            }

            var end = letter == '{' ? text.IndexOf('}', i) : -1;
            if (end > i + 1 && text[(i + 1)..end] is var name && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                filled.Append(value(name) ?? text[i..(end + 1)]);
                i = end;
            }
            else
            {
                filled.Append(letter);
            }
        }

        return filled.ToString();
    }
}
