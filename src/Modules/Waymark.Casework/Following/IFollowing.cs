using Waymark.Casework.Registers;

namespace Waymark.Casework.Contracts;

/// <summary>
/// What a family may read about its own request from outside: a word and nothing else, the same for whatever must look alike (M26, M27, M39). Registers offer it whose states all have
/// an outward word.
/// </summary>
public interface IFollowing
{
    /// <summary>
    /// Gives out one more code for a record; it is kept as a hash only. Errors: <c>case.nothing</c>, <c>follow.register</c>, <c>follow.too-many</c>.
    /// </summary>
    Task<CaseAnswer<FollowCode>> GiveCodeAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>The outward word for a code; null when there is none of it, or the record can no longer be read.</summary>
    Task<OutwardWord?> WordAsync(string code, CancellationToken cancellationToken);
}

/// <summary>All that is ever said outside.</summary>
public enum OutwardWord { Received, InWork, NeedsYou, Answered, Withdrawn }

/// <summary>A code of 128 random bits, in groups of four as it is shown.</summary>
public sealed record FollowCode(string Shown);

/// <summary>What a family sends through the public page; texts as they were written. <paramref name="Id"/> is the record's and makes a retry harmless.</summary>
public sealed record IntakeRequest(string Id, string Seeker, string Sought, string Relation, string Language)
{
    /// <summary>The sought person's name as written otherwise, one a line.</summary>
    public string? OtherNames { get; init; }

    public string? Birth { get; init; }

    public string? BirthPlace { get; init; }

    public string? SeparatedOn { get; init; }

    public string? SeparatedAt { get; init; }

    public string? Story { get; init; }

    public string? Channel { get; init; }

    public string? Contact { get; init; }

    public string? Window { get; init; }

    /// <summary>The seeker says that nobody else reads or hears what comes there.</summary>
    public bool IsSafe { get; init; }

    /// <summary>Who helped to write or to translate.</summary>
    public string? Interpreter { get; init; }

    public bool Agrees { get; init; }

    /// <summary>A choice of its own: whoever is found may hear who asks.</summary>
    public bool MayBeNamed { get; init; }
}

/// <summary>How a family comes in.</summary>
public enum IntakeDoor
{
    Open,

    /// <summary>The organisation did not decide yet what it collects for this.</summary>
    Closed,

    /// <summary>Its rules ask for what only somebody who speaks with the family finds out, such as needs and capacity (IOM-09).</summary>
    Spoken,
}

/// <summary>Takes tracing requests from people without an account.</summary>
public interface ITracingIntake
{
    /// <summary>Relations that the form offers: codes of the register, in its order.</summary>
    IReadOnlyList<RecordCode> Relations { get; }

    /// <summary>Whether the rules in force let anybody be taken in by the page for this unit, said before anything is typed. Nothing is written.</summary>
    Task<IntakeDoor> DoorAsync(string unit, CancellationToken cancellationToken);

    /// <summary>What is wrong with a request, all at once; empty when it can be taken.</summary>
    IReadOnlyList<Model.Error> Faults(IntakeRequest request);

    /// <summary>
    /// Takes the request in for a unit, in the register's first state and under the seeker's consent, which is recorded with language and interpreter; nothing is searched and nobody
    /// owns it yet. Asked of the gate like every collection. Errors: <c>intake.*</c>.
    /// </summary>
    Task<CaseAnswer<FollowCode>> TakeInAsync(string unit, IntakeRequest request, CancellationToken cancellationToken);
}
