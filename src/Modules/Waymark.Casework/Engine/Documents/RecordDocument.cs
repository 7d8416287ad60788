using Waymark.Casework.Registers;

namespace Waymark.Casework.Documents;

/// <summary>
/// A statement in a field: the value with who says so, how good the source is, how it may be handled and on which authority it is kept. Grades are those of
/// Europol's 4×4: source A–C or X, information 1–4.
/// <paramref name="At"/> is when it was entered, never the time it speaks of (M80).
/// </summary>
public sealed record Claim(string Id, FieldValue Value, string By, DateTimeOffset At)
{
    public string? Source { get; init; }

    public char? SourceGrade { get; init; }

    public char? InformationGrade { get; init; }

    public string? Handling { get; init; }

    /// <summary>The authority to process under which it is kept.</summary>
    public string? Authority { get; init; }

    public string? ValidFrom { get; init; }

    public string? ValidTo { get; init; }

    /// <summary>Purpose under which it was collected; a later label of the record does not change it (M13).</summary>
    public string? Purpose { get; init; }
}

/// <summary>
/// A field as it is: one claim in the usual case. Several stand side by side when sources disagree (<paramref name="IsConflict"/> false, a dispute) or when two
/// people changed it at the same time (<paramref name="IsConflict"/> true: a person must choose). <paramref name="Version"/> is the record's version that last changed it.
/// </summary>
public sealed record FieldState(long Version, IReadOnlyList<Claim> Claims, bool IsConflict = false);

/// <summary>A person with a role in the record.</summary>
public sealed record Participant(string Role, string Person, DateTimeOffset From);

/// <summary>Who controls the record, under which term; terms only rise (G9).</summary>
public sealed record ControlToken(string Unit, long Term, HandOver? Offer = null);

/// <summary>A hand-over under way: offered, then accepted, then committed. While it runs either side may only protect.</summary>
public sealed record HandOver(string To, string OfferedBy, DateTimeOffset At, string? AcceptedBy = null);

/// <summary>
/// A link to another record with its kind and who may see it: <c>open</c> whoever may read both, <c>unit</c> the units of both, <c>named</c> the
/// need-to-know lists only.
/// </summary>
public sealed record RecordLink(string Id, string Type, string Register, string Record, string Visibility, string By, DateTimeOffset At);

/// <summary>The truth of now. Superseded values live in the operations.</summary>
public sealed record RecordDocument
{
    public required string Register { get; init; }

    public required string Id { get; init; }

    /// <summary>Version and hash of the pack the record was made with.</summary>
    public required string PackVersion { get; init; }

    public required string PackHash { get; init; }

    public long Version { get; init; }

    public required string State { get; init; }

    /// <summary>Version at which the state last changed.</summary>
    public long StateVersion { get; init; }

    public required ControlToken Control { get; init; }

    public string? Owner { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public required string OpenedBy { get; init; }

    /// <summary>Since when the record is in its state.</summary>
    public DateTimeOffset StateSince { get; init; }

    /// <summary>Who did the last step.</summary>
    public string? SteppedBy { get; init; }

    public IReadOnlyList<string> SteppedByUnits { get; init; } = [];

    /// <summary>Accounts that may see it; empty: whoever the rules allow.</summary>
    public IReadOnlyList<string> NeedToKnow { get; init; } = [];

    public IReadOnlyList<Participant> Persons { get; init; } = [];

    /// <summary>Everybody who ever had a role, so that erasing one of them finds the record.</summary>
    public IReadOnlyList<string> Joined { get; init; } = [];

    /// <summary>By path, in the order of paths: equal records are equal bytes, whether they were read, folded or replayed.</summary>
    public IReadOnlyDictionary<string, FieldState> Fields
    {
        get;
        init => field = value is SortedDictionary<string, FieldState> ? value : new SortedDictionary<string, FieldState>(value.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal), StringComparer.Ordinal);
    } = new SortedDictionary<string, FieldState>(StringComparer.Ordinal);

    public IReadOnlyList<RecordLink> Links { get; init; } = [];

    /// <summary>Fields that a migration brought and that wait for somebody's answer.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasConflict => Fields.Values.Any(state => state.IsConflict);

    /// <summary>A value's path without items of repeated groups: the path of its plan.</summary>
    public static string PlanPath(string path) => path.Split('/') is [var group, _, var field] ? group + "/" + field : path;

    /// <summary>The one claim of a field, or null when there is none or several.</summary>
    public Claim? One(string path) => Fields.TryGetValue(path, out var state) && state.Claims is [var only] ? only : null;
}
