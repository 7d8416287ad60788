using System.Security.Cryptography;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.App.Samples;

/// <summary>One sample node of this process: its platform, its server, and how it came about.</summary>
public sealed class SampleNode : IAsyncDisposable
{
    private readonly Platform _platform;
    private readonly WebApplication _app;

    private SampleNode(SamplePack pack, Platform platform, WebApplication app) => (Pack, _platform, _app) = (pack, platform, app);

    public SamplePack Pack { get; }

    public WebApplication App => _app;

    public Platform Platform => _platform;

    /// <summary>
    /// Opens the node of a pack in its folder; a new one is played first, on a clock that begins some weeks ago. Every account gets <paramref name="password"/>.
    /// Errors: those of the platform, of the mark, of <see cref="ServeGuard"/>, and <c>sample.act</c> for what did not go as the pack says.
    /// </summary>
    public static async Task<Result<SampleNode>> OpenAsync(
        IPlatformOpener opener, SampleFolder folder, SamplePack pack, Settings settings, string password, Action<int, int> progress, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            var isNew = !Directory.Exists(folder.Data(pack.Id));
            var clock = new SampleClock(isNew ? TimeProvider.System.GetUtcNow().AddDays(-pack.Node.Days) : TimeProvider.System.GetUtcNow());
            if (!isNew)
            {
                clock.Join();
            }

            if (isNew && await BeginAsync(opener, settings, pack, clock, cancellationToken) is { } failed)
            {
                return failed;
            }

            var opened = await Platform.OpenAsync(opener, settings, clock, cancellationToken);
            if (!opened.IsOk)
            {
                return opened.Error;
            }

            var platform = opened.Value;
            var (mark, _) = await SampleMark.FindAsync(platform.Store, cancellationToken);
            if (!isNew && mark is not { IsPlayed: true } && tries == 0)
            {
                // Cut off while it was played: a story is whole or it is not there.
                await platform.DisposeAsync();
                folder.Clear(pack.Id);
                continue;
            }

            var node = new SampleNode(pack, platform, WebHost.Build(platform, logs: logs => logs.AddFilter(null, LogLevel.Warning)));
            var ready = await ServeGuard.CheckAsync(platform, cancellationToken) ?? (isNew ? await node.PlayAsync(clock, mark!, password, progress, cancellationToken) : await node.RenewAsync(password));
            if (ready is null)
            {
                clock.Join();
                return node;
            }

            await node.DisposeAsync();
            return ready;
        }
    }

    /// <summary>A password that is drawn for one start: letters that are not mistaken for each other, in groups.</summary>
    public static string DrawPassword() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString("abcdefghkmnpqrstuvwxyz23456789", 4)));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private static async Task<Error?> BeginAsync(IPlatformOpener opener, Settings settings, SamplePack pack, SampleClock clock, CancellationToken cancellationToken)
    {
        // The mark is the first thing in the store; from then on it opens as a sample only.
        var store = await opener.OpenStoreAsync(settings with { Sample = null }, clock, cancellationToken);
        if (!store.IsOk)
        {
            return store.Error;
        }

        await using var platform = store.Value;
        return await SampleMark.WriteAsync(platform.Store, new(pack.Id, WaymarkVersion, clock.GetUtcNow(), IsPlayed: false), cancellationToken);
    }

    private static string WaymarkVersion => CommandLine.WaymarkCommandLine.Version;

    private async Task<Error?> PlayAsync(SampleClock clock, SampleMark mark, string password, Action<int, int> progress, CancellationToken cancellationToken)
    {
        var ids = await AccountTools.WithAccounts(_platform.Foundation, async accounts =>
        {
            var made = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var account in Pack.Accounts)
            {
                var token = await accounts.InviteAsync(account.Name, account.Role, account.Units, null, sample: true, "cli", cancellationToken);
                var welcomed = token.IsOk ? await accounts.WelcomeAsync(token.Value, account.Name, password, null, cancellationToken) : token.Error;
                if (!welcomed.IsOk)
                {
                    return Result<Dictionary<string, string>>.Fail(welcomed.Error);
                }

                made[account.Id] = welcomed.Value.Id;
            }

            return made;
        });
        if (!ids.IsOk)
        {
            return ids.Error;
        }

        if (_app.Services.GetRequiredService<Waymark.Pages.Data.CaseworkSource>() is { Cases: null, Faults: var wrong })
        {
            return wrong.Count > 0 ? wrong[0] : Error.NotFound("sample.no-casework", "This node has no case work.", "此节点没有个案工作。");
        }

        var faults = await new SamplePlayer(new SampleStage(_app.Services, Pack, clock, ids.Value), Pack).PlayAsync(done => progress(done, Pack.Acts.Count), cancellationToken);
        return faults.Count > 0 ? Together(faults) : await SampleMark.WriteAsync(_platform.Store, mark with { IsPlayed = true }, cancellationToken);
    }

    /// <summary>A later start: a new password, and roles that do not end while somebody tries the product.</summary>
    private Task<Error?> RenewAsync(string password) => AccountTools.WithAccounts(_platform.Foundation, async accounts =>
    {
        foreach (var account in Pack.Accounts)
        {
            var renewed = await accounts.RenewAsync(account.Name, AccountService.LongestRole, "cli");
            var token = renewed.IsOk ? await accounts.ResetAsync(account.Name, "cli", CancellationToken.None) : renewed.Error;
            if ((token.IsOk ? await accounts.WelcomeAsync(token.Value, account.Name, password, null, CancellationToken.None) : token.Error) is { IsOk: false, Error: var failed })
            {
                return failed;
            }
        }

        return (Error?)null;
    });

    private static Error Together(IReadOnlyList<Error> faults) => faults.Count == 1 ? faults[0] : faults[0] with
    {
        Message = new(
            string.Join('\n', faults.Select(fault => $"{fault.Where}: {fault.Message.In("en")}")), string.Join('\n', faults.Select(fault => $"{fault.Where}：{fault.Message.In("zh")}"))),
    };
}
