using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>One signature line of a note: name, key id, and the signature's bytes after the id.</summary>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The line as it stands in a note, without its newline.</summary>
    public override string ToString()
    {
        var bytes = new byte[4 + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.Span.CopyTo(bytes.AsSpan(4));
        return $"— {Name} {Convert.ToBase64String(bytes)}";
    }
}

/// <summary>
/// A text and the signatures below it (C2SP signed-note). <paramref name="Text"/> ends with a newline. Parsing says nothing
/// about the signatures: ask <see cref="Statements"/>.
/// </summary>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>Longest note that is read.</summary>
    public const int LongestNote = 64 * 1024;

    /// <summary>Most signature lines that are read.</summary>
    public const int MostSignatures = 64;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a note. Error <c>ledger.bad-note</c>.</summary>
    public static Result<SignedNote> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestNote)
        {
            return LedgerErrors.Note($"{bytes.Length} bytes");
        }

        string note;
        try
        {
            note = _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return LedgerErrors.Note("not UTF-8");
        }

        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n') || note.Any(c => c < ' ' && c != '\n'))
        {
            return LedgerErrors.Note("no empty line before signatures");
        }

        var lines = note[(end + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MostSignatures)
        {
            return LedgerErrors.Note($"{lines.Length} signatures");
        }

        var signatures = new List<NoteSignature>();
        foreach (var line in lines)
        {
            if (ReadLine(line) is not { } signature)
            {
                return LedgerErrors.Note("a line that is no signature");
            }

            signatures.Add(signature);
        }

        return new SignedNote(note[..(end + 1)], signatures);
    }

    /// <summary>One signature line without its newline, or null.</summary>
    public static NoteSignature? ReadLine(string line)
    {
        if (!line.StartsWith("— ", StringComparison.Ordinal) || line.IndexOf(' ', 2) is not (> 2 and var space))
        {
            return null;
        }

        var (name, base64) = (line[2..space], line[(space + 1)..]);
        var bytes = new byte[base64.Length];
        return NoteKey.IsName(name) && Convert.TryFromBase64String(base64, bytes, out var written) && written >= 5
            && Convert.ToBase64String(bytes.AsSpan(0, written)) == base64
            ? new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4, written - 4))
            : null;
    }

    /// <summary>
    /// Who of these keys signed the text. A line that names one of the keys and does not fit makes the whole answer null,
    /// as the format asks: a broken signature of a known key is no unknown signature.
    /// </summary>
    public IReadOnlyList<NoteStatement>? Statements(IEd25519 ed25519, params IEnumerable<NoteKey> keys)
    {
        var known = keys.ToList();
        var statements = new List<NoteStatement>();
        foreach (var signature in Signatures)
        {
            if (known.Find(key => key.Name == signature.Name && key.Id == signature.KeyId) is { } key)
            {
                if (key.Check(ed25519, Text, signature) is not { } statement)
                {
                    return null;
                }

                statements.Add(statement);
            }
        }

        return statements;
    }

    /// <summary>The note with one more signature.</summary>
    public SignedNote With(NoteSignature signature) => this with { Signatures = [.. Signatures, signature] };

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Text}\n{string.Concat(Signatures.Select(s => s + "\n"))}");
}
