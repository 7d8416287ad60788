using Waymark.Statistics.Disclosure;

namespace Waymark.Statistics.Tests.Disclosure;

/// <summary>Small numbers in linked tables (M44): what an attacker who knows every told cell, and the method, can work out of a withheld one. The attacker here tries every table there is.</summary>
public sealed class SuppressionTests
{
    /// <summary>Three properties of two codes, told alone, in pairs and all together, with a coarser grouping beside it as linked tables have.</summary>
    private static readonly int[] s_sizes = [2, 2, 2];

    private static List<int?[]> Shape(int kind)
    {
        var cells = new List<int?[]> { new int?[] { null, null, null } };
        int?[] any = [null, 0, 1];
        foreach (var first in any)
        {
            foreach (var second in any)
            {
                foreach (var third in any)
                {
                    var told = new int?[] { first, second, third };
                    var known = told.Count(code => code is not null);
                    // All cells and margins; pairs at most; or two tables that share one property.
                    if (known > 0 && (kind == 0 || (kind == 1 && known <= 2) || (kind == 2 && (third is null || second is null))))
                    {
                        cells.Add(told);
                    }
                }
            }
        }

        return cells;
    }

    private static IReadOnlyList<int?> Protect(int[] counts, List<int?[]> shape, int threshold)
    {
        var people = counts.SelectMany((count, id) => Enumerable.Repeat<IReadOnlyList<int>>([id & 1, (id >> 1) & 1, id >> 2], count));
        var table = new CountTable(s_sizes, people);
        for (var at = 0; at < shape.Count; at++)
        {
            table.Add([.. shape[at].Select(code => code is { } one ? new[] { one } : null)], isFixed: at == 0);
        }

        return Suppression.Protect(table, threshold);
    }

    private static bool IsIn(int id, int?[] cell) => (cell[0] ?? (id & 1)) == (id & 1) && (cell[1] ?? ((id >> 1) & 1)) == ((id >> 1) & 1) && (cell[2] ?? (id >> 2)) == id >> 2;

    private static int Sum(int[] counts, int?[] cell) => counts.Where((_, id) => IsIn(id, cell)).Sum();

    private static IEnumerable<int[]> All(int total, int places)
    {
        if (places == 1)
        {
            yield return [total];
            yield break;
        }

        for (var here = 0; here <= total; here++)
        {
            foreach (var rest in All(total - here, places - 1))
            {
                yield return [here, .. rest];
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void No_withheld_cell_is_worked_out_from_what_is_told__M44(int kind)
    {
        var (random, shape, withheld) = (new Random(20_261_122 + kind), Shape(kind), 0);
        for (var round = 0; round < 60; round++)
        {
            var (threshold, total) = (random.Next(2, 5), random.Next(4, 10));
            var counts = new int[8];
            // Some classes never occur, as in life; many tables are sparse.
            var occurring = Enumerable.Range(0, 8).Where(_ => random.Next(3) > 0).DefaultIfEmpty(0).ToList();
            for (var person = 0; person < total; person++)
            {
                counts[occurring[random.Next(occurring.Count)]]++;
            }

            var told = Protect(counts, shape, threshold);
            told[0].ShouldBe(total);
            var (least, most) = (new int[shape.Count], new int[shape.Count]);
            Array.Fill(least, int.MaxValue);
            foreach (var other in All(total, 8))
            {
                var sums = shape.ConvertAll(cell => Sum(other, cell));
                if (sums.Where((sum, cell) => told[cell] is { } known && known != sum).Any())
                {
                    continue;
                }

                for (var cell = 0; cell < sums.Count; cell++)
                {
                    (least[cell], most[cell]) = (Math.Min(least[cell], sums[cell]), Math.Max(most[cell], sums[cell]));
                }
            }

            for (var cell = 1; cell < shape.Count; cell++)
            {
                var value = Sum(counts, shape[cell]);
                if (told[cell] is { } known)
                {
                    known.ShouldBe(value);
                    (value == 0 || value >= threshold).ShouldBeTrue("a small count is told");
                }
                else
                {
                    withheld++;
                    (most[cell] - least[cell]).ShouldBeGreaterThanOrEqualTo(threshold - 1, $"round {round}, cell {cell} of {string.Join(',', counts)}: between {least[cell]} and {most[cell]}");
                }
            }
        }

        withheld.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Withholding_small_counts_alone_is_not_enough_and_the_attacker_here_sees_it__M44()
    {
        // 20 persons: of the women two are children. Adults and the total of women give the children back.
        var shape = Shape(0);
        int[] counts = [10, 8, 2, 0, 0, 0, 0, 0];
        var told = Protect(counts, shape, 5);
        var naive = shape.ConvertAll(cell => Sum(counts, cell) is var sum && sum is > 0 and < 5 ? (int?)null : sum);
        Possible(naive).ShouldBe(1, "with small counts withheld alone, there is one table");
        Possible(told).ShouldBeGreaterThan(4);
        told.Count(cell => cell is null).ShouldBeLessThan(shape.Count - 1, "not everything is withheld");

        int Possible(IReadOnlyList<int?> known) => All(20, 4).Select(four => (int[])[.. four, 0, 0, 0, 0]).Where(other => !shape.Where((cell, at) => known[at] is { } one && one != Sum(other, cell)).Any())
            .Select(other => other[2]).Distinct().Count();
    }

    [Fact]
    public void A_table_without_small_counts_is_told_as_it_is_and_one_of_too_few_persons_not_at_all()
    {
        var shape = Shape(0);
        Protect([6, 0, 0, 7, 0, 0, 0, 9], shape, 5).ShouldBe(shape.Select(cell => (int?)Sum([6, 0, 0, 7, 0, 0, 0, 9], cell)));
        Protect([4, 0, 0, 0, 0, 0, 0, 0], shape, 5).ShouldAllBe(cell => cell == null);
    }

    [Fact]
    public void Rare_categories_are_not_even_named_and_one_alone_is_never_the_rest()
    {
        Suppression.Merge(new Dictionary<string, int> { ["A"] = 12, ["B"] = 7, ["C"] = 2 }, 5).ShouldSatisfyAllConditions(told => told.Named.ShouldBe([("A", 12)]), told => told.Others.ShouldBe(9));
        Suppression.Merge(new Dictionary<string, int> { ["A"] = 12, ["B"] = 3, ["C"] = 2 }, 5).ShouldSatisfyAllConditions(told => told.Named.ShouldBe([("A", 12)]), told => told.Others.ShouldBe(5));
        Suppression.Merge(new Dictionary<string, int> { ["A"] = 12, ["B"] = 7 }, 5).ShouldSatisfyAllConditions(told => told.Named.Count.ShouldBe(2), told => told.Others.ShouldBe(0));
    }

    [Fact]
    public void A_year_of_a_large_service_is_protected_within_seconds()
    {
        var (random, watch) = (new Random(5), System.Diagnostics.Stopwatch.StartNew());
        var table = new CountTable([14, 4, 3, 10], Enumerable.Range(0, 300).Select(_ => (IReadOnlyList<int>)[random.Next(3) == 0 ? random.Next(14) : 1, random.Next(5) < 4 ? 0 : random.Next(4), random.Next(3) / 2, random.Next(10) / 2]));
        table.Add([null, null, null, null], isFixed: true);
        int[]?[] forms = [null, [1], [0, 2, 4], [3, 5, 6, 7, 8, 9, 10, 11, 12], [13]];
        foreach (var form in forms)
        {
            foreach (var sex in (int[]?[])[null, [0], [1], [2], [3]])
            {
                foreach (var age in (int[]?[])[null, [0], [1], [2]])
                {
                    table.Add([form, sex, age, null]);
                }
            }
        }

        var told = Suppression.Protect(table, 5);
        told.Count(cell => cell is null).ShouldBeInRange(1, told.Count - 10);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }
}
