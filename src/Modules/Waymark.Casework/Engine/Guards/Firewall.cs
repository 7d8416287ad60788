using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Guards;

/// <summary>
/// The wall between service and enforcement (F2, M13) as typed code that no pack takes down: under a purpose that enforces, a record that holds anything given for another purpose is not
/// there, and where data come from is stated once.
/// </summary>
public static class Firewall
{
    private const string Fact = "data.source";

    private static readonly HashSet<string> s_enforcing = new(StringComparer.Ordinal) { "immigration-enforcement", "border-control", "forced-return" };

    /// <summary>The field in which each record of a register says where its data come from; null where the register itself says it for all.</summary>
    public static FieldPlan? Source(RegisterPlan plan) => plan.Fields.FirstOrDefault(field => field is { Fact: Fact, Group: null, Codes: not null });

    /// <summary>True when the record may not be known of under this purpose: somebody gave part of it for another one.</summary>
    internal static bool Hides(string purpose, RecordDocument record) =>
        s_enforcing.Contains(purpose) && record.Fields.Values.SelectMany(state => state.Claims).Any(claim => claim.Purpose is { } given && given != purpose);

    /// <summary>
    /// A file that serves enforcement alone takes nothing that is given for another purpose: there it would serve enforcement, and it would hide the file from those who work on it. Of a person whoever
    /// learns what protects enters it, and from then on the person is not there for enforcement.
    /// </summary>
    internal static Error? Mixed(RegisterPlan plan, RecordDocument before, RecordDocument after) =>
        plan.Id != People.PersonCore.Register && Purposes(before) is [var only] && s_enforcing.Contains(only) && Purposes(after).Exists(purpose => purpose != only)
            ? Error.Refused("case.own-purpose", "This file was opened for enforcement. What is given for another purpose goes into a file of its own.", "本案卷系为执法目的而设。为其他目的提供的资料须另立案卷。") : null;

    private static List<string> Purposes(RecordDocument record) => [.. record.Fields.Values.SelectMany(state => state.Claims).Select(claim => claim.Purpose).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Where data come from is stated once: no change, undo or choice makes data of a service anything else.</summary>
    internal static Error? Moved(RegisterPlan plan, RecordDocument before, RecordDocument after) =>
        Source(plan) is { } field && Said(before, field) is { Count: > 0 } said && !said.SequenceEqual(Said(after, field), StringComparer.Ordinal)
            ? Error.Refused("case.source-stands", "Where the data come from was stated with the record and does not change; make a new record where it was wrong.", "数据来源已随记录载明，不再更改；如有错误，请另建记录。", field.Path) : null;

    private static List<string> Said(RecordDocument record, FieldPlan field) => [.. (record.Fields.GetValueOrDefault(field.Path)?.Claims ?? []).Select(claim => claim.Value.Json).Order(StringComparer.Ordinal)];
}
