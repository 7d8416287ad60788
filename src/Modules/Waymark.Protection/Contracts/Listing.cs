using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Contracts;

/// <summary>"Which of these records may this officer see for this purpose, and with which fields masked?"</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Unit">The unit whose list it is; one of the actor's.</param>
/// <param name="Action">A code of the list of actions, as a rule <c>read</c> or <c>search</c>.</param>
/// <param name="Purpose">A code of the list of purposes.</param>
/// <param name="Facts">What is so for all records.</param>
/// <param name="RecordFacts">Facts that each record states for itself; needed to narrow the store's question beforehand.</param>
/// <param name="Query">What was looked for, in any fixed form; the ledger commits to it, and it is kept nowhere.</param>
public sealed record ListRequest(
    Actor Actor, string Unit, string Action, string Purpose, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts, IReadOnlyList<string> RecordFacts, string Query);

/// <summary>A record that may turn out to be listed: its id, its matter, the persons in it, its own facts, the purposes it carries (null: none stated), and what would be shown.</summary>
public sealed record ListedRow<T>(
    string Id, string Matter, IReadOnlyList<string> Persons, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts, IReadOnlySet<string>? CarriedPurposes, T Value);

/// <summary>What may be listed. <paramref name="IsCut"/>: there would be more; ask for the next page.</summary>
public sealed record Listing<T>(IReadOnlyList<ListedRow<T>> Rows, bool IsCut);

/// <summary>A row of a list that was permitted as a whole: its matter, the persons in it, and what it states itself of the facts that were named as the rows' own. Nobody sees one that is only
/// counted, so it opens no matter to its asker, and what an account opened before changes no figure.</summary>
public sealed record AskedRow(string Matter, IReadOnlyList<string> Persons, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts, bool IsOnlyCounted = false);

public enum RowAnswer
{
    /// <summary>The same question about the record alone would be permitted.</summary>
    Shown,

    /// <summary>It would be, but for what the persons chose and what is kept about them beside the record.</summary>
    Stopped,

    /// <summary>The record itself stands in the way; the list says nothing of it.</summary>
    Out,
}

/// <summary>What the rules say to one row, and the fields they hide in it.</summary>
public readonly record struct RowRule(RowAnswer Answer, IReadOnlySet<string> Masked);

/// <summary>The rows of one list at the gate: each is answered as its record would be. Whatever no rule in force asks for is not looked up.</summary>
public interface IRowRules
{
    /// <summary>Ids of the rows' facts on which an answer can hang; only these need be stated.</summary>
    IReadOnlySet<string> Heard { get; }

    /// <summary>One answer for each row, in their order; all persons of the rows are looked up together.</summary>
    Task<IReadOnlyList<RowRule>> AskAsync(IReadOnlyList<AskedRow> rows, CancellationToken cancellationToken);
}

/// <summary>The store's filter for a listing (<c>RowFilter</c>: units, 64 purpose bits, sensitivity ceiling).</summary>
public static class ListingFilters
{
    /// <summary>A filter through which no row passes.</summary>
    public static RowFilter Nothing { get; } = new([], 0, 0);

    /// <summary>
    /// The narrowest store filter that leaves out nothing that may be listed: the actor's units, the bit of the one purpose asked for, and the highest
    /// sensitivity that some record of the kind may have and still be permitted. Whatever passes is decided record by record all the same, so the filter never
    /// widens. <paramref name="purposeBit"/> is the place of the purpose in its code list; above 63 nothing passes.
    /// </summary>
    public static RowFilter Of(IReadOnlyList<string> units, int purposeBit, bool mayPermitAny, int? highestSensitivity) =>
        !mayPermitAny || units.Count == 0 || purposeBit is < 0 or > 63 || highestSensitivity < 0 ? Nothing
        : new([.. units.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(256)], 1UL << purposeBit, (byte)Math.Min(highestSensitivity ?? byte.MaxValue, byte.MaxValue));
}
