using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Documents;
using Waymark.Storage;

namespace Waymark.Casework.Guards;

/// <summary>
/// What the review committee froze (S202): the record that the case names, or everything about whoever complains. It holds from the commit of the step until the case is decided or withdrawn,
/// or the day it was set to is over; the committee's own look and steps that protect the person stay open.
/// </summary>
internal static class Freezes
{
    public const string Register = "review-case";

    private static readonly HashSet<string> s_watching = new(StringComparer.Ordinal) { "supervision", "remedy", "rights-monitoring" };

    private static readonly HashSet<string> s_protective = new(StringComparer.Ordinal) { "serve", "restrict", "report-detention", "report-breach" };

    public static bool Stops(string? purpose, string action) => (purpose is null || !s_watching.Contains(purpose)) && !s_protective.Contains(action);

    /// <summary>The heads of a case while it freezes: what is stopped is found by them without reading a case.</summary>
    public static IReadOnlyList<RecordHead> Heads(RecordDocument record) => record.Register != Register || !Is(record) ? []
        : [Any, .. record.One("object")?.Value.Member("id") is { } id ? [Head(id)] : record.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal).Select(Head)];

    /// <summary>Of every case that freezes: a list asks once whether there is one at all.</summary>
    public static RecordHead Any { get; } = new("frozen", "yes");

    public static RecordHead Head(string id) => new("frozen." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("frozen\n" + id)))[..32], "yes");

    /// <summary>Until when, the day included; null when it froze nothing, or no longer. A day that cannot be read for certain has no end.</summary>
    public static DateOnly? Until(RecordDocument record, DateOnly today) =>
        !Is(record) ? null : (Edtf.Read(record.One("freeze-until")?.Value.Text ?? "") is { Last: { } last } ? last : DateOnly.MaxValue) is var until && until >= today ? until : null;

    private static bool Is(RecordDocument record) => record.State == "frozen" || (record.State == "heard" && record.One("freeze")?.Value.Text == "yes" && record.Fields.ContainsKey("freeze-until"));
}
