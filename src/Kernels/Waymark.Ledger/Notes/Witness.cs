using System.Globalization;
using System.Text;

namespace Waymark.Ledger;

/// <summary>The last tree a witness cosigned for one log.</summary>
public sealed record WitnessedTree(long Size, TreeHash Root);

/// <summary>What a witness answers (C2SP tlog-witness): an HTTP status, and on 200 the tree to keep and the cosignature.</summary>
public sealed record WitnessAnswer(int Status, string Body, WitnessedTree? Keep);

/// <summary>
/// The rules of a witness, without its network: it cosigns a checkpoint only when the tree it cosigned before is the
/// beginning of the new one. Whoever runs it keeps the tree it answers, durably and before answering.
/// </summary>
public static class Witness
{
    /// <summary>The body of an add-checkpoint request.</summary>
    public static byte[] Request(long oldSize, IReadOnlyList<TreeHash> consistency, SignedNote checkpoint) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"old {oldSize}\n{string.Concat(consistency.Select(hash => hash.ToBase64() + "\n"))}\n{checkpoint}"));

    /// <summary>
    /// Considers a request from the log whose key is known; <paramref name="last"/> is what was kept for this origin.
    /// </summary>
    public static WitnessAnswer Consider(
        ReadOnlySpan<byte> request, string origin, NoteKey log, WitnessedTree? last, NoteSigner witness, IEd25519 ed25519, DateTimeOffset now)
    {
        var text = Encoding.UTF8.GetString(request);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = end < 0 ? [] : text[..end].Split('\n');
        if (lines.Length is 0 or > 64 || !lines[0].StartsWith("old ", StringComparison.Ordinal)
            || !Checkpoint.IsNumber(lines[0][4..], out var oldSize)
            || !SignedNote.Parse(Encoding.UTF8.GetBytes(text[(end + 2)..])).TryGet(out var note)
            || !Checkpoint.Parse(note.Text).TryGet(out var checkpoint))
        {
            return new(400, "", null);
        }

        var proof = new List<TreeHash>();
        foreach (var line in lines.Skip(1))
        {
            if (!TreeHash.TryParse(line, out var hash))
            {
                return new(400, "", null);
            }

            proof.Add(hash);
        }

        if (checkpoint.Origin != origin)
        {
            return new(404, "", null);
        }

        if (note.Statements(ed25519, log) is not { Count: > 0 })
        {
            return new(403, "", null);
        }

        var kept = last ?? new(0, Merkle.EmptyRoot);
        if (oldSize > checkpoint.Size)
        {
            return new(400, "", null);
        }

        if (oldSize != kept.Size || (oldSize == checkpoint.Size && kept.Root != checkpoint.Root))
        {
            return new(409, string.Create(CultureInfo.InvariantCulture, $"{kept.Size}\n"), null);
        }

        return Proof.IsConsistent(kept.Size, kept.Root, checkpoint.Size, checkpoint.Root, proof)
            ? new(200, witness.Sign(note.Text, now) + "\n", new(checkpoint.Size, checkpoint.Root))
            : new(422, "", null);
    }
}
