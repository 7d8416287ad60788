using System.Security.Cryptography;
using Waymark.Ledger;

namespace Waymark.Sodium;

/// <summary>Ed25519 of libsodium. Safe to share between threads.</summary>
public sealed class SodiumEd25519 : IEd25519
{
    private const int SecretKeyBytes = 64;

    private static readonly Lazy<SodiumEd25519> _instance = new(Make);

    private SodiumEd25519()
    {
    }

    /// <summary>The one instance. Throws <see cref="DllNotFoundException"/> when libsodium is not installed.</summary>
    public static SodiumEd25519 Instance => _instance.Value;

    public byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        Lengths.Need(seed, 32, nameof(seed));
        var publicKey = new byte[32];
        Span<byte> secret = stackalloc byte[SecretKeyBytes];
        _ = NativeMethods.SeedKeyPair(publicKey, secret, seed);
        CryptographicOperations.ZeroMemory(secret);
        return publicKey;
    }

    public byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        Lengths.Need(seed, 32, nameof(seed));
        Span<byte> publicKey = stackalloc byte[32];
        Span<byte> secret = stackalloc byte[SecretKeyBytes];
        _ = NativeMethods.SeedKeyPair(publicKey, secret, seed);
        var signature = new byte[64];
        _ = NativeMethods.Sign(signature, 0, message, (ulong)message.Length, secret);
        CryptographicOperations.ZeroMemory(secret);
        return signature;
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == 32 && signature.Length == 64
        && NativeMethods.Verify(signature, message, (ulong)message.Length, publicKey) == 0;

    private static SodiumEd25519 Make()
    {
        _ = SodiumLibrary.Version;
        return new();
    }
}
