using Waymark.App.Hosting;
using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Audit.Sequencing;
using Waymark.Sodium;

namespace Waymark.App.Ledger;

/// <summary>
/// Hosts the sequencer in every server process; the lease lets one of them work. It also enters local leaves of protective
/// acts as soon as the store answers, and asks witnesses for their word after each publication.
/// </summary>
public sealed partial class LedgerService(Platform platform, ILogger<LedgerService> log) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (platform.Store.Info.ReadOnlyReason is not null)
        {
            return;
        }

        try
        {
            var keys = await LedgerKeys.OpenAsync(platform.Keys, SodiumEd25519.Instance, stoppingToken);
            if (!keys.IsOk)
            {
                Failed(log, keys.Error.Code);
                return;
            }

            var sequencer = new LedgerSequencer(platform.Store, keys.Value, platform.Time, new());
            await Task.WhenAll(sequencer.RunAsync(stoppingToken), RoundsAsync(keys.Value, stoppingToken));
        }
        catch (DllNotFoundException)
        {
            Failed(log, "ledger.no-libsodium");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server goes down; leaves wait in the store for the next start.
        }
    }

    private async Task RoundsAsync(LedgerKeys keys, CancellationToken stopping)
    {
        using var local = new LocalLedger(platform.Settings.DataFolder, platform.Store, keys, platform.Time);
        var witnesses = HttpWitness.Read(Path.Combine(platform.Settings.KeyFolder, HttpWitness.FileName));
        if (!witnesses.IsOk)
        {
            Failed(log, witnesses.Error.ToString());
        }

        var witnessing = new Witnessing(platform.Store.Ledger, keys.Ed25519, witnesses.IsOk ? witnesses.Value : []);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var merged = await local.MergeAsync(stopping);
                if (!merged.IsOk)
                {
                    Failed(log, merged.Error.Code);
                }

                await witnessing.AskAsync(stopping);
            }
            catch (Storage.StoreException problem)
            {
                Failed(log, problem.Error.Code);
            }

            await Task.Delay(s_round, platform.Time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "ledger: {Code}")]
    private static partial void Failed(ILogger logger, string code);
}
