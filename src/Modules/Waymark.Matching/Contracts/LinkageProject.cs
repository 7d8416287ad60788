using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Matching.Contracts;

public enum ProjectState { Proposed, Open, Closed }

/// <summary>
/// A file of a register inside a project. <paramref name="Name"/> is unique in the project; <paramref name="Class"/> is a code of the vocabulary's
/// record classes; the rows lie sealed under the project's key at <paramref name="Blob"/>; only <paramref name="AddedBy"/> may fetch which record a
/// handle stands for.
/// </summary>
public sealed record ProjectInput(string Name, string Class, string IdColumn, string Blob, long Bytes, string AddedBy, DateTimeOffset AddedAt)
{
    /// <summary>The first file of the same register, of which this is a later state: the same id has the same handle in both.</summary>
    public string? Continues { get; init; }

    /// <summary>The file whose handles its records have.</summary>
    internal string HandlesOf => Continues ?? Name;
}

/// <summary>
/// The only place where registers are linked (M03): one purpose, one assessment, two persons, an end, a budget of runs and of pairs, and the
/// classes of registers that may come in.
/// </summary>
public sealed record LinkageProject(
    string Id, string Name, string Purpose, string Dpia, IReadOnlyList<string> Classes, int RunBudget, long PairBudget, DateTimeOffset Expires,
    Actor ProposedBy, DateTimeOffset ProposedAt)
{
    public ProjectState State { get; init; }

    public string? ApprovedBy { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public IReadOnlyList<ProjectInput> Inputs { get; init; } = [];

    public int RunsUsed { get; init; }

    public long PairsUsed { get; init; }

    /// <summary>The version this copy was read at; not part of the document.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Version { get; init; }

    public bool IsUsable(DateTimeOffset now) => State == ProjectState.Open && now < Expires;
}

/// <summary>A file that somebody brings, and the file of which it is a later state, if any.</summary>
public sealed record InputProposal(string Name, string Class, string IdColumn)
{
    public string? Continues { get; init; }
}

/// <summary>What somebody proposes.</summary>
public sealed record ProjectProposal(string Name, string Purpose, string Dpia, IReadOnlyList<string> Classes, int RunBudget, long PairBudget, DateTimeOffset Expires);

/// <summary>A kind of register, from the vocabulary of the rule packs.</summary>
public sealed record RegisterClass(string Code, LocalText Name);

/// <summary>Roles and what they may do with linkage. No role sees a person here: rows stay sealed, results are handles.</summary>
public static class LinkageRoles
{
    public static IReadOnlyList<string> Propose { get; } = ["steward", "supervisor", "liaison-officer"];

    /// <summary>The second person answers for data protection.</summary>
    public static IReadOnlyList<string> Approve { get; } = ["data-protection-officer", "legal-officer"];

    public static IReadOnlyList<string> Review { get; } = ["steward", "supervisor", "liaison-officer", "case-worker"];

    public static IReadOnlyList<string> See { get; } = [.. Propose.Concat(Approve).Concat(Review).Append("oversight").Distinct(StringComparer.Ordinal)];
}
