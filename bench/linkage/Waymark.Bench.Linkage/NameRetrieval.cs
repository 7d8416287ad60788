using System.Text;

namespace Waymark.Linkage.Bench;

/// <summary>How often a true Latin spelling is first, and among the first ten, of all distinct Latin forms of a dev slice.</summary>
public sealed record NameRetrievalScore(string Language, int Asked, int Forms, int Spellings, double TopTen, double TopOne);

/// <summary>For native forms of a dev slice: is a true Latin spelling among the ten best of all distinct Latin forms of the slice?</summary>
public static class NameRetrieval
{
    public static IReadOnlyList<string> Languages { get; } = ["arabic", "russian", "hebrew", "korean", "katakana", "chinese"];

    public static int Run(string data, string pack, int queries)
    {
        var knowledge = PackFolder.Read(pack).Value;
        var scores = Languages.Select(language => Measure(data, knowledge, language, queries)).ToList();
        foreach (var s in scores)
        {
            Console.WriteLine($"{s.Language}: {s.Asked} of {s.Forms} forms against {s.Spellings} spellings, top 10 {s.TopTen:0.000}, top 1 {s.TopOne:0.000}");
        }

        Console.WriteLine($"mean: top 10 {scores.Average(s => s.TopTen):0.000}, top 1 {scores.Average(s => s.TopOne):0.000}; lowest top 10 {scores.Min(s => s.TopTen):0.000}");
        return scores.Average(s => s.TopTen) >= 0.9 && scores.Min(s => s.TopTen) >= 0.75 ? 0 : 1;
    }

    /// <summary>Measures one language on about <paramref name="queries"/> native forms, spread evenly over the slice.</summary>
    public static NameRetrievalScore Measure(string data, LinkageKnowledge knowledge, string language, int queries)
    {
        var pairs = NamePairs.Read(Path.Combine(data, $"namepairs/wd_{language}_dev.tsv.gz"), new NameFolder(knowledge)).ToList();
        var latin = pairs.Select(p => p.Latin).Distinct().Select(Encoding.ASCII.GetBytes).ToArray();
        var at = latin.Select((l, i) => (Text: Encoding.ASCII.GetString(l), i)).ToDictionary(x => x.Text, x => x.i, StringComparer.Ordinal);
        var truth = pairs.GroupBy(p => p.Native).ToDictionary(g => g.Key, g => g.Select(p => at[p.Latin]).ToHashSet());
        var asked = truth.Keys.Where((_, i) => i % Math.Max(1, truth.Count / queries) == 0).ToArray();
        var (first, ten) = (0, 0);
        Parallel.ForEach(
            asked,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            () => new Transliterator(knowledge),
            (native, _, transliterator) =>
            {
                var units = transliterator.Units(native);
                var scores = new double[latin.Length];
                var best = double.NegativeInfinity;
                for (var i = 0; i < latin.Length; i++)
                {
                    scores[i] = transliterator.Evidence(units, latin[i]);
                    best = truth[native].Contains(i) ? Math.Max(best, scores[i]) : best;
                }

                // Spellings that score alike are counted as before the true one.
                var before = scores.Where((s, i) => s >= best && !truth[native].Contains(i)).Take(10).Count();
                Interlocked.Add(ref first, before == 0 ? 1 : 0);
                Interlocked.Add(ref ten, before < 10 ? 1 : 0);
                return transliterator;
            },
            _ => { });
        return new(language, asked.Length, truth.Count, latin.Length, (double)ten / asked.Length, (double)first / asked.Length);
    }
}
