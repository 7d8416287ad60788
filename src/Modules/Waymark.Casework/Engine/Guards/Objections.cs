using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Guards;

/// <summary>
/// What an objection that was upheld stops: the uses it names, or all, of the record it names, or of everything about who objected. It holds while the request stands answered, and ends with it when
/// the request goes to review. Steps that protect the person and the watch over their rights stay open, as under a freeze.
/// </summary>
internal static class Objections
{
    public const string Register = "subject-request";

    private const string Object = "objected-record";
    private const string Uses = "objected-purposes";

    public static IReadOnlyList<RecordHead> Heads(RecordDocument record) => !IsUpheld(record) ? []
        : [Freezes.Any, .. record.One(Object)?.Value.Member("id") is { } id ? [Freezes.Head(id)] : record.Persons.Where(person => person.Role == "asker").Select(person => Freezes.Head(person.Person))];

    /// <summary>Whether it stops a use; a list of uses that cannot be read for certain stops all.</summary>
    public static bool Stops(RecordDocument record, Registers.RegisterPlan plan, string purpose) =>
        IsUpheld(record) && (record.One(Uses) is not { } named || Steps.Words(plan.Field(Uses)!, named.Value) is not { Count: > 0 } uses || uses.Contains(purpose, StringComparer.Ordinal));

    public static LocalText Told { get; } = new(
        "The person objected to this use of their data, and the objection was upheld. Steps that protect the person stay open.", "当事人反对如此使用其资料，且反对已获支持。保护当事人的步骤仍可进行。");

    private static bool IsUpheld(RecordDocument record) => record.Register == Register && record.State == "answered" && Code(record, "right") == "objection" && Code(record, "outcome") is "granted" or "in-part";

    private static string? Code(RecordDocument record, string field) => record.One(field)?.Value.Member("code");
}
