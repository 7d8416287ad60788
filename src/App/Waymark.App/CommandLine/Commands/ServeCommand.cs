using System.CommandLine;
using System.Globalization;
using Waymark.App.Hosting;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark serve</c>: the web pages, the API and the jobs, until somebody stops it.</summary>
public static class ServeCommand
{
    public static Command Make(CommandMaker make)
    {
        var port = make.Option<int?>("--port", "N", "port (5080)", "端口（5080）");
        var address = make.Option<string?>("--address", "IP", "address to listen on (127.0.0.1)", "监听地址（127.0.0.1）");
        return make.Does(make.Verb("serve", "start the server", "启动服务器", port, address), async (context, cancellationToken) =>
        {
            var flags = new Dictionary<string, string>(StringComparer.Ordinal);
            if (context.Get(port) is { } number)
            {
                flags["server.port"] = number.ToString(CultureInfo.InvariantCulture);
            }

            if (context.Get(address) is { } at)
            {
                flags["server.address"] = at;
            }

            var settings = context.Settings(flags);
            if (!settings.IsOk)
            {
                return context.Fail(settings.Error);
            }

            var opened = await Platform.OpenAsync(context.Opener, settings.Value, context.Terminal.Time, cancellationToken);
            if (!opened.IsOk)
            {
                return context.Fail(opened.Error);
            }

            await using var platform = opened.Value;
            if (await ServeGuard.CheckAsync(platform, cancellationToken) is { } refusal)
            {
                return context.Fail(refusal);
            }

            await using var app = WebHost.Build(platform, context.Verbose);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException)
            {
                return context.Fail(Error.Conflict("serve.port", $"The port {settings.Value.Port} is taken.", $"端口 {settings.Value.Port} 已被占用。")
                    .WithHint("Stop the other program or choose another --port.", "请停止占用者或用 --port 换一个端口。"));
            }

            await WelcomeAsync(context, platform, WebHost.PortOf(app), cancellationToken);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (cancellationToken.Register(() => ended.TrySetResult()))
            await using (app.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult()))
            {
                await ended.Task;
            }

            context.Remark("Stopping: requests are answered, jobs are given back.", "正在停止：完成已收请求，归还任务。");
            await app.StopAsync(CancellationToken.None);
            return ExitCode.Done;
        });
    }

    private static async Task WelcomeAsync(CommandContext context, Platform platform, int port, CancellationToken cancellationToken)
    {
        var address = ServerAddress.Of(platform.Settings, port);
        await context.Terminal.Output.WriteLineAsync(context.Say($"Waymark is ready: {address}", $"Waymark 已就绪：{address}"));
        await context.Terminal.Output.FlushAsync(cancellationToken);
        var link = await FirstAdministrator.LinkAsync(platform, port, cancellationToken);
        if (link is not null)
        {
            await context.Terminal.Error.WriteLineAsync(context.Say(
                $"No administrator yet. Open this link on this machine within an hour; it works once:\n  {link}",
                $"尚无管理员。请在本机一小时内打开此链接，仅可使用一次：\n  {link}"));
        }
    }
}
