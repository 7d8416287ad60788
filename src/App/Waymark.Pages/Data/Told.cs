using Waymark.Casework.Contracts;

namespace Waymark.Pages.Data;

/// <summary>
/// What a worker says about informing the person at collection: yes, or one of the grounds on which it may wait (codes of the vocabulary's list
/// <c>notice-deferral</c>). Said at the desk and kept with the decision, and in the record where its register has a field for it; unsaid stays unknown, and unknown permits nothing that asks for it.
/// </summary>
public static class Told
{
    public const string Yes = "yes";

    private const string Given = "notice.given";
    private const string Deferred = "notice.deferred_reason";

    /// <summary>What the one question answers; a register keeps the answers in fields of these facts.</summary>
    public static IReadOnlySet<string> Facts { get; } = new HashSet<string>(StringComparer.Ordinal) { Given, Deferred };

    public static IReadOnlyList<string> All { get; } = [Yes, "aid-delayed", "aid-hampered", "danger"];

    public static CaseDesk Said(CaseDesk desk, string? told) => told is null || !All.Contains(told, StringComparer.Ordinal) ? desk : desk with
    {
        Facts = new Dictionary<string, IReadOnlyList<string>>(desk.Facts, StringComparer.Ordinal)
        {
            [Given] = [told == Yes ? "true" : "false"],
            [Deferred] = [told == Yes ? "none" : told],
        },
    };
}
