using Waymark.Casework.Registers;
using Waymark.Formats.Htcds;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Spreadsheets of the Human Trafficking Case Data Standard into the register of victims and out of it again. What a row says is kept byte for byte; a code that the standard does not hold is reported
/// with its cell and read as nothing.
/// </summary>
public interface IHtcds
{
    /// <summary>Reads a spreadsheet and keeps nothing. Errors: those of <c>TabularFile</c> and <c>HtcdsReader</c>; <c>htcds.no-register</c> where the node has no register for it.</summary>
    Result<HtcdsFile> Read(string name, byte[] content, HtcdsTrust trust, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a person and a record in its first state of each row, each through the gate by itself. The same file again makes nothing twice. Errors: as before, and <c>htcds.too-many</c>.
    /// </summary>
    Task<CaseAnswer<HtcdsImported>> ImportAsync(CaseDesk desk, string name, byte[] content, HtcdsTrust trust, CancellationToken cancellationToken);

    /// <summary>Records as rows of one output to a receiver, to be sealed to its key: the rules of every export hold (<see cref="IBulkActions.ExportAsync"/>).</summary>
    Task<CaseAnswer<HtcdsExported>> ExportAsync(CaseDesk desk, ExportRequest request, CancellationToken cancellationToken);

    /// <summary>Writes rows as a workbook with all 84 columns; its second sheet says which copy it is, <paramref name="about"/> it, and what was left out.</summary>
    Task<Result<int>> WriteAsync(HtcdsExported exported, IEnumerable<string> about, Stream into, CancellationToken cancellationToken);
}

/// <summary>What became of a row: a record, new or there before, or why there is none. <paramref name="AsReceived"/>: cells kept as they were written, since the register's value says it otherwise or not at all.</summary>
public sealed record HtcdsRow(int Row, RecordAddress? Address, bool IsNew, int AsReceived, Error? Error);

/// <summary>What an import led to; rows that are no cases stand aside in <paramref name="File"/>, with the faults and their cells.</summary>
public sealed record HtcdsImported(RegisterPlan Plan, HtcdsFile File, IReadOnlyList<HtcdsRow> Rows);

/// <summary>
/// Rows by field of the standard, masked, with what did not fit: a second event, two statements that disagree; and for the desk alone the records that stay here, each with its reason.
/// </summary>
public sealed record HtcdsExported(
    RegisterPlan Plan, string Mark, IReadOnlyList<IReadOnlyDictionary<string, string>> Cases, IReadOnlyList<Error> LeftOut, IReadOnlyList<BulkLine> Withheld, Receiver Receiver);
