using System.Security.Cryptography;
using System.Text.Json;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Accounts;

public enum LinkPurpose
{
    /// <summary>Makes the first administrator; accepted from this machine only.</summary>
    FirstAdministrator,

    /// <summary>Sets the password of an account that exists.</summary>
    Password,
}

/// <summary>What a link is for; stored under the hash of its token, never under the token.</summary>
public sealed record OneTimeLink(LinkPurpose Purpose, string? Account, DateTimeOffset Expires);

/// <summary>
/// Links that work once: 256 random bits, kept only as a SHA-256 hash, found by that hash (so no comparison of secrets takes
/// place in time that depends on them), and used up by compare-and-set before their effect.
/// </summary>
public sealed class OneTimeLinks(IStore store, TimeProvider time)
{
    public const string Register = "app.one-time-link";
    public static readonly TimeSpan FirstAdministratorLasts = TimeSpan.FromHours(1);
    public static readonly TimeSpan PasswordLasts = TimeSpan.FromHours(24);

    public async Task<Result<string>> MakeAsync(LinkPurpose purpose, string? account, string actor, CancellationToken cancellationToken)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var link = new OneTimeLink(purpose, account, time.GetUtcNow() + (purpose == LinkPurpose.FirstAdministrator ? FirstAdministratorLasts : PasswordLasts));
        var written = await store.CommitAsync(
            new()
            {
                Actor = actor,
                Reason = "link.made",
                Records = [new(Register, Hash(token), 0, JsonSerializer.SerializeToUtf8Bytes(link, JsonOutput.Options), "{\"did\":\"made\"}"u8.ToArray(), [])],
            },
            cancellationToken);
        return written.Select(_ => token);
    }

    /// <summary>The link, when it exists, is for this purpose's door and has not expired. One answer for all other cases.</summary>
    public async Task<Result<(OneTimeLink Link, long Version)>> FindAsync(string token, CancellationToken cancellationToken)
    {
        var record = token.Length is > 20 and < 100 ? await store.Records.GetAsync(Register, Hash(token), cancellationToken) : null;
        var link = record is null ? null : JsonSerializer.Deserialize<OneTimeLink>(record.Document.Span, JsonOutput.Options);
        return link is null || link.Expires <= time.GetUtcNow()
            ? Gone()
            : (link, record!.Version);
    }

    /// <summary>Uses the link up. Of two that try, one succeeds.</summary>
    public async Task<Result<OneTimeLink>> UseAsync(string token, CancellationToken cancellationToken)
    {
        var found = await FindAsync(token, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var used = await store.CommitAsync(
            new()
            {
                Actor = "link",
                Reason = "link.used",
                Records = [new(Register, Hash(token), found.Value.Version, null, "{\"did\":\"used\"}"u8.ToArray(), [])],
            },
            cancellationToken);
        return used.IsOk ? found.Value.Link : Gone();
    }

    private static Error Gone() => Error.NotFound("link.gone", "This link is not valid any more.", "此链接已失效。")
        .WithHint("Links work once and for a limited time; ask for a new one.", "链接只能使用一次且有时限；请重新索取。");

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
