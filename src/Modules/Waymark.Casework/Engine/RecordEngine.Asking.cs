using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>What the engine asks of the typed modules that stand on it. None of the questions can be left unanswered, and none names a module.</summary>
public abstract partial class RecordEngine
{
    /// <summary>The role of a family that comes in by the public form.</summary>
    public const string PublicDoor = "public-door";

    /// <summary>Roles that no account has: public forms, and what opens by itself. They work at no desk, so that what they open has no owner yet.</summary>
    private protected static readonly IReadOnlySet<string> s_noDesk = new HashSet<string>(StringComparer.Ordinal) { PublicDoor, "complaint-door", "alarm-keeper" };

    /// <summary>Refuses whatever would bring a record, or more people in it, where it may not be, by whatever operation.</summary>
    private protected abstract Task<Error?> GatesAsync(Loaded before, RecordDocument after, CancellationToken cancellationToken);

    /// <summary>A fact that decisions rest on changed: records that moved on by them go back.</summary>
    private protected abstract Task FallBackAsync(RecordAddress person, CancellationToken cancellationToken);

    /// <summary>When the decision that a field names was taken; null when it does not stand.</summary>
    private protected abstract Task<DateTimeOffset?> DecidedAsync(RegisterPlan plan, RecordDocument document, FieldPlan field, string decision, CancellationToken cancellationToken);

    /// <summary>What a step asks or does beyond what its register says; null for nearly all.</summary>
    private protected abstract StepRule? RuleOf(CaseDesk desk, RegisterPlan plan, string step);

    /// <summary>What is written with a link that somebody made by hand from a record to another one.</summary>
    private protected abstract Task<Result<Beside>> WithLinkAsync(CaseDesk desk, Loaded record, string type, Loaded other, CancellationToken cancellationToken);

    /// <summary>What the record and the typed core state for an action.</summary>
    private protected abstract Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> StatedAsync(CaseDesk desk, Loaded before, RecordDocument after, string action, CancellationToken cancellationToken);

    /// <summary>Adds what is known beyond the persons themselves to the facts of an action.</summary>
    private protected abstract Task StateAsync(
        Dictionary<string, IReadOnlyList<string>> facts, Loaded before, RecordDocument after, IReadOnlyList<RecordDocument> persons, string action, CancellationToken cancellationToken);

    private protected abstract bool MayNameNobody(RegisterPlan plan);

    /// <summary>How many holds of the node's register stand over a person or over a record they are in.</summary>
    private protected abstract Task<int> HoldsAsync(string person, CancellationToken cancellationToken);

    /// <summary>Organisations that were sent data of those whom a record is about.</summary>
    private protected abstract Task<IReadOnlyList<string>> SentToAsync(RecordDocument review, CancellationToken cancellationToken);
}

/// <summary>Why a step is not taken now, and what is written with it.</summary>
internal sealed record StepRule(Func<Loaded, CancellationToken, Task<Error?>>? Refuses, Func<Loaded, RecordVault.Ring, CancellationToken, Task<Result<Beside>>>? With);

/// <summary>What goes into the same commit as a change of a record.</summary>
internal sealed record Beside(Func<Permit, IReadOnlyList<RecordWrite>> Records, IReadOnlyList<BlobReference> Blobs)
{
    public IReadOnlyList<QueueItem> Tasks { get; init; } = [];
}
