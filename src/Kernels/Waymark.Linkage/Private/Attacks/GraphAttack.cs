namespace Waymark.Linkage.Private;

/// <summary>
/// A person's similarities to all others are a fingerprint (Vidanage et al., CIKM 2020): the attacker encodes the clear register under
/// its own key, describes every record of both graphs by its row of similarities, sorted, and matches the descriptions one to one.
/// </summary>
internal static class GraphAttack
{
    private const int Strongest = 12;
    private const int Quantiles = 24;

    public static AttackResult Run(AttackScene scene)
    {
        var (clear, rows) = AttackSuite.Simulate(scene, AttackSuite.OwnKey("graph"));
        if (Math.Min(scene.Set.Records.Count, clear.Count) <= Strongest)
        {
            // Too few records to tell one row of similarities from another.
            return scene.Count("graph-matching", (_, _) => null);
        }

        var (a, b) = (Describe(scene.Set.Records), Describe(clear));
        Normalise(a);
        Normalise(b);
        var pairs = new (float Distance, int Coded, int Clear)[a.Length * b.Length];
        Parallel.For(0, a.Length, i =>
        {
            for (var j = 0; j < b.Length; j++)
            {
                pairs[i * b.Length + j] = (Distance(a[i], b[j]), i, j);
            }
        });
        Array.Sort(pairs, (x, y) => x.Distance.CompareTo(y.Distance));
        var (takenA, takenB) = (new bool[a.Length], new bool[b.Length]);
        var guesses = new int?[a.Length];
        foreach (var (_, i, j) in pairs)
        {
            if (!takenA[i] && !takenB[j])
            {
                (takenA[i], takenB[j], guesses[i]) = (true, true, rows[j]);
            }
        }

        return scene.Count("graph-matching", (record, part) => guesses[record] is { } row ? scene.Names[row][part] : null);
    }

    private static float[][] Describe(BitRecords records)
    {
        var result = new float[records.Count][];
        Parallel.For(0, records.Count, i =>
        {
            var row = new float[records.Count - 1];
            for (var (j, at) = (0, 0); j < records.Count; j++)
            {
                if (j != i)
                {
                    row[at++] = Similarity(records, i, j);
                }
            }

            Array.Sort(row);
            var features = new float[Strongest + Quantiles + 2];
            for (var k = 0; k < Strongest; k++)
            {
                features[k] = row[^(k + 1)];
            }

            for (var k = 0; k < Quantiles; k++)
            {
                features[Strongest + k] = row[(row.Length - 1) * k / (Quantiles - 1)];
            }

            features[^2] = row.Average();
            features[^1] = records.Ones(i);
            result[i] = features;
        });
        return result;
    }

    private static float Similarity(BitRecords records, int i, int j)
    {
        var common = 0;
        var x = records[i];
        var y = records[j];
        for (var k = 0; k < x.Length; k++)
        {
            common += System.Numerics.BitOperations.PopCount(x[k] & y[k]);
        }

        return 2f * common / Math.Max(1, records.Ones(i) + records.Ones(j));
    }

    private static void Normalise(float[][] rows)
    {
        for (var f = 0; f < rows[0].Length; f++)
        {
            var mean = rows.Average(r => r[f]);
            var deviation = Math.Sqrt(rows.Average(r => (r[f] - mean) * (r[f] - mean))) + 1e-6;
            foreach (var row in rows)
            {
                row[f] = (float)((row[f] - mean) / deviation);
            }
        }
    }

    private static float Distance(float[] a, float[] b)
    {
        var sum = 0f;
        for (var k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }
}
