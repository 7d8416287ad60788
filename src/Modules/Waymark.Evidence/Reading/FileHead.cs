using System.Text;
using Waymark.Evidence.Profiles;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>The first rows of one sheet, prepared for conditions.</summary>
internal sealed class SheetHead
{
    private const int MostColumns = 2_000;

    public SheetHead(string name, List<string[]> rows, int width)
    {
        (Name, Rows, Width) = (name, rows, width);
        Labels = [.. rows.Select(row => (IReadOnlySet<string>)row.Where(cell => cell.Length > 0).SelectMany(Forms).ToHashSet(StringComparer.Ordinal))];
        var text = new StringBuilder();
        foreach (var cell in rows.SelectMany(row => row).Where(cell => cell.Length > 0))
        {
            text.Append(LabelText.Tidy(cell)).Append('\n');
        }

        Text = text.ToString();
    }

    public string Name { get; }

    public List<string[]> Rows { get; }

    public int Width { get; }

    /// <summary>Per row the labels in the form they are compared.</summary>
    public IReadOnlyList<IReadOnlySet<string>> Labels { get; }

    /// <summary>All cells, one a line.</summary>
    public string Text { get; }

    /// <summary>The first value below a label, and the cell to the right of a text: where profiles look for releases.</summary>
    public IEnumerable<string> Below(LabelSet label)
    {
        for (var row = 0; row < Rows.Count; row++)
        {
            var column = Array.FindIndex(Rows[row], cell => cell.Length > 0 && label.Has(LabelText.Normalise(cell)));
            if (column >= 0)
            {
                return Rows.Skip(row + 1).Where(next => next.Length > column && !string.IsNullOrWhiteSpace(next[column])).Select(next => LabelText.Tidy(next[column]));
            }
        }

        return [];
    }

    internal static string[] Cut(int width, Func<int, string> cell)
    {
        var cells = new string[Math.Min(width, MostColumns)];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = cell(i);
        }

        return cells;
    }

    private static IEnumerable<string> Forms(string cell)
    {
        var normal = LabelText.Normalise(cell.Length > 400 ? cell[..400] : cell);
        var bare = LabelText.WithoutMarks(normal);
        return bare.Length == normal.Length ? [normal] : [normal, bare];
    }
}

/// <summary>The beginning of every sheet of a file: enough to recognise its profile and its release.</summary>
internal sealed class FileHead
{
    public const int Rows = 60;

    private FileHead(TabularFile file, List<SheetHead> sheets) => (File, Sheets) = (file, sheets);

    public TabularFile File { get; }

    public IReadOnlyList<SheetHead> Sheets { get; }

    public string Medium => File.Format switch
    {
        FileFormat.DelimitedText or FileFormat.Archive => "text",
        FileFormat.Xlsx => "xlsx",
        FileFormat.Xls => "xls",
        FileFormat.Ods => "ods",
        _ => "json",
    };

    /// <summary>The head as one profile sees it: of an archive the members that hold its data.</summary>
    public FileHead For(SourceProfile profile) => File.Format == FileFormat.Archive && profile.Members is { } members
        ? new(File, [.. Sheets.Where(sheet => members.HoldsData(sheet.Name))]) : this;

    public static Result<FileHead> Read(TabularFile file, CancellationToken cancellation)
    {
        var sheets = new List<SheetHead>();
        foreach (var sheet in file.Sheets.Take(200))
        {
            var rows = new List<string[]>();
            var width = 0;
            if (sheet.Text is { } text)
            {
                var cursor = text.Cursor();
                while (rows.Count < Rows && cursor.Read())
                {
                    width = Math.Max(width, cursor.FieldCount);
                    rows.Add(SheetHead.Cut(cursor.FieldCount, i => Encoding.UTF8.GetString(cursor.Field(i))));
                }

                if (cursor.Stopped is { } stopped)
                {
                    return stopped;
                }
            }
            else
            {
                var opened = sheet.OpenReader(cancellation);
                if (!opened.TryGet(out var reader))
                {
                    return opened.Error!;
                }

                using (reader)
                {
                    while (rows.Count < Rows && reader.Read())
                    {
                        var row = reader.Row;
                        var cells = row.Count == 0 ? 0 : row[row.Count - 1].Column;
                        width = Math.Max(width, cells);
                        rows.Add(SheetHead.Cut(cells, i => row.At(i + 1) is var cell && cell.TryGetDate(out var date)
                            ? date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : row.At(i + 1).Text));
                    }

                    if (reader.Error is { } failed)
                    {
                        return failed;
                    }
                }
            }

            sheets.Add(new(sheet.Name, rows, width));
        }

        return new FileHead(file, sheets);
    }
}
