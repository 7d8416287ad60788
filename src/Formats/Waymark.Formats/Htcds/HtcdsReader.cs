using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>
/// Reads cases from a spreadsheet of the Human Trafficking Case Data Standard, in any format that
/// <see cref="TabularFile"/> opens. The heading is looked for in the first ten rows of each sheet.
/// </summary>
public static class HtcdsReader
{
    private const int MostFaults = 1_000;

    public static Result<HtcdsFile> Read(TabularFile file, HtcdsStandard standard, HtcdsReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        foreach (var sheet in file.Sheets)
        {
            var read = sheet.Read(cancellation);
            if (!read.TryGet(out var grid))
            {
                return read.Error!;
            }

            if (HtcdsHeading.Find(grid, standard, (options ?? new()).Trust) is { } heading)
            {
                return Read(sheet.Name, grid, heading, standard, options ?? new(), cancellation);
            }
        }

        return Error.Faulty("htcds.no-heading", "No sheet has a row of field codes of the standard among its first ten rows.",
            "各工作表的前十行中没有标准的字段代码行。", file.FileName)
            .WithHint("Row 1 holds codes such as prs_FirstName, row 2 their labels; take the template.", "第 1 行为代码（如 prs_FirstName），第 2 行为标签；请使用模板。");
    }

    private static Result<HtcdsFile> Read(string sheet, Grid grid, HtcdsHeading heading, HtcdsStandard standard,
        HtcdsReadOptions options, CancellationToken cancellation)
    {
        var (cases, aside, faults, numbered) = (new List<HtcdsCase>(), new List<HtcdsRowAside>(), new List<Error>(heading.Faults), 0);
        var count = faults.Count;
        faults.AddRange(grid.Faults);
        count += grid.FaultCount;
        for (var i = heading.LastRow + 1; i < grid.RowCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = grid[i];
            if (row.IsBlank)
            {
                continue;
            }

            if (cases.Count + aside.Count == options.Limit)
            {
                return Error.TooLarge("htcds.too-many", $"More than {options.Limit} cases in one file.", $"一个文件中的个案超过 {options.Limit} 个。", sheet)
                    .WithHint("Divide the file.", "请拆分文件。");
            }

            if (Malformed(grid, row, heading.Width) is { } why)
            {
                aside.Add(new(row.Number, row.ToTexts(), why));
                continue;
            }

            var read = ReadCase(row, heading, standard, faults, ref count);
            if (read.Values.Count == 0 && read.Unplaced.Count == 0)
            {
                numbered++;
            }
            else
            {
                cases.Add(read);
            }
        }

        return new HtcdsFile(sheet, [.. heading.Fields.Select(field => field.Code)], cases, aside, numbered, faults, count);
    }

    private static HtcdsCase ReadCase(GridRow row, HtcdsHeading heading, HtcdsStandard standard, List<Error> faults, ref int count)
    {
        var values = new Dictionary<string, HtcdsValue>(StringComparer.Ordinal);
        var unplaced = new List<HtcdsCell>();
        for (var i = 0; i < row.Count; i++)
        {
            var cell = row[i];
            if (cell.IsBlank)
            {
                continue;
            }

            if (heading.At(cell.Column) is { } field)
            {
                var value = HtcdsValues.Read(field, cell, standard, out var fault);
                values[field.Code] = value;
                Note(fault, faults, ref count);
            }
            else if (heading.UnplacedAt(cell.Column) is { } above)
            {
                unplaced.Add(new(cell.Address, above, HtcdsValues.TextOf(cell)));
            }
            else if (!IsRowNumber(cell))
            {
                unplaced.Add(new(cell.Address, "", HtcdsValues.TextOf(cell)));
                Note(Error.Faulty("htcds.no-field", "Nothing stands above this value.", "此值上方没有表头。", cell.Address), faults, ref count);
            }
        }

        return new(row.Number, values, unplaced);
    }

    /// <summary>The published spreadsheets number their rows in a column without heading.</summary>
    private static bool IsRowNumber(Cell cell) => cell.Column == 1 && cell.Kind == CellKind.Number;

    private static Error? Malformed(Grid grid, GridRow row, int width)
    {
        for (var i = 0; i < row.Count; i++)
        {
            if (row[i].Kind == CellKind.Error)
            {
                return Error.Faulty("htcds.error-cell", "The cell holds an error of the spreadsheet program.", "单元格内是电子表格程序的错误值。", row[i].Address);
            }
        }

        if (grid.Merges.FirstOrDefault(range => range.FirstRow <= row.Number && row.Number <= range.LastRow) is { } merged)
        {
            return Error.Faulty("htcds.merged", "Merged cells: it cannot be told to which case the value belongs.", "存在合并单元格，无法判断值属于哪一个案。", merged.ToString());
        }

        return row.Count != width && row[0].Address.Contains(':', StringComparison.Ordinal)
            ? Error.Faulty("htcds.width", $"The row has {row.Count} fields, the heading {width}.", $"该行有 {row.Count} 个字段，表头有 {width} 个。", row[0].Address)
            : null;
    }

    private static void Note(Error? fault, List<Error> faults, ref int count)
    {
        if (fault is null)
        {
            return;
        }

        count++;
        if (faults.Count < MostFaults)
        {
            faults.Add(fault);
        }
    }
}
