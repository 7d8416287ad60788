using System.Globalization;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>
/// A data query of SDMX-REST as questions to one series: usually one, more when the keys cannot be joined. What shapes the message
/// and not the data is kept beside.
/// </summary>
public sealed record SdmxQuestion(
    SeriesSummary Series, IReadOnlyList<SeriesQuery> Queries, string DimensionAtObservation, string Attributes, string Measures, bool History, long Offset, int? Limit)
{
    private const int DefaultLimit = 1_000_000;

    public static IReadOnlySet<string> Parameters { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures", "includeHistory",
        "offset", "limit", "sort", "asOf", "reportingYearStartDay", "startPeriod", "endPeriod", "detail", "format", "lang",
    };

    public static Result<SdmxQuestion> Read(SeriesSummary series, string? key, RawQuery raw, bool isVersion21)
    {
        var keys = KeyGrammar.Parse(key, ComponentIds.KeyOf(series), isVersion21);
        var filters = Filters(series, raw);
        var asOf = MomentOf(raw, "asOf");
        var updatedAfter = MomentOf(raw, "updatedAfter");
        var (first, last) = (Count(raw, "firstNObservations", 1), Count(raw, "lastNObservations", 1));
        var (offset, limit) = (Count(raw, "offset", 0), Count(raw, "limit", 1));
        var (from, to) = (PeriodOf(raw, "startPeriod"), PeriodOf(raw, "endPeriod"));
        var sort = Sort(series, raw["sort"], raw["dimensionAtObservation"]);
        var fault = keys.Error ?? filters.Error ?? asOf.Error ?? updatedAfter.Error ?? first.Error ?? last.Error ?? offset.Error ?? limit.Error
            ?? from.Error ?? to.Error ?? sort.Error ?? Words(series, raw);
        if (fault is not null)
        {
            return fault;
        }

        if (asOf.Value is { } known && updatedAfter.Value > known)
        {
            return Error.Invalid("sdmx.updated-after-as-of", "updatedAfter is more recent than asOf.", "updatedAfter 晚于 asOf。", "updatedAfter");
        }

        var (attributes, measures) = Detail(raw);
        var isOne = keys.Value.Count == 1;
        var history = raw["includeHistory"] == "true";
        var query = new SeriesQuery
        {
            Series = series.Id,
            From = from.Value,
            To = to.Value,
            AsOf = asOf.Value,
            UpdatedAfter = updatedAfter.Value,
            IncludeHistory = history,
            FirstObservations = (int?)first.Value,
            LastObservations = (int?)last.Value,
            Sort = sort.Value,
            Offset = isOne ? offset.Value ?? 0 : 0,
            Limit = isOne ? (int)Math.Min(limit.Value ?? DefaultLimit, DefaultLimit) : DefaultLimit,
        };
        return new SdmxQuestion(series, [.. keys.Value.Select(group => query with { Where = [.. group, .. filters.Value] })],
            raw["dimensionAtObservation"] ?? "TIME_PERIOD", attributes, measures, history, isOne ? 0 : offset.Value ?? 0, isOne ? null : (int?)limit.Value);
    }

    private static Result<IReadOnlyList<DimensionFilter>> Filters(SeriesSummary series, RawQuery raw)
    {
        var filters = new List<DimensionFilter>();
        foreach (var (component, text) in raw.Components)
        {
            if (ComponentIds.ColumnOf(series, component) is not { } column)
            {
                var known = series.Dimensions.Select(dimension => ComponentIds.Of(dimension.Id)).Append("TIME_PERIOD").Append("OBS_VALUE");
                var error = Error.Invalid("sdmx.unknown-component", $"The series has no component \"{component}\".", $"序列没有组件“{component}”。", $"c[{component}]");
                return error.WithHint($"It has {string.Join(", ", known)}.", $"它有 {string.Join("、", known)}。");
            }

            var filter = FilterGrammar.Parse(column, text);
            if (!filter.IsOk)
            {
                return filter.Error;
            }

            filters.Add(filter.Value);
        }

        return filters;
    }

    /// <summary>Columns to sort by; the dimensions not named follow, so that pages never overlap.</summary>
    private static Result<IReadOnlyList<string>> Sort(SeriesSummary series, string? text, string? atObservation)
    {
        var columns = new List<string>();
        foreach (var part in (text ?? "").Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            var pieces = part.Split(':');
            var (name, order) = (pieces[0], pieces.Length > 1 ? pieces[1] : "asc");
            if (order is not ("asc" or "desc") || pieces.Length > 2)
            {
                return Error.Invalid("sdmx.sort", $"\"{part}\" is not a component with asc or desc.", $"“{part}”不是带 asc 或 desc 的组件。", "sort");
            }

            var at = atObservation is null ? "period" : ComponentIds.ColumnOf(series, atObservation);
            var named = name switch
            {
                "*" => [.. ComponentIds.KeyOf(series), "period"],
                "series_key" => [.. ComponentIds.KeyOf(series).Append("period").Where(column => column != at)],
                _ => ComponentIds.ColumnOf(series, name) is { } column ? new[] { column } : [],
            };
            if (named.Length == 0)
            {
                return Error.Invalid("sdmx.sort", $"The series has no component \"{name}\".", $"序列没有组件“{name}”。", "sort");
            }

            columns.AddRange(named.Where(column => !columns.Exists(known => known.TrimStart('-') == column)).Select(column => order == "desc" ? "-" + column : column));
        }

        if (columns.Count > 0)
        {
            columns.AddRange(ComponentIds.KeyOf(series).Append("period").Where(column => !columns.Exists(known => known.TrimStart('-') == column)).ToList());
        }

        return columns;
    }

    private static Error? Words(SeriesSummary series, RawQuery raw)
    {
        if (raw["includeHistory"] is not (null or "true" or "false"))
        {
            return Error.Invalid("sdmx.boolean", "includeHistory is true or false.", "includeHistory 须为 true 或 false。", "includeHistory");
        }

        if (raw["detail"] is not (null or "full" or "dataonly" or "serieskeysonly" or "nodata"))
        {
            return Error.Invalid("sdmx.detail", "detail is full, dataonly, serieskeysonly or nodata.", "detail 须为 full、dataonly、serieskeysonly 或 nodata。", "detail");
        }

        return raw["dimensionAtObservation"] is { } at && at != "AllDimensions" && ComponentIds.ColumnOf(series, at) is null
            ? Error.Invalid("sdmx.dimension-at-observation", $"The series has no dimension \"{at}\".", $"序列没有维度“{at}”。", "dimensionAtObservation") : null;
    }

    private static (string Attributes, string Measures) Detail(RawQuery raw) => raw["detail"] switch
    {
        "dataonly" => ("none", "all"),
        "serieskeysonly" => ("none", "none"),
        "nodata" => ("all", "none"),
        _ => (raw["attributes"] ?? "dsd", raw["measures"] ?? "all"),
    };

    private static Result<DateTimeOffset?> MomentOf(RawQuery raw, string name) =>
        raw[name] is not { } text ? (DateTimeOffset?)null : Moment.Parse(text, name).Select(moment => (DateTimeOffset?)moment);

    private static Result<Period?> PeriodOf(RawQuery raw, string name) =>
        raw[name] is not { } text ? (Period?)null
        : Period.TryParse(text, out var period) ? period
        : Error.Invalid("sdmx.period", $"\"{text}\" is not a period.", $"“{text}”不是期间。", name);

    private static Result<long?> Count(RawQuery raw, string name, long least) =>
        raw[name] is not { } text ? (long?)null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= int.MaxValue ? number
        : Error.Invalid("sdmx.number", $"\"{name}\" must be a whole number of at least {least}.", $"“{name}”须为不小于 {least} 的整数。", name);
}
