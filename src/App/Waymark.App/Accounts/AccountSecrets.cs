using System.Security.Cryptography;
using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>
/// Protects what an account must keep readable or comparable: authenticator keys are encrypted (AES-256-GCM, bound to the
/// account), recovery codes are kept as keyed hashes. The key lies in the key folder, outside the store and its backups (M54).
/// </summary>
public sealed class AccountSecrets(IKeyStore keys)
{
    /// <summary>Leaves of what happens to accounts.</summary>
    public ActLeaves Leaves { get; } = new(keys);

    private const string KeyName = "accounts";

    public async Task<string> ProtectAsync(string account, string secret, CancellationToken cancellationToken)
    {
        using var cipher = new AesGcm(await KeyAsync(cancellationToken), 16);
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedText = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, 12));
        cipher.Encrypt(sealedText.AsSpan(0, 12), plain, sealedText.AsSpan(28), sealedText.AsSpan(12, 16), Encoding.UTF8.GetBytes(account));
        return Convert.ToBase64String(sealedText);
    }

    /// <summary>The secret, or null when it was written under another key or for another account.</summary>
    public async Task<string?> OpenAsync(string account, string sealedText, CancellationToken cancellationToken)
    {
        var bytes = Convert.FromBase64String(sealedText);
        var plain = new byte[bytes.Length - 28];
        try
        {
            using var cipher = new AesGcm(await KeyAsync(cancellationToken), 16);
            cipher.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(28), bytes.AsSpan(12, 16), plain, Encoding.UTF8.GetBytes(account));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public async Task<string> HashAsync(string account, string code, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(await KeyAsync(cancellationToken), Encoding.UTF8.GetBytes(account + "\n" + code)));

    /// <summary>Compares in time that depends only on the lengths.</summary>
    public static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        var key = await keys.GetOrCreateAsync(KeyName, 32, cancellationToken);
        return key.IsOk ? key.Value : throw new StoreException(key.Error);
    }
}
