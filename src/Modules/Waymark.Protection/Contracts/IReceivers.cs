using Waymark.Ledger;
using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>Where a receiver stands. Only one that is in force receives.</summary>
public enum ReceiverState { Proposed, InForce, Expired, Withdrawn }

/// <summary>
/// Somebody outside who may be sent lists of persons: who, what kind of receiver the rules know them as, under which country's or area's law, and the key to which everything for them is
/// sealed. <paramref name="Type"/> is a code of the vocabulary's list of recipients; <paramref name="Area"/> is a code of three letters.
/// </summary>
public sealed record Receiver(string Id, string Organisation, string Type, string Area, ReceiverKey Key, DateTimeOffset From, DateTimeOffset Expires, ReceiverState State)
{
    /// <summary>The record of what two offices agreed for this receiver, by its id; it speaks at the gate while it stands. Null: nothing was agreed, and nothing is said.</summary>
    public string? Review { get; init; }

    /// <summary>True when this account proposed it, so that somebody else confirms.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>What is proposed: the key as its owner printed it, and the review of the transfer by its id or its address.</summary>
public sealed record NewReceiver(string Organisation, string Type, string Area, string Key, int Days, string? Review = null);

/// <summary>
/// The operator's register of those who may receive exports (M53). Two persons enter a key: the first lays it down as it was sent, the second types the fingerprint as the receiver reads it out
/// by another way. It ends by itself, and one person ends it at once.
/// </summary>
public interface IReceivers
{
    /// <summary>Longest that a key is in force.</summary>
    const int MostDays = 366;

    /// <summary>By the data-protection or legal officer, with a trusted security key. Errors: <c>receiver.role</c>, <c>receiver.invalid</c>, <c>receiver.known</c>, <c>sealed.bad-key</c>, <c>two.credential</c>.</summary>
    Task<Result<Receiver>> ProposeAsync(Actor actor, NewReceiver receiver, CancellationToken cancellationToken);

    /// <summary>
    /// By another of them or oversight, of another unit, within seven days. Errors: <c>receiver.unknown</c>, <c>receiver.role</c>, <c>receiver.fingerprint</c>, <c>two.*</c>.
    /// </summary>
    Task<Result<Receiver>> ConfirmAsync(Actor actor, string id, string? fingerprint, CancellationToken cancellationToken);

    /// <summary>Ends it at once. Errors: <c>receiver.unknown</c>, <c>receiver.role</c>, <c>receiver.invalid</c> (no reason).</summary>
    Task<Result<Receiver>> WithdrawAsync(Actor actor, string id, string reason, CancellationToken cancellationToken);

    /// <summary>The receiver while it is in force; null for all others.</summary>
    Task<Receiver?> FindAsync(string? id, CancellationToken cancellationToken);

    /// <summary>All that were ever entered, newest first. <paramref name="actor"/> is who looks, if anybody.</summary>
    Task<IReadOnlyList<Receiver>> ListAsync(Actor? actor, CancellationToken cancellationToken);
}
