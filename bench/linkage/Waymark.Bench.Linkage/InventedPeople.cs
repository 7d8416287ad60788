using System.Globalization;
using System.Text;

namespace Waymark.Linkage.Bench;

/// <summary>A kind of invented register: who is in it, how often twice, and what is wrong in it.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Persons">How many people.</param>
/// <param name="Twice">Share of people who stand there again.</param>
/// <param name="Errors">Chance per field of a record that stands there again to be wrong.</param>
public sealed record InventedKind(string Name, int Persons, double Twice, double Errors)
{
    /// <summary>Most further records of a person.</summary>
    public int MostAgain { get; init; } = 1;

    /// <summary>Share of names drawn from the few frequent ones; the rest is put together from syllables.</summary>
    public double Frequent { get; init; } = 0.5;

    public string Columns { get; init; } = "given,family,born,sex,phone,place";

    /// <summary>Share of records without a date of birth.</summary>
    public double NoDate { get; init; }

    /// <summary>Share of records of which only the year is known.</summary>
    public double YearOnly { get; init; }

    /// <summary>Share of people who live as a family: one family name, place and telephone.</summary>
    public double Families { get; init; }

    /// <summary>Errors are letters instead of missing values.</summary>
    public bool Typed { get; init; } = true;

    /// <summary>The people who stand there again stand in a second file.</summary>
    public bool TwoFiles { get; init; }

    /// <summary>A dozen kinds, none of them the file of anybody.</summary>
    public static IReadOnlyList<InventedKind> All { get; } =
    [
        new("a quarter twice", 16_000, 0.25, 0.15),
        new("nobody twice", 10_000, 0, 0),
        new("nine in ten up to seven times", 1_500, 0.9, 0.15) { MostAgain = 6 },
        new("one name column and date", 6_000, 0.35, 0.15) { Columns = "name,born" },
        new("only frequent names and date", 20_000, 0.3, 0.15) { Frequent = 1, Columns = "given,family,born" },
        new("half of the fields wrong", 8_000, 0.4, 0.5) { NoDate = 0.2 },
        new("most without date", 5_000, 0.3, 0.15) { NoDate = 0.6 },
        new("name and date, hardly an error", 3_000, 0.5, 0.02) { Columns = "given,family,born" },
        new("families", 9_000, 0.3, 0.2) { Families = 0.8 },
        new("families without telephones", 9_000, 0.3, 0.2) { Families = 0.8, Columns = "given,family,born,sex,place" },
        new("years only", 6_000, 0.4, 0.15) { YearOnly = 0.6 },
        new("two files", 8_000, 0.5, 0.15) { TwoFiles = true },
        new("no date and no telephone", 4_000, 0.4, 0.1) { Columns = "given,family,sex,place" },
        new("frequent names, no sex, place known", 12_000, 0.2, 0.3) { Frequent = 0.9, Columns = "given,family,born,place" },
        new("a hundred and fifty", 150, 0.3, 0.2),
        new("values missing and not typed", 7_000, 0.4, 0.4) { Typed = false },
        new("mostly repeats of few", 300, 1, 0.3) { MostAgain = 12, Frequent = 0.9 },
    ];
}

/// <summary>Invented registers; the same for a kind and a seed.</summary>
public static class InventedPeople
{
    private static readonly string[] s_given = "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah karen charles nancy daniel lisa matthew betty anthony helen mark sandra donald ashley steven donna paul carol andrew ruth joshua sharon kenneth".Split(' ');
    private static readonly string[] s_family = "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores".Split(' ');
    private static readonly string[] s_syllables = "ba ri mo la ke tu sa no fi da gu he yo pi za we lo ma ne ti ko ra su mi".Split(' ');
    private static readonly string[] s_places = "leeds york bath hull derby stoke london london london bristol wigan poole".Split(' ');
    private const int Given = 0, Family = 1, Born = 2, Sex = 3, Phone = 4, Place = 5;

    /// <summary>The register as a table (or two), and the person of every record, left file first.</summary>
    public static (LinkageTable Left, LinkageTable? Right, string[] Entities) Make(InventedKind kind, int seed)
    {
        var random = new Random(seed);
        var (rows, again) = (new List<(string Entity, string[] Cells)>(), new List<(string Entity, string[] Cells)>());
        string[]? before = null;
        for (var i = 0; i < kind.Persons; i++)
        {
            var person = Person(random, kind);
            if (before is not null && random.NextDouble() < kind.Families && random.Next(3) > 0)
            {
                (person[Family], person[Phone], person[Place]) = (before[Family], before[Phone], before[Place]);
            }

            before = person;
            rows.Add(($"P{i}", Record(random, person, kind)));
            if (random.NextDouble() < kind.Twice)
            {
                for (var k = 1 + random.Next(kind.MostAgain); k > 0; k--)
                {
                    (kind.TwoFiles ? again : rows).Add(($"P{i}", Record(random, Copy(random, person, kind), kind)));
                }
            }
        }

        if (kind.TwoFiles)
        {
            for (var i = 0; i < kind.Persons / 2; i++)
            {
                again.Add(($"Q{i}", Record(random, Person(random, kind), kind)));
            }
        }

        var (left, right) = (rows.ToArray(), again.ToArray());
        random.Shuffle(left);
        random.Shuffle(right);
        return (Table(left, kind), kind.TwoFiles ? Table(right, kind) : null, [.. left.Concat(right).Select(r => r.Entity)]);
    }

    private static string[] Person(Random random, InventedKind kind) =>
    [
        Name(random, s_given, 3, kind.Frequent), Name(random, s_family, 4, kind.Frequent),
        string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}"),
        random.Next(2) == 0 ? "M" : "F",
        random.NextDouble() < 0.3 ? "" : random.Next(100_000_000).ToString("'07'00000000", CultureInfo.InvariantCulture),
        s_places[random.Next(s_places.Length)],
    ];

    private static string[] Record(Random random, string[] person, InventedKind kind)
    {
        var record = person.ToArray();
        record[Born] = random.NextDouble() < kind.NoDate ? "" : random.NextDouble() < kind.YearOnly ? record[Born][..Math.Min(4, record[Born].Length)] : record[Born];
        return record;
    }

    private static string[] Copy(Random random, string[] person, InventedKind kind)
    {
        var copy = person.ToArray();
        for (var column = 0; column < copy.Length; column++)
        {
            if (random.NextDouble() >= kind.Errors || copy[column].Length == 0)
            {
                continue;
            }

            copy[column] = column switch
            {
                _ when !kind.Typed => "",
                Given or Family => Mistype(random, copy[column]),
                Born => random.Next(3) switch
                {
                    0 => copy[Born][..5] + copy[Born][8..] + "-" + copy[Born][5..7],
                    1 => string.Create(CultureInfo.InvariantCulture, $"{copy[Born][..8]}{1 + random.Next(28):00}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}{copy[Born][4..]}"),
                },
                Sex => random.Next(5) == 0 ? copy[Sex] == "M" ? "F" : "M" : copy[Sex],
                Place => s_places[random.Next(s_places.Length)],
                _ => "",
            };
        }

        if (copy[Born].Length == 10 && int.Parse(copy[Born][5..7], CultureInfo.InvariantCulture) > 12)
        {
            copy[Born] = person[Born];
        }

        return copy;
    }

    private static string Mistype(Random random, string text)
    {
        var at = random.Next(text.Length);
        var letter = (char)('a' + random.Next(26));
        return random.Next(4) switch
        {
            0 when text.Length > 2 => text.Remove(at, 1),
            1 => text.Insert(at, letter.ToString()),
            2 when text.Length > 2 => text[..1],
            _ => text[..at] + letter + text[(at + 1)..],
        };
    }

    private static string Name(Random random, string[] frequent, int syllables, double share) => random.NextDouble() < share
        ? frequent[(int)(frequent.Length * random.NextDouble() * random.NextDouble())]
        : string.Concat(Enumerable.Range(0, syllables).Select(_ => s_syllables[random.Next(s_syllables.Length)]));

    private static LinkageTable Table((string Entity, string[] Cells)[] rows, InventedKind kind)
    {
        var columns = kind.Columns.Split(',').Prepend("id").ToArray();
        var builders = columns.Select(c => new LinkageColumnBuilder(c switch
        {
            "given" => "first_name", "family" => "surname", "born" => "dob", "place" => "city", _ => c,
        }, rows.Length)).ToArray();
        for (var r = 0; r < rows.Length; r++)
        {
            var cells = rows[r].Cells;
            for (var c = 0; c < columns.Length; c++)
            {
                builders[c].Add(Encoding.UTF8.GetBytes(columns[c] switch
                {
                    "id" => r.ToString(CultureInfo.InvariantCulture), "given" => cells[Given], "family" => cells[Family], "name" => $"{cells[Given]} {cells[Family]}",
                    "born" => cells[Born], "sex" => cells[Sex], "phone" => cells[Phone], _ => cells[Place],
                }));
            }
        }

        return LinkageTable.Create("invented", [.. builders.Select(b => b.Build())], "id").Value;
    }
}
