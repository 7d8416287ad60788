using System.Globalization;
using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Bench;

/// <summary>
/// A made-up series of the shape of bilateral migration tables: six dimensions, fifty years, four vintages of which later
/// ones revise a part of the earlier, a few gaps. Rows are in random order, the worst case for both sides. Areas and
/// origins come in 20,000 corridors, as in real tables where most pairs are empty. Reproducible by its seed.
/// </summary>
internal static class CubeData
{
    public const int Areas = 250, Origins = 250, Sexes = 4, Ages = 20, Kinds = 8, Themes = 5, Years = 50, Corridors = 20_000;

    public static readonly CubeSchema Schema = new("bench/corridors", ["area", "origin", "sex", "age", "kind", "theme"]);

    private static readonly double[] VintageShares = [0.6, 0.2, 0.15, 0.05];

    public static CubeBuilder Build(int rows, int seed, bool sorted = false)
    {
        var random = new Random(seed);
        var corridors = Enumerable.Range(0, Corridors).Select(_ => (Area: random.Next(Areas), Origin: random.Next(Origins))).ToArray();
        var keys = new int[rows * 5L];
        var builder = new CubeBuilder(Schema);
        var names = new[] { Areas, Origins, Sexes, Ages, Kinds, Themes }
            .Select(count => Enumerable.Range(0, count).Select(code => code.ToString(CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var years = Enumerable.Range(1975, Years).Select(year => Period.Year(year)).ToArray();
        var done = 0;
        for (var vintage = 0; vintage < VintageShares.Length; vintage++)
        {
            var end = vintage == VintageShares.Length - 1 ? rows : done + (int)(rows * VintageShares[vintage]);
            var begun = done;
            _ = builder.BeginVintage(new($"v{vintage}", $"{2021 + vintage}", vintage)).Value;
            while (done < end)
            {
                var count = Math.Min(CubeSchema.BlockRows, end - done);
                for (var i = 0; i < count; i++)
                {
                    // From the second vintage on, two rows in five revise an earlier key.
                    var key = keys.AsSpan((done + i) * 5, 5);
                    if (vintage > 0 && random.Next(5) < 2)
                    {
                        keys.AsSpan(random.Next(begun) * 5, 5).CopyTo(key);
                        continue;
                    }

                    (key[0], key[1], key[2], key[3], key[4]) =
                        (random.Next(Corridors), random.Next(Sexes), random.Next(Ages), random.Next(Kinds), random.Next(Years));
                }

                if (sorted)
                {
                    Sort(keys, done, count);
                }

                _ = builder.Append(Segment($"{vintage}/{done}", count, done)).Value;
                done += count;
            }

            _ = builder.Publish().Value;
        }

        return builder;

        SegmentColumns Segment(string id, int count, int at)
        {
            int[] Column(Func<int, int> code) => [.. Enumerable.Range(at, count).Select(code)];
            var statuses = Column(_ => random.Next(100)).Select(dice => dice switch
            {
                < 88 => ObservationStatus.Normal,
                < 94 => ObservationStatus.Estimated,
                < 98 => ObservationStatus.Provisional,
                _ => ObservationStatus.Suppressed,
            }).ToArray();
            return new()
            {
                Segment = id,
                Dimensions =
                [
                    new(names[0], Column(row => corridors[keys[row * 5]].Area)),
                    new(names[1], Column(row => corridors[keys[row * 5]].Origin)),
                    new(names[2], Column(row => keys[(row * 5) + 1])),
                    new(names[3], Column(row => keys[(row * 5) + 2])),
                    new(names[4], Column(row => keys[(row * 5) + 3])),
                    new(names[5], Column(row => keys[row * 5] % Themes)),
                ],
                Periods = new(years, Column(row => keys[(row * 5) + 4])),
                Values = [.. statuses.Select(status => status == ObservationStatus.Suppressed ? 0 : (long)Math.Exp(random.NextDouble() * 14))],
                Statuses = statuses,
                Comparators = [.. statuses.Select(status => status == ObservationStatus.Suppressed ? Comparator.None : Comparator.Equal)],
            };
        }
    }

    private static void Sort(int[] keys, int at, int count)
    {
        var rows = Enumerable.Range(at, count).Select(row => keys.AsSpan(row * 5, 5).ToArray())
            .OrderBy(key => key[0]).ThenBy(key => key[4]).ToList();
        for (var i = 0; i < count; i++)
        {
            rows[i].CopyTo(keys, (at + i) * 5);
        }
    }
}
