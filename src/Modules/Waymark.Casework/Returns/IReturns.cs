using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Decisions before return as people meet them: the unit that holds the file asks another one, and that one decides on the person's own words. What was decided enters the file with
/// its reasons; the unit of the file never decides (M20).
/// </summary>
public interface IReturns
{
    /// <summary>How the gates stand for everybody in a file, and which units were asked. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<ReturnFile>> GatesAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>Asks a unit to decide about a person of the file. Errors: <c>return.own-unit</c>, <c>case.person</c>, <c>case.nothing</c>.</summary>
    Task<CaseAnswer<Changed>> AskAsync(CaseDesk desk, RecordAddress record, string person, string unit, CancellationToken cancellationToken);

    /// <summary>Takes back what a unit was asked; it no longer finds the file. What it decided before stands. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<Changed>> WithdrawAsync(CaseDesk desk, RecordAddress record, string asked, CancellationToken cancellationToken);

    /// <summary>What the desk's unit was asked to decide, the longest waiting first.</summary>
    Task<CaseAnswer<AskedReturns>> AskedAsync(CaseDesk desk, string register, CancellationToken cancellationToken);

    /// <summary>The file as far as whoever decides needs it: what was said and heard, and the person. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<ReturnFile>> FileAsync(CaseDesk desk, string asked, CancellationToken cancellationToken);

    /// <summary>Decides at one gate; the decision enters the file. Errors: those of <c>ReturnGates.Check</c>, <c>return.gate-best-interest</c>, <c>return.own-unit</c>, <c>return.credential</c>, <c>case.nothing</c>.</summary>
    Task<CaseAnswer<Changed>> DecideAsync(CaseDesk desk, string asked, ReturnDecision decision, CancellationToken cancellationToken);
}

/// <summary>One gate for one person: how it stands, whether it must stand open, and what it rests on.</summary>
public sealed record GateLine(string Person, ReturnGate Gate, bool IsNeeded, GateStanding Standing, ReturnDecision? Last);

/// <summary>That a unit was asked to decide about a person of a file.</summary>
public sealed record AskedReturn(string Id, string Reference, RecordAddress File, string Person, string Unit, string By, DateTimeOffset At);

public sealed record AskedReturns(IReadOnlyList<AskedReturn> Rows) : IPersonal<AskedReturns>
{
    public AskedReturns Without(IReadOnlySet<string> fields) => this;
}

/// <summary>A file and its gates. <paramref name="Person"/> is who is decided about, when a decider looks.</summary>
public sealed record ReturnFile(RecordView File, RecordView? Person, IReadOnlyList<GateLine> Gates, IReadOnlyList<AskedReturn> Asked) : IPersonal<ReturnFile>
{
    public ReturnFile Without(IReadOnlySet<string> fields) => this with { File = File.Without(fields), Person = Person?.Without(fields) };

    internal ReturnFile Without(Func<FieldPlan, bool> hidden) => this with { File = File.Without(hidden), Person = Person?.Without(hidden) };
}
