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
/// Adds up without counting anybody twice. Dimensions nobody asked for are brought to one figure first, the last one first: for
/// each remaining key the published total where there is one, else the sum over leaves; never both, and never aggregates. A
/// total of an older edition gives way to the parts of a newer complete one. Then the codes that were chosen add up, so that a
/// sum over chosen codes is the sum of the answers for each. Where nothing needs choosing the kernel answers.
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

        var schema = scope.Cube.Schema;
        var period = schema.Dimensions.Count;
        var (periods, periodOf) = Periods(scope.Cube.Periods, query.GroupBy.Contains("year"));
        List<int> cardinalities = [.. schema.Dimensions.Select(dimension => scope.Cube.Codes(dimension).Count), Math.Max(periods.Count, scope.Cube.Periods.Count)];
        if (!Collapse.Fits(cardinalities))
        {
            return QueryErrors.TooMany("columns", schema.Dimensions.Count);
        }

        var grouped = query.GroupBy.Select(name => GroupRows.IsTime(name) ? period : schema.ColumnOf(name)).Distinct().ToList();
        var counts = query.Measure == "count";
        var chosen = Enumerable.Range(0, series.Definition.Dimensions.Count).Where(i => !grouped.Contains(i) && !counts && named.Contains(schema.Dimensions[i])).ToList();
        int[] kept = counts ? [.. grouped] : [.. grouped.Where(column => column != period), .. chosen, period];
        var gathered = await GatherAsync(scope, cardinalities, kept, counts ? [] : FreeSteps(scope, kept), cancellationToken);
        if (!gathered.TryGet(out var found))
        {
            return gathered.Error!;
        }

        if (!counts && guard.Check(found.Units, found.Definitions, found.Periods, query) is { } refused)
        {
            return refused;
        }

        var cells = new CellView(found.Table, found.Chosen, period, periodOf);
        var (steps, mixed) = counts ? ([], null) : ChosenSteps(scope, cells, chosen, grouped.Contains(period));
        if (mixed is not null)
        {
            return mixed;
        }

        var table = Collapse.Run(cells, cardinalities, [.. grouped], steps, cancellationToken);
        Note(found.Table, cells, table);
        var groups = Groups(scope, table, query, periods, found.Units);
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

    /// <summary>
    /// Brings what nobody asked for to one figure. Broad questions share a roll-up of the whole series and choose from it;
    /// narrow ones add the few rows they match.
    /// </summary>
    private async Task<Result<Gathering>> GatherAsync(
        QueryScope scope, List<int> cardinalities, int[] kept, List<CollapseStep> steps, CancellationToken cancellationToken)
    {
        var most = kept.Aggregate(1L, (cells, column) => Math.Min(RollUps.MostCells + 1, cells * Math.Max(1, cardinalities[column])));
        if (kept.Length > 0 && steps.Count > 0 && most <= RollUps.MostCells && RollUps.MayServe(scope))
        {
            var all = scope with { Filter = new() { AsOf = scope.Filter.AsOf } };
            var table = await RollUps.Of(scope.Cube).GetAsync($"{scope.Filter.AsOf ?? scope.Cube.Newest}|{string.Join(',', kept)}", async () =>
            {
                var cells = await ObservationCells.OpenAsync(series, all, scope.Cube.Select(all.Filter, cancellationToken: cancellationToken).Value.Rows, cancellationToken);
                return Collapse.Run(cells, cardinalities, kept, steps, cancellationToken);
            }, cancellationToken);
            return Choose(scope, table);
        }

        var selected = await scope.SelectAsync(cancellationToken);
        if (!selected.TryGet(out var rows))
        {
            return selected.Error!;
        }

        var observations = await ObservationCells.OpenAsync(series, scope, rows, cancellationToken);
        var made = Collapse.Run(observations, cardinalities, kept, steps, cancellationToken);
        return new Gathering(made, [.. Enumerable.Range(0, made.Count)], Codes(scope, "unit", observations.Units.Contains),
            Codes(scope, "definition", observations.Definitions.Contains), [.. observations.Periods.Order().Select(at => scope.Cube.Periods[at])]);
    }

    private Gathering Choose(QueryScope scope, CellTable table)
    {
        var cube = scope.Cube;
        var passes = table.Columns.Select(column => column == cube.Schema.Dimensions.Count
            ? cube.Periods.Select(scope.Filter.Matches).ToArray()
            : scope.Filter.Where.TryGetValue(cube.Schema.Dimensions[column], out var codes) ? cube.Codes(cube.Schema.Dimensions[column]).Select(codes.Contains).ToArray() : null).ToArray();
        var (chosen, periods) = (new List<int>(), new bool[cube.Periods.Count]);
        var (units, definitions) = (0ul, 0ul);
        for (var cell = 0; cell < table.Count; cell++)
        {
            var passed = true;
            for (var i = 0; i < passes.Length && passed; i++)
            {
                passed = passes[i] is not { } pass || pass[table.Code(cell, table.Columns[i])];
            }

            if (passed)
            {
                chosen.Add(cell);
                table.Read(cell, out var tally);
                (units, definitions) = (units | tally.Units, definitions | tally.Definitions);
                periods[table.Code(cell, cube.Schema.Dimensions.Count)] = true;
            }
        }

        return new(table, chosen, Codes(scope, "unit", at => (units >> at & 1) == 1), Codes(scope, "definition", at => (definitions >> at & 1) == 1),
            [.. cube.Periods.Where((_, at) => periods[at])]);
    }

    private List<string> Codes(QueryScope scope, string column, Func<int, bool> used) => scope.Cube.Schema.ColumnOf(column) >= 0
        ? [.. scope.Cube.Codes(column).Where((_, at) => used(at))] : column == "unit" ? [series.Definition.Unit] : [];

    /// <summary>Unit, definition and occurrence first, then what is neither grouped nor chosen, the last dimension first.</summary>
    private List<CollapseStep> FreeSteps(QueryScope scope, int[] kept)
    {
        var schema = scope.Cube.Schema;
        List<CollapseStep> steps = [.. CubeColumns.Extra.Select(schema.ColumnOf).Where(column => column >= 0 && !kept.Contains(column)).Select(column => new CollapseStep(column, null))];
        for (var i = series.Definition.Dimensions.Count - 1; i >= 0; i--)
        {
            if (!kept.Contains(i))
            {
                steps.Add(new(i, Kinds(scope, i)));
            }
        }

        return steps;
    }

    /// <summary>What was chosen but not grouped: one chosen code stands for itself, whatever it is; of several only the leaves add.</summary>
    private (IReadOnlyList<CollapseStep> Steps, Error? Mixed) ChosenSteps(QueryScope scope, CellView cells, List<int> chosen, bool byPeriod)
    {
        var steps = new List<CollapseStep>();
        foreach (var column in chosen.OrderDescending())
        {
            var (name, kinds) = (scope.Cube.Schema.Dimensions[column], Kinds(scope, column));
            var present = Enumerable.Range(0, cells.Count).Select(cell => cells.Code(cell, column)).Distinct().ToList();
            if (present.Count > 1 && scope.Filter.Where[name].Named.Count > 0 && present.Exists(code => kinds[code] != CodeKind.Leaf))
            {
                return ([], QueryErrors.MixedAggregates(name, [.. present.Select(code => scope.Cube.Codes(name)[code])]));
            }

            steps.Add(new(column, present.Count == 1 ? null : kinds));
        }

        if (!byPeriod)
        {
            steps.Add(new(scope.Cube.Schema.Dimensions.Count, null, Editions: false));
        }

        return (steps, null);
    }

    private CodeKind[] Kinds(QueryScope scope, int column) =>
        [.. scope.Cube.Codes(scope.Cube.Schema.Dimensions[column]).Select(code => catalogue.KindOf(series.Definition.Dimensions[column], code))];

    private void Note(CellTable free, CellView chosen, CellTable answer)
    {
        for (var step = 0; step < free.Steps.Count; step++)
        {
            if (free.Steps[step].Column < series.Definition.Dimensions.Count)
            {
                _notes.Collapsed(chosen.CountsOf(step), series.Definition.Dimensions[free.Steps[step].Column], chosen: false);
            }
        }

        for (var step = 0; step < answer.Steps.Count; step++)
        {
            if (answer.Steps[step].Column < series.Definition.Dimensions.Count)
            {
                var counts = default(CollapseCounts);
                for (var cell = 0; cell < answer.Count; cell++)
                {
                    counts.Add(answer.CountsOf(cell, step));
                }

                _notes.Collapsed(counts, series.Definition.Dimensions[answer.Steps[step].Column], chosen: true);
            }
        }
    }

    private List<Group> Groups(QueryScope scope, CellTable table, SeriesQuery query, IReadOnlyList<Period> periods, IReadOnlyList<string> units)
    {
        var schema = scope.Cube.Schema;
        var columns = query.GroupBy.Select(name => GroupRows.IsTime(name) ? schema.Dimensions.Count : schema.ColumnOf(name)).ToList();
        var (byTime, unit) = (columns.Contains(schema.Dimensions.Count), columns.Contains(schema.ColumnOf("unit")) ? schema.ColumnOf("unit") : -1);
        var groups = new List<Group>(table.Count);
        var dimensions = columns.Where(column => column < schema.Dimensions.Count).Select(column => (Column: column, Codes: scope.Cube.Codes(schema.Dimensions[column]))).ToArray();
        for (var cell = 0; cell < table.Count; cell++)
        {
            table.Read(cell, out var tally);
            var codes = new string[dimensions.Length];
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i] = dimensions[i].Codes[table.Code(cell, dimensions[i].Column)];
            }

            var unitText = query.Measure == "count" ? "observation" : unit >= 0 ? scope.Cube.Codes("unit")[table.Code(cell, unit)]
                : units.Count == 1 ? units[0] : series.Definition.Unit;
            groups.Add(Of(ref tally, query.Measure, codes, byTime ? periods[table.Code(cell, schema.Dimensions.Count)] : null, unitText));
        }

        return groups;
    }

    private static Group Of(ref Tally tally, string? measure, string[] codes, Period? period, string unit)
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

    /// <summary>Cells with the free dimensions brought to one figure, which of them the question chose, and what stands in those.</summary>
    private sealed record Gathering(CellTable Table, IReadOnlyList<int> Chosen, IReadOnlyList<string> Units, IReadOnlyList<string> Definitions, IReadOnlyList<Period> Periods);
}
