namespace Waymark.Linkage;

/// <summary>One training pair: a name part in another script (folded) and a Latin spelling of it (folded ASCII letters).</summary>
public readonly record struct SpellingPair(string Native, string Latin, int Count);

/// <summary>
/// Learns how letters of a script are written in Latin letters: expectation–maximisation over all monotone ways to cut the Latin
/// spelling into one piece (possibly empty) per letter (the joint multigram of Deligne and Bimbot 1995, memoryless). Pairs that the model
/// finds improbable are taken for noise and left out after the first rounds. Deterministic.
/// </summary>
public static class SpellingLearner
{
    private const double NoiseBitsPerLetter = 2.6;

    /// <summary>Spellings per letter, most probable first, those under <paramref name="least"/> dropped.</summary>
    public static IReadOnlyDictionary<string, Spelling[]> Learn(
        IReadOnlyList<SpellingPair> pairs, int longest, int rounds, double least, CancellationToken cancel)
    {
        var table = new Dictionary<(char, string), double>();
        var counts = new Dictionary<(char, string), double>();
        var totals = new Dictionary<char, double>();
        for (var round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            counts.Clear();
            totals.Clear();
            foreach (var pair in pairs)
            {
                if (pair.Native.Length > 0 && pair.Latin.Length > 0 && pair.Latin.Length <= pair.Native.Length * longest)
                {
                    Count(pair, longest, round < 3, table, counts);
                }
            }

            foreach (var ((native, _), count) in counts)
            {
                totals[native] = totals.GetValueOrDefault(native) + count;
            }

            table.Clear();
            foreach (var (key, count) in counts)
            {
                var p = count / (totals[key.Item1] + 1);
                if (p > (round < rounds - 1 ? 1e-5 : least))
                {
                    table[key] = p;
                }
            }
        }

        return table.GroupBy(e => e.Key.Item1)
            .Where(g => totals[g.Key] >= 3)
            .ToDictionary(
                g => g.Key.ToString(),
                g => g.OrderByDescending(e => e.Value).ThenBy(e => e.Key.Item2, StringComparer.Ordinal)
                    .Select(e => new Spelling(e.Key.Item2, (float)Math.Log2(e.Value))).ToArray(),
                StringComparer.Ordinal);
    }

    private static void Count(
        SpellingPair pair, int longest, bool keepNoise, Dictionary<(char, string), double> table, Dictionary<(char, string), double> counts)
    {
        var (n, m) = (pair.Native.Length, pair.Latin.Length);
        var forward = new double[n + 1, m + 1];
        var backward = new double[n + 1, m + 1];
        forward[0, 0] = 1;
        backward[n, m] = 1;
        double P(int i, int from, int to) => table.Count == 0
            ? Start(to - from, (double)m / n)
            : table.GetValueOrDefault((pair.Native[i], pair.Latin[from..to]));
        for (var i = 0; i < n; i++)
        {
            for (var from = 0; from <= m; from++)
            {
                for (var to = from; forward[i, from] > 0 && to <= Math.Min(m, from + longest); to++)
                {
                    forward[i + 1, to] += forward[i, from] * P(i, from, to);
                }
            }
        }

        var total = forward[n, m];
        if (total <= 0 || (!keepNoise && -Math.Log2(total) > NoiseBitsPerLetter * (m + 1)))
        {
            return;
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var from = 0; from <= m; from++)
            {
                for (var to = from; to <= Math.Min(m, from + longest); to++)
                {
                    if (backward[i + 1, to] <= 0 || forward[i, from] <= 0)
                    {
                        continue;
                    }

                    var p = P(i, from, to) * backward[i + 1, to];
                    backward[i, from] += p;
                    var expected = Math.Log2(1 + pair.Count) * forward[i, from] * p / total;
                    if (expected > 1e-4)
                    {
                        var key = (pair.Native[i], pair.Latin[from..to]);
                        counts[key] = counts.GetValueOrDefault(key) + expected;
                    }
                }
            }
        }
    }

    /// <summary>Before anything is known, pieces near the mean length are likelier.</summary>
    private static double Start(int length, double mean) => Math.Exp(-Math.Abs(length - mean));
}
