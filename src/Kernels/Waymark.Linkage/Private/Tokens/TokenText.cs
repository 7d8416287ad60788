using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// The text that files of the token channel share: a header line with kind, version and fields, the lines, and the SHA-256 of all of it,
/// so that a damaged file is never read as one with fewer tags. docs/formats/link-tokens.md.
/// </summary>
internal sealed class TokenText
{
    private static readonly Dictionary<string, (string En, string Zh, string? Verb)> s_kinds = new(StringComparer.Ordinal)
    {
        [TokenFileFormat.Sought] = ("the seeker's request", "寻找方的请求", "seek"),
        [TokenFileFormat.Key] = ("the seeker's epoch key", "寻找方的时段密钥", "seek"),
        [TokenFileFormat.Spent] = ("the seeker's count of the budget", "寻找方的额度计数", "seek"),
        [TokenFileFormat.Asked] = ("the holder's ask", "持有方的询问", "ask"),
        [TokenFileFormat.State] = ("the holder's state", "持有方的状态", "ask"),
        [TokenFileFormat.Answered] = ("the seeker's answer", "寻找方的答复", "answer"),
    };

    private readonly Dictionary<string, string> _fields;

    private TokenText(Dictionary<string, string> fields, IReadOnlyList<string> lines, string hash) => (_fields, Lines, Hash) = (fields, lines, hash);

    public IReadOnlyList<string> Lines { get; }

    /// <summary>SHA-256 of header and lines.</summary>
    public string Hash { get; }

    public static IEnumerable<string> Write(string kind, string fields, IReadOnlyCollection<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = string.Create(CultureInfo.InvariantCulture, $"{kind} {fields} lines={lines.Count}");
        foreach (var line in lines.Prepend(header))
        {
            Add(hash, line);
            yield return line;
        }

        yield return "sha256=" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static Result<TokenText> Read(IEnumerable<string> text, string kind, string name, int mostLines)
    {
        using var line = text.GetEnumerator();
        if (!line.MoveNext())
        {
            return Kind("", kind, name);
        }

        var header = line.Current;
        var parts = header.Split(' ');
        if (parts[0] != kind || parts.Length > 16)
        {
            return Kind(parts[0], kind, name);
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts.Skip(1))
        {
            var cut = part.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1 || !fields.TryAdd(part[..cut], part[(cut + 1)..]))
            {
                return Damaged(name, 1);
            }
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, header);
        if (!fields.TryGetValue("lines", out var stated) || !int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return Damaged(name, 1);
        }

        if (count > mostLines)
        {
            return Error.TooLarge("linkage.token-file-size", $"The file states {count} lines; at most {mostLines} are read.", $"文件声明 {count} 行，最多读取 {mostLines} 行。", name);
        }

        var lines = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (!line.MoveNext())
            {
                return Damaged(name, i + 2);
            }

            Add(hash, line.Current);
            lines.Add(line.Current);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return line.MoveNext() && line.Current == "sha256=" + found && !line.MoveNext() ? new TokenText(fields, lines, found) : Damaged(name, count + 2);
    }

    public static Error Damaged(string name, int line) => Error.Invalid(
        "linkage.token-file-damaged", "The file is damaged or was changed.", "文件已损坏或被改动。", string.Create(CultureInfo.InvariantCulture, $"{name}:{line}"))
        .WithHint("Ask for it to be sent again.", "请对方重新发送。");

    /// <summary>A field of exactly so many bytes in hexadecimal digits.</summary>
    public byte[]? Bytes(string field, int length)
    {
        var bytes = new byte[length];
        return _fields.TryGetValue(field, out var text) && text.Length == length * 2
            && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == length ? bytes : null;
    }

    public int? Number(string field) => _fields.TryGetValue(field, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Add(IncrementalHash hash, string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));

    private static Error Kind(string found, string wanted, string name)
    {
        var (en, zh, verb) = s_kinds[wanted];
        var hint = ($"`waymark link tokens {verb}` makes it.", $"由 `waymark link tokens {verb}` 生成。");
        if (s_kinds.TryGetValue(found, out var other))
        {
            return Error.Invalid("linkage.token-file-kind", $"This is {other.En}; needed here is {en}.", $"这是{other.Zh}；此处需要{zh}。", name).WithHint(hint.Item1, hint.Item2);
        }

        return found.StartsWith(wanted[..(wanted.IndexOf('/', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)
            ? Error.Invalid("linkage.token-file-version", $"This is {en} in a version that is not known here.", $"这是{zh}，但版本未知。", name)
                .WithHint("Both sides need the same version of the program.", "双方须使用同一版本的程序。")
            : Error.Invalid("linkage.token-file", $"This is no file of the token channel; needed here is {en}.", $"这不是令牌通道的文件；此处需要{zh}。", name).WithHint(hint.Item1, hint.Item2);
    }
}
