using Waymark.Casework.Documents;

namespace Waymark.Casework.Registers;

/// <summary>When a unit works: its zone, its days of rest, its holidays.</summary>
public sealed record UnitCalendar(TimeZoneInfo Zone, IReadOnlySet<DayOfWeek> Rest, IReadOnlySet<DateOnly> Holidays)
{
    public static UnitCalendar Default { get; } = new(TimeZoneInfo.Utc, new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday }, new HashSet<DateOnly>());

    /// <summary>A deadline as it is read in the unit: midnight is the last moment of the day that ends, and not the first of the next.</summary>
    public DateTimeOffset Read(DateTimeOffset due) => TimeZoneInfo.ConvertTime(due, Zone) is var there && there.TimeOfDay == TimeSpan.Zero ? there.AddSeconds(-1) : there;

    public bool Works(DateOnly day) => !Rest.Contains(day.DayOfWeek) && !Holidays.Contains(day);
}

/// <summary>A clock of a record that runs: until when, and when to remind.</summary>
public sealed record RunningClock(ClockPlan Clock, DateTimeOffset Due, DateTimeOffset Remind);

/// <summary>Reckons clocks. A day ends at midnight in the unit's zone; where a day is missing or doubled by a change of clocks, its last moment counts.</summary>
public static class Clocks
{
    public static IReadOnlyList<RunningClock> Of(RegisterPlan plan, RecordDocument record, UnitCalendar calendar)
    {
        var state = plan.State(record.State);
        var running = new List<RunningClock>();
        foreach (var clock in plan.Clocks)
        {
            if (state is null || clock.Until.Contains(state.Index) || (clock.Done is { } done && record.One(done.Path) is { } said && said.Value.Text != "no"))
            {
                continue;
            }

            if (Start(clock, state, record, calendar) is { } start)
            {
                var due = Due(clock, start, calendar);
                running.Add(new(clock, due, due - TimeSpan.FromDays(clock.RemindDays)));
            }
        }

        return running;
    }

    public static DateTimeOffset? NextDue(RegisterPlan plan, RecordDocument record, UnitCalendar calendar) =>
        Of(plan, record, calendar) is { Count: > 0 } running ? running.Min(clock => clock.Due) : null;

    private static DateTimeOffset? Start(ClockPlan clock, StatePlan state, RecordDocument record, UnitCalendar calendar)
    {
        if (clock.FromField is null)
        {
            return clock.FromState == state.Index ? record.StateSince : null;
        }

        if (clock.Codes.Count > 0)
        {
            return record.One(clock.FromField.Path) is { } entered && entered.Value.Member("code") is { } code && clock.Codes.Contains(code, StringComparer.Ordinal) ? entered.At : null;
        }

        // An uncertain date starts the clock at its earliest day: a person is answered early rather than late.
        return record.One(clock.FromField.Path) is { } claim && Edtf.Read(claim.Value.Text)?.First is { } day ? EndOf(day.AddDays(-1), calendar) : null;
    }

    private static DateTimeOffset Due(ClockPlan clock, DateTimeOffset start, UnitCalendar calendar)
    {
        if (clock.Hours > 0)
        {
            return start + TimeSpan.FromHours(clock.Hours);
        }

        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(start, calendar.Zone).DateTime);
        for (var left = clock.Days; left > 0;)
        {
            day = day.AddDays(1);
            left -= clock.Count == DayCount.Calendar || calendar.Works(day) ? 1 : 0;
        }

        return EndOf(day, calendar);
    }

    /// <summary>The last moment of a day where the unit is.</summary>
    public static DateTimeOffset EndOf(DateOnly day, UnitCalendar calendar)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        while (calendar.Zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(30);
        }

        return new DateTimeOffset(midnight, calendar.Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
