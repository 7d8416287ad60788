using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Charts.Tests;

public sealed class ScaleTests
{
    private static readonly Gen<double> s_value = from lead in Gen.Choose(-9999, 9999) from power in Gen.Choose(-3,
        6) select lead * Math.Pow(10, power);

    [Fact]
    public void Ticks_cover_the_data_rise_evenly_and_are_few() => Prop.ForAll(s_value.Two().ToArbitrary(), pair =>
    {
        var (from, to) = (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2));
        if (from == to || (to - from) < Math.Abs(to) * 1e-6)
        {
            return true;
        }

        var ticks = LinearScale.NiceTicks(from, to);
        var steps = ticks.Zip(ticks.Skip(1), (a, b) => b - a).ToList();
        var slack = (to - from) * 1e-6;
        return ticks[0] <= from + slack && ticks[^1] >= to - slack && ticks.Count is >= 2 and <= 12
            && steps.TrueForAll(s => s > 0 && Math.Abs(s - steps[0]) < steps[0] * 1e-6);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Classes_have_rising_round_limits_none_is_empty_and_every_value_has_one() =>
        Prop.ForAll(s_value.NonEmptyListOf().ToArbitrary(), list =>
    {
        var breaks = ClassBreaks.Find(list);
        var classes = list.Select(breaks.ClassOf).ToList();
        return breaks.Count <= ClassBreaks.Most
            && breaks.Limits.Zip(breaks.Limits.Skip(1)).All(p => p.First < p.Second)
            && classes.TrueForAll(c => c >= 0 && c < breaks.Count)
            && classes.Distinct().Count() == breaks.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Limits_of_wide_data_are_one_two_two_and_a_half_or_five_times_a_power_of_ten()
    {
        var breaks = ClassBreaks.Find(Enumerable.Range(0, 200).Select(i => Math.Pow(1.06, i)));
        breaks.Count.ShouldBe(6);
        breaks.Limits.ShouldAllBe(l => new[] { 1, 2, 2.5, 5, 10 }.Any(k =>
            Math.Abs(l / Math.Pow(10, Math.Floor(Math.Log10(l))) - k) < 1e-9));
        ClassBreaks.At([5, 1, 5, double.NaN, 3]).Limits.ShouldBe([1, 3, 5]);
        ClassBreaks.At([10]).ClassOf(10).ShouldBe(1);
        ClassBreaks.Find([4, 4, 4]).Count.ShouldBe(1);
        ClassBreaks.Find([]).Count.ShouldBe(1);
    }

    [Fact]
    public void Log_ticks_are_whole_powers_and_what_is_not_positive_has_no_place()
    {
        LogScale.Ticks(3, 40_000).ShouldBe([1, 10, 100, 1000, 10_000, 100_000]);
        LogScale.Ticks(20, 70).ShouldBe([10, 20, 50, 100]);
        new LogScale(1, 100, 0, 10)[0].ShouldBeNull();
        new LogScale(1, 100, 0, 10)[10]!.Value.ShouldBe(5, 1e-9);
    }

    [Fact]
    public void Numbers_read_as_people_write_them()
    {
        NumberText.Exact(1_234_567.8).ShouldBe("1,234,567.8");
        NumberText.Exact(-1200).ShouldBe("\u22121,200");
        NumberText.Exact(-0.0).ShouldBe("0");
        NumberText.Rounded(1_220_000, "en").ShouldBe("1.22 million");
        NumberText.Rounded(1_200_000, "zh").ShouldBe("120 万");
        NumberText.Rounded(12_345, "zh").ShouldBe("1.23 万");
        NumberText.Rounded(345_000_000, "zh").ShouldBe("3.45 亿");
        NumberText.Rounded(9_876, "en").ShouldBe("9,876");
        NumberText.Rounded(52.37, "en").ShouldBe("52.4");
        NumberText.Rounded(2_500_000_000, "en").ShouldBe("2.5 billion");
    }

    [Fact]
    public void Periods_read_as_people_write_them()
    {
        PeriodText.In(Period.Parse("2026-09-14"), "en").ShouldBe("14 September 2026");
        PeriodText.In(Period.Parse("2026-09-14"), "zh").ShouldBe("2026年9月14日");
        PeriodText.In(Period.Parse("2020-Q1"), "zh").ShouldBe("2020年第一季度");
        PeriodText.In(Period.Parse("2010/2015"), "en").ShouldBe("2010\u20132015");
        PeriodText.In(Period.Undated, "en").ShouldBe("undated");
    }

    [Fact]
    public void Ideographs_count_double_and_lines_break_between_them_but_not_before_a_comma()
    {
        TextWidth.Of("移民", 10).ShouldBe(20, 1e-9);
        TextWidth.Of("ab", 10).ShouldBeLessThan(TextWidth.Of("移民", 10));
        TextWidth.Wrap("移民与庇护，数据", 13 * 5.2).ShouldBe(["移民与庇", "护，数据"]);
        TextWidth.Wrap("one two three", 60).ShouldBe(["one two", "three"]);
        TextWidth.Wrap("incomprehensibilities", 20).ShouldBe(["incomprehensibilities"]);
        TextWidth.Wrap("", 20).ShouldBe([""]);
    }

    [Fact]
    public void A_path_is_written_as_short_as_it_can_be()
    {
        new PathBuilder(10).Move(10, 20).Line(11.5, 19.5).Line(11.5, 19.5).Line(12, 20).ToString()
            .ShouldBe("m10 20 1.5-.5.5.5");
        var ring = new PathBuilder(2, whole: true);
        ring.Ring([(0, 0), (5, 0), (10, 0), (10, 10)]).ShouldBeTrue();
        ring.Ring([(20, 20), (20.1, 20), (20, 20.1)]).ShouldBeFalse();
        ring.ToString().ShouldBe("m0 0 20 0 0 20z");
    }
}
