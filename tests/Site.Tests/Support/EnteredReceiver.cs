using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Site.Tests.Support;

/// <summary>An invented receiver of exports whose key two persons entered.</summary>
internal static class EnteredReceiver
{
    public static async Task<(Receiver Receiver, ReceiverKey Key)> MakeAsync(IStore store, IKeyStore keys, FakeClock clock, byte[] secret, string area = "TUN", string? review = null)
    {
        var (receivers, key) = (new Receivers(store, keys, clock), new ReceiverKey("network.example", SodiumSealedBox.Instance.PublicKey(secret)));
        var made = await receivers.ProposeAsync(new("legal-1", "legal-officer", ["legal"], true, "key-legal"), new("Harbour Network", "humanitarian-organisation", area, key.ToString(), 180, review), CancellationToken.None);
        made.IsOk.ShouldBeTrue(made.Error?.ToString());
        clock.Advance(TimeSpan.FromMinutes(3));
        var confirmed = await receivers.ConfirmAsync(new("second-1", "oversight", ["oversight/south"], true, "key-second"), made.Value.Id, key.Fingerprint, CancellationToken.None);
        confirmed.IsOk.ShouldBeTrue(confirmed.Error?.ToString());
        return (confirmed.Value, key);
    }
}
