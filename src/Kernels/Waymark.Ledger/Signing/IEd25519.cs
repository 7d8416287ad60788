namespace Waymark.Ledger;

/// <summary>
/// Ed25519 (RFC 8032, section 5.1: no context, no pre-hash) as the kernel needs it; native code stands behind it.
/// Seeds and public keys have 32 bytes, signatures 64. A seed is 32 uniform random bytes, so making one needs no function.
/// </summary>
public interface IEd25519
{
    /// <summary>The public key that belongs to a seed. Throws <see cref="ArgumentException"/> for another length.</summary>
    byte[] PublicKey(ReadOnlySpan<byte> seed);

    /// <summary>The signature of the message; the same seed and message always give the same one.</summary>
    byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message);

    /// <summary>
    /// Whether the signature was made over these bytes by the owner of the key. False, never an exception, for wrong
    /// lengths, points of small order and scalars that are not reduced: all of it may come from strangers.
    /// </summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
