using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Linkage.Private;
using Waymark.Model;
using Xunit;

namespace Waymark.Linkage.Tests.Private;

/// <summary>The exact comparison of bit records against its definition, pair by pair.</summary>
public sealed class DicePairsTests
{
    /// <summary>Two sets of one width whose records share parts, so that every threshold has pairs on both sides of it.</summary>
    internal sealed record TwoSets(int Words, int Left, int Right, int Seed, double Threshold)
    {
        public (BitRecords Left, BitRecords Right) Build()
        {
            var random = new System.Random(Seed);
            var stock = Enumerable.Range(0, 5).Select(_ => Record(random, random.NextDouble())).ToArray();
            return (Set(random, stock, Left), Set(random, stock, Right));
        }

        private BitRecords Set(System.Random random, ulong[][] stock, int count) => BitRecords.Create(
            Words * 64,
            [.. Enumerable.Range(0, count).SelectMany(i => random.Next(12) == 0
                ? new ulong[Words]
                : stock[random.Next(stock.Length)].Zip(Record(random, random.NextDouble() * 0.4), (a, b) => a ^ b))]).Value;

        private ulong[] Record(System.Random random, double fill)
        {
            var words = new ulong[Words];
            for (var bit = 0; bit < Words * 64; bit++)
            {
                words[bit / 64] |= random.NextDouble() < fill ? 1UL << (bit % 64) : 0;
            }

            return words;
        }
    }

    private static readonly Gen<TwoSets> Sets =
        from words in Gen.OneOf(Gen.Choose(1, 40), Gen.Constant(16), Gen.Constant(32))
        from left in Gen.Choose(0, 230)
        from right in Gen.OneOf(Gen.Choose(0, 41), Gen.Choose(60, 140))
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from threshold in Gen.Choose(1, 100)
        select new TwoSets(words, left, right, seed, threshold / 100.0);

    public static TheoryData<BitPath> Paths => [.. Enum.GetValues<BitPath>()];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_path_finds_exactly_the_pairs_of_the_definition(BitPath path)
    {
        if (!BitPaths.IsSupported(path))
        {
            Assert.Skip($"skipped: this processor has no path {path}");
        }

        Prop.ForAll(Sets.ToArbitrary(), sets =>
        {
            var (left, right) = sets.Build();
            var found = DicePairs.Find(left, right, new(sets.Threshold) { Path = path, Threads = 1 }, CancellationToken.None).Value;
            return found.Pairs.SequenceEqual(Definition(left, right, sets.Threshold));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Records_with_every_bit_are_counted_whole(BitPath path)
    {
        if (!BitPaths.IsSupported(path))
        {
            Assert.Skip($"skipped: this processor has no path {path}");
        }

        // No sum on the way may overflow: the most that a byte, a word and a width can hold.
        foreach (var words in (int[])[16, 17, BitRecords.MostBits / 64])
        {
            var full = BitRecords.Create(words * 64, [.. Enumerable.Repeat(ulong.MaxValue, words * 70)]).Value;
            var pairs = DicePairs.Find(full, full, new(1) { Path = path }, CancellationToken.None).Value.Pairs;
            pairs.Count.ShouldBe(70 * 70);
            pairs.ShouldAllBe(pair => pair.Common == words * 64);
        }
    }

    [Fact]
    public void Threads_and_skipping_of_hopeless_tiles_change_nothing() => Prop.ForAll(Sets.ToArbitrary(), sets =>
    {
        var (left, right) = sets.Build();
        var one = DicePairs.Find(left, right, new(sets.Threshold) { Threads = 1, SkipHopeless = false }, CancellationToken.None).Value;
        var three = DicePairs.Find(left, right, new(sets.Threshold) { Threads = 3 }, CancellationToken.None).Value;
        return one.Pairs.SequenceEqual(three.Pairs) && one.Compared == (long)left.Count * right.Count && three.Compared <= one.Compared;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Left_and_right_may_be_exchanged() => Prop.ForAll(Sets.ToArbitrary(), sets =>
    {
        var (left, right) = sets.Build();
        var there = DicePairs.Find(left, right, new(sets.Threshold), CancellationToken.None).Value.Pairs;
        var back = DicePairs.Find(right, left, new(sets.Threshold), CancellationToken.None).Value.Pairs;
        return there.Select(p => (p.Left, p.Right, p.Common)).ToHashSet().SetEquals(back.Select(p => (p.Right, p.Left, p.Common)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Records_without_bits_cannot_be_compared_and_are_in_no_pair()
    {
        var empty = BitRecords.Create(1024, new ulong[16 * 20]).Value;
        DicePairs.Find(empty, empty, new(0.01), CancellationToken.None).Value.Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Equal_records_have_a_coefficient_of_one_at_the_highest_threshold()
    {
        var records = BitRecords.Create(128, [.. Enumerable.Range(1, 300).Select(i => (ulong)i * 0x9E3779B97F4A7C15)]).Value;
        var pairs = DicePairs.Find(records, records, new(1), CancellationToken.None).Value.Pairs;
        pairs.Select(p => (p.Left, p.Right)).ShouldBe(Enumerable.Range(0, 150).Select(i => (i, i)));
        pairs.ShouldAllBe(p => p.Dice == 1);
    }

    [Fact]
    public void Too_many_pairs_are_an_error_and_not_a_memory_fault()
    {
        var records = BitRecords.Create(64, [.. Enumerable.Repeat(7UL, 2000)]).Value;
        var error = DicePairs.Find(records, records, new(0.5) { MostPairs = 1000 }, CancellationToken.None).Error;
        error!.Code.ShouldBe("linkage.dice-too-many");
        error.Kind.ShouldBe(ErrorKind.TooLarge);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_threshold_out_of_range_is_refused(double threshold)
    {
        var records = BitRecords.Create(64, [1]).Value;
        DicePairs.Find(records, records, new(threshold), CancellationToken.None).Error!.Code.ShouldBe("linkage.dice-threshold");
    }

    [Fact]
    public void Widths_that_are_no_whole_words_or_differ_are_refused()
    {
        BitRecords.Create(100, [1, 2]).Error!.Code.ShouldBe("linkage.bits-width");
        BitRecords.Create(128, [1, 2, 3]).Error!.Code.ShouldBe("linkage.bits-length");
        var (narrow, wide) = (BitRecords.Create(64, [1]).Value, BitRecords.Create(128, [1, 2]).Value);
        DicePairs.Find(narrow, wide, new(0.5), CancellationToken.None).Error!.Code.ShouldBe("linkage.bits-differ");
    }

    /// <summary>What a pair at the threshold is: 2 × common ≥ threshold × ones, the threshold rounded up to 1/32768.</summary>
    private static List<DicePair> Definition(BitRecords left, BitRecords right, double threshold)
    {
        var steps = (long)Math.Ceiling(threshold * 32768);
        var found = new List<DicePair>();
        for (var i = 0; i < left.Count; i++)
        {
            for (var j = 0; j < right.Count; j++)
            {
                var common = 0;
                for (var k = 0; k < left.WordsPerRecord; k++)
                {
                    common += BitOperations.PopCount(left[i][k] & right[j][k]);
                }

                var (a, b) = (left.Ones(i), right.Ones(j));
                if (a > 0 && b > 0 && 2L * common * 32768 >= steps * (a + b))
                {
                    found.Add(new(i, j, common, a + b));
                }
            }
        }

        return found;
    }
}
