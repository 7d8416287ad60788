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

    /// <summary>Whose names: English, or the first letters of another language in <see cref="InventedNames"/>.</summary>
    public string Names { get; init; } = "en";

    /// <summary>Share of people whose telephone is not known.</summary>
    public double NoPhone { get; init; } = 0.3;

    /// <summary>Share of people said to be born on 1 January.</summary>
    public double DefaultDay { get; init; }

    /// <summary>People of the second file who are not in the first, as a share of the first.</summary>
    public double Others { get; init; } = 0.5;

    /// <summary>Kinds nobody looked at while defaults were chosen: other languages, sizes, overlaps and gaps.</summary>
    public static IReadOnlyList<InventedKind> Held { get; } =
    [
        new("Arabic, up to three times, years for half", 6_000, 0.4, 0.2) { Names = "ar", MostAgain = 2, Frequent = 0.8, YearOnly = 0.5 },
        new("Vietnamese, two files, a third in both", 15_000, 0.33, 0.15) { Names = "vi", Frequent = 0.95, TwoFiles = true, Others = 0.6, NoDate = 0.1 },
        new("Russian, one name column, no sex", 25_000, 0.15, 0.2) { Names = "ru", Frequent = 0.9, Columns = "name,born,place" },
        new("Spanish families, dates missing for a third", 7_000, 0.3, 0.2) { Names = "es", Families = 0.5, NoDate = 0.33 },
        new("English, telephones for nearly all, half of the dates", 10_000, 0.3, 0.25) { NoPhone = 0.05, NoDate = 0.5 },
        new("Arabic, two files, 1 January for most", 9_000, 0.5, 0.1) { Names = "ar", TwoFiles = true, DefaultDay = 0.6, Columns = "given,family,born,sex,place" },
        new("fifty thousand, place and years", 50_000, 0.1, 0.1) { Frequent = 0.3, Columns = "given,family,born,place", YearOnly = 0.4 },
        new("Russian, few people often, values missing", 500, 0.9, 0.3) { Names = "ru", MostAgain = 5, Typed = false, NoDate = 0.1 },
        new("Vietnamese, name and sex and telephone", 4_000, 0.4, 0.1) { Names = "vi", Columns = "given,family,sex,phone,place" },
        new("Spanish, six hundred, a few twice", 600, 0.05, 0.15) { Names = "es" },
    ];

    /// <summary>Kinds that defaults were chosen with, none of them the file of anybody.</summary>
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
        new("Vietnamese, years for many", 12_000, 0.2, 0.1) { Names = "vi", Frequent = 0.9, Columns = "name,born,sex,phone", YearOnly = 0.3 },
        new("Spanish, two family names", 30_000, 0.1, 0.1) { Names = "es", Frequent = 0.8 },
        new("Russian, two files, nine in ten in both", 5_000, 0.9, 0.2) { Names = "ru", Frequent = 0.7, TwoFiles = true, Others = 0.1 },
        new("Arabic, no date of birth", 8_000, 0.25, 0.15) { Names = "ar", Frequent = 0.6, Columns = "given,family,sex,phone,place" },
        new("two files, one in a hundred in both", 20_000, 0.01, 0.1) { TwoFiles = true, Others = 1 },
        new("a hundred thousand", 100_000, 0.1, 0.15) { Frequent = 0.4 },
        new("most fields missing", 1_000, 0.5, 0.3) { Typed = false, NoDate = 0.5, NoPhone = 0.8 },
        new("families, two files, one in ten in both", 10_000, 0.1, 0.15) { Families = 0.6, TwoFiles = true, Others = 0.9 },
        new("Russian families, 1 January for many", 9_000, 0.3, 0.15) { Names = "ru", Families = 0.7, DefaultDay = 0.3, Columns = "given,family,born,sex,place" },
        new("Spanish, up to five times, careless", 3_000, 0.5, 0.4) { Names = "es", MostAgain = 4, NoPhone = 0.8 },
    ];
}

/// <summary>Invented registers; the same for a kind and a seed.</summary>
public static class InventedPeople
{
    private static readonly string[] s_places = "leeds york bath hull derby stoke london london london bristol wigan poole".Split(' ');
    private const int Given = 0, Family = 1, Date = 2, Sex = 3, Phone = 4, Place = 5;

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
            for (var i = 0; i < (int)(kind.Persons * kind.Others); i++)
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
        InventedNames.Given(random, kind.Names, kind.Frequent), InventedNames.Family(random, kind.Names, kind.Frequent),
        Born(random, kind.DefaultDay),
        random.Next(2) == 0 ? "M" : "F",
        random.NextDouble() < kind.NoPhone ? "" : random.Next(100_000_000).ToString("'07'00000000", CultureInfo.InvariantCulture),
        s_places[random.Next(s_places.Length)],
    ];

    private static string Born(Random random, double defaultDay) => defaultDay > 0 && random.NextDouble() < defaultDay
        ? string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}-01-01")
        : string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}");

    private static string[] Record(Random random, string[] person, InventedKind kind)
    {
        var record = person.ToArray();
        record[Date] = random.NextDouble() < kind.NoDate ? "" : random.NextDouble() < kind.YearOnly ? record[Date][..Math.Min(4, record[Date].Length)] : record[Date];
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
                Given or Family => InventedNames.Mistype(random, copy[column], kind.Names),
                Date => random.Next(3) switch
                {
                    0 => copy[Date][..5] + copy[Date][8..] + "-" + copy[Date][5..7],
                    1 => string.Create(CultureInfo.InvariantCulture, $"{copy[Date][..8]}{1 + random.Next(28):00}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $"{1930 + random.Next(85)}{copy[Date][4..]}"),
                },
                Sex => random.Next(5) == 0 ? copy[Sex] == "M" ? "F" : "M" : copy[Sex],
                Place => s_places[random.Next(s_places.Length)],
                _ => "",
            };
        }

        if (copy[Date].Length == 10 && int.Parse(copy[Date][5..7], CultureInfo.InvariantCulture) > 12)
        {
            copy[Date] = person[Date];
        }

        return copy;
    }

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
                    "born" => cells[Date], "sex" => cells[Sex], "phone" => cells[Phone], _ => cells[Place],
                }));
            }
        }

        return LinkageTable.Create("invented", [.. builders.Select(b => b.Build())], "id").Value;
    }
}
