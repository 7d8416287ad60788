using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>A decision as those may see it who watch over decisions; <paramref name="Lines"/> are null once a person concerned was erased.</summary>
public sealed record DecisionView(
    string Id, DateTimeOffset At, string Role, string Unit, string Action, string Purpose, bool IsPermit, string Ground, bool IsSecondPurpose, IReadOnlyList<DecidedPack> Packs, string Leaf,
    IReadOnlyList<LocalText>? Lines)
{
    /// <summary>The rules that stand in the way: they forbid, or ask for something first.</summary>
    public IReadOnlyList<LocalText> InTheWay { get; init; } = [];

    /// <summary>How many of the lines, at the end, say what would change the answer.</summary>
    public int Nearest { get; init; }
}

public sealed record DecidedPack(string Id, string Version, string Hash);

/// <summary>A line of the log: no names, roles only (M09).</summary>
public sealed record LogLine(string Decision, DateTimeOffset At, string Role, string Unit, string Action, string Purpose, bool IsPermit, bool IsSecondPurpose)
{
    /// <summary>Why it was refused before any rule was asked; null for what rules decided.</summary>
    public LocalText? Stop { get; init; }
}

/// <summary>Who opened what is kept about a person, as the person is told: a day, a role and a unit, what for; never a name.</summary>
public sealed record LookLine(DateOnly Day, string Role, string Unit, string Action, string Purpose, int Times);

/// <summary>An inquiry under which the log may be read: a review or a complaint, with its number, until a day.</summary>
public sealed record Inquiry(string Number, string Kind, string OpenedBy, DateTimeOffset Until);

/// <summary>The log for oversight. Every reading is itself logged; reports on one member of staff need two of oversight.</summary>
public interface ILog
{
    /// <summary>Roles that open inquiries and read entries.</summary>
    static IReadOnlyList<string> Readers { get; } = ["oversight", "data-protection-officer"];

    Task<Result<Inquiry>> OpenAsync(Actor actor, string number, string kind, TimeSpan lasts, CancellationToken cancellationToken);

    /// <summary>Errors: <c>log.no-inquiry</c>, <c>log.role</c>.</summary>
    Task<Result<IReadOnlyList<LogLine>>> ReadAsync(Actor actor, string inquiry, string? matter, int limit, CancellationToken cancellationToken);

    /// <summary>What one account did; the second of oversight signs with another credential. Errors as above and <c>two.*</c>.</summary>
    Task<Result<IReadOnlyList<LogLine>>> ReadActorAsync(Actor first, Actor second, string inquiry, string account, CancellationToken cancellationToken);

    /// <summary>
    /// What was permitted about a person, for the person's own request (its id), newest day first: for the data-protection officer, and entered. What a law keeps from being told
    /// (<c>notice.deferred_reason</c> of the decision) is left out until <see cref="LongestDelay"/> after it, and no answer tells whether there is any. Error <c>log.role</c>.
    /// </summary>
    Task<Result<IReadOnlyList<LookLine>>> LooksAsync(Actor actor, string person, string request, CancellationToken cancellationToken);

    /// <summary>How long a look is kept from its person at most; then it is told, whatever the ground was (M86).</summary>
    static readonly TimeSpan LongestDelay = TimeSpan.FromDays(90);

    /// <summary>One decision: by its own actor, or by whoever watches. Null for everybody else, as for one that is not there.</summary>
    Task<DecisionView?> DecisionAsync(Actor actor, string id, CancellationToken cancellationToken);

    /// <summary>How many entries have a place and how many wait; who signed last and when.</summary>
    Task<ChainState> ChainAsync(CancellationToken cancellationToken);
}

public sealed record ChainState(long Size, DateTimeOffset? SignedAt, long Waiting, string? Note);

/// <summary>A person's own request, as the person may follow it by its code: a status word and nothing else.</summary>
public enum RequestStatus { Received, InWork, NeedsYou, Answered }

/// <summary>Requests of the persons themselves (access, correction, erasure, objection, who looked).</summary>
public interface IPeopleRequests
{
    /// <summary>Takes a request and answers the code of 128 random bits by which only its status can be followed. The code is kept as a hash only.</summary>
    Task<Result<string>> TakeAsync(string person, string kind, string channel, CancellationToken cancellationToken);

    /// <summary>The status word for a code; null when there is none of it. Nothing else about the request is ever told here (M27, M39).</summary>
    Task<RequestStatus?> StatusAsync(string code, CancellationToken cancellationToken);

    Task<Result<bool>> MoveAsync(string code, RequestStatus status, string actor, CancellationToken cancellationToken);
}

/// <summary>What would happen if: invented facts, decided and explained, no person behind them.</summary>
public interface IRuleTests
{
    Task<Result<RuleTest>> TryAsync(Actor actor, IReadOnlyDictionary<string, IReadOnlyList<string>> facts, CancellationToken cancellationToken);
}

public sealed record RuleTest(bool IsPermit, string Ground, IReadOnlyList<string> English, IReadOnlyList<string> Chinese, IReadOnlyList<string> NotAdopted);
