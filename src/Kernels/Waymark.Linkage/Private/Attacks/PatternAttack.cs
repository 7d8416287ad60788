using System.Numerics;

namespace Waymark.Linkage.Private;

/// <summary>
/// Bits that occur together belong to one value (Christen et al., PAKDD 2018): sets of strongly correlated bits are grown from the strongest
/// pairs, the records that carry them are counted, and each set is taken for the name of the nearest frequency.
/// </summary>
internal static class PatternAttack
{
    private const int Patterns = 80;
    private const int FewestBits = 4;

    public static AttackResult Run(AttackScene scene)
    {
        var records = scene.Set.Records;
        var columns = Columns(records);
        var correlation = Correlations(columns, records.Count);
        var share = 1 + scene.Schema.Preset.FakeShare;
        var values = Values(scene, share);
        var guesses = new (string? Name, double Fit)[records.Count, 2];
        var used = new bool[columns.Length];
        for (var pattern = 0; pattern < Patterns; pattern++)
        {
            var bits = Grow(correlation, used);
            if (bits.Count < FewestBits)
            {
                break;
            }

            var carriers = Carriers(records, bits);
            var nearest = values.OrderBy(n => Math.Abs(n.Count - carriers.Count)).ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault();
            if (nearest.Name is null || Math.Abs(nearest.Count - carriers.Count) > Math.Max(3, nearest.Count * 0.15))
            {
                continue;
            }

            values.Remove(nearest);
            for (var at = 0; at < carriers.Count && nearest.Part >= 0; at++)
            {
                if (guesses[carriers[at], nearest.Part].Fit < bits.Count)
                {
                    guesses[carriers[at], nearest.Part] = (nearest.Name, bits.Count);
                }
            }
        }

        return scene.Count("pattern-mining", (record, part) => guesses[record, part].Name);
    }

    /// <summary>Every value of the register that is not rare, with how many records of the set hold it; part −1 for what is no name.</summary>
    private static List<(int Part, string Name, double Count)> Values(AttackScene scene, double share)
    {
        var values = new List<(int Part, string Name, double Count)>();
        for (var part = 0; part < 2; part++)
        {
            values.AddRange(scene.Names.GroupBy(n => n[part]).Select(g => (part, g.Key, g.Count() * share)));
        }

        foreach (var column in scene.Register.Columns)
        {
            values.AddRange(column.Codes.Where(c => c != 0).GroupBy(c => c).Select(g => (-1, column.Name + "=" + column.Values.Text(g.Key), g.Count() * share))
                .Where(v => !values.Exists(n => v.Item2.EndsWith("=" + n.Name, StringComparison.Ordinal))));
        }

        values.RemoveAll(v => v.Count < 5);
        return values;
    }

    /// <summary>A set of bits, each strongly correlated with those before it.</summary>
    private static List<int> Grow(float[][] correlation, bool[] used)
    {
        var (best, at, other) = (0f, -1, -1);
        for (var i = 0; i < correlation.Length; i++)
        {
            for (var j = 0; j < i && !used[i]; j++)
            {
                if (!used[j] && correlation[i][j] > best)
                {
                    (best, at, other) = (correlation[i][j], i, j);
                }
            }
        }

        if (at < 0 || best < 0.15f)
        {
            return [];
        }

        var bits = new List<int> { at, other };
        for (var next = 0; next >= 0;)
        {
            (next, var strongest) = (-1, best * 0.5f);
            for (var i = 0; i < correlation.Length; i++)
            {
                if (!used[i] && !bits.Contains(i) && bits.Average(b => At(correlation, i, b)) is var mean && mean > strongest)
                {
                    (next, strongest) = (i, mean);
                }
            }

            if (next >= 0)
            {
                bits.Add(next);
            }
        }

        bits.ForEach(b => used[b] = true);
        return bits;
    }

    private static float At(float[][] correlation, int i, int j) => i > j ? correlation[i][j] : correlation[j][i];

    private static List<int> Carriers(BitRecords records, List<int> bits) =>
        [.. Enumerable.Range(0, records.Count).Where(r => bits.Count(b => (records[r][b / 64] >> (b % 64) & 1) == 1) >= bits.Count * 0.85)];

    private static ulong[][] Columns(BitRecords records)
    {
        var columns = new ulong[records.Bits][];
        for (var b = 0; b < columns.Length; b++)
        {
            columns[b] = new ulong[(records.Count + 63) / 64];
            for (var r = 0; r < records.Count; r++)
            {
                columns[b][r / 64] |= (records[r][b / 64] >> (b % 64) & 1) << (r % 64);
            }
        }

        return columns;
    }

    private static float[][] Correlations(ulong[][] columns, int records)
    {
        var ones = Array.ConvertAll(columns, c => c.Sum(w => (double)BitOperations.PopCount(w)) / records);
        var result = new float[columns.Length][];
        Parallel.For(0, columns.Length, i =>
        {
            result[i] = new float[i];
            for (var j = 0; j < i; j++)
            {
                var both = 0;
                for (var k = 0; k < columns[i].Length; k++)
                {
                    both += BitOperations.PopCount(columns[i][k] & columns[j][k]);
                }

                var spread = Math.Sqrt(ones[i] * (1 - ones[i]) * ones[j] * (1 - ones[j]));
                result[i][j] = spread <= 0 ? 0 : (float)(((double)both / records - ones[i] * ones[j]) / spread);
            }
        });
        return result;
    }
}
