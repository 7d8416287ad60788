using System.Globalization;
using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Tests;

/// <summary>
/// The reference tables of the sources, read at test time from the shared folder (walking up from the test binary, or
/// WAYMARK_SHARED). Tests that need it skip with a printed reason when it is absent.
/// </summary>
internal static class Reference
{
    public static readonly LocalText World = new("world population", "世界人口");

    private static readonly string? Folder = WorkingCopy.Shared;

    /// <summary>SEED table 1: international migrant stock and share, 1970–2020.</summary>
    public static IReadOnlyList<(int Year, decimal Stock, decimal Share)> Stock => [.. Rows("international_migrant_stock_1970_2020.csv")
        .Select(row => (int.Parse(row["year"], CultureInfo.InvariantCulture), Number(row["stock"])!.Value, Number(row["share_percent"])!.Value))];

    /// <summary>SEED table 2: resettlement needs, resettled and printed percent, 2005–2022.</summary>
    public static IReadOnlyList<(int Year, decimal? Needs, decimal Resettled, decimal? Percent)> Resettlement => [.. Rows("refugee_resettlement_2005_2022.csv")
        .Select(row => (int.Parse(row["year"], CultureInfo.InvariantCulture), Number(row["needs"]), Number(row["resettled"])!.Value, Number(row["percent"])))];

    /// <summary>One key figure by its id ("KF049").</summary>
    public static decimal Key(string id) => Number(Rows("key_figures.csv").Single(row => row["id"] == id)["value"])!.Value;

    public static Figure Persons(decimal value, Period period, ObservationStatus status = ObservationStatus.Normal) =>
        new(value, "persons", "test/persons", period, Status: status);

    public static Figure Persons(decimal value, int year) => Persons(value, Period.Year(year));

    private static IEnumerable<Dictionary<string, string>> Rows(string name)
    {
        if (Folder is null)
        {
            Assert.Skip("skipped: data folder absent");
        }

        var lines = File.ReadAllLines(Path.Combine(Folder, "reference", name)).Where(line => line.Length > 0).Select(Split).ToList();
        return lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private static string[] Split(string line)
    {
        // Quoted commas occur; doubled quotes inside do not.
        var (cells, cell, quoted) = (new List<string>(), "", false);
        foreach (var sign in line)
        {
            quoted ^= sign == '"';
            if (sign == ',' && !quoted)
            {
                cells.Add(cell);
                cell = "";
            }
            else if (sign != '"')
            {
                cell += sign;
            }
        }

        return [.. cells, cell];
    }

    private static decimal? Number(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
