using Waymark.App.Hosting;
using Waymark.Audit.Contracts;
using Waymark.Audit.Sequencing;
using Waymark.Protection.Contracts;

namespace Waymark.App.Ledger;

/// <summary>
/// Hosts the sequencer in every server process; the lease lets one of them work. It also enters local leaves of protective
/// acts as soon as the store answers, and asks witnesses for their word after each publication.
/// </summary>
public sealed partial class LedgerService(Platform platform, LedgerParts ledger, IServiceProvider services, ILogger<LedgerService> log) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (platform.Store.Info.ReadOnlyReason is not null)
        {
            return;
        }

        if (ledger.Keys is not { } keys)
        {
            Failed(log, ledger.Fault!.ToString());
            return;
        }

        try
        {
            var sequencer = new LedgerSequencer(platform.Store, keys, platform.Time, new() { PublishEvery = TimeSpan.FromMinutes(platform.Settings.PublishMinutes) });
            await Task.WhenAll(sequencer.RunAsync(stoppingToken), RoundsAsync(keys, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server goes down; leaves wait in the store for the next start.
        }
    }

    private async Task RoundsAsync(LedgerKeys keys, CancellationToken stopping)
    {
        var witnessing = new Witnessing(platform.Store.Ledger, keys.Ed25519, ledger.Witnesses);
        var alarms = new LedgerAlarms(platform.Store, platform.Time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await witnessing.AskAsync(stopping);
                var outOfReach = await ledger.Reach.OutAsync(stopping);
                await alarms.NoteAsync(outOfReach, stopping);
                if (outOfReach is null)
                {
                    await FoldBackAsync(stopping);
                }
            }
            catch (Storage.StoreException problem)
            {
                Failed(log, problem.Error.Code);
            }

            await Task.Delay(s_round, platform.Time, stopping);
        }
    }

    // Only while all answers: otherwise the hours that local leaves may run would begin anew with each round.
    private async Task FoldBackAsync(CancellationToken stopping)
    {
        var merged = await ledger.Local!.MergeAsync(stopping);
        if (!merged.IsOk)
        {
            Failed(log, merged.Error.Code);
        }
        else if (services.GetService<IProtectiveGate>() is { } gate)
        {
            await gate.ApplyAsync(stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "ledger: {Code}")]
    private static partial void Failed(ILogger logger, string code);
}
