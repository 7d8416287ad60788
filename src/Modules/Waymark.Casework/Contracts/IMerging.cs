using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Two records of one person become one and two again. Nobody merges unseen: both are laid side by side first, claim by claim, with what would stand afterwards, and what
/// was seen is what is done.
/// </summary>
public interface IMerging
{
    /// <summary>Which records are kept in this one, and in which one it is kept. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<MergedPersons>> MergesAsync(CaseDesk desk, RecordAddress person, CancellationToken cancellationToken);

    /// <summary>
    /// What would become of every claim: merging them, or taking them apart when they are merged. Errors: <c>case.partition</c>, <c>merge.same</c>, <c>merge.state</c>,
    /// <c>record.too-many</c>, <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<MergePreview>> CompareAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, CancellationToken cancellationToken);

    /// <summary>
    /// Lays the claims of <paramref name="other"/> beside those of <paramref name="keep"/>: nothing is dropped, what differs stands as a dispute. The other record goes to
    /// rest and points to the one that is kept. Errors: as before, and <c>record.changed</c> when either is no longer what was <paramref name="seen"/>.
    /// </summary>
    Task<CaseAnswer<Changed>> MergeAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, MergeSeen? seen, CancellationToken cancellationToken);

    /// <summary>Takes a merge back: what came from the other record leaves this one, and the other is current again. Errors: <c>undo.moved</c>, <c>record.changed</c>.</summary>
    Task<CaseAnswer<Changed>> SplitAsync(CaseDesk desk, RecordAddress keep, RecordAddress other, string why, MergeSeen? seen, CancellationToken cancellationToken);

    /// <summary>A person's record by the reference that people say; null for one that may not be known of.</summary>
    Task<RecordAddress?> FindAsync(CaseDesk desk, string reference, Storage.RecordPartition partition, CancellationToken cancellationToken);
}

/// <summary>The versions of both records that somebody looked at.</summary>
public sealed record MergeSeen(long Keep, long Other);

/// <summary>What became of claims of one field.</summary>
public enum ClaimFate
{
    /// <summary>Only the kept record says anything: nothing changes.</summary>
    Stays,

    /// <summary>Only the other record says it: it comes along.</summary>
    Comes,

    /// <summary>Both say the same.</summary>
    Same,

    /// <summary>They differ: both stand side by side until somebody chooses.</summary>
    Disputed,

    /// <summary>Coming apart: what the other record brought goes back to it.</summary>
    Leaves,
}

/// <summary>One field: what stands in the kept record, what the other one says or gets back, what stands in the kept one afterwards.</summary>
public sealed record MergeLine(string Path, FieldPlan Field, IReadOnlyList<Claim> Here, IReadOnlyList<Claim> There, IReadOnlyList<Claim> After, ClaimFate Fate);

/// <summary>Two records side by side. <paramref name="Hidden"/>: fields that come along unseen, since they are not for this purpose.</summary>
public sealed record MergePreview(RegisterPlan Plan, RecordAddress Keep, RecordAddress Other, bool IsMerged, MergeSeen Seen, IReadOnlyList<MergeLine> Lines, int Hidden = 0) : IPersonal<MergePreview>
{
    public MergePreview Without(IReadOnlySet<string> fields) => Without(field => field.Mask is { } mask && fields.Contains(mask));

    internal MergePreview Without(Func<FieldPlan, bool> hidden) => this with { Lines = [.. Lines.Where(line => !hidden(line.Field))], Hidden = Hidden + Lines.Count(line => hidden(line.Field)) };
}

/// <summary>Records of the same person: those kept in this one, oldest first, and the one that keeps it.</summary>
public sealed record MergedPersons(RegisterPlan Plan, IReadOnlyList<RecordAddress> Kept, RecordAddress? In) : IPersonal<MergedPersons>
{
    // Addresses only.
    public MergedPersons Without(IReadOnlySet<string> fields) => this;
}
