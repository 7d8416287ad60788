using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Output;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>
/// Accounts on the record port. A second register holds the names, so that the store itself keeps them unique.
/// </summary>
public sealed partial class AccountStore(IStore store, AccountSecrets secrets, TimeProvider? time = null) :
    IUserPasswordStore<Account>, IUserSecurityStampStore<Account>, IUserLockoutStore<Account>
{
    /// <summary>Who changes accounts in this scope: an account id, or "cli"; null when accounts change themselves (sign-in, own password).</summary>
    public string? ActingAs { get; set; }

    internal ActLeaves Leaves => secrets.Leaves;

    public async Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) =>
        await WriteAsync(user, "account.created", [NameWrite(user, expected: 0)], cancellationToken);

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) =>
        await WriteAsync(user, "account.changed", [], cancellationToken);

    public async Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken)
    {
        var name = await store.Records.GetAsync(Account.NameRegister, user.NormalizedName, cancellationToken);
        var removed = await CommitAsync(
            new()
            {
                Actor = ActingAs ?? user.Id,
                Reason = "account.removed",
                Records =
                [
                    new(Account.Register, user.Id, user.Version, null, "{\"did\":\"removed\"}"u8.ToArray(), []),
                    .. name is null ? Array.Empty<RecordWrite>() : [new(Account.NameRegister, name.Id, name.Version, null, "{\"did\":\"removed\"}"u8.ToArray(), [])],
                ],
            },
            user.Id, cancellationToken);
        return removed.IsOk ? IdentityResult.Success : Failed(removed.Error);
    }

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Account.Register, userId, cancellationToken) is { } found ? Read(found) : null;

    public async Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        if (normalizedUserName.Length is 0 or > 256
            || await store.Records.GetAsync(Account.NameRegister, normalizedUserName, cancellationToken) is not { } name)
        {
            return null;
        }

        var id = JsonSerializer.Deserialize<NameDocument>(name.Document.Span, JsonOutput.Options)!.Account;
        return await FindByIdAsync(id, cancellationToken);
    }

    /// <summary>The account whose owner signs in as this subject at the outside provider.</summary>
    public async Task<Account?> FindByOutsideAsync(string subject, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Account.Register, [new("outside", subject)], Limit: 2), cancellationToken);

        // Two accounts of one subject are a fault of set-up; then nobody is let in rather than anybody.
        return page is { IsOk: true, Value.Records: [var only] } ? Read(only) : null;
    }

    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<Account>();
        string? after = null;
        do
        {
            var page = await store.Records.ListAsync(new(Account.Register, [], "name", Limit: 1_000, After: after), cancellationToken);
            if (!page.IsOk)
            {
                throw new StoreException(page.Error);
            }

            all.AddRange(page.Value.Records.Select(Read));
            after = page.Value.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>Units in which somebody works whose account is open.</summary>
    public async Task<IReadOnlyList<string>> UnitsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Where(account => !account.Locked).SelectMany(account => account.Units).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken)
    {
        user.Name = userName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.NormalizedName = normalizedName ?? "";
        return Task.CompletedTask;
    }

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Locked ? DateTimeOffset.MaxValue : user.LockoutEnd);

    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockoutEnd = lockoutEnd;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        user.AccessFailedCount = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken)
    {
        user.LockoutEnabled = enabled;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // The store belongs to the platform.
    }

    private async Task<IdentityResult> WriteAsync(Account user, string reason, IReadOnlyList<RecordWrite> more, CancellationToken cancellationToken)
    {
        var write = new RecordWrite(Account.Register, user.Id, user.Version, JsonSerializer.SerializeToUtf8Bytes(user, JsonOutput.Options),
            JsonSerializer.SerializeToUtf8Bytes(new { did = reason, user.Role, user.Units, user.RoleEnds, user.Locked, user.LeftAt }, JsonOutput.Options),
            [new("name", user.NormalizedName), new("role", user.Role), .. user.OutsideSubject is { } subject ? new RecordHead[] { new("outside", subject) } : []]);
        var change = AccountAccess.Change(user.Before, user.Access);
        var writes = new WriteSet { Actor = ActingAs ?? user.Id, Reason = change ?? reason, Records = [write, .. more] };
        var written = await CommitAsync(writes, change is null ? null : user.Id, cancellationToken);
        if (!written.IsOk)
        {
            return Failed(written.Error);
        }

        user.Version++;
        user.Before = user.Access;
        return IdentityResult.Success;
    }

    /// <summary>With the leaf of the change, in the same commit, when what an account may do changes.</summary>
    internal async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, string? concerned, CancellationToken cancellationToken)
    {
        if (concerned is null)
        {
            return await store.CommitAsync(writes, cancellationToken);
        }

        var entered = await Leaves.AddAsync(writes, [], (time ?? TimeProvider.System).GetUtcNow(), cancellationToken, [concerned]);
        return entered.IsOk ? await store.CommitAsync(entered.Value, cancellationToken) : entered.Error;
    }

    private static RecordWrite NameWrite(Account user, long expected) => new(Account.NameRegister, user.NormalizedName, expected,
        JsonSerializer.SerializeToUtf8Bytes(new NameDocument(user.Id), JsonOutput.Options), "{\"did\":\"named\"}"u8.ToArray(), []);

    private static IdentityResult Failed(Error error) =>
        IdentityResult.Failed(new IdentityError { Code = error.Code == "store.conflict" ? "ConcurrencyFailure" : error.Code, Description = error.Message.In("en") });

    private static Account Read(StoredRecord record)
    {
        var account = JsonSerializer.Deserialize<Account>(record.Document.Span, JsonOutput.Options)!;
        account.Version = record.Version;
        account.Before = account.Access;
        return account;
    }

    private sealed record NameDocument(string Account);
}
