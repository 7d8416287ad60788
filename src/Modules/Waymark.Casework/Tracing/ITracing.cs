using Waymark.Casework.Registers;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Match reviews between tracing requests and records of persons found, missing or dead. Candidates arise where the other record is held and are seen there only;
/// two people compare, the second without seeing the first; nothing is merged and nobody is told by it (M26, F8, F9).
/// </summary>
public interface ITracing
{
    /// <summary>
    /// Compares the persons sought in a request that is being searched with the persons on this node. It answers that it was done and nothing else: what was found is
    /// for the holders. Errors: <c>case.nothing</c>, <c>tracing.not-searching</c>, <c>search.budget</c>, <c>search.held</c>.
    /// </summary>
    Task<CaseAnswer<Looked>> LookAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken);

    /// <summary>Reviews of records that this desk's units hold, what is due first.</summary>
    Task<CaseAnswer<MatchQueue>> QueueAsync(CaseDesk desk, CancellationToken cancellationToken);

    /// <summary>One review as this person may see it now: reasons first, the weight after the own answer, what others said after the decision. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<MatchCard>> CardAsync(CaseDesk desk, string id, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the own answer with its reason. Errors: <c>case.nothing</c>, <c>match.why</c>, <c>match.answered</c>, <c>match.decided</c>, <c>matching.too-quick</c>.
    /// </summary>
    Task<CaseAnswer<Changed>> AnswerAsync(CaseDesk desk, string id, PairChoice choice, string why, CancellationToken cancellationToken);

    /// <summary>Takes the own answer back while nothing is decided; it stays in the history. Errors as above.</summary>
    Task<CaseAnswer<Changed>> TakeBackAsync(CaseDesk desk, string id, CancellationToken cancellationToken);

    /// <summary>
    /// What the family of a request may be told now, and how it may be reached. Asked of the gate as contact with the family and entered in the ledger at each look. Errors:
    /// <c>case.nothing</c>, <c>tracing.nothing-to-tell</c> for everything but an agreement that still stands.
    /// </summary>
    Task<CaseAnswer<Disclosure>> DisclosureAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken);
}

/// <summary>What was agreed, in the words of the person found, and to whom it goes; of a death, how those who asked wish to hear it. Nothing else of the record held is in it.</summary>
public sealed record Disclosure(
    RegisterPlan Plan, string Reference, long StateVersion, string? Answer, string? Outcome, string? MayTell, Documents.FieldValue? Message, Documents.FieldValue? Wishes, IReadOnlyList<DisclosedTo> To) : IPersonal<Disclosure>
{
    public Disclosure Without(IReadOnlySet<string> fields) => this with
    {
        To = [.. To.Select(one => one with { Names = fields.Contains("name") ? [] : one.Names, Channels = fields.Contains("contact") ? [] : one.Channels })],
    };
}

/// <summary>Somebody of the family: only channels that they called safe.</summary>
public sealed record DisclosedTo(IReadOnlyList<string> Names, IReadOnlyList<People.SafeChannel> Channels, string? Language);

/// <summary>It was looked. How much was found is not said: the unit of a request learns nothing before the person found has agreed.</summary>
public sealed record Looked(DateTimeOffset At);

/// <summary>How two entries agree, in the words of the comparison.</summary>
public enum Agreement { Same, Consistent, Close, Differs, Unknown, Hidden }

/// <summary>One line of the comparison. <paramref name="Mask"/> is the field of the vocabulary that hides it.</summary>
public sealed record MatchRow(string Field, IReadOnlyList<string> Sought, IReadOnlyList<string> Held, Agreement Agreement, LocalText Finding, ReasonStrength Strength, string? Mask);

/// <summary>What a reviewer said, shown when the review is decided.</summary>
public sealed record MatchOpinion(string By, PairChoice Choice, string Why, DateTimeOffset At);

/// <summary>A review as one person may see it.</summary>
public sealed record MatchCard(
    string Id, string Reference, RegisterPlan Held, RecordAddress Record, string State, DateTimeOffset Since, DateTimeOffset? Due, IReadOnlyList<MatchRow> Rows, PairChoice? OwnAnswer, PairScore? Score,
    PairChoice? Decision, IReadOnlyList<MatchOpinion> Opinions) : IPersonal<MatchCard>
{
    private static readonly LocalText s_hidden = new("not for this purpose", "不用于此目的");

    public MatchCard Without(IReadOnlySet<string> fields) => this with
    {
        Rows = [.. Rows.Select(row => row.Mask is { } mask && fields.Contains(mask) ? row with { Sought = [], Held = [], Agreement = Agreement.Hidden, Finding = s_hidden } : row)],
        // A weight of a field that is hidden would tell it.
        Score = Rows.Any(row => row.Mask is { } mask && fields.Contains(mask)) ? null : Score,
    };
}

/// <summary>One line of the queue; no name stands in it.</summary>
public sealed record MatchLine(string Id, string Reference, RegisterPlan Held, string State, DateTimeOffset Since, DateTimeOffset? Due, bool IsAnswered, PairChoice? Decision);

public sealed record MatchQueue(RegisterPlan Plan, IReadOnlyList<MatchLine> Waiting, IReadOnlyList<MatchLine> Answered, IReadOnlyList<MatchLine> Decided) : IPersonal<MatchQueue>
{
    public MatchQueue Without(IReadOnlySet<string> fields) => this;
}
