using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Waymark.Model;

/// <summary>
/// All countries, areas, groups and residuals with what publishers call them, as one immutable value. Built from the areas
/// pack; answers exactly and never guesses. Safe for any number of threads.
/// </summary>
public sealed class AreaRegistry
{
    private static readonly LocalText Ambiguous =
        new("The text has meant different areas at different times.", "该文字在不同时期指不同地区。");

    private readonly FrozenDictionary<string, Area> _byCode;
    private readonly FrozenDictionary<string, FrozenDictionary<string, AreaAlias[]>> _byScheme;
    private readonly FrozenDictionary<string, AreaMembership[]> _members;
    private readonly FrozenDictionary<string, AreaMembership[]> _groups;

    /// <summary>Codes must be unique and aliases and memberships must name known codes; the pack reader checks both.</summary>
    public AreaRegistry(
        IEnumerable<Area> areas,
        IEnumerable<AreaAlias> aliases,
        IEnumerable<AreaMembership> memberships,
        IEnumerable<AreaChange>? changes = null)
    {
        All = [.. areas.OrderBy(area => area.Code, StringComparer.Ordinal)];
        _byCode = All.ToFrozenDictionary(area => area.Code, StringComparer.Ordinal);
        _byScheme = aliases.GroupBy(alias => alias.Scheme, StringComparer.Ordinal).ToFrozenDictionary(
            scheme => scheme.Key,
            scheme => scheme.GroupBy(alias => AreaText.Normalise(alias.Text), StringComparer.Ordinal)
                .ToFrozenDictionary(text => text.Key, text => text.ToArray(), StringComparer.Ordinal),
            StringComparer.Ordinal);
        var all = memberships.ToList();
        _members = Group(all, membership => membership.Group);
        _groups = Group(all, membership => membership.Member);
        Changes = [.. (changes ?? []).OrderBy(change => change.Day)];
    }

    /// <summary>Every area, in ordinal order of codes.</summary>
    public IReadOnlyList<Area> All { get; }

    /// <summary>Changes of statehood and territory, oldest first.</summary>
    public IReadOnlyList<AreaChange> Changes { get; }

    public IEnumerable<string> Schemes => _byScheme.Keys.Order(StringComparer.Ordinal);

    public Area? Get(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>True for what may be summed with its peers; false for regions, groups, the world and unknown codes.</summary>
    public bool IsLeaf(string code) => Get(code) is { IsLeaf: true };

    /// <summary>
    /// The area a publisher means by <paramref name="text"/>. With <paramref name="at"/>, names that were not in use in that
    /// period do not count; without it, a text that meant two areas is ambiguous.
    /// </summary>
    public AreaMatch Resolve(string scheme, ReadOnlySpan<char> text, Period? at = null)
    {
        if (scheme == AreaSchemes.Code)
        {
            return _byCode.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text.Trim(), out var area)
                ? new(AreaMatchKind.Mapped, area.Code) : default;
        }

        if (!_byScheme.TryGetValue(scheme, out var aliases))
        {
            return default;
        }

        // Keys are normalised, so a text that is a key needs no normalising; most cells of a publisher's file are.
        var lookup = aliases.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var found))
        {
            return Choose(found, at);
        }

        Span<char> normal = stackalloc char[AreaText.Longest];
        var length = AreaText.Normalise(text, normal);
        return length <= 0 || !lookup.TryGetValue(normal[..length], out found) ? default : Choose(found, at);
    }

    /// <summary>The same for UTF-8 text; no allocation for text in NFC.</summary>
    public AreaMatch Resolve(string scheme, ReadOnlySpan<byte> utf8, Period? at = null)
    {
        Span<char> text = stackalloc char[AreaText.Longest];
        return utf8.Length <= AreaText.Longest * 3 && Encoding.UTF8.TryGetChars(utf8, text, out var length)
            ? Resolve(scheme, text[..length], at) : default;
    }

    /// <summary>
    /// The first scheme that maps the text decides; when none does, the first that knows it gives the reason. A publisher's own
    /// scheme stands before <see cref="AreaSchemes.AnyName"/>.
    /// </summary>
    public AreaMatch Resolve(IReadOnlyList<string> schemes, ReadOnlySpan<char> text, Period? at = null)
    {
        var known = default(AreaMatch);
        foreach (var scheme in schemes)
        {
            var match = Resolve(scheme, text, at);
            if (match.IsMapped)
            {
                return match;
            }

            known = known.Kind == AreaMatchKind.Unknown ? match : known;
        }

        return known;
    }

    /// <summary>
    /// What publishers call an area: the texts of a scheme that lead to <paramref name="code"/>.
    /// </summary>
    public IEnumerable<string> AliasesOf(string code, string scheme) =>
        _byScheme.TryGetValue(scheme, out var aliases)
            ? aliases.Values.SelectMany(texts => texts).Where(alias => alias.Code == code).Select(alias => alias.Text).Order(StringComparer.Ordinal)
            : [];

    /// <summary>The members of a group or region, in ordinal order; on the last day of <paramref name="at"/>, or of every time.</summary>
    public IReadOnlyList<string> Members(string group, Period? at = null) =>
        [.. In(_members, group, at).Select(membership => membership.Member).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The groups and regions an area belongs to.</summary>
    public IReadOnlyList<string> GroupsOf(string code, Period? at = null) =>
        [.. In(_groups, code, at).Select(membership => membership.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The areas that followed a dissolved one, or split off.</summary>
    public IEnumerable<AreaChange> SuccessorsOf(string code) => Changes.Where(change => change.From == code);

    /// <summary>Areas in the order a reader of the language expects (Chinese by pinyin); codes decide between equal names.</summary>
    public IReadOnlyList<Area> Sorted(string language, IEnumerable<Area>? areas = null)
    {
        var culture = CultureInfo.GetCultureInfo(language == "zh" ? "zh-Hans-CN" : language);
        var order = Comparer<string>.Create((left, right) => culture.CompareInfo.Compare(left, right, CompareOptions.None));
        return [.. (areas ?? All).OrderBy(area => area.Name.In(language), order).ThenBy(area => area.Code, StringComparer.Ordinal)];
    }

    private static AreaMatch Choose(AreaAlias[] found, Period? at)
    {
        AreaAlias? chosen = null;
        foreach (var alias in found)
        {
            if (at is { } period && !Overlaps(alias, period))
            {
                continue;
            }

            if (chosen is not null && chosen.Code != alias.Code)
            {
                return new(AreaMatchKind.Ambiguous, null, Ambiguous);
            }

            chosen ??= alias;
        }

        return chosen switch
        {
            null => default,
            { Code: null } => new(AreaMatchKind.NotAnArea, null, chosen.Reason),
            _ => new(AreaMatchKind.Mapped, chosen.Code, chosen.Reason),
        };
    }

    private static bool Overlaps(AreaAlias alias, Period period) =>
        (alias.ValidFrom is null || alias.ValidFrom <= period.LastDay) && (alias.ValidTo is null || period.FirstDay <= alias.ValidTo);

    private static IEnumerable<AreaMembership> In(FrozenDictionary<string, AreaMembership[]> index, string code, Period? at)
    {
        var found = index.GetValueOrDefault(code) ?? [];
        return at is { } period && period.Granularity != Granularity.Undated
            ? found.Where(membership => membership.IsValidAt(period.LastDay)) : found;
    }

    private static FrozenDictionary<string, AreaMembership[]> Group(IEnumerable<AreaMembership> all, Func<AreaMembership, string> by) =>
        all.GroupBy(by, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}
