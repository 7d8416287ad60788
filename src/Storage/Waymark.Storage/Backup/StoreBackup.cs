using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Backup;

/// <summary>
/// Reads the portable format of docs/formats/backup.md, which both stores write by <see cref="IStore.BackupAsync"/>:
/// a backup of either kind is restored into either kind.
/// </summary>
public static class StoreBackup
{
    /// <summary>
    /// Reads a whole backup and compares every hash. Errors: <c>backup.not-found</c>, <c>backup.incomplete</c>,
    /// <c>backup.unknown-format</c>; what is damaged is in the report, each with its file.
    /// </summary>
    public static async Task<Result<StoreReport>> CheckAsync(
        string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(folder, cancellationToken);
        if (!opened.TryGet(out var manifest))
        {
            return opened.Error!;
        }

        var faults = new List<Error>();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in manifest.Tables)
        {
            progress?.Report(new(table.Name, counts.Count, manifest.Tables.Count));
            counts[table.Name] = table.Rows;
            if (await HashOfAsync(Path.Combine(folder, table.File), cancellationToken) != table.Sha256)
            {
                faults.Add(Damaged(table.File));
            }
        }

        var (chunks, bytes) = (0L, 0L);
        foreach (var file in ChunkFiles(folder))
        {
            chunks++;
            bytes += new FileInfo(file).Length;
            if (await HashOfAsync(file, cancellationToken) != Path.GetFileName(file))
            {
                faults.Add(Damaged(Path.GetRelativePath(folder, file)));
            }

            progress?.Report(new("chunk", chunks, manifest.Chunks));
        }

        if (chunks != manifest.Chunks || bytes != manifest.ChunkBytes)
        {
            faults.Add(Damaged($"chunks: {chunks} of {manifest.Chunks}"));
        }

        counts["chunk"] = chunks;
        counts["chunk-bytes"] = bytes;
        return new StoreReport(counts, faults);
    }

    /// <summary>
    /// Restores a backup into an empty store. Every hash is compared before the first byte is written; a damaged backup
    /// (<c>backup.damaged</c>) changes nothing, and neither does a target that holds anything (<c>backup.target-not-empty</c>).
    /// </summary>
    public static async Task<Result<StoreReport>> RestoreAsync(
        string folder, IStore target, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        if (target is not IPortableStore store)
        {
            throw new ArgumentException("This store cannot take a backup.", nameof(target));
        }

        if (target.Info.ReadOnlyReason is not null)
        {
            return StoreErrors.ReadOnly(target.Info.Location);
        }

        var read = await CheckAsync(folder, progress, cancellationToken);
        if (!read.TryGet(out var report))
        {
            return read.Error!;
        }

        if (report.Faults is [var first, ..])
        {
            return first;
        }

        try
        {
            if (!await store.IsEmptyAsync(cancellationToken))
            {
                return Error.Conflict("backup.target-not-empty", "The store to restore into already holds data.",
                        "要恢复到的数据存储中已有数据。", target.Info.Location)
                    .WithHint("Restore into a new data folder or database.", "请恢复到新的数据文件夹或数据库。");
            }

            var tables = PortableSchema.Of((await OpenAsync(folder, cancellationToken)).Value.Format);
            progress?.Report(new("restore", 0, null));
            await store.ImportAsync(ChunksOf(folder, cancellationToken),
                table => tables.Contains(table)
                    ? PortableRows.ReadAsync(Path.Combine(folder, table.FileName), table, cancellationToken)
                    : AsyncEnumerable.Empty<object?[]>(), cancellationToken);
            return report;
        }
        catch (FormatException problem)
        {
            return Damaged(problem.Message);
        }
        catch (StoreException problem)
        {
            return problem.Error;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Unreadable(folder, problem);
        }
    }

    private static async Task<Result<BackupManifest>> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return Error.NotFound("backup.not-found", "There is no such folder.", "没有这个文件夹。", folder);
        }

        try
        {
            var path = Path.Combine(folder, BackupManifest.FileName);
            if (!File.Exists(path))
            {
                return Error.Faulty("backup.incomplete", "This is no finished backup: its manifest is missing.",
                    "该备份未完成：缺少清单文件。", folder);
            }

            var json = await File.ReadAllBytesAsync(path, cancellationToken);
            var said = await File.ReadAllTextAsync(Path.Combine(folder, BackupManifest.HashFileName), cancellationToken);
            if (!said.StartsWith(BlobId.Of(json).Hex + " ", StringComparison.Ordinal))
            {
                return Damaged(BackupManifest.FileName);
            }

            var manifest = BackupManifest.Read(json);
            return manifest is not null && SameTables(manifest)
                ? manifest
                : Error.Invalid("backup.unknown-format", $"This backup has the format “{manifest?.Format}”, which is unknown here.",
                    $"该备份的格式为“{manifest?.Format}”，无法识别。", folder);
        }
        catch (JsonException)
        {
            return Damaged(BackupManifest.FileName);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Unreadable(folder, problem);
        }
    }

    /// <summary>File names come from our own list, never from the manifest: a forged one cannot lead elsewhere.</summary>
    private static bool SameTables(BackupManifest manifest) =>
        PortableSchema.Of(manifest.Format) is { Count: > 0 } tables && manifest.Tables.Count == tables.Count
        && manifest.Tables.Zip(tables).All(pair => pair.First.Name == pair.Second.Name
            && pair.First.File == pair.Second.FileName && pair.First.Columns.SequenceEqual(pair.Second.Columns.Select(c => c.Name)));

    private static IEnumerable<string> ChunkFiles(string folder)
    {
        var chunks = Path.Combine(folder, "chunks");
        return Directory.Exists(chunks)
            ? Directory.EnumerateFiles(chunks, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [];
    }

    private static async IAsyncEnumerable<Chunk> ChunksOf(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in ChunkFiles(folder))
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            yield return BlobId.Of(bytes).Hex == Path.GetFileName(file)
                ? new(Path.GetFileName(file), bytes)
                : throw new FormatException(Path.GetRelativePath(folder, file));
        }
    }

    private static async Task<string?> HashOfAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Error Damaged(string where) =>
        Error.Faulty("backup.damaged", "This part of the backup is missing or was changed.", "备份的这一部分缺失或已被更改。", where)
            .WithHint("Use another backup; nothing was restored.", "请使用其他备份；未恢复任何内容。");

    private static Error Unreadable(string folder, Exception problem) =>
        Error.NotFound("backup.cannot-read", $"The backup cannot be read: {problem.Message}", $"无法读取备份：{problem.Message}", folder);
}
