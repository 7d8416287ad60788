using System.Text;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>
/// The state of a series page, all of it in the address: coded filters by dimension, span, edition, moment, view, sort and page.
/// A link therefore gives the same view, and a download address is the same address with another ending.
/// </summary>
public sealed record SeriesAddress
{
    /// <summary>Names that are not dimensions.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "view", "from", "to", "release", "asOf", "sort", "page", "lang", "by", "measure", "period",
    };

    public const int RowsPerPage = 25;

    public required string Series { get; init; }

    public string View { get; init; } = "table";

    /// <summary>Codes chosen per dimension, in order of the address.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Codes { get; init; } = [];

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Release { get; init; }

    public string? AsOf { get; init; }

    public string? Sort { get; init; }

    public int Page { get; init; } = 1;

    /// <summary>Reads the query string; what is no dimension of the series is dropped, so an old link still opens.</summary>
    public static SeriesAddress Read(string series, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> query, IReadOnlySet<string> dimensions)
    {
        var address = new SeriesAddress { Series = series };
        var codes = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (name, values) in query)
        {
            var value = values.FirstOrDefault(text => text.Length > 0);
            if (value is null || value.Length > 2_000)
            {
                continue;
            }

            address = name switch
            {
                "view" when value is "map" or "chart" or "table" or "sources" => address with { View = value },
                "from" => address with { From = value },
                "to" => address with { To = value },
                "release" => address with { Release = value },
                "asOf" => address with { AsOf = value },
                "sort" => address with { Sort = value },
                "page" when int.TryParse(value, out var page) && page is > 0 and <= 100_000 => address with { Page = page },
                _ => address,
            };
            if (!Reserved.Contains(name) && dimensions.Contains(name))
            {
                codes.Add(new(name, [.. values.Where(text => text.Length is > 0 and <= 200).Take(100)]));
            }
        }

        return address with { Codes = codes };
    }

    /// <summary>The question this address asks. A wrong period or moment is an error value that names the field.</summary>
    public Result<SeriesQuery> ToQuery()
    {
        var query = new SeriesQuery
        {
            Series = Series,
            Where = [.. Codes.Select(pair => new DimensionFilter(pair.Key,
                [.. pair.Value.Select(code => (IReadOnlyList<FilterTerm>)[new FilterTerm("eq", code)])]))],
            Release = Release,
            Sort = Sort is null ? [] : [Sort],
        };
        foreach (var (field, text) in new[] { ("from", From), ("to", To) })
        {
            if (text is null)
            {
                continue;
            }

            if (!Period.TryParse(text, out var period))
            {
                return Error.Invalid("data.period", $"“{text}” is not a period.", $"“{text}”不是有效的时期。", field)
                    .WithHint("Write a year (2020), a quarter (2020-Q1) or a month (2020-05).", "请写年份（2020）、季度（2020-Q1）或月份（2020-05）。");
            }

            query = field == "from" ? query with { From = period } : query with { To = period };
        }

        if (AsOf is not null)
        {
            var moment = MomentText.Read(AsOf, "asOf");
            if (!moment.IsOk)
            {
                return moment.Error;
            }

            query = query with { AsOf = moment.Value };
        }

        return query;
    }

    public bool HasFilters => Codes.Count > 0 || From is not null || To is not null || Release is not null || AsOf is not null;

    /// <summary>The address of this view as a page, or with an ending (".csv") as a file.</summary>
    public string Href(string ending = "")
    {
        var text = new StringBuilder("/data/").Append(Series).Append(ending);
        var separator = '?';
        foreach (var (dimension, codes) in Codes)
        {
            foreach (var code in codes)
            {
                Add(dimension, code);
            }
        }

        Add("from", From);
        Add("to", To);
        Add("release", Release);
        Add("asOf", AsOf);
        if (ending.Length == 0)
        {
            // Always said: without it a series opens in its own way, a worldwide one as a map.
            Add("view", View);
            Add("sort", Sort);
            Add("page", Page == 1 ? null : Page.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }
    }

    /// <summary>The same view without one filter, for the removable words above a table.</summary>
    public SeriesAddress Without(string dimension, string? code = null) => dimension switch
    {
        "from" => this with { From = null, Page = 1 },
        "to" => this with { To = null, Page = 1 },
        "release" => this with { Release = null, Page = 1 },
        "asOf" => this with { AsOf = null, Page = 1 },
        _ => this with
        {
            Page = 1,
            Codes = [.. Codes.Select(pair => pair.Key == dimension
                ? new(pair.Key, [.. pair.Value.Where(value => code is not null && value != code)]) : pair)
                .Where(pair => pair.Value.Count > 0)],
        },
    };

    /// <summary>The same view with a dimension set to one code.</summary>
    public SeriesAddress With(string dimension, string code) =>
        Without(dimension) with { Codes = [.. Without(dimension).Codes, new(dimension, [code])] };
}
