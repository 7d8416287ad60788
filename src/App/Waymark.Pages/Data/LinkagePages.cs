using Microsoft.AspNetCore.Http;
using Waymark.Charts;
using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Pages.Data;

/// <summary>What the pages of linkage share: who sees them, and the plot of how often a threshold is wrong.</summary>
public static class LinkagePages
{
    private static readonly double[] s_thresholds = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99];

    /// <summary>Whether the role has anything to do here; for all others there is no such page.</summary>
    public static bool SeesLinkage(this HttpContext http, Actor? actor)
    {
        if (actor is not null && LinkageRoles.See.Contains(actor.Role, StringComparer.Ordinal))
        {
            return true;
        }

        http.LeaveNotLinkage();
        return false;
    }

    public static void LeaveNotLinkage(this HttpContext http) =>
        http.LeaveNotFound(Error.NotFound("linkage.none", "There is no such page of linkage, or your role has nothing to do there.", "没有此链接页面，或您的角色无权办理。"));

    /// <summary>False links expected at each threshold, with the interval in which a count of that mean lies 95 times of a hundred.</summary>
    public static Result<Rendering> Plot(RunReport report, DateTimeOffset at, ITexts texts)
    {
        var rows = s_thresholds.Append(report.Threshold).Distinct().Order().Select(threshold => (Threshold: threshold, Point: At(report, threshold))).Where(row => row.Point is not null)
            .Select((row, i) => new NamedDatum(
                "t" + i.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Both(language => texts.Format(language, Math.Abs(row.Threshold - report.Threshold) < 1e-9 ? "linkage.at-chosen" : "linkage.at",
                    ("threshold", row.Threshold.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)), ("links", row.Point!.Links))),
                Datum.Of(Math.Round(row.Point!.ExpectedFalse, 2), ObservationStatus.Estimated, Low(row.Point.ExpectedFalse), High(row.Point.ExpectedFalse)))).ToList();
        var head = new FigureHead
        {
            Id = "figure-calibration",
            Code = "WM-LINK",
            Finding = Both(language => texts.Format(language, "linkage.plot.finding", ("links", report.Links), ("false", Math.Round(report.ExpectedFalse, 1)))),
            Measure = Both(language => texts.In(language, "linkage.plot.measure")),
            Unit = new Unit("links", Both(language => texts.In(language, "linkage.plot.unit")), CountOf.Nothing),
            Place = new("", ""),
            Time = new("", ""),
            Source = Both(language => texts.In(language, "linkage.plot.source")),
            Vintage = at.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        };
        return Chart.Render(new DotFigure(head, rows), new ChartOptions(texts.Tag, 720));
    }

    /// <summary>A share in per cent with one decimal.</summary>
    public static string Share(double share, ITexts texts) => share.ToString("0.0 %", texts.Culture);

    private static CalibrationPoint? At(RunReport report, double threshold) => report.Calibration.FirstOrDefault(point => point.Threshold >= threshold - 1e-9);

    private static double Low(double mean) => Math.Round(Math.Max(0, mean - (1.96 * Math.Sqrt(mean))), 2);

    private static double High(double mean) => Math.Round(mean + (1.96 * Math.Sqrt(mean)) + 1, 2);

    private static LocalText Both(Func<string, string> text) => new(text("en"), text("zh"));
}
