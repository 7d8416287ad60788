using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>What can be wrong with a question. One line per failure, each with the next step.</summary>
internal static class QueryErrors
{
    public static Error NoSeries(string id, string? near) => Hinted(
        Error.NotFound("query.no-series", $"There is no series {id}.", $"没有数列 {id}。"), near,
        "List the series with: waymark series", "用以下命令列出数列：waymark series");

    public static Error NoDimension(string name, string series, IEnumerable<string> known, string? near) => Hinted(
        Error.Invalid("query.no-dimension", $"The series {series} has no dimension {name}; it has {string.Join(", ", known)}.",
            $"数列 {series} 没有维度 {name}；现有维度：{string.Join("、", known)}。", name), near, null, null);

    public static Error NoOperator(string text) => Error.Invalid("query.no-operator",
        $"“{text}” is no operator.", $"“{text}”不是运算符。").WithHint("Use eq, ne, lt, le, gt, ge, co, nc, sw or ew.", "请用 eq、ne、lt、le、gt、ge、co、nc、sw 或 ew。");

    public static Error NoMeasure(string text) => Error.Invalid("query.no-measure",
        $"“{text}” is no measure.", $"“{text}”不是度量。").WithHint("Use sum, count, mean, min, max, share, growth, rank or top.", "请用 sum、count、mean、min、max、share、growth、rank 或 top。");

    public static Error BadValue(string name, string text) => Error.Invalid("query.bad-value",
        $"“{text}” cannot be used for {name}.", $"“{text}”不能用于 {name}。", name);

    public static Error NoRelease(string release, IEnumerable<string> known) => Error.NotFound("query.no-release",
        $"There is no release {release}; there are {string.Join(", ", known)}.", $"没有版本 {release}；现有版本：{string.Join("、", known)}。");

    public static Error AsOfBeforeUpdate { get; } = Error.Invalid("query.as-of-before-update",
        "What was known then cannot have changed after a later moment.", "当时已知的内容不可能在更晚时刻之后才变更。", "updatedAfter")
        .WithHint("Give updatedAfter a moment before asOf.", "请使 updatedAfter 早于 asOf。");

    public static Error MixedAggregates(string dimension, IEnumerable<string> codes) => Error.Refused("query.mixed-aggregates",
        $"{string.Join(", ", codes)} of {dimension} contain one another: their sum would count people twice.",
        $"{dimension} 的 {string.Join("、", codes)} 相互包含：相加会重复计算。", dimension)
        .WithHint($"Group by {dimension}, or choose either the aggregate or its members.", $"请按 {dimension} 分组，或只选汇总或其成员之一。");

    public static Error StockOverTime(string series) => Error.Refused("query.stock-over-time",
        $"{series} counts people at one moment; adding moments counts the same people again.",
        $"{series} 统计某一时点的人数；把不同时点相加会重复计算。", "period")
        .WithHint("Choose one period with --from and --to, or add period to --by.", "请用 --from 和 --to 选择一个时期，或在 --by 中加入 period。");

    public static Error MixedUnits(IEnumerable<string> units) => Error.Refused("query.mixed-units",
        $"The figures are in different units ({string.Join(", ", units)}) and are never added or averaged together.",
        $"这些数字的单位不同（{string.Join("、", units)}），绝不相加或平均。", "unit")
        .WithHint("Narrow the question with --where until one unit is left.", "请用 --where 缩小范围，直到只剩一种单位。");

    public static Error MixedDefinitions(IEnumerable<string> definitions) => Error.Refused("query.mixed-definitions",
        $"The figures follow different definitions ({string.Join(", ", definitions)}) and no named bridge joins them.",
        $"这些数字采用不同的定义（{string.Join("、", definitions)}），且没有命名的换算方法。", "definition")
        .WithHint("Choose one release or one definition.", "请选择一个版本或一个定义。");

    public static Error NeedsGrouping(string measure, string column) => Error.Invalid("query.needs-grouping",
        $"The measure {measure} needs {column} in --by.", $"度量 {measure} 需要在 --by 中包含 {column}。", "by");

    public static Error TooMany(string what, long limit) => Error.TooLarge("query.too-many",
        $"The answer has more than {limit} {what}.", $"答案超过 {limit} 个（{what}）。").WithHint("Narrow the question or page through it.", "请缩小范围或分页查询。");

    private static Error Hinted(Error error, string? near, string? en, string? zh) => near is not null
        ? error.WithHint($"Did you mean {near}?", $"是否指 {near}？")
        : en is not null ? error.WithHint(en, zh!) : error;
}
