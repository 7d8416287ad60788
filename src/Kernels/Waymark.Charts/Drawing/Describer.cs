using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Alternative texts from the data: what it is, highest, lowest, how many without a figure and why. Withheld numbers are not in a <see cref="Datum"/>, so they cannot be said.</summary>
internal static class Describer
{
    public static string Describe(FigureHead head, LocalText kind, IReadOnlyList<(string Name, Datum Datum)> data,
        string language, string extra = "")
    {
        var zh = Words.IsChinese(language);
        var parts = new List<string> { $"{kind.In(language)}{(zh ? "：" : ": ")}{head.Subtitle(language)}" };
        var present = data.Where(d => d.Datum.Value is not null).ToList();
        if (present.Count > 0)
        {
            var high = present.MaxBy(d => d.Datum.Value!.Value);
            var low = present.MinBy(d => d.Datum.Value!.Value);
            parts.Add(zh ? $"最高：{high.Name}，{Value(high.Datum)}" : $"Highest: {high.Name}, {Value(high.Datum)}");
            if (present.Count > 1)
            {
                parts.Add(zh ? $"最低：{low.Name}，{Value(low.Datum)}" : $"Lowest: {low.Name}, {Value(low.Datum)}");
            }
        }

        var missing = data.Count - present.Count;
        parts.Add(zh ? $"共 {data.Count} 项，{missing} 项无数据"
            : $"{present.Count} of {data.Count} have a figure, {missing} have no data");
        parts.AddRange(data.Where(d => d.Datum.IsMissing).GroupBy(d => d.Datum.Status).OrderBy(g => g.Key)
            .Where(g => g.Key != ObservationStatus.Missing)
            .Select(g => zh ? $"{g.Count()} 项{Words.Reason(g.Key).In(language)}"
                : $"{g.Count()} {Words.Reason(g.Key).In(language)}"));
        Count(d => d.IsProvisional, "provisional", "项为暂定值");
        Count(d => d.IsProjected, "projected", "项为预测值");
        if (extra.Length > 0)
        {
            parts.Add(extra);
        }

        parts.Add(zh ? "相同数值见表格" : "The same values are in the table");
        return zh ? string.Join("。", parts) + "。" : string.Join(". ", parts) + ".";

        string Value(Datum d)
        {
            var text = NumberText.Rounded(d.Value!.Value, language);
            return d.HasInterval
                ? zh ? $"{text}（{NumberText.Rounded(d.Low!.Value, language)}至{NumberText.Rounded(d.High!.Value, language)}）"
                    : $"{text} ({NumberText.Rounded(d.Low!.Value, language)} to {NumberText.Rounded(d.High!.Value, language)})"
                : text;
        }

        void Count(Func<Datum, bool> test, string en, string chinese)
        {
            var count = data.Count(d => test(d.Datum));
            if (count > 0)
            {
                parts.Add(zh ? $"{count} {chinese}" : $"{count} {en}");
            }
        }
    }

    /// <summary>The usual twin: one row per name, with interval and status where any row has one.</summary>
    public static TableTwin Table(FigureHead head, LocalText nameHead, IReadOnlyList<NamedDatum> rows, string language)
    {
        var interval = rows.Any(r => r.Datum.HasInterval);
        var status = rows.Any(r => Words.Mark(r.Datum.Status).Count > 0);
        var unit = head.Unit.Name.In(language);
        var columns = new List<TableColumn> { new(nameHead.In(language), false),
            new(WithUnit(head.Measure.In(language), unit, language), true) };
        if (interval)
        {
            columns.Add(new(WithUnit(Words.Low.In(language), unit, language), true));
            columns.Add(new(WithUnit(Words.High.In(language), unit, language), true));
        }

        if (status)
        {
            columns.Add(new(Words.Status.In(language), false));
        }

        var body = rows.Select(r =>
        {
            var cells = new List<string> { r.Name.In(language), Words.Cell(r.Datum, language) };
            if (interval)
            {
                cells.Add(r.Datum.Low is { } low ? NumberText.Exact(low) : "");
                cells.Add(r.Datum.High is { } high ? NumberText.Exact(high) : "");
            }

            if (status)
            {
                cells.Add(Words.Mark(r.Datum.Status).In(language));
            }

            return (IReadOnlyList<string>)cells;
        });
        return new(head.Subtitle(language), columns, [.. body]);
    }

    public static string WithUnit(string text, string unit, string language) =>
        Words.IsChinese(language) ? $"{text}（{unit}）" : $"{text} ({unit})";
}
