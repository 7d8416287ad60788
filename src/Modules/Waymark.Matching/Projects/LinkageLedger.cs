using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>The leaf of a change to a project or run: who, and a commitment to the document as it then stood. Nobody else's salt is in it.</summary>
internal sealed class LinkageLedger(IKeyStore keys, TimeProvider time)
{
    private readonly PersonSalts _salts = new(keys);

    public async Task<Result<LedgerLeaf>> LeafAsync(string account, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        var salt = await _salts.OfAsync(SaltKind.Actor, account, cancellationToken);
        if (!salt.IsOk)
        {
            return salt.Error;
        }

        var id = LeafId.New(time.GetUtcNow());
        return new LedgerLeaf(id, Commitment.To(salt.Value, id, CommitmentSlot.Actor, Encoding.UTF8.GetBytes(account)), Commitment.None(),
            Commitment.To(salt.Value, id, CommitmentSlot.Content, document.Span));
    }
}
