namespace Waymark.Linkage;

/// <summary>
/// How strangers agree in several fields at once: a mixture of a few classes of pairs (anybody, namesakes, people of one place or community),
/// fitted by EM on pairs drawn at random. Namesakes mostly share sex, script and nationality too; a product over fields would call
/// them far rarer than they are. Level 0 counts as a level here, since what is missing goes along with where a record comes from.
/// </summary>
internal sealed class StrangerClasses
{
    private const int Iterations = 40, FurtherIterations = 8;
    private readonly double[] _logShare;
    private readonly double[][][] _log;

    private StrangerClasses(double[] logShare, double[][][] log) => (_logShare, _log) = (logShare, log);

    public void Write(BinaryWriter to)
    {
        to.Write(_logShare.Length);
        Array.ForEach(_logShare, to.Write);
        to.Write(_log.Length == 0 ? 0 : _log[0].Length);
        foreach (var field in _log.SelectMany(c => c))
        {
            to.Write(field.Length);
            Array.ForEach(field, to.Write);
        }
    }

    public static StrangerClasses Read(IndexReader from)
    {
        var share = from.Many(16, from.Number);
        var fields = from.Count();
        var log = share.Select(_ => Enumerable.Range(0, Math.Min(fields, 64)).Select(_ => from.Many(64, from.Number)).ToArray()).ToArray();
        return new(share, log);
    }

    /// <summary>Log of the share of strangers with these levels (a span of one level per field).</summary>
    public double LogShare(ReadOnlySpan<byte> levels)
    {
        var sum = double.NegativeInfinity;
        for (var c = 0; c < _logShare.Length; c++)
        {
            var log = _logShare[c];
            for (var f = 0; f < levels.Length; f++)
            {
                log += _log[c][f][levels[f]];
            }

            sum = double.IsNegativeInfinity(sum) ? log : Math.Max(sum, log) + Math.Log(1 + Math.Exp(-Math.Abs(sum - log)));
        }

        return sum;
    }

    /// <param name="histogram">Patterns of random pairs, what looks like a match left out.</param>
    /// <param name="layout">The fields.</param>
    /// <param name="use">Which cells count.</param>
    /// <param name="matches">Per cell the share of all pairs that are matches with its levels; what they explain is not laid to strangers.</param>
    /// <param name="before">Classes to start from, found before the matches were known.</param>
    /// <returns>The classes, and per cell how much of it is strangers.</returns>
    public static (StrangerClasses Classes, double[] Strange) Fit(PatternHistogram histogram, PatternLayout layout, bool[] use, double[]? matches = null, StrangerClasses? before = null)
    {
        var fields = layout.Fields;
        var cells = Enumerable.Range(0, histogram.Count).Where(c => use[c]).ToArray();
        var levels = new int[cells.Length][];
        var counts = Array.ConvertAll(cells, c => (double)histogram.Counts[c]);
        const int classes = 4;
        var belongs = new double[cells.Length][];
        for (var i = 0; i < cells.Length; i++)
        {
            levels[i] = new int[fields.Count];
            for (var f = 0; f < fields.Count; f++)
            {
                levels[i][f] = PatternLayout.Level(histogram.Patterns[cells[i]], fields[f]);
            }

            belongs[i] = [0.03, 0.03, 0.03, 0.03];
            belongs[i][Start(levels[i], fields)] = 0.91;
        }

        var (share, u) = (new double[classes], new double[classes][][]);
        if (before is not null)
        {
            share = Array.ConvertAll(before._logShare, Math.Exp);
            u = Array.ConvertAll(before._log, c => Array.ConvertAll(c, f => Array.ConvertAll(f, Math.Exp)));
        }

        for (var iteration = 0; iteration < (before is null ? Iterations : FurtherIterations); iteration++)
        {
            if (before is null || iteration > 0)
            {
                Maximise(levels, counts, belongs, fields, share, u);
            }

            for (var i = 0; i < belongs.Length; i++)
            {
                var sum = matches?[cells[i]] ?? 0.0;
                for (var c = 0; c < classes; c++)
                {
                    var p = share[c];
                    for (var f = 0; f < fields.Count; f++)
                    {
                        p *= u[c][f][levels[i][f]];
                    }

                    belongs[i][c] = p;
                    sum += p;
                }

                for (var c = 0; c < classes; c++)
                {
                    belongs[i][c] /= sum;
                }
            }
        }

        Maximise(levels, counts, belongs, fields, share, u);
        var strange = new double[histogram.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            strange[cells[i]] = belongs[i].Sum();
        }

        return (new StrangerClasses(Array.ConvertAll(share, Math.Log), [.. u.Select(c => c.Select(f => Array.ConvertAll(f, Math.Log)).ToArray())]), strange);
    }

    /// <summary>Anybody 0, namesakes 1, one place or community 2, both 3.</summary>
    private static int Start(int[] levels, IReadOnlyList<PatternField> fields)
    {
        var (name, near) = (false, false);
        for (var f = 0; f < levels.Length; f++)
        {
            name |= fields[f].Role == FieldRole.FullName && levels[f] > 1;
            near |= fields[f].Role is FieldRole.Place or FieldRole.Region or FieldRole.Nationality or FieldRole.Postcode && levels[f] >= 3;
        }

        return (name ? 1 : 0) + (near ? 2 : 0);
    }

    private static void Maximise(int[][] levels, double[] counts, double[][] belongs, IReadOnlyList<PatternField> fields, double[] share, double[][][] u)
    {
        var total = counts.Sum();
        for (var c = 0; c < share.Length; c++)
        {
            var own = 0.0;
            u[c] = [.. fields.Select(Least)];
            for (var i = 0; i < levels.Length; i++)
            {
                var n = counts[i] * belongs[i][c];
                own += n;
                for (var f = 0; f < fields.Count; f++)
                {
                    u[c][f][levels[i][f]] += n;
                }
            }

            share[c] = (own + 1) / (total + share.Length);
            foreach (var p in u[c])
            {
                var sum = p.Sum();
                for (var level = 0; level < p.Length; level++)
                {
                    p[level] /= sum;
                }
            }
        }
    }

    /// <summary>What is supposed before any pair is seen: a few pairs, spread as among strangers, and half a pair for every level that has none.</summary>
    private static double[] Least(PatternField field)
    {
        var p = Priors.NonMatch(field);
        for (var level = 0; level < p.Length; level++)
        {
            p[level] = (2 * p[level]) + 0.05;
        }

        return p;
    }
}
