using System.CommandLine;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Matching;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark register migrate ID --preview|--apply|--undo</c>: records of earlier versions of a register, in counts.</summary>
public static class RegisterMigrateCommand
{
    public static Command Make(CommandMaker make)
    {
        var id = make.Argument<string>("ID", "id of a register", "登记册标识");
        var preview = make.Flag("--preview", "show what would happen (unless another is given)", "显示将发生的变化（默认）");
        var apply = make.Flag("--apply", "do it", "执行");
        var undo = make.Flag("--undo", "take the last migration back", "撤销最近一次迁移");
        return make.Does(make.Verb("migrate", "take records of earlier versions of a register over to this one", "将较早版本的记录迁移到当前登记册版本", id, preview, apply, undo), (context, cancellationToken) =>
        {
            if (new[] { context.Get(preview), context.Get(apply), context.Get(undo) }.Count(given => given) > 1)
            {
                return Task.FromResult(context.Fail(Error.Invalid("usage.one-of", "Give one of --preview, --apply and --undo.", "--preview、--apply、--undo 只能选一。")));
            }

            return context.WithStore(
                async platform =>
                {
                    var packs = PackLibrary.Load(platform.Settings.PackFolders, cancellationToken);
                    var registers = RegisterLibrary.Read(packs.Library, Enum.Parse<NodeProfile>(platform.Settings.Profile, ignoreCase: true));
                    var knowledge = LinkagePack.Read(platform.Settings.PackFolders[0]);
                    if ((packs.Errors.Concat(registers.Errors).FirstOrDefault() ?? knowledge.Error) is { } fault)
                    {
                        return context.Fail(fault);
                    }

                    var migrations = new Migrations(new(registers, platform.Store, platform.Keys, knowledge.Value.Knowledge, platform.Time, platform.Settings.Calendars));
                    return context.Get(apply) || context.Get(undo)
                        ? Ran(context, context.Get(apply) ? await migrations.ApplyAsync("cli", context.Get(id)!, cancellationToken) : await migrations.UndoAsync("cli", context.Get(id)!, cancellationToken))
                        : Previewed(context, await migrations.PreviewAsync(context.Get(id)!, cancellationToken));
                },
                cancellationToken);
        });
    }

    private static int Ran(CommandContext context, Result<MigrationRun> answer)
    {
        if (!answer.IsOk)
        {
            return context.Fail(answer.Error);
        }

        var run = answer.Value;
        if (context.Json)
        {
            context.WriteJson("waymark.register-migrated/1", run);
        }
        else
        {
            context.Terminal.Output.WriteLine(context.Say(
                $"{run.Records} records, {run.Kept} values kept in the history only, {run.Asked} questions, {run.Stayed} records stayed",
                $"{run.Records} 条记录，{run.Kept} 个值仅保留在历史中，{run.Asked} 个待填问题，{run.Stayed} 条记录未动"));
        }

        return run.Stayed > 0 ? ExitCode.Faults : ExitCode.Done;
    }

    private static int Previewed(CommandContext context, Result<MigrationPreview> answer)
    {
        if (!answer.IsOk)
        {
            return context.Fail(answer.Error);
        }

        var preview = answer.Value;
        if (context.Json)
        {
            context.WriteJson("waymark.register-migration/1", new RegisterMigrationOutput(preview.Plan.Id, preview.Plan.Version, preview.Records, preview.Versions, preview.Effects, preview.Faults, preview.Last));
            return preview.Faults.Count == 0 ? ExitCode.Done : ExitCode.Faults;
        }

        var versions = new TextTable(new(context.Say("version", "版本")), new(context.Say("records", "记录数")), new(context.Say("way", "路径")));
        foreach (var version in preview.Versions)
        {
            versions.Add(version.Version, version.Records.ToString(System.Globalization.CultureInfo.InvariantCulture),
                version.IsCurrent ? context.Say("this version", "即此版本") : version.HasWay ? context.Say("declared", "已声明") : context.Say("none", "无"));
        }

        versions.Write(context.Terminal.Output);
        var effects = new TextTable(new(context.Say("field", "字段")), new(context.Say("what", "处理")), new(context.Say("to", "去向")), new(context.Say("values", "迁移的值")), new(context.Say("kept aside", "仅存历史")));
        foreach (var effect in preview.Effects)
        {
            effects.Add(effect.Path, effect.Verb is { } verb ? Words.Of(verb) : "codes", effect.To ?? "", effect.Values.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{effect.Kept} {string.Join(",", effect.KeptCodes)}".Trim());
        }

        effects.Write(context.Terminal.Output);
        foreach (var fault in preview.Faults)
        {
            context.Terminal.Error.WriteLine(fault.In(context.Language.Tag));
        }

        context.Remark($"{preview.Records} records would be migrated; --apply does it, --undo takes it back.", $"将迁移 {preview.Records} 条记录；--apply 执行，--undo 撤销。");
        return preview.Faults.Count == 0 ? ExitCode.Done : ExitCode.Faults;
    }
}

public sealed record RegisterMigrationOutput(
    string Register, string Version, int Records, IReadOnlyList<MigrationVersion> Versions, IReadOnlyList<MigrationEffect> Effects, IReadOnlyList<Error> Faults, MigrationRun? Last);
