using System.Text.Json;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Rules;
using Waymark.Rules.Language;

namespace Waymark.Casework.Documents;

/// <summary>Who wants to take a step and what stands behind it, gathered before the step is checked.</summary>
/// <param name="Account">Who.</param>
/// <param name="Role">In which role.</param>
/// <param name="Units">Of which units.</param>
/// <param name="At">When.</param>
public sealed record StepContext(string Account, string Role, IReadOnlyList<string> Units, DateTimeOffset At)
{
    /// <summary>Consents that hold now, as <c>role:purpose:recipient</c>.</summary>
    public IReadOnlySet<string> Consents { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>For each guard on a decision or assessment the moment at which the one that stands was made; none where it is another's, or does not stand.</summary>
    public IReadOnlyDictionary<GuardPlan, DateTimeOffset> Standing { get; init; } = new Dictionary<GuardPlan, DateTimeOffset>();

    /// <summary>Accounts that had a part in the records behind the step.</summary>
    public IReadOnlySet<string> Involved { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Organisations that were sent data of those the record is about.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];

    /// <summary>Steps that the record took before and that were not taken back.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];
}

/// <summary>Why a step is not open: which guard, in words.</summary>
public sealed record StepRefusal(GuardKind? Guard, string Code, LocalText Text);

/// <summary>Checks whether a step may be taken. Pure; every guard must hold, and unknown does not hold.</summary>
public static class Steps
{
    public static StepRefusal? Check(RegisterPlan plan, RecordDocument record, TransitionPlan step, StepContext context)
    {
        if (!step.From.Contains(plan.State(record.State)?.Index ?? -1))
        {
            return new(null, "step.state", new($"\"{step.Name.In("en")}\" does not start from \"{plan.State(record.State)?.Name.In("en")}\".", $"“{step.Name.In("zh")}”不能从“{plan.State(record.State)?.Name.In("zh")}”开始。"));
        }

        if (record.HasConflict && plan.States[step.To].IsTerminal)
        {
            return new(null, "step.conflict", new("Two different entries wait for a person's choice.", "有两个不同的录入待人选择。"));
        }

        if (step.Requires.FirstOrDefault(field => !Has(record, field)) is { } missing)
        {
            return new(null, "step.missing", new($"\"{missing.Name.In("en")}\" is needed first.", $"须先填写“{missing.Name.In("zh")}”。"));
        }

        // What was opened by mistake is laid aside without naming anybody; whatever goes on needs its people.
        if (plan.State(record.State)!.IsInitial && !plan.States[step.To].IsTerminal && plan.Persons.FirstOrDefault(role => record.Persons.Count(person => person.Role == role.Id) < role.Least) is { } absent)
        {
            return new(null, "step.person", new($"Add a person first: {absent.Name.In("en")}.", $"须先登记“{absent.Name.In("zh")}”。"));
        }

        foreach (var guard in step.Guards)
        {
            if (!Holds(plan, record, guard, context))
            {
                return new(guard.Kind, "step." + Packs.Words.Of(guard.Kind), guard.Kind == GuardKind.CarriedOut ? Guards.Remedies.Told(plan, record, context.SentTo, guard.Text) : new($"Waits for this: {guard.Text.In("en")}", $"尚待满足：{guard.Text.In("zh")}"));
            }
        }

        return null;
    }

    private static bool Has(RecordDocument record, FieldPlan field) => field.Type == FieldType.Group
        ? record.Fields.Keys.Any(path => path.StartsWith(field.Path + "/", StringComparison.Ordinal))
        : record.Fields.Any(pair => pair.Value.Claims.Count > 0 && RecordDocument.PlanPath(pair.Key) == field.Path);

    private static bool Holds(RegisterPlan plan, RecordDocument record, GuardPlan guard, StepContext context) => guard.Kind switch
    {
        GuardKind.Role => guard.Roles.Contains(context.Role, StringComparer.Ordinal),
        GuardKind.SecondPerson => record.SteppedBy is { } first && first != context.Account
            && !(guard.IsOtherUnit && record.SteppedByUnits.Intersect(context.Units, StringComparer.Ordinal).Any()),
        GuardKind.Decision or GuardKind.Assessment => record.One(guard.Field!.Path) is not null && context.Standing.TryGetValue(guard, out var made)
            && (guard.Days is not { } days || context.At - made <= TimeSpan.FromDays(days)),
        GuardKind.Consent => Consents(plan, record, guard).All(context.Consents.Contains),
        GuardKind.Bench => Guards.Bench.IsLawful(record),
        GuardKind.CarriedOut => Guards.Remedies.Waiting(plan, record, context.SentTo).Count == 0,
        GuardKind.Times => context.Taken.Count(step => step == guard.Step) <= guard.Most,
        GuardKind.Uninvolved => !context.Involved.Contains(context.Account),
        _ => guard.Condition!.Evaluate(Facts(plan, record, context.At)) == Truth.True,
    };

    /// <summary>The consents that a guard asks for: of everybody with the role.</summary>
    private static IEnumerable<string> Consents(RegisterPlan plan, RecordDocument record, GuardPlan guard)
    {
        var role = guard.Of ?? plan.Persons.FirstOrDefault(known => known.IsPrincipal)?.Id ?? "";
        var persons = record.Persons.Where(person => person.Role == role).ToList();
        return persons.Count == 0 ? ["nobody"] : persons.Select(person => Consent(person.Person, guard.Purpose!, guard.Recipient!));
    }

    public static string Consent(string person, string purpose, string recipient) => $"{person}:{purpose}:{recipient}";

    /// <summary>The record's fields as facts; a disputed or conflicting field is unknown, and unknown opens nothing.</summary>
    public static RequestFacts Facts(RegisterPlan plan, RecordDocument record, DateTimeOffset at)
    {
        var facts = new RequestFacts(plan.Vocabulary);
        if (plan.Vocabulary.Time is { } time)
        {
            facts.Set(time, Value.Of(at));
        }

        foreach (var field in plan.Fields)
        {
            if (field.Own is { } own && record.One(field.Path) is { } claim)
            {
                // What cannot be set stays unknown.
                _ = facts.Set(own.Id, [.. Words(field, claim.Value)]);
            }
        }

        return facts;
    }

    /// <summary>A value as the rule language writes it; none when it is not certain enough to decide on.</summary>
    public static IReadOnlyList<string> Words(FieldPlan field, FieldValue value)
    {
        switch (field.Type)
        {
            case FieldType.Code:
                return value.Member("code") is { } code ? [code] : [];
            case FieldType.Codes:
                using (var parsed = JsonDocument.Parse(value.Json))
                {
                    return [.. parsed.RootElement.GetProperty("codes").EnumerateArray().Select(item => item.GetString()!)];
                }

            case FieldType.Date:
                return Edtf.Read(value.Text) is { IsExact: true, First: { } day } ? [day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)] : [];
            case FieldType.Number:
                return [value.Json];
            default:
                return [value.Text];
        }
    }
}
