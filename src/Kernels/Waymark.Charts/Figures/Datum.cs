using Waymark.Model;

namespace Waymark.Charts;

/// <summary>
/// One figure as a chart may see it: a number with its status and, for estimates, its interval; or a gap with its reason.
/// What the publisher or the release gate withheld loses its number here, at construction, so that no path, attribute,
/// class, scale end, text or table can carry it (misuse M46).
/// </summary>
public sealed record Datum
{
    private Datum(double? value, double? low, double? high, ObservationStatus status) =>
        (Value, Low, High, Status) = (value, low, high, status);

    /// <summary>The number in the unit of the figure; null when there is none, never zero in its place.</summary>
    public double? Value { get; }

    /// <summary>Lower end of the stated interval, same unit.</summary>
    public double? Low { get; }

    /// <summary>Upper end of the stated interval, same unit.</summary>
    public double? High { get; }

    /// <summary>SDMX observation status; says why there is no number when there is none.</summary>
    public ObservationStatus Status { get; }

    public bool IsMissing => Value is null;

    public bool IsSuppressed => Status == ObservationStatus.Suppressed;

    public bool IsProvisional => Status == ObservationStatus.Provisional && !IsMissing;

    public bool IsProjected => Status == ObservationStatus.Forecast && !IsMissing;

    public bool HasInterval => Low is not null && High is not null;

    /// <summary>
    /// A number. A status that means "no number", a confidentiality other than free, or a number that is not finite
    /// gives a gap: the number is not kept anywhere.
    /// </summary>
    public static Datum Of(
        double value,
        ObservationStatus status = ObservationStatus.Normal,
        double? low = null,
        double? high = null,
        ConfidentialityStatus confidentiality = ConfidentialityStatus.Free)
    {
        if (confidentiality != ConfidentialityStatus.Free)
        {
            return Gap(ObservationStatus.Suppressed);
        }

        if (status.IsMissing())
        {
            return Gap(status);
        }

        if (!double.IsFinite(value))
        {
            return Gap(ObservationStatus.Missing);
        }

        var interval = low is { } l && high is { } h && double.IsFinite(l) && double.IsFinite(h) && l <= h;
        return new(value, interval ? low : null, interval ? high : null, status);
    }

    /// <summary>No number, for the given reason; a status that is no reason becomes "missing".</summary>
    public static Datum Gap(ObservationStatus reason = ObservationStatus.Missing) =>
        new(null, null, null, reason.IsMissing() ? reason : ObservationStatus.Missing);
}
