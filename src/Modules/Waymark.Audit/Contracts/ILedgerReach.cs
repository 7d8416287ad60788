using Waymark.Model;

namespace Waymark.Audit.Contracts;

/// <summary>Whether the ledger does its work now: who writes asks first, and does nothing but protect while it does not (M88).</summary>
public interface ILedgerReach
{
    /// <summary>
    /// Null while all is well. Errors: <c>ledger.no-store</c>, <c>ledger.no-sequencer</c> (leaves have waited for their places longer than
    /// <see cref="LedgerReach.LongestWait"/>), <c>ledger.no-witness</c> (none of the witnesses has signed for <see cref="LedgerReach.LongestUnwitnessed"/>).
    /// </summary>
    Task<Error?> OutAsync(CancellationToken cancellationToken);
}

/// <summary>The times after which the ledger counts as out of reach. They stand in code on purpose: no setting lengthens them.</summary>
public static class LedgerReach
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan LongestUnwitnessed = TimeSpan.FromHours(24);
}
