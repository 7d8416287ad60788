using Waymark.Model;

namespace Waymark.Pages;

/// <summary>Units of measure from their pack, for pages.</summary>
public sealed class UnitNames(IReadOnlyDictionary<string, Unit> units)
{
    /// <summary>The unit; one that no pack declares is named by its code and counts nothing.</summary>
    public Unit Get(string code) => units.TryGetValue(code, out var unit) ? unit : new Unit(code, LocalText.In("en", code), CountOf.Nothing);

    public string Name(string code, string language) => Get(code).Name.In(language);
}
