using Waymark.Model;

namespace Waymark.Charts;

/// <summary>The few fixed words of charts, in English and Chinese.</summary>
internal static class Words
{
    public static readonly LocalText NoData = new("No data", "无数据");
    public static readonly LocalText NoDataOrStatus = new("No data or not agreed", "无数据或未商定");
    public static readonly LocalText Provisional = new("p provisional", "p 暂定");
    public static readonly LocalText Projected = new("e projection", "e 预测");
    public static readonly LocalText Interval = new("band: interval", "色带：区间");
    public static readonly LocalText Break = new("| break in series", "| 序列中断");
    public static readonly LocalText Gap = new("gap: no figure", "空缺：无数据");
    public static readonly LocalText Period = new("Period", "时期");
    public static readonly LocalText Name = new("Name", "名称");
    public static readonly LocalText Area = new("Country or area", "国家或地区");
    public static readonly LocalText Low = new("lower end", "下限");
    public static readonly LocalText High = new("upper end", "上限");
    public static readonly LocalText Status = new("Status", "状态");
    public static readonly LocalText Other = new("Other", "其他");
    public static readonly LocalText Source = new("Source", "来源");
    public static readonly LocalText Vintage = new("release", "版本");
    public static readonly LocalText Operator = new("the operator of this service", "本服务运营方");

    public static bool IsChinese(string language) =>
        language == "zh" || language.StartsWith("zh-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why there is no number.</summary>
    public static LocalText Reason(ObservationStatus status) => status switch
    {
        ObservationStatus.Suppressed => new("not shown, to protect people", "为保护个人不予显示"),
        ObservationStatus.NotCollected => new("not collected", "未收集"),
        ObservationStatus.MissingCannotExist => new("not applicable", "不适用"),
        _ => new("no figure given", "未提供数据"),
    };

    /// <summary>What a status adds to a number, in words; empty when nothing.</summary>
    public static LocalText Mark(ObservationStatus status) => status switch
    {
        ObservationStatus.Provisional => new("provisional", "暂定"),
        ObservationStatus.Forecast => new("projection", "预测"),
        ObservationStatus.Estimated => new("estimate", "估计"),
        ObservationStatus.Imputed => new("imputed", "插补"),
        ObservationStatus.Break => new("break in series", "序列中断"),
        ObservationStatus.DefinitionDiffers => new("definition differs", "定义不同"),
        ObservationStatus.LowReliability => new("low reliability", "可靠性低"),
        ObservationStatus.NotSignificant => new("not significant", "不显著"),
        ObservationStatus.Unvalidated => new("not validated", "未经核实"),
        _ => LocalText.Empty,
    };

    /// <summary>A datum as a table cell: exact number, or the reason for the gap.</summary>
    public static string Cell(Datum datum, string language) =>
        datum.Value is { } value ? NumberText.Exact(value) : Reason(datum.Status).In(language);

    public static string Join(IEnumerable<string> parts, string language) =>
        string.Join(IsChinese(language) ? "；" : "; ", parts.Where(p => p.Length > 0));
}
