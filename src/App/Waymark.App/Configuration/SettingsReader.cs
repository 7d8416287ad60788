using System.Globalization;
using System.Net;
using Waymark.App.CommandLine;
using Waymark.Model;

namespace Waymark.App.Configuration;

/// <summary>Where settings may come from. <paramref name="File"/>: the file named by a flag; null looks for waymark.yaml in the folder.</summary>
public sealed record SettingSources(
    IReadOnlyDictionary<string, string> Flags, IReadOnlyDictionary<string, string> Environment, string Folder, string? File);

/// <summary>Joins flags, environment, file and defaults, the first one that speaks winning, and checks every value with its place.</summary>
public static class SettingsReader
{
    public static Result<Settings> Read(SettingSources sources)
    {
        var all = ReadAll(sources);
        return all.Errors.Count > 0 ? all.Errors[0] : all.Settings!;
    }

    /// <summary>As <see cref="Read"/>, with every fault instead of the first.</summary>
    public static (Settings? Settings, IReadOnlyList<Error> Errors) ReadAll(SettingSources sources)
    {
        var errors = new List<Error>();
        var file = sources.File is null ? Path.Combine(sources.Folder, "waymark.yaml") : Path.GetFullPath(sources.File, sources.Folder);
        IReadOnlyList<SettingLine> lines = [];
        if (sources.File is not null || File.Exists(file))
        {
            var read = SettingsFile.Read(file);
            if (!read.IsOk)
            {
                return (null, [read.Error]);
            }

            lines = read.Value;
        }

        RefuseUnknown(sources, lines, Path.GetFileName(file), errors);
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (var rule in SettingCatalogue.All)
        {
            // What is left empty is as if it were not said, where there is a value to fall back on.
            var value = Find(rule, sources, lines, file) is { Text.Length: > 0 } said ? said : new SettingValue(rule.Default, "default", sources.Folder);
            values[rule.Key] = value;
            if (value.Text.Length > 0 && Check(rule, value) is { } fault)
            {
                errors.Add(fault);
            }
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var settings = new SettingsMaker(values, sources).Make();
        return settings.IsOk ? (settings.Value, []) : (null, [settings.Error]);
    }

    private static SettingValue Find(SettingRule rule, SettingSources sources, IReadOnlyList<SettingLine> lines, string file)
    {
        if (sources.Flags.TryGetValue(rule.Key, out var flag))
        {
            return new(flag, "flag", sources.Folder);
        }

        if (sources.Environment.TryGetValue(rule.Variable, out var variable) && variable.Length > 0)
        {
            return new(variable, rule.Variable, sources.Folder);
        }

        return lines.FirstOrDefault(line => line.Key == rule.Key) is { } line
            ? new(line.Value, $"{Path.GetFileName(file)}:{line.Line}:{line.Column}", Path.GetDirectoryName(file)!)
            : new(rule.Default, "default", sources.Folder);
    }

    private static void RefuseUnknown(SettingSources sources, IReadOnlyList<SettingLine> lines, string file, List<Error> errors)
    {
        foreach (var line in lines.Where(line => !SettingCatalogue.All.Any(rule => rule.Key == line.Key)))
        {
            var error = Error.Faulty("config.unknown-key", $"There is no setting \"{line.Key}\".", $"没有设置项“{line.Key}”。", $"{file}:{line.Line}:1");
            errors.Add(SettingsFile.Near(line.Key) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error);
        }

        var variables = SettingCatalogue.All.Select(rule => rule.Variable).Concat(SettingCatalogue.OtherVariables).ToList();
        foreach (var name in sources.Environment.Keys.Where(name => name.StartsWith("WAYMARK_", StringComparison.Ordinal) && !variables.Contains(name)))
        {
            var error = Error.Faulty("config.unknown-variable", $"There is no setting \"{name}\".", $"没有设置项“{name}”。", name);
            errors.Add(NearWord.For(name, variables) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error);
        }
    }

    private static Error? Check(SettingRule rule, SettingValue value)
    {
        var fault = rule.Shape switch
        {
            SettingShape.Whole => int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= rule.Least && number <= rule.Most ? null : Says($"a whole number from {rule.Least} to {rule.Most}", $"{rule.Least} 到 {rule.Most} 之间的整数"),
            SettingShape.Address => IPAddress.TryParse(value.Text, out _) ? null : Says("an IP address", "IP 地址"),
            SettingShape.Uri => Uri.TryCreate(value.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? null : Says("an address with http or https", "http 或 https 地址"),
            SettingShape.Choice => rule.Words!.Contains(value.Text) ? null : Says(string.Join(" or ", rule.Words!), string.Join(" 或 ", rule.Words!)),
            SettingShape.Networks => SettingsMaker.Items(value.Text).All(item => SettingsMaker.Network(item) is not null)
                ? null : Says("addresses or networks such as 10.0.0.0/8", "地址或网段，如 10.0.0.0/8"),
            SettingShape.Text => value.Text.Length <= rule.Most && !value.Text.Any(char.IsControl) ? null : Says($"a text of at most {rule.Most} characters", $"不超过 {rule.Most} 个字符的文字"),
            _ => null,
        };
        return fault is null ? null : Error.Faulty("config.wrong-value", $"\"{rule.Key}\" must be {fault.In("en")}.", $"“{rule.Key}”须为{fault.In("zh")}。", value.From);

        static LocalText Says(string en, string zh) => new(en, zh);
    }
}

/// <summary>A value as written, where it came from, and the folder against which its paths are read.</summary>
internal sealed record SettingValue(string Text, string From, string Folder);
