using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Configuration;
using Waymark.App.Output;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>
/// Who may come in. Whatever is wrong, the same work is done (one password hash, one write) before one and the same answer,
/// so that neither answer nor time tells which names exist.
/// </summary>
public sealed class SignInDoor(
    UserManager<Account> users, SignInManager<Account> manager, AccountStore accounts, IStore store, IDataProtectionProvider protection, Settings settings, TimeProvider time)
{
    public const string StepCookie = "waymark-step";
    private const string DecoyRegister = "app.sign-in-decoy";
    private const string SpentRegister = "app.passkey-spent";
    private static readonly TimeSpan s_stepLasts = TimeSpan.FromMinutes(5);
    private static string? s_nobody;
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("sign-in-step").ToTimeLimitedDataProtector();

    public async Task<(Account? Account, string Refusal)> PasswordAsync(string name, string password, IPAddress? from, CancellationToken cancellationToken)
    {
        var possible = name.Length is > 0 and <= 256 && password.Length is > 0 and <= 500;
        var account = await users.FindByNameAsync(possible ? name.Trim() : "-");
        var nobody = s_nobody ??= users.PasswordHasher.HashPassword(new() { Id = "", Role = "", CreatedAt = default }, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        var verified = users.PasswordHasher.VerifyHashedPassword(account ?? new() { Id = "", Role = "", CreatedAt = default },
            account?.PasswordHash ?? nobody, possible ? password : "-") != PasswordVerificationResult.Failed;
        var refusal = account?.PasswordHash is null ? "unknown" : await users.IsLockedOutAsync(account) ? "locked" : !verified ? "password" : Shut(account, from);
        if (refusal is null && account is not null)
        {
            if (!account.TwoFactor && account.AccessFailedCount > 0)
            {
                await users.ResetAccessFailedCountAsync(account);
            }

            return (account, "");
        }

        await (refusal == "password" ? users.AccessFailedAsync(account!) : DecoyAsync(name, cancellationToken));
        return (null, refusal ?? "unknown");
    }

    /// <summary>Remembers in this browser, protected and for five minutes, whose password was right.</summary>
    public void AskForCode(HttpContext context, Account account) => context.Response.Cookies.Append(StepCookie,
        _protector.Protect(account.Id + " " + account.SecurityStamp, s_stepLasts), Options());

    public void ForgetStep(HttpContext context) => context.Response.Cookies.Delete(StepCookie, Options());

    /// <summary>The second step: a code of the authenticator app or a recovery code. Wrong ones count towards the lock.</summary>
    public async Task<(Account? Account, string Refusal)> CodeAsync(HttpContext context, string code, CancellationToken cancellationToken)
    {
        var account = await StepAsync(context.Request.Cookies[StepCookie]);
        if (account is null || code.Length > 64)
        {
            await DecoyAsync(code, cancellationToken);
            return (null, "step");
        }

        if (await users.IsLockedOutAsync(account))
        {
            await DecoyAsync(account.Id, cancellationToken);
            return (null, "locked");
        }

        var right = await users.VerifyTwoFactorTokenAsync(account, users.Options.Tokens.AuthenticatorTokenProvider, code.Trim())
            || (await users.RedeemTwoFactorRecoveryCodeAsync(account, code.Trim())).Succeeded;
        if (right && Shut(account, context.Connection.RemoteIpAddress) is null)
        {
            await users.ResetAccessFailedCountAsync(account);
            return (account, "");
        }

        await users.AccessFailedAsync(account);
        return (null, "code");
    }

    public async Task<(Account? Account, bool Attested, string? Credential, string Refusal)> PasskeyAsync(string credential, IPAddress? from)
    {
        if (credential.Length is 0 or > 32_768)
        {
            return (null, false, null, "passkey");
        }

        try
        {
            var result = await manager.PerformPasskeyAssertionAsync(credential);
            if (!result.Succeeded || Shut(result.User, from) is not null || await users.IsLockedOutAsync(result.User) || !await SpendAsync(credential, result.User.Id))
            {
                return (null, false, null, "passkey");
            }

            var kept = await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
            var attested = result.User.Passkeys.Any(item => item.Attested && item.Id.AsSpan().SequenceEqual(result.Passkey.CredentialId));
            return kept.Succeeded ? (result.User, attested && result.Passkey.IsUserVerified, Convert.ToHexStringLower(SHA256.HashData(result.Passkey.CredentialId)), "") : (null, false, null, "passkey");
        }
        catch (InvalidOperationException)
        {
            // No ceremony was begun in this browser.
            return (null, false, null, "passkey");
        }
    }

    /// <summary>
    /// An answer of a key opens once. The key's counter would tell a second time, but keys that are copied between devices do not count, and the challenge stands
    /// in a cookie that whoever copied the answer may have copied too.
    /// </summary>
    private async Task<bool> SpendAsync(string credential, string account)
    {
        var signed = Signed(credential);
        var now = time.GetUtcNow();
        var old = await store.Records.ListAsync(new(SpentRegister, [], "at", Limit: 20), CancellationToken.None);
        var over = (old.IsOk ? old.Value.Records : []).Where(record => JsonSerializer.Deserialize<Spent>(record.Document.Span, JsonOutput.Options)!.At < now - (2 * s_stepLasts));
        var written = await store.CommitAsync(
            new()
            {
                Actor = account,
                Reason = "passkey.spent",
                Records = [new(SpentRegister, signed, 0, JsonSerializer.SerializeToUtf8Bytes(new Spent(now), JsonOutput.Options), "{\"did\":\"spent\"}"u8.ToArray(), [new("at", now.UtcDateTime.ToString("O"))])],
            },
            CancellationToken.None);
        foreach (var record in written.IsOk ? over : [])
        {
            // Two machines may sweep the same one; that the second does not find it is no fault.
            _ = await store.CommitAsync(new() { Actor = account, Reason = "passkey.swept", Records = [new(SpentRegister, record.Id, record.Version, null, "{\"did\":\"swept\"}"u8.ToArray(), [])] }, CancellationToken.None);
        }

        return written.IsOk;
    }

    // What was signed, not the text around it, which may be written in other ways.
    private static string Signed(string credential)
    {
        using var shown = JsonDocument.Parse(credential);
        return Convert.ToHexStringLower(SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(shown.RootElement.GetProperty("response").GetProperty("clientDataJSON").GetString())));
    }

    public async Task<Account?> OutsideAsync(string subject, IPAddress? from, CancellationToken cancellationToken) =>
        await accounts.FindByOutsideAsync(subject, cancellationToken) is { } account && Shut(account, from) is null && !await users.IsLockedOutAsync(account) ? account : null;

    private string? Shut(Account account, IPAddress? from) =>
        !account.IsOpen(time.GetUtcNow()) ? "shut"
        : account.Sample && from is not null && !IPAddress.IsLoopback(from) ? "sample"
        : null;

    private async Task<Account?> StepAsync(string? cookie)
    {
        try
        {
            return cookie is not null && _protector.Unprotect(cookie).Split(' ') is [var id, var stamp]
                && await users.FindByIdAsync(id) is { } account && AccountSecrets.Same(account.SecurityStamp, stamp) ? account : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // As much writing as for a wrong password of an account that exists; two that meet on one decoy do not matter.
    private async Task DecoyAsync(string name, CancellationToken cancellationToken)
    {
        var id = "d" + SHA256.HashData(Encoding.UTF8.GetBytes(name))[0].ToString("x2", System.Globalization.CultureInfo.InvariantCulture);
        var known = await store.Records.GetAsync(DecoyRegister, id, cancellationToken);
        _ = await store.CommitAsync(
            new()
            {
                Actor = "nobody",
                Reason = "account.changed",
                Records = [new(DecoyRegister, id, known?.Version ?? 0, JsonSerializer.SerializeToUtf8Bytes(new { filler = new string('0', 400) }, JsonOutput.Options), "{\"did\":\"nothing\"}"u8.ToArray(), [new("name", id)])],
            },
            cancellationToken);
    }

    private sealed record Spent(DateTimeOffset At);

    private CookieOptions Options() => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = settings.IsSecure, Path = "/sign-in", MaxAge = s_stepLasts, IsEssential = true,
    };
}
