using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>Which of two headings of one column is believed where they name different fields.</summary>
public enum HtcdsTrust : byte
{
    /// <summary>Neither: the cells stay unplaced until a person has said which.</summary>
    Neither,
    Code,
    Label,
}

/// <param name="Trust">The published spreadsheets contradict themselves on four address columns.</param>
/// <param name="Limit">Cases at most.</param>
public sealed record HtcdsReadOptions(HtcdsTrust Trust = HtcdsTrust.Neither, int Limit = 100_000);

/// <summary>
/// A value as it stands in its cell. <paramref name="Text"/> is kept byte for byte (a stored date as ISO 8601, a stored
/// truth value as TRUE or FALSE); <paramref name="Codes"/> are the codes it says. A value that is not known keeps its text and
/// has no code; it is never read as another.
/// </summary>
public sealed record HtcdsValue(string Text, IReadOnlyList<string> Codes, bool IsKnown, string Where)
{
    /// <summary>A value to be written.</summary>
    public static HtcdsValue Of(string text) => new(text, [], true, "");
}

/// <summary>A cell that belongs to no field: nothing stands above it, or two headings that disagree.</summary>
public sealed record HtcdsCell(string Where, string Heading, string Text);

/// <summary>One row of the spreadsheet: the case of one person. A field without value is absent.</summary>
public sealed record HtcdsCase(int Row, IReadOnlyDictionary<string, HtcdsValue> Values, IReadOnlyList<HtcdsCell> Unplaced);

/// <summary>A row that cannot be read as a case, with its cells as they stand and the reason.</summary>
public sealed record HtcdsRowAside(int Row, IReadOnlyList<string> Cells, Error Why);

/// <summary>
/// What a spreadsheet holds. Every row that is not blank is a case or stands aside; <paramref name="Faults"/> say what was not
/// known and where, without the value, since values are about persons. <paramref name="FaultCount"/> counts all of them.
/// </summary>
public sealed record HtcdsFile(string Sheet, IReadOnlyList<string> Fields, IReadOnlyList<HtcdsCase> Cases,
    IReadOnlyList<HtcdsRowAside> Aside, int NumberedOnly, IReadOnlyList<Error> Faults, int FaultCount);
