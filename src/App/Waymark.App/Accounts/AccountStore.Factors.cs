using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Output;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>The second factors of an account: authenticator key, recovery codes, passkeys.</summary>
public sealed partial class AccountStore :
    IUserTwoFactorStore<Account>, IUserAuthenticatorKeyStore<Account>, IUserTwoFactorRecoveryCodeStore<Account>, IUserPasskeyStore<Account>
{
    /// <summary>Which account a passkey belongs to, by the hash of its id: the store itself keeps ids unique.</summary>
    public const string PasskeyRegister = "app.passkey";

    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken)
    {
        user.TwoFactor = enabled;
        return Task.CompletedTask;
    }

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactor);

    public async Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken) =>
        user.AuthenticatorKey = await secrets.ProtectAsync(user.Id, key, cancellationToken);

    public async Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) =>
        user.AuthenticatorKey is { } key ? await secrets.OpenAsync(user.Id, key, cancellationToken) : null;

    public async Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        var hashes = new List<string>();
        foreach (var code in recoveryCodes)
        {
            hashes.Add(await secrets.HashAsync(user.Id, Plain(code), cancellationToken));
        }

        user.RecoveryCodes = hashes;
    }

    public async Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var hash = await secrets.HashAsync(user.Id, Plain(code), cancellationToken);
        var left = user.RecoveryCodes.Where(known => !AccountSecrets.Same(known, hash)).ToList();
        if (left.Count == user.RecoveryCodes.Count)
        {
            return false;
        }

        user.RecoveryCodes = left;
        return (await UpdateAsync(user, cancellationToken)).Succeeded;
    }

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryCodes.Count);

    public async Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var known = user.Passkeys.FirstOrDefault(item => item.Id.AsSpan().SequenceEqual(passkey.CredentialId));
        var stored = new Passkey(passkey.CredentialId, passkey.PublicKey, passkey.Name ?? known?.Name ?? "", passkey.CreatedAt, passkey.SignCount, passkey.Transports ?? [],
            passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, known?.Attested ?? false, passkey.AttestationObject, passkey.ClientDataJson);
        user.Passkeys = [.. user.Passkeys.Where(item => item != known), stored];
        if (known is null)
        {
            // The id is taken before the account names it: of two accounts that bring the same passkey, one gets it.
            var taken = await store.CommitAsync(
                new()
                {
                    Actor = user.Id,
                    Reason = "passkey.added",
                    Records = [new(PasskeyRegister, Key(passkey.CredentialId), 0, JsonSerializer.SerializeToUtf8Bytes(new NameDocument(user.Id), JsonOutput.Options),
                        "{\"did\":\"added\"}"u8.ToArray(), [])],
                },
                cancellationToken);
            if (!taken.IsOk)
            {
                throw new StoreException(taken.Error);
            }
        }
    }

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. user.Passkeys.Select(Info)]);

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(PasskeyRegister, Key(credentialId), cancellationToken) is { } found
            ? await FindByIdAsync(JsonSerializer.Deserialize<NameDocument>(found.Document.Span, JsonOutput.Options)!.Account, cancellationToken)
            : null;

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(user.Passkeys.FirstOrDefault(item => item.Id.AsSpan().SequenceEqual(credentialId)) is { } found ? Info(found) : null);

    public async Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        user.Passkeys = [.. user.Passkeys.Where(item => !item.Id.AsSpan().SequenceEqual(credentialId))];
        if (await store.Records.GetAsync(PasskeyRegister, Key(credentialId), cancellationToken) is { } record)
        {
            var removed = await store.CommitAsync(
                new()
                {
                    Actor = user.Id,
                    Reason = "passkey.removed",
                    Records = [new(PasskeyRegister, record.Id, record.Version, null, "{\"did\":\"removed\"}"u8.ToArray(), [])],
                },
                cancellationToken);
            if (!removed.IsOk)
            {
                throw new StoreException(removed.Error);
            }
        }
    }

    private static UserPasskeyInfo Info(Passkey passkey) => new(passkey.Id, passkey.PublicKey, passkey.CreatedAt, passkey.SignCount, [.. passkey.Transports],
        passkey.UserVerified, passkey.BackupEligible, passkey.BackedUp, passkey.Attestation, passkey.ClientData) { Name = passkey.Name };

    private static string Key(byte[] credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
