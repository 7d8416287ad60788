using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Contracts;

/// <summary>
/// The keys of one node's ledger, from the key store: they are in no database and no backup.
/// </summary>
public sealed class LedgerKeys
{
    private const string Signing = "ledger.ed25519";
    private const string Local = "ledger.local.ed25519";
    private const string PaddingKey = "ledger.padding";
    private readonly byte[] _padding;

    private LedgerKeys(IEd25519 ed25519, NoteSigner log, NoteSigner local, byte[] padding) =>
        (Ed25519, Log, LocalLeaves, _padding) = (ed25519, log, local, padding);

    public IEd25519 Ed25519 { get; }

    /// <summary>Signs checkpoints.</summary>
    public NoteSigner Log { get; }

    /// <summary>Signs leaves that are kept locally while the store cannot be reached.</summary>
    public NoteSigner LocalLeaves { get; }

    /// <summary>Marks padding for an auditor who is shown the key.</summary>
    public ReadOnlySpan<byte> Padding => _padding;

    /// <summary>
    /// Opens the keys, making them at the first start. The name under which the ledger signs, its origin, follows from its
    /// key, so that no two ledgers share one and none changes when an address does. Errors of
    /// <see cref="IKeyStore.GetOrCreateAsync"/>.
    /// </summary>
    public static async Task<Result<LedgerKeys>> OpenAsync(IKeyStore keys, IEd25519 ed25519, CancellationToken cancellationToken)
    {
        var seeds = new List<byte[]>();
        foreach (var name in (string[])[Signing, Local, PaddingKey])
        {
            var key = await keys.GetOrCreateAsync(name, 32, cancellationToken);
            if (!key.IsOk)
            {
                return key.Error;
            }

            seeds.Add(key.Value);
        }

        var origin = $"ledger.waymark/{Convert.ToHexStringLower(ed25519.PublicKey(seeds[0]).AsSpan(0, 8))}";
        return new LedgerKeys(ed25519, new(ed25519, origin, NoteKeyType.Ed25519, seeds[0]),
            new(ed25519, origin + "/local", NoteKeyType.Ed25519, seeds[1]), seeds[2]);
    }
}
