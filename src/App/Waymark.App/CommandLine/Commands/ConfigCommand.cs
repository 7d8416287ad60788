using System.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Output;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark config check|show</c>. Secrets are never printed, only whether they are set and where.</summary>
public static class ConfigCommand
{
    public static Command Make(CommandMaker make) => make.Verb("config", "check or show the settings", "检查或显示设置",
        make.Does(make.Verb("check", "check the settings, every fault with its place", "检查设置，逐条指出位置"), (context, _) =>
        {
            var (settings, errors) = context.AllSettings();
            foreach (var error in errors)
            {
                ErrorOutput.Write(context.Terminal.Error, error, context.Language, context.Json);
            }

            if (settings is null)
            {
                return Task.FromResult(errors.Any(error => error.Kind != Model.ErrorKind.Faulty) ? ExitCode.For(errors[0]) : ExitCode.Faults);
            }

            if (context.Json)
            {
                context.WriteJson("waymark.config/1", new ConfigOutput(settings.Origins));
            }
            else
            {
                context.Terminal.Output.WriteLine(context.Say("The settings are good.", "设置无误。"));
            }

            return Task.FromResult(ExitCode.Done);
        }),
        make.Does(make.Verb("show", "each setting, its value and where it comes from", "各设置项、取值及其来源"), (context, _) =>
        {
            var settings = context.Settings();
            if (!settings.IsOk)
            {
                return Task.FromResult(context.Fail(settings.Error));
            }

            if (context.Json)
            {
                context.WriteJson("waymark.config/1", new ConfigOutput(settings.Value.Origins));
                return Task.FromResult(ExitCode.Done);
            }

            var table = new TextTable(new(context.Say("setting", "设置项")), new(context.Say("value", "取值")), new(context.Say("from", "来源")),
                new(context.Say("meaning", "含义")));
            foreach (var origin in settings.Value.Origins)
            {
                var rule = SettingCatalogue.All.FirstOrDefault(rule => rule.Key == origin.Key);
                table.Add(origin.Key, origin.Value, origin.From, rule is null
                    ? context.Say("Connection string, never printed.", "连接串，从不显示。") : context.Language.Say(rule.Meaning));
            }

            table.Write(context.Terminal.Output);
            return Task.FromResult(ExitCode.Done);
        }));
}
