using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>What must not matter to a run, over seeds, sizes and scripts.</summary>
public sealed class EngineLawTests
{
    private const string Header = "id,given_name,family_name,birth_date,place";

    private static readonly Arbitrary<File> s_files =
        (from seed in Gen.Choose(1, 100_000) from size in Gen.Elements(0, 1, 2, 30, 120, 250) from mixed in Gen.Elements(false, true) select new File(seed, size, mixed)).ToArbitrary();

    private static Config Few(int runs) => Config.QuickThrowOnFailure.WithMaxTest(runs);

    [Fact]
    public void Neither_the_order_of_rows_and_columns_nor_the_number_of_threads_changes_the_links_of_one_file() =>
        Prop.ForAll(s_files, file =>
        {
            var rows = file.Rows("");
            var (table, other) = (Tables.Rows(Header, rows), Turned(rows, file.Seed));
            Tables.Links(Tables.Run(other, threads: 3), other).ShouldBe(Tables.Links(Tables.Run(table, threads: 1), table), ignoreOrder: true);
        }).Check(Few(12));

    [Fact]
    public void Neither_which_file_is_first_nor_the_order_of_rows_changes_the_links_of_two() =>
        Prop.ForAll(s_files, file =>
        {
            var (some, others) = (file.Rows("a"), file.Rows("b"));
            var (left, right) = (Tables.Rows(Header, some), Tables.Rows(Header, others));
            var expected = Between(Tables.Run(left, right), left, right);
            Between(Tables.Run(right, left), right, left).ShouldBe(expected, ignoreOrder: true);
            var (turnedLeft, turnedRight) = (Turned(some, file.Seed), Turned(others, file.Seed + 1));
            Between(Tables.Run(turnedLeft, turnedRight), turnedLeft, turnedRight).ShouldBe(expected, ignoreOrder: true);
        }).Check(Few(8));

    private static LinkageTable Turned(List<string> rows, int seed)
    {
        var shuffled = rows.ToArray();
        new Random(seed).Shuffle(shuffled);
        return Tables.Rows("place,birth_date,id,family_name,given_name", shuffled.Select(r => r.Split(',')).Select(c => $"{c[4]},{c[3]},{c[0]},{c[2]},{c[1]}"));
    }

    private static HashSet<(string, string, float)> Between(LinkageOutcome outcome, LinkageTable left, LinkageTable right) =>
        [.. outcome.Pairs.Select(p => (One: left.Id(p.Left), Two: right.Id(p.Right - left.Rows), P: MathF.Round(p.Probability, 3)))
            .Select(p => string.CompareOrdinal(p.One, p.Two) < 0 ? p : (p.Two, p.One, p.P))];

    public sealed record File(int Seed, int Size, bool Mixed)
    {
        /// <summary>Persons of the seed; of two files the second holds the repeats; a mixed one has names in other letters.</summary>
        public List<string> Rows(string prefix) =>
            [.. Tables.Persons(Seed, Size).Where(row => prefix.Length == 0 || row.Split(',')[0].EndsWith('d') == (prefix == "b"))
                .Select((row, i) => prefix + (Mixed && (prefix.Length == 0 ? i % 3 == 0 : prefix == "b") ? EngineTests.Cyrillic(row) : row))];
    }
}
