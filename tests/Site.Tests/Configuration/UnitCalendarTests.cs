using Waymark.App.Configuration;
using Waymark.Casework.Registers;

namespace Waymark.Site.Tests.Configuration;

/// <summary>The file that says when each unit works.</summary>
public sealed class UnitCalendarTests
{
    [Fact]
    public void Every_unit_has_its_line_or_that_of_all_others()
    {
        var calendars = UnitCalendars.Read(["# unit,zone,rest,holidays", "protection/north,Asia/Bangkok,sat sun,2026-06-03 2026-12-31", "", "*,Africa/Tripoli,fri sat"]).Value;
        calendars("protection/north").Zone.Id.ShouldBe("Asia/Bangkok");
        calendars("protection/north").Works(new(2026, 6, 3)).ShouldBeFalse();
        calendars("protection/north").Works(new(2026, 6, 5)).ShouldBeTrue();
        calendars("elsewhere").Zone.Id.ShouldBe("Africa/Tripoli");
        calendars("elsewhere").Works(new(2026, 6, 5)).ShouldBeFalse("a Friday");
        UnitCalendars.Read([]).Value("anywhere").ShouldBe(UnitCalendar.Default);
    }

    [Theory]
    [InlineData("protection/north", "calendar.line")]
    [InlineData("protection/north,Asia/Bangkok", "calendar.line")]
    [InlineData("protection/north,Siam/Bangkok,sat sun", "calendar.zone")]
    [InlineData("protection/north,Asia/Bangkok,saturday", "calendar.rest")]
    [InlineData("protection/north,Asia/Bangkok,sun mon tue wed thu fri sat", "calendar.rest")]
    [InlineData("protection/north,Asia/Bangkok,sat sun,03.06.2026", "calendar.holiday")]
    [InlineData("protection/south,Asia/Bangkok,sat sun", "calendar.twice")]
    public void A_line_that_cannot_be_read_is_named_and_nothing_is_guessed(string line, string code)
    {
        var error = UnitCalendars.Read(["protection/south,America/Bogota,sat sun", line]).Error!;
        (error.Code, error.Where).ShouldBe((code, "2"));
    }
}
