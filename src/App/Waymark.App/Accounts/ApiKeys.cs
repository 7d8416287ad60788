using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>
/// A key for a program, in the register <c>app.api-key</c> under the hash of its secret. It may only do what its owner may,
/// only for its purposes, and only until it ends.
/// </summary>
public sealed record ApiKey(string Account, string Label, IReadOnlyList<string> Purposes, DateTimeOffset CreatedAt, DateTimeOffset Ends, DateTimeOffset? LastUse)
{
    public const string Register = "app.api-key";
    public const string PurposeClaim = "waymark:key-purpose";

    /// <summary>Purposes a key may carry. None of them touches a person: a key cannot search or open persons (M04).</summary>
    public static IReadOnlyList<string> KnownPurposes { get; } = [Purpose.ReadEvidence, Purpose.LoadEvidence];
}

/// <summary>The purposes of endpoints that programs may use. An endpoint that names none is closed to keys.</summary>
public static class Purpose
{
    public const string ReadEvidence = "read-evidence";
    public const string LoadEvidence = "load-evidence";
}

/// <summary>Says for which purpose a program may use this endpoint with a key.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ForPurposeAttribute(string purpose) : Attribute
{
    public string Purpose => purpose;
}

public sealed record KnownKey(string Id, long Version, ApiKey Key);

/// <summary>Keys on the record port. The secret is shown once and kept only as a hash, by which it is found.</summary>
public sealed class ApiKeys(IStore store, AccountStore accounts, TimeProvider time)
{
    public const string Prefix = "wmk_";
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public async Task<Result<string>> MakeAsync(Account owner, string label, IReadOnlyList<string> purposes, TimeSpan lasts, string actor, CancellationToken cancellationToken)
    {
        if (purposes.Count == 0 || purposes.Except(ApiKey.KnownPurposes, StringComparer.Ordinal).Any())
        {
            return Error.Invalid("key.purpose", $"A key is for one or more of: {string.Join(", ", ApiKey.KnownPurposes)}.", $"密钥须限定于以下一种或多种用途：{string.Join("、", ApiKey.KnownPurposes)}。", "purpose");
        }

        if (lasts <= TimeSpan.Zero || lasts > Longest || label.Trim().Length is 0 or > 80 || label.Any(char.IsControl))
        {
            return Error.Invalid("key.invalid", "A key has a label of 1 to 80 characters and ends within 90 days.", "密钥须有 1 到 80 字的名称，并在 90 天内到期。");
        }

        var secret = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var key = new ApiKey(owner.Id, label.Trim(), [.. purposes.Distinct(StringComparer.Ordinal)], now, now + lasts, null);
        var written = await accounts.CommitAsync(new() { Actor = actor, Reason = "key.made", Records = [Write(Sessions.Hash(secret), 0, key, "made")] }, owner.Id, cancellationToken);
        return written.IsOk ? secret : written.Error;
    }

    public async Task<IReadOnlyList<KnownKey>> ListAsync(string? account, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(ApiKey.Register, account is null ? [] : [new("account", account)], "made", Descending: true, Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(Read)] : throw new StoreException(page.Error);
    }

    /// <summary>Ends a key; answers false when there is none of this id, or it is another account's.</summary>
    public async Task<bool> EndAsync(string? account, string id, string actor, CancellationToken cancellationToken)
    {
        if (id.Length != 64 || await store.Records.GetAsync(ApiKey.Register, id, cancellationToken) is not { } record
            || Read(record).Key.Account is not { } owner || (account is not null && owner != account))
        {
            return false;
        }

        return (await accounts.CommitAsync(
            new() { Actor = actor, Reason = "key.ended", Records = [new(ApiKey.Register, id, record.Version, null, "{\"did\":\"ended\"}"u8.ToArray(), [])] }, owner, cancellationToken)).IsOk;
    }

    /// <summary>The key and its owner, when both may act now.</summary>
    public async Task<(ApiKey Key, Account Owner)?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length != 68 || !secret.StartsWith(Prefix, StringComparison.Ordinal)
            || await store.Records.GetAsync(ApiKey.Register, Sessions.Hash(secret), cancellationToken) is not { } record)
        {
            return null;
        }

        var known = Read(record);
        var now = time.GetUtcNow();
        if (known.Key.Ends <= now || await accounts.FindByIdAsync(known.Key.Account, cancellationToken) is not { } owner || !owner.IsOpen(now))
        {
            return null;
        }

        if (store.Info.ReadOnlyReason is null && (known.Key.LastUse is not { } last || now - last > TimeSpan.FromHours(1)))
        {
            _ = await store.CommitAsync(
                new() { Actor = owner.Id, Reason = "key.used", Records = [Write(known.Id, known.Version, known.Key with { LastUse = now }, "used")] }, cancellationToken);
        }

        return (known.Key, owner);
    }

    private static RecordWrite Write(string id, long version, ApiKey key, string did) => new(ApiKey.Register, id, version,
        JsonSerializer.SerializeToUtf8Bytes(key, JsonOutput.Options), JsonSerializer.SerializeToUtf8Bytes(new { did, key.Purposes }, JsonOutput.Options),
        [new("account", key.Account), new("made", key.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))]);

    private static KnownKey Read(StoredRecord record) => new(record.Id, record.Version, JsonSerializer.Deserialize<ApiKey>(record.Document.Span, JsonOutput.Options)!);
}

/// <summary>Reads a key from the header <c>Authorization: Bearer wmk_…</c>. A key never opens a door that does not name its purpose.</summary>
public sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";

    public static bool IsPresent(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await keys.FindAsync(Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim(), Context.RequestAborted) is not { } found)
        {
            return AuthenticateResult.Fail("No such key.");
        }

        var identity = new ClaimsIdentity(SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, found.Owner.Id));
        identity.AddClaim(new(ClaimTypes.Name, found.Owner.Name));
        identity.AddClaim(new(ClaimTypes.Role, found.Owner.Role));
        identity.AddClaims(found.Key.Purposes.Select(purpose => new Claim(ApiKey.PurposeClaim, purpose)));
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }
}

/// <summary>Closes every door to keys but those that name one of the key's purposes; stands beside the role, never instead of it.</summary>
public sealed class KeyPurposeGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.AuthenticationType != ApiKeyHandler.SchemeName)
        {
            return next(context);
        }

        var endpoint = context.GetEndpoint();
        var purpose = endpoint?.Metadata.GetMetadata<ForPurposeAttribute>()?.Purpose;
        return purpose is not null && context.User.HasClaim(ApiKey.PurposeClaim, purpose)
            ? next(context)
            : Hosting.Problems.WriteAsync(context, Error.Refused("key.not-for-this", "This key is not for this purpose.", "此密钥不得用于此目的。"));
    }
}
