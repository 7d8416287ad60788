namespace Waymark.Model;

public enum AreaKind : byte
{
    /// <summary>A country or area of its own ("countries or areas" in heads).</summary>
    CountryOrArea,

    /// <summary>A country or area that no longer exists under this code.</summary>
    Dissolved,

    /// <summary>A geographical region (M49).</summary>
    Region,

    /// <summary>An income or development group.</summary>
    Group,

    /// <summary>The whole world.</summary>
    World,

    /// <summary>A place below or between countries, a sea area.</summary>
    Place,

    /// <summary>A residual of origin or destination: unknown, stateless, various, other.</summary>
    Residual,
}

/// <summary>
/// A country, area, group or residual with its validity in time. <paramref name="Code"/> is ISO 3166-1 alpha-3 for
/// countries and areas, the M49 number for regions ("150"), <c>WORLD</c>, or a code of the pack for the rest
/// ("UNK", "STA", "XKX", "AB9"). Names and designations come from the areas pack alone.
/// </summary>
public sealed record Area(
    string Code,
    AreaKind Kind,
    LocalText Name,
    string? Iso2 = null,
    string? M49 = null,
    string? ValidFrom = null,
    string? ValidTo = null,
    LocalText? Note = null)
{
    /// <summary>True for what may be summed with its peers to a world total; aggregates never are.</summary>
    public bool IsLeaf => Kind is AreaKind.CountryOrArea or AreaKind.Dissolved or AreaKind.Place or AreaKind.Residual;
}
