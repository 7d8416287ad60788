using System.Text;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Small tables from text, and the knowledge of the pack.</summary>
internal static class Tables
{
    public static LinkageKnowledge Knowledge { get; } = PackFolder.Read(PackFolder.Find()).Value;

    public static LinkageTable Csv(string text) => CsvTable.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv", "id").Value;

    public static LinkageTable Rows(string header, IEnumerable<string> rows) => Csv(header + "\n" + string.Join('\n', rows) + "\n");

    public static LinkageOutcome Run(LinkageTable left, LinkageTable? right = null, int threads = 2) =>
        LinkageEngine.Run(new LinkageRequest(left, right, Knowledge) { Threads = threads }, null, TestContext.Current.CancellationToken).Value;

    /// <summary>Links by id, smaller id first, with rounded probability: what two runs must agree on.</summary>
    public static HashSet<(string, string, float)> Links(LinkageOutcome outcome, LinkageTable table) =>
        [.. outcome.Pairs.Select(p => (table.Id(p.Left), table.Id(p.Right), MathF.Round(p.Probability, 4)))
            .Select(l => string.CompareOrdinal(l.Item1, l.Item2) < 0 ? l : (l.Item2, l.Item1, l.Item3))];

    /// <summary>Persons with typing errors, missing values and repeats; the same for a seed.</summary>
    public static List<string> Persons(int seed, int count)
    {
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti"];
        string[] places = ["tripoli", "oujda", "balti", "aden", "yangon", "hanoi", "lviv", "goma"];
        var random = new Random(seed);
        var rows = new List<string>();
        for (var i = 0; i < count; i++)
        {
            string Name(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
            var (g, f) = (Name(3), Name(4));
            var (date, place) = ($"{1960 + random.Next(50)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}", places[random.Next(places.Length)]);
            rows.Add($"r{i},{g},{f},{date},{place}");
            if (random.Next(3) == 0)
            {
                var typed = random.Next(2) == 0 ? g.Remove(random.Next(g.Length), 1) : g;
                rows.Add($"r{i}d,{typed},{f},{(random.Next(4) == 0 ? "" : date)},{(random.Next(4) == 0 ? "" : place)}");
            }
        }

        return rows;
    }
}
