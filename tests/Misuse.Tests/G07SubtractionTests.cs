using Waymark.Statistics.Disclosure;

namespace Waymark.Misuse.Tests;

/// <summary>Group 7: re-identification from statistics, as far as small numbers are told today.</summary>
[Missing("M44", "the gate of a release and its auditor come with publication (part 7)")]
public sealed class G07SubtractionTests
{
    /// <summary>What each told number is the sum of: the total, two rows, two columns, four cells.</summary>
    private static readonly (int Whole, int One, int Other)[] s_sums = [(0, 1, 2), (0, 3, 4), (1, 5, 6), (2, 7, 8), (3, 5, 7), (4, 6, 8)];

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M44_total_minus_groups_gives_no_small_number_back()
    {
        using var trial = new Trial();
        const int Threshold = 3;
        int[] small = [1, 9, 8, 7];
        IReadOnlyList<int?> Told(int[] counts) => Suppression.Protect(Table(counts), Threshold);
        Seen Attack(IReadOnlyList<int?> told) => new(Subtracted(told)[5] == small[0], told[5] is null ? "withheld" : null, string.Join(' ', told.Select(value => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-")));
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(Attack(Told(small))), "withheld");
        await trial.PassesAsync(() => Task.FromResult(Told([5, 9, 8, 7]).SequenceEqual(new int?[] { 29, 14, 15, 13, 16, 5, 9, 8, 7 })), "numbers that are not small are told");
        await trial.HarmsWithoutAsync("what is withheld beside the small number", () => Task.FromResult(Attack([.. Values(small).Select(value => value < Threshold ? (int?)null : value)])));
    }

    private static int[] Values(int[] cells) => [cells.Sum(), cells[0] + cells[1], cells[2] + cells[3], cells[0] + cells[2], cells[1] + cells[3], .. cells];

    private static CountTable Table(int[] counts)
    {
        var table = new CountTable([2, 2], counts.SelectMany((count, id) => Enumerable.Repeat<IReadOnlyList<int>>([id / 2, id % 2], count)));
        int?[][] shape = [[null, null], [0, null], [1, null], [null, 0], [null, 1], [0, 0], [0, 1], [1, 0], [1, 1]];
        foreach (var cell in shape)
        {
            table.Add([.. cell.Select(code => code is { } one ? new[] { one } : null)], isFixed: cell.All(code => code is null));
        }

        return table;
    }

    /// <summary>All that can be had by adding and subtracting what is told.</summary>
    private static int?[] Subtracted(IReadOnlyList<int?> told)
    {
        int?[] known = [.. told];
        for (var found = true; found;)
        {
            found = false;
            foreach (var (whole, one, other) in s_sums)
            {
                (int At, int? Value)[] derived = [(whole, known[one] + known[other]), (one, known[whole] - known[other]), (other, known[whole] - known[one])];
                foreach (var (at, value) in derived.Where(part => known[part.At] is null && part.Value is not null))
                {
                    (known[at], found) = (value, true);
                }
            }
        }

        return known;
    }
}
