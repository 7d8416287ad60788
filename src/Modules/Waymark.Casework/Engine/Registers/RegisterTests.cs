using Waymark.Casework.Documents;
using Waymark.Model;

namespace Waymark.Casework.Registers;

/// <summary>How a test of a pack went; no faults means it passed.</summary>
public sealed record RegisterTestResult(RegisterPlan Plan, RegisterTest Test, IReadOnlyList<LocalText> Faults)
{
    public bool IsOk => Faults.Count == 0;
}

/// <summary>Runs the tests that packs carry, on a record in memory.</summary>
public static class RegisterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<RegisterTestResult> Run(RegisterPlan plan) => [.. plan.Tests.Select(test => new RegisterTestResult(plan, test, Run(plan, test)))];

    private static List<LocalText> Run(RegisterPlan plan, RegisterTest test)
    {
        var faults = new List<LocalText>();
        var at = test.At ?? s_now;
        var fields = new Dictionary<string, FieldState>(StringComparer.Ordinal);
        foreach (var (path, text) in test.Values)
        {
            if (plan.Field(path) is not { } field)
            {
                faults.Add(new($"There is no field \"{path}\".", $"没有字段“{path}”。"));
            }
            else
            {
                var read = ValueReader.Read(field, text);
                if (read.IsOk)
                {
                    fields[field.Group is { IsRepeated: true } group ? $"{group.Path}/0/{field.Id}" : path] = new(1, [new("c", read.Value, "worker-1", at)]);
                }
                else
                {
                    faults.Add(read.Error.Message);
                }
            }
        }

        var record = new RecordDocument
        {
            Register = plan.Id, Id = new('0', 32), PackVersion = plan.Version, PackHash = plan.Hash, State = test.State, Control = new("unit", 1), OpenedBy = "worker-1", SteppedBy = "worker-1",
            SteppedByUnits = ["unit"], StateSince = at, OpenedAt = at, Fields = fields, Persons = [.. test.Persons.Select(role => new Participant(role, role, at))],
        };
        foreach (var role in test.Persons.Where(role => plan.Role(role) is null))
        {
            faults.Add(new($"There is no role \"{role}\".", $"没有角色“{role}”。"));
        }

        if (plan.Transition(test.Do) is not { } step)
        {
            return faults;
        }

        // A consent is written role:purpose or role:purpose:recipient; a standing decision is any reference that is filled.
        var context = new StepContext(test.IsSecond ? "second-1" : "worker-1", test.Role, [test.IsSecond ? "other" : "unit"], at)
        {
            Consents = test.Consents.Select(consent => consent.Count(letter => letter == ':') == 1 ? consent + ":none" : consent).ToHashSet(StringComparer.Ordinal),
            Taken = test.Taken,
            Standing = step.Guards.Where(guard => guard.Field is not null).Distinct().ToDictionary(guard => guard, _ => at),
        };
        var refused = Steps.Check(plan, record, step, context);
        if (refused is null != test.IsAllowed)
        {
            faults.Add(refused is null ? new("It was allowed.", "该步骤被允许。") : new($"It was refused: {refused.Text.In("en")} [{refused.Code}]", $"该步骤被拒绝：{refused.Text.In("zh")} [{refused.Code}]"));
        }
        else if (test.By is { } by && refused?.Guard != by)
        {
            faults.Add(new($"It was refused by {refused?.Code}, not by {Packs.Words.Of(by)}.", $"拒绝来自 {refused?.Code}，而非 {Packs.Words.Of(by)}。"));
        }

        return faults;
    }
}
