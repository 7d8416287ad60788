using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Waymark.App.Output;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Accounts;

/// <summary>How somebody proved who they are. <see cref="HardwareKey"/> is a passkey whose maker is trusted by the operator.</summary>
public enum SignInMethod { Password, PasswordAndCode, Passkey, HardwareKey, Outside }

/// <summary>
/// One sign-in, as stored in the register <c>app.session</c> under the hash of its number. <paramref name="Device"/> is a
/// coarse word ("Firefox, Linux"), never an address. <paramref name="Purposes"/>: for which purpose each case was opened.
/// <paramref name="Purpose"/> and <paramref name="Unit"/>: what the person works for and in at present, asked once and kept here, never in an address.
/// </summary>
public sealed record Session(
    string Account,
    SignInMethod Method,
    string Device,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt,
    IReadOnlyDictionary<string, string> Purposes,
    string? Purpose = null,
    string? Unit = null)
{
    public const string Register = "app.session";
    public const string NumberClaim = "waymark:session";
    public const string MethodClaim = "waymark:method";

    /// <summary>Names the passkey of this sign-in by its hash, so that two persons never count as two with one key (M52).</summary>
    public const string CredentialClaim = "waymark:credential";

    /// <summary>A local credential of that person, vouched for by its maker: what gates, exports, derogations and transfers ask for (M56).</summary>
    public bool IsHardware => Method == SignInMethod.HardwareKey;
}

/// <summary>A session with its record id and version.</summary>
public sealed record KnownSession(string Id, long Version, Session Session);

/// <summary>
/// Sessions on the record port: begun at sign-in, looked at on every request, listed and ended one by one. A session that
/// is gone from the register is over at once, on every machine. On an invented sample, which is served on this machine only, a
/// local password stands for a trusted security key: there is nobody to protect, and every door can be tried.
/// </summary>
public sealed class Sessions(IStore store, IKeyStore keys, TimeProvider time, bool isSample = false)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(8);
    private static readonly TimeSpan s_seenEvery = TimeSpan.FromMinutes(10);
    private readonly ActLeaves _leaves = new(keys);

    /// <summary>Begins a session and signs the browser in.</summary>
    public async Task<Result<bool>> BeginAsync(HttpContext http, SignInManager<Account> manager, Account account, SignInMethod method, string? credential, CancellationToken cancellationToken)
    {
        var number = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var standsForKey = isSample && method is (SignInMethod.Password or SignInMethod.PasswordAndCode);
        credential ??= standsForKey ? "sample-" + account.Id : null;
        var session = new Session(account.Id, method, Device(http.Request.Headers.UserAgent.ToString()), now, now, new Dictionary<string, string>(StringComparer.Ordinal));
        var written = await store.CommitAsync(
            new() { Actor = account.Id, Reason = "session.begun", Records = [Write(Hash(number), 0, session, "begun")] }, cancellationToken);
        if (!written.IsOk)
        {
            return written.Error;
        }

        account.LastSignIn = now;
        _ = await manager.UserManager.UpdateAsync(account);
        await manager.SignInWithClaimsAsync(
            account, isPersistent: false,
            [new(Session.NumberClaim, number), new(Session.MethodClaim, (standsForKey ? SignInMethod.HardwareKey : method).ToString()), .. credential is null ? [] : new Claim[] { new(Session.CredentialClaim, credential) }]);
        return true;
    }

    /// <summary>The session of this principal, or null when it was ended, expired, or never was.</summary>
    public async Task<KnownSession?> FindAsync(ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        if (user?.FindFirstValue(Session.NumberClaim) is not { Length: 64 } number)
        {
            return null;
        }

        var known = await GetAsync(Hash(number), cancellationToken);
        return known is not null && known.Session.SeenAt + Lasts > time.GetUtcNow()
            && known.Session.Account == user.FindFirstValue(ClaimTypes.NameIdentifier) ? known : null;
    }

    /// <summary>Notes that the session is in use, at most once in ten minutes: often enough for a list, too seldom for a trail.</summary>
    public async Task TouchAsync(KnownSession known, CancellationToken cancellationToken)
    {
        if (store.Info.ReadOnlyReason is null && time.GetUtcNow() - known.Session.SeenAt > s_seenEvery)
        {
            // Of two requests at once one notes it; that the other does not is no fault.
            _ = await store.CommitAsync(
                new() { Actor = known.Session.Account, Reason = "session.seen", Records = [Write(known.Id, known.Version, known.Session with { SeenAt = time.GetUtcNow() }, "seen")] },
                cancellationToken);
        }
    }

    /// <summary>Sessions of the account that have not ended, newest first.</summary>
    public async Task<IReadOnlyList<KnownSession>> ListAsync(string account, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Session.Register, [new("account", account)], "started", Descending: true, Limit: 200), cancellationToken);
        return page.IsOk
            ? [.. page.Value.Records.Select(Read).Where(known => known.Session.SeenAt + Lasts > time.GetUtcNow())]
            : throw new StoreException(page.Error);
    }

    /// <summary>Ends one session of the account; answers false when the account has no such session.</summary>
    public async Task<bool> EndAsync(string account, string id, CancellationToken cancellationToken)
    {
        if (id.Length != 64 || await GetAsync(id, cancellationToken) is not { } known || known.Session.Account != account)
        {
            return false;
        }

        return (await store.CommitAsync(
            new() { Actor = account, Reason = "session.ended", Records = [new(Session.Register, id, known.Version, null, "{\"did\":\"ended\"}"u8.ToArray(), [])] },
            cancellationToken)).IsOk;
    }

    public async Task EndAllAsync(string account, string? except, CancellationToken cancellationToken)
    {
        foreach (var known in (await ListAsync(account, cancellationToken)).Where(known => known.Id != except))
        {
            await EndAsync(account, known.Id, cancellationToken);
        }
    }

    /// <summary>Keeps what the person works for from now on; files that are open keep their own purpose. It is entered into the log.</summary>
    public Task<Result<string>> ChoosePurposeAsync(KnownSession known, string purpose, string? unit, CancellationToken cancellationToken) =>
        KeepAsync(known, known.Session with { Purpose = purpose, Unit = unit }, "purpose.chosen", purpose, cancellationToken);

    /// <summary>
    /// Keeps the purpose for which a case is open in this session. Once stated it stands until the session ends: another
    /// purpose for the same case is refused here and is a new decision elsewhere (M02).
    /// </summary>
    public async Task<Result<string>> StatePurposeAsync(KnownSession known, string matter, string purpose, CancellationToken cancellationToken)
    {
        if (known.Session.Purposes.TryGetValue(matter, out var stated))
        {
            return stated == purpose
                ? purpose
                : Error.Refused("purpose.stated", "This file is open for another purpose; a second purpose is a new decision.",
                    "此档案已为另一目的打开；第二个目的须另作决定。").WithHint("Sign out, or ask the data-protection officer.", "请先退出登录，或咨询数据保护官。");
        }

        if (known.Session.Purposes.Count >= 500)
        {
            return Error.TooLarge("purpose.too-many", "Too many files were opened in this session; sign in again.", "本次登录已打开过多档案，请重新登录。");
        }

        var purposes = new Dictionary<string, string>(known.Session.Purposes, StringComparer.Ordinal) { [matter] = purpose };
        return await KeepAsync(known, known.Session with { Purposes = purposes }, "purpose.stated", purpose, cancellationToken);
    }

    // With its leaf, so that the log tells when which purpose was stated, and a session that was changed behind its back is noticed.
    private async Task<Result<string>> KeepAsync(KnownSession known, Session session, string act, string purpose, CancellationToken cancellationToken)
    {
        var writes = await _leaves.AddAsync(
            new() { Actor = session.Account, Reason = act, Records = [Write(known.Id, known.Version, session, act.Replace('.', '-'))] }, [], time.GetUtcNow(), cancellationToken);
        if (!writes.IsOk)
        {
            return writes.Error;
        }

        var written = await store.CommitAsync(writes.Value, cancellationToken);
        return written.IsOk ? purpose : written.Error;
    }

    internal static string Hash(string number) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(number)));

    // Enough to recognise one's own device in a list, too little to recognise a person.
    internal static string Device(string agent)
    {
        var browser = agent.Contains("Edg/", StringComparison.Ordinal) ? "Edge" : agent.Contains("Firefox/", StringComparison.Ordinal) ? "Firefox"
            : agent.Contains("Chrom", StringComparison.Ordinal) ? "Chrome" : agent.Contains("Safari/", StringComparison.Ordinal) ? "Safari" : "";
        var system = agent.Contains("Android", StringComparison.Ordinal) ? "Android" : agent.Contains("iPhone", StringComparison.Ordinal) ? "iPhone"
            : agent.Contains("Windows", StringComparison.Ordinal) ? "Windows" : agent.Contains("Mac OS", StringComparison.Ordinal) ? "macOS"
            : agent.Contains("Linux", StringComparison.Ordinal) ? "Linux" : "";
        return string.Join(", ", new[] { browser, system }.Where(word => word.Length > 0));
    }

    private async Task<KnownSession?> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Session.Register, id, cancellationToken) is { } record ? Read(record) : null;

    private static RecordWrite Write(string id, long version, Session session, string did) => new(Session.Register, id, version,
        JsonSerializer.SerializeToUtf8Bytes(session, JsonOutput.Options), JsonSerializer.SerializeToUtf8Bytes(new { did }, JsonOutput.Options),
        [new("account", session.Account), new("started", session.StartedAt.UtcDateTime.ToString("O"))]);

    private static KnownSession Read(StoredRecord record) =>
        new(record.Id, record.Version, JsonSerializer.Deserialize<Session>(record.Document.Span, JsonOutput.Options)!);
}
