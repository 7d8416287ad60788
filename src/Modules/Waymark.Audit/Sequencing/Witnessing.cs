using System.Text;
using Waymark.Ledger;
using Waymark.Storage;

namespace Waymark.Audit.Sequencing;

/// <summary>A witness as the log reaches it: sends an add-checkpoint request, gets a status and a body.</summary>
public interface IWitnessDoor
{
    NoteKey Key { get; }

    /// <summary>Status 0 when the witness did not answer.</summary>
    Task<(int Status, byte[] Body)> AddCheckpointAsync(byte[] request, CancellationToken cancellationToken);
}

/// <summary>
/// Asks witnesses to cosign the newest published checkpoint (C2SP tlog-witness) and keeps their signatures with it. A
/// witness that does not answer changes nothing: effects and checkpoints go on, and its line is missing for all to see.
/// </summary>
public sealed class Witnessing(ILedgerStore ledger, IEd25519 ed25519, IReadOnlyList<IWitnessDoor> witnesses)
{
    /// <summary>One round; answers how many witnesses have cosigned the newest published checkpoint.</summary>
    public async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        if (await ledger.NewestPublishedAsync(cancellationToken) is not { } published || !SignedNote.Parse(published.Note.Span).TryGet(out var note))
        {
            return 0;
        }

        var count = 0;
        foreach (var witness in witnesses)
        {
            if (note.Statements(ed25519, witness.Key) is { Count: > 0 })
            {
                count++;
            }
            else if (await AskAsync(witness, published.Size, note, cancellationToken) is { } line)
            {
                var signed = note.With(line);
                if (await ledger.CosignAsync(published.Size, note.ToBytes(), signed.ToBytes(), cancellationToken))
                {
                    (note, count) = (signed, count + 1);
                }
            }
        }

        return count;
    }

    private async Task<NoteSignature?> AskAsync(IWitnessDoor witness, long size, SignedNote note, CancellationToken cancellationToken)
    {
        // What the witness saw last is its own to say: it answers 409 with the size, and the second request starts there.
        var old = 0L;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await ProofAsync(old, size, cancellationToken) is not { } proof)
            {
                return null;
            }

            var (status, body) = await witness.AddCheckpointAsync(Witness.Request(old, proof, new(note.Text, [note.Signatures[0]])), cancellationToken);
            var text = Encoding.UTF8.GetString(body);
            if (status == 200)
            {
                return text.Split('\n').Select(SignedNote.ReadLine)
                    .FirstOrDefault(line => line is not null && witness.Key.Check(ed25519, note.Text, line) is not null);
            }

            if (status != 409 || !long.TryParse(text.TrimEnd('\n'), System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out old) || old > size)
            {
                return null;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<TreeHash>?> ProofAsync(long old, long size, CancellationToken cancellationToken) =>
        old == 0 ? [] : await Exporting.StoredProofs.ConsistencyAsync(ledger, old, size, cancellationToken);
}
