using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.App.Protection;

/// <summary>
/// Enters into the ledger what ended by its time: exceptions and roles; proposes what reached the end of its retention; opens breaches of alarms. Nothing waits for it, since what has ended is without force from that moment on.
/// </summary>
public sealed partial class ProtectionService(Platform platform, IServiceProvider services, ILogger<ProtectionService> log) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_look = TimeSpan.FromDays(1);
    private static readonly string s_worker = "protection-" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    private DateTimeOffset _looked = DateTimeOffset.MinValue;
    private DateTimeOffset _weighed = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && platform.Store.Info.ReadOnlyReason is null)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await Task.Delay(s_round, platform.Time, stoppingToken);
            }
            catch (StoreException problem)
            {
                Failed(log, problem.Error.Code);
                await Task.Delay(s_round, platform.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountService>().NoteEndedAsync(cancellationToken);
        if (scope.ServiceProvider.GetService<IExceptions>() is { } exceptions)
        {
            await exceptions.LapseAsync(cancellationToken);
        }

        // An erasing that a stop of the machine cut off is led to its end.
        if (scope.ServiceProvider.GetService<CaseworkSource>()?.Cases is IErasing erasing)
        {
            await erasing.FinishErasuresAsync(cancellationToken);
        }

        // What two persons ended is led to its end the same way; what reached its end is looked for once a day.
        if (scope.ServiceProvider.GetService<CaseworkSource>()?.Cases is IRetention retention)
        {
            var done = await retention.FinishAsync(cancellationToken);
            if (done.IsOk && platform.Time.GetUtcNow() - _looked >= s_look)
            {
                done = await retention.LookAsync(cancellationToken);
                _looked = done.IsOk ? platform.Time.GetUtcNow() : _looked;
            }

            if (!done.IsOk)
            {
                Failed(log, done.Error.Code);
            }
        }

        if (scope.ServiceProvider.GetService<CaseworkSource>()?.Cases is IAlarms alarms)
        {
            var accounts = scope.ServiceProvider.GetRequiredService<AccountStore>();
            await alarms.TakeAsync(s_worker, async (account, token) => Watcher(await accounts.ListAsync(token), account), cancellationToken);
            if (platform.Time.GetUtcNow() - _weighed >= s_look && (await alarms.WeighRefusalsAsync(cancellationToken)).IsOk)
            {
                _weighed = platform.Time.GetUtcNow();
            }
        }

        if (scope.ServiceProvider.GetService<IReviews>() is { } reviews)
        {
            await reviews.ExpireAsync(cancellationToken);
        }
    }

    /// <summary>A unit of a data protection officer where the account that set an alarm off does not work.</summary>
    private string? Watcher(IReadOnlyList<Account> accounts, string? setOff)
    {
        var own = accounts.FirstOrDefault(account => account.Id == setOff)?.Units ?? [];
        return accounts.Where(account => account.Role == Roles.DataProtectionOfficer && account.Id != setOff && account.IsOpen(platform.Time.GetUtcNow()))
            .SelectMany(account => account.Units).Except(own, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "protection: {Code}")]
    private static partial void Failed(ILogger logger, string code);
}
