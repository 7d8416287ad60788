using System.Text;

namespace Waymark.Linkage.Bench;

/// <summary>For native forms of a dev slice: is a true Latin spelling among the ten best of all distinct Latin forms of the slice?</summary>
internal static class NameRetrieval
{
    public static int Run(string data, string pack, int queries)
    {
        var knowledge = PackFolder.Read(pack).Value;
        var folder = new NameFolder(knowledge);
        foreach (var list in new[] { "arabic", "russian", "hebrew", "korean", "katakana", "chinese" })
        {
            var pairs = LearnPack.Pairs(Path.Combine(data, $"namepairs/wd_{list}_dev.tsv.gz"), folder).ToList();
            var latin = pairs.Select(p => p.Latin).Distinct().Select(Encoding.ASCII.GetBytes).ToArray();
            var truth = pairs.GroupBy(p => p.Native).ToDictionary(g => g.Key, g => g.Select(p => p.Latin).ToHashSet());
            var asked = truth.Keys.Where((_, i) => i % Math.Max(1, truth.Count / queries) == 0).ToArray();
            var (first, ten) = (0, 0);
            Parallel.ForEach(
                asked,
                new ParallelOptions { MaxDegreeOfParallelism = 2 },
                () => new Transliterator(knowledge),
                (native, _, transliterator) =>
                {
                    var units = transliterator.Units(native);
                    var scores = latin.Select(l => -transliterator.Evidence(units, l)).ToArray();
                    var order = Enumerable.Range(0, latin.Length).ToArray();
                    Array.Sort(scores, order);
                    var rank = Array.FindIndex(order, o => truth[native].Contains(Encoding.ASCII.GetString(latin[o])));
                    Interlocked.Add(ref first, rank == 0 ? 1 : 0);
                    Interlocked.Add(ref ten, rank < 10 ? 1 : 0);
                    return transliterator;
                },
                _ => { });
            Console.WriteLine($"{list}: {asked.Length} of {truth.Count} forms against {latin.Length} spellings, top 10 {(double)ten / asked.Length:0.000}, top 1 {(double)first / asked.Length:0.000}");
        }

        return 0;
    }
}
