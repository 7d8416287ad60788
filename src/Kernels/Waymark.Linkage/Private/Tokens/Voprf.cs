using System.Buffers.Binary;
using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>Modes of RFC 9497 that are used here.</summary>
public enum OprfMode : byte
{
    Oprf = 0,
    Voprf = 1,
}

/// <summary>A proof that one committed key was used for a whole batch: challenge and response, 64 bytes.</summary>
public sealed record DleqProof(byte[] Challenge, byte[] Response)
{
    public byte[] ToBytes() => [.. Challenge, .. Response];
}

/// <summary>
/// Oblivious pseudorandom function of RFC 9497, suite ristretto255-SHA512, with batch proofs. The group is native code behind
/// <see cref="IRistretto255"/>. Elements and scalars are 32 bytes, outputs 64.
/// </summary>
public sealed class Voprf(IRistretto255 group, OprfMode mode = OprfMode.Voprf)
{
    /// <summary>Largest batch that one proof covers: positions are two bytes.</summary>
    public const int MostInBatch = 65535;

    private readonly OprfHash _hash = new(group, (byte)mode);

    /// <summary>DeriveKeyPair of section 3.2.1.</summary>
    public Result<(byte[] Private, byte[] Public)> DeriveKeyPair(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> info)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)info.Length));
        for (var counter = 0; counter < 256; counter++)
        {
            var secret = _hash.ToScalar([.. seed, .. length, .. info, (byte)counter], "DeriveKeyPair");
            if (secret.AsSpan().ContainsAnyExcept((byte)0))
            {
                var open = new byte[32];
                return group.MultiplyBase(secret, open) ? (secret, open) : Fault();
            }
        }

        return Fault();
    }

    /// <summary>A key pair drawn at random.</summary>
    public (byte[] Private, byte[] Public) NewKeyPair()
    {
        var (secret, open) = (new byte[32], new byte[32]);
        do
        {
            group.RandomScalar(secret);
        }
        while (!group.MultiplyBase(secret, open));
        return (secret, open);
    }

    /// <summary>Blinds an input; the blind is drawn unless given (tests). No blind is ever used twice.</summary>
    public Result<(byte[] Blind, byte[] Element)> Blind(ReadOnlySpan<byte> input, byte[]? blind = null)
    {
        if (blind is null)
        {
            blind = new byte[32];
            group.RandomScalar(blind);
        }

        var element = _hash.ToGroup(input);
        return group.Multiply(blind, element, element) ? (blind, element) : Fault();
    }

    /// <summary>The holder of the key evaluates a blinded element; what is no element, or the identity, is refused.</summary>
    public Result<byte[]> BlindEvaluate(byte[] key, byte[] blinded)
    {
        var evaluated = new byte[32];
        return blinded.Length == 32 && group.Multiply(key, blinded, evaluated) ? evaluated : Fault();
    }

    /// <summary>Removes the blind and hashes: the output for the input.</summary>
    public Result<byte[]> Finish(ReadOnlySpan<byte> input, byte[] blind, byte[] evaluated)
    {
        var (inverse, element) = (new byte[32], new byte[32]);
        return evaluated.Length == 32 && group.InvertScalar(blind, inverse) && group.Multiply(inverse, evaluated, element)
            ? Output(input, element)
            : Fault();
    }

    /// <summary>The output for an input of one's own, by whoever has the key.</summary>
    public Result<byte[]> Evaluate(byte[] key, ReadOnlySpan<byte> input)
    {
        var element = _hash.ToGroup(input);
        return group.Multiply(key, element, element) ? Output(input, element) : Fault();
    }

    /// <summary>GenerateProof of section 2.2.1 for a batch; the random scalar is drawn unless given (tests).</summary>
    public Result<DleqProof> Prove(byte[] key, byte[] publicKey, IReadOnlyList<byte[]> blinded, IReadOnlyList<byte[]> evaluated, byte[]? random = null)
    {
        if (random is null)
        {
            random = new byte[32];
            group.RandomScalar(random);
        }

        if (Composites(publicKey, blinded, evaluated, key) is not { } sums)
        {
            return Fault();
        }

        var (t2, t3) = (new byte[32], new byte[32]);
        if (!group.MultiplyBase(random, t2) || !group.Multiply(random, sums.M, t3))
        {
            return Fault();
        }

        var challenge = Challenge(publicKey, sums.M, sums.Z, t2, t3);
        var response = new byte[32];
        group.MultiplyScalars(challenge, key, response);
        group.SubtractScalars(random, response, response);
        return new DleqProof(challenge, response);
    }

    /// <summary>VerifyProof of section 2.2.2: whether every evaluation used the key behind the public key.</summary>
    public bool Verify(byte[] publicKey, IReadOnlyList<byte[]> blinded, IReadOnlyList<byte[]> evaluated, DleqProof proof)
    {
        if (proof.Challenge.Length != 32 || proof.Response.Length != 32 || !group.IsScalar(proof.Challenge) || !group.IsScalar(proof.Response)
            || publicKey.Length != 32 || blinded.Concat(evaluated).Any(e => e.Length != 32)
            || Composites(publicKey, blinded, evaluated, null) is not { } sums)
        {
            return false;
        }

        var (a, b) = (new byte[32], new byte[32]);
        if (!group.MultiplyBase(proof.Response, a) || !group.Multiply(proof.Challenge, publicKey, b) || !group.Add(a, b, a))
        {
            return false;
        }

        var (c, d) = (new byte[32], new byte[32]);
        return group.Multiply(proof.Response, sums.M, c) && group.Multiply(proof.Challenge, sums.Z, d) && group.Add(c, d, c)
            && CryptographicOperations.FixedTimeEquals(Challenge(publicKey, sums.M, sums.Z, a, c), proof.Challenge);
    }

    /// <summary>ComputeComposites: random sums of the batch; with the key the second sum is one multiplication.</summary>
    private (byte[] M, byte[] Z)? Composites(byte[] publicKey, IReadOnlyList<byte[]> blinded, IReadOnlyList<byte[]> evaluated, byte[]? key)
    {
        if (blinded.Count is 0 or > MostInBatch || blinded.Count != evaluated.Count)
        {
            return null;
        }

        var seed = SHA512.HashData(OprfHash.Prefixed(publicKey, _hash.SeedTag()));
        var (m, z, part, index) = (new byte[32], new byte[32], new byte[32], new byte[2]);
        for (var i = 0; i < blinded.Count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(index, (ushort)i);
            var weight = _hash.ToScalar([.. OprfHash.Prefixed(seed), .. index, .. OprfHash.Prefixed(blinded[i], evaluated[i]), .. "Composite"u8]);
            if (!group.Multiply(weight, blinded[i], part) || !group.Add(m, part, m))
            {
                return null;
            }

            if (key is null && (!group.Multiply(weight, evaluated[i], part) || !group.Add(z, part, z)))
            {
                return null;
            }
        }

        return key is not null && !group.Multiply(key, m, z) ? null : (m, z);
    }

    private byte[] Challenge(byte[] publicKey, byte[] m, byte[] z, byte[] t2, byte[] t3) =>
        _hash.ToScalar([.. OprfHash.Prefixed(publicKey, m, z, t2, t3), .. "Challenge"u8]);

    private static byte[] Output(ReadOnlySpan<byte> input, byte[] element) =>
        SHA512.HashData([.. OprfHash.Prefixed(input.ToArray(), element), .. "Finalize"u8]);

    private static Error Fault() => Error.Invalid("linkage.token-element", "A value is no element of the group or no scalar.", "某个值不是群元素或标量。");
}
