using System.Text;

namespace Waymark.Linkage;

/// <summary>
/// Burmese text in the legacy Zawgyi font encoding: recognised by code points and orders that Unicode Burmese cannot
/// have, and put into Unicode order. Source: The Unicode Standard ch. 16.3 (storage order) and Unicode Technical Note 11.
/// </summary>
public static class Zawgyi
{
    private const char Vowel_E = '\u1031';

    /// <summary>True when the text holds something that only Zawgyi has.</summary>
    public static bool Looks(ReadOnlySpan<char> text)
    {
        var zawgyi = 0;
        var unicode = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            var before = i > 0 ? text[i - 1] : '\0';
            var followsLetter = before is >= '\u1000' and <= '\u1021' or >= '\u103A' and <= '\u103E' or '\u103F' or '\u1025';
            switch (c)
            {
                case '\u1033' or '\u1034' or '\u105A':
                case >= '\u1060' and <= '\u1097':
                    zawgyi += 2;
                    break;
                case Vowel_E:
                    (zawgyi, unicode) = followsLetter && !(next is >= '\u1000' and <= '\u1021' && IsBare(text, i)) ? (zawgyi, unicode + 1) : (zawgyi + 1, unicode);
                    break;
                case '\u1039':
                    (zawgyi, unicode) = next is >= '\u1000' and <= '\u1021' && i + 2 < text.Length ? (zawgyi, unicode + 1) : (zawgyi + 2, unicode);
                    break;
                case '\u103B' when !followsLetter || next is >= '\u1000' and <= '\u1021' && (i == 0 || before is '\u1038' or '\u1037'):
                    zawgyi++;
                    break;
                case '\u103A' when next is '\u1039' or '\u1038' or '\u1037' || i + 1 == text.Length:
                    unicode++;
                    break;
                case '\u103E':
                    unicode++;
                    break;
            }
        }

        return zawgyi > unicode;
    }

    /// <summary>Zawgyi to Unicode. Text that is Unicode already would be damaged: ask <see cref="Looks"/> first.</summary>
    public static string ToUnicode(string text)
    {
        var mapped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            mapped.Append(Map(c) ?? c.ToString());
        }

        return Reorder(mapped.ToString());
    }

    private static bool IsBare(ReadOnlySpan<char> text, int vowel) =>
        vowel + 2 < text.Length && text[vowel + 2] is '\u102C' or '\u102B' && (vowel == 0 || text[vowel - 1] is '\u1038' or '\u1039' or '\u1037');

    private static string? Map(char c) => c switch
    {
        '\u1033' => "\u102F",
        '\u1034' => "\u1030",
        '\u1039' => "\u103A",
        '\u103A' or '\u107D' => "\u103B",
        '\u103B' or >= '\u107E' and <= '\u1084' => "\u103C",
        '\u103C' => "\u103D",
        '\u103D' or '\u1087' => "\u103E",
        '\u1088' => "\u103E\u102F",
        '\u1089' => "\u103E\u1030",
        '\u108A' => "\u103D\u103E",
        '\u105A' => "\u102B\u103A",
        >= '\u1060' and <= '\u1063' => "\u1039" + (char)(0x1000 + (c - '\u1060')),
        '\u1064' => "\u1004\u103A\u1039\uE000",
        '\u1065' => "\u1039\u1005",
        '\u1066' or '\u1067' => "\u1039\u1006",
        '\u1068' => "\u1039\u1007",
        '\u1069' => "\u1039\u1008",
        '\u106A' => "\u1009",
        '\u106B' => "\u100A",
        '\u106C' => "\u1039\u100B",
        '\u106D' => "\u1039\u100C",
        '\u106E' => "\u100D\u1039\u100D",
        '\u106F' => "\u100D\u1039\u100E",
        '\u1070' => "\u1039\u100F",
        '\u1071' or '\u1072' => "\u1039\u1010",
        '\u1073' or '\u1074' => "\u1039\u1011",
        '\u1075' => "\u1039\u1012",
        '\u1076' => "\u1039\u1013",
        '\u1077' => "\u1039\u1014",
        '\u1078' => "\u1039\u1015",
        '\u1079' => "\u1039\u1016",
        '\u107A' => "\u1039\u1017",
        '\u107B' or '\u1093' => "\u1039\u1018",
        '\u107C' => "\u1039\u1019",
        '\u1085' => "\u1039\u101C",
        '\u1086' => "\u103F",
        '\u108B' => "\u1004\u103A\u1039\uE000\u102D",
        '\u108C' => "\u1004\u103A\u1039\uE000\u102E",
        '\u108D' => "\u1004\u103A\u1039\uE000\u1036",
        '\u108E' => "\u102D\u1036",
        '\u108F' => "\u1014",
        '\u1090' => "\u101B",
        '\u1091' => "\u100F\u1039\u100D",
        '\u1092' => "\u100B\u1039\u100C",
        '\u1094' or '\u1095' => "\u1037",
        '\u1096' => "\u1039\u1010\u103D",
        '\u1097' => "\u100B\u1039\u100B",
        _ => null,
    };

    /// <summary>Letter, kinzi and stacks, medials y-r-w-h, vowels, finals: what stands before its letter goes behind it.</summary>
    private static string Reorder(string text)
    {
        var result = new StringBuilder(text.Length);
        var e = 0;
        var ra = 0;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c == Vowel_E)
            {
                e++;
                i++;
                continue;
            }

            if (c == '\u103C')
            {
                ra++;
                i++;
                continue;
            }

            if (c is not (>= '\u1000' and <= '\u1027' or '\u103F'))
            {
                result.Append(c);
                i++;
                continue;
            }

            var letter = c.ToString();
            i++;
            while (i < text.Length && (text[i] == '\u1039' || text[i] is '\u103B' or '\u103D' or '\u103E'
                || text[i] == '\u1004' && i + 3 < text.Length && text[i + 3] == '\uE000'))
            {
                if (text[i] == '\u1039' && i + 1 < text.Length)
                {
                    letter += text.Substring(i, 2);
                    i += 2;
                }
                else if (text[i] == '\u1004')
                {
                    letter = "\u1004\u103A\u1039" + letter;
                    i += 4;
                }
                else
                {
                    letter += text[i++];
                }
            }

            result.Append(WithRa(letter, ra > 0));
            if (e > 0)
            {
                result.Append(Vowel_E);
            }

            (e, ra) = (0, 0);
        }

        if (e > 0)
        {
            result.Append(Vowel_E);
        }

        return result.Replace("\uE000", "").ToString();
    }

    private static string WithRa(string letter, bool ra)
    {
        if (!ra)
        {
            return letter;
        }

        var at = letter.IndexOfAny(['\u103D', '\u103E']);
        return at < 0 ? letter + '\u103C' : letter.Insert(at, "\u103C");
    }
}
