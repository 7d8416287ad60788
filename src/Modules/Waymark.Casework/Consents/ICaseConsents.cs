using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Contracts;

/// <summary>What the people of a case chose: asked for in a conversation, recorded by whoever asked, taken back in one step and without a reason.</summary>
public interface ICaseConsents
{
    /// <summary>The choices of everybody in the record, and what may be asked here. Errors: <c>case.nothing</c>.</summary>
    Task<CaseAnswer<RecordConsents>> ConsentsAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>
    /// Records one choice of one person of the record, under the gate and with its leaf. Errors: <c>consent.person</c>, <c>consent.scope</c>, <c>consent.language</c>,
    /// <c>consent.invalid</c>, <c>consent.withdrawn</c>, <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<Changed>> ConsentAsync(CaseDesk desk, RecordAddress record, ConsentEntry entry, CancellationToken cancellationToken);

    /// <summary>Takes a consent back for the person; null takes all back. No gate stands in the way of that (M84). Errors: <c>consent.person</c>, <c>case.nothing</c>.</summary>
    Task<CaseAnswer<Changed>> WithdrawConsentAsync(CaseDesk desk, RecordAddress record, string person, string? purpose, CancellationToken cancellationToken);
}

/// <summary>One choice as it was stated. <paramref name="Language"/> is the language it was explained in, a tag of BCP 47.</summary>
public sealed record ConsentEntry(string Person, string Purpose, string Recipient, bool IsGiven, string TextVersion, string Language, string Form)
{
    public bool IsExplicit { get; init; }

    public bool IsInformed { get; init; }

    /// <summary>Name or number of whoever interpreted, witnessed or decided with the person.</summary>
    public string? Interpreter { get; init; }

    public string? Witness { get; init; }

    public string? Guardian { get; init; }

    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Purpose and kind of recipient that a consent can be asked for in a register.</summary>
public readonly record struct ConsentScope(string Purpose, string Recipient);

/// <summary>Choices per person, newest first, and what the register's steps and purposes may ask for.</summary>
public sealed record RecordConsents(RegisterPlan Plan, RecordPartition Partition, IReadOnlyDictionary<string, IReadOnlyList<Consent>> Persons, IReadOnlyList<ConsentScope> Scopes)
    : IPersonal<RecordConsents>
{
    // A choice is the person's own statement, not a field of a category: nothing of it is masked for whoever may read the record.
    public RecordConsents Without(IReadOnlySet<string> fields) => this;
}
