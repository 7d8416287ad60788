using Waymark.App.Accounts;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.Hosting;

/// <summary>What must hold before a server is opened to a network.</summary>
public static class ServeGuard
{
    public static async Task<Error?> CheckAsync(Platform platform, CancellationToken cancellationToken)
    {
        var settings = platform.Settings;
        if (platform.Parts.Packs is { } packs && await RulesAsync(platform, packs, cancellationToken) is { } unfit)
        {
            return unfit;
        }

        if (settings.Sample is not null && (!settings.IsLoopback || settings.PublicAddress is not null || settings.Proxies.Count > 0))
        {
            return Error.Refused("serve.sample", "A sample is served on this machine only.", "样例只能在本机提供服务。", "server.address");
        }

        if (settings.IsLoopback)
        {
            return null;
        }

        if (!settings.Tls && settings.PublicAddress is null)
        {
            return Error.Refused("serve.open-without-tls", "The server would be open to a network without TLS; passwords could be read on the way.",
                    "服务器将在未启用 TLS 的情况下对网络开放，密码可能在途中被读取。", "server.address")
                .WithHint("Set server.tls-certificate and server.tls-key, or server.public-address when a proxy does TLS.",
                    "请设置 server.tls-certificate 与 server.tls-key；若由代理处理 TLS，请设置 server.public-address。");
        }

        var accounts = await AccountTools.WithAccounts(platform.Foundation, service => service.ListAsync(cancellationToken));
        return accounts.FirstOrDefault(account => account is { Sample: true, Locked: false }) is { } sample
            ? Error.Refused("serve.sample-account", "There is a sample account; sample accounts and a server open to a network exclude each other.",
                    "存在试用账户；试用账户不得与对网络开放的服务器并存。", sample.Name)
                .WithHint("Lock it: waymark user lock NAME", "请停用：waymark user lock 名称")
            : null;
    }

    /// <summary>
    /// Rules that cannot be opened start nothing: without them the floor would not hold. A ledger that does not answer is no reason to shut out acts that protect;
    /// everything else waits until it answers and the same questions are asked again (<see cref="Ledger.CheckedReach"/>).
    /// </summary>
    private static async Task<Error?> RulesAsync(Platform platform, PackLibrary packs, CancellationToken cancellationToken)
    {
        var book = Api.ProtectionForms.OpenBook(platform.Foundation, packs, platform.Store);
        if (!book.IsOk)
        {
            return book.Error with { Hint = new("Run waymark packs check; nothing starts without its data rules and their floor.", "请运行 waymark packs check；数据规则及其底线无法读取时不会启动。") };
        }

        return await book.Value.Adoptions.MayStartAsync(cancellationToken) is { Kind: not ErrorKind.Unavailable } refusal ? refusal : null;
    }
}

/// <summary>The one-time link for the first administrator.</summary>
public static class FirstAdministrator
{
    /// <summary>A fresh link on the loopback address, or null when there is an administrator or nothing can be written.</summary>
    public static async Task<string?> LinkAsync(Platform platform, int port, CancellationToken cancellationToken)
    {
        if (platform.Store.Info.ReadOnlyReason is not null
            || await AccountTools.WithAccounts(platform.Foundation, service => service.HasAdministratorAsync(cancellationToken)))
        {
            return null;
        }

        var token = await new OneTimeLinks(platform.Store, platform.Time).MakeAsync(LinkPurpose.FirstAdministrator, null, "console", cancellationToken);
        return token.IsOk
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{(platform.Settings.Tls ? "https" : "http")}://127.0.0.1:{port}/setup?token={token.Value}")
            : null;
    }
}
