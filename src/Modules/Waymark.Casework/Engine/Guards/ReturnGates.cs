using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Casework.Guards;

/// <summary>The gates before any step of return; a closed set that no pack can leave out.</summary>
public enum ReturnGate
{
    NonRefoulement, BestInterest, Appeal,

    /// <summary>Whether there is a ground for return at all (R72); a pack asks for it where return is ordered.</summary>
    Ground,
}

/// <summary>How a gate stands for a person, and why it is closed.</summary>
public enum GateStanding { Open, Undecided, Refused, FactsChanged, Lapsed, OwnUnit }

/// <summary>
/// An individual decision at a gate. It rests on facts named by their hash, is made by somebody outside the return unit who heard the person, and ends by itself.
/// </summary>
public sealed record ReturnDecision(
    string Person, ReturnGate Gate, bool IsOpen, string By, IReadOnlyList<string> Units, DateTimeOffset At, string Facts, DateOnly? Interview, string Language, string OwnWords, DateOnly? CountryInformation, string Reasons)
{
    public string Id { get; init; } = "";

    /// <summary>What was found about removal onwards from there: <c>excluded</c>, <c>possible</c> or <c>not-asked</c>.</summary>
    public string Chain { get; init; } = "not-asked";
}

/// <summary>
/// Typed preconditions of return (F1, G13, M19–M24). States that a step with action <c>return-step</c> leads to are behind the gates: no operation of the engine brings a record
/// into one of them unless, for each person in it, the gates stand open on the facts of now.
/// </summary>
public static class ReturnGates
{
    public const string Action = "return-step";

    /// <summary>What a reference field names when it speaks of a decision at the gates.</summary>
    public const string Decisions = "return-decision";

    /// <summary>How long a decision holds.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromDays(30);

    private const int LeastReasons = 80;

    /// <summary>The field in which a file names the decision at a gate; one at another gate opens nothing there.</summary>
    public static string FieldOf(ReturnGate gate) => Words.Of(gate) + "-decision";

    /// <summary>True for registers in which somebody may be returned.</summary>
    public static bool In(RegisterPlan plan) => plan.Transitions.Any(step => step.Action == Action);

    public static bool IsGated(RegisterPlan plan, string state) => plan.State(state) is { } known && plan.Transitions.Any(step => step.Action == Action && step.To == known.Index);

    /// <summary>The state before the gates to which a record falls back.</summary>
    public static string Fallback(RegisterPlan plan, string state)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (IsGated(plan, state) && seen.Add(state))
        {
            var step = plan.Transitions.First(known => known.Action == Action && plan.States[known.To].Id == state);
            var from = step.From.Select(index => plan.States[index].Id).ToList();
            state = from.Find(before => !IsGated(plan, before)) ?? from[0];
        }

        return IsGated(plan, state) ? plan.Initial.Id : state;
    }

    /// <summary>A state that is only reached through a gated one is gated too: its steps have to say so, else the pack is refused.</summary>
    internal static void CheckPack(PackCursor pack, IReadOnlyList<StatePlan> states, IReadOnlyList<TransitionPlan> transitions)
    {
        var gated = transitions.Where(step => step.Action == Action).Select(step => step.To).ToHashSet();
        if (gated.Count == 0)
        {
            return;
        }

        var open = new HashSet<int>(states.Where(state => state.IsInitial).Select(state => state.Index));
        for (var before = -1; before != open.Count;)
        {
            before = open.Count;
            open.UnionWith(transitions.Where(step => step.Action != Action && step.From.Any(open.Contains)).Select(step => step.To));
        }

        foreach (var step in transitions.Where(step => step.Action != Action && (gated.Contains(step.To) || (!open.Contains(step.To) && step.From.Any(gated.Contains)))))
        {
            pack.Fault("transitions", "register.return-gate", $"\"{step.Id}\" leads to a state behind the return gates and must have the action {Action}.", $"“{step.Id}”通往遣返关口之后的状态，其 action 必须为 {Action}。");
        }
    }

    /// <summary>What a decision rests on: the facts of the person that count at the gates, as one hash. Any change of any of them gives another.</summary>
    public static string Facts(RecordDocument person)
    {
        var text = new StringBuilder();
        foreach (var (path, state) in person.Fields.Where(field => PersonCore.IsGateFact(field.Key)).OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text.Append(path).Append('=').AppendJoin('|', state.Claims.Select(claim => claim.Value.Json).Order(StringComparer.Ordinal)).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Whether a decision may be entered at all: heard, in the person's language, on dated country information, with reasons of its own (M20).</summary>
    public static Error? Check(ReturnDecision decision, IEnumerable<ReturnDecision> before)
    {
        if (decision.Interview is null || decision.Language.Length == 0 || decision.OwnWords.Trim().Length < 20 || decision.CountryInformation is null || decision.Reasons.Trim().Length < LeastReasons)
        {
            return Error.Invalid("return.reasons", "A decision needs the interview's date and language, the person's own words, dated country information and reasons for this person.",
                "决定须有面谈日期与语言、当事人原话、注明日期的国别资料以及针对本人的理由。");
        }

        if (decision is { Gate: ReturnGate.NonRefoulement, IsOpen: true, Chain: not "excluded" })
        {
            return Error.Refused("return.chain", "Nothing opens while removal onwards to a place of danger was not asked about and excluded.", "未询问并排除转送至危险地的可能之前，关口不得开放。", "chain");
        }

        var own = before.Where(known => known.By == decision.By && known.Person != decision.Person).ToList();
        return own.Exists(known => (decision.At - known.At).Duration() < TimeSpan.FromMinutes(15)) || own.Exists(known => Same(known.Reasons, decision.Reasons) > 0.8)
            ? Error.Refused("return.held", "Held: decisions follow too fast or read alike. Somebody else looks first.", "已暂缓：决定过快或雷同，须由他人先行查看。") : null;
    }

    /// <summary>The gates that must stand open for a person before any step of return.</summary>
    public static IReadOnlyList<ReturnGate> Needed(RecordDocument person, DateTimeOffset now) => PersonCore.MayBeChild(person, DateOnly.FromDateTime(now.UtcDateTime))
        ? [ReturnGate.NonRefoulement, ReturnGate.Appeal, ReturnGate.BestInterest] : [ReturnGate.NonRefoulement, ReturnGate.Appeal];

    /// <summary>How a gate stands, and the decision it rests on. <paramref name="returnUnits"/> are those of the record: none of them decides.</summary>
    public static (GateStanding Standing, ReturnDecision? Last) Standing(
        RecordDocument person, ReturnGate gate, IReadOnlyList<ReturnDecision> decisions, IReadOnlyCollection<string> returnUnits, DateTimeOffset now)
    {
        var last = decisions.Where(decision => decision.Gate == gate && decision.Person == person.Id).OrderByDescending(decision => decision.At).FirstOrDefault();
        return (last is null ? GateStanding.Undecided
            : !last.IsOpen ? GateStanding.Refused
            : last.Facts != Facts(person) ? GateStanding.FactsChanged
            : now - last.At > Holds ? GateStanding.Lapsed
            : last.Units.Intersect(returnUnits, StringComparer.Ordinal).Any() ? GateStanding.OwnUnit : GateStanding.Open, last);
    }

    /// <summary>Which gate is closed for a person; null when all stand open.</summary>
    public static Error? Closed(RecordDocument person, IReadOnlyList<ReturnDecision> decisions, IReadOnlyCollection<string> returnUnits, DateTimeOffset now)
    {
        foreach (var gate in Needed(person, now))
        {
            if (Standing(person, gate, decisions, returnUnits, now).Standing != GateStanding.Open)
            {
                return Error.Refused("return.gate-" + Words.Of(gate), "A gate before return is closed for somebody in this record: no individual decision stands on the facts of now.",
                    "对本记录中某人，遣返前的关口尚未开放：没有基于当前事实的个别决定。");
            }
        }

        return null;
    }

    /// <summary>Share of five-letter pieces that two texts have in common.</summary>
    private static double Same(string one, string other)
    {
        static HashSet<string> Pieces(string text) => [.. Enumerable.Range(0, Math.Max(1, text.Length - 4)).Select(at => text.Substring(at, Math.Min(5, text.Length - at)))];
        var (left, right) = (Pieces(one), Pieces(other));
        return left.Count == 0 ? 0 : (double)left.Intersect(right, StringComparer.Ordinal).Count() / Math.Min(left.Count, right.Count);
    }
}
