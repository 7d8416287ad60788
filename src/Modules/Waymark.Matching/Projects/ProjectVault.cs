using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>
/// One key per project, outside the store: rows, tiles and results lie sealed under it, and handles are made with it. Destroying the key when a
/// project ends makes all of it unreadable, in backups too.
/// </summary>
public sealed class ProjectVault(IStore store, IKeyStore keys)
{
    private const int Nonce = 12;
    private const int Tag = 16;
    private const int HandleBytes = 10;

    /// <summary>Seals bytes and stores them; the address of the sealed bytes.</summary>
    public async Task<Result<string>> PutAsync(string project, string label, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var key = await keys.GetOrCreateAsync(Name(project), 32, cancellationToken);
        if (!key.IsOk)
        {
            return key.Error;
        }

        var bytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, Nonce));
        using (var cipher = new AesGcm(key.Value, Tag))
        {
            cipher.Encrypt(bytes.AsSpan(0, Nonce), plain.Span, bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(project + "/" + label));
        }

        using var stream = new MemoryStream(bytes, writable: false);
        return (await store.Blobs.PutAsync(stream, cancellationToken)).Select(blob => blob.Hex);
    }

    /// <summary>Opens what was sealed. Errors: <c>matching.gone</c> (the project ended), <c>matching.sealed-wrong</c> (damaged, or not of this project).</summary>
    public async Task<Result<byte[]>> OpenAsync(string project, string label, string blob, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(Name(project), cancellationToken);
        var bytes = key is null ? null : await store.Blobs.ReadAsync(new(blob), cancellationToken);
        if (bytes is null || key is null)
        {
            return Gone();
        }

        if (bytes.Length < Nonce + Tag)
        {
            return Damaged();
        }

        try
        {
            var plain = new byte[bytes.Length - Nonce - Tag];
            using var cipher = new AesGcm(key, Tag);
            cipher.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), plain, Encoding.UTF8.GetBytes(project + "/" + label));
            return plain;
        }
        catch (CryptographicException)
        {
            return Damaged();
        }
    }

    /// <summary>What makes handles of record ids for one input: the same record has the same handle in every run of the project and another in every other.</summary>
    public async Task<Result<Func<ReadOnlyMemory<byte>, string>>> HandlesAsync(string project, string input, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(Name(project), cancellationToken);
        if (key is null)
        {
            return Gone();
        }

        var own = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("handle/" + input));
        return Result<Func<ReadOnlyMemory<byte>, string>>.Ok(id => Convert.ToHexStringLower(HMACSHA256.HashData(own, id.Span).AsSpan(0, HandleBytes)));
    }

    public Task<bool> DestroyAsync(string project, CancellationToken cancellationToken) => keys.DestroyAsync(Name(project), cancellationToken);

    private static string Name(string project) => "linkage." + project;

    private static Error Gone() => Error.NotFound("matching.gone", "The project has ended; its rows and results cannot be read any more.", "项目已结束，其数据行与结果已不可读取。");

    private static Error Damaged() => Error.Faulty("matching.sealed-wrong", "What was stored is damaged or belongs to another project.", "存储内容已损坏或属于其他项目。");
}
