using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>The files of an export, wherever they are. Paths use <c>/</c>. The kernel reads nothing by itself.</summary>
public interface ILedgerFiles
{
    /// <summary>The bytes of a file, or null when there is none.</summary>
    ReadOnlyMemory<byte>? Read(string path);

    /// <summary>Names of the files directly in a folder, in any order; empty when there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);
}

/// <summary>What a verifier brings along; none of it may come from the export itself.</summary>
public sealed record LedgerQuestion
{
    /// <summary>The key of the log. Its name is the origin.</summary>
    public required NoteKey Log { get; init; }

    /// <summary>Witnesses that are trusted, and how many of them must have cosigned the newest checkpoint.</summary>
    public IReadOnlyList<NoteKey> Witnesses { get; init; } = [];

    public int Quorum { get; init; }

    /// <summary>
    /// Checkpoints kept outside, each signed by the log or cosigned by a witness: what shows roll-back and fork, which no
    /// export can show of itself.
    /// </summary>
    public IReadOnlyList<SignedNote> Earlier { get; init; } = [];

    /// <summary>Whether the entries themselves are there; without them only the tree of hashes is checked.</summary>
    public bool WithEntries { get; init; } = true;
}

/// <summary>
/// What was found. The ledger holds exactly when <see cref="Faults"/> is empty; notices are what a person should look at.
/// </summary>
public sealed record LedgerVerdict(
    Checkpoint? Checkpoint,
    IReadOnlyList<NoteStatement> Statements,
    long Entries,
    int CheckpointsCompared,
    IReadOnlyList<Error> Faults,
    IReadOnlyList<Error> Notices)
{
    public bool Holds => Faults.Count == 0;
}
