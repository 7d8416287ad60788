using Waymark.Ledger;

namespace Waymark.Sodium;

/// <summary>Sealed boxes of libsodium. Safe to share between threads.</summary>
public sealed class SodiumSealedBox : ISealedBox
{
    private const int KeyBytes = 32;
    private const int MoreBytes = 48;

    private static readonly Lazy<SodiumSealedBox> _instance = new(Make);

    private SodiumSealedBox()
    {
    }

    /// <summary>The one instance. Throws <see cref="DllNotFoundException"/> when libsodium is not installed.</summary>
    public static SodiumSealedBox Instance => _instance.Value;

    public byte[] PublicKey(ReadOnlySpan<byte> privateKey)
    {
        Lengths.Need(privateKey, KeyBytes, nameof(privateKey));
        var publicKey = new byte[KeyBytes];
        _ = NativeMethods.BoxPublicKey(publicKey, privateKey);
        return publicKey;
    }

    public byte[]? Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> content)
    {
        Lengths.Need(publicKey, KeyBytes, nameof(publicKey));
        var box = new byte[content.Length + MoreBytes];
        return NativeMethods.Seal(box, content, (ulong)content.Length, publicKey) == 0 ? box : null;
    }

    public byte[]? Open(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> box)
    {
        Lengths.Need(privateKey, KeyBytes, nameof(privateKey));
        if (box.Length < MoreBytes)
        {
            return null;
        }

        var content = new byte[box.Length - MoreBytes];
        return NativeMethods.OpenSealed(content, box, (ulong)box.Length, PublicKey(privateKey), privateKey) == 0 ? content : null;
    }

    private static SodiumSealedBox Make()
    {
        _ = SodiumLibrary.Version;
        return new();
    }
}
