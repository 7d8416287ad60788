using System.Globalization;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests.Registers;

/// <summary>Walks the state machine of a register: every path there is, and random ones with whatever may lie in the record.</summary>
internal static class Paths
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The states that can be reached from the first one by steps that are not <paramref name="closed"/>.</summary>
    public static IReadOnlySet<string> Reachable(RegisterPlan plan, Func<TransitionPlan, bool> closed)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { plan.Initial.Id };
        var open = new Queue<int>([plan.Initial.Index]);
        while (open.TryDequeue(out var state))
        {
            foreach (var step in plan.From[state].Where(step => !closed(step)))
            {
                if (reached.Add(plan.States[step.To].Id))
                {
                    open.Enqueue(step.To);
                }
            }
        }

        return reached;
    }

    /// <summary>
    /// Takes whatever steps the guards let through while fields, consents, decisions and the acting person change at random between steps.
    /// Values are drawn mostly from those that the pack's own tests allow, so that guards are passed as well as met.
    /// </summary>
    public static IEnumerable<(TransitionPlan Step, RecordDocument Before, StepContext Context)> Walk(RegisterPlan plan, int seed, int steps)
    {
        var random = new Random(seed);
        var good = plan.Tests.Where(test => test.IsAllowed).SelectMany(test => test.Values).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(pair => pair.Value).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        var fields = plan.Fields.Where(field => field.Group is null && field.Type != FieldType.Group).ToArray();
        var (state, last, units) = (plan.Initial.Id, "worker-0", (IReadOnlyList<string>)["unit-0"]);
        for (var i = 0; i < steps; i++)
        {
            var record = Record(plan, state, last, units, Values(fields, good, random), random);
            var who = random.Next(3);
            var context = new StepContext($"worker-{who}", random.Next(4) == 0 ? "legal-officer" : random.Next(2) == 0 ? "supervisor" : "case-worker", [$"unit-{who}"], Now)
            {
                Consents = Consents(plan).Where(_ => random.Next(10) < 9).ToHashSet(StringComparer.Ordinal),
                Standing = plan.From[plan.State(state)!.Index].SelectMany(step => step.Guards).Where(guard => guard.Field is not null && random.Next(10) < 9).Distinct()
                    .ToDictionary(guard => guard, _ => Now.AddDays(-random.Next(36))),
            };
            var choices = plan.From[plan.State(state)!.Index];
            if (choices.Length == 0)
            {
                yield break;
            }

            // Steps without guard are mostly ways out; nine times in ten a guarded one is tried, else one that leads on.
            var guarded = choices.Where(step => step.Guards.Count > 0).ToArray();
            var onward = choices.Where(step => plan.From[step.To].Length > 0).ToArray();
            var drawn = random.Next(10) == 0 ? choices : guarded.Length > 0 ? guarded : onward.Length > 0 ? onward : choices;
            var step = drawn[random.Next(drawn.Length)];
            if (Steps.Check(plan, record, step, context) is null)
            {
                yield return (step, record, context);
                (state, last, units) = (plan.States[step.To].Id, context.Account, context.Units);
            }
        }
    }

    public static RecordDocument Record(RegisterPlan plan, string state, string last, IReadOnlyList<string> units, IReadOnlyDictionary<string, FieldState> fields, Random random) => new()
    {
        Register = plan.Id, Id = new('0', 32), PackVersion = plan.Version, PackHash = plan.Hash, State = state, Control = new("unit-0", 1), OpenedBy = "worker-0",
        OpenedAt = Now, StateSince = Now, SteppedBy = last, SteppedByUnits = units, Fields = fields,
        Persons = [.. plan.Persons.Where(role => role.Least > 0 || random.Next(2) == 0).Select(role => new Participant(role.Id, role.Id, Now))],
    };

    public static string Id(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Consents(RegisterPlan plan) => plan.Transitions.SelectMany(step => step.Guards).Where(guard => guard.Kind == GuardKind.Consent)
        .Select(guard => Steps.Consent(guard.Of!, guard.Purpose!, guard.Recipient!)).Distinct(StringComparer.Ordinal);

    private static Dictionary<string, FieldState> Values(FieldPlan[] fields, Dictionary<string, string[]> good, Random random)
    {
        var values = new Dictionary<string, FieldState>(StringComparer.Ordinal);
        foreach (var field in fields.Where(_ => random.Next(40) > 0))
        {
            var written = field.Type switch
            {
                FieldType.Reference => "{\"register\":\"" + (field.Target ?? "decision") + "\",\"id\":\"" + Id(random.Next(1, 5)) + "\"}",
                _ when good.TryGetValue(field.Path, out var known) && random.Next(40) > 0 => known[random.Next(known.Length)],
                FieldType.Code or FieldType.Codes => field.Codes!.Codes[random.Next(field.Codes.Codes.Count)].Id,
                FieldType.YesNo => random.Next(3) switch { 0 => "yes", 1 => "no", _ => "unknown" },
                FieldType.Date => random.Next(4) switch { 0 => "2025-12-31", 1 => "2026-01-14", 2 => "2026-02", _ => "2026-03-01" },
                FieldType.Number => random.Next(5).ToString(CultureInfo.InvariantCulture),
                FieldType.Money => "1.00 EUR",
                FieldType.Contact => "{\"channel\":\"visit\",\"value\":\"x\"}",
                _ => "x",
            };
            if (ValueReader.Read(field, written).TryGet(out var value))
            {
                values[field.Path] = new(1, [new("c", value, "worker-0", Now)]);
            }
        }

        return values;
    }
}
