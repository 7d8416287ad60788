using System.Security.Cryptography;
using System.Text;

namespace Waymark.Linkage.Private;

/// <summary>
/// The secret of one linkage project, 256 bits, held by the owners of the data and never by the linkage unit. Everything derived from it
/// is separated by purpose (HMAC-SHA256, RFC 2104).
/// </summary>
public sealed class ProjectKey
{
    public const int Bytes = 32;

    private readonly byte[] _key;

    private ProjectKey(byte[] key) => _key = key;

    /// <summary>Takes 32 bytes that were drawn at random.</summary>
    public static Waymark.Model.Result<ProjectKey> From(ReadOnlySpan<byte> key) => key.Length == Bytes && key.ContainsAnyExcept(key[0])
        ? new ProjectKey(key.ToArray())
        : Waymark.Model.Error.Invalid("linkage.project-key", "A project key is 32 random bytes.", "项目密钥须为 32 个随机字节。");

    public static ProjectKey Create() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Names the project without telling the key: sets of different projects are never compared.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(Derive("project")[..8]);

    /// <summary>The key itself, for whoever writes the project file.</summary>
    public byte[] Export() => [.. _key];

    internal byte[] Derive(string purpose) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes("waymark.linkage/1 " + purpose));
}
