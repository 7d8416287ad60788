namespace Waymark.Rules;

/// <summary>What follows for the request. There is no third outcome: whatever is not a permit is a deny.</summary>
public enum Effect : byte
{
    Deny,
    Permit,
}

/// <summary>Why a decision fell as it did; of several grounds the first in this order.</summary>
public enum Ground : byte
{
    /// <summary>Every selected pack permits.</summary>
    Permitted,

    /// <summary>A fact that every request must carry is missing.</summary>
    Malformed,

    /// <summary>A pack that the controller's profile lists is absent or different.</summary>
    ProfileBroken,

    /// <summary>A prohibition holds, or may hold.</summary>
    Prohibited,

    /// <summary>A pre-condition is not surely met.</summary>
    Unmet,

    /// <summary>A selected pack has no permission that surely holds, or no pack grants at all.</summary>
    NotPermitted,

    /// <summary>A mandatory duty that the caller cannot carry out.</summary>
    DutyNotAccepted,
}

/// <summary>The decision alone, without reasons; made without allocation.</summary>
/// <param name="Effect">Permit or deny.</param>
/// <param name="Ground">Why.</param>
public readonly record struct Decision(Effect Effect, Ground Ground)
{
    public bool IsPermit => Effect == Effect.Permit;

    internal static Decision Deny(Ground ground) => new(Effect.Deny, ground);
}

/// <summary>Which mandatory duties the caller can carry out; made by <see cref="RulePackSet.Accepting"/>.</summary>
public sealed class DutyAcceptance
{
    internal DutyAcceptance(bool[] byRule) => ByRule = byRule;

    internal bool[] ByRule { get; }
}

/// <summary>
/// A pack that a controller's signed profile lists; the vocabulary is listed as <c>vocabulary/rules</c>. When it is absent, or its hash differs, everything it covers is denied:
/// requests whose scope facts have one of the codes in <paramref name="Covers"/>, all requests when that is null.
/// </summary>
public sealed record ListedPack(string Id, string Hash, IReadOnlyDictionary<string, IReadOnlyList<string>>? Covers = null);
