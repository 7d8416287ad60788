namespace Waymark.Protection.Contracts;

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
