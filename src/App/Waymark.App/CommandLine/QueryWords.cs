using System.Globalization;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>A question to a series as words, as the command line and the API receive it; <see cref="ToQuery"/> reads it strictly.</summary>
public sealed record QueryWords
{
    public static readonly string[] Measures = ["sum", "count", "mean", "min", "max", "share", "growth", "rank", "top"];

    public required string Series { get; init; }

    public string? Where { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? By { get; init; }

    public string? Measure { get; init; }

    public string? Denominator { get; init; }

    public string? Pivot { get; init; }

    public string? AsOf { get; init; }

    public string? UpdatedAfter { get; init; }

    public string? Release { get; init; }

    public string? Bridge { get; init; }

    public bool History { get; init; }

    public string? Sort { get; init; }

    public string? Offset { get; init; }

    public string? Limit { get; init; }

    public Result<SeriesQuery> ToQuery()
    {
        var where = WhereGrammar.Parse(Where);
        if (!where.IsOk)
        {
            return where.Error;
        }

        if (PeriodOf(From, "from") is { IsOk: false } wrongFrom)
        {
            return wrongFrom.Error;
        }

        if (PeriodOf(To, "to") is { IsOk: false } wrongTo)
        {
            return wrongTo.Error;
        }

        if (MomentOf(AsOf, "as-of") is { IsOk: false } wrongAsOf)
        {
            return wrongAsOf.Error;
        }

        if (MomentOf(UpdatedAfter, "updated-after") is { IsOk: false } wrongAfter)
        {
            return wrongAfter.Error;
        }

        if (Measure is not null && !Measures.Contains(Measure))
        {
            var error = Error.Invalid("query.unknown-measure", $"There is no measure \"{Measure}\".", $"没有度量“{Measure}”。", "measure");
            return NearWord.For(Measure, Measures) is { } near
                ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
                : error.WithHint($"One of {string.Join(", ", Measures)}.", $"可选：{string.Join("、", Measures)}。");
        }

        var offset = NumberOf(Offset, 0, long.MaxValue, 0, "offset");
        var limit = NumberOf(Limit, 1, 1_000_000, 100_000, "limit");
        if (!offset.IsOk || !limit.IsOk)
        {
            return offset.Error ?? limit.Error!;
        }

        return new SeriesQuery
        {
            Series = Series,
            Where = where.Value,
            From = PeriodOf(From, "from").Value,
            To = PeriodOf(To, "to").Value,
            GroupBy = List(By),
            Measure = Measure,
            Denominator = Denominator,
            Pivot = Pivot,
            AsOf = MomentOf(AsOf, "as-of").Value,
            UpdatedAfter = MomentOf(UpdatedAfter, "updated-after").Value,
            Release = Release,
            Bridges = List(Bridge),
            IncludeHistory = History,
            Sort = List(Sort),
            Offset = offset.Value,
            Limit = (int)limit.Value,
        };
    }

    private static List<string> List(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static Result<Period?> PeriodOf(string? text, string what) =>
        text is null ? (Period?)null
        : Period.TryParse(text, out var period) ? period
        : Error.Invalid("query.not-a-period", $"\"{text}\" is not a period.", $"“{text}”不是期间。", what)
            .WithHint("Write 2020, 2020-Q1, 2020-05 or 2010/2015.", "请写成 2020、2020-Q1、2020-05 或 2010/2015。");

    private static Result<DateTimeOffset?> MomentOf(string? text, string what) =>
        text is null ? (DateTimeOffset?)null : Moment.Parse(text, what).Select(moment => (DateTimeOffset?)moment);

    private static Result<long> NumberOf(string? text, long least, long most, long standard, string what) =>
        text is null ? standard
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : Error.Invalid("query.not-a-number", $"\"{what}\" must be a whole number from {least} to {most}.", $"“{what}”须为 {least} 到 {most} 之间的整数。", what);
}
