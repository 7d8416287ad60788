namespace Waymark.Model;

/// <summary>
/// SDMX code list CL_OBS_STATUS 2.2, the letters that published migration statistics use. Every gap has a reason:
/// a missing value is one of <see cref="MissingCannotExist"/>, <see cref="Missing"/>, <see cref="NotCollected"/>,
/// <see cref="Suppressed"/>, never zero.
/// </summary>
public enum ObservationStatus : byte
{
    Normal = (byte)'A',
    Break = (byte)'B',
    DefinitionDiffers = (byte)'D',
    Estimated = (byte)'E',
    Forecast = (byte)'F',
    Imputed = (byte)'I',

    /// <summary>Missing; data were not collected.</summary>
    NotCollected = (byte)'L',

    /// <summary>Missing; data cannot exist (not applicable).</summary>
    MissingCannotExist = (byte)'M',
    NotSignificant = (byte)'N',

    /// <summary>Missing; the source gives no reason.</summary>
    Missing = (byte)'O',
    Provisional = (byte)'P',

    /// <summary>Missing; withheld by the publisher to protect persons.</summary>
    Suppressed = (byte)'Q',
    LowReliability = (byte)'U',
    Unvalidated = (byte)'V',
}

/// <summary>SDMX code list CL_CONF_STATUS.</summary>
public enum ConfidentialityStatus : byte
{
    Free = (byte)'F',
    NotForPublication = (byte)'N',
    Confidential = (byte)'C',
    SecondaryConfidential = (byte)'S',
    SecondaryBySender = (byte)'D',
}

/// <summary>How the published figure relates to the true one.</summary>
public enum Comparator : byte
{
    /// <summary>The figure is stated flatly.</summary>
    Equal,

    /// <summary>"At least": the figure is a lower bound.</summary>
    AtLeast,

    /// <summary>"At most": the figure is an upper bound.</summary>
    AtMost,

    /// <summary>"About": the figure is approximate by the source's own word.</summary>
    About,

    /// <summary>The source gives a lower and an upper figure.</summary>
    Between,

    /// <summary>There is no figure; the observation status says why.</summary>
    None,

    /// <summary>The value is a code of a code list (a visa kind, a legal mode), not a number.</summary>
    Code,
}

public static class StatusExtensions
{
    /// <summary>The one-letter SDMX code.</summary>
    public static string Letter(this ObservationStatus status) => ((char)status).ToString();

    public static string Letter(this ConfidentialityStatus status) => ((char)status).ToString();

    /// <summary>The sign used in tables and files: = &gt;= &lt;= ~ .. ; empty when there is no number.</summary>
    public static string Sign(this Comparator comparator) => comparator switch
    {
        Comparator.Equal => "=",
        Comparator.AtLeast => ">=",
        Comparator.AtMost => "<=",
        Comparator.About => "~",
        Comparator.Between => "..",
        _ => "",
    };

    /// <summary>True when the status says that there is no figure.</summary>
    public static bool IsMissing(this ObservationStatus status) => status is ObservationStatus.NotCollected
        or ObservationStatus.MissingCannotExist or ObservationStatus.Missing or ObservationStatus.Suppressed;
}
