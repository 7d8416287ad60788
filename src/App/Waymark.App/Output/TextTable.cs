namespace Waymark.App.Output;

/// <summary>A plain table for people: aligned columns, numbers to the right, nothing cut off.</summary>
public sealed class TextTable(params TextTable.Column[] columns)
{
    private readonly List<string[]> _rows = [];

    public sealed record Column(string Name, bool Right = false);

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => CellWidth.Printable(cell ?? ""))]);

    public void Write(TextWriter writer)
    {
        var widths = columns.Select((column, at) =>
            _rows.Select(row => CellWidth.Of(row[at])).Append(CellWidth.Of(column.Name)).Max()).ToArray();
        WriteRow(writer, [.. columns.Select(column => column.Name)], widths);
        WriteRow(writer, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in _rows)
        {
            WriteRow(writer, row, widths);
        }
    }

    private void WriteRow(TextWriter writer, string[] cells, int[] widths) =>
        writer.WriteLine(string.Join("  ", cells.Select((cell, at) =>
            columns[at].Right ? CellWidth.PadLeft(cell, widths[at]) : CellWidth.PadRight(cell, widths[at]))).TrimEnd());
}
