using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Waymark.App.Configuration;
using Waymark.Model;

namespace Waymark.App.Accounts;

/// <summary>
/// Login at an outside OpenID Connect provider: code flow with PKCE (RFC 7636), state and nonce kept in a short-lived
/// protected cookie of this browser. It only ever says which subject signed in; which account that is, an administrator
/// said before. Gates, exports, derogations and transfers ask for a local credential on top (M56).
/// </summary>
public sealed class OutsideLogin(Settings settings, HttpClient http, IDataProtectionProvider protection, TimeProvider time)
{
    public const string ReturnPath = "/sign-in/outside/return";
    private const string Cookie = "waymark-outside";
    private static readonly string[] s_endpoints = ["authorization_endpoint", "token_endpoint", "jwks_uri"];
    private static readonly TimeSpan s_lasts = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("outside-login").ToTimeLimitedDataProtector();

    /// <summary>The provider's name for the button, or null when none is set.</summary>
    public string? Name => settings.Accounts.OutsideIssuer is null ? null : settings.Accounts.OutsideName ?? settings.Accounts.OutsideIssuer.Host;

    /// <summary>Where to send the browser.</summary>
    public async Task<Result<Uri>> BeginAsync(HttpContext context, string back, CancellationToken cancellationToken)
    {
        if (settings.Accounts is not { OutsideIssuer: { } issuer, OutsideClient: { } client })
        {
            return Error.NotFound("outside.none", "No outside login is set up.", "未配置外部登录。");
        }

        var provider = await DiscoverAsync(issuer, cancellationToken);
        if (!provider.IsOk)
        {
            return provider.Error;
        }

        var step = new Step(Random(), Random(), Random(), back);
        context.Response.Cookies.Append(Cookie, _protector.Protect(JsonSerializer.Serialize(step), time.GetUtcNow() + s_lasts), Options());
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(step.Verifier)));
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = client, ["redirect_uri"] = ReturnAddress(context), ["scope"] = "openid",
            ["state"] = step.State, ["nonce"] = step.Nonce, ["code_challenge"] = challenge, ["code_challenge_method"] = "S256",
        });
        return new Uri(provider.Value.Authorize + query);
    }

    /// <summary>The subject that signed in, and where the person wanted to go.</summary>
    public async Task<Result<(string Subject, string Back)>> FinishAsync(HttpContext context, string? code, string? state, CancellationToken cancellationToken)
    {
        var step = Read(context.Request.Cookies[Cookie]);
        context.Response.Cookies.Delete(Cookie, Options());
        if (step is null || code is not { Length: > 0 and <= 2_048 } || state is null || !AccountSecrets.Same(state, step.State)
            || settings.Accounts is not { OutsideIssuer: { } issuer, OutsideClient: { } client })
        {
            return Error.Refused("outside.step", "This sign-in was not begun here, or took too long.", "此登录并非由此处发起，或已超时。");
        }

        var provider = await DiscoverAsync(issuer, cancellationToken);
        if (!provider.IsOk)
        {
            return provider.Error;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, provider.Value.Token)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = ReturnAddress(context), ["client_id"] = client, ["code_verifier"] = step.Verifier,
                }),
            };
            if (settings.Accounts.OutsideSecret is { } secret)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(client) + ":" + Uri.EscapeDataString(secret))));
            }

            var answer = await JsonAsync(request, cancellationToken);
            var keys = await JsonAsync(new(HttpMethod.Get, provider.Value.Keys), cancellationToken);
            if (answer is not { } tokens || keys is not { } set || IdTokens.Text(tokens, "id_token") is not { } token)
            {
                return Silent();
            }

            var subject = IdTokens.Check(token, set, provider.Value.Issuer, client, step.Nonce, time.GetUtcNow());
            return subject.IsOk ? (subject.Value, step.Back) : subject.Error;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Silent();
        }
    }

    private async Task<Result<Provider>> DiscoverAsync(Uri issuer, CancellationToken cancellationToken)
    {
        try
        {
            var address = issuer.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration";
            if (await JsonAsync(new(HttpMethod.Get, address), cancellationToken) is not { } document || IdTokens.Text(document, "issuer") is not { } said
                || said.TrimEnd('/') != issuer.AbsoluteUri.TrimEnd('/'))
            {
                return Silent();
            }

            var parts = s_endpoints.Select(name => IdTokens.Text(document, name)).ToList();
            return parts.All(part => part is not null && Uri.TryCreate(part, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback))
                ? new Provider(said, parts[0]!, parts[1]!, parts[2]!)
                : Silent();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Silent();
        }
    }

    private async Task<JsonElement?> JsonAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        try
        {
            return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) is { ValueKind: JsonValueKind.Object } found ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Step? Read(string? cookie)
    {
        try
        {
            return cookie is null ? null : JsonSerializer.Deserialize<Step>(_protector.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private string ReturnAddress(HttpContext context) =>
        (settings.PublicAddress?.GetLeftPart(UriPartial.Authority) ?? $"{context.Request.Scheme}://{context.Request.Host}") + ReturnPath;

    // Lax: the provider sends the browser back from its own site.
    private CookieOptions Options() => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = settings.IsSecure, Path = "/sign-in/outside", MaxAge = s_lasts, IsEssential = true,
    };

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static Error Silent() => Error.Unavailable("outside.silent", "The login provider did not answer as expected.", "登录提供方未按预期应答。");

    private sealed record Provider(string Issuer, string Authorize, string Token, string Keys);

    private sealed record Step(string State, string Nonce, string Verifier, string Back);
}
