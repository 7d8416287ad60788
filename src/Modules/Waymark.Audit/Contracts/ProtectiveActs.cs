namespace Waymark.Audit.Contracts;

/// <summary>
/// What may be done while the ledger, the store or the sign-in service cannot be reached (M88): acts that only protect, by
/// name. The list is closed and stands in code on purpose: neither a pack nor a setting can lengthen it.
/// </summary>
public static class ProtectiveActs
{
    /// <summary>Take down that a person is in danger.</summary>
    public const string RecordDanger = "protect.record-danger";

    /// <summary>Hand a person in danger to an emergency service, by the channel that was agreed beforehand.</summary>
    public const string ReferToEmergency = "protect.refer-to-emergency";

    /// <summary>Stop further use and sending of a record.</summary>
    public const string RestrictRecord = "protect.restrict-record";

    /// <summary>Recall what was sent.</summary>
    public const string RecallMessage = "protect.recall-message";

    /// <summary>Take down that a person withdrew their consent.</summary>
    public const string WithdrawConsent = "protect.withdraw-consent";

    /// <summary>Stop a return or a transfer that is about to happen.</summary>
    public const string StopReturn = "protect.stop-return";

    public static IReadOnlyList<string> All { get; } =
        [RecordDanger, ReferToEmergency, RestrictRecord, RecallMessage, WithdrawConsent, StopReturn];

    /// <summary>Jobs for acts that went on a local leaf, by the leaf's id; payload <c>{"leaf": id}</c>, content in the register <see cref="Register"/>.</summary>
    public const string Queue = "audit.local-act";

    /// <summary>Local leaves as they were entered.</summary>
    public const string Register = "audit.local-leaf";

    /// <summary>How long local leaves may be added after the first one that is not in the ledger yet.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);
}
