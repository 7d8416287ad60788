using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

public sealed class ExactnessTests
{
    private static readonly CubeSchema Schema = new("s", ["area"]);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Sums_beyond_64_bits_are_exact_on_every_path(long value)
    {
        var cube = Cube(Enumerable.Repeat(value, 70_000), Schema);
        foreach (var path in Enum.GetValues<GroupPath>())
        {
            foreach (var extremes in new[] { false, true })
            {
                var groups = cube.Ask(new() { GroupBy = ["area"], Path = path, Extremes = extremes }).Value;
                ((BigInteger)groups.Sum(0)!.Value.Mantissa).ShouldBe((BigInteger)value * 70_000, path.ToString());
            }
        }
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue - 1)]
    [InlineData(int.MinValue, int.MinValue + 1)]
    [InlineData(int.MinValue, int.MaxValue)]
    public void Words_that_hold_sum_and_count_are_emptied_before_they_overflow(int even, int odd)
    {
        // 600,000 rows of the largest 32-bit magnitude in one group: far more than its words can hold, in every lane.
        var values = Enumerable.Range(0, 600_000).Select(i => i % 3 == 0 ? (long)odd : even).ToList();
        var sum = values.Aggregate(BigInteger.Zero, (total, value) => total + value);
        foreach (var threads in new[] { 1, 2 })
        {
            var groups = Cube(values, Schema).Ask(new() { Path = GroupPath.Dense, Threads = threads }).Value;
            ((BigInteger)groups.Sum(0)!.Value.Mantissa).ShouldBe(sum);
            groups.Figures(0).ShouldBe(600_000);
        }
    }

    [Fact]
    public void A_sum_wider_than_a_decimal_is_exact_and_says_so()
    {
        var builder = new CubeBuilder(Schema);
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        var big = new SegmentColumnsBuilder(Schema, "big");
        for (var i = 0; i < 60_000; i++)
        {
            big.Add([$"a{i}"], Period.Year(2020), long.MaxValue);
        }

        _ = builder.Append(big.Build()).Value;
        _ = builder.Append(new SegmentColumnsBuilder(Schema, "fine", 12).Add(["x"], Period.Year(2020), 1).Build()).Value;
        _ = builder.Publish().Value;
        var groups = builder.Snapshot.Ask(new()).Value;
        ((BigInteger)groups.Sum(0)!.Value.Mantissa).ShouldBe(((BigInteger)long.MaxValue * 60_000 * BigInteger.Pow(10, 12)) + 1);
        groups.Sum(0)!.Value.TryToDecimal(out _).ShouldBeFalse();
        groups.Mean(0).ShouldBeNull();
    }

    [Fact]
    public void What_leaves_128_bits_overflows_loudly()
    {
        var huge = new NumericGroups([0], new ExactColumn([Int128.MaxValue / 10]), [1]);
        Should.Throw<OverflowException>(() => NumericGroups.Union(NumericGroups.None, 1, huge, 100));
        Should.Throw<OverflowException>(() => NumericGroups.Union(huge, 10, huge, 10));
        NumericGroups.Union(huge, 1, huge, 1).Sums[0].ShouldBe(Int128.MaxValue / 10 * 2);
    }

    [Fact]
    public void Segments_of_different_decimal_scale_add_exactly()
    {
        var builder = new CubeBuilder(Schema);
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        _ = builder.Append(new SegmentColumnsBuilder(Schema, "a").Add(["DEU"], Period.Year(2019), long.MaxValue - 1).Build()).Value;
        _ = builder.Append(new SegmentColumnsBuilder(Schema, "b", 2).Add(["DEU"], Period.Year(2020), 123).Build()).Value;
        _ = builder.Append(new SegmentColumnsBuilder(Schema, "c").Add(["DEU"], Period.Year(2021), 5).Build()).Value;
        _ = builder.Publish().Value;
        var groups = builder.Snapshot.Ask(new() { GroupBy = ["area"], Extremes = true }).Value;
        groups.Sum(0)!.Value.ToString().ShouldBe("9223372036854775812.23");
        groups.Least(0).ShouldBe(new ExactNumber(123, 2));
        groups.Greatest(0).ShouldBe(new ExactNumber(long.MaxValue - 1, 0));
    }

    [Fact]
    public void Exact_numbers_compare_print_and_convert_as_decimals_do() => Prop.ForAll(
        Gen.Zip(Gen.Choose(int.MinValue, int.MaxValue), Gen.Choose(0, 9)).ToArbitrary(), pair =>
    {
        var number = new ExactNumber(pair.Item1, pair.Item2);
        var value = pair.Item1 / (decimal)Math.Pow(10, pair.Item2);
        number.ToDecimal().ShouldBe(value);
        decimal.Parse(number.ToString(), CultureInfo.InvariantCulture).ShouldBe(value);
        ExactNumber.FromDecimal(value).ShouldBe(number);
        ExactNumber.FromDecimal(value).GetHashCode().ShouldBe(number.GetHashCode());
        number.CompareTo(new(pair.Item1 + 1L, pair.Item2 + 1)).ShouldBe(value.CompareTo((pair.Item1 + 1m) / (decimal)Math.Pow(10, pair.Item2 + 1)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Memory_stays_under_64_bytes_an_observation_with_six_dimensions()
    {
        var schema = new CubeSchema("s", ["a", "b", "c", "d", "e", "f"]);
        var random = new Random(7);
        var builder = new CubeBuilder(schema);
        var rows = 0;
        for (var vintage = 0; vintage < 2; vintage++)
        {
            _ = builder.BeginVintage(new($"v{vintage}", "r", vintage)).Value;
            for (var block = 0; block < 4; block++)
            {
                int[] Codes(int count) => [.. Enumerable.Range(0, 65_536).Select(_ => random.Next(count))];
                CodedColumn Column(int count) => new([.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))], Codes(count));
                _ = builder.Append(new()
                {
                    Segment = $"{vintage}/{block}",
                    Dimensions = [Column(300), Column(300), Column(3), Column(20), Column(10), Column(5)],
                    Periods = new([.. Enumerable.Range(1970, 50).Select(year => Period.Year(year))], Codes(50)),
                    Values = [.. Enumerable.Range(0, 65_536).Select(_ => random.NextInt64(1L << 40))],
                }).Value;
                rows += 65_536;
            }

            _ = builder.Publish().Value;
        }

        var withIndex = builder.MemoryBytes / (double)rows;
        withIndex.ShouldBeLessThan(64);
        builder.FreeIndex();
        (builder.MemoryBytes / (double)rows).ShouldBeLessThan(Math.Min(32, withIndex));
    }

    [Fact]
    public void Masks_by_vector_equal_masks_by_row() => Prop.ForAll(Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (count, cardinality) = (random.Next(1, 300), random.Next(4) switch { 0 => 3, 1 => 16, 2 => 200, _ => 70_000 });
        var column = CodeColumn.Pack([.. Enumerable.Range(0, count).Select(_ => random.Next(cardinality))]);
        var share = random.Next(2) == 0 ? 2 : cardinality;
        var table = Enumerable.Range(0, cardinality).Select(_ => random.Next(share) == 0 ? (byte)0xFF : (byte)0).ToArray();
        var start = random.Next(count);
        var (fast, slow) = (new byte[count - start], new byte[count - start]);
        if (column.Width > 0)
        {
            fast.AsSpan().Fill(0xFF);
            slow.AsSpan().Fill(0xFF);
            Masks.AndTable(column, start, table, fast);
            MaskReference.AndTable(column, start, table, slow);
            fast.ShouldBe(slow);
        }

        var to = Enumerable.Range(0, count).Select(_ => (ushort)random.Next(5)).ToArray();
        Masks.Later(to.AsSpan(start), 2, fast);
        MaskReference.Later(to.AsSpan(start), 2, slow);
        fast.ShouldBe(slow);
        Masks.Count(fast).ShouldBe(slow.Count(bit => bit != 0));
    }).QuickCheckThrowOnFailure();

    private static CubeSnapshot Cube(IEnumerable<long> values, CubeSchema schema)
    {
        var builder = new CubeBuilder(schema);
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        var at = 0;
        foreach (var chunk in values.Chunk(CubeSchema.BlockRows))
        {
            _ = builder.Append(new()
            {
                Segment = $"s{at}",
                Dimensions = [new(["all"], new int[chunk.Length])],
                Periods = new([.. Enumerable.Range(0, chunk.Length).Select(i => Period.Day(new DateOnly(1, 1, 1).AddDays(at + i)))], [.. Enumerable.Range(0, chunk.Length)]),
                Values = chunk,
            }).Value;
            at += chunk.Length;
        }

        _ = builder.Publish().Value;
        return builder.Snapshot;
    }
}
