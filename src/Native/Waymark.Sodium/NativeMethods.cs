using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Waymark.Sodium;

/// <summary>The functions of libsodium, as its headers declare them. Callers check every length first.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(SodiumLibrary.Name, EntryPoint = "sodium_init")]
    public static partial int Init();

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "sodium_version_string")]
    public static partial nint VersionString();

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    public static partial int SeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_sign_ed25519_detached")]
    public static partial int Sign(Span<byte> signature, nint noLength, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> secretKey);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    public static partial int Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> publicKey);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_scalarmult_curve25519_base")]
    public static partial int BoxPublicKey(Span<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_box_seal")]
    public static partial int Seal(Span<byte> box, ReadOnlySpan<byte> content, ulong length, ReadOnlySpan<byte> publicKey);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_box_seal_open")]
    public static partial int OpenSealed(Span<byte> content, ReadOnlySpan<byte> box, ulong length, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_is_valid_point")]
    public static partial int IsElement(ReadOnlySpan<byte> element);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_from_hash")]
    public static partial int FromUniform(Span<byte> element, ReadOnlySpan<byte> uniform);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_scalarmult_ristretto255")]
    public static partial int Multiply(Span<byte> product, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_scalarmult_ristretto255_base")]
    public static partial int MultiplyBase(Span<byte> product, ReadOnlySpan<byte> scalar);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_add")]
    public static partial int Add(Span<byte> sum, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_sub")]
    public static partial int Subtract(Span<byte> difference, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_random")]
    public static partial void RandomScalar(Span<byte> scalar);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_reduce")]
    public static partial void ReduceScalar(Span<byte> scalar, ReadOnlySpan<byte> uniform);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_add")]
    public static partial void AddScalars(Span<byte> sum, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_sub")]
    public static partial void SubtractScalars(Span<byte> difference, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_mul")]
    public static partial void MultiplyScalars(Span<byte> product, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_negate")]
    public static partial void NegateScalar(Span<byte> negated, ReadOnlySpan<byte> scalar);

    [LibraryImport(SodiumLibrary.Name, EntryPoint = "crypto_core_ristretto255_scalar_invert")]
    public static partial int InvertScalar(Span<byte> inverse, ReadOnlySpan<byte> scalar);
}
