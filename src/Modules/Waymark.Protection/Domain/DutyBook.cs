using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>Duties of one decision that wait for somebody. It holds no name and no fact: the handle of the matter, the account that acted, codes.</summary>
internal sealed record DutyDocument(string Source, string Matter, string Account, string Unit, DateTimeOffset At, IReadOnlyList<DutyEntry> Duties);

/// <summary>One of them; <paramref name="Rule"/> is null for an act that protects.</summary>
internal sealed record DutyEntry(string Id, string? Rule, DateTimeOffset? Due, string? Closed = null);

/// <summary>Makes the records of duties. A decision without a task for anybody makes none.</summary>
internal static class DutyBook
{
    public const string Register = "protection.duty";

    public static IEnumerable<RecordWrite> Writes(
        string source, string matter, string account, string unit, DateTimeOffset at, IReadOnlyDictionary<string, DutyKind> kinds, IEnumerable<GateDuty> duties)
    {
        List<DutyEntry> tasks = [.. duties.Where(duty => !duty.IsMask && (!kinds.TryGetValue(duty.Id, out var kind) || kind.Effect == DutyEffect.Task)).Select(duty => new DutyEntry(duty.Id, duty.Rule, duty.Due))];
        return tasks.Count == 0 ? [] : [Write(new(source, matter, account, unit, at, tasks), 0, "arose")];
    }

    /// <summary>What stands open without a deadline comes after what has one, oldest first.</summary>
    public static RecordWrite Write(DutyDocument document, long version, string did)
    {
        var open = document.Duties.Where(duty => duty.Closed is null).ToList();
        var due = open.Min(duty => duty.Due);
        return Registers.Write(
            Register, document.Source, version, document, did,
            new RecordHead("open", open.Count > 0 ? "yes" : "no"), new RecordHead("account", document.Account), new RecordHead("matter", document.Matter),
            new RecordHead("due", due is { } first ? Registers.Time(first) : "9999-" + Registers.Time(document.At)));
    }
}
