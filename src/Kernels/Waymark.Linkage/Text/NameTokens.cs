namespace Waymark.Linkage;

/// <summary>Splits a folded name into the parts that are compared, without honorifics and particles.</summary>
public sealed class NameTokens(LinkageKnowledge knowledge)
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _honorifics =
        knowledge.Honorifics.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _particles =
        knowledge.Particles.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The parts of a folded name, in order. Honorifics are dropped only in front (or behind, where they are said there) and particles only beside other parts, so that
    /// a name that consists of them is kept. Burmese is split into syllables, the Arabic article is cut off.
    /// </summary>
    public void Split(string folded, List<string> parts)
    {
        parts.Clear();
        var text = folded.AsSpan();
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
            {
                continue;
            }

            switch (Scripts.Of(word[0]))
            {
                case Script.Myanmar:
                    SplitSyllables(word, parts);
                    break;
                case Script.Arabic when word.Length >= 5 && word.StartsWith("ال", StringComparison.Ordinal):
                    parts.Add(word[2..].ToString());
                    break;
                default:
                    parts.Add(word.ToString());
                    break;
            }
        }

        var leading = 0;
        while (leading < parts.Count - 1 && _honorifics.Contains(parts[leading]))
        {
            leading++;
        }

        parts.RemoveRange(0, leading);
        DropBehind(parts);
        if (parts.Count > 1)
        {
            Drop(parts);
        }
    }

    /// <summary>An honorific behind the name, by itself or written on to a part that is a name without it: one of two letters leaves two, one of one letter three.</summary>
    private void DropBehind(List<string> parts)
    {
        if (parts.Count == 0 || knowledge.HonorificsAfter.Count == 0 || char.IsAscii(parts[^1][^1]))
        {
            return;
        }

        var last = parts[^1];
        if (parts.Count > 1 && knowledge.HonorificsAfter.Contains(last))
        {
            parts.RemoveAt(parts.Count - 1);
            return;
        }

        foreach (var title in knowledge.HonorificsAfter)
        {
            if (last.EndsWith(title, StringComparison.Ordinal) && last.Length - title.Length >= (title.Length == 1 ? 3 : 2))
            {
                parts[^1] = last[..^title.Length];
                return;
            }
        }
    }

    private void Drop(List<string> parts)
    {
        var kept = 0;
        foreach (var part in parts)
        {
            kept += _particles.Contains(part) ? 0 : 1;
        }

        if (kept > 0 && kept < parts.Count)
        {
            parts.RemoveAll(part => _particles.Contains(part));
        }
    }

    /// <summary>A letter opens a syllable unless asat or a stack closes the one before with it.</summary>
    private static void SplitSyllables(ReadOnlySpan<char> word, List<string> parts)
    {
        var start = 0;
        for (var i = 1; i < word.Length; i++)
        {
            var opens = word[i] is >= '\u1000' and <= '\u102A' or '\u103F'
                && word[i - 1] != '\u1039'
                && !(i + 1 < word.Length && word[i + 1] is '\u103A' or '\u1039')
                && !(i + 2 < word.Length && word[i + 1] == '\u1037' && word[i + 2] == '\u103A');
            if (opens)
            {
                parts.Add(word[start..i].ToString());
                start = i;
            }
        }

        parts.Add(word[start..].ToString());
    }
}
