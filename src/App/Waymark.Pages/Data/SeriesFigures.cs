using System.Security.Cryptography;
using System.Text;
using Waymark.Charts;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>What maps need and whether the operator shows them at all.</summary>
public sealed record MapSettings(BoundarySet? Boundaries, bool AreShown, LocalText Operator);

/// <summary>Draws the map or chart of a series view. What cannot be drawn honestly is left to the table.</summary>
public sealed class SeriesFigures(IEvidence evidence, ITexts texts, UnitNames units, MapSettings maps)
{
    private static readonly Dictionary<string, ObservationStatus> Statuses =
        Enum.GetValues<ObservationStatus>().ToDictionary(status => status.Letter(), StringComparer.Ordinal);

    private const int MostLines = 5;
    private const int MostBars = 10;

    /// <summary>The view with its drawing, or without one when the data give none.</summary>
    public async Task<Result<SeriesView>> DrawAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        var figure = view.Address.View == "map"
            ? await MapAsync(view, query, cancellationToken)
            : await ChartAsync(view, query, cancellationToken);
        if (!figure.TryGet(out var drawn))
        {
            return figure.Error!.Kind == ErrorKind.NotFound ? view : view with { Errors = [.. view.Errors, figure.Error] };
        }

        var rendered = Chart.Render(drawn, new ChartOptions(texts.Tag, 920, false, maps.Boundaries, maps.Operator));
        return rendered.TryGet(out var rendering)
            ? view with { Drawing = rendering.Svg, Title = drawn.Head.Finding.In(texts.Language), Subtitle = drawn.Head.Subtitle(texts.Language), Remarks = rendering.Notes }
            : view with { Errors = [.. view.Errors, rendered.Error!] };
    }

    /// <summary>The same figure as a file of its own, with its colours inside.</summary>
    public async Task<Result<string>> FileAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        var figure = view.Address.View == "map"
            ? await MapAsync(view, query, cancellationToken)
            : await ChartAsync(view, query, cancellationToken);
        return figure.Then(drawn => Chart.Render(drawn, new ChartOptions(texts.Tag, 920, true, maps.Boundaries, maps.Operator))).Select(rendering => rendering.Svg);
    }

    private async Task<Result<Figure>> MapAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        if (!maps.AreShown || maps.Boundaries is null || view.Series.Dimensions.All(dimension => dimension.Id != "area"))
        {
            return None("map");
        }

        var byArea = query with
        {
            Where = [.. query.Where.Where(condition => condition.Dimension != "area"), new DimensionFilter("area.kind", [[new FilterTerm("eq", "country")]])],
            Sort = [],
        };
        var asked = await evidence.QueryAsync(byArea with { GroupBy = ["area", "period"], Measure = "sum", NewestReported = true }, cancellationToken);
        if (!asked.TryGet(out var answer))
        {
            return asked.Error!;
        }

        var rows = answer.Rows;
        if (rows.Count(row => row[2].Number is not null) < 2)
        {
            return None("map");
        }

        var time = rows[0][1].Text!;
        var areas = rows.Select(row => new NamedDatum(row[0].Text!, Name(answer, "area", row[0].Text!), Datum(row, 2))).ToList();
        var largest = areas.Where(area => area.Datum.Value is not null).MaxBy(area => area.Datum.Value)!;
        var head = Head(view, answer, row: 2, new(time, time),
            Both(language => texts.Format(language, "figure.largest", ("name", largest.Name.In(language)), ("value", Short(largest.Datum.Value!.Value, language)))), "map");
        return new ChoroplethFigure(head, areas, MapView.World);
    }

    private async Task<Result<Figure>> ChartAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        var split = query.Where.FirstOrDefault(condition => condition.Alternatives.Count is > 1 and <= MostLines && !condition.Dimension.Contains('.', StringComparison.Ordinal))?.Dimension;
        var asked = await evidence.QueryAsync(query with { GroupBy = split is null ? ["period"] : [split, "period"], Measure = "sum", Sort = [] }, cancellationToken);
        if (!asked.TryGet(out var answer))
        {
            return asked.Error!;
        }

        var at = split is null ? 0 : 1;
        var lines = answer.Rows.GroupBy(row => split is null ? "" : row[0].Text!, StringComparer.Ordinal).Select(group => new LineSeries(
            "",
            split is null ? view.Series.Name : Name(answer, split, group.Key),
            [.. group.Select(row => new TimePoint(Period.Parse(row[at].Text!), Datum(row, at + 1)))])).ToList();
        lines = [.. lines.Select((line, number) => line with { Id = "s" + (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) })];
        if (lines.Count == 0 || lines.Max(line => line.Points.Count(point => !point.Datum.IsMissing)) < 2)
        {
            return await BarsAsync(view, query, cancellationToken);
        }

        var head = Head(view, answer, at + 1, new(view.Series.FirstPeriod + "–" + view.Series.LastPeriod, view.Series.FirstPeriod + "–" + view.Series.LastPeriod),
            lines.Count == 1 ? Trend(lines[0]) : view.Series.Name, "chart");
        return new LineFigure(head, lines);
    }

    private async Task<Result<Figure>> BarsAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        var dimension = view.Series.Dimensions.FirstOrDefault(candidate => candidate.Codes > 1 && query.Where.All(condition => condition.Dimension != candidate.Id));
        if (dimension is null)
        {
            return None("chart");
        }

        var asked = await evidence.QueryAsync(query with { GroupBy = [dimension.Id], Measure = "top", Sort = [] }, cancellationToken);
        if (!asked.TryGet(out var answer) || answer.Rows.Count < 2)
        {
            return asked.IsOk ? None("chart") : asked.Error!;
        }

        var bars = answer.Rows.Where(row => row[0].Text != "_OTHER").OrderByDescending(row => row[1].Number).Take(MostBars)
            .Select((row, number) => new NamedDatum("b" + number, Name(answer, dimension.Id, row[0].Text!), Datum(row, 1))).ToList();
        var head = Head(view, answer, 1, new(Display.Span(view.Series.FirstPeriod, view.Series.LastPeriod), Display.Span(view.Series.FirstPeriod, view.Series.LastPeriod)),
            Both(language => texts.Format(language, "figure.largest", ("name", bars[0].Name.In(language)), ("value", Short(bars[0].Datum.Value ?? 0, language)))), "bars");
        return new BarFigure(head, bars);
    }

    /// <summary>A sentence that the first and last figure prove; without both, the name of the measure.</summary>
    private LocalText Trend(LineSeries line)
    {
        var points = line.Points.Where(point => point.Datum is { IsMissing: false }).OrderBy(point => point.At).ToList();
        var (first, last) = (points[0], points[^1]);
        var (from, to) = (first.Datum.Value!.Value, last.Datum.Value!.Value);
        if (from == 0 || from == to)
        {
            return line.Name;
        }

        var sentence = to > from ? "figure.grew" : "figure.fell";
        return Both(language => texts.Format(language, sentence, ("name", line.Name.In(language)), ("from", Short(from, language)), ("start", first.At.ToString()),
            ("to", Short(to, language)), ("end", last.At.ToString())));
    }

    private FigureHead Head(SeriesView view, QueryResult answer, int row, LocalText time, LocalText finding, string kind)
    {
        var unit = units.Get(answer.Rows[0][row + 2].Text ?? view.Series.Units[0]);
        var vintage = view.Series.Vintages is [var first, ..] ? first : null;
        var address = Encoding.UTF8.GetBytes($"{view.Address.Href()}|{answer.Sequence}|{kind}");
        return new FigureHead
        {
            Id = "figure-" + kind,
            Code = "WM-" + Convert.ToHexString(SHA256.HashData(address))[..8],
            Finding = finding,
            Measure = view.Series.Name,
            Unit = unit,
            Place = new(texts.In("en", "data.place.areas"), texts.In("zh", "data.place.areas")),
            Time = time,
            Source = new($"{view.Series.PublisherName.In("en")}, {view.Series.Name.In("en")}", $"{view.Series.PublisherName.In("zh")}，{view.Series.Name.In("zh")}"),
            Vintage = view.Address.Release ?? vintage?.Release ?? "–",
        };
    }

    /// <summary>Columns after the keys: value, status, unit, upper.</summary>
    private static Datum Datum(IReadOnlyList<QueryCell> row, int value)
    {
        var status = row[value + 1].Text is { } letter ? Statuses.GetValueOrDefault(letter, ObservationStatus.Normal) : ObservationStatus.Normal;
        return row[value].Number is { } number
            ? Charts.Datum.Of((double)number, status, (double)number, row[value + 3].Number is { } upper ? (double)upper : null)
            : Charts.Datum.Gap(status);
    }

    private static LocalText Name(QueryResult answer, string dimension, string code) =>
        answer.Names.TryGetValue(dimension, out var names) && names.TryGetValue(code, out var name) ? name : LocalText.In("en", code);

    private static LocalText Both(Func<string, string> text) => new(text("en"), text("zh"));

    private static string Short(double value, string language) => NumberText.Rounded(value, language);

    private static Error None(string kind) => Error.NotFound("figure.none", $"There is no {kind} of this selection.", "所选内容没有此图。");
}
