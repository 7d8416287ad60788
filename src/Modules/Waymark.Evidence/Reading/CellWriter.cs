using System.Globalization;
using System.Text;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Writes the observations of data rows and accounts for every cell of them.</summary>
internal sealed partial class CellWriter<TRows>(FileReading file, SheetBuilder sheet, TablePlan table)
    where TRows : struct, IRows
{
    private readonly int[] _codes = new int[256];
    private readonly StringBuilder _marks = new();
    private MeasureColumn? _measure;
    private BlockPlan _block = table.Blocks[0];
    private int _line;

    public void Row(ref TRows rows, string[]? repaired)
    {
        _line = rows.Line;
        var (observations, aside, blanks) = (0, 0, 0);
        string? failure = null;
        var kind = repaired is not null ? "repaired" : "data";
        foreach (var block in table.Blocks)
        {
            _block = block;
            if (table.Rule.Rows.Rules.Count > 0 && Rules(ref kind) is { } reason)
            {
                failure = reason;
                break;
            }

            var occurrence = Occurrence(ref rows, repaired, block);
            foreach (var measure in block.Measures)
            {
                _measure = measure;
                var column = measure.Column.Column;
                var value = repaired is null ? measure.Reader.Read(rows.Field(column), rows.IsStoredNumber(column))
                    : measure.Reader.Read(Encoding.UTF8.GetBytes(repaired[column - 1]), false);
                switch (Cell(measure, ref value, occurrence, out var why))
                {
                    case true:
                        observations++;
                        break;
                    case null:
                        blanks++;
                        break;
                    default:
                        aside++;
                        failure ??= why;
                        if (why is "value")
                        {
                            file.Report.Aside(file.Report.Place(sheet.Name, _line, column), "import.cell-unreadable", $"\"{Short(value.Token)}\" is neither a number nor a sign that the profile knows.",
                                $"“{Short(value.Token)}”既不是数字，也不是来源说明中的记号。", value.Token ?? "");
                            failure = failure == "value" ? null : failure;
                        }

                        break;
                }
            }
        }

        var held = rows.Held;
        var cells = Math.Max(table.Width, repaired is null ? Beyond(ref rows) : table.Width);
        if (failure is not null && observations == 0)
        {
            sheet.Row("kept-aside");
            sheet.Read += cells;
            sheet.Aside += cells;
            file.Report.Aside(file.Report.Place(sheet.Name, _line, 1), "import.row-" + failure, $"The row cannot be placed: {failure}.", $"该行无法归入数据：{failure}。", rows.Raw);
            return;
        }

        sheet.Row(kind);
        sheet.Observations += observations;
        sheet.Aside += aside;
        sheet.Read += observations + aside;
        sheet.Cells("blank", blanks);
        sheet.Cells("dimension", table.DimensionCells);
        sheet.Cells("attribute", table.AttributeCells);
        var rest = cells - observations - aside - blanks - table.DimensionCells - table.AttributeCells;
        sheet.Cells("ignored", rest);
        _ = held;
    }

    /// <summary>Columns of the table, and what the file holds to the right of it.</summary>
    private int Beyond(ref TRows rows)
    {
        var cells = table.Width;
        if (rows.Width > table.Width)
        {
            for (var column = table.Width + 1; column <= rows.Width; column++)
            {
                cells += rows.Field(column).IsEmpty && typeof(TRows) != typeof(TextRows) ? 0 : 1;
            }
        }

        return cells;
    }

    private static string Short(string? text) => text is { Length: > 60 } ? text[..60] + "…" : text ?? "";

    private string? Rules(ref string kind)
    {
        table.RowVariables.Clear();
        foreach (var rule in table.Rule.Rows.Rules)
        {
            if (rule.When.All(condition => condition.Value.IsMatch(Lookup(condition.Key) ?? "")))
            {
                if (rule.KeepAside is not null)
                {
                    return rule.KeepAside;
                }

                kind = rule.Class ?? kind;
                foreach (var (name, choice) in rule.Set)
                {
                    if (choice.Evaluate(Lookup) is { } text)
                    {
                        table.RowVariables[name] = text;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Which of the figures of its key this row gives: 0 for the first, and for a row that says the same again from end to end, which
    /// is a repetition however far below it stands; 1, 2 … for rows that say something else under the same key.
    /// </summary>
    private int Occurrence(ref TRows rows, string[]? repaired, BlockPlan block)
    {
        if (block.Keys.Length == 0 || table.NumbersRows)
        {
            return 0;
        }

        var hash = ((ulong)table.HeadingVersion + 1) * 0x9E3779B97F4A7C15UL;
        hash ^= hash >> 31;
        foreach (var column in block.Keys)
        {
            hash = (hash ^ (uint)column.Raw) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 29;
        }

        var content = 0xCBF29CE484222325UL;
        foreach (var measure in block.Measures)
        {
            var column = measure.Column.Column;
            content = (content ^ (repaired is null ? Interner.Hash(rows.Field(column)) : Interner.Hash(Encoding.UTF8.GetBytes(repaired[column - 1])))) * 0xD6E8FEB86659FD93UL;
            content ^= content >> 29;
        }

        ref var seen = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(block.Seen, hash, out var known);
        if (!known)
        {
            seen = (_line, 0, false, content);
            return 0;
        }

        var (earlier, first) = (seen.Line, !seen.Again);
        var which = 0;
        if (seen.Content != content && !block.Further.TryGetValue(hash ^ content, out which))
        {
            block.Further[hash ^ content] = which = seen.Times + 1;
        }

        seen = (seen.Line, Math.Max(seen.Times, which), true, seen.Content);
        if (first)
        {
            file.Report.DuplicateCount++;
            if (file.Report.Duplicates.Count < 1_000)
            {
                file.Report.Duplicates.Add(new("", block.Keys.DistinctBy(column => column.Id).ToDictionary(column => column.Id, column => column.Text),
                    block.Keys.FirstOrDefault(column => column.Rule.Role == Role.Period)?.Text ?? "",
                    [file.Report.Place(sheet.Name, earlier, block.Keys[0].Column), file.Report.Place(sheet.Name, _line, block.Keys[0].Column)]));
            }
        }

        return which;
    }

    /// <summary>True: an observation. Null: an empty cell that says nothing. False: kept aside, with the reason.</summary>
    private bool? Cell(MeasureColumn measure, ref CellValue value, int occurrence, out string? why)
    {
        why = null;
        var stats = measure.Stats;
        switch (value.Kind)
        {
            case CellReading.Number:
                stats.Numbers++;
                stats.Figure(value.Mantissa, value.Scale);
                break;
            case CellReading.Token or CellReading.Code:
                stats.Token(value.Token!);
                break;
            case CellReading.Blank:
                stats.Blanks++;
                if (measure.Reader.Rule.Blank is null)
                {
                    return null;
                }

                break;
            default:
                stats.Texts++;
                why = "value";
                return false;
        }

        var plan = measure.Only ?? Plan(measure);
        if (plan is null)
        {
            why = "no-series";
            return false;
        }

        var period = Period(plan, out var at);
        if (period < 0)
        {
            why = "no-period";
            return false;
        }

        _marks.Clear();
        for (var i = 0; i < plan.Dimensions.Length; i++)
        {
            _codes[i] = Code(plan.Dimensions[i], at);
            if (_codes[i] < 0)
            {
                why = "no-" + plan.Dimensions[i].Dimension.Id;
                return false;
            }
        }

        var unit = Unit(plan);
        if (unit < 0)
        {
            why = "no-unit";
            return false;
        }

        Write(measure, plan, ref value, period, unit, occurrence);
        return true;
    }

    private void Write(MeasureColumn measure, MeasurePlan plan, ref CellValue value, int period, int unit, int occurrence)
    {
        var (status, confidentiality, flags) = Status(measure, ref value);
        var sink = plan.Sink;
        Footnotes(value.Mark);
        foreach (var notes in file.Joined)
        {
            foreach (var sign in notes.Of(Lookup))
            {
                Mark(sign);
            }
        }

        var definition = plan.StaticDefinition >= 0 ? plan.StaticDefinition : sink.Definitions.Of(plan.DefinitionChoice!.Evaluate(Lookup) ?? "");
        sink.Add(_codes.AsSpan(0, plan.Dimensions.Length), period, ref value, status, confidentiality, unit, definition,
            occurrence == 0 ? 0 : sink.Occurrence(occurrence), _marks.Length == 0 ? 0 : sink.Footnotes.Of(_marks.ToString()), plan.Sheet, _line, measure.Column.Column);
        for (var i = 0; i < plan.AttributeIndexes.Length; i++)
        {
            var column = _block.Attributes[i];
            var codes = plan.AttributeCodes[i];
            if (column.Raw >= codes.Length)
            {
                Array.Resize(ref codes, Math.Max(column.Raw + 1, codes.Length * 2));
                plan.AttributeCodes[i] = codes;
            }

            codes[column.Raw] = codes[column.Raw] > 0 ? codes[column.Raw] : sink.AttributeCodes(plan.AttributeIndexes[i]).Of(column.Text.Trim()) + 1;
            sink.SetAttribute(plan.AttributeIndexes[i], codes[column.Raw] - 1);
        }

        if (flags.Length > 0)
        {
            plan.FlagsAttribute = plan.FlagsAttribute < 0 ? sink.Attribute("flags") : plan.FlagsAttribute;
            sink.SetAttribute(plan.FlagsAttribute, sink.AttributeCodes(plan.FlagsAttribute).Of(flags));
        }

        if (value.Captures is { } captures)
        {
            foreach (var (name, text) in captures)
            {
                var attribute = sink.Attribute(name);
                sink.SetAttribute(attribute, sink.AttributeCodes(attribute).Of(text));
            }
        }

        var rule = measure.Reader.Rule;
        if ((rule.Least ?? rule.Most) is not null && Figure(ref value) is { } figure && (figure < rule.Least || figure > rule.Most))
        {
            file.Report.Warn($"range/{measure.Column.LastLabel}", Error.Faulty("import.out-of-range",
                string.Create(CultureInfo.InvariantCulture, $"A figure is outside {rule.Least}..{rule.Most}; it was imported as published."),
                string.Create(CultureInfo.InvariantCulture, $"数值超出 {rule.Least}..{rule.Most}，已按原文导入。"), file.Report.Place(sheet.Name, _line, measure.Column.Column)));
        }

        sink.Commit();
    }

    private static decimal? Figure(ref CellValue value) => value.Comparator == Comparator.None || value.Kind is CellReading.Code or CellReading.Blank ? null
        : value.Wide ?? Segments.Segment.ToFigure(value.Mantissa, value.Scale);

    private (ObservationStatus Status, ConfidentialityStatus Confidentiality, string Flags) Status(MeasureColumn measure, ref CellValue value)
    {
        var (status, confidentiality) = (value.Status, value.Confidentiality);
        if (measure.Flag is null && value.Flag is null)
        {
            return (status, confidentiality, "");
        }

        var (text, meaning) = value.Flag is { } beside ? (beside, Meaning(beside)) : (measure.Flag!.Text.Trim(), Meaning(measure.Flag));
        if (text.Length > 0)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sheet.Flags, text, out _)++;
        }

        if (meaning.Known && (!status.IsMissing() || meaning.Status.IsMissing()) && meaning.Status != ObservationStatus.Normal)
        {
            // A figure that is published under a flag of "not there" keeps its figure: the flag stays in the attribute.
            status = meaning.Status.IsMissing() && value.Kind == CellReading.Number ? status : meaning.Status;
        }

        return (status, meaning.Confidentiality ?? confidentiality, text);
    }

    private (ObservationStatus Status, ConfidentialityStatus? Confidentiality, bool Known) Meaning(PlannedColumn flag)
    {
        if (!flag.Flags.TryGetValue(flag.Raw, out var meaning))
        {
            flag.Flags[flag.Raw] = meaning = Meaning(flag.Text.Trim());
        }

        return meaning;
    }

    private (ObservationStatus Status, ConfidentialityStatus? Confidentiality, bool Known) Meaning(string text)
    {
        if (text.Length == 0 || file.Profile.Flags is not { } rule)
        {
            return (ObservationStatus.Normal, null, false);
        }

        string[] parts = rule.Separator is { } separator ? text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. text.Where(letter => !char.IsWhiteSpace(letter)).Select(letter => letter.ToString())];
        foreach (var unknown in parts.Where(part => rule.Meanings.All(meaning => meaning.Flag != part)))
        {
            file.Report.Unmapped("flag", "flags", unknown, file.Report.Place(sheet.Name, _line, 1));
        }

        var first = rule.Meanings.FirstOrDefault(meaning => parts.Contains(meaning.Flag));
        return (first?.Status ?? ObservationStatus.Normal,
            rule.Meanings.FirstOrDefault(meaning => parts.Contains(meaning.Flag) && meaning.Confidentiality is not null)?.Confidentiality, first is not null);
    }

    private void Footnotes(string? valueMark)
    {
        foreach (var column in _block.Footnotes)
        {
            var text = column.Text.Trim();
            if (text.Length > 0)
            {
                foreach (var mark in file.Profile.Footnotes.Split is { } split ? text.Split(split, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text])
                {
                    Mark(mark.Trim('(', ')'));
                }
            }
        }

        if (valueMark is not null)
        {
            Mark(valueMark);
        }
    }

    private void Mark(string mark) => _marks.Append(_marks.Length == 0 ? "" : ";").Append(mark);
}
