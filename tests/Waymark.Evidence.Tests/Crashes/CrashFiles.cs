using System.Globalization;
using System.Text;

namespace Waymark.Evidence.Tests.Crashes;

/// <summary>The files of the crash test: editions of one publisher, each revising the one before, with two series in every file.</summary>
internal static class CrashFiles
{
    public const string Persons = "own/persons";
    public const string Cases = "own/cases";
    private static readonly string[] Areas = ["DEU", "FRA", "KEN", "NAM", "LBN", "COL", "THA", "POL"];

    /// <summary>The number as a day: editions in order.</summary>
    public static string Edition(int number) => new DateOnly(2020, 1, 1).AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Name(int number) => $"edition-{number:0000}.csv";

    /// <summary>Every fiftieth file is long enough for two segments a series, so that kills also fall between segments.</summary>
    public static byte[] Bytes(int number)
    {
        var text = new StringBuilder($"Edition {Edition(number)}\nCountry,Sex,Year,Persons,Cases\n");
        var years = number % 50 == 7 ? 4_200 : 12;
        for (var year = 0; year < years; year++)
        {
            foreach (var area in Areas)
            {
                foreach (var sex in (string[])["Male", "Female"])
                {
                    text.Append(CultureInfo.InvariantCulture, $"{area},{sex},{Year(year)},{(number * 7) + (year % 97)},{(year + number) % 13}\n");
                }
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        // Years first, then days, so that a long file has as many keys as it has rows.
        static string Year(int index) => index < 100 ? (1950 + index).ToString(CultureInfo.InvariantCulture)
            : new DateOnly(2000, 1, 1).AddDays(index).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>The publisher's packs, and of the built-in ones only those that an import needs: a process starts for every kill.</summary>
    public static OwnPacks Packs()
    {
        var packs = Profiles();
        foreach (var needed in (string[])["schema", "codelists/areas", "codelists/units", "series/concepts.yaml"])
        {
            var from = Path.Combine(Support.Root, "packs", needed);
            foreach (var file in Directory.Exists(from) ? Directory.GetFiles(from) : [from])
            {
                var to = Path.Combine(packs.Folder, Path.GetRelativePath(Path.Combine(Support.Root, "packs"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }

        return packs;
    }

    private static OwnPacks Profiles() => new("""
        recognise:
          all:
            - columns: [Country, Sex, Year, Persons, Cases]
        release:
          - text: '^Edition (?<release>\d{4}-\d\d-\d\d)$'
        dimensions:
          area: {schemes: [iso3]}
        tables:
          - id: both
            header: {labels: [Country, Sex, Year, Persons, Cases]}
            columns:
              - {labels: [Country], role: dimension, dimension: area}
              - {labels: [Sex], role: dimension, dimension: sex}
              - {labels: [Year], role: period}
              - {labels: [Persons], role: measure, series: own/persons}
              - {labels: [Cases], role: measure, series: own/cases}
        """, """
        series:
          own/persons:
            name: {en: Persons, zh: 人数}
            unit: person
            licence: CC0-1.0
            citation: {en: Own office. Persons., zh: 自有机构：人数。}
            dimensions:
              area: {total: WORLD}
              sex: {}
          own/cases:
            name: {en: Cases, zh: 案件数}
            unit: case
            licence: CC0-1.0
            citation: {en: Own office. Cases., zh: 自有机构：案件数。}
            dimensions:
              area: {total: WORLD}
              sex: {}
        """);
}
