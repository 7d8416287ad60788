using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// One act on many records of a list. Every record passes rights, guards and the gate by itself, as if it were the only one; what is refused is listed with its reason and the
/// rest is done. What was done carries one name and is taken back as one.
/// </summary>
public interface IBulkActions
{
    /// <summary>What would happen to each record; nothing is done. Errors: <c>bulk.records</c>, <c>bulk.act</c>, <c>case.nothing</c>.</summary>
    Task<CaseAnswer<BulkPreview>> PreviewAsync(CaseDesk desk, BulkRequest request, CancellationToken cancellationToken);

    /// <summary>Does it. The same name once more goes on where it was cut off and does nothing twice. Errors: as before.</summary>
    Task<CaseAnswer<BulkDone>> DoAsync(CaseDesk desk, BulkRequest request, string group, CancellationToken cancellationToken);

    /// <summary>Takes back what carries this name, record by record; each may be refused by itself. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<BulkDone>> UndoGroupAsync(CaseDesk desk, string group, string why, CancellationToken cancellationToken);

    /// <summary>
    /// The columns of the list for these records, as one output to a receiver of the node's register, to be sealed to that receiver's key before it goes anywhere. Every record is asked for
    /// as what it is, a transfer to this kind of receiver: what is refused is withheld with its reason, barred readers get nothing of a record (F10), and more than 25 persons, those of the
    /// account's other exports and sheets of a day included, wait a day and for two others (M53; the refusal names the review, which is for this receiver). Each copy carries a mark; where
    /// everything is withheld there is none. Errors: <c>export.receiver</c>, <c>bulk.records</c>, <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<CaseExport>> ExportAsync(CaseDesk desk, ExportRequest request, CancellationToken cancellationToken);

    /// <summary>Who took the copy that carries this mark; null when there is none.</summary>
    Task<ExportCopy?> CopyAsync(string mark, CancellationToken cancellationToken);
}

public enum BulkAct
{
    /// <summary>Gives the records to an account; none gives them back.</summary>
    Assign,

    /// <summary>Takes a step of the register.</summary>
    Step,
}

/// <summary>A record of a list with the version of its state that was seen.</summary>
public sealed record BulkRecord(string Id, long SeenState);

/// <summary>What to do: <paramref name="Word"/> is the account or the step.</summary>
public sealed record BulkRequest(string Register, IReadOnlyList<BulkRecord> Records, BulkAct Act, string? Word)
{
    /// <summary>Most records at once: a person can still look through them.</summary>
    public const int Most = 100;
}

/// <summary>One record. <paramref name="Refusal"/>: why not; null when it would be, or was, done.</summary>
public sealed record BulkLine(RecordAddress Address, string Reference, LocalText StateName, long SeenState, LocalText? Refusal);

public sealed record BulkPreview(RegisterPlan Plan, BulkRequest Request, IReadOnlyList<BulkLine> Lines) : IPersonal<BulkPreview>
{
    /// <summary>How many would be done.</summary>
    public int Open => Lines.Count(line => line.Refusal is null);

    // References, states and reasons of guards: no field of anybody stands here.
    public BulkPreview Without(IReadOnlySet<string> fields) => this;
}

/// <summary>What was done under one name.</summary>
public sealed record BulkDone(RegisterPlan Plan, string Group, IReadOnlyList<BulkLine> Lines, bool IsUndo);

/// <summary>Records for an output, the receiver by its id, and what for.</summary>
public sealed record ExportRequest(string Register, IReadOnlyList<string> Records, string? Receiver, string Why);

/// <summary>Rows of the list's columns, masked, with the mark of this copy; and for the desk alone the records that stay here, each with its reason.</summary>
public sealed record CaseExport(RegisterPlan Plan, string Mark, DateTimeOffset At, IReadOnlyList<CaseRow> Rows, IReadOnlyList<BulkLine> Withheld, Receiver Receiver);

/// <summary>What the desk is told of an export of which something stays here; <paramref name="Sealed"/>: the rest as it goes, null when nothing does.</summary>
public sealed record ExportPart(IReadOnlyList<BulkLine> Withheld, int Rows, string Name, byte[]? Sealed);

/// <summary>A copy that left; <paramref name="To"/> is the fingerprint of the key it was sealed to, null for a printed sheet.</summary>
public sealed record ExportCopy(string Mark, string Account, string Unit, string Register, int Records, int Persons, DateTimeOffset At, string? To = null);
