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

    public static Error MixedUnits(IEnumerable<string> units, IReadOnlyList<Contracts.DefinitionBridge> offered) => Error.Refused("query.mixed-units",
        $"The figures are in different units ({string.Join(", ", units)}) and are never added or averaged together.",
        $"这些数字的单位不同（{string.Join("、", units)}），绝不相加或平均。", "unit") with
    {
        Hint = offered.Count > 0 ? Bridging.Offer(offered)
            : new("Narrow the question with --where until one unit is left, or add unit to --by.", "请用 --where 缩小范围，直到只剩一种单位，或在 --by 中加入 unit。"),
    };

    public static Error MixedDefinitions(IEnumerable<string> definitions, IReadOnlyList<Contracts.DefinitionBridge> offered) => Error.Refused("query.mixed-definitions",
        $"The figures follow different definitions ({string.Join(", ", definitions)}); they cannot be added.",
        $"这些数字采用不同的定义（{string.Join("、", definitions)}），不能相加。", "definition") with
    {
        Hint = offered.Count > 0 ? Bridging.Offer(offered)
            : new("Choose one with \"definition=…\", or add definition to --by. No published bridge joins them.", "用 definition=… 选择其一，或在 --by 中加入 definition。尚无已发布的换算方法。"),
    };

    public static Error NoBridge(string id, IEnumerable<string> known) => Error.NotFound("query.no-bridge",
        $"There is no bridge \"{id}\".", $"没有换算方法“{id}”。", "bridge")
        .WithHint($"There are {string.Join(", ", known)}.", $"现有：{string.Join("、", known)}。");

    public static Error BridgeFitsNothing(IReadOnlyList<Contracts.DefinitionBridge> bridges, bool outside)
    {
        var names = string.Join(", ", bridges.Select(bridge => $"{bridge.Id}: {bridge.Component} {bridge.From} → {bridge.To}{(bridge.ValidFrom is null ? "" : $", {bridge.ValidFrom:yyyy-MM-dd} … {bridge.ValidTo:yyyy-MM-dd}")}"));
        return Error.Refused("query.bridge-not-applicable",
            outside ? "The figures lie outside the dates for which the bridge was measured." : "The bridge leads from a unit or definition that none of these figures has.",
            outside ? "这些数字不在该换算方法适用的日期之内。" : "这些数字都不属于该换算方法的起始单位或定义。", "bridge").WithHint($"What it covers: {names}.", $"适用范围：{names}。");
    }

    public static Error BridgeMeasure(string measure) => Error.Refused("query.bridge-measure",
        $"A bridge adjusts figures and sums, not the measure {measure}.", $"换算方法只用于数字和合计，不用于度量 {measure}。", "bridge")
        .WithHint("Use --measure sum, or list the figures.", "请用 --measure sum，或列出数字。");

    public static Error BridgeNeedsPeriod(Contracts.DefinitionBridge bridge) => Error.Refused("query.bridge-needs-period",
        $"The bridge {bridge.Id} was measured for certain dates only, and the sum reaches beyond them.", $"换算方法 {bridge.Id} 只适用于特定日期，而合计超出其范围。", "bridge")
        .WithHint($"Ask with --from and --to inside {bridge.ValidFrom:yyyy-MM-dd} … {bridge.ValidTo:yyyy-MM-dd}, or add period to --by.", $"请将 --from 和 --to 置于 {bridge.ValidFrom:yyyy-MM-dd} … {bridge.ValidTo:yyyy-MM-dd} 之内，或在 --by 中加入 period。");

    public static Error NoQuantity(string id, IEnumerable<string> known) => Error.NotFound("query.no-quantity",
        $"There is no quantity \"{id}\" for which several sources speak.", $"没有由多个来源给出的数量“{id}”。")
        .WithHint($"There are {string.Join(", ", known)}.", $"现有：{string.Join("、", known)}。");

    public static Error AcrossLists { get; } = Error.Refused("query.across-lists",
        "Figures of different sources are put beside each other, never added, averaged or ranked together.", "不同来源的数字只并列，绝不相加、平均或一起排名。", "measure")
        .WithHint("Leave out --measure, --pivot, --release and --history, or ask one of the series.", "请去掉 --measure、--pivot、--release 和 --history，或查询其中一个数列。");

    public static Error NeedsGrouping(string measure, string column) => Error.Invalid("query.needs-grouping",
        $"The measure {measure} needs {column} in --by.", $"度量 {measure} 需要在 --by 中包含 {column}。", "by");

    public static Error TooMany(string what, long limit) => Error.TooLarge("query.too-many",
        $"The answer has more than {limit} {what}.", $"答案超过 {limit} 个（{what}）。").WithHint("Narrow the question or page through it.", "请缩小范围或分页查询。");

    private static Error Hinted(Error error, string? near, string? en, string? zh) => near is not null
        ? error.WithHint($"Did you mean {near}?", $"是否指 {near}？")
        : en is not null ? error.WithHint(en, zh!) : error;
}
