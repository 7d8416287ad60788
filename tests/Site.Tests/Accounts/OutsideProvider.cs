using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Waymark.Site.Tests.Accounts;

/// <summary>A small login provider on a free port of this machine: discovery, keys, code flow with PKCE. Its faults can be switched on one by one.</summary>
internal sealed class OutsideProvider : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2_048);
    private readonly RSA _stranger = RSA.Create(2_048);
    private readonly Dictionary<string, (string Nonce, string Challenge)> _codes = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private OutsideProvider(WebApplication app) => _app = app;

    public string Issuer { get; private set; } = "";

    public string Subject { get; set; } = "subject-1";

    /// <summary>"", "alg-none", "other-key", "issuer", "audience", "nonce", "old".</summary>
    public string Fault { get; set; } = "";

    public static async Task<OutsideProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new OutsideProvider(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.Issuer, authorization_endpoint = provider.Issuer + "/authorize", token_endpoint = provider.Issuer + "/token", jwks_uri = provider.Issuer + "/keys",
        }));
        app.MapGet("/keys", () =>
        {
            var parts = provider._key.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "k1", alg = "RS256", n = Base64Url.EncodeToString(parts.Modulus), e = Base64Url.EncodeToString(parts.Exponent) } } });
        });
        app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return provider._codes.Remove(form["code"].ToString(), out var step)
                && step.Challenge == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
                ? Results.Json(new { token_type = "Bearer", access_token = "unused", id_token = provider.Token(step.Nonce) })
                : Results.BadRequest();
        });
        await app.StartAsync();
        provider.Issuer = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return provider;
    }

    /// <summary>What the browser brings back after the person signed in at the provider.</summary>
    public string SignedIn(Uri authorize)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(authorize.Query);
        query["code_challenge_method"].ToString().ShouldBe("S256");
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (query["nonce"].ToString(), query["code_challenge"].ToString());
        return $"/sign-in/outside/return?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _stranger.Dispose();
    }

    private string Token(string nonce)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - (Fault == "old" ? 7_200 : 0);
        var header = Part(new { alg = Fault == "alg-none" ? "none" : "RS256", kid = "k1", typ = "JWT" });
        var claims = Part(new
        {
            iss = Fault == "issuer" ? "https://else.example" : Issuer, aud = Fault == "audience" ? "other" : "waymark", sub = Subject,
            nonce = Fault == "nonce" ? "another" : nonce, iat = now, exp = now + 300,
        });
        var signature = Fault == "alg-none" ? ""
            : Base64Url.EncodeToString((Fault == "other-key" ? _stranger : _key).SignData(Encoding.ASCII.GetBytes(header + "." + claims), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return header + "." + claims + "." + signature;
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
