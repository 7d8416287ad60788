using System.Globalization;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>Says of each number which cells of which files it came from, in every release, and what the publisher put beside it.</summary>
public sealed class Explainer(EvidenceCatalogue catalogue, QueryEngine engine, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<Explanation>>> ExplainAsync(SeriesQuery query, int limit, CancellationToken cancellationToken)
    {
        var found = await engine.FindAsync(query.Series, cancellationToken);
        if (!found.TryGet(out var series))
        {
            return found.Error!;
        }

        var compiler = new FilterCompiler(catalogue, series, []);
        var filter = compiler.Compile(query);
        if (!filter.IsOk)
        {
            return filter.Error;
        }

        var opened = QueryScope.Open(series, query with { Release = null, IncludeHistory = true }, filter.Value, time.GetUtcNow(), compiler.Rows);
        if (!opened.TryGet(out var scope) || scope.IsEmpty)
        {
            return opened.IsOk ? Result<IReadOnlyList<Explanation>>.Ok([]) : opened.Error!;
        }

        var selected = await scope.SelectAsync(cancellationToken);
        if (!selected.IsOk)
        {
            return selected.Error;
        }

        var sorted = ObservationOrder.Page(scope.Cube, selected.Value, [], null, null, 0, int.MaxValue);
        var byKey = sorted.Value.Rows.GroupBy(row => Key(scope.Cube, scope.Cube[row]), StringComparer.Ordinal).Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(Math.Min(limit, 1_000));
        var explanations = new List<Explanation>();
        foreach (var rows in byKey)
        {
            explanations.Add(await OneAsync(series, scope, [.. rows], cancellationToken));
        }

        return explanations;
    }

    private async Task<Explanation> OneAsync(LoadedSeries series, QueryScope scope, List<long> rows, CancellationToken cancellationToken)
    {
        var asOf = scope.Filter.AsOf ?? scope.Cube.Newest;
        var vintages = new List<ExplainedVintage>();
        var footnotes = new List<LocalText>();
        string? definition = series.Definition.Definition;
        foreach (var observation in rows.Select(row => scope.Cube[row]).OrderByDescending(row => row.IsCurrentAt(asOf)).ThenByDescending(row => row.From))
        {
            var vintage = scope.Vintages[observation.From];
            var row = await series.Rows.ReadAsync(observation.Cell.Segment, observation.Cell.Row, cancellationToken);
            var current = observation.IsCurrentAt(asOf);
            vintages.Add(new(vintage.Id, vintage.Release, vintage.VisibleFrom, current, Value(observation, row), observation.Status, observation.Confidentiality,
                row.Unit, vintage.FileName, vintage.Sha256, row.Cell, await series.Rows.RawAsync(observation.Cell.Segment, observation.Cell.Row, cancellationToken), vintage.Profile,
                observation.IsWithdrawn && observation.To <= asOf) { ValueName = series.Definition.NameOfValue(observation.ValueCode) });
            if (current)
            {
                definition = row.Definition ?? definition;
                footnotes.AddRange(row.Footnotes.Select(text => LocalText.In("en", text)));
            }
        }

        var first = scope.Cube[rows[0]];
        return new Explanation
        {
            Series = SeriesSummaries.Of(catalogue, series),
            Key = series.Definition.Dimensions.Select((dimension, at) => (dimension.Id, Code: first.Code(at))).ToDictionary(pair => pair.Id, pair => pair.Code, StringComparer.Ordinal),
            Period = first.Period.ToString(),
            Vintages = vintages,
            Definition = definition is null ? null : catalogue.Facts.Definitions.GetValueOrDefault(definition),
            Footnotes = footnotes,
            Notes = [.. series.Notes.On(first, scope.AsOf).Select(note => note.Explained)],
            Citation = Citations.Of(catalogue, series.Definition, scope.Vintages[first.From]),
        };
    }

    internal static string Key(CubeSnapshot cube, ObservationView observation) =>
        string.Join('\u001f', Enumerable.Range(0, cube.Schema.Dimensions.Count).Select(observation.Code)) + "\u001e" + observation.Period.ToCode().ToString(CultureInfo.InvariantCulture);

    internal static string Value(ObservationView observation, SegmentRow? row)
    {
        if (observation.ValueCode is { } code)
        {
            return code;
        }

        var (value, upper) = (observation.Value?.ToString(), observation.Upper?.ToString());
        return (value, upper, observation.Status) switch
        {
            (null, _, ObservationStatus.Suppressed) when row?.UpperWhenSuppressed is { } most => string.Create(CultureInfo.InvariantCulture, $"{row.LowerWhenSuppressed ?? 0}–{most}"),
            (null, _, _) => "–",
            (_, not null, _) when upper != value => $"{value}–{upper}",
            _ => observation.Comparator is Comparator.Equal ? value! : observation.Comparator.Sign() + " " + value,
        };
    }
}
