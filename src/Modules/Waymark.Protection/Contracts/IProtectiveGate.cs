using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Contracts;

/// <summary>
/// Acts that only protect, by the closed list of <see cref="ProtectiveActs"/>. While the ledger is in reach such an act is one commit with its leaf. While it is
/// not, the act goes on with a leaf signed and flushed on this machine, for 24 hours at most; nothing else does (M88).
/// </summary>
public interface IProtectiveGate
{
    /// <summary>
    /// Does the act. <paramref name="effect"/> makes what is to be written from the leaf's id; null when staff carry the act out from its task. Errors:
    /// <c>ledger.not-protective</c>, <c>ledger.too-long-alone</c>, <c>ledger.local-unavailable</c>, <c>ledger.local-broken</c>, <c>protect.invalid</c>,
    /// <c>gate.unit</c>, and those of the store that are not its silence.
    /// </summary>
    Task<Result<ProtectiveReceipt>> ProtectAsync(ProtectiveRequest request, Func<string, WriteSet>? effect, CancellationToken cancellationToken);

    /// <summary>Carries out what was done on local leaves that have been entered since; answers how many.</summary>
    Task<int> ApplyAsync(CancellationToken cancellationToken);
}

/// <summary>An act that protects these persons; <paramref name="Note"/> says what for whoever carries it out, in at most 500 characters.</summary>
public sealed record ProtectiveRequest(Actor Actor, string Unit, string Matter, IReadOnlyList<string> Persons, string Act, string Note);

/// <summary>The leaf of the act. <paramref name="IsLocal"/>: it stands on this machine only, for now. <paramref name="IsWritten"/>: its effect is in the store already.</summary>
public sealed record ProtectiveReceipt(string Leaf, DateTimeOffset At, bool IsLocal, bool IsWritten);
