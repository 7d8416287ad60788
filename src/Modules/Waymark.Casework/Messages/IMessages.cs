using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Threads of cases. What staff write for each other is a note and never leaves the house; what was said to a person, or by one, is a message. Neither is ever changed or removed but
/// with the persons' keys, and none turns into the other.
/// </summary>
public interface IMessages
{
    /// <summary>The thread of a record, oldest first. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<CaseThread>> ThreadAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>
    /// Threads of a register as far as the desk may know of the records: those of the 200 changed last in which something was written, whoever works on them and whether or not they are open,
    /// and those of the own open records; the last written first. Errors as for a list.
    /// </summary>
    Task<CaseAnswer<ThreadList>> ThreadsAsync(CaseDesk desk, string register, CancellationToken cancellationToken);

    /// <summary>
    /// Adds one. A message to a person goes over a channel that the person called safe and is asked of the gate as contact; nobody named in the case may have barred that person.
    /// Errors: <c>case.nothing</c>, <c>message.empty</c>, <c>message.person</c>, <c>message.no-safe-channel</c>, <c>message.too-many</c>, <c>output.barred</c>.
    /// </summary>
    Task<CaseAnswer<CaseMessage>> WriteAsync(CaseDesk desk, RecordAddress record, NewMessage message, CancellationToken cancellationToken);
}

/// <summary>A record with how much was written in its thread, and when last.</summary>
public sealed record ThreadRow(CaseRow Row, int Entries, DateTimeOffset? Last);

public sealed record ThreadList(RegisterPlan Plan, IReadOnlyList<ThreadRow> Rows);

public enum MessageKind { Note, Sent, Received }

/// <summary>Who put it into the other language; unsaid while nobody did.</summary>
public enum MessageTranslation { None, Human, Machine }

/// <summary>Something to add. <paramref name="Person"/>: to or from whom, null for a note. <paramref name="Channel"/>: place in the list of the person's safe channels.</summary>
public sealed record NewMessage(MessageKind Kind, string Text, string? Person = null, int Channel = -1, string? Language = null, MessageTranslation Translation = MessageTranslation.None)
{
    public const int Longest = 4_000;
}

public sealed record CaseMessage(
    string Id, MessageKind Kind, string Text, string By, DateTimeOffset At, string? Person, string? Channel, string? Language, MessageTranslation Translation, string? Decision)
{
    /// <summary>How many stood in the thread when it was written: the order of what was written at one moment.</summary>
    public int After { get; init; }
}

/// <summary>Somebody of the case who may be written to, with the channels they called safe.</summary>
public sealed record ThreadPerson(string Person, LocalText Role, IReadOnlyList<string> Names, IReadOnlyList<People.SafeChannel> Channels);

public sealed record CaseThread(RegisterPlan Plan, string Reference, IReadOnlyList<CaseMessage> Messages, IReadOnlyList<ThreadPerson> Persons) : IPersonal<CaseThread>
{
    public CaseThread Without(IReadOnlySet<string> fields) => this with
    {
        // What people say is the case's narrative: hidden there, hidden here.
        Messages = fields.Contains("narrative") ? [] : Messages,
        Persons = [.. Persons.Select(one => one with { Names = fields.Contains("name") ? [] : one.Names, Channels = fields.Contains("contact") ? [] : one.Channels })],
    };
}
