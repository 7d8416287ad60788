using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>What a person sends with the code of a request, as they wrote it. <paramref name="Id"/> is the record's and makes a retry harmless.</summary>
public sealed record Complaint(string Id, string Code, string Words, string Language)
{
    /// <summary>How the person wants to be called; nobody needs a name to complain.</summary>
    public string? Name { get; init; }

    public string? Channel { get; init; }

    public string? Contact { get; init; }

    public string? Window { get; init; }

    /// <summary>The person says that nobody else reads or hears what comes there.</summary>
    public bool IsSafe { get; init; }

    /// <summary>Who helped to write or to translate.</summary>
    public string? Helper { get; init; }

    public bool Agrees { get; init; }
}

/// <summary>Takes complaints to the review committee from people who hold the code of a request, without an account.</summary>
public interface IComplaintDoor
{
    /// <summary>Whether this node has a committee's register.</summary>
    bool IsHere { get; }

    /// <summary>Whether the rules in force let a complaint be taken by the page for this unit, said before anything is typed. Nothing is written.</summary>
    Task<IntakeDoor> ComplaintDoorAsync(string unit, CancellationToken cancellationToken);

    /// <summary>What is wrong with it, all at once; whether there is anything of the code is never among it.</summary>
    IReadOnlyList<Error> FaultsOf(Complaint complaint);

    /// <summary>
    /// Takes it in for the committee's unit, filed, under the person's agreement; a code that leads to a record names it inside. One that leads nowhere is taken the same way and answered
    /// alike: somebody who lost a letter of it is heard, and nobody learns which codes there are (F8, M38). Errors: <c>complaint.*</c>.
    /// </summary>
    Task<CaseAnswer<FollowCode>> ComplainAsync(string unit, Complaint complaint, CancellationToken cancellationToken);
}
