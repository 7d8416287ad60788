using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>
/// Seals what is said about persons. One key per person lies in the key store; what concerns several is sealed under all of
/// their keys together, so that erasing one of them makes it unreadable. Persons are named in heads by a keyed hash only.
/// </summary>
internal sealed class PersonVault(IKeyStore keys)
{
    private const string NodeKey = "protection.node";

    /// <summary>The name of a person in lists of the store: it tells nothing without the node's key.</summary>
    public async Task<Result<string>> HandleAsync(string person, CancellationToken cancellationToken)
    {
        var key = await keys.GetOrCreateAsync(NodeKey, 32, cancellationToken);
        return key.IsOk ? Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes("handle\n" + person)))[..32] : key.Error;
    }

    /// <summary>AES-256-GCM over the content, bound to <paramref name="name"/>. Error <c>keys.destroyed</c> when one of the persons was erased.</summary>
    public async Task<Result<byte[]>> SealAsync(string name, IReadOnlyList<string> persons, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(persons, create: true, cancellationToken);
        if (!key.IsOk)
        {
            return key.Error;
        }

        var sealedBytes = new byte[28 + content.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var cipher = new AesGcm(key.Value!, 16);
        cipher.Encrypt(sealedBytes.AsSpan(0, 12), content.Span, sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16), Encoding.UTF8.GetBytes(name));
        return sealedBytes;
    }

    /// <summary>The content, or null when a key is gone or the bytes are not what was sealed under this name.</summary>
    public async Task<byte[]?> OpenAsync(string name, IReadOnlyList<string> persons, ReadOnlyMemory<byte> sealedBytes, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(persons, create: false, cancellationToken);
        if (!key.IsOk || key.Value is null || sealedBytes.Length < 28)
        {
            return null;
        }

        var content = new byte[sealedBytes.Length - 28];
        try
        {
            using var cipher = new AesGcm(key.Value, 16);
            cipher.Decrypt(sealedBytes.Span[..12], sealedBytes.Span[28..], sealedBytes.Span[12..28], content, Encoding.UTF8.GetBytes(name));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Destroys the person's key for ever; answers false when there was none.</summary>
    public Task<bool> EraseAsync(string handle, CancellationToken cancellationToken) => keys.DestroyAsync(Name(handle), cancellationToken);

    // Handles, not ids: file names in the key folder tell nothing.
    private async Task<Result<byte[]?>> KeyAsync(IReadOnlyList<string> handles, bool create, CancellationToken cancellationToken)
    {
        var all = new List<byte>();
        foreach (var name in handles.Count == 0 ? [NodeKey] : handles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Name))
        {
            if (create)
            {
                var key = await keys.GetOrCreateAsync(name, 32, cancellationToken);
                if (!key.IsOk)
                {
                    return key.Error;
                }

                all.AddRange(key.Value);
            }
            else if (await keys.FindAsync(name, cancellationToken) is { } key)
            {
                all.AddRange(key);
            }
            else
            {
                return Result<byte[]?>.Ok(null);
            }
        }

        return HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. all], 32, info: "waymark.person/1"u8.ToArray());
    }

    private static string Name(string handle) => "person." + handle;
}
