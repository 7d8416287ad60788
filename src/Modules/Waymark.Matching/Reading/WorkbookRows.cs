using Waymark.Formats;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>Persons in a workbook or a JSON table: the first sheet that has rows.</summary>
internal static class WorkbookRows
{
    public static Result<RegisterFile> Read(ReadOnlyMemory<byte> head, Stream rest, string name, RegisterOptions options, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        all.Write(head.Span);
        rest.CopyTo(all);
        var opened = TabularFile.Open(all.GetBuffer().AsMemory(0, (int)all.Length), name, cancellation: cancel);
        if (!opened.IsOk)
        {
            return opened.Error with { Kind = ErrorKind.NotFound };
        }

        // The mark may stand on a sheet beside that of the persons, hidden or not: all are looked at before a row is taken.
        (Grid Rows, string Name)? persons = null;
        foreach (var sheet in opened.Value.Sheets)
        {
            var (read, isBeside) = (sheet.Read(cancel), persons is not null || sheet.Visibility != SheetVisibility.Visible);
            if (!read.IsOk && isBeside)
            {
                continue;
            }

            if (!read.IsOk)
            {
                return read.Error with { Kind = ErrorKind.NotFound };
            }

            if (IsMarked(read.Value))
            {
                return ExportMark.Refused(name);
            }

            persons ??= sheet.Visibility == SheetVisibility.Visible && read.Value.RowCount > 0 ? (read.Value, sheet.Name) : null;
        }

        return persons is { } found ? Take(found.Rows, name, options, opened.Value.Format.ToString()!, found.Name) : RegisterFaults.NoHeader(name);
    }

    private static bool IsMarked(Grid grid)
    {
        foreach (var row in grid.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                if (ExportMark.IsIn(row[i].Text))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Result<RegisterFile> Take(Grid grid, string name, RegisterOptions options, string format, string sheet)
    {
        var sink = new RowSink(name, options);
        var cells = new string[grid.ColumnCount];
        foreach (var row in grid.Rows)
        {
            Array.Fill(cells, "");
            for (var i = 0; i < row.Count; i++)
            {
                cells[row[i].Column - 1] = row[i].Text;
            }

            if (cells.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            if (!sink.HasHeader)
            {
                if (sink.Header(cells) is { } wrong)
                {
                    return wrong;
                }

                sink.Begin([]);
                continue;
            }

            sink.Row(cells, row.Number);
        }

        if (sink.HasHeader)
        {
            sink.End(sink.RowsRead);
        }

        return sink.Finish(format, sheet, []);
    }
}
