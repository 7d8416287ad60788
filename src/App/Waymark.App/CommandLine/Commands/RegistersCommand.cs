using System.CommandLine;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark registers …</c>: check, list and test the registers of case work.</summary>
public static class RegistersCommand
{
    public static Command Make(CommandMaker make)
    {
        var command = make.Verb("registers", "registers of case work", "个案登记册", Check(make), List(make), Test(make), RegisterMigrateCommand.Make(make));
        command.Aliases.Add("register");
        return command;
    }

    private static Command Check(CommandMaker make)
    {
        var folder = RulesCommand.Folder(make);
        return make.Does(make.Verb("check", "check register packs", "检查登记册包", folder), (context, cancellationToken) => Task.FromResult(With(context, context.Get(folder), (registers, errors) =>
        {
            if (context.Json)
            {
                context.WriteJson("waymark.registers-check/1", new RegistersCheckOutput([.. registers.All.Select(Line)], errors));
            }
            else
            {
                foreach (var error in errors)
                {
                    context.Terminal.Output.WriteLine(error.In(context.Language.Tag));
                }

                context.Remark($"{registers.All.Count} registers, {errors.Count} faults.", $"共 {registers.All.Count} 个登记册，{errors.Count} 个问题。");
            }

            return errors.Count == 0 ? ExitCode.Done : ExitCode.Faults;
        }, cancellationToken)));
    }

    private static Command List(CommandMaker make)
    {
        var folder = RulesCommand.Folder(make);
        return make.Does(make.Verb("list", "list registers with fields and states", "列出登记册及其字段与状态", folder), (context, cancellationToken) => Task.FromResult(Sound(context, context.Get(folder), registers =>
        {
            if (context.Json)
            {
                context.WriteJson("waymark.registers/1", new RegistersOutput([.. registers.All.Select(Line)]));
            }
            else
            {
                foreach (var plan in registers.All)
                {
                    var line = Line(plan);
                    context.Terminal.Output.WriteLine(
                        $"{line.Id}  {line.Version}  {context.Language.Say(line.Title)}  {string.Join(",", line.Profiles)}  {line.Partition}  "
                        + context.Say($"{line.Fields} fields, {line.States} states, {line.Tests} tests", $"{line.Fields} 个字段，{line.States} 个状态，{line.Tests} 项测试"));
                }
            }

            return ExitCode.Done;
        }, cancellationToken)));
    }

    private static Command Test(CommandMaker make)
    {
        var folder = RulesCommand.Folder(make);
        return make.Does(make.Verb("test", "run the tests that registers carry", "运行登记册自带的测试", folder), (context, cancellationToken) => Task.FromResult(Sound(context, context.Get(folder), registers =>
        {
            var results = registers.All.SelectMany(RegisterTests.Run).ToList();
            var failed = results.Where(result => !result.IsOk).ToList();
            if (context.Json)
            {
                context.WriteJson("waymark.registers-test/1", new RegistersTestOutput([.. results.Select(result => new RegistersTestLine(result.Plan.Id, result.Test.Id, result.IsOk, result.Faults))]));
            }
            else
            {
                foreach (var result in failed)
                {
                    context.Terminal.Output.WriteLine($"{result.Test.Where}: {result.Test.Id} {context.Language.Say(result.Test.Text)}");
                    foreach (var fault in result.Faults)
                    {
                        context.Terminal.Output.WriteLine($"  {context.Language.Say(fault)}");
                    }
                }

                context.Remark($"{results.Count} tests, {failed.Count} failed.", $"共 {results.Count} 项测试，{failed.Count} 项未通过。");
            }

            return failed.Count == 0 ? ExitCode.Done : ExitCode.Faults;
        }, cancellationToken)));
    }

    private static int Sound(CommandContext context, string? folder, Func<RegisterLibrary, int> work, CancellationToken cancellationToken) => With(context, folder, (registers, errors) =>
    {
        foreach (var error in errors.Skip(1))
        {
            context.Terminal.Error.WriteLine(error.In(context.Language.Tag));
        }

        return errors.Count > 0 ? context.Fail(errors[0]) : work(registers);
    }, cancellationToken);

    private static int With(CommandContext context, string? folder, Func<RegisterLibrary, IReadOnlyList<Error>, int> work, CancellationToken cancellationToken)
    {
        var roots = RuleSources.Roots(context, folder);
        if (!roots.IsOk)
        {
            return context.Fail(roots.Error);
        }

        var outcome = PackLibrary.Load(roots.Value, cancellationToken);
        var registers = RegisterLibrary.Read(outcome.Library, null);
        return work(registers, [.. outcome.Reports.Where(report => report.File.Contains($"/{RegisterLibrary.Kind}/", StringComparison.Ordinal)).SelectMany(report => report.Errors), .. registers.Errors]);
    }

    private static RegisterLine Line(RegisterPlan plan) => new(
        plan.Id, plan.Version, plan.Hash, plan.Title, [.. plan.Profiles.Select(Words.Of).Order(StringComparer.Ordinal)], Words.Of(plan.Partition), plan.Class, plan.Fields.Count, plan.States.Count,
        plan.Transitions.Count, plan.Tests.Count);
}

public sealed record RegisterLine(
    string Id, string Version, string Hash, LocalText Title, IReadOnlyList<string> Profiles, string Partition, string Class, int Fields, int States, int Transitions, int Tests);

public sealed record RegistersOutput(IReadOnlyList<RegisterLine> Registers);

public sealed record RegistersCheckOutput(IReadOnlyList<RegisterLine> Registers, IReadOnlyList<Error> Faults);

public sealed record RegistersTestLine(string Register, string Test, bool Ok, IReadOnlyList<LocalText> Faults);

public sealed record RegistersTestOutput(IReadOnlyList<RegistersTestLine> Tests);
