using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary>What reached the end of its retention, in numbers: how many were found by this look, and how many stand where in each register.</summary>
public sealed record RetentionOutput(int? Found, DateTimeOffset? LookedAt, IReadOnlyList<RetentionCount> Registers);

/// <summary><paramref name="State"/>: proposed, approved, extended, erasing, erased.</summary>
public sealed record RetentionCount(string Register, string State, int Records, int Held);

/// <summary><c>waymark retention show|look</c>, by whoever runs the machine. Persons decide in the browser, each with a trusted security key.</summary>
public static class RetentionCommand
{
    public static Command Make(CommandMaker make) => make.Verb("retention", "records at the end of their retention, in numbers", "保存期届满的记录（仅数量）",
        make.Does(make.Verb("show", "how many wait, are kept on, were erased", "待决定、延长保存与已删除的数量"), (context, cancellationToken) => WithAsync(context, false, cancellationToken)),
        make.Does(make.Verb("look", "look for them now; the server looks once a day", "立即查找；服务器每日查找一次"), (context, cancellationToken) => WithAsync(context, true, cancellationToken)));

    private static Task<int> WithAsync(CommandContext context, bool looks, CancellationToken cancellationToken) => ErasureCommand.WithAsync(context, async (_, engine) =>
    {
        var retention = (IRetention)engine;
        var found = looks ? await retention.LookAsync(cancellationToken) : (Result<int>?)null;
        var counted = found is { IsOk: false, Error: { } failed } ? failed : await retention.CountAsync(cancellationToken);
        if (!counted.IsOk)
        {
            return context.Fail(counted.Error);
        }

        var output = new RetentionOutput(found?.Value, counted.Value.LookedAt,
            [.. counted.Value.Lines.GroupBy(line => (line.RegisterId, line.State)).Select(group => new RetentionCount(group.Key.RegisterId, Packs.Words.Of(group.Key.State), group.Count(), group.Count(line => line.IsHeld)))]);
        if (context.Json)
        {
            context.WriteJson("waymark.retention/1", output);
            return ExitCode.Done;
        }

        var table = new TextTable(new(context.Say("register", "登记册")), new(context.Say("state", "状态")), new(context.Say("records", "记录"), Right: true), new(context.Say("held", "受保留"), Right: true));
        foreach (var line in output.Registers)
        {
            table.Add(line.Register, line.State, line.Records.ToString(CultureInfo.InvariantCulture), line.Held.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(context.Terminal.Output);
        context.Remark("Two persons decide on /protection/retention.", "由两人在 /protection/retention 决定。");
        return ExitCode.Done;
    }, cancellationToken);
}
