using System.Globalization;
using System.Text;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Reads the rows of one table: decides what each row is, and turns measure cells into observations.</summary>
internal sealed class RowReader<TRows>(FileReading file, SheetBuilder sheet, PlanBuilder builder, IReadOnlyList<ColumnLabel> labels, int width, bool plansOnData)
    where TRows : struct, IRows
{
    private readonly byte[]?[] _forward = new byte[]?[Math.Min(width, 16_384) + 1];
    private TablePlan _table = plansOnData ? null! : builder.Build(labels, static _ => "", width);
    private CellWriter<TRows>? _writer;
    private string[]? _repaired;

    /// <summary>Takes the current row; false when the table has ended before it.</summary>
    public bool Take(ref TRows rows)
    {
        if (IsBlank(ref rows))
        {
            if (_table?.Rule.Rows.EndAtBlank == true)
            {
                return false;
            }

            sheet.Row("blank");
            sheet.Cells("blank", rows.Held);
            return true;
        }

        if (_table is null)
        {
            var at = rows;
            _table = builder.Build(labels, column => Encoding.UTF8.GetString(at.Field(column)), width);
        }

        _writer ??= new(file, sheet, _table);
        var rules = _table.Rule.Rows;
        if (rules.End.Count + rules.Skip.Count + rules.Headings.Count > 0)
        {
            var decision = Decide(ref rows, rules);
            if (decision.Ends)
            {
                return false;
            }

            if (decision.Skips)
            {
                sheet.Row("note");
                sheet.Cells("note", rows.Held);
                return true;
            }

            if (decision.Heading >= 0 && MeasuresAreBlank(ref rows))
            {
                Heading(ref rows, rules.Headings[decision.Heading]);
                return true;
            }
        }

        _repaired = null;
        if (rows.Width > _table.Width && !Wide(ref rows, rules))
        {
            return true;
        }

        Data(ref rows);
        return true;
    }

    /// <summary>Closes the counts of the columns.</summary>
    public void Finish()
    {
        foreach (var column in _table is null ? [] : _table.Blocks.SelectMany(block => block.Describing).DistinctBy(column => column.Column))
        {
            var (texts, stats) = (column.Texts!, column.Stats!);
            var few = column.Rule.Role is Role.Attribute or Role.Flag or Role.Unit or Role.Footnote or Role.Variable && texts.Count <= ColumnStats.MostTokens;
            for (var id = 0; id < texts.Count; id++)
            {
                var (text, times) = (texts.Text(id), texts.CountOf(id));
                if (string.IsNullOrWhiteSpace(text))
                {
                    stats.Blanks += times;
                    continue;
                }

                stats.Distinct++;
                if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                {
                    stats.Numbers += times;
                }
                else
                {
                    stats.Texts += times;
                }

                if (few)
                {
                    stats.Token(text, times);
                }
                else if (column.Rule.Role is Role.Dimension or Role.Label)
                {
                    var tidy = LabelText.Tidy(text);
                    if (tidy.Length > 1 && tidy[^1] is '*' or '†')
                    {
                        stats.Token(tidy[^1..], times);
                    }
                }
            }
        }
    }

    private static bool IsBlank(ref TRows rows)
    {
        for (var column = 1; column <= rows.Width; column++)
        {
            foreach (var letter in rows.Field(column))
            {
                if (letter is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private RowDecision Decide(ref TRows rows, RowRules rules)
    {
        ReadOnlySpan<byte> first = default;
        for (var column = _table.Rule.FirstColumn; column <= Math.Min(rows.Width, 256) && first.IsEmpty; column++)
        {
            first = rows.Field(column).Trim((byte)' ');
        }

        var id = _table.FirstCells.Add(first);
        if (!_table.Decisions.TryGetValue(id, out var decision))
        {
            var text = LabelText.Tidy(_table.FirstCells.Text(id));
            decision = new(rules.End.Any(rule => rule.IsMatch(text)), rules.Skip.Any(rule => rule.IsMatch(text)),
                rules.Headings.TakeWhile(heading => !heading.Match.IsMatch(text)).Count() is var heading && heading < rules.Headings.Count ? heading : -1);
            _table.Decisions[id] = decision;
        }

        return decision;
    }

    private bool MeasuresAreBlank(ref TRows rows)
    {
        foreach (var block in _table.Blocks)
        {
            foreach (var measure in block.Measures)
            {
                if (!rows.Field(measure.Column.Column).Trim((byte)' ').IsEmpty)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Heading(ref TRows rows, HeadingRule heading)
    {
        var text = "";
        for (var column = _table.Rule.FirstColumn; column <= rows.Width && text.Length == 0; column++)
        {
            text = LabelText.Tidy(Encoding.UTF8.GetString(rows.Field(column)));
        }

        foreach (var name in heading.Clear)
        {
            _table.Headings.Remove(name);
        }

        var captures = new Dictionary<string, string>(StringComparer.Ordinal);
        Captures.Into(heading.Match, heading.Match.Match(text), captures);
        foreach (var (name, value) in captures)
        {
            _table.Headings[name] = value;
        }

        foreach (var (name, choice) in heading.Set)
        {
            if (choice.Evaluate(variable => variable is "0" or "text" ? text : captures.GetValueOrDefault(variable) ?? _table.Variables.GetValueOrDefault(variable)) is { } value)
            {
                _table.Headings[name] = value;
            }
        }

        _table.HeadingVersion++;
        sheet.Row("heading");
        sheet.Cells("note", rows.Held);
    }

    /// <summary>A row with more fields than the header: mended, let through when the rest is empty, or kept aside.</summary>
    private bool Wide(ref TRows rows, RowRules rules)
    {
        var extra = false;
        for (var column = _table.Width + 1; column <= rows.Width && !extra; column++)
        {
            extra = !rows.Field(column).Trim((byte)' ').IsEmpty;
        }

        if (!extra || rules.Widths == WidthMode.Free || (rules.Widths == WidthMode.Pad && rules.Repair is null))
        {
            if (extra)
            {
                file.Report.Warn($"wide/{sheet.Name}", Error.Faulty("import.row-wider", "A row has more fields than the header; what is beyond was left out.",
                    "某行字段多于表头，多出部分未读取。", file.Report.Place(sheet.Name, rows.Line, _table.Width + 1)));
            }

            return true;
        }

        if (rules.Repair is { } repair && rows.Width == _table.Width + 1 && Repair(ref rows, repair) is { } mended)
        {
            _repaired = mended;
            file.Report.Aside(file.Report.Place(sheet.Name, rows.Line, 1), "import.row-repaired", "A comma was not quoted; the two parts were joined.",
                "逗号未加引号，已将两部分合并。", rows.Raw);
            return true;
        }

        sheet.Row("kept-aside");
        sheet.Read += rows.Held;
        sheet.Aside += rows.Held;
        file.Report.Aside(file.Report.Place(sheet.Name, rows.Line, 1), "import.row-malformed",
            $"The row has {rows.Width} fields where the header has {_table.Width}.", $"该行有 {rows.Width} 个字段，表头有 {_table.Width} 个。", rows.Raw);
        return false;
    }

    private string[]? Repair(ref TRows rows, RepairRule repair)
    {
        var columns = _table.Blocks[0].Describing;
        string[]? only = null;
        foreach (var id in repair.Join)
        {
            if (columns.FirstOrDefault(column => column.Id == id) is not { } join)
            {
                continue;
            }

            var fields = new string[_table.Width];
            for (int from = 1, to = 0; to < fields.Length; from++, to++)
            {
                fields[to] = Encoding.UTF8.GetString(rows.Field(from));
                if (from == join.Column)
                {
                    fields[to] += "," + Encoding.UTF8.GetString(rows.Field(++from));
                }
            }

            var passes = repair.Check.All(check => columns.FirstOrDefault(column => column.Id == check.Key) is not { } column
                || check.Value.IsMatch(fields[column.Column - 1].Trim()));
            if (passes && only is not null)
            {
                return null; // two ways to mend it: nobody knows which
            }

            only = passes ? fields : only;
        }

        return only;
    }

    private void Data(ref TRows rows)
    {
        if (_table.Rule.Rows.Hierarchy is { } hierarchy)
        {
            Descend(ref rows, hierarchy);
        }

        _table.RowVariables.Clear();
        foreach (var block in _table.Blocks)
        {
            foreach (var column in block.Describing)
            {
                Describe(ref rows, column);
            }
        }

        _writer!.Row(ref rows, _repaired);
    }

    private void Describe(ref TRows rows, PlannedColumn column)
    {
        if (_repaired is not null)
        {
            column.Raw = column.Texts!.Add(Encoding.UTF8.GetBytes(_repaired[column.Column - 1]));
        }
        else if (rows.Date(column.Column) is { } date)
        {
            column.Raw = column.Texts!.Add(Encoding.UTF8.GetBytes(date));
        }
        else
        {
            var field = rows.Field(column.Column);
            if (column.Rule.Forward)
            {
                if (field.Trim((byte)' ').IsEmpty && _forward[column.Column] is { } before)
                {
                    field = before;
                }
                else if (!field.IsEmpty)
                {
                    _forward[column.Column] = field.ToArray();
                }
            }

            column.Raw = column.Texts!.Add(field);
        }

        if (column.Rule.Capture is { } capture && !column.RowCaptures.ContainsKey(column.Raw))
        {
            var captures = new Dictionary<string, string>(StringComparer.Ordinal);
            var match = capture.Match(LabelText.Tidy(column.Text));
            if (match.Success)
            {
                Captures.Into(capture, match, captures);
            }

            column.RowCaptures[column.Raw] = captures;
        }
    }

    /// <summary>Depth by leading blanks or by the style's indent: the label sets its level and clears those below.</summary>
    private void Descend(ref TRows rows, HierarchyRule hierarchy)
    {
        var column = _table.Blocks[0].Describing.FirstOrDefault(other => other.Id == hierarchy.Column);
        if (column is null)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(rows.Field(column.Column));
        var depth = hierarchy.ByIndent ? rows.Indent(column.Column) : text.TakeWhile(char.IsWhiteSpace).Count();
        var stack = _table.Stack;
        while (stack.Count > 0 && stack[^1].Depth >= depth)
        {
            stack.RemoveAt(stack.Count - 1);
        }

        stack.Add((depth, LabelText.Tidy(text)));
        for (var level = 0; level < hierarchy.Set.Count; level++)
        {
            if (level < stack.Count)
            {
                _table.Headings[hierarchy.Set[level]] = stack[level].Text;
            }
            else
            {
                _table.Headings.Remove(hierarchy.Set[level]);
            }
        }
    }
}
