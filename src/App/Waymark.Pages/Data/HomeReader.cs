using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.Pages.Data;

/// <summary>A figure of the home page: what the series of reference evidence say, with their source.</summary>
public sealed record KeyFigure(string Label, string Value, string? Sign, string Foot, string Href);

/// <summary>Reads what the home page shows: four figures from the reference evidence, recent imports, open findings, one map.</summary>
public sealed class HomeReader(IEvidence evidence, ITexts texts, UnitNames units, SeriesReader series)
{
    /// <summary>Series that make a good map, the first that is there.</summary>
    private static readonly string[] Maps = ["un-desa/migrant-stock", "unhcr/population"];

    public async Task<IReadOnlyList<KeyFigure>> FiguresAsync(IndicatorSet wanted, CancellationToken cancellationToken)
    {
        var figures = new List<KeyFigure>();
        foreach (var indicator in wanted.Indicators.Take(4))
        {
            var terms = new Dictionary<string, Term>(StringComparer.Ordinal);
            foreach (var (name, term) in indicator.Terms)
            {
                if (await TermAsync(term, cancellationToken) is { } found)
                {
                    terms[name] = found;
                }
            }

            var value = indicator.Evaluate(term => terms.GetValueOrDefault(indicator.Terms.First(pair => pair.Value == term).Key)?.Value);
            if (!value.IsOk || terms.Count == 0)
            {
                continue;
            }

            var first = terms.Values.First();
            figures.Add(new(indicator.Name.In(texts.Language), Charts.NumberText.Rounded((double)value.Value, texts.Language),
                terms.Count == 1 ? first.Sign : null,
                $"{units.Name(indicator.Unit, texts.Language)}, {first.Period}. {texts.Format("home.source", ("source", first.Source))}",
                $"/data/{indicator.Terms.Values.First().Series}?view=table"));
        }

        return figures;
    }

    private sealed record Term(decimal? Value, string? Sign, string Period, string Source);

    private async Task<Term?> TermAsync(IndicatorTerm term, CancellationToken cancellationToken)
    {
        var question = new SeriesQuery
        {
            Series = term.Series,
            Where = [.. term.Where.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => pair.Split('=', 2))
                .Select(pair => new DimensionFilter(pair[0], [[new FilterTerm("eq", pair[1])]]))],
            Sort = ["-period"],
            Limit = 1,
        };
        if (term.Period != "latest" && Period.TryParse(term.Period, out var period))
        {
            question = question with { From = period, To = period };
        }

        var answered = await evidence.QueryAsync(question, cancellationToken);
        if (!answered.TryGet(out var answer) || answer.Rows.Count == 0)
        {
            return null;
        }

        var row = answer.Rows[0];
        string? Text(string column) => answer.Columns.ToList().FindIndex(candidate => candidate.Id == column) is >= 0 and var at ? row[at].Text : null;
        var value = row[answer.Columns.ToList().FindIndex(column => column.Id == "value")].Number;
        return new(value, Text("comparator") switch { ">=" => "≥", "~" => "≈", "<=" => "≤", _ => null }, Text("period") ?? "", Text("source") ?? answer.Series.PublisherName.In(texts.Language));
    }

    /// <summary>The series page's own view of the first mappable series, or null.</summary>
    public async Task<SeriesView?> MapAsync(Microsoft.AspNetCore.Http.IQueryCollection query, CancellationToken cancellationToken)
    {
        foreach (var id in Maps)
        {
            if ((await series.ReadAsync(id, query, cancellationToken)).TryGet(out var view) && view is { Drawing: not null, Address.View: "map" })
            {
                return view;
            }
        }

        return null;
    }
}
