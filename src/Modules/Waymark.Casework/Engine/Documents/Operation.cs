namespace Waymark.Casework.Documents;

/// <summary>The closed set of what can be done to a record.</summary>
public enum OperationKind
{
    Create, Change, Step, Assign, Restrict, AddPerson, RemovePerson, Link, Unlink, OfferControl, AcceptControl, CommitControl, CancelOffer, Undo, Erase, Migrate,
}

/// <summary>How a change of one field is meant.</summary>
public enum ChangeMode
{
    /// <summary>These claims instead of those seen; none clears the field. Changed meanwhile: both are kept and a person is asked.</summary>
    Set,

    /// <summary>Another statement beside those there are: sources disagree.</summary>
    Dispute,

    /// <summary>A person's choice among what stands there.</summary>
    Resolve,
}

/// <summary>
/// A change of one field. <paramref name="Base"/> is the version of the field that its author saw (0: it was empty), never a hash of the value.
/// <paramref name="Before"/> is what the field was, written by the machine, so that any change can be undone and every value ever entered is kept.
/// </summary>
public sealed record FieldChange(string Path, long Base, ChangeMode Mode, IReadOnlyList<Claim> Claims, FieldState? Before = null)
{
    /// <summary>What an undo brings back was an open conflict.</summary>
    public bool IsConflict { get; init; }
}

/// <summary>One thing done to a record: who, when, why, on which decision. Stored beside the document it led to.</summary>
public sealed record Operation(string Id, OperationKind Kind, string By, DateTimeOffset At)
{
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>A short code or words; never a value of a field.</summary>
    public string? Why { get; init; }

    /// <summary>The decision of the gate under which it was done.</summary>
    public string? Decision { get; init; }

    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>The step taken, and the state it leads to.</summary>
    public string? Step { get; init; }

    public string? State { get; init; }

    /// <summary>Version of the state its author saw.</summary>
    public long StateBase { get; init; }

    public string? StateBefore { get; init; }

    /// <summary>Owner, unit, or whatever the kind speaks of; with what it was before.</summary>
    public string? Value { get; init; }

    public string? ValueBefore { get; init; }

    public IReadOnlyList<string>? List { get; init; }

    public IReadOnlyList<string>? ListBefore { get; init; }

    public Participant? Person { get; init; }

    public RecordLink? Link { get; init; }

    /// <summary>The first document, in an operation that makes a record.</summary>
    public RecordDocument? First { get; init; }

    /// <summary>Version and hash of the pack that a migration leads to, and of the one before.</summary>
    public PackMark? Pack { get; init; }

    public PackMark? PackBefore { get; init; }

    /// <summary>What was done to many records at once carries one name in all of them: a migration, an action on a list.</summary>
    public string? Group { get; init; }

    /// <summary>The version whose operation is undone.</summary>
    public long? Undoes { get; init; }
}

/// <summary>Names one edition of a pack.</summary>
public sealed record PackMark(string Version, string Hash);

/// <summary>A field that came out otherwise than its author meant, because somebody changed it at the same time.</summary>
public sealed record MergeNote(string Path, bool IsConflict);

/// <summary>What an operation led to.</summary>
public sealed record Folded(RecordDocument Document, Operation Operation, IReadOnlyList<MergeNote> Notes);
