using Waymark.Formats;
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

        foreach (var sheet in opened.Value.Sheets.Where(s => s.Visibility == SheetVisibility.Visible))
        {
            var read = sheet.Read(cancel);
            if (!read.IsOk)
            {
                return read.Error with { Kind = ErrorKind.NotFound };
            }

            if (read.Value.RowCount > 0)
            {
                return Take(read.Value, name, options, opened.Value.Format.ToString()!, sheet.Name);
            }
        }

        return RegisterFaults.NoHeader(name);
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
                if (ExportMark.Check(System.Text.Encoding.UTF8.GetBytes(cells.First(cell => !string.IsNullOrWhiteSpace(cell))), name).Error is { } marked)
                {
                    return marked;
                }

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
