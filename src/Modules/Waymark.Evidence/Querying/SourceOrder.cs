using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>The figure of one source for one key. <see cref="Obstacle"/>: why it may not stand for the quantity.</summary>
internal sealed record SourcedFigure
{
    public required IReadOnlyList<string> Codes { get; init; }

    public required string Period { get; init; }

    public required QueryCell Value { get; init; }

    public required string Status { get; init; }

    public required string Unit { get; init; }

    public required string Series { get; init; }

    public required string Publisher { get; init; }

    public required string Tier { get; init; }

    public required int TierRank { get; init; }

    public required string Release { get; init; }

    public required long ReleaseOrder { get; init; }

    public required int Order { get; init; }

    public required string? Definition { get; init; }

    public required string? Bridge { get; init; }

    public required LocalText? Obstacle { get; init; }

    public required bool IsDescribed { get; init; }

    public required LocalText? Note { get; init; }

    public string Standing { get; init; } = "";

    public LocalText Reason { get; init; } = LocalText.In("en", "");

    /// <summary>Figures of one year meet, whatever day of it they speak for; other periods only where they are equal.</summary>
    public string Key => string.Join('\u001f', Codes.Append(Time));

    /// <summary>Keys in order of codes and time.</summary>
    public string Sorting => string.Join('\u001f', Codes.Append(Time.PadLeft(12)));

    private string Time => Model.Period.TryParse(Period, out var period) && period.Granularity == Granularity.Year
        ? period.FirstYear.ToString(System.Globalization.CultureInfo.InvariantCulture) : Period;

    public static IReadOnlyList<QueryColumn> Columns(IEnumerable<QueryColumn> dimensions) =>
    [
        .. dimensions,
        new("period", new("Period", "时期"), ColumnRole.Period),
        new("value", new("Value", "数值"), ColumnRole.Measure),
        new("status", new("Status", "状态"), ColumnRole.Attribute),
        new("unit", new("Unit", "单位"), ColumnRole.Attribute),
        new("standing", new("Standing", "地位"), ColumnRole.Attribute),
        new("series", new("Series", "数列"), ColumnRole.Attribute),
        new("publisher", new("Publisher", "发布者"), ColumnRole.Attribute),
        new("tier", new("Kind of source", "来源级别"), ColumnRole.Attribute),
        new("release", new("Release", "版本"), ColumnRole.Attribute),
        new("definition", new("Definition", "定义"), ColumnRole.Attribute),
        new("upper", new("Upper end", "上限"), ColumnRole.Attribute),
        new("bridge", new("Bridge", "换算方法"), ColumnRole.Attribute),
        new("reason", new("Reason", "理由"), ColumnRole.Attribute),
        new("reason-zh", new("Reason, in Chinese", "理由（中文）"), ColumnRole.Attribute),
    ];

    public IReadOnlyList<QueryCell> Row() =>
    [
        .. Codes.Select(QueryCell.Of), QueryCell.Of(Period), Value, QueryCell.Of(Status), QueryCell.Of(Unit), QueryCell.Of(Standing), QueryCell.Of(Series),
        QueryCell.Of(Publisher), QueryCell.Of(Tier), QueryCell.Of(Release), QueryCell.Of(Definition), QueryCell.Of(Value.Upper), QueryCell.Of(Bridge),
        QueryCell.Of(Reason.In("en")), QueryCell.Of(Reason.In("zh")),
    ];
}

/// <summary>
/// The two-tier order (R45, S016): official sources first; then organisations, research, civil society, media. Between sources of
/// one kind the newer edition, then the order in the pack. Only figures that follow the definition take part.
/// </summary>
internal static class SourceOrder
{
    public const string Chosen = "chosen";
    public const string Alternative = "alternative";
    public const string Refused = "not-comparable";

    public static IEnumerable<SourcedFigure> Of(IEnumerable<SourcedFigure> figures)
    {
        var all = figures.ToList();
        var ranked = all.Where(figure => figure.Obstacle is null && figure.Value.Number is not null)
            .OrderBy(figure => figure.TierRank).ThenByDescending(figure => figure.ReleaseOrder).ThenBy(figure => figure.Order).ToList();
        var best = ranked.Count > 0 ? ranked[0] : null;
        foreach (var figure in ranked)
        {
            yield return figure with
            {
                Standing = ReferenceEquals(figure, best) ? Chosen : Alternative,
                Reason = Full(figure, ReferenceEquals(figure, best) ? WhyFirst(figure, ranked) : WhyLater(figure, best!)),
            };
        }

        foreach (var figure in all.Where(figure => figure.Obstacle is null && figure.Value.Number is null))
        {
            yield return figure with { Standing = Alternative, Reason = Full(figure, new("no figure is given; the status says why", "未给出数字，原因见状态")) };
        }

        foreach (var figure in all.Where(figure => figure.Obstacle is not null).OrderBy(figure => figure.TierRank).ThenBy(figure => figure.Order))
        {
            yield return figure with { Standing = Refused, Reason = Full(figure, figure.Obstacle!) };
        }
    }

    private static LocalText WhyFirst(SourcedFigure figure, List<SourcedFigure> ranked) => ranked.Count == 1
        ? new("the only source that follows the definition", "唯一采用该定义的来源")
        : figure.TierRank < ranked[1].TierRank
            ? figure.TierRank == 0 ? new("official sources come first", "官方来源在先") : new($"{figure.Tier} comes before {ranked[1].Tier}, and no official source speaks", $"{figure.Tier} 先于 {ranked[1].Tier}，且无官方来源")
            : figure.ReleaseOrder > ranked[1].ReleaseOrder ? new("the newer edition among sources of one kind", "同级来源中版本较新") : new("the first in the order of the pack among equals", "同级来源中按数据包顺序在先");

    private static LocalText WhyLater(SourcedFigure figure, SourcedFigure best) => figure.TierRank > best.TierRank
        ? best.TierRank == 0 ? new($"an official source speaks ({best.Series})", $"已有官方来源（{best.Series}）") : new($"{best.Tier} comes first ({best.Series})", $"{best.Tier} 在先（{best.Series}）")
        : figure.ReleaseOrder < best.ReleaseOrder ? new($"an older edition than that of {best.Series}", $"版本早于 {best.Series}") : new($"after {best.Series} in the order of the pack", $"按数据包顺序在 {best.Series} 之后");

    private static LocalText Full(SourcedFigure figure, LocalText reason)
    {
        var (en, zh) = (reason.In("en"), reason.In("zh"));
        if (!figure.IsDescribed)
        {
            (en, zh) = ($"{en}; its definition is not described", $"{zh}；其定义未加说明");
        }

        return figure.Note is { } note ? new($"{en}. {note.In("en")}", $"{zh}。{note.In("zh")}") : new(en, zh);
    }
}
