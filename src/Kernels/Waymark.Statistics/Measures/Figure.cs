using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>
/// One figure with all that decides whether it may meet another: unit and definition by id, period, the vintage it was read
/// at, status and comparator. <paramref name="Upper"/> is the upper end of a range.
/// </summary>
public sealed record Figure(
    decimal Value,
    string Unit,
    string Definition,
    Period Period,
    int Vintage = 0,
    ObservationStatus Status = ObservationStatus.Normal,
    Comparator Comparator = Comparator.Equal,
    decimal? Upper = null)
{
    /// <summary>Where the true figure lies; null for "about", which states no width.</summary>
    public Interval? Interval => Measures.Interval.Of(Value, Comparator, Upper);
}

/// <summary>Refusals that keep unlike figures apart (evidence.md 2.3).</summary>
public static class Comparability
{
    public static Error? Units(Figure left, Figure right) => left.Unit == right.Unit ? null : Refuse(
        "units", $"'{left.Unit}' and '{right.Unit}' are different units", $"“{left.Unit}”与“{right.Unit}”单位不同");

    public static Error? Definitions(Figure left, Figure right) => left.Definition == right.Definition ? null : Refuse(
        "definitions", $"'{left.Definition}' and '{right.Definition}' are different definitions", $"“{left.Definition}”与“{right.Definition}”定义不同");

    public static Error? Periods(Figure left, Figure right) => left.Period == right.Period ? null : Refuse(
        "periods", $"{Tell(left.Period)} and {Tell(right.Period)} are different periods", $"{Tell(left.Period)} 与 {Tell(right.Period)} 时期不同");

    /// <summary>Unit, definition and period.</summary>
    public static Error? All(Figure left, Figure right) => Units(left, right) ?? Definitions(left, right) ?? Periods(left, right);

    private static string Tell(Period period) => period.Basis == PeriodBasis.During ? period.ToString() : $"{period}-{period.BasisCode}";

    private static Error Refuse(string what, string en, string zh) =>
        Error.Refused($"statistics.{what}-differ", $"These figures do not compare: {en}.", $"这些数字不可比较：{zh}。")
            .WithHint("Name a bridge between them, or compare like with like.", "请指明二者之间的换算方法，或只比较同类数字。");
}
