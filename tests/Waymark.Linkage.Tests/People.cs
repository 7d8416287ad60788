using System.Globalization;

namespace Waymark.Linkage.Tests;

/// <summary>Invented people with frequent and rare names, repeats and errors; the same for a seed.</summary>
internal static class People
{
    private static readonly string[] s_given = "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah karen charles nancy daniel lisa matthew betty anthony helen mark sandra donald ashley steven donna paul carol andrew ruth joshua sharon kenneth".Split(' ');
    private static readonly string[] s_family = "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores".Split(' ');
    private static readonly string[] s_syllables = "ba ri mo la ke tu sa no fi da gu he yo pi za we lo ma ne ti ko ra su mi".Split(' ');
    private static readonly string[] s_places = "leeds york bath hull derby stoke london london london bristol wigan poole".Split(' ');

    public static (LinkageTable Table, string[] Entities) Make(int seed, int persons, double repeats, double errors, int mostRepeats, bool rich)
    {
        var random = new Random(seed);
        var rows = new List<(string Entity, string[] Cells)>();
        for (var i = 0; i < persons; i++)
        {
            string[] person =
            [
                Name(random, s_given, 3), Name(random, s_family, 4),
                string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}"),
                random.Next(2) == 0 ? "M" : "F",
                random.NextDouble() < 0.3 ? "" : random.Next(100_000_000).ToString("'07'00000000", CultureInfo.InvariantCulture),
                s_places[random.Next(s_places.Length)],
            ];
            rows.Add(($"P{i}", person));
            if (random.NextDouble() < repeats)
            {
                for (var k = 1 + random.Next(mostRepeats); k > 0; k--)
                {
                    rows.Add(($"P{i}", Copy(random, person, errors)));
                }
            }
        }

        var mixed = rows.ToArray();
        random.Shuffle(mixed);
        var header = rich ? "id,first_name,surname,dob,sex,phone,city" : "id,first_name,surname,dob";
        var table = Tables.Rows(header, mixed.Select((r, i) => $"{r.Entity}-{i}," + string.Join(',', rich ? r.Cells : r.Cells.Take(3))));
        return (table, [.. mixed.Select(r => r.Entity)]);
    }

    private static string Name(Random random, string[] frequent, int syllables) => random.NextDouble() < 0.5
        ? frequent[(int)(frequent.Length * random.NextDouble() * random.NextDouble())]
        : string.Concat(Enumerable.Range(0, syllables).Select(_ => s_syllables[random.Next(s_syllables.Length)]));

    private static string[] Copy(Random random, string[] person, double errors)
    {
        var copy = person.ToArray();
        for (var column = 0; column < 2; column++)
        {
            if (random.NextDouble() < errors && copy[column].Length > 2)
            {
                copy[column] = copy[column].Remove(random.Next(copy[column].Length), 1);
            }
        }

        if (random.NextDouble() < errors / 2 && int.Parse(copy[2][8..], CultureInfo.InvariantCulture) <= 12)
        {
            copy[2] = $"{copy[2][..5]}{copy[2][8..]}-{copy[2][5..7]}";
        }

        copy[4] = random.NextDouble() < errors ? "" : copy[4];
        copy[5] = random.NextDouble() < errors ? "" : copy[5];
        return copy;
    }
}
