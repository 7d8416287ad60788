using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>One group of an aggregated answer, before it becomes a row.</summary>
internal sealed record Group(
    IReadOnlyList<string> Codes,
    Period? Period,
    decimal? Value,
    decimal? Lower,
    decimal? Upper,
    Comparator Comparator,
    ObservationStatus Status,
    long Figures,
    long Missing,
    string Unit);

/// <summary>
/// Adds up without counting anybody twice. Dimensions that are not grouped are brought to one figure, the last one first: for
/// each remaining key the published total where there is one, else the sum over leaves; never both, and never aggregates. A
/// total of an older edition gives way to the parts of a newer complete one. Where nothing needs choosing the kernel answers.
/// </summary>
internal sealed class Aggregator(EvidenceCatalogue catalogue, LoadedSeries series)
{
    private readonly AggregationNotes _notes = new();

    public List<LocalText> Notes => _notes.All;

    public async Task<Result<IReadOnlyList<Group>>> RunAsync(
        QueryScope scope, SeriesQuery query, IReadOnlySet<string> named, CancellationToken cancellationToken)
    {
        foreach (var column in query.GroupBy.Where(column => !GroupRows.IsTime(column) && column is not ("unit" or "definition") && series.Definition.Dimension(column) is null))
        {
            var known = series.Definition.Dimensions.Select(dimension => dimension.Id).Append("period").Append("year").Append("unit").ToList();
            return QueryErrors.NoDimension(column, series.Definition.Id, known, Packs.Suggestion.For(column, known));
        }

        var guard = new AggregationGuard(catalogue, series);
        if (FastAggregation.Run(catalogue, series, scope, query, named, guard, cancellationToken) is { } fast)
        {
            _notes.Missing(fast);
            return Result<IReadOnlyList<Group>>.Ok(fast);
        }

        var selected = await scope.SelectAsync(cancellationToken);
        if (!selected.TryGet(out var rows))
        {
            return selected.Error!;
        }

        var (periods, periodOf) = Periods(scope.Cube.Periods, query.GroupBy.Contains("year"));
        var schema = scope.Cube.Schema;
        var cells = new Aggregation([.. schema.Dimensions.Select(dimension => scope.Cube.Codes(dimension).Count), periods.Count]);
        if (!cells.Fits)
        {
            return QueryErrors.TooMany("columns", schema.Dimensions.Count);
        }

        var used = await FillAsync(scope, rows, cells, periodOf, cancellationToken);
        var grouped = query.GroupBy.Select(name => GroupRows.IsTime(name) ? schema.Dimensions.Count : schema.ColumnOf(name)).ToHashSet();
        var counts = query.Measure == "count";
        if (!counts && guard.Check(used.Units, used.Definitions, used.Periods, query) is { } refused)
        {
            return refused;
        }

        if (!counts && Free(scope, cells, grouped, named) is { } mixed)
        {
            return mixed;
        }

        var groups = Groups(scope, cells, query, periods, used);
        _notes.Missing(groups);
        return Result<IReadOnlyList<Group>>.Ok(groups);
    }

    private static (IReadOnlyList<Period> Periods, int[] Of) Periods(IReadOnlyList<Period> all, bool byYear)
    {
        if (!byYear)
        {
            return (all, [.. Enumerable.Range(0, all.Count)]);
        }

        var years = new List<Period>();
        var of = new int[all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            var year = all[i].Granularity switch
            {
                Granularity.FiscalYear => Period.FiscalYear(all[i].FirstYear),
                Granularity.YearRange or Granularity.Undated => all[i],
                _ => Period.Year(all[i].FirstYear),
            };
            of[i] = years.IndexOf(year) is var at and >= 0 ? at : years.Count;
            if (of[i] == years.Count)
            {
                years.Add(year);
            }
        }

        return (years, of);
    }

    private async Task<Used> FillAsync(QueryScope scope, IReadOnlyList<long> rows, Aggregation cells, int[] periodOf, CancellationToken cancellationToken)
    {
        var used = new Used();
        var schema = scope.Cube.Schema;
        var numbers = new Dictionary<Period, int>();
        for (var i = 0; i < scope.Cube.Periods.Count; i++)
        {
            numbers[scope.Cube.Periods[i]] = i;
        }

        var (unit, definition, occurrence) = (schema.ColumnOf("unit"), schema.ColumnOf("definition"), schema.ColumnOf("occurrence"));
        var codes = new int[schema.Dimensions.Count + 1];
        foreach (var number in rows)
        {
            var row = scope.Cube[number];
            for (var i = 0; i < codes.Length - 1; i++)
            {
                codes[i] = i == occurrence ? 0 : row.CodeNumber(i);
            }

            var period = numbers[row.Period];
            codes[^1] = periodOf[period];
            if (unit >= 0)
            {
                used.UnitNumbers.Add(codes[unit]);
                used.DefinitionNumbers.Add(codes[definition]);
            }

            used.PeriodNumbers.Add(period);
            var withheld = row.Status == ObservationStatus.Suppressed && row.Value is null ? await series.Rows.ReadAsync(row.Cell.Segment, row.Cell.Row, cancellationToken) : null;
            var vintage = scope.Vintages[row.From];
            var tally = Tally.Of(ref row, vintage.ReleaseOrder, vintage.Complete, withheld);
            cells.Add(cells.Key(codes), ref tally);
        }

        used.Units = unit < 0 ? [series.Definition.Unit] : [.. used.UnitNumbers.Select(at => scope.Cube.Codes("unit")[at])];
        used.Definitions = unit < 0 ? [] : [.. used.DefinitionNumbers.Select(at => scope.Cube.Codes("definition")[at])];
        used.Periods = [.. used.PeriodNumbers.Select(at => scope.Cube.Periods[at])];
        return used;
    }

    private Error? Free(QueryScope scope, Aggregation cells, HashSet<int> grouped, IReadOnlySet<string> named)
    {
        var schema = scope.Cube.Schema;
        foreach (var extra in CubeColumns.Extra.Select(schema.ColumnOf).Where(column => column >= 0 && !grouped.Contains(column)))
        {
            cells.Collapse(extra, schema.Dimensions[extra], null);
        }

        for (var i = series.Definition.Dimensions.Count - 1; i >= 0; i--)
        {
            if (grouped.Contains(i))
            {
                continue;
            }

            var dimension = series.Definition.Dimensions[i];
            var codes = scope.Cube.Codes(dimension.Id);
            var kinds = codes.Select(code => catalogue.KindOf(dimension, code)).ToArray();
            var chosen = named.Contains(dimension.Id);
            var present = chosen ? cells.Cells.Keys.Select(key => cells.Code(key, i)).Distinct().ToList() : [];
            if (chosen && present.Count > 1 && scope.Filter.Where[dimension.Id].Named.Count > 0 && present.Any(code => kinds[code] != CodeKind.Leaf))
            {
                return QueryErrors.MixedAggregates(dimension.Id, [.. present.Select(code => codes[code])]);
            }

            // One chosen code stands for itself, whatever it is; of several only the leaves add.
            _notes.Collapsed(cells.Collapse(i, dimension.Id, chosen && present.Count == 1 ? null : kinds), dimension, chosen);
        }

        if (!grouped.Contains(schema.Dimensions.Count))
        {
            cells.Collapse(schema.Dimensions.Count, "period", null);
        }

        return null;
    }

    private List<Group> Groups(QueryScope scope, Aggregation cells, SeriesQuery query, IReadOnlyList<Period> periods, Used used)
    {
        var schema = scope.Cube.Schema;
        var columns = query.GroupBy.Select(name => GroupRows.IsTime(name) ? schema.Dimensions.Count : schema.ColumnOf(name)).ToList();
        var merged = new Dictionary<string, (UInt128 Key, Tally Tally)>(StringComparer.Ordinal);
        foreach (var (key, found) in cells.Cells)
        {
            var tally = found;
            var name = string.Join('\u001F', columns.Select(column => cells.Code(key, column)));
            if (merged.TryGetValue(name, out var before))
            {
                before.Tally.Add(ref tally);
                merged[name] = before;
            }
            else
            {
                merged[name] = (key, tally);
            }
        }

        var (time, unit) = (columns.IndexOf(schema.Dimensions.Count), columns.IndexOf(schema.ColumnOf("unit")));
        var groups = new List<Group>(merged.Count);
        foreach (var (key, found) in merged.Values)
        {
            var tally = found;
            var codes = columns.Where(column => column < schema.Dimensions.Count).Select(column => scope.Cube.Codes(schema.Dimensions[column])[cells.Code(key, column)]).ToList();
            var unitText = query.Measure == "count" ? "observation" : unit >= 0 ? scope.Cube.Codes("unit")[cells.Code(key, columns[unit])]
                : used.Units.Count == 1 ? used.Units[0] : series.Definition.Unit;
            groups.Add(Of(ref tally, query.Measure, codes, time < 0 ? null : periods[cells.Code(key, schema.Dimensions.Count)], unitText));
        }

        return groups;
    }

    private static Group Of(ref Tally tally, string? measure, List<string> codes, Period? period, string unit)
    {
        decimal? value = measure switch
        {
            "count" => tally.Observations,
            _ when tally.Figures == 0 => null,
            "mean" => tally.Sum / tally.Figures,
            "min" => tally.Least,
            "max" => tally.Most,
            _ => tally.Sum,
        };
        var sums = measure is not ("count" or "mean" or "min" or "max");
        var ranged = sums && (tally.Low > 0 || tally.High > 0 || tally.OpenAbove) && (tally.Figures > 0 || tally.High > 0);
        var comparator = measure == "count" ? Comparator.Equal
            : ranged || (sums && tally.Suppressed > 0 && value is not null) ? value is null ? Comparator.Between : Comparator.AtLeast
            : value is null ? tally.Codes > 0 ? Comparator.Code : Comparator.None : Comparator.Equal;
        var status = value is not null ? ObservationStatus.Normal
            : tally.Suppressed > 0 ? ObservationStatus.Suppressed
            : tally.Missing > 0 && tally.CannotExist == tally.Missing ? ObservationStatus.MissingCannotExist : ObservationStatus.Missing;
        return new(codes, period, value, ranged ? tally.Sum + tally.Low : value, ranged && !tally.OpenAbove ? tally.Sum + tally.High : null, comparator, status,
            tally.Figures + tally.Codes, tally.Missing + tally.Ranges, unit);
    }

    private sealed class Used
    {
        public HashSet<int> UnitNumbers { get; } = [];

        public HashSet<int> DefinitionNumbers { get; } = [];

        public HashSet<int> PeriodNumbers { get; } = [];

        public IReadOnlyList<string> Units { get; set; } = [];

        public IReadOnlyList<string> Definitions { get; set; } = [];

        public IReadOnlyList<Period> Periods { get; set; } = [];
    }
}
