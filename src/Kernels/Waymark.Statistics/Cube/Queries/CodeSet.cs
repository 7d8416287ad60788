using Waymark.Model;

namespace Waymark.Statistics.Cube.Queries;

/// <summary>A set of codes of one dimension: a condition on the code, compiled to a bitmap over the dictionary of a snapshot.</summary>
public sealed class CodeSet
{
    private readonly Func<string, bool> _contains;

    private CodeSet(Func<string, bool> contains, IReadOnlyCollection<string> named) => (_contains, Named) = (contains, named);

    /// <summary>The codes that were asked for by name; those the cube does not know can be told to the reader.</summary>
    public IReadOnlyCollection<string> Named { get; }

    public static CodeSet All { get; } = new(static _ => true, []);

    public static CodeSet Of(params IEnumerable<string> codes)
    {
        var set = codes.ToHashSet(StringComparer.Ordinal);
        return new(set.Contains, set);
    }

    public static CodeSet Where(Func<string, bool> condition) => new(condition, []);

    public bool Contains(string code) => _contains(code);

    public CodeSet And(CodeSet other) => new(code => Contains(code) && other.Contains(code), [.. Named, .. other.Named]);

    public CodeSet Or(CodeSet other) => new(code => Contains(code) || other.Contains(code), [.. Named, .. other.Named]);

    public CodeSet Except(CodeSet other) => new(code => Contains(code) && !other.Contains(code), Named);
}

/// <summary>
/// The leaves of one dimension: codes that may be summed with each other to a total. Which codes are leaves is known to the
/// code lists; the cube only keeps aggregates out when it is told.
/// </summary>
public sealed record LeafSet(string Dimension, CodeSet Codes)
{
    /// <summary>Leaves of a hierarchy: codes that are nobody's parent.</summary>
    public static LeafSet OfHierarchy(string dimension, IEnumerable<KeyValuePair<string, string?>> parentByCode)
    {
        var pairs = parentByCode.ToList();
        var parents = pairs.Where(pair => pair.Value is not null).Select(pair => pair.Value!).ToHashSet(StringComparer.Ordinal);
        return new(dimension, CodeSet.Of(pairs.Select(pair => pair.Key).Where(code => !parents.Contains(code))));
    }
}

/// <summary>A set of observation statuses.</summary>
public readonly record struct StatusSet(uint Bits)
{
    public static StatusSet All { get; } = new(uint.MaxValue);

    /// <summary>All that have a figure.</summary>
    public static StatusSet Figures { get; } = new(All.Bits & ~Of(
        ObservationStatus.Missing, ObservationStatus.NotCollected, ObservationStatus.Suppressed, ObservationStatus.MissingCannotExist).Bits);

    public static StatusSet Of(params ReadOnlySpan<ObservationStatus> statuses)
    {
        var bits = 0u;
        foreach (var status in statuses)
        {
            bits |= Bit(status);
        }

        return new(bits);
    }

    public bool Contains(ObservationStatus status) => (Bits & Bit(status)) != 0;

    private static uint Bit(ObservationStatus status) => 1u << ((byte)status - 'A');
}
