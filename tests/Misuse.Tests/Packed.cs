using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Casework.Tests;
using Waymark.Casework.Tests.Registers;
using Waymark.Packs;

namespace Waymark.Misuse.Tests;

/// <summary>The registers as they ship and with a guard taken out of their pack, and steps in them: from a record that the pack's own tests let through, with one thing changed.</summary>
internal static class Packed
{
    private static readonly Lazy<RegisterLibrary> s_shipped = new(() => RepositoryPacks.Registers());

    public static RegisterPlan Plan(string register) => s_shipped.Value.Find(register) ?? throw new InvalidOperationException(register);

    /// <summary>The text of a register's pack, without the lines that hold any of these pieces.</summary>
    public static string Text(string register, params string[] without)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryPacks.Folder, FileOf(register)));
        foreach (var piece in without)
        {
            lines.ShouldContain(line => line.Contains(piece, StringComparison.Ordinal), piece);
        }

        var kept = lines.Where(line => !without.Any(piece => line.Contains(piece, StringComparison.Ordinal))).ToList();

        // A step whose last guard is gone has none.
        return string.Join('\n', kept.Where((line, at) => line.Trim() != "guards:" || (at + 1 < kept.Count && kept[at + 1].TrimStart().StartsWith("- {kind:", StringComparison.Ordinal)))) + "\n";
    }

    /// <summary>A register whose pack says something else; null where the reader refuses it, with its faults.</summary>
    public static (RegisterPlan? Plan, string Faults) Written(string register, string text)
    {
        var outcome = PackLibrary.Load([RepositoryPacks.Node("", null, (path, shipped) => path == FileOf(register) ? text : shipped)]);
        var registers = RegisterLibrary.Read(outcome.Library, null);
        return (registers.Find(register), string.Join('\n', outcome.Errors.Concat(registers.Errors).Select(error => error.ToString())));
    }

    /// <summary>The register without the lines that hold these pieces: whoever composes the product without these guards has it.</summary>
    public static RegisterPlan Without(string register, params string[] pieces)
    {
        var (plan, faults) = Written(register, Text(register, pieces));
        return plan ?? throw new InvalidOperationException(faults);
    }

    private static string FileOf(string register) => File.Exists(Path.Combine(RepositoryPacks.Folder, "registers", register + ".yaml")) ? $"registers/{register}.yaml" : $"registers/{register}/pack.yaml";

    /// <summary>Takes the step of a test of the pack that passes, with values changed (null: not there), without a consent or by the one who took the last step: harm is that it is taken.</summary>
    public static Task<Seen> StepAsync(RegisterPlan plan, string test, string? withoutConsent = null, bool alone = false, params (string Path, string? Value)[] changed)
    {
        var known = plan.Tests.Single(one => one.Id == test);
        known.IsAllowed.ShouldBeTrue(test);
        var values = new Dictionary<string, string>(known.Values, StringComparer.Ordinal);
        foreach (var (path, value) in changed)
        {
            values.Remove(path);
            if (value is not null)
            {
                values[path] = value;
            }
        }

        var at = known.At ?? Paths.Now;
        var record = new RecordDocument
        {
            Register = plan.Id, Id = new('0', 32), PackVersion = plan.Version, PackHash = plan.Hash, State = known.State, Control = new("unit", 1), OpenedBy = "worker-1", OpenedAt = at, StateSince = at, SteppedBy = "worker-1",
            SteppedByUnits = ["unit"], Persons = [.. known.Persons.Select(role => new Participant(role, role, at))],
            Fields = values.ToDictionary(value => value.Key, value => new FieldState(1, [new("c", ValueReader.Read(plan.Field(value.Key)!, value.Value).Value, "worker-1", at)]), StringComparer.Ordinal),
        };
        var (step, isSecond) = (plan.Transition(known.Do)!, known.IsSecond && !alone);
        var refused = Steps.Check(plan, record, step, new(isSecond ? "second-1" : "worker-1", known.Role, [isSecond ? "other" : "unit"], at)
        {
            Consents = known.Consents.Where(consent => consent != withoutConsent).Select(consent => consent.Count(letter => letter == ':') == 1 ? consent + ":none" : consent).ToHashSet(StringComparer.Ordinal),
            Standing = step.Guards.Where(guard => guard.Field is not null).Distinct().ToDictionary(guard => guard, _ => at),
        });
        return Task.FromResult(new Seen(refused is null, refused?.Code, refused?.Text.In("en") ?? ""));
    }
}
