using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Features;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Clocks run in the unit's zone, over its days of rest and holidays; lists, reminders and pages go by the same calendar.</summary>
public sealed class CalendarTests
{
    private static readonly UnitCalendar s_north = Of("Asia/Bangkok", [DayOfWeek.Saturday, DayOfWeek.Sunday], new DateOnly(2026, 6, 3));

    private static readonly UnitCalendar s_south = Of("America/Bogota", [DayOfWeek.Friday, DayOfWeek.Saturday]);

    private static UnitCalendar Of(string zone, IEnumerable<DayOfWeek> rest, params DateOnly[] holidays) => new(TimeZoneInfo.FindSystemTimeZoneById(zone), rest.ToHashSet(), holidays.ToHashSet());

    [Fact]
    public async Task A_holiday_and_the_zone_of_the_unit_move_deadline_list_and_reminder()
    {
        await using var node = await OpenAsync();
        // 1 June 2026, 22:30 in Universal Time: in Bangkok it is Tuesday 2 June already.
        node.Clock.Advance(TimeSpan.FromHours(13.5) - TimeSpan.FromTicks((node.Clock.GetUtcNow() - new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero)).Ticks));
        var parts = node.Parts with { Calendars = unit => unit == "protection/north" ? s_north : UnitCalendar.Default };
        var cases = new Waymark.Casework.Features.Casework(parts);
        var (record, _, enquirer) = await node.TracingAsync();
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        Ok(await cases.StepAsync(Desk(), record, "accept", 1, null, default));

        // Ten working days from Tuesday, without Wednesday's holiday: Wednesday 17 June, to its last moment in Bangkok.
        var due = Ok(await cases.OpenAsync(Desk(), record, default)).Due!.Value;
        (due.Date, due.Offset).ShouldBe((new DateTime(2026, 6, 17), TimeSpan.FromHours(7)));
        Ok(await cases.ListAsync(Desk(), new("tracing"), default)).Rows.Single(row => row.Address.Id == record.Id).Due.ShouldBe(due);
        var withoutHoliday = Ok(await node.Cases.OpenAsync(Desk(), record, default)).Due!.Value;
        withoutHoliday.Date.ShouldBe(new DateTime(2026, 6, 15), "without a calendar: Universal Time, Monday still, no holiday");

        var mail = new Counting();
        var reminders = new Reminders(parts, mail);
        var remind = new DateTimeOffset(2026, 6, 15, 17, 0, 0, TimeSpan.Zero);
        node.Clock.Advance(remind - node.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse("two days before, by the unit's calendar");
        node.Clock.Advance(TimeSpan.FromMinutes(2));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        mail.Sent.ShouldBe(1);
    }

    [Fact]
    public void Two_units_read_one_moment_as_two_days()
    {
        var plan = RepositoryPacks.Tracing;
        var record = new RecordDocument { Register = "tracing", Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "open", StateSince = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero), Control = new("u", 1), OpenedBy = "w" };
        string Day(UnitCalendar calendar) => calendar.Read(Clocks.NextDue(plan, record, calendar)!.Value).ToString("yyyy-MM-dd HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture);
        Day(s_north).ShouldBe("2026-12-04 23:59:59 +07:00");
        // Thursday evening still in Bogota, and its week ends on Thursday.
        Day(s_south).ShouldBe("2026-12-03 23:59:59 -05:00");
        Day(UnitCalendar.Default).ShouldBe("2026-12-04 23:59:59 +00:00");
    }

    private sealed class Counting : IReminderMail
    {
        public int Sent { get; private set; }

        public Task<Waymark.Model.Error?> SendAsync(string unit, CancellationToken cancellationToken)
        {
            Sent++;
            return Task.FromResult<Waymark.Model.Error?>(null);
        }
    }
}
