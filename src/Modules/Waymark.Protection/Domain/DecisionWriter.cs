using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>What is to be written about one decision.</summary>
internal sealed record DecisionDraft(
    string Id, GateRequest Request, string Matter, IReadOnlyList<string> Persons, Explanation Explanation, Explanation? Shown, bool IsPermit, Refusal? Stop, IReadOnlyList<GateDuty> Duties,
    IReadOnlyList<(string Handle, long Version, PurposeTrail Trail)> Trails, DateTimeOffset At);

/// <summary>Makes the write set of a decision: the sealed record, its leaf, its duties, and an alarm where one is due.</summary>
internal sealed class DecisionWriter(PersonVault vault, PersonSalts salts, IReadOnlyDictionary<string, DutyKind> duties)
{
    /// <summary>Refusals that somebody else must look at.</summary>
    private static readonly HashSet<string> s_alarming = new(StringComparer.Ordinal) { "gate.flipped", "gate.other-purpose" };

    /// <summary>Topic of the floor's rules against turning what people gave for help to another use (F2, F7): whoever surely ran into one is looked at (M01).</summary>
    private const string Turning = "purpose";

    public static string NewId() => Ids.New();

    public async Task<Result<WriteSet>> WriteAsync(DecisionDraft draft, CancellationToken cancellationToken)
    {
        var (request, explanation) = (draft.Request, draft.Explanation);
        var subjectSalts = new List<byte[]>();
        foreach (var person in request.Persons)
        {
            var salt = await salts.OfAsync(SaltKind.Subject, person, cancellationToken);
            if (!salt.IsOk)
            {
                return salt.Error;
            }

            subjectSalts.Add(salt.Value);
        }

        var actorSalt = await salts.OfAsync(SaltKind.Actor, request.Actor.Account, cancellationToken);
        if (!actorSalt.IsOk)
        {
            return actorSalt.Error;
        }

        var record = DecisionRecord.Of(explanation, draft.At, subjectSalts.Count > 0 ? subjectSalts[0] : actorSalt.Value).ToBytes();
        var leaf = ActLeaves.Leaf(LeafId.New(draft.At), request.Actor.Account, actorSalt.Value, [.. request.Persons.Zip(subjectSalts)], record);
        var content = new DecisionContent(request.Facts, [.. explanation.NearestPermits.SelectMany(permit => permit.Changes).Select(change => change.Fact.Id).Distinct(StringComparer.Ordinal)],
            Lines(draft, "en"), Lines(draft, "zh"))
        {
            Shown = ReferenceEquals(explanation, draft.Shown) ? null : draft.Shown is not { } shown ? new([], [])
                : new(ExplanationText.Lines(shown, "en"), ExplanationText.Lines(shown, "zh")) { InTheWay = InTheWay(shown), Nearest = shown.NearestPermits.Count },
            InTheWay = InTheWay(explanation), Nearest = explanation.NearestPermits.Count,
        };
        var sealedContent = await vault.SealAsync(draft.Id, draft.Persons, Registers.Bytes(content), cancellationToken);
        if (!sealedContent.IsOk)
        {
            return sealedContent.Error;
        }

        var isSecond = draft.IsPermit && Trails.IsNew(draft.Trails, request.Purpose);
        var document = new DecisionDocument(
            draft.Id, draft.At, request.Actor.Account, request.Actor.Role, request.Unit, draft.Matter, draft.Persons, request.Action, request.Purpose, draft.IsPermit,
            draft.Stop?.Code ?? "gate." + Features.RuleBook.Kebab(explanation.Decision.Ground), isSecond,
            [.. explanation.Set.Packs.Select(pack => new DecidedPack(pack.Id, pack.Version, pack.Hash))], leaf.Id.ToString(), record, sealedContent.Value);
        return new WriteSet
        {
            Actor = request.Actor.Account,
            Reason = draft.IsPermit ? "gate.permit" : "gate.deny",
            Records = [Write(document), .. Index(document), .. DutyBook.Writes(draft.Id, draft.Matter, request.Actor.Account, request.Unit, draft.At, duties, draft.Duties), .. draft.IsPermit ? Trails.Writes(draft.Trails, draft.Matter, request) : []],
            Tasks = [.. Tasks(draft, isSecond)],
            Leaves = [leaf.Encode()],
        };
    }

    internal static RecordWrite Write(DecisionDocument document, long version = 0) => Registers.Write(
        Registers.Decision, document.Id, version, document, document.IsPermit ? "permitted" : "denied",
        new RecordHead("at", Registers.Time(document.At)), new RecordHead("account", document.Account), new RecordHead("matter", document.Matter), new RecordHead("action", document.Action),
        new RecordHead("effect", document.IsPermit ? "permit" : EarlyStops.TextOf(document.Ground) is null ? "deny" : EarlyStops.Effect), new RecordHead("purpose", document.Purpose), new RecordHead("second", document.IsSecondPurpose ? "yes" : "no"));

    internal const string IndexRegister = "protection.person-decision";

    internal static IEnumerable<RecordWrite> Index(DecisionDocument document) => document.Persons.Distinct(StringComparer.Ordinal).Select(handle => Registers.Write(
        IndexRegister, handle + "." + document.Id, 0, new { decision = document.Id }, "decided", new RecordHead("person", handle), new RecordHead("at", Registers.Time(document.At))));

    private static ShownLines InTheWay(Explanation explanation) => new(ExplanationText.InTheWay(explanation, "en"), ExplanationText.InTheWay(explanation, "zh"));

    private static IReadOnlyList<string> Lines(DecisionDraft draft, string language) => draft.Stop is { } stop
        ? [stop.Text.In(language), .. ExplanationText.Lines(draft.Explanation, language)] : ExplanationText.Lines(draft.Explanation, language);

    private static IEnumerable<QueueItem> Tasks(DecisionDraft draft, bool isSecond)
    {
        if (isSecond)
        {
            yield return new(draft.Id + ".second-purpose", Registers.AlarmQueue, Registers.Bytes(new { decision = draft.Id, kind = "second-purpose", account = draft.Request.Actor.Account }));
        }

        if (draft.Stop is { } stop && s_alarming.Contains(stop.Code))
        {
            yield return new(draft.Id + ".alarm", Registers.AlarmQueue, Registers.Bytes(new { decision = draft.Id, kind = stop.Code, account = draft.Request.Actor.Account }));
        }

        if (draft.Explanation.Packs.Any(pack => pack.Pack.IsFloor && pack.Rules.Any(answer => answer.Role == RuleRole.Forbids && answer.Rule.Topic == Turning)))
        {
            yield return new(draft.Id + ".turned", Registers.AlarmQueue, Registers.Bytes(new { decision = draft.Id, kind = "turned-purpose", account = draft.Request.Actor.Account }));
        }
    }
}
