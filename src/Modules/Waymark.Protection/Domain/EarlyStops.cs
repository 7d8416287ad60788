using System.Globalization;
using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>
/// What is refused before any rule is asked, because the question itself is out of order. Each stop is a decision like any other, with its leaf, so that whoever watches finds the attempt: under
/// who asked, what was asked and which stop it ran into, and without anything of the record or the persons, of which nothing was looked at.
/// </summary>
internal sealed class EarlyStops(Features.RuleBook book, IStore store, PersonVault vault, PersonSalts salts, TimeProvider time)
{
    public const string OwnFact = "gate.own-fact";
    public const string WrongFact = "gate.fact";
    public const string UnknownCode = "gate.unknown-code";

    /// <summary>The head of such a decision: neither permit nor deny, so that no number of them pushes a refusal that rules made out of sight (M77).</summary>
    public const string Effect = "stop";

    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, LocalText> s_texts = new(StringComparer.Ordinal)
    {
        [OwnFact] = new("A fact was stated that the asker may not state.", "陈述了不由询问者陈述的事实。"),
        ["gate.unit"] = new("This matter belongs to another unit.", "此事项属于其他单位。"),
        ["gate.purpose"] = new("This purpose does not follow from the role.", "此目的与角色不符。"),
        ["gate.credential"] = new("What leaves the organisation needs a sign-in with a trusted security key.", "向本组织以外提供须使用受信安全密钥登录。"),
        ["gate.not-carried"] = new("The data may not serve this purpose; they carry narrower ones from where they came.", "数据不得用于此目的；其来源限定了更窄的目的。"),
        ["gate.too-many"] = new($"More than {Features.Gate.MostAtOnce} persons at once; ask in parts.", $"一次涉及超过 {Features.Gate.MostAtOnce} 人；请分批询问。"),
        [WrongFact] = new("A fact was stated that is not known here, or not in its form.", "陈述了此处未知或形式不符的事实。"),
        [UnknownCode] = new("A code is not known here; what is unknown is refused.", "所用代码此处未知；未知者一律拒绝。"),
    };

    /// <summary>The stop in words; null for a ground that is none.</summary>
    public static LocalText? TextOf(string ground) => s_texts.GetValueOrDefault(ground);

    public Refusal? Find(GateRequest request)
    {
        if (request.Facts.Keys.FirstOrDefault(OwnFacts.IsOwn) is { } own)
        {
            return Refuse(OwnFact, new($"The fact \"{own}\" is not the asker's to state.", $"事实“{own}”不由询问者陈述。"));
        }

        if (!request.Actor.Units.Contains(request.Unit, StringComparer.Ordinal))
        {
            return Refuse("gate.unit");
        }

        if (!book.Purposes.TryGetValue(request.Actor.Role, out var known) || !known.Contains(request.Purpose))
        {
            return Refuse("gate.purpose");
        }

        // A rightly signed token of an outside login, or a password that was seen, does not carry anything out (M56).
        if (Features.Gate.Carrying.Contains(request.Action) && !request.Actor.IsHardware)
        {
            return Refuse("gate.credential");
        }

        if (request.CarriedPurposes is { } carried && !carried.Contains(request.Purpose))
        {
            return Refuse("gate.not-carried");
        }

        return request.Persons.Count > Features.Gate.MostAtOnce ? Refuse("gate.too-many") : null;
    }

    public static Refusal Refuse(string code, LocalText? text = null) => new(code, null, text ?? s_texts[code], [], []);

    /// <summary>
    /// The entry of a stop, to be committed before it is answered, and the refusal that names it. Without writes when the account has had its share of entries within the hour.
    /// </summary>
    public async Task<Result<(WriteSet? Writes, Refusal Refusal)>> WriteAsync(GateRequest request, Refusal stop, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var kept = await store.Records.ListAsync(
            new(Registers.Decision, [new("account", request.Actor.Account), new("effect", Effect)], "at", Descending: true, Limit: Features.Gate.MostStops, From: Registers.Time(now - s_window)), cancellationToken);
        if (!kept.IsOk)
        {
            return kept.Error;
        }

        if (kept.Value.Records.Count >= Features.Gate.MostStops)
        {
            return (null, stop with { Decision = kept.Value.Records[0].Id });
        }

        var (salt, matter) = (await salts.OfAsync(SaltKind.Actor, request.Actor.Account, cancellationToken), await vault.HandleAsync(request.Matter, cancellationToken));
        if (!salt.IsOk || !matter.IsOk)
        {
            return salt.Error ?? matter.Error!;
        }

        // What is no code, and a unit that is not the asker's, is whatever somebody wrote: it does not get into the log.
        var unit = request.Actor.Units.Contains(request.Unit, StringComparer.Ordinal) ? request.Unit : request.Actor.Units.Count > 0 ? request.Actor.Units[0] : "";
        var (action, purpose) = (Code("action", request.Action), Code("purpose", request.Purpose));
        var record = Record(stop.Code, request.Actor.Role, unit, action, purpose, now);
        var leaf = ActLeaves.Leaf(LeafId.New(now), request.Actor.Account, salt.Value, [], record);
        var document = new DecisionDocument(
            DecisionWriter.NewId(), now, request.Actor.Account, request.Actor.Role, unit, matter.Value, [], action, purpose, false, stop.Code, false, [],
            leaf.Id.ToString(), record, null);
        var writes = new WriteSet
        {
            Actor = request.Actor.Account, Reason = "gate.stop", Records = [DecisionWriter.Write(document)], Leaves = [leaf.Encode()],
            // The last one that has an entry is looked at: somebody, or something, goes on trying.
            Tasks = kept.Value.Records.Count + 1 < Features.Gate.MostStops ? []
                : [new(document.Id + ".alarm", Registers.AlarmQueue, Registers.Bytes(new { decision = document.Id, kind = "many-stops", account = request.Actor.Account }))],
        };
        return (writes, stop with { Decision = document.Id });
    }

    /// <summary>What the leaf commits to: when, which stop, who in which role and unit, what was asked for. The same question at the same moment gives the same bytes.</summary>
    public static byte[] Record(string code, string role, string unit, string action, string purpose, DateTimeOffset at) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"waymark.stop/1\n{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}\n{code}\n{role}\n{unit}\n{action}\n{purpose}\n"));

    private string Code(string fact, string word) => book.Rules.Vocabulary.Find(fact)?.Codes?.Find(word) is null ? "" : word;
}
