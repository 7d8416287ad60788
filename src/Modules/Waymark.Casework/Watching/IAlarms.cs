using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>One kind of alarm on one day: how often, and the breach that it opened. Whose act set it off is not told here.</summary>
public sealed record AlarmLine(string Kind, LocalText Text, DateTimeOffset Last, int Times, RecordAddress? Breach);

/// <summary>Alarms: some open a breach by themselves, all stand before those who watch.</summary>
public interface IAlarms
{
    /// <summary>
    /// Takes what waits, at most a hundred. <paramref name="watcher"/> names the unit of a data protection officer for an alarm that this account set off: one in which the account does not
    /// work, so that whoever set it off neither sees nor closes it. Without one, and where the gate refuses, no breach is opened and the alarm says so. Answers how many breaches were opened.
    /// </summary>
    Task<int> TakeAsync(string worker, Func<string?, CancellationToken, Task<string?>> watcher, CancellationToken cancellationToken);

    /// <summary>What stands before somebody who watches, newest first, without what they set off themselves. Empty for everybody else.</summary>
    Task<IReadOnlyList<AlarmLine>> AlarmsAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Raises an alarm once a month for each account, unit and for the organisation itself that refuses people's requests about their data at twice the median rate (M85).
    /// </summary>
    Task<Result<int>> WeighRefusalsAsync(CancellationToken cancellationToken);
}
