using System.Security.Cryptography;

namespace Waymark.Protection.Domain;

internal static class Ids
{
    /// <summary>128 random bits, without any time in them (M39).</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
