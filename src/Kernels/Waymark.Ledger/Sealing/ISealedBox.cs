namespace Waymark.Ledger;

/// <summary>
/// Sealed boxes for one reader, as libsodium has them (<c>crypto_box_seal</c>: an X25519 key for one use, XSalsa20 and Poly1305, the nonce a BLAKE2b hash of both public keys); native code
/// stands behind it. Keys have 32 bytes; a private key is 32 uniform random bytes, so making one needs no function. A box is 48 bytes longer than its content and says nothing of who sealed it.
/// </summary>
public interface ISealedBox
{
    /// <summary>The public key of a private one (RFC 7748, section 6.1). Throws <see cref="ArgumentException"/> for another length.</summary>
    byte[] PublicKey(ReadOnlySpan<byte> privateKey);

    /// <summary>The content for whoever holds the private key; null for a public key of small order, which everybody could open.</summary>
    byte[]? Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> content);

    /// <summary>What was sealed; null when it was sealed to another key or a byte of it was changed, never an exception: it may come from strangers.</summary>
    byte[]? Open(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> box);
}
