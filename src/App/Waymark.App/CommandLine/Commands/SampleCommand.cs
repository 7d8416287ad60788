using System.CommandLine;
using System.Globalization;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.App.Samples;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark sample start|discard</c>: nodes of invented organisations to try the product with, on this machine only.</summary>
public static class SampleCommand
{
    private const string DefaultFolder = "./sample";

    private const int FirstPort = 5080;

    /// <summary>Nodes in the order in which they take ports.</summary>
    private static readonly string[] s_order = ["humanitarian", "authority"];

    public static Command Make(CommandMaker make)
    {
        var port = make.Option<int?>("--port", "N", "port of the first node (5080); the next has the next, 0 takes free ones", "第一个节点的端口（5080），后续节点依次递增；0 表示任选空闲端口");
        return make.Verb("sample", "invented cases to try the product with", "供试用的虚构个案",
            make.Does(make.Verb("start", "start two nodes of invented organisations on this machine", "在本机启动两个虚构组织的节点", port), (context, cancellationToken) =>
                StartAsync(context, context.Get(port) ?? FirstPort, cancellationToken)),
            make.Does(make.Verb("discard", "throw a sample away", "删除样例"), (context, _) =>
            {
                var folder = FolderOf(context);
                if (SampleFolder.Discard(folder, s_order) is { } refused)
                {
                    return Task.FromResult(context.Fail(refused));
                }

                context.Remark($"The sample is gone: {folder}", $"样例已删除：{folder}");
                return Task.FromResult(ExitCode.Done);
            }));
    }

    private static string FolderOf(CommandContext context) => context.Terminal.FullPath(context.Data ?? DefaultFolder);

    private static async Task<int> StartAsync(CommandContext context, int port, CancellationToken cancellationToken)
    {
        // Only where the packs lie is taken from outside: no mail, no proxy, no store of a node in use comes into a sample.
        var environment = context.Terminal.Environment.Where(pair => pair.Key == "WAYMARK_PACKS_ROOT").ToDictionary(StringComparer.Ordinal);
        var taken = SampleFolder.Take(FolderOf(context));
        if (!taken.IsOk)
        {
            return context.Fail(taken.Error);
        }

        using var folder = taken.Value;
        var first = Read(environment, folder, null, port);
        var loaded = first.IsOk ? PackLibrary.Load(first.Value.PackFolders, cancellationToken) : null;
        if (first.Error is not null || loaded is null)
        {
            return context.Fail(first.Error!);
        }

        if (loaded.Errors.FirstOrDefault() is { } unread)
        {
            return context.Fail(unread);
        }

        var errors = new PackErrors();
        var packs = loaded.Library.OfKind(SamplePack.Kind).Select(pack => SamplePack.Read(pack, errors)).OrderBy(pack => Array.IndexOf(s_order, pack.Id)).ToList();
        if (errors.All is [var faulty, ..])
        {
            return context.Fail(faulty);
        }

        var (nodes, password) = (new List<SampleNode>(), SampleNode.DrawPassword());
        try
        {
            foreach (var pack in packs)
            {
                var settings = Read(environment, folder, pack, port == 0 ? 0 : port + nodes.Count);
                var node = settings.IsOk ? await OpenAsync(context, folder, pack, settings.Value, password, cancellationToken) : settings.Error;
                if (!node.IsOk)
                {
                    return context.Fail(node.Error);
                }

                nodes.Add(node.Value);
                try
                {
                    await node.Value.App.StartAsync(cancellationToken);
                }
                catch (IOException)
                {
                    return context.Fail(Error.Conflict("serve.port", $"The port {settings.Value.Port} is taken.", $"端口 {settings.Value.Port} 已被占用。")
                        .WithHint("Stop the other program or choose another --port.", "请停止占用者或用 --port 换一个端口。"));
                }
            }

            await WelcomeAsync(context, nodes, password, cancellationToken);
            await EndedAsync(nodes, cancellationToken);
            context.Remark("Stopping both nodes.", "正在停止两个节点。");
            foreach (var node in nodes)
            {
                await node.App.StopAsync(CancellationToken.None);
            }

            return ExitCode.Done;
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<Result<SampleNode>> OpenAsync(CommandContext context, SampleFolder folder, SamplePack pack, Settings settings, string password, CancellationToken cancellationToken)
    {
        var line = new ProgressLine(context.Terminal.Error, ProgressLine.Choose(context, null), TimeProvider.System);
        var node = await SampleNode.OpenAsync(context.Opener, folder, pack, settings, password, (done, of) => line.Say(context.Say("acts", "项行为"), done, of, settings.Name!), cancellationToken);
        line.End();
        return node;
    }

    private static Result<Settings> Read(IReadOnlyDictionary<string, string> environment, SampleFolder folder, SamplePack? pack, int port)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal) { ["server.port"] = port.ToString(CultureInfo.InvariantCulture) };
        if (pack is not null)
        {
            flags["name"] = pack.Node.Name;
            flags["data"] = folder.Data(pack.Id);
            flags["keys"] = folder.Keys(pack.Id);
            flags["node.profile"] = pack.Node.Profile;
            flags["protection.controller"] = pack.Node.Controller;
            flags["casework.tracing-unit"] = pack.Node.TracingUnit ?? "";
            flags["casework.complaints-unit"] = pack.Node.ComplaintsUnit ?? "";
        }

        var read = SettingsReader.Read(new(flags, environment, folder.FullPath, null));
        return read.IsOk ? read.Value with { Sample = pack?.Id } : read.Error;
    }

    private static async Task WelcomeAsync(CommandContext context, List<SampleNode> nodes, string password, CancellationToken cancellationToken)
    {
        var output = context.Terminal.Output;
        foreach (var node in nodes)
        {
            await output.WriteLineAsync($"\n{ServerAddress.Of(node.Platform.Settings, WebHost.PortOf(node.App))}  {node.Pack.Node.Name}");
            var table = new TextTable(new(context.Say("sign in as", "登录名")), new(context.Say("role", "角色")), new(context.Say("units", "单位")));
            foreach (var account in node.Pack.Accounts)
            {
                table.Add(account.Name, Roles.Name(account.Role).In(context.Say("en", "zh")), string.Join(", ", account.Units));
            }

            table.Write(output);
        }

        await output.WriteLineAsync(context.Say(
            $"\nPassword of every account, until the next start: {password}\nEverything here is invented. Ctrl-C ends both nodes; ./waymark sample discard throws them away.",
            $"\n所有账户的密码（至下次启动前有效）：{password}\n此处一切均为虚构。Ctrl-C 结束两个节点；./waymark sample discard 将其删除。"));
        await output.FlushAsync(cancellationToken);
    }

    private static async Task EndedAsync(List<SampleNode> nodes, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = nodes.Select(node => node.App.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult())).Append(cancellationToken.Register(() => ended.TrySetResult())).ToList();
        await ended.Task;
        foreach (var wait in waits)
        {
            await wait.DisposeAsync();
        }
    }
}
