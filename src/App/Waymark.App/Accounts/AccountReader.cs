using Waymark.Pages;

namespace Waymark.App.Accounts;

/// <summary>What the account pages show; it reads for the account that signed in, and the whole list for administrators only.</summary>
public sealed class AccountReader(
    IHttpContextAccessor http, MyAccount mine, Sessions sessions, ApiKeys keys, AccountStore store, OutsideLogin outside, TimeProvider time) : IAccountReader
{
    public string? OutsideName => outside.Name;

    public IReadOnlyList<string> KeyPurposes => ApiKey.KnownPurposes;

    public async Task<OwnAccount?> OwnAsync(CancellationToken cancellationToken)
    {
        var user = http.HttpContext?.User;
        if (user is null || await mine.OfAsync(user) is not { } account)
        {
            return null;
        }

        var here = (await sessions.FindAsync(user, cancellationToken))?.Id;
        return new(
            account.Name, account.Role, account.Units, account.RoleEnds, account.TwoFactor, account.RecoveryCodes.Count,
            [.. account.Passkeys.Select(item => new PasskeyLine(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(item.Id)), item.Name, item.CreatedAt, item.Attested))],
            [.. (await sessions.ListAsync(account.Id, cancellationToken)).Select(known =>
                new SessionLine(known.Id, known.Session.Device, known.Session.Method.ToString(), known.Session.StartedAt, known.Session.SeenAt, known.Id == here))],
            [.. (await keys.ListAsync(account.Id, cancellationToken)).Select(known => new KeyLine(known.Id, known.Key.Label, known.Key.Purposes, known.Key.Ends, known.Key.LastUse))]);
    }

    public async Task<(string Key, string? Drawing)?> AuthenticatorAsync(string label, CancellationToken cancellationToken)
    {
        if (http.HttpContext?.User is not { } user || await mine.OfAsync(user) is not { } account)
        {
            return null;
        }

        var made = await mine.AuthenticatorAsync(account);
        return made.IsOk ? (string.Join(' ', made.Value.Key.Chunk(4).Select(part => new string(part))), QrCode.Of(made.Value.Address)?.ToSvg(label)) : null;
    }

    public async Task<(string Kind, IReadOnlyList<string> Lines)?> OnceAsync(CancellationToken cancellationToken) =>
        http.HttpContext?.User is { } user && await mine.OfAsync(user) is { } account && await mine.ToShowAsync(account, cancellationToken) is { } shown
            ? (shown.Kind, shown.Lines) : null;

    public async Task<IReadOnlyList<AccessLine>> ReviewAsync(CancellationToken cancellationToken)
    {
        if (http.HttpContext?.User.IsInRole(Roles.Administrator) != true)
        {
            return [];
        }

        var all = await keys.ListAsync(null, cancellationToken);
        var now = time.GetUtcNow();
        return
        [
            .. (await store.ListAsync(cancellationToken)).Select(account => new AccessLine(
                account.Name, account.Role, account.Units, account.CreatedAt, account.RoleEnds, account.LastSignIn,
                account.LeftAt is not null ? "left" : account.Locked ? "locked" : account.RoleEnds is { } end && end <= now ? "over" : account.PasswordHash is null && account.OutsideSubject is null ? "invited" : "active",
                account.TwoFactor, account.Passkeys.Count, account.Passkeys.Any(item => item.Attested), account.OutsideSubject is not null,
                all.Count(known => known.Key.Account == account.Id && known.Key.Ends > now))),
        ];
    }
}
