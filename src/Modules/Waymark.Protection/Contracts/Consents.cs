using Waymark.Model;

namespace Waymark.Protection.Contracts;

public enum ConsentChoice { Given, Refused, Withdrawn }

/// <summary>
/// One act of choosing, per purpose and recipient: nothing is bundled, and refusing is as short as agreeing (M83).
/// <paramref name="Interpreter"/> and <paramref name="Witness"/> name who was there; <paramref name="Guardian"/> who consented for or with a child.
/// </summary>
public sealed record Consent(
    string Person, string Purpose, string Recipient, ConsentChoice Choice, DateTimeOffset At, DateTimeOffset? Expires, string TextVersion, string Language,
    string Form, bool IsExplicit, bool IsInformed, string? Interpreter, string? Witness, string? Guardian, string RecordedBy);

/// <summary>What persons chose. Withdrawing takes one step and no reason, by any channel, and no staff member can undo it (M84).</summary>
public interface IConsents
{
    /// <summary>Errors: <c>consent.withdrawn</c> (only the person can agree anew, with a new text and time), <c>consent.invalid</c>, <c>consent.expired</c>.</summary>
    Task<Result<bool>> RecordAsync(Consent consent, CancellationToken cancellationToken);

    /// <summary>The write that records a choice, for a caller that commits it together with the gate's leaf. Errors as <see cref="RecordAsync"/>.</summary>
    Task<Result<Storage.RecordWrite>> PrepareAsync(Consent consent, CancellationToken cancellationToken);

    Task<Result<bool>> WithdrawAsync(string person, string? purpose, string channel, CancellationToken cancellationToken);

    /// <summary>The choice that holds now for this purpose and recipient; null when the person was never asked or it lapsed.</summary>
    Task<Consent?> FindAsync(string person, string purpose, string recipient, CancellationToken cancellationToken);

    /// <summary>The last choice for this purpose and recipient, lapsed or not; null when the person was never asked.</summary>
    Task<Consent?> LastAsync(string person, string purpose, string recipient, CancellationToken cancellationToken);

    /// <summary>The same of many persons at once; those who were never asked are not in the answer.</summary>
    Task<IReadOnlyDictionary<string, Consent>> LastAsync(IReadOnlyCollection<string> persons, string purpose, string recipient, CancellationToken cancellationToken);

    /// <summary>Every choice of a person as it stands, newest first; refused, withdrawn and lapsed ones too.</summary>
    Task<IReadOnlyList<Consent>> OfAsync(string person, CancellationToken cancellationToken);
}
