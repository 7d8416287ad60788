using Waymark.Casework.Contracts;

namespace Waymark.Pages.Data;

/// <summary>
/// What a worker says about informing the person at collection: in which way (codes of the vocabulary's list <c>notice-language</c>),
/// or one of the grounds on which it may wait (codes of <c>notice-deferral</c>). Said at the desk and kept with the decision, and in the record where its register has a field for it; unsaid stays unknown, and unknown permits nothing that asks for it.
/// </summary>
public static class Told
{
    public const string Yes = "yes";

    private const string Given = "notice.given";
    private const string Deferred = "notice.deferred_reason";
    private const string Language = "notice.language";

    // The plain yes is the usual case, and what forms and stories said before the others were there.
    private static readonly Dictionary<string, string> s_ways = new(StringComparer.Ordinal)
    {
        [Yes] = "understood", ["interpreted"] = "interpreted", ["child-friendly"] = "child-friendly", ["not-understood"] = "not-understood",
    };

    /// <summary>What the one question answers; a register keeps the answers in fields of these facts.</summary>
    public static IReadOnlySet<string> Facts { get; } = new HashSet<string>(StringComparer.Ordinal) { Given, Deferred, Language };

    public static IReadOnlyList<string> All { get; } = [.. s_ways.Keys, "aid-delayed", "aid-hampered", "danger"];

    public static CaseDesk Said(CaseDesk desk, string? told)
    {
        if (told is null || !All.Contains(told, StringComparer.Ordinal))
        {
            return desk;
        }

        var facts = new Dictionary<string, IReadOnlyList<string>>(desk.Facts, StringComparer.Ordinal);
        var way = s_ways.GetValueOrDefault(told);
        (facts[Given], facts[Deferred]) = ([way is null ? "false" : "true"], [way is null ? told : "none"]);
        if (way is not null)
        {
            facts[Language] = [way];
        }

        return desk with { Facts = facts };
    }
}
