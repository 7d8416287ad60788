using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Model.Tests;

public sealed class PeriodTests
{
    [Theory]
    [InlineData("2020", "2020", "during")]
    [InlineData("2020Q1", "2020-Q1", "during")]
    [InlineData("2020-Q4", "2020-Q4", "during")]
    [InlineData("2020-S2", "2020-S2", "during")]
    [InlineData("2020-05", "2020-05", "during")]
    [InlineData("2024-02-29", "2024-02-29", "during")]
    [InlineData("2010-2015", "2010/2015", "during")]
    [InlineData("2010–2015", "2010/2015", "during")]
    [InlineData("FY2022", "FY2022", "during")]
    [InlineData("2020-mid", "2020", "mid")]
    [InlineData("2023-end", "2023", "end")]
    [InlineData("undated", "undated", "during")]
    public void Published_forms_are_read(string text, string canonical, string basis)
    {
        Period.TryParse(text, out var period).ShouldBeTrue();
        period.ToString().ShouldBe(canonical);
        period.BasisCode.ShouldBe(basis);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("2020-13")]
    [InlineData("2023-02-29")]
    [InlineData("2015-2010")]
    [InlineData("0000")]
    [InlineData("2020 or so")]
    public void What_is_no_period_is_refused(string? text) => Period.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Every_period_survives_its_code_and_its_text() => Prop.ForAll(Periods(), period =>
        Period.FromCode(period.ToCode()) == period
        && Period.Parse(period.ToString()).WithBasis(period.Basis) == period).QuickCheckThrowOnFailure();

    [Fact]
    public void A_mid_year_and_an_end_year_figure_differ() =>
        Period.Year(2024, PeriodBasis.Middle).ShouldNotBe(Period.Year(2024, PeriodBasis.End));

    [Fact]
    public void Order_follows_the_first_day() => Prop.ForAll(Periods(), Periods(), (a, b) =>
        a.FirstDay >= b.FirstDay || a < b).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("9999-Q4")]
    [InlineData("9999-S2")]
    [InlineData("9999-12")]
    [InlineData("9999")]
    public void The_last_period_of_the_calendar_has_a_last_day(string text) =>
        Period.Parse(text).LastDay.ShouldBe(new DateOnly(9999, 12, 31));

    private static Arbitrary<Period> Periods() => Gen.OneOf(
        Year().Select(year => Period.Year(year)),
        Year().Select(year => Period.Year(year, PeriodBasis.End)),
        Year().Select(Period.FiscalYear),
        from year in Year() from quarter in Gen.Choose(1, 4) select Period.Quarter(year, quarter),
        from year in Year() from month in Gen.Choose(1, 12) select Period.Month(year, month),
        from year in Year() from day in Gen.Choose(0, 364) select Period.Day(new DateOnly(year, 1, 1).AddDays(day)),
        from year in Year() from length in Gen.Choose(0, 99) select Period.Years(year, year + length)).ToArbitrary();

    private static Gen<int> Year() => Gen.Choose(1900, 2100);
}
