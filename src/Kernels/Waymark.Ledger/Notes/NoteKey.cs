using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>What a key may sign.</summary>
public enum NoteKeyType
{
    /// <summary>Notes as they stand (C2SP signed-note, type 0x01).</summary>
    Ed25519 = 1,

    /// <summary>Cosignatures of witnesses, with a time (C2SP tlog-cosignature, <c>cosignature/v1</c>, type 0x04).</summary>
    Cosignature = 4,
}

/// <summary>
/// A verifier key of C2SP signed-note, <c>NAME+HASH+BASE64</c>: who signs, what kind of signature, the public key. The type
/// stands in the key's hash, so that a log's key never passes for a witness's.
/// </summary>
public sealed class NoteKey
{
    private readonly byte[] _publicKey;

    /// <summary>Throws <see cref="ArgumentException"/> for a name with spaces or <c>+</c>, or a key of another length than 32.</summary>
    public NoteKey(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey)
    {
        if (!IsName(name) || publicKey.Length != 32)
        {
            throw new ArgumentException("A name without spaces and + and a key of 32 bytes are needed.", nameof(name));
        }

        (Name, Type, _publicKey) = (name, type, publicKey.ToArray());
        byte[] described = [.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. _publicKey];
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(described));
    }

    public string Name { get; }

    public NoteKeyType Type { get; }

    /// <summary>The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), big-endian.</summary>
    public uint Id { get; }

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>Reads the one-line form. Error <c>ledger.bad-key</c>.</summary>
    public static Result<NoteKey> Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
        {
            return LedgerErrors.Key(text);
        }

        var bytes = new byte[parts[2].Length];
        if (!Convert.TryFromBase64String(parts[2], bytes, out var written) || written != 33
            || bytes[0] is not ((byte)NoteKeyType.Ed25519 or (byte)NoteKeyType.Cosignature))
        {
            return LedgerErrors.Key(text);
        }

        var key = new NoteKey(parts[0], (NoteKeyType)bytes[0], bytes.AsSpan(1, 32));
        return key.Id == id ? key : LedgerErrors.KeyId(text);
    }

    /// <summary>
    /// Whether this signature was made by this key over this text; for a cosignature the time it states. Null when not.
    /// </summary>
    public NoteStatement? Check(IEd25519 ed25519, string text, NoteSignature signature)
    {
        if (signature.Name != Name || signature.KeyId != Id)
        {
            return null;
        }

        var bytes = signature.Bytes.Span;
        if (Type == NoteKeyType.Ed25519)
        {
            return ed25519.Verify(_publicKey, Encoding.UTF8.GetBytes(text), bytes) ? new NoteStatement(this, null) : null;
        }

        if (bytes.Length != 72)
        {
            return null;
        }

        var seconds = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return seconds <= Cosigning.LatestTime && ed25519.Verify(_publicKey, Cosigning.Message(text, seconds), bytes[8..])
            ? new NoteStatement(this, DateTimeOffset.FromUnixTimeSeconds((long)seconds))
            : null;
    }

    public override string ToString()
    {
        byte[] typed = [(byte)Type, .. _publicKey];
        return $"{Name}+{Id:x8}+{Convert.ToBase64String(typed)}";
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 256 && !name.Contains('+', StringComparison.Ordinal)
        && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));
}

/// <summary>A signature that was checked: by whom and, when a witness made it, the time it says it saw the note.</summary>
public sealed record NoteStatement(NoteKey Key, DateTimeOffset? Witnessed);
