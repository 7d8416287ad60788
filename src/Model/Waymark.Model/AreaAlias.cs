namespace Waymark.Model;

/// <summary>
/// What one publisher calls an area: a code or a name in a scheme ("un-desa", "world-bank-name", "eurostat-code" …).
/// <paramref name="Code"/> is an area code of the registry, or null when the text is known and deliberately stands for no
/// area; <paramref name="Reason"/> then says why. Valid dates are ISO days, both included; null is open.
/// </summary>
public sealed record AreaAlias(string Scheme, string Text, string? Code, DateOnly? ValidFrom = null, DateOnly? ValidTo = null, LocalText? Reason = null);

/// <summary>That an area belongs to a group or region, in which days, and who says so (<paramref name="AsOf"/>: the edition).</summary>
public sealed record AreaMembership(string Group, string Member, DateOnly? ValidFrom = null, DateOnly? ValidTo = null, string? AsOf = null)
{
    public bool IsValidAt(DateOnly day) => (ValidFrom is null || ValidFrom <= day) && (ValidTo is null || day <= ValidTo);
}

/// <summary>A change of statehood or territory: on <paramref name="Day"/>, <paramref name="From"/> became or gave rise to <paramref name="To"/>.</summary>
public sealed record AreaChange(DateOnly Day, string Kind, string From, string To, LocalText Note);

public enum AreaMatchKind : byte
{
    /// <summary>Nobody has said what this text means; it is kept, listed and never guessed.</summary>
    Unknown,

    /// <summary>The text stands for an area of the registry.</summary>
    Mapped,

    /// <summary>The text is known and stands for no area on purpose ("Total", a passport of an order); the reason is given.</summary>
    NotAnArea,

    /// <summary>The text has meant different areas at different times and no period was given.</summary>
    Ambiguous,
}

/// <summary>The answer to "which area is this?". <see cref="Code"/> is null unless the text is mapped.</summary>
public readonly record struct AreaMatch(AreaMatchKind Kind, string? Code = null, LocalText? Reason = null)
{
    public bool IsMapped => Kind == AreaMatchKind.Mapped;
}

/// <summary>Names of the schemes that the built-in areas pack carries.</summary>
public static class AreaSchemes
{
    public const string Iso3 = "iso3";
    public const string Iso2 = "iso2";
    public const string M49 = "m49";
    public const string UnDesa = "un-desa";
    public const string UnName = "un-name";
    public const string UnhcrName = "unhcr-name";
    public const string UnhcrCode = "unhcr-code";
    public const string WorldBankCode = "world-bank-code";
    public const string WorldBankName = "world-bank-name";
    public const string EurostatCode = "eurostat-code";
    public const string EurostatLabel = "eurostat-label";
    public const string IomMissingMigrants = "iom-mmp";
    public const string Idmc = "idmc";
    public const string PassportIndex = "passport-index";
    public const string AnyName = "any-name";
    public const string UnhcrLegacyCode = "unhcr-legacy-code";
    public const string FrontexRoute = "frontex-route";
    public const string AbelRegion = "abel-region";

    /// <summary>Data codes of the tidy tables of IOM: ISO 3166-1 alpha-3 with OOO, OOS, STL, UNK, XCX, XKX, AB9, EU27.</summary>
    public const string IomTidy = "iom-gidr";

    /// <summary>The registry's own codes; every area is found by it.</summary>
    public const string Code = "code";
}
