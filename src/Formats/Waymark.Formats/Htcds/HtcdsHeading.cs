using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>
/// The heading of a spreadsheet: codes in one row, labels below. It says for each column which field it is, and for
/// columns where that cannot be said, why.
/// </summary>
internal sealed class HtcdsHeading
{
    private const int Searched = 10;
    private const int Least = 3;
    private readonly Dictionary<int, HtcdsField> _fields = [];
    private readonly Dictionary<int, string> _unplaced = [];

    private HtcdsHeading(int lastRow, int width) => (LastRow, Width) = (lastRow, width);

    /// <summary>The last row of the heading, counted as positions of the grid from 0.</summary>
    public int LastRow { get; }

    /// <summary>Fields of the row of codes; in text every row has as many.</summary>
    public int Width { get; }

    public List<Error> Faults { get; } = [];

    public IEnumerable<HtcdsField> Fields => _fields.OrderBy(pair => pair.Key).Select(pair => pair.Value);

    public HtcdsField? At(int column) => _fields.GetValueOrDefault(column);

    /// <summary>What stands above a column without field; null when nothing does.</summary>
    public string? UnplacedAt(int column) => _unplaced.GetValueOrDefault(column);

    /// <summary>Null when the first rows hold no heading of the standard.</summary>
    public static HtcdsHeading? Find(Grid grid, HtcdsStandard standard, HtcdsTrust trust)
    {
        for (var i = 0; i < Math.Min(Searched, grid.RowCount); i++)
        {
            if (Cells(grid[i]).Count(cell => standard.FindHeading(cell.Text) is not null) < Least)
            {
                continue;
            }

            var hasLabels = i + 1 < grid.RowCount && IsLabels(grid[i], grid[i + 1], standard);
            var heading = new HtcdsHeading(hasLabels ? i + 1 : i, grid[i].Count);
            heading.Place(grid[i], hasLabels ? grid[i + 1] : null, standard, trust);
            return heading;
        }

        return null;
    }

    /// <summary>Below the codes stand labels when most cells of that row are labels of the standard.</summary>
    private static bool IsLabels(GridRow codes, GridRow below, HtcdsStandard standard)
    {
        var texts = Cells(below).Where(cell => !codes.At(cell.Column).IsBlank).ToList();
        return texts.Count > 0 && texts.Count(cell => standard.FindLabel(cell.Text.Trim()).Count > 0) * 2 > texts.Count;
    }

    private void Place(GridRow codes, GridRow? labels, HtcdsStandard standard, HtcdsTrust trust)
    {
        var columns = Cells(codes).Concat(labels is { } row ? Cells(row) : []).Select(cell => cell.Column).Distinct().Order();
        foreach (var column in columns)
        {
            var (code, label) = (codes.At(column).Text, labels?.At(column).Text.Trim() ?? "");
            var byCode = standard.FindHeading(code);
            var byLabel = standard.FindLabel(label);
            var field = byCode is null
                ? code.Length == 0 && byLabel is [var only] ? only : null
                : byLabel.Count == 0 || byLabel.Contains(byCode) ? byCode
                : Decide(codes.Number, column, byCode, byLabel, trust);
            if (field is null)
            {
                _unplaced[column] = code.Length > 0 ? code : label;
                if (byCode is null)
                {
                    Fault(codes.Number, column, "htcds.unknown-field", "No field of the standard has this heading.", "标准中没有以此为表头的字段。");
                }
            }
            else if (_fields.Any(placed => placed.Value.Code == field.Code))
            {
                _unplaced[column] = code.Length > 0 ? code : label;
                Fault(codes.Number, column, "htcds.field-twice", $"The field {field.Code} has two columns.", $"字段 {field.Code} 出现在两列中。");
            }
            else
            {
                _fields[column] = field;
            }
        }
    }

    private HtcdsField? Decide(int row, int column, HtcdsField byCode, IReadOnlyList<HtcdsField> byLabel, HtcdsTrust trust)
    {
        Faults.Add(Error.Faulty("htcds.heading-contradicts",
            $"The code of this column says {byCode.Code}, its label {byLabel[0].Code}.", $"此列的代码为 {byCode.Code}，标签却指 {byLabel[0].Code}。",
            CellAddress.Name(row, column)).WithHint("Say which of the two is right; until then the cells of this column stay unplaced.",
            "请指明二者何为正确；此前该列单元格不归入任何字段。"));
        return trust switch
        {
            HtcdsTrust.Code => byCode,
            HtcdsTrust.Label when byLabel.Count == 1 => byLabel[0],
            _ => null,
        };
    }

    private void Fault(int row, int column, string code, string en, string zh) =>
        Faults.Add(Error.Faulty(code, en, zh, CellAddress.Name(row, column)));

    private static IEnumerable<Cell> Cells(GridRow row)
    {
        for (var i = 0; i < row.Count; i++)
        {
            if (!row[i].IsBlank)
            {
                yield return row[i];
            }
        }
    }
}
