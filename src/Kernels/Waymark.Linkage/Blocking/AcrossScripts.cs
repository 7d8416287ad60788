namespace Waymark.Linkage;

/// <summary>
/// For every part in another script, the Latin parts of the same run that are its likely spellings: candidates by skeleton of the
/// romanised form with one group free, ranked by spelling evidence. This is what lets keys of two scripts meet.
/// </summary>
internal sealed class AcrossScripts
{
    private const int Most = 8;
    private readonly Dictionary<int, int[]> _aliases = [];

    private AcrossScripts() { }

    public IReadOnlyList<int> AliasesOf(int native) => _aliases.TryGetValue(native, out var found) ? found : [];

    /// <param name="tokens">Parts of all names.</param>
    /// <param name="knowledge">Facts of the pack.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="known">Which Latin parts may be met; null: all.</param>
    public static AcrossScripts? Build(TokenTable tokens, LinkageKnowledge knowledge, int threads, Func<int, bool>? known = null)
    {
        var natives = Enumerable.Range(1, tokens.Count - 1).Where(id => tokens.ScriptOf(id) != Script.Latin).ToArray();
        if (natives.Length == 0)
        {
            return null;
        }

        var index = new Dictionary<ulong, List<int>>();
        for (var id = 1; id < tokens.Count; id++)
        {
            if (tokens.ScriptOf(id) == Script.Latin && known?.Invoke(id) != false)
            {
                foreach (var key in Variants(tokens.SkeletonOf(id)))
                {
                    (index.TryGetValue(key, out var list) ? list : index[key] = []).Add(id);
                }
            }
        }

        var found = new int[natives.Length][];
        Parallel.For(
            0,
            threads,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            worker =>
            {
                var transliterator = new Transliterator(knowledge);
                for (var i = worker; i < natives.Length; i += threads)
                {
                    found[i] = Rank(tokens, natives[i], index, transliterator);
                }
            });
        var result = new AcrossScripts();
        for (var i = 0; i < natives.Length; i++)
        {
            result._aliases[natives[i]] = found[i];
        }

        return result;
    }

    private static int[] Rank(TokenTable tokens, int native, Dictionary<ulong, List<int>> index, Transliterator transliterator)
    {
        var units = tokens.UnitsOf(native);
        var seen = new HashSet<int>();
        var ranked = new List<(double Evidence, int Id)>();
        foreach (var key in Variants(tokens.SkeletonOf(native)))
        {
            foreach (var id in index.TryGetValue(key, out var list) ? list : [])
            {
                if (!seen.Add(id))
                {
                    continue;
                }

                var latin = tokens.Bytes(id);
                var evidence = transliterator.Evidence(units, latin);
                if (TokenSimilarity.AcrossQuality(evidence, latin.Length) >= 0.5f)
                {
                    ranked.Add((evidence, id));
                }
            }
        }

        return [.. ranked.OrderByDescending(r => r.Evidence).ThenBy(r => tokens.HashOf(r.Id)).Take(Most).Select(r => r.Id)];
    }

    /// <summary>The skeleton and every skeleton with one group left out.</summary>
    private static IEnumerable<ulong> Variants(ulong skeleton)
    {
        yield return skeleton;
        if (skeleton >> 62 != 0)
        {
            yield break;
        }

        var groups = 0;
        for (var rest = skeleton; rest > 1; rest >>= 4)
        {
            groups++;
        }

        for (var i = 0; i < groups && groups > 1; i++)
        {
            var low = skeleton & ((1UL << (4 * i)) - 1);
            yield return ((skeleton >> (4 * (i + 1))) << (4 * i)) | low;
        }
    }
}
