using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>Turns rows of reference tables into observations.</summary>
internal sealed class ReferenceRows(
    IReadOnlyList<ReferenceDimension> dimensions, AreaRegistry areas, IReadOnlyDictionary<string, Unit> units, PackErrors errors)
{
    public ReferenceObservation Figure(PackRow row)
    {
        var unit = Rows.Required(row, "unit", errors);
        Known(row, "unit", unit, units.ContainsKey(unit));
        var (value, upper) = (Rows.Number(row, "value", errors), Rows.Number(row, "upper", errors));
        var status = Status(row);
        var comparator = Sign(row);
        if (value is null != status.IsMissing() || (comparator == Comparator.Between) != upper is not null || (value is null) != (comparator == Comparator.None))
        {
            errors.Add(Error.Faulty("pack.figure", "Value, upper value, comparator and status do not fit together: a missing figure has a status that says why, a range has two ends.",
                "数值、上限、比较符与状态不相符：缺失的数字须有说明原因的状态，区间须有两端。", row.Where("value")));
        }

        return new(row.Line, Key(row), When(row), value, upper, comparator, status, unit, null, Rows.Required(row, "source", errors), row["locator"],
            Rows.List(row, "dq"), row.Optional("qualifier"), row["printed_period"], row["printed_value"], Note(row));
    }

    public ReferenceObservation Route(PackRow row, string source)
    {
        var path = Rows.Required(row, "path", errors);
        foreach (var area in path.Split('>', '|').Concat(Rows.List(row, "origins")).Concat(Rows.List(row, "transits")).Concat(Rows.List(row, "destinations")))
        {
            Known(row, "path", area, areas.Get(area) is not null);
        }

        return new(row.Line, Key(row), Period.Undated, null, null, Comparator.Code, ObservationStatus.Normal, "code", path, source, row["route"],
            Rows.List(row, "dq"), null, "", row["printed_label"], Note(row));
    }

    private Dictionary<string, string> Key(PackRow row)
    {
        var key = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var dimension in dimensions)
        {
            var code = row[dimension.Id];
            key[dimension.Id] = code;
            if (dimension.IsAreas)
            {
                Known(row, dimension.Id, code, areas.Get(code) is not null);
            }
            else if (dimension.Codes.Count > 0)
            {
                foreach (var part in code.Split(';', StringSplitOptions.RemoveEmptyEntries))
                {
                    Known(row, dimension.Id, part, dimension.Codes.ContainsKey(part));
                }
            }
        }

        return key;
    }

    private Period When(PackRow row)
    {
        if (!Period.TryParse(row["period"], out var period))
        {
            errors.Add(Error.Faulty("pack.period", $"\"{row["period"]}\" is not a period.", $"“{row["period"]}”不是时期。", row.Where("period")));
        }

        return period;
    }

    private ObservationStatus Status(PackRow row)
    {
        var text = row["status"];
        if (text.Length == 1 && Enum.IsDefined((ObservationStatus)text[0]))
        {
            return (ObservationStatus)text[0];
        }

        errors.Add(Error.Faulty("pack.unknown-word", $"\"{text}\" is not an observation status.", $"“{text}”不是观测状态。", row.Where("status")));
        return ObservationStatus.Missing;
    }

    private Comparator Sign(PackRow row)
    {
        foreach (var comparator in (Comparator[])[Comparator.Equal, Comparator.AtLeast, Comparator.AtMost, Comparator.About, Comparator.Between, Comparator.None])
        {
            if (comparator.Sign() == row["comparator"])
            {
                return comparator;
            }
        }

        errors.Add(Error.Faulty("pack.unknown-word", $"\"{row["comparator"]}\" is not a comparator.", $"“{row["comparator"]}”不是比较符。", row.Where("comparator")));
        return Comparator.None;
    }

    private LocalText? Note(PackRow row)
    {
        Rows.Pair(row, "note_en", "note_zh", errors);
        return row["note_en"].Length == 0 ? null : new(row["note_en"], row["note_zh"]);
    }

    private void Known(PackRow row, string column, string code, bool isKnown)
    {
        if (!isKnown)
        {
            errors.Add(Error.Faulty("pack.unknown-code", $"\"{code}\" is not a known code of \"{column}\".", $"“{code}”不是“{column}”的已知代码。", row.Where(column)));
        }
    }
}
