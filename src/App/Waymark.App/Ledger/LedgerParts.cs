using Waymark.App.Hosting;
using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Audit.Sequencing;
using Waymark.Model;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.App.Ledger;

/// <summary>
/// The ledger of one process: its keys, whether it is in reach, the store through that reach, and the local leaves. <paramref name="Keys"/> are null when they
/// cannot be opened; <paramref name="Fault"/> says why, and then everything counts as out of reach.
/// </summary>
public sealed record LedgerParts(LedgerKeys? Keys, Error? Fault, ILedgerReach Reach, IStore Reaching, LocalLedger? Local, IReadOnlyList<IWitnessDoor> Witnesses) : IDisposable
{
    /// <summary>The ledger of a server; <paramref name="mayStart"/> judges packs and clock before anything but a protective act goes through.</summary>
    public static LedgerParts Open(Platform platform, Func<CancellationToken, Task<Error?>>? mayStart = null) =>
        Open(platform.Store, platform.Keys, platform.Settings.DataFolder, platform.Settings.KeyFolder, platform.Time, mayStart);

    public static LedgerParts Open(IStore store, IKeyStore keyStore, string dataFolder, string keyFolder, TimeProvider time, Func<CancellationToken, Task<Error?>>? mayStart = null)
    {
        var witnesses = HttpWitness.Read(Path.Combine(keyFolder, HttpWitness.FileName));
        try
        {
            // The key store is files on this machine: nothing waits here.
            var keys = LedgerKeys.OpenAsync(keyStore, SodiumEd25519.Instance, CancellationToken.None).GetAwaiter().GetResult();
            if (keys.IsOk && witnesses.IsOk)
            {
                var stored = new StoredReach(store, SodiumEd25519.Instance, [.. witnesses.Value.Select(door => door.Key)], time);
                ILedgerReach reach = mayStart is null ? stored : new CheckedReach(stored, mayStart);
                return new(keys.Value, null, reach, new ReachingStore(store, reach), new(dataFolder, store, keys.Value, time), witnesses.Value);
            }

            return Without(keys.Error ?? witnesses.Error!, store);
        }
        catch (DllNotFoundException)
        {
            return Without(Error.Unavailable("ledger.no-libsodium", "The library libsodium is not there.", "缺少 libsodium 库。"), store);
        }
    }

    public void Dispose()
    {
        Local?.Dispose();
        (Reach as IDisposable)?.Dispose();
        foreach (var door in Witnesses.OfType<IDisposable>())
        {
            door.Dispose();
        }
    }

    private static LedgerParts Without(Error fault, IStore store)
    {
        var reach = new Never(fault);
        return new(null, fault, reach, new ReachingStore(store, reach), null, []);
    }

    private sealed class Never(Error fault) : ILedgerReach
    {
        public Task<Error?> OutAsync(CancellationToken cancellationToken) => Task.FromResult<Error?>(fault);
    }
}
