using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.App.Accounts;

/// <summary>
/// Checks an ID token after OpenID Connect Core 1.0, section 3.1.3.7: signed by a key of the provider (RS256, PS256 or
/// ES256; never "none", never a shared secret), for us, now, and for the sign-in that was begun here.
/// </summary>
public static class IdTokens
{
    private const int Longest = 16_384;
    private static readonly TimeSpan s_leeway = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_oldest = TimeSpan.FromMinutes(10);

    /// <summary>The subject the token speaks of.</summary>
    public static Result<string> Check(string token, JsonElement keys, string issuer, string client, string nonce, DateTimeOffset now)
    {
        var parts = token.Split('.');
        if (token.Length > Longest || parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
        {
            return Wrong("form");
        }

        if (Text(header, "alg") is not ("RS256" or "PS256" or "ES256") || header.TryGetProperty("crit", out _) || !IsSigned(parts, header, keys))
        {
            return Wrong("signature");
        }

        if (Text(claims, "iss") != issuer || !IsFor(claims, client))
        {
            return Wrong("issuer or audience");
        }

        if (Time(claims, "exp") is not { } ends || ends + s_leeway <= now || Time(claims, "iat") is not { } made || made - s_leeway > now || made + s_oldest < now
            || (Time(claims, "nbf") is { } begins && begins - s_leeway > now))
        {
            return Wrong("time");
        }

        return Text(claims, "nonce") is not { } said || !AccountSecrets.Same(said, nonce) ? Wrong("nonce")
            : Text(claims, "sub") is { Length: > 0 and <= 255 } subject ? subject : Wrong("subject");
    }

    private static bool IsFor(JsonElement claims, string client)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return false;
        }

        var several = audience.ValueKind == JsonValueKind.Array;
        var named = several ? audience.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == client)
            : audience.ValueKind == JsonValueKind.String && audience.GetString() == client;
        return named && (Text(claims, "azp") is { } party ? party == client : !several || audience.GetArrayLength() == 1);
    }

    private static bool IsSigned(string[] parts, JsonElement header, JsonElement keys)
    {
        if (Bytes(parts[2]) is not { } signature || !keys.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
        var (algorithm, id) = (Text(header, "alg"), Text(header, "kid"));
        return list.EnumerateArray()
            .Where(key => key.ValueKind == JsonValueKind.Object && (Text(key, "use") ?? "sig") == "sig" && (id is null || Text(key, "kid") == id) && (Text(key, "alg") ?? algorithm) == algorithm)
            .Any(key => Verify(key, algorithm!, signed, signature));
    }

    private static bool Verify(JsonElement key, string algorithm, byte[] signed, byte[] signature)
    {
        try
        {
            switch (Text(key, "kty"), algorithm)
            {
                case ("RSA", "RS256" or "PS256"):
                    using (var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(Text(key, "n")), Exponent = Bytes(Text(key, "e")) }))
                    {
                        return rsa.KeySize >= 2_048
                            && rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
                    }

                case ("EC", "ES256") when Text(key, "crv") == "P-256":
                    using (var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Bytes(Text(key, "x")), Y = Bytes(Text(key, "y")) } }))
                    {
                        return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                    }

                default:
                    return false;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    internal static JsonElement? Json(string part)
    {
        try
        {
            return Bytes(part) is { } bytes && JsonSerializer.Deserialize<JsonElement>(bytes) is { ValueKind: JsonValueKind.Object } element ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(string? text)
    {
        try
        {
            return text is null ? null : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e11
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static Error Wrong(string what) =>
        Error.Refused("outside.token", $"The login provider's answer was not accepted ({what}).", $"未接受登录提供方的应答（{what}）。");
}
