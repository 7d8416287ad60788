using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>
/// A file that only one receiver can read: the line <c>waymark.sealed/1</c>, a line with the receiver's name and fingerprint, then a sealed box in Base64. Inside the box stand the same two lines
/// and the file's own name, so that nothing outside can be changed unseen. It does not say who sealed it.
/// </summary>
public sealed record SealedFile(string Name, byte[] Content)
{
    public const string Extension = ".sealed";

    /// <summary>Most bytes of a sealed file that are read.</summary>
    public const int MostBytes = 256 << 20;

    private const string Format = "waymark.sealed/1";

    /// <summary>Seals in memory. Error <c>sealed.weak-key</c>. Throws <see cref="ArgumentException"/> for a name with a line break.</summary>
    public Result<byte[]> Seal(ISealedBox box, ReceiverKey to)
    {
        if (Name.Contains('\n', StringComparison.Ordinal))
        {
            throw new ArgumentException("A file has a name of one line.", nameof(to));
        }

        var head = Head(to);
        byte[] plain = [.. Encoding.UTF8.GetBytes(head + Name + "\n"), .. Content];
        var made = box.Seal(to.PublicKey, plain);
        CryptographicOperations.ZeroMemory(plain);
        return made is null
            ? Error.Refused("sealed.weak-key", "Everybody could open what is sealed to this key.", "任何人都能打开以此公钥加密的内容。", to.Fingerprint)
            : Encoding.ASCII.GetBytes(head + Convert.ToBase64String(made, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n") + "\n");
    }

    /// <summary>
    /// Opens with the private key of <paramref name="own"/>. Errors, each with its line: <c>sealed.not-one</c>, <c>sealed.other-key</c> (sealed to somebody else, who is named),
    /// <c>sealed.changed</c>.
    /// </summary>
    public static Result<SealedFile> Open(ISealedBox box, ReceiverKey own, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> file)
    {
        var lines = Encoding.ASCII.GetString(file).Replace("\r", "", StringComparison.Ordinal).Split('\n', 3);
        if (lines is not [Format, var to, var body] || !to.StartsWith("to ", StringComparison.Ordinal))
        {
            return Error.Invalid("sealed.not-one", $"This is not a sealed file: its first line is \"{Format}\", its second names the receiver.", $"这不是加密文件：首行应为“{Format}”，次行为接收方。", "1");
        }

        var head = Head(own);
        if (!head.EndsWith("\n" + to + "\n", StringComparison.Ordinal))
        {
            return Error.Refused("sealed.other-key", $"Sealed {Printable(to)}; this is the key of {own.Name} {own.Fingerprint}.", $"接收方为 {Printable(to[3..])}；此密钥属于 {own.Name} {own.Fingerprint}。", "2")
                .WithHint("Open it with the key that the second line names, or ask the sender to seal it to yours.", "请使用次行所示的密钥打开，或请发送方以您的公钥重新加密。");
        }

        var sealedBytes = new byte[body.Length];
        var plain = Convert.TryFromBase64String(body, sealedBytes, out var length) ? box.Open(privateKey, sealedBytes.AsSpan(0, length)) : null;
        var expected = Encoding.UTF8.GetBytes(head);
        var end = plain is null ? -1 : plain.AsSpan(Math.Min(expected.Length, plain.Length)).IndexOf((byte)'\n');
        return plain is null || !plain.AsSpan().StartsWith(expected) || end < 0
            ? Error.Faulty("sealed.changed", "The file was changed on its way, or is not whole.", "文件在途中被更改或不完整。", "3")
            : new SealedFile(Encoding.UTF8.GetString(plain.AsSpan(expected.Length, end)), plain[(expected.Length + end + 1)..]);
    }

    private static string Head(ReceiverKey to) => $"{Format}\nto {to.Name} {to.Fingerprint}\n";

    private static string Printable(string line) => string.Concat(line.Take(120).Where(letter => !char.IsControl(letter)));
}
