using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

public sealed class ComparingTests
{
    private static readonly Gen<byte[]> Words = Gen.Choose('a', 'e').Select(c => (byte)c).ArrayOf();

    [Fact]
    public void Jaro_Winkler_gives_the_published_values()
    {
        StringSimilarity.JaroWinkler("martha"u8, "marhta"u8).ShouldBe(0.9611, 0.0001);
        StringSimilarity.JaroWinkler("dwayne"u8, "duane"u8).ShouldBe(0.84, 0.0001);
        StringSimilarity.JaroWinkler("dixon"u8, "dicksonx"u8).ShouldBe(0.8133, 0.0001);
    }

    [Fact]
    public void Similarities_are_symmetric() =>
        Prop.ForAll(Words.Two().ToArbitrary(), pair =>
            StringSimilarity.JaroWinkler(pair.Item1, pair.Item2) == StringSimilarity.JaroWinkler(pair.Item2, pair.Item1)
            && StringSimilarity.Edits(pair.Item1, pair.Item2, 3) == StringSimilarity.Edits(pair.Item2, pair.Item1, 3)).QuickCheckThrowOnFailure();

    [Fact]
    public void Edits_agree_with_the_textbook_table() =>
        Prop.ForAll(Words.Two().ToArbitrary(), pair =>
            Math.Min(4, Textbook(pair.Item1, pair.Item2)) == StringSimilarity.Edits(pair.Item1, pair.Item2, 3)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1990-05-17", "1990-05-17", DateLevels.Exact)]
    [InlineData("1990-05-17", "17/05/1990", DateLevels.Exact)]
    [InlineData("1990-05-07", "1990-07-05", DateLevels.Turned)]
    [InlineData("1990-05-17", "2533-05-17", DateLevels.Turned)]
    [InlineData("2000-03-20", "1379-01-01", DateLevels.Turned)]
    [InlineData("1990-05-17", "1990", DateLevels.Partial)]
    [InlineData("2533", "1990", DateLevels.Partial)]
    [InlineData("2533-05", "1990-05", DateLevels.PartialMonth)]
    [InlineData("1370", "1991-05-01", DateLevels.Partial)]
    [InlineData("1370", "1991", DateLevels.Partial)]
    [InlineData("1370-01-01", "1991-08-05", DateLevels.Partial)]
    [InlineData("1370-02-11", "1991", DateLevels.Partial)]
    [InlineData("1370-02", "1991-05-01", DateLevels.PartialMonth)]
    [InlineData("1411", "1991-05-01", DateLevels.Partial)]
    [InlineData("1370", "1993-08-05", DateLevels.Near)]
    [InlineData("1370", "1960-05-01", DateLevels.Differ)]
    [InlineData("1370-02-11", "1991-08-05", DateLevels.Differ)]
    [InlineData("1990-05-17", "1990-05", DateLevels.PartialMonth)]
    [InlineData("1990-05-17", "1990-01-01", DateLevels.Partial)]
    [InlineData("1990-05-17", "1992-01-01", DateLevels.Near)]
    [InlineData("1990-05-17", "1990-05-18", DateLevels.OnePart)]
    [InlineData("1990-05-17", "1971-11-02", DateLevels.Differ)]
    [InlineData("", "1971-11-02", DateLevels.Null)]
    [InlineData("unknown", "unknown", DateLevels.Null)]
    public void Two_dates_have_a_level_whichever_comes_first(string a, string b, int level)
    {
        var (x, y) = (PartialBirthDate.Read(a), PartialBirthDate.Read(b));
        DateLevels.Compare(x, y).ShouldBe(level);
        DateLevels.Compare(y, x).ShouldBe(level);
    }

    [Theory]
    [InlineData("12-Mar-1990", 1990, 3, 12)]
    [InlineData("12MAR1990", 1990, 3, 12)]
    [InlineData("March 12th, 1990", 1990, 3, 12)]
    [InlineData("12 de marzo de 1990", 1990, 3, 12)]
    [InlineData("12 mars 90", 1990, 3, 12)]
    [InlineData("1er février 1990", 1990, 2, 1)]
    [InlineData("12 марта 1990 г.", 1990, 3, 12)]
    [InlineData("١٢ مارس ١٩٩٠", 1990, 3, 12)]
    [InlineData("1990年3月12日", 1990, 3, 12)]
    [InlineData("Mar 1990", 1990, 3, 0)]
    [InlineData("13.3.90", 1990, 3, 13)]
    [InlineData("3/13/90", 1990, 3, 13)]
    [InlineData("90-03-13", 1990, 3, 13)]
    [InlineData("13.3.05", 2005, 3, 13)]
    [InlineData("00/00/00", 0, 0, 0)]
    [InlineData("00/00/1990", 1990, 0, 0)]
    [InlineData("March", 0, 0, 0)]
    [InlineData("about 1990", 0, 0, 0)]
    [InlineData("12 March April 1990", 0, 0, 0)]
    public void A_date_is_read_however_it_is_written(string written, int year, int month, int day) =>
        PartialBirthDate.Read(new NameFolder(Tables.Knowledge).Fold(written), Tables.Knowledge).ShouldBe(new PartialBirthDate((short)year, (byte)month, (byte)day, false));

    [Fact]
    public void An_Ethiopian_date_meets_its_common_date() =>
        DateLevels.Compare(new PartialBirthDate(2000, 9, 12, false), new PartialBirthDate(1993, 1, 2, false)).ShouldBe(DateLevels.Turned);

    [Fact]
    public void A_pattern_is_symmetric_for_any_two_records()
    {
        var table = Tables.Rows("id,given_name,family_name,birth_date,place", Tables.Persons(7, 300));
        var roles = ColumnRecogniser.Recognise(table, null, Tables.Knowledge);
        var records = PreparedRecords.Build([(table, roles)], Tables.Knowledge, TestContext.Current.CancellationToken).Value;
        var comparer = new PairComparer(records, new PatternLayout(records), Tables.Knowledge);
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b) = (random.Next(records.Count), random.Next(records.Count));
            comparer.Compare(a, b).ShouldBe(comparer.Compare(b, a));
        }
    }

    [Fact]
    public void Missing_on_a_side_is_never_agreement()
    {
        var table = Tables.Csv("id,given_name,family_name,birth_date,phone\n1,,,,\n2,,,,\n3,unknown,n/a,1970-01-01,0000000\n4,unknown,n/a,1970-01-01,0000000\n");
        var roles = ColumnRecogniser.Recognise(table, null, Tables.Knowledge);
        var records = PreparedRecords.Build([(table, roles)], Tables.Knowledge, TestContext.Current.CancellationToken).Value;
        var comparer = new PairComparer(records, new PatternLayout(records), Tables.Knowledge);
        comparer.Compare(0, 1).ShouldBe(0UL);
        comparer.Compare(2, 3).ShouldBe(0UL);
    }

    private static int Textbook(byte[] a, byte[] b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
