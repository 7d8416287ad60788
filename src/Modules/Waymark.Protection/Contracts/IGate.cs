using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Contracts;

/// <summary>
/// The one door to everything about persons. Each question is decided by the rule packs, recorded with its reasons under the
/// keys of the persons concerned, and entered into the ledger before anything happens; when that cannot be written, nothing
/// happens. What comes out is typed, already masked, and comes with the duties that go with it.
/// </summary>
public interface IGate
{
    /// <summary>
    /// Opens data for one purpose: decides, records, commits, and only then reads and masks. Expected refusals are answers
    /// with a reason, not errors. Errors: those of the store.
    /// </summary>
    Task<GateAnswer<T>> OpenAsync<T>(GateRequest request, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken) where T : IPersonal<T>;

    /// <summary>
    /// Does something to or with data about persons: the effect, the decision and the leaf are one commit. The effect is made
    /// from the permit, outside of any transaction.
    /// </summary>
    Task<GateAnswer<CommitReceipt>> ActAsync(GateRequest request, Func<Permit, WriteSet> effect, CancellationToken cancellationToken);

    /// <summary>
    /// Carries data of many records away as one output. Every record is asked for by itself, with its own facts, and its decision is durable before this returns; what is refused stays behind
    /// with its reason. The persons of all count as one question about <paramref name="output"/>, with those of the account's day: above 25 nothing goes before two others agreed and a day
    /// has passed (M53). The caller reads and masks what was permitted.
    /// </summary>
    Task<CarryAnswer> CarryAsync(string output, IReadOnlyList<string> persons, IReadOnlyList<GateRequest> parts, CancellationToken cancellationToken);

    /// <summary>
    /// The rules for the rows of a list or search that <see cref="OpenAsync"/> or <see cref="ActAsync"/> decides as a whole: the same question, with each record's own persons and facts in place of
    /// <paramref name="rowFacts"/> and of what is kept about persons. It hands out nothing and writes nothing; the decision of the whole stands for it.
    /// </summary>
    Task<IRowRules> RowsAsync(GateRequest whole, IReadOnlyCollection<string> rowFacts, CancellationToken cancellationToken);
}

/// <summary>Who asks: an account with the role and units of its session. Made from a session, never from a request body.</summary>
/// <param name="Account">Id of the account.</param>
/// <param name="Role">The account's role, as in the accounts.</param>
/// <param name="Units">Units whose work it takes part in.</param>
/// <param name="IsHardware">Signed in by a local credential whose maker the operator trusts.</param>
/// <param name="Credential">Names that credential; two persons never share one.</param>
public sealed record Actor(string Account, string Role, IReadOnlyList<string> Units, bool IsHardware = false, string? Credential = null);

/// <summary>A question to the gate.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Unit">The unit whose matter it is; one of the actor's.</param>
/// <param name="Matter">The case or file, by its id.</param>
/// <param name="Persons">Ids of the persons concerned; empty when none is.</param>
/// <param name="Action">A code of the vocabulary's list of actions.</param>
/// <param name="Purpose">A code of the list of purposes; asked once per case and sign-in.</param>
/// <param name="Facts">What else is so, by the vocabulary's ids. Facts that the gate keeps itself are refused here.</param>
public sealed record GateRequest(
    Actor Actor, string Unit, string Matter, IReadOnlyList<string> Persons, string Action, string Purpose, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts)
{
    /// <summary>Ids of facts the actor may not read; an explanation never names them, whatever it hangs on (M40).</summary>
    public IReadOnlySet<string> Hidden { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Duties that the calling module can carry out; a permit whose mandatory duty is not among them is void. Null: all.</summary>
    public IReadOnlySet<string>? CanDo { get; init; }

    /// <summary>
    /// The purpose for which the data were collected, as the register of the matter has it. No form and no asker states it: as one of <see cref="Facts"/> it is refused.
    /// Null: not known, and unknown never permits.
    /// </summary>
    public string? DeclaredPurpose { get; init; }

    /// <summary>The purposes that the data carry from where they came; a use outside them is refused. Null: none stated yet.</summary>
    public IReadOnlySet<string>? CarriedPurposes { get; init; }

    /// <summary>
    /// Why this stops whatever the rules permit, such as a freeze of the review committee; the calling module knows of it, the asker does not state it. The refusal <c>gate.stopped</c> is
    /// recorded like any other. Null: nothing stops it.
    /// </summary>
    public LocalText? Stopped { get; init; }
}

/// <summary>Data about persons that can hide fields. The answer must not hold the hidden values anywhere.</summary>
public interface IPersonal<out TSelf>
{
    /// <summary>A copy without these fields; codes of the vocabulary's list of fields.</summary>
    TSelf Without(IReadOnlySet<string> fields);
}

/// <summary>A task that goes with a permit or a refusal.</summary>
public sealed record GateDuty(string Id, string Rule, LocalText Text, DateTimeOffset? Due, bool IsMandatory)
{
    /// <summary>The gate did it with the answer: it masked the fields that the duty names.</summary>
    public bool IsMask { get; init; }
}

/// <summary>That something may be done once, now, and what goes with it. Only the gate makes one.</summary>
public sealed class Permit
{
    internal Permit(string decision, IReadOnlySet<string> masked, IReadOnlyList<GateDuty> duties) => (Decision, Masked, Duties) = (decision, masked, duties);

    /// <summary>Id of the decision; the page <c>/protection/decisions/{id}</c> shows it.</summary>
    public string Decision { get; }

    public IReadOnlySet<string> Masked { get; }

    public IReadOnlyList<GateDuty> Duties { get; }
}

/// <summary>Why not. <paramref name="Reasons"/>, pack by pack, hold only what the asker may read; outsiders are shown <see cref="Neutral"/>.</summary>
public sealed record Refusal(string Code, string? Decision, LocalText Text, IReadOnlyList<LocalText> Reasons, IReadOnlyList<GateDuty> Duties)
{
    /// <summary>Of the reasons, the rules that stand in the way: they forbid, or ask for something first.</summary>
    public IReadOnlyList<LocalText> InTheWay { get; init; } = [];

    /// <summary>What would change the answer, the nearest first; what only the person decides is told as their choice.</summary>
    public IReadOnlyList<LocalText> Nearest { get; init; } = [];

    /// <summary>The review by two others that waits for this question; once it is approved and its hold is over, the same question passes once.</summary>
    public string? Review { get; init; }

    /// <summary>The one sentence for whoever has no right to know whether anything is there.</summary>
    public static LocalText Neutral { get; } = new("Nothing can be shown.", "没有可显示的内容。");
}

/// <summary>One answer for each record of an output, in their order; exactly one of both is set.</summary>
public readonly record struct CarriedPart(Permit? Permit, Refusal? Refusal);

/// <summary>Of an output: <paramref name="Held"/> when it waits as a whole, and then nothing of it goes.</summary>
public sealed record CarryAnswer(IReadOnlyList<CarriedPart> Parts, Refusal? Held, Error? Error);

/// <summary>What the gate hands out: a value with its permit, a refusal with its reasons, or an error of the store.</summary>
public sealed record GateAnswer<T>(T? Value, Permit? Permit, Refusal? Refusal, Error? Error)
{
    public bool IsPermitted => Permit is not null && Error is null;
}
