using System.Globalization;
using System.Text;

namespace Waymark.Matching.Tests;

/// <summary>A register in which the women share four given names and few family names, so that their strangers agree more often than a model of the whole knows; everybody is invented.</summary>
internal static class OneSided
{
    /// <summary>Rows from this number on are women.</summary>
    public const int FirstWoman = 3_000;

    /// <summary>As text of a file; <c>r7</c> and <c>s7</c> are one person.</summary>
    public static string Names()
    {
        var random = new Random(20261121);
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he"];
        string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
        string Date() => $"{1960 + random.Next(40)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}";
        var text = new StringBuilder("id,given_name,family_name,birth_date,sex\n");
        for (var i = 0; i < 4_000; i++)
        {
            var (given, family, date, sex) = i < FirstWoman
                ? (Word(3), Word(4), Date(), "M")
                : (new[] { "maryam", "fatima", "khadija", "zahra" }[random.Next(4)], Word(2), Date(), "F");
            text.Append(CultureInfo.InvariantCulture, $"r{i},{given},{family},{date},{sex}\n");
            if (random.NextDouble() < 0.3)
            {
                text.Append(CultureInfo.InvariantCulture, $"s{i},{given},{family},{(random.Next(4) == 0 ? "" : date)},{sex}\n");
            }
        }

        return text.ToString();
    }
}
