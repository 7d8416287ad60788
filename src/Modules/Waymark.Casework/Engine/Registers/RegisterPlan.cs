using System.Collections.Frozen;
using Waymark.Model;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Casework.Registers;

/// <summary>What kind of node this is; a node runs exactly one profile.</summary>
public enum NodeProfile { Humanitarian, Authority, Statistics, Public }


/// <summary>How much harm a leak could do; ordered.</summary>
public enum Sensitivity { Low, Moderate, High, Severe }

/// <summary>
/// A register pack compiled for use: fields, states and transitions by number, nothing left to interpret. Immutable; every record names the
/// version and hash of the plan it was made with.
/// </summary>
public sealed class RegisterPlan
{
    private readonly FrozenDictionary<string, FieldPlan> _fields;
    private readonly FrozenDictionary<string, StatePlan> _states;
    private readonly FrozenDictionary<string, TransitionPlan> _transitions;

    internal RegisterPlan(IReadOnlyList<FieldPlan> fields, IReadOnlyList<StatePlan> states, IReadOnlyList<TransitionPlan> transitions)
    {
        (Fields, States, Transitions) = (fields, states, transitions);
        _fields = fields.ToFrozenDictionary(field => field.Path, StringComparer.Ordinal);
        _states = states.ToFrozenDictionary(state => state.Id, StringComparer.Ordinal);
        _transitions = transitions.ToFrozenDictionary(transition => transition.Id, StringComparer.Ordinal);
        From = [.. states.Select(state => transitions.Where(transition => transition.From.Contains(state.Index)).ToArray())];
    }

    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Hash { get; init; }

    /// <summary>Where the pack stands.</summary>
    public required string File { get; init; }

    /// <summary>Names this edition in records.</summary>
    public Documents.PackMark Mark => new(Version, Hash);

    public required LocalText Title { get; init; }

    /// <summary>One record, in words ("tracing request").</summary>
    public required LocalText One { get; init; }

    /// <summary>Letters in front of a reference ("TR").</summary>
    public required string Reference { get; init; }

    public required IReadOnlySet<NodeProfile> Profiles { get; init; }

    public required RecordPartition Partition { get; init; }

    /// <summary>Code of the vocabulary's list <c>record-class</c>.</summary>
    public required string Class { get; init; }

    /// <summary>Facts that every question about a record carries (<c>system</c>, <c>subject.category</c> …).</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Facts { get; init; }

    /// <summary>Purposes for which records are kept; the first is the one declared at collection.</summary>
    public required IReadOnlyList<string> Purposes { get; init; }

    /// <summary>The same as bits of the vocabulary's list.</summary>
    public required ulong PurposeBits { get; init; }

    public required Sensitivity Sensitivity { get; init; }

    public required IReadOnlyList<PersonRole> Persons { get; init; }

    public IReadOnlyList<FieldPlan> Fields { get; }

    public IReadOnlyList<StatePlan> States { get; }

    public IReadOnlyList<TransitionPlan> Transitions { get; }

    /// <summary>The transitions that leave a state, by its index.</summary>
    public IReadOnlyList<TransitionPlan[]> From { get; }

    public required IReadOnlyList<ClockPlan> Clocks { get; init; }

    public required RetentionPlan Retention { get; init; }

    public required ViewPlan View { get; init; }

    /// <summary>What its records in a standing state say at the gate for the whole organisation; null for all registers but that of processing activities.</summary>
    public StandingPlan? Standing { get; init; }

    public required IReadOnlyDictionary<string, RecordCodeList> CodeLists { get; init; }

    /// <summary>The kinds of links that its records may have to others.</summary>
    public required IReadOnlyList<LinkPlan> Links { get; init; }

    /// <summary>The fields as facts, for conditions.</summary>
    public required Vocabulary Vocabulary { get; init; }

    public required IReadOnlyList<RegisterTest> Tests { get; init; }

    /// <summary>Declared ways from earlier versions to this one.</summary>
    public required IReadOnlyList<MigrationPlan> Migrations { get; init; }

    /// <summary>The files it was read from: a node keeps them as long as a record was made with them.</summary>
    public required Packs.Pack Source { get; init; }

    /// <summary>Reviews of candidates, whose queue two reviewers of the holder work on.</summary>
    internal const string Reviews = "match";

    /// <summary>Reached through its own typed service only: no list, form, step or print of the general pages opens it.</summary>
    public bool IsTyped => Id is People.PersonCore.Register or Reviews;

    /// <summary>How a field feeds the search: as its pack says, and whatever a list shows in words is found by them too.</summary>
    public SearchKind SearchOf(FieldPlan field) => field.Search == SearchKind.None && View.Columns.Contains(field) && field.Type != FieldType.Name ? FieldReader.KindOf(field.Type) : field.Search;

    public StatePlan Initial => States.First(state => state.IsInitial);

    /// <summary>A field by its path without items of groups (<c>journey/place</c>).</summary>
    public FieldPlan? Field(string path) => _fields.GetValueOrDefault(path);

    public StatePlan? State(string id) => _states.GetValueOrDefault(id);

    public TransitionPlan? Transition(string id) => _transitions.GetValueOrDefault(id);

    public PersonRole? Role(string id) => Persons.FirstOrDefault(role => role.Id == id);

    public LinkPlan? Link(string type) => Links.FirstOrDefault(link => link.Type == type);
}

/// <summary>A kind of link to records of other registers of the partition, in words as it is read from either end.</summary>
public sealed record LinkPlan(string Type, LocalText Name, LocalText Back, IReadOnlyList<string> Registers);

/// <summary>A place that a person takes in a record ("sought", "enquirer").</summary>
/// <param name="Id">Word of the role.</param>
/// <param name="Name">In words.</param>
/// <param name="Category">Code of the vocabulary's list of subject categories.</param>
/// <param name="Least">Fewest persons, needed before the record leaves its first state.</param>
/// <param name="Most">Most persons.</param>
/// <param name="IsPrincipal">Whom the record is about: fields belong to this person unless they name another role.</param>
public sealed record PersonRole(string Id, LocalText Name, string Category, int Least, int Most, bool IsPrincipal);

/// <summary>
/// A state; a record in a standing state counts as a decision or assessment that holds. <paramref name="Outward"/> is the word that the person and other nodes see, the same for whatever must look alike (M26).
/// </summary>
public sealed record StatePlan(int Index, string Id, LocalText Name, bool IsInitial, bool IsTerminal, LocalText? Outward, bool IsStanding = false);

/// <summary>
/// What a record in a standing state says at the gate: for which purposes and categories of data (fields of codes), which facts follow from its fields, from records
/// that it refers to and that stand, and from its standing alone. Facts in <paramref name="Joined"/> gather the codes of several such records; others keep what all share.
/// </summary>
public sealed record StandingPlan(
    FieldPlan Purposes, FieldPlan Categories, IReadOnlyDictionary<string, FieldPlan> Fields, IReadOnlyDictionary<string, StandingReference> References,
    IReadOnlyDictionary<string, string> Always, IReadOnlySet<string> Joined)
{
    /// <summary>The facts that only such a record states; a desk never does.</summary>
    public bool Owns(string fact) => Fields.ContainsKey(fact) || References.ContainsKey(fact) || Always.ContainsKey(fact);
}

/// <summary>A fact from a record that is referred to: a word that holds while it stands, or the code of one of its fields.</summary>
public sealed record StandingReference(FieldPlan Field, string? Is, string? Of);

/// <summary>A step between states, with what must hold first; <paramref name="Action"/> and <paramref name="Recipient"/> are codes of the gate's question.</summary>
public sealed record TransitionPlan(
    int Index, string Id, LocalText Name, IReadOnlyList<int> From, int To, string Action, string Recipient, bool IsJustice, IReadOnlyList<FieldPlan> Requires, IReadOnlyList<GuardPlan> Guards);

/// <summary>How long data stay after the record came to rest, and what happens then.</summary>
public sealed record RetentionPlan(int Months, bool IsErased, LocalText Reason);

/// <summary>What lists, pages and prints show; only fields, no layout.</summary>
public sealed record ViewPlan(IReadOnlyList<FieldPlan> Columns, IReadOnlyList<FieldPlan> Filters, IReadOnlyList<TabPlan> Tabs, IReadOnlyList<FieldPlan> Print);

/// <summary>A tab; fields that no tab names stand on the first.</summary>
public sealed record TabPlan(string Id, LocalText Name, IReadOnlyList<FieldPlan> Fields);

/// <summary>A list of codes with its version; stored values name both.</summary>
public sealed class RecordCodeList(string id, string version, IReadOnlyList<RecordCode> codes)
{
    private readonly FrozenDictionary<string, RecordCode> _codes = codes.ToFrozenDictionary(code => code.Id, StringComparer.Ordinal);

    public string Id => id;

    public string Version => version;

    public IReadOnlyList<RecordCode> Codes => codes;

    public RecordCode? Find(string code) => _codes.GetValueOrDefault(code);
}

public sealed record RecordCode(string Id, LocalText Name, bool IsActive = true);
