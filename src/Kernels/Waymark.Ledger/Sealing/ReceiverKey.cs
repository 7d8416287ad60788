using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>
/// The public key of somebody who receives sealed files, on one line: <c>NAME+HASH+BASE64</c> like the verifier keys of a ledger, with a type of its own, so that neither passes for the
/// other. People compare <see cref="Fingerprint"/> by voice.
/// </summary>
public sealed class ReceiverKey
{
    /// <summary>Stands before the 32 bytes of the key; no type of C2SP signed-note.</summary>
    private const byte Type = (byte)'x';

    private readonly byte[] _publicKey;

    /// <summary>Throws <see cref="ArgumentException"/> for a name with spaces or <c>+</c>, or a key of another length than 32.</summary>
    public ReceiverKey(string name, ReadOnlySpan<byte> publicKey)
    {
        if (!NoteKey.IsName(name) || publicKey.Length != 32)
        {
            throw new ArgumentException("A name without spaces and + and a key of 32 bytes are needed.", nameof(name));
        }

        (Name, _publicKey) = (name, publicKey.ToArray());
        var digest = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Type, .. _publicKey]));
        Fingerprint = string.Join(' ', Enumerable.Range(0, 8).Select(group => digest.Substring(group * 4, 4)));
    }

    public string Name { get; }

    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The first 128 bits of SHA-256(name ‖ 0x0A ‖ type ‖ key), in eight groups of four digits.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads the one-line form. Error <c>sealed.bad-key</c>.</summary>
    public static Result<ReceiverKey> Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        var bytes = new byte[33];
        if (parts.Length != 3 || !NoteKey.IsName(parts[0]) || parts[2].Length != 44 || !Convert.TryFromBase64String(parts[2], bytes, out var written) || written != 33 || bytes[0] != Type)
        {
            return Bad(text);
        }

        var key = new ReceiverKey(parts[0], bytes.AsSpan(1));
        return key.Hash == parts[1] ? key : Bad(text);
    }

    /// <summary>Whether this is the fingerprint, however its digits are grouped.</summary>
    public bool IsFingerprint(string? said) => string.Equals(Digits(Fingerprint), Digits(said ?? ""), StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Name}+{Hash}+{Convert.ToBase64String([Type, .. _publicKey])}";

    private string Hash => Digits(Fingerprint)[..8];

    private static string Digits(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter) && letter is not ('-' or ':')));

    private static Error Bad(string where) => Error.Invalid("sealed.bad-key", "This is not a receiver's key: NAME+HASH+BASE64 is expected, as \"waymark export key\" prints it.",
        "这不是接收方公钥：应为“waymark export key”所打印的 名称+哈希+BASE64。", where.Length > 80 ? where[..80] : where);
}
