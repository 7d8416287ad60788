using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Waymark.Ledger;

/// <summary>Signs notes under a name: as a log, or as a witness with a time.</summary>
public sealed class NoteSigner
{
    private readonly IEd25519 _ed25519;
    private readonly byte[] _seed;

    /// <summary>The seed has 32 bytes and comes from the key store.</summary>
    public NoteSigner(IEd25519 ed25519, string name, NoteKeyType type, ReadOnlySpan<byte> seed)
    {
        (_ed25519, _seed) = (ed25519, seed.ToArray());
        Key = new(name, type, ed25519.PublicKey(seed));
    }

    /// <summary>What others need to check.</summary>
    public NoteKey Key { get; }

    /// <summary>
    /// The signature over a text that ends with a newline; <paramref name="at"/> is the time a cosignature states and is
    /// not used otherwise.
    /// </summary>
    public NoteSignature Sign(string text, DateTimeOffset at)
    {
        if (!text.EndsWith('\n'))
        {
            throw new ArgumentException("The text of a note ends with a newline.", nameof(text));
        }

        if (Key.Type == NoteKeyType.Ed25519)
        {
            return new(Key.Name, Key.Id, _ed25519.Sign(_seed, Encoding.UTF8.GetBytes(text)));
        }

        var seconds = (ulong)at.ToUnixTimeSeconds();
        var bytes = new byte[72];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, seconds);
        _ed25519.Sign(_seed, Cosigning.Message(text, seconds)).CopyTo(bytes, 8);
        return new(Key.Name, Key.Id, bytes);
    }
}

/// <summary>What a witness signs: C2SP tlog-cosignature, <c>cosignature/v1</c>.</summary>
internal static class Cosigning
{
    /// <summary>9999-12-31T23:59:59Z: later ones are no time.</summary>
    public const ulong LatestTime = 253_402_300_799;

    public static byte[] Message(string text, ulong seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
}
