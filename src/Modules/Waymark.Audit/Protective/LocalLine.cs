using System.Globalization;
using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Ledger;

namespace Waymark.Audit.Protective;

/// <summary>One local leaf as it stands in its file.</summary>
internal sealed record LocalLine(long Number, DateTimeOffset At, string Act, byte[] Entry, string Content, string Signature)
{
    public static LocalLine Sign(LedgerKeys keys, long number, DateTimeOffset at, string act, byte[] entry, ReadOnlySpan<byte> content, string before)
    {
        var line = new LocalLine(number, DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()), act, entry, Convert.ToBase64String(content), "");
        return line with { Signature = Convert.ToBase64String(keys.LocalLeaves.Sign(line.Signed(before), default).Bytes.Span) };
    }

    /// <summary>The line when its signature fits it and the line before; null otherwise.</summary>
    public static LocalLine? Read(LedgerKeys keys, string text, string before)
    {
        var parts = text.Split(' ');
        var entry = new byte[LedgerLeaf.Length + 2];
        var signature = new byte[66];
        if (parts.Length is not (5 or 6)
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > 253_402_300_799_999
            || !Convert.TryFromBase64String(parts[3], entry, out var length) || length != LedgerLeaf.Length
            || !Convert.TryFromBase64String(parts[^1], signature, out var signed) || signed != 64)
        {
            return null;
        }

        var line = new LocalLine(number, DateTimeOffset.FromUnixTimeMilliseconds(at), parts[2], entry[..length], parts.Length == 6 ? parts[4] : "", parts[^1]);
        return keys.Ed25519.Verify(keys.LocalLeaves.Key.PublicKey, Encoding.UTF8.GetBytes(line.Signed(before)), signature.AsSpan(0, 64)) ? line : null;
    }

    public override string ToString() => $"{Unsigned()} {Signature}";

    private string Signed(string before) => $"waymark.local-leaf/1 {before}\n{Unsigned()}\n";

    private string Unsigned() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number} {At.ToUnixTimeMilliseconds()} {Act} {Convert.ToBase64String(Entry)}{(Content.Length > 0 ? " " + Content : "")}");
}
