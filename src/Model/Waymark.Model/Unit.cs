namespace Waymark.Model;

/// <summary>What one unit of a count is. Detections are not persons, applications are not applicants: they never add.</summary>
public enum CountOf : byte
{
    /// <summary>Not a count (a rate, a share, an amount, an index).</summary>
    Nothing,
    Person,
    Event,
    Incident,
    Detection,
    Application,
    Decision,
    Permit,
    Case,
    Interview,
    Household,
    Displacement,
    CountryOrArea,
    Rule,
}

/// <summary>
/// A unit of measure from the code list pack. <paramref name="Scale"/> is the power of ten of one published unit
/// ("thousands" = 3). A share names its <paramref name="Denominator"/>: two shares of one numerator with different
/// denominators are different units.
/// </summary>
public sealed record Unit(string Code, LocalText Name, CountOf Counts, int Scale = 0, string? Denominator = null)
{
    /// <summary>Units may be added or compared only when the same thing is counted in the same scale over the same base.</summary>
    public bool IsCommensurableWith(Unit other) =>
        Code == other.Code || (Counts != CountOf.Nothing && Counts == other.Counts && Denominator == other.Denominator);
}
