using System.Globalization;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Where series, unit, period and codes of an observation come from: cells of the row, captures, rules, headings.</summary>
internal sealed partial class CellWriter<TRows>
{
    private MeasurePlan? Plan(MeasureColumn measure)
    {
        var choice = measure.Column.Rule.Series ?? table.Rule.Series;
        var series = measure.Column.Captures.GetValueOrDefault("series") ?? choice?.Evaluate(Lookup);
        if (series is null)
        {
            return null;
        }

        if (!measure.BySeries.TryGetValue(series, out var plan))
        {
            plan = new MeasurePlanner(file, table, _block, sheet).Build(measure, series, Lookup);
            measure.BySeries[series] = plan;
            measure.Only = choice is null or { IsConstant: true } ? plan : null;
        }

        return plan;
    }

    private int Unit(MeasurePlan plan)
    {
        if (plan.StaticUnit >= 0)
        {
            return plan.StaticUnit;
        }

        if (plan.UnitColumn is { } column)
        {
            if (column.Raw >= plan.UnitNumbers.Length)
            {
                var numbers = plan.UnitNumbers;
                Array.Resize(ref numbers, Math.Max(column.Raw + 1, numbers.Length * 2));
                plan.UnitNumbers = numbers;
            }

            if (plan.UnitNumbers[column.Raw] == 0)
            {
                var text = column.Text.Trim();
                var code = text.Length == 0 ? plan.UnitChoice?.Evaluate(Lookup) ?? plan.Sink.Series.Unit : file.Unit(text);
                if (code.StartsWith('?'))
                {
                    file.Report.Unmapped("unit", "units", text, file.Report.Place(sheet.Name, _line, column.Column));
                }

                plan.UnitNumbers[column.Raw] = plan.Sink.Units.Of(code) + 1;
            }

            return plan.UnitNumbers[column.Raw] - 1;
        }

        return plan.UnitChoice!.Evaluate(Lookup) is { } unit ? plan.Sink.Units.Of(file.Unit(unit)) : -1;
    }

    private int Period(MeasurePlan plan, out Period? at)
    {
        at = null;
        var overridden = table.RowVariables.GetValueOrDefault("period");
        if (overridden is null && plan.StaticPeriod >= 0)
        {
            return plan.StaticPeriod;
        }

        if (overridden is null && plan.PeriodColumn is { } column)
        {
            if (column.Raw >= plan.PeriodNumbers.Length)
            {
                var numbers = plan.PeriodNumbers;
                Array.Resize(ref numbers, Math.Max(column.Raw + 1, numbers.Length * 2));
                plan.PeriodNumbers = numbers;
            }

            if (plan.PeriodNumbers[column.Raw] == 0)
            {
                plan.PeriodNumbers[column.Raw] = plan.Periods.Read(column.Text, plan.Basis) is { } found ? plan.Sink.PeriodNumber(found) + 1 : -1;
            }

            return plan.PeriodNumbers[column.Raw] - 1 is var number and >= 0 ? number : -1;
        }

        var text = overridden ?? plan.PeriodChoice?.Evaluate(Lookup) ?? (plan.Periods.BlankIsUndated ? "" : null);
        at = text is null ? null : plan.Periods.Read(text, plan.Basis);
        return at is { } period ? plan.Sink.PeriodNumber(period) : -1;
    }

    private int Code(DimensionSource source, Period? at)
    {
        if (source.Overridable && table.RowVariables.GetValueOrDefault(source.Dimension.Id) is { } overridden)
        {
            return Dynamic(source, overridden, at, stated: true);
        }

        if (source.Static >= 0)
        {
            return source.Static;
        }

        if (source.Columns.Count == 1)
        {
            var column = source.Columns[0];
            if (column.Raw >= source.Known.Length)
            {
                var known = source.Known;
                Array.Resize(ref known, Math.Max(column.Raw + 1, Math.Max(64, known.Length * 2)));
                source.Known = known;
            }

            ref var code = ref source.Known[column.Raw];
            if (code > 0)
            {
                return code - 1;
            }

            if (code == 0)
            {
                var resolved = source.Resolver.Resolve(column.Text, stated: false);
                if (resolved is { Mapped: true, Mark: null, Code: not null })
                {
                    code = source.Codes.Of(resolved.Code) + 1;
                    return code - 1;
                }

                code = -1;
            }
        }

        if (source.Columns.Count > 0)
        {
            return FromColumns(source, at);
        }

        var text = source.FromVariable ? Lookup(source.Dimension.Id) : source.Dynamic?.Evaluate(Lookup);
        return text is null ? source.FromVariable ? source.Codes.Of(source.Dimension.Default) : -1 : Dynamic(source, text, at, stated: false);
    }

    private int FromColumns(DimensionSource source, Period? at)
    {
        ResolvedCode? unmapped = null;
        PlannedColumn? where = null;
        foreach (var column in source.Columns)
        {
            var text = column.Text;
            // What an empty cell stands for counts only when no other column names the code.
            if (string.IsNullOrWhiteSpace(text) && (source.Resolver.Blank is null || source.Columns.Any(other => !string.IsNullOrWhiteSpace(other.Text))))
            {
                continue;
            }

            var resolved = Resolve(source, text, at, stated: false);
            if (resolved.Mapped && resolved.Code is not null)
            {
                if (resolved.Mark is { } mark)
                {
                    Mark(mark);
                }

                return source.Codes.Of(resolved.Code);
            }

            (unmapped, where) = unmapped is null && resolved.Code is not null ? (resolved, column) : (unmapped, where);
        }

        if (unmapped is not { Code: { } code })
        {
            return -1;
        }

        if (unmapped.Value.Mark is { } glued)
        {
            Mark(glued);
        }

        file.Report.Unmapped(source.Dimension.Id, source.Resolver.Scheme, code[1..], file.Report.Place(sheet.Name, _line, where!.Column));
        return source.Codes.Of(code);
    }

    private int Dynamic(DimensionSource source, string text, Period? at, bool stated)
    {
        var resolved = Resolve(source, text, at, stated: true);
        if (resolved.Code is null)
        {
            return -1;
        }

        if (!resolved.Mapped)
        {
            file.Report.Unmapped(source.Dimension.Id, source.Resolver.Scheme, text, file.Report.Place(sheet.Name, _line, _measure!.Column.Column));
        }

        if (resolved.Mark is { } mark)
        {
            Mark(mark);
        }

        _ = stated;
        return source.Codes.Of(resolved.Code);
    }

    private ResolvedCode Resolve(DimensionSource source, string text, Period? at, bool stated)
    {
        var key = stated ? "\u0001" + text : text;
        if (!source.Resolved.TryGetValue(key, out var resolved))
        {
            resolved = source.Resolver.Resolve(text, stated);
            if (source.Resolved.Count < 200_000)
            {
                source.Resolved[key] = resolved;
            }
        }

        // A name that meant two areas needs the time of the observation.
        return resolved.DependsOnTime && (at ?? TimeOf()) is { } period ? source.Resolver.Resolve(text, stated, period) : resolved;
    }

    private Period? TimeOf()
    {
        var plan = _measure?.Only ?? _measure?.BySeries.Values.FirstOrDefault();
        if (plan?.PeriodColumn is { } column)
        {
            return plan.Periods.Read(column.Text, plan.Basis);
        }

        return plan?.PeriodChoice?.Evaluate(Lookup) is { } text ? plan.Periods.Read(text, plan.Basis) : null;
    }

    /// <summary>Variables, most specific first: column label, row rules, cells of the row, headings, table.</summary>
    private string? Lookup(string name)
    {
        if (_measure is not null && _measure.Column.Captures.TryGetValue(name, out var captured))
        {
            return captured;
        }

        if (table.RowVariables.TryGetValue(name, out var set))
        {
            return set;
        }

        if (name == "row")
        {
            return _line.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var column in _block.Describing)
        {
            if (column.Id == name && column.Text is { Length: > 0 } text)
            {
                return text.Trim();
            }

            if (column.RowCaptures.Count > 0 && column.RowCaptures.TryGetValue(column.Raw, out var captures) && captures.TryGetValue(name, out var part))
            {
                return part;
            }
        }

        return table.Headings.GetValueOrDefault(name) ?? table.Variables.GetValueOrDefault(name);
    }
}
