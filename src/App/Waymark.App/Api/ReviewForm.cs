using Waymark.Protection.Contracts;

namespace Waymark.App.Api;

/// <summary>What a form asks two persons. More than 25 persons are asked by the gate itself, never here.</summary>
public sealed class ReviewForm
{
    private static readonly char[] s_between = [' ', ',', ';', '\n', '\r', '\t'];

    public string? Kind { get; set; }

    public string? Unit { get; set; }

    public string? Matter { get; set; }

    public string? Persons { get; set; }

    public string? Reason { get; set; }

    /// <summary>Ids as they were typed, between spaces, commas or lines.</summary>
    public static IReadOnlyList<string> Ids(string? typed) => [.. (typed ?? "").Split(s_between, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>Null when the kind is not one of the list, or nobody and nothing is named. The purpose is the sign-in's, never one of the form.</summary>
    public ReviewRequest? Read(string purpose)
    {
        var persons = Ids(Persons);
        var matter = (Matter ?? "").Trim();
        if (!Enum.TryParse<ReviewKind>(Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || kind == ReviewKind.Bulk || int.TryParse(Kind, out _)
            || matter.Length is 0 or > 200 || persons.Count == 0 || (kind == ReviewKind.Erasure && persons.Count != 1))
        {
            return null;
        }

        // An approval opens its subject and no other: erasing names the person, everything else the kind and the matter.
        var subject = kind == ReviewKind.Erasure ? "erase " + persons[0] : $"{kind.ToString().ToLowerInvariant()} {matter}";
        return new(kind, Unit ?? "", matter, persons, purpose, subject, Reason ?? "");
    }
}
