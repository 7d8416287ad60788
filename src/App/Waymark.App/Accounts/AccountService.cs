using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Waymark.Model;

namespace Waymark.App.Accounts;

/// <summary>What happens to accounts, the same for the web and the command line.</summary>
public sealed class AccountService(
    UserManager<Account> users, AccountStore store, OneTimeLinks links, Sessions sessions, ApiKeys keys, TimeProvider time)
{
    /// <summary>Roles end after this time unless renewed at an access review (M55); an operator may set less.</summary>
    public static readonly TimeSpan LongestRole = TimeSpan.FromDays(90);

    private const int LongestName = 80;

    public async Task<bool> HasAdministratorAsync(CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).Any(account => account is { Role: Roles.Administrator, PasswordHash: not null, Locked: false, LeftAt: null });

    public Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>Makes an account without password and answers the one-time link by which its owner sets one.</summary>
    public Task<Result<string>> InviteAsync(string name, string role, bool sample, string actor, CancellationToken cancellationToken) =>
        InviteAsync(name, role, [], null, sample, actor, cancellationToken);

    /// <summary>The same with units and, where an outside login provider is used, the subject that may sign in as this account.</summary>
    public async Task<Result<string>> InviteAsync(
        string name, string role, IReadOnlyList<string> units, string? outside, bool sample, string actor, CancellationToken cancellationToken)
    {
        var account = New(name, role, sample, units, outside);
        if (!account.IsOk)
        {
            return account.Error;
        }

        store.ActingAs = actor;
        var made = await users.CreateAsync(account.Value);
        return made.Succeeded ? await links.MakeAsync(LinkPurpose.Password, account.Value.Id, actor, cancellationToken) : Translate(made, name);
    }

    /// <summary>Ends all sessions, clears the lock and answers a link for a new password.</summary>
    public async Task<Result<string>> ResetAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(name) is not { } account)
        {
            return Unknown(name);
        }

        if (account.LeftAt is not null)
        {
            return Gone(name);
        }

        store.ActingAs = actor;
        (account.Locked, account.LockoutEnd, account.AccessFailedCount) = (false, null, 0);
        var ended = await users.UpdateSecurityStampAsync(account);
        return ended.Succeeded ? await links.MakeAsync(LinkPurpose.Password, account.Id, actor, cancellationToken) : Translate(ended, name);
    }

    /// <summary>Shuts the account and ends its sessions.</summary>
    public async Task<Result<bool>> LockAsync(string name, string actor = "cli")
    {
        if (await users.FindByNameAsync(name) is not { } account)
        {
            return Unknown(name);
        }

        store.ActingAs = actor;
        account.Locked = true;
        var ended = await users.UpdateSecurityStampAsync(account);
        return ended.Succeeded ? true : Translate(ended, name);
    }

    /// <summary>
    /// The person left: sessions, keys, passkeys and second steps end now, and the account never opens again. The name
    /// stays, so that the log can say who acted.
    /// </summary>
    public async Task<Result<bool>> LeaveAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(name) is not { } account)
        {
            return Unknown(name);
        }

        store.ActingAs = actor;
        (account.Locked, account.LeftAt, account.RoleEnds) = (true, account.LeftAt ?? time.GetUtcNow(), time.GetUtcNow());
        (account.PasswordHash, account.AuthenticatorKey, account.RecoveryCodes, account.ToShow, account.OutsideSubject) = (null, null, [], null, null);
        foreach (var passkey in account.Passkeys)
        {
            await store.RemovePasskeyAsync(account, passkey.Id, cancellationToken);
        }

        var ended = await users.UpdateSecurityStampAsync(account);
        if (!ended.Succeeded)
        {
            return Translate(ended, name);
        }

        await sessions.EndAllAsync(account.Id, null, cancellationToken);
        foreach (var key in await keys.ListAsync(account.Id, cancellationToken))
        {
            await keys.EndAsync(account.Id, key.Id, actor, cancellationToken);
        }

        return true;
    }

    /// <summary>Lets the role run for another term. Nobody renews the own role; <paramref name="actor"/> is an account id or "cli".</summary>
    public async Task<Result<DateTimeOffset>> RenewAsync(string name, TimeSpan term, string actor)
    {
        if (await users.FindByNameAsync(name) is not { } account)
        {
            return Unknown(name);
        }

        if (account.LeftAt is not null)
        {
            return Gone(name);
        }

        if (account.Id == actor)
        {
            return Error.Refused("account.own-role", "Nobody renews the own role; ask another administrator.", "不得自行续期；请由另一位管理员办理。", name);
        }

        store.ActingAs = actor;
        account.EndNoted = false;
        account.RoleEnds = time.GetUtcNow() + (term < LongestRole ? term : LongestRole);
        var done = await users.UpdateAsync(account);
        return done.Succeeded ? account.RoleEnds.Value : Translate(done, name);
    }

    /// <summary>Enters into the ledger which roles ended by their time since the last look; answers how many. They were shut at that time already.</summary>
    public async Task<int> NoteEndedAsync(CancellationToken cancellationToken)
    {
        var noted = 0;
        store.ActingAs = "waymark";
        foreach (var account in (await store.ListAsync(cancellationToken)).Where(account => !account.EndNoted && account.LeftAt is null && account.RoleEnds <= time.GetUtcNow()))
        {
            account.EndNoted = true;
            noted += (await store.UpdateAsync(account, cancellationToken)).Succeeded ? 1 : 0;
        }

        return noted;
    }

    /// <summary>Uses a link: makes the first administrator, or sets the password of the account the link is for.</summary>
    public async Task<Result<Account>> WelcomeAsync(string token, string? name, string password, IPAddress? from, CancellationToken cancellationToken)
    {
        var found = await links.FindAsync(token, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var link = found.Value.Link;
        if (await MayUseAsync(link, from, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // Everything that can be wrong is found before the link is used up.
        var target = link.Purpose == LinkPurpose.FirstAdministrator
            ? New(name ?? "", Roles.Administrator, sample: false)
            : await users.FindByIdAsync(link.Account!) is { LeftAt: null } existing ? existing : Error.NotFound("link.gone", "This link is not valid any more.", "此链接已失效。");
        if (!target.IsOk)
        {
            return target.Error;
        }

        if (link.Purpose == LinkPurpose.Password && Account.Normalize((name ?? "").Trim()) != target.Value.NormalizedName)
        {
            return Error.Invalid("account.name", "The link is for an account of another name.", "此链接属于另一名称的账户。", "name");
        }

        foreach (var rule in users.PasswordValidators)
        {
            var checkedPassword = await rule.ValidateAsync(users, target.Value, password);
            if (!checkedPassword.Succeeded)
            {
                return Translate(checkedPassword, target.Value.Name);
            }
        }

        var used = await links.UseAsync(token, cancellationToken);
        if (!used.IsOk)
        {
            return used.Error;
        }

        var account = target.Value;
        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        var done = link.Purpose == LinkPurpose.FirstAdministrator ? await users.CreateAsync(account) : await users.UpdateSecurityStampAsync(account);
        return done.Succeeded ? account : Translate(done, account.Name);
    }

    /// <summary>Whether the link may be used from this address now; null when it may.</summary>
    public async Task<Error?> MayUseAsync(OneTimeLink link, IPAddress? from, CancellationToken cancellationToken)
    {
        if (link.Purpose != LinkPurpose.FirstAdministrator)
        {
            return null;
        }

        if (from is null || !IPAddress.IsLoopback(from))
        {
            return Error.Refused("link.loopback-only", "This link works only on the machine the server runs on.", "此链接只能在服务器所在的机器上使用。");
        }

        return await HasAdministratorAsync(cancellationToken)
            ? Error.Conflict("account.administrator-exists", "There is an administrator already.", "已有管理员。") : null;
    }

    private Result<Account> New(string name, string role, bool sample, IReadOnlyList<string>? units = null, string? outside = null)
    {
        if (units is { } all && (all.Count > 50 || all.Any(unit => unit.Length is 0 or > 64 || !unit.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '/'))))
        {
            return Error.Invalid("account.unit", "A unit is 1 to 64 of a-z 0-9 - /, for example protection/north.", "单位名称为 1 到 64 个 a-z 0-9 - / 字符，例如 protection/north。", "unit");
        }


        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > LongestName || trimmed.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format))
        {
            return Error.Invalid("account.name", $"A name has 1 to {LongestName} visible characters.", $"名称须为 1 到 {LongestName} 个可见字符。", "name");
        }

        return Roles.All.Contains(role)
            ? new Account { Id = Account.NewId(), Name = trimmed, Role = role, Sample = sample, CreatedAt = time.GetUtcNow(), RoleEnds = time.GetUtcNow() + LongestRole, Units = units ?? [], OutsideSubject = outside }
            : Error.Invalid("account.role", $"A role is one of {string.Join(", ", Roles.All)}.", $"角色须为 {string.Join("、", Roles.All)} 之一。", "role");
    }

    private static Error Gone(string name) => Error.Refused("account.left", "This person left; make a new account.", "此人已离任，请新建账户。", name);

    private static Error Unknown(string name) => Error.NotFound("account.unknown", "There is no such account.", "没有此账户。", name);

    private static Error Translate(IdentityResult result, string name) => result.Errors.FirstOrDefault()?.Code switch
    {
        "DuplicateUserName" => Error.Conflict("account.exists", "An account of this name exists.", "已有同名账户。", name),
        "ConcurrencyFailure" => Error.Conflict("account.changed", "The account changed meanwhile.", "账户已被他人更改。", name),
        "PasswordTooShort" or "PasswordRequiresUniqueChars" => Error.Invalid("account.password",
            "A password has at least 12 characters, 5 of them different.", "密码至少 12 个字符，其中至少 5 个不同。", "password"),
        "InvalidUserName" => Error.Invalid("account.name", "This name cannot be used.", "此名称不可用。", "name"),
        var code => Error.Unavailable("account.failed", $"The account could not be written ({code}).", $"账户未能写入（{code}）。"),
    };
}
