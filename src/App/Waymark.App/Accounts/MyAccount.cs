using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Configuration;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>What is shown to the owner once: recovery codes, or the secret of a key.</summary>
public sealed record ShownOnce(string Kind, IReadOnlyList<string> Lines);

/// <summary>What the owner of an account does with it: second step, passkeys, keys, sessions, password.</summary>
public sealed class MyAccount(
    UserManager<Account> users, SignInManager<Account> manager, AccountStore store, AccountSecrets secrets, Sessions sessions, ApiKeys keys, Settings settings)
{
    private const int RecoveryCodes = 10;
    private const int MostPasskeys = 10;

    public async Task<Account?> OfAsync(ClaimsPrincipal user) => await users.GetUserAsync(user);

    /// <summary>The key that waits to be confirmed by a first code; made when there is none.</summary>
    public async Task<Result<(string Key, string Address)>> AuthenticatorAsync(Account account)
    {
        var key = account.TwoFactor ? null : await users.GetAuthenticatorKeyAsync(account);
        if (account.TwoFactor)
        {
            return Error.Conflict("account.has-authenticator", "An authenticator app is in use.", "已启用验证器应用。");
        }

        if (key is null)
        {
            key = Totp.NewKey();
            await store.SetAuthenticatorKeyAsync(account, key, CancellationToken.None);
            var written = await users.UpdateAsync(account);
            if (!written.Succeeded)
            {
                return Changed();
            }
        }

        return (key, Totp.Address(settings.Name ?? "Waymark", account.Name, key));
    }

    /// <summary>Switches the second step on, once a code proves that the app has the key; answers recovery codes to be shown once.</summary>
    public async Task<Result<bool>> ConfirmAuthenticatorAsync(Account account, string code)
    {
        if (account.TwoFactor || !await users.VerifyTwoFactorTokenAsync(account, users.Options.Tokens.AuthenticatorTokenProvider, code.Trim()))
        {
            return Error.Invalid("account.code", "That code does not fit; check the clock of the device.", "验证码不符；请检查设备时间。", "code");
        }

        account.TwoFactor = true;
        var codes = (await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes))!.ToList();
        return await ShowAsync(account, new("codes", codes));
    }

    /// <summary>Switches the second step off; asks for the password, so that an open screen is not enough.</summary>
    public async Task<Result<bool>> RemoveAuthenticatorAsync(Account account, string password)
    {
        if (await CheckAsync(account, password) is { } wrong)
        {
            return wrong;
        }

        (account.TwoFactor, account.AuthenticatorKey, account.RecoveryCodes, account.ToShow) = (false, null, [], null);
        return await EndOthersAsync(account);
    }

    public async Task<Result<bool>> ChangePasswordAsync(Account account, string current, string next)
    {
        if (await CheckAsync(account, current) is { } wrong)
        {
            return wrong;
        }

        var changed = await users.ChangePasswordAsync(account, current, next[..Math.Min(500, next.Length)]);
        return changed.Succeeded ? true
            : Error.Invalid("account.password", "A password has at least 12 characters, 5 of them different.", "密码至少 12 个字符，其中至少 5 个不同。", "new-password");
    }

    public Task<string> PasskeyOptionsAsync(Account account) =>
        manager.MakePasskeyCreationOptionsAsync(new() { Id = account.Id, Name = account.Name, DisplayName = account.Name });

    /// <summary>Takes a new passkey; a device whose statement about itself is forged is refused.</summary>
    public async Task<Result<bool>> AddPasskeyAsync(Account account, string credential, string name)
    {
        if (credential.Length is 0 or > 65_536 || account.Passkeys.Count >= MostPasskeys || name.Length > 80 || name.Any(char.IsControl))
        {
            return BadPasskey();
        }

        try
        {
            var made = await manager.PerformPasskeyAttestationAsync(credential);
            if (!made.Succeeded || made.UserEntity.Id != account.Id)
            {
                return BadPasskey();
            }

            var attested = PasskeyAttestation.Check(made.Passkey.AttestationObject, made.Passkey.ClientDataJson, PasskeyAttestation.Roots(settings.Accounts.AttestationRoots));
            if (attested == AttestationResult.Wrong)
            {
                return BadPasskey();
            }

            made.Passkey.Name = name.Trim();
            var added = await users.AddOrUpdatePasskeyAsync(account, made.Passkey);
            if (!added.Succeeded)
            {
                return Changed();
            }

            if (attested == AttestationResult.Trusted)
            {
                account.Passkeys = [.. account.Passkeys.Select(item => item.Id.AsSpan().SequenceEqual(made.Passkey.CredentialId) ? item with { Attested = true } : item)];
                return (await users.UpdateAsync(account)).Succeeded ? true : Changed();
            }

            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or StoreException)
        {
            return BadPasskey();
        }
    }

    public async Task<Result<bool>> RemovePasskeyAsync(Account account, string id)
    {
        var known = account.Passkeys.FirstOrDefault(item => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(item.Id)) == id);
        return known is not null && (await users.RemovePasskeyAsync(account, known.Id)).Succeeded
            ? await EndOthersAsync(account) : Error.NotFound("account.passkey", "There is no such passkey.", "没有此通行密钥。");
    }

    public async Task<Result<bool>> MakeKeyAsync(Account account, string label, IReadOnlyList<string> purposes, int days, CancellationToken cancellationToken)
    {
        var made = await keys.MakeAsync(account, label, purposes, TimeSpan.FromDays(Math.Clamp(days, 0, 1_000)), account.Id, cancellationToken);
        return made.IsOk ? await ShowAsync(account, new("key", [made.Value])) : made.Error;
    }

    /// <summary>What waits to be shown, or null.</summary>
    public async Task<ShownOnce?> ToShowAsync(Account account, CancellationToken cancellationToken) =>
        account.ToShow is { } sealedText && await secrets.OpenAsync(account.Id, sealedText, cancellationToken) is { } text ? JsonSerializer.Deserialize<ShownOnce>(text) : null;

    public async Task<Result<bool>> KeptAsync(Account account)
    {
        account.ToShow = null;
        return (await users.UpdateAsync(account)).Succeeded ? true : Changed();
    }

    public async Task<Result<bool>> EndSessionAsync(Account account, string id, CancellationToken cancellationToken) =>
        await sessions.EndAsync(account.Id, id, cancellationToken) ? true : Error.NotFound("session.unknown", "There is no such session.", "没有此会话。");

    // Whoever changes how to sign in ends every other session; this one goes on under a new stamp after signing in again.
    private async Task<Result<bool>> EndOthersAsync(Account account)
    {
        var done = await users.UpdateSecurityStampAsync(account);
        return done.Succeeded ? true : Changed();
    }

    private async Task<Result<bool>> ShowAsync(Account account, ShownOnce what)
    {
        account.ToShow = await secrets.ProtectAsync(account.Id, JsonSerializer.Serialize(what), CancellationToken.None);
        return (await users.UpdateAsync(account)).Succeeded ? true : Changed();
    }

    private async Task<Error?> CheckAsync(Account account, string password)
    {
        if (await users.IsLockedOutAsync(account) || password.Length is 0 or > 500 || !await users.CheckPasswordAsync(account, password))
        {
            await users.AccessFailedAsync(account);
            return Error.Refused("account.wrong-password", "The password is not right.", "密码不正确。", "password");
        }

        return null;
    }

    private static Error BadPasskey() => Error.Refused("account.passkey-refused", "This passkey was not accepted.", "未接受此通行密钥。");

    private static Error Changed() => Error.Conflict("account.changed", "The account changed meanwhile; try again.", "账户已被更改，请重试。");
}
