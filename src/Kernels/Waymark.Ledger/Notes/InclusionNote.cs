using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>
/// A proof that travels alone (C2SP tlog-proof): the place of one entry, the hashes that lead from it to the root, and the
/// signed checkpoint. <paramref name="Extra"/> is not covered by any signature; we carry the entry itself in it, which the
/// hashes then prove.
/// </summary>
public sealed record InclusionNote(ReadOnlyMemory<byte>? Extra, long Index, IReadOnlyList<TreeHash> Path, SignedNote Note)
{
    private const string Head = "c2sp.org/tlog-proof@v1";

    /// <summary>Reads a proof. Errors <c>ledger.bad-proof</c>, <c>ledger.bad-note</c>.</summary>
    public static Result<InclusionNote> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 4 * SignedNote.LongestNote)
        {
            return LedgerErrors.Proof($"{bytes.Length} bytes");
        }

        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith(Head + "\n", StringComparison.Ordinal))
        {
            return LedgerErrors.Proof($"it does not begin with {Head}");
        }

        var lines = text[..end].Split('\n').Skip(1).ToList();
        byte[]? extra = null;
        if (lines.Count > 0 && lines[0].StartsWith("extra ", StringComparison.Ordinal))
        {
            extra = new byte[lines[0].Length];
            if (!Convert.TryFromBase64String(lines[0][6..], extra, out var written))
            {
                return LedgerErrors.Proof("the extra line is no base64");
            }

            extra = extra[..written];
            lines.RemoveAt(0);
        }

        if (lines.Count is 0 or > 64 || !lines[0].StartsWith("index ", StringComparison.Ordinal)
            || !Checkpoint.IsNumber(lines[0][6..], out var index))
        {
            return LedgerErrors.Proof("there is no index");
        }

        var path = new List<TreeHash>();
        foreach (var line in lines.Skip(1))
        {
            if (!TreeHash.TryParse(line, out var hash))
            {
                return LedgerErrors.Proof("a line of the path is no hash");
            }

            path.Add(hash);
        }

        return SignedNote.Parse(Encoding.UTF8.GetBytes(text[(end + 2)..]))
            .Select(note => new InclusionNote(extra is null ? null : (ReadOnlyMemory<byte>)extra, index, path, note));
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString() =>
        Head + "\n"
        + (Extra is { } extra ? $"extra {Convert.ToBase64String(extra.Span)}\n" : "")
        + string.Create(CultureInfo.InvariantCulture, $"index {Index}\n")
        + string.Concat(Path.Select(hash => hash.ToBase64() + "\n"))
        + "\n" + Note;
}
