using System.Text;
using Waymark.Evidence.Profiles;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>A row kept while no table is open.</summary>
internal sealed record PendingRow(int Line, string[] Cells, int Held)
{
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);

    public string First => Cells.FirstOrDefault(cell => !string.IsNullOrWhiteSpace(cell))?.Trim() ?? "";
}

/// <summary>
/// Walks one sheet from the top: looks for the header of a table, hands the rows below to <see cref="RowReader{TRows}"/>
/// until the table ends, and goes on looking. Every row gets a class, every cell is counted once.
/// </summary>
internal sealed class SheetReader<TRows>(FileReading file, SheetBuilder sheet, TRows rows, IReadOnlyList<MergedRange> merges, CancellationToken cancellation)
    where TRows : struct, IRows
{
    private const int MostColumns = 16_384;
    private readonly List<PendingRow> _pending = [];
    private readonly List<PendingRow> _top = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _carried = new(StringComparer.Ordinal);
    private TRows _rows = rows;
    private int _sinceTable;

    public Error? Read()
    {
        var tables = file.Profile.Tables.Where(table => table.Sheet is null || table.Sheet.IsMatch(sheet.Name)).ToList();
        _carried["sheet"] = sheet.Name;
        _carried["file"] = System.IO.Path.GetFileNameWithoutExtension(file.Report.Place("", 0, 0).Split(':')[0]);
        RowReader<TRows>? open = null;
        while (_rows.Read())
        {
            sheet.Rows++;
            sheet.Columns = Math.Max(sheet.Columns, _rows.Width);
            if (sheet.Rows % 8192 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                file.Progress?.Report(file.Report.Sheets.Sum(read => read.Rows));
            }

            if (open is not null)
            {
                if (open.Take(ref _rows))
                {
                    continue;
                }

                open.Finish();
                open = null;
                _sinceTable = 0;
            }

            open = Search(tables);
        }

        if (_rows.Stopped is { } stopped)
        {
            return stopped;
        }

        if (open is not null)
        {
            open.Finish();
        }

        Settle(_pending.Count, "note");
        return null;
    }

    /// <summary>Keeps the row and looks whether it completes the header of a table.</summary>
    private RowReader<TRows>? Search(List<TableRule> tables)
    {
        _sinceTable++;
        var open = tables.Where(table => (table.Repeat || !_used.Contains(table.Id)) && _sinceTable <= table.Header.Within + table.Header.Below).ToList();
        if (open.Count == 0)
        {
            var first = "";
            for (var column = 1; column <= Math.Min(_rows.Width, 64) && first.Length == 0; column++)
            {
                first = Encoding.UTF8.GetString(_rows.Field(column)).Trim();
            }

            Settle(_pending.Count, "note");
            Note(first, _rows.Held);
            return null;
        }

        _pending.Add(new(_rows.Line, Cells(), _rows.Held));
        if (sheet.Rows <= FileHead.Rows && _used.Count == 0)
        {
            _top.Add(_pending[^1]);
        }

        foreach (var table in open)
        {
            if (Header(table) is var (anchor, below) && anchor >= 0)
            {
                return Begin(table, anchor, below);
            }
        }

        return null;
    }

    private string[] Cells()
    {
        var cells = new string[Math.Min(_rows.Width, MostColumns)];
        for (var column = 1; column <= cells.Length; column++)
        {
            cells[column - 1] = _rows.Date(column) ?? Encoding.UTF8.GetString(_rows.Field(column));
        }

        return cells;
    }

    /// <summary>
    /// The position of the anchor row when the newest pending row completes a header, else -1. Rows below the anchor
    /// belong to the header only while the cells under the anchor's labels are empty.
    /// </summary>
    private (int Anchor, int Below) Header(TableRule table)
    {
        if (table.Header.IsAbsent)
        {
            return Fits(table, _pending.Count - 1) ? (_pending.Count - 1, -1) : (-1, 0);
        }

        for (var below = 0; below <= table.Header.Below && below < _pending.Count; below++)
        {
            var anchor = _pending.Count - 1 - below;
            if (Anchored(table, _pending[anchor]) is not { } columns || !Fits(table, anchor))
            {
                continue;
            }

            // With rows below possible, the header is complete when the next row is not one of them.
            var last = _pending[^1];
            var isHeader = below == 0 || IsContinuation(last, columns);
            if (below < table.Header.Below && isHeader)
            {
                return (-1, 0); // the next row may belong to it too
            }

            return isHeader ? (anchor, below) : (anchor, below - 1);
        }

        return (-1, 0);
    }

    private static bool IsContinuation(PendingRow row, List<int> columns) =>
        !row.IsBlank && columns.All(column => column >= row.Cells.Length || string.IsNullOrWhiteSpace(row.Cells[column]));

    private static List<int>? Anchored(TableRule table, PendingRow row)
    {
        if (row.Cells.Length < table.Header.Labels.Count)
        {
            return null;
        }

        var normal = new string?[row.Cells.Length];
        var columns = new List<int>();
        foreach (var label in table.Header.Labels)
        {
            var found = -1;
            for (var i = 0; i < row.Cells.Length && found < 0; i++)
            {
                normal[i] ??= LabelText.Normalise(row.Cells[i]);
                found = normal[i]!.Length > 0 && label.Has(normal[i]!) ? i : -1;
            }

            if (found < 0)
            {
                return null;
            }

            columns.Add(found);
        }

        return columns;
    }

    /// <summary>The conditions on the texts above the header.</summary>
    private bool Fits(TableRule table, int anchor) =>
        (table.Text is null || Above(anchor).Concat(Top()).Any(cell => table.Text.IsMatch(cell)))
        && (table.NotText is null || !Above(anchor).Any(cell => table.NotText.IsMatch(cell)));

    /// <summary>The rows above the first table: what they say holds for tables further down as well.</summary>
    private IEnumerable<string> Top() => _used.Count == 0 ? [] : _top.SelectMany(row => row.Cells).Where(cell => cell.Length > 0).Select(LabelText.Tidy);

    private IEnumerable<string> Above(int anchor)
    {
        for (var i = anchor; i >= 0; i--)
        {
            foreach (var cell in _pending[i].Cells.Where(cell => cell.Length > 0))
            {
                yield return LabelText.Tidy(cell);
            }
        }
    }

    private RowReader<TRows>? Begin(TableRule table, int anchor, int below)
    {
        var absent = table.Header.IsAbsent;
        var first = absent ? anchor : Math.Max(0, anchor - table.Header.Above);
        var last = absent ? anchor - 1 : anchor + below;
        var head = _pending.GetRange(first, last - first + 1);
        head.RemoveAll(row => row.IsBlank);
        var data = _pending.GetRange(last + 1, _pending.Count - last - 1);
        var variables = Variables(table, anchor);
        var headerLines = absent ? [] : head.Select(row => row.Line).ToHashSet();
        var anchorLine = absent ? 0 : _pending[anchor].Line;
        sheet.HeaderRow = absent ? 0 : _pending[last].Line;
        sheet.Tables.Add(table.Id);
        _used.Add(table.Id);
        var width = Math.Max(1, absent ? _rows.Width : head.Count == 0 ? 1 : head.Max(row => row.Cells.Length));
        var labels = new HeaderLabels(table.Header, merges).Of(head, anchorLine, width);
        var firstData = data.Count > 0 ? data[0].Cells : null;
        var needsData = table.Columns.Any(column => column.Value is not null);
        var plan = new PlanBuilder(file, sheet, table, variables);
        foreach (var row in _pending.Take(last + 1))
        {
            if (headerLines.Contains(row.Line))
            {
                sheet.Row("header");
                sheet.Cells("header", row.Held);
            }
            else
            {
                Note(row.First, row.Held, row.IsBlank ? "blank" : "preamble");
            }
        }

        _pending.Clear();
        var reader = new RowReader<TRows>(file, sheet, plan, labels, width, needsData);
        if (firstData is not null)
        {
            // The newest row was looked at to see that the header ends before it; it is the current row of the walk.
            if (!reader.Take(ref _rows))
            {
                reader.Finish();
                _pending.Add(new(_rows.Line, firstData, _rows.Held));
                _sinceTable = 1;
                return null;
            }
        }

        return reader;
    }

    private Dictionary<string, string> Variables(TableRule table, int anchor)
    {
        for (var i = 0; i < anchor; i++)
        {
            var cells = _pending[i].Cells;
            for (var column = 0; column < cells.Length && table.Pairs.Count > 0; column++)
            {
                if (cells[column].Length > 0 && table.Pairs.TryGetValue(LabelText.Normalise(cells[column]), out var name)
                    && cells.Skip(column + 1).FirstOrDefault(cell => !string.IsNullOrWhiteSpace(cell)) is { } value)
                {
                    _carried[name] = value.Trim();
                }
            }
        }

        if (table.Text is { } text)
        {
            foreach (var cell in Above(anchor).Concat(Top()))
            {
                if (text.Match(cell) is { Success: true } match)
                {
                    Captures.Into(text, match, _carried);
                    break;
                }
            }
        }

        if (table.Sheet is { } pattern && pattern.Match(sheet.Name) is { Success: true } named)
        {
            Captures.Into(pattern, named, _carried);
        }

        return new(_carried, StringComparer.Ordinal);
    }

    private void Settle(int count, string kind)
    {
        foreach (var row in _pending.Take(count))
        {
            Note(row.First, row.Held, row.IsBlank ? "blank" : kind);
        }

        _pending.RemoveRange(0, count);
    }

    private void Note(string first, int held, string kind = "note")
    {
        kind = first.Length == 0 ? "blank" : kind;
        sheet.Row(kind);
        sheet.Cells(kind == "blank" ? "blank" : "note", held);
        if (first.Length > 0 && file.Notes.Count < 2_000)
        {
            file.Notes.Add(first);
            foreach (var rule in file.Profile.Footnotes.Rows)
            {
                var match = rule.Match(first);
                if (match.Success && match.Groups["mark"].Success && match.Groups["text"].Success)
                {
                    file.Footnotes.TryAdd(match.Groups["mark"].Value.Trim(), match.Groups["text"].Value.Trim());
                }
            }
        }
    }
}

/// <summary>Joins the levels of a header into one label per column.</summary>
internal sealed class HeaderLabels(HeaderRule rule, IReadOnlyList<MergedRange> merges)
{
    public IReadOnlyList<ColumnLabel> Of(IReadOnlyList<PendingRow> rows, int anchorLine, int width)
    {
        if (rows.Count == 0)
        {
            return [.. Enumerable.Range(1, width).Select(column => new ColumnLabel(column, "", ""))];
        }

        var levels = new string[rows.Count][];
        for (var level = 0; level < rows.Count; level++)
        {
            var cells = new string[width];
            Array.Fill(cells, "");
            Array.Copy(rows[level].Cells, cells, Math.Min(width, rows[level].Cells.Length));
            for (var column = 0; column < width; column++)
            {
                cells[column] = LabelText.Tidy(cells[column]);
            }

            Fill(cells, rows, level, rows[level].Line < anchorLine ? rule.Fill : rule.FillBelow, anchorLine);
            levels[level] = cells;
        }

        return [.. Enumerable.Range(0, width).Select(column => Label(levels, column))];
    }

    private void Fill(string[] cells, IReadOnlyList<PendingRow> rows, int level, FillMode mode, int anchorLine)
    {
        var line = rows[level].Line;
        foreach (var merge in merges.Where(merge => merge.FirstRow <= line && merge.LastRow >= line))
        {
            var from = rows.FirstOrDefault(row => row.Line == merge.FirstRow);
            var value = from is not null && merge.FirstColumn <= from.Cells.Length ? LabelText.Tidy(from.Cells[merge.FirstColumn - 1]) : "";
            for (var column = merge.FirstColumn; column <= Math.Min(merge.LastColumn, cells.Length) && value.Length > 0; column++)
            {
                cells[column - 1] = cells[column - 1].Length == 0 ? value : cells[column - 1];
            }
        }

        // A title stands alone at the left; it heads no columns.
        var filled = cells.Count(cell => cell.Length > 0);
        var isTitle = line < anchorLine && filled == 1 && Array.FindIndex(cells, cell => cell.Length > 0) < 2;
        for (var column = 1; column < cells.Length && mode == FillMode.Right && !isTitle; column++)
        {
            cells[column] = cells[column].Length == 0 ? cells[column - 1] : cells[column];
        }
    }

    private ColumnLabel Label(string[][] levels, int column)
    {
        var (joined, last) = ("", "");
        foreach (var level in levels)
        {
            var part = level[column];
            if (part.Length == 0 || part == last)
            {
                continue;
            }

            joined = joined.Length == 0 ? part : joined.EndsWith('-') && rule.Join == " " ? joined + part : joined + rule.Join + part;
            last = part;
        }

        return new(column + 1, joined, last);
    }
}
