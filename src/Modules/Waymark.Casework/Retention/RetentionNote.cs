using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Retention;

/// <summary>What is kept of a record that reached its end. Once it was erased nothing in it leads to the record any more.</summary>
internal sealed record RetentionNote(RetentionState State, RecordPartition Partition, string Register, string? Record, long Version, DateTimeOffset Due, DateTimeOffset At)
{
    public const string Kept = "casework.retention";

    public Actor? First { get; init; }

    public DateTimeOffset? FirstAt { get; init; }

    public Actor? Second { get; init; }

    public RetentionGround? Ground { get; init; }

    public string? Reason { get; init; }

    public DateOnly? Until { get; init; }

    /// <summary>How many were in the record; kept as the number it was.</summary>
    public int Persons { get; init; }

    /// <summary>Whether the tables were written anew since.</summary>
    public bool IsSwept { get; init; }

    public RecordWrite Write(string id, long version, string did) => new(Kept, id, version, RecordJson.Bytes(this), RecordJson.Bytes(new { did }),
        [new("state", Packs.Words.Of(State)), new("due", Moment(Due)), new("swept", State == RetentionState.Erased && !IsSwept ? "no" : "yes")]);

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>When a record is due: the months of its register after the day it came to rest or, if that is later, was last changed, at the end of the day where its unit is.</summary>
internal static class RetentionEnd
{
    /// <summary>Null while the record is in use.</summary>
    public static DateTimeOffset? Of(RegisterPlan plan, RecordDocument record, DateTimeOffset changed, UnitCalendar calendar)
    {
        if (plan.State(record.State) is not { IsTerminal: true })
        {
            return null;
        }

        var from = changed > record.StateSince ? changed : record.StateSince;
        return Clocks.EndOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, calendar.Zone).DateTime).AddMonths(plan.Retention.Months), calendar);
    }
}
