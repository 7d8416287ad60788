using Waymark.Casework.Contracts;

namespace Waymark.Pages.Data;

/// <summary>
/// What a worker says about informing the person at collection: yes, or one of the grounds on which it may wait (codes of the vocabulary's list
/// <c>notice-deferral</c>). Said at the desk and kept with the decision; unsaid stays unknown, and unknown permits nothing that asks for it.
/// </summary>
public static class Told
{
    public const string Yes = "yes";

    public static IReadOnlyList<string> All { get; } = [Yes, "aid-delayed", "aid-hampered", "danger"];

    public static CaseDesk Said(CaseDesk desk, string? told) => told is null || !All.Contains(told, StringComparer.Ordinal) ? desk : desk with
    {
        Facts = new Dictionary<string, IReadOnlyList<string>>(desk.Facts, StringComparer.Ordinal)
        {
            ["notice.given"] = [told == Yes ? "true" : "false"],
            ["notice.deferred_reason"] = [told == Yes ? "none" : told],
        },
    };
}
