using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>Reads one series for its page: catalogue entry, codes for the filters, the rows of the table, the drawing of the view.</summary>
public sealed class SeriesReader(IEvidence evidence, ITexts texts, UnitNames units, SeriesFigures figures, MapSettings maps)
{
    /// <summary>Columns that every answer carries but that a reader of the page does not need beside each number.</summary>
    private static readonly HashSet<string> Hidden = new(StringComparer.Ordinal)
    {
        "upper", "comparator", "vintage", "cell", "definition", "confidentiality", "unit", "flags", "footnotes", "basis", "release",
    };

    /// <summary>Columns beside the figures that the built-in layouts make, named in both languages; those of an operator's own layouts keep its words.</summary>
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "dq", "locator", "note", "qualifier", "printed-period", "printed-value", "source", "type-of-data", "type-b", "type-c", "type-i", "type-r", "location",
        "coordinates", "longitude", "latitude", "month", "quarter", "start-date", "incident-type", "event-name", "country-of-origin", "region-of-origin",
        "source-quality", "information-source", "article-title", "url", "unsd-region", "main-id", "frequency", "coverage", "indicator", "fiscal-month",
    };

    /// <summary>By catalogue entry and language: the entry is made anew when an import changes the series, and its choices with it.</summary>
    private static readonly ConditionalWeakTable<SeriesSummary, ConcurrentDictionary<string, IReadOnlyList<FilterChoice>>> KeptChoices = [];

    /// <summary>More codes than this and a select is no help; the field takes a typed code instead.</summary>
    private const int MostChoices = 400;

    public async Task<Result<SeriesView>> ReadAsync(string id, IQueryCollection query, CancellationToken cancellationToken)
    {
        var found = await evidence.SeriesAsync(id, cancellationToken);
        if (!found.TryGet(out var series))
        {
            return found.Error!;
        }

        var address = Address(id, query, series);
        if (!query.ContainsKey("view"))
        {
            address = address with { View = DefaultView(series) };
        }

        var errors = new List<Error>();
        var asked = address.ToQuery();
        if (!asked.IsOk)
        {
            errors.Add(asked.Error);
            asked = (address with { From = null, To = null, AsOf = null }).ToQuery();
        }

        var choices = await ChoicesAsync(series, address, cancellationToken);
        var view = new SeriesView
        {
            Series = series,
            Address = address,
            Title = series.Name.In(texts.Language),
            Ways = Ways(series),
            Subtitle = Subtitle(series),
            Citation = Citation(series),
            Choices = choices,
            InForce = [.. Words(address, choices)],
            Releases = [.. series.Vintages.Select(vintage => vintage.Release).Distinct(StringComparer.Ordinal)],
            Definitions = series.Definitions,
            Errors = errors,
        };
        return address.View switch
        {
            "map" or "chart" => await figures.DrawAsync(view, asked.Value, cancellationToken),
            "table" => await WithTableAsync(view, asked.Value, cancellationToken),
            _ => view,
        };
    }

    /// <summary>The catalogue entry with the state of the address and nothing drawn, for figures as files.</summary>
    public async Task<Result<SeriesView>> HeadAsync(string id, IQueryCollection query, string way, CancellationToken cancellationToken)
    {
        var found = await evidence.SeriesAsync(id, cancellationToken);
        return found.Select(series => new SeriesView
        {
            Series = series,
            Address = Address(id, query, series) with { View = way },
            Title = series.Name.In(texts.Language),
            Ways = Ways(series),
            Subtitle = Subtitle(series),
            Citation = Citation(series),
        });
    }

    private static SeriesAddress Address(string id, IQueryCollection query, SeriesSummary series) => SeriesAddress.Read(id,
        query.Select(pair => new KeyValuePair<string, IReadOnlyList<string>>(pair.Key, [.. pair.Value.OfType<string>()])),
        series.Dimensions.Select(dimension => dimension.Id).ToHashSet(StringComparer.Ordinal));

    private IReadOnlyList<string> Ways(SeriesSummary series) =>
        maps.AreShown && series.Dimensions.Any(dimension => dimension.Id == "area") ? ["map", "chart", "table", "sources"] : ["chart", "table", "sources"];

    private string DefaultView(SeriesSummary series)
    {
        var isWorldwide = maps.AreShown && series.Dimensions.Any(dimension => dimension is { Id: "area", Codes: > 20 });
        return isWorldwide ? "map" : series.FirstPeriod != series.LastPeriod ? "chart" : "table";
    }

    private string Subtitle(SeriesSummary series)
    {
        var parts = new List<string>();
        if (series.Units.Count > 0)
        {
            parts.Add(series.Units.Count > 3 ? texts.Format("data.several-units", ("count", series.Units.Count)) : string.Join(", ", series.Units.Select(unit => units.Name(unit, texts.Language))));
        }

        if (Display.Span(series.FirstPeriod, series.LastPeriod) is { Length: > 0 } span)
        {
            parts.Add(span);
        }

        return string.Join(texts.Language == "zh" ? "，" : ", ", parts);
    }

    private string Citation(SeriesSummary series)
    {
        var vintage = series.Vintages is [var first, ..] ? first : null;
        return texts.Format("data.citation", ("publisher", series.PublisherName.In(texts.Language)), ("name", series.Name.In(texts.Language)),
            ("release", vintage?.Release ?? "–"), ("date", vintage is null ? "–" : Display.Date(vintage.VisibleFrom, texts)),
            ("licence", series.Licence), ("id", series.Id));
    }

    /// <summary>The codes to choose from, with those of this address marked.</summary>
    private async Task<IReadOnlyList<FilterChoice>> ChoicesAsync(SeriesSummary series, SeriesAddress address, CancellationToken cancellationToken)
    {
        var kept = KeptChoices.GetOrCreateValue(series);
        if (!kept.TryGetValue(texts.Language, out var choices))
        {
            kept[texts.Language] = choices = await CodesAsync(series, cancellationToken);
        }

        var chosen = address.Codes.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return [.. choices.Select(choice => chosen[choice.Id].SelectMany(codes => codes).ToList() is { Count: > 0 } codes ? choice with { Chosen = codes } : choice)];
    }

    private async Task<IReadOnlyList<FilterChoice>> CodesAsync(SeriesSummary series, CancellationToken cancellationToken)
    {
        var choices = new List<FilterChoice>();
        var order = StringComparer.Create(texts.Culture, ignoreCase: true);
        foreach (var dimension in series.Dimensions.Where(dimension => dimension.Codes is > 1 and <= MostChoices).Take(6))
        {
            var counted = await evidence.QueryAsync(
                new SeriesQuery { Series = series.Id, GroupBy = [dimension.Id], Measure = "count", Limit = MostChoices }, cancellationToken);
            if (!counted.TryGet(out var result))
            {
                continue;
            }

            var at = result.Columns.ToList().FindIndex(column => column.Id == dimension.Id);
            var codes = result.Rows.Select(row => row[at].Text).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(code => (Code: code, Name: Display.Name(result, dimension.Id, code, texts)))
                .OrderBy(code => code.Name, order).ToList();
            choices.Add(new(dimension.Id, dimension.Name.In(texts.Language), codes.ToDictionary(code => code.Code, code => code.Name, StringComparer.Ordinal), new(codes), []));
        }

        return choices;
    }

    private IEnumerable<FilterWord> Words(SeriesAddress address, IReadOnlyList<FilterChoice> choices)
    {
        foreach (var (dimension, codes) in address.Codes)
        {
            var choice = choices.FirstOrDefault(candidate => candidate.Id == dimension);
            foreach (var code in codes)
            {
                var name = choice?.Codes.GetValueOrDefault(code) ?? code;
                yield return new($"{choice?.Name ?? dimension}: {name}", address.Without(dimension, code).Href());
            }
        }

        foreach (var (field, value) in new[] { ("from", address.From), ("to", address.To), ("release", address.Release), ("asOf", address.AsOf) })
        {
            if (value is not null)
            {
                yield return new($"{texts["data." + (field == "asOf" ? "as-of" : field)]}: {value}", address.Without(field).Href());
            }
        }
    }

    private async Task<Result<SeriesView>> WithTableAsync(SeriesView view, SeriesQuery query, CancellationToken cancellationToken)
    {
        var answered = await evidence.QueryAsync(query with
        {
            Offset = (view.Address.Page - 1L) * SeriesAddress.RowsPerPage,
            Limit = SeriesAddress.RowsPerPage,
            Sort = view.Address.Sort is { } sort ? [sort] : ["-period"],
        }, cancellationToken);
        if (!answered.TryGet(out var result))
        {
            return view with { Errors = [.. view.Errors, answered.Error!] };
        }

        // A column that says the same in every row of the page is noise, unless it is what the reader came for.
        var shown = result.Columns.Select((column, at) => (column, at))
            .Where(pair => (!Hidden.Contains(pair.column.Id) || (pair.column.Id == "unit" && view.Series.Units.Count > 1))
                && (pair.column.Role != ColumnRole.Attribute || result.Rows.Any(row => row[pair.at].Text is { Length: > 0 })))
            .ToList();
        var positions = SeriesToday.Positions(result);
        var today = query.AsOf is null || result.Rows.Count == 0 ? null
            : await evidence.QueryAsync(SeriesToday.Question(query, result, view.Series), cancellationToken) is { IsOk: true } now
                ? SeriesToday.Compare(result, now.Value, view.Series, Figure) : null;
        return view with
        {
            Table = result,
            Total = result.Total,
            Notes = result.Notes,
            Citation = result.Citation.In(texts.Language),
            Columns = [.. shown.Select(pair => Column(view.Address, pair.column))],
            Rows = [.. result.Rows.Select((row, at) => Row(view, result, row, shown, positions) with { Today = today?[at] })],
        };
    }

    private TableColumn Column(SeriesAddress address, QueryColumn column)
    {
        var ascending = address.Sort == column.Id;
        var descending = address.Sort == "-" + column.Id;
        var name = Named.Contains(column.Id) ? texts["attribute." + column.Id] : column.Name.In(texts.Language);
        return new(column.Id, name, column.Role == ColumnRole.Measure,
            ascending ? "ascending" : descending ? "descending" : null,
            (address with { Sort = ascending ? "-" + column.Id : column.Id, Page = 1 }).Href());
    }

    private TableRow Row(SeriesView view, QueryResult result, IReadOnlyList<QueryCell> row,
        List<(QueryColumn Column, int At)> shown, Dictionary<string, int> positions)
    {
        string? Text(string id) => positions.TryGetValue(id, out var at) ? row[at].Text : null;
        var status = Text("status") ?? "A";
        var cells = shown.Select(pair => pair.Column switch
        {
            { Id: "value" } => Figure(result, row, positions),
            { Id: "status" } => status == "A" ? "" : texts["status." + status.ToLowerInvariant()],
            { Id: "unit" } => units.Name(row[pair.At].Text ?? "", texts.Language),
            { Role: ColumnRole.Period } when row[pair.At].Text == "undated" => texts["data.undated"],
            { Role: ColumnRole.Dimension } => Display.Name(result, pair.Column.Id, row[pair.At].Text, texts),
            _ => row[pair.At].Text ?? (row[pair.At].Number is { } number ? Display.Number(number, texts.Culture) : ""),
        });
        var explain = new SeriesAddress
        {
            Series = view.Series.Id,
            Release = view.Address.Release,
            AsOf = view.Address.AsOf,
            From = Text("period"),
            To = Text("period"),
            Codes = [.. view.Series.Dimensions.Where(dimension => Text(dimension.Id) is not null)
                .Select(dimension => new KeyValuePair<string, IReadOnlyList<string>>(dimension.Id, [Text(dimension.Id)!]))],
        };
        return new([.. cells], status, explain.Href("/explain"));
    }

    private string Figure(QueryResult result, IReadOnlyList<QueryCell> row, Dictionary<string, int> positions)
    {
        if (row[positions["value"]] is { Number: null, Text: { Length: > 0 } code })
        {
            return Display.Name(result, "value", code, texts);
        }

        string? Text(string id) => positions.TryGetValue(id, out var at) ? row[at].Text : null;
        var cell = row[positions["value"]];
        return Value(cell, positions.TryGetValue("upper", out var upper) ? row[upper].Number : cell.Upper, Text("comparator"), Text("status") ?? "A");
    }

    /// <summary>The figure, or the reason why there is none; never an empty cell and never a zero in its place.</summary>
    private string Value(QueryCell cell, decimal? upper, string? comparator, string status)
    {
        if (cell.Number is null && cell.Text is { Length: > 0 } code)
        {
            return code;
        }

        return cell.Number is null && upper is null
            ? texts["status." + (status == "A" ? "o" : status.ToLowerInvariant())]
            : Display.Figure(cell.Number, upper, comparator, texts.Culture);
    }
}
