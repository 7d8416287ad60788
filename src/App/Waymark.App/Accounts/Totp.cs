using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Waymark.App.Accounts;

/// <summary>Time-based one-time codes, RFC 6238 over RFC 4226: HMAC-SHA-1, steps of 30 seconds, six digits.</summary>
public static class Totp
{
    public const int StepSeconds = 30;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A fresh key of 160 bits in base 32 (RFC 4648), as authenticator apps take it.</summary>
    public static string NewKey() => Base32(RandomNumberGenerator.GetBytes(20));

    public static long StepOf(DateTimeOffset time) => Math.DivRem(time.ToUnixTimeSeconds(), StepSeconds).Quotient;

    public static string Code(ReadOnlySpan<byte> key, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // RFC 6238 as authenticator apps speak it; HMAC-SHA-1 is not broken by collisions.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var at = hash[19] & 15;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[at..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is, one step of clock error either way, later than <paramref name="after"/>; null when none.</summary>
    public static long? Match(ReadOnlySpan<byte> key, string code, DateTimeOffset now, long after)
    {
        long? found = null;
        var here = StepOf(now);
        for (var step = here - 1; step <= here + 1; step++)
        {
            // All three are compared, so that time does not say which one it was.
            if (AccountSecrets.Same(Code(key, step), code) && step > after)
            {
                found = step;
            }
        }

        return found;
    }

    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            (buffer, bits) = ((buffer << 8) | value, bits + 8);
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        return bits == 0 ? text.ToString() : text.Append(Alphabet[(buffer << (5 - bits)) & 31]).ToString();
    }

    /// <summary>Bytes of base 32, spaces and small letters allowed; null when it is none.</summary>
    public static byte[]? FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in text.Where(letter => letter is not (' ' or '=')))
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            (buffer, bits) = ((buffer << 5) | value, bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }

    /// <summary>What an authenticator app reads from the square code.</summary>
    public static string Address(string issuer, string name, string key) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(name)}?secret={key}&issuer={Uri.EscapeDataString(issuer)}";
}

/// <summary>Identity's authenticator provider over our clock; a code that was used once is refused the second time.</summary>
public sealed class TotpProvider(TimeProvider time) : IUserTwoFactorTokenProvider<Account>
{
    public Task<string> GenerateAsync(string purpose, UserManager<Account> manager, Account user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user)
    {
        var key = await manager.GetAuthenticatorKeyAsync(user) is { } text ? Totp.FromBase32(text) : null;
        var code = token.Replace(" ", "", StringComparison.Ordinal);
        if (key is null || code.Length != 6 || Totp.Match(key, code, time.GetUtcNow(), user.AuthenticatorStep) is not { } step)
        {
            return false;
        }

        // Used up before its effect: of two that show the same code, one passes.
        user.AuthenticatorStep = step;
        return (await manager.UpdateAsync(user)).Succeeded;
    }

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Account> manager, Account user) =>
        !string.IsNullOrEmpty(await manager.GetAuthenticatorKeyAsync(user));
}
