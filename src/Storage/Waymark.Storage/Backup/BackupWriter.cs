using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Backup;

/// <summary>Writes the portable format from one consistent view of a store. See docs/formats/backup.md.</summary>
internal static class BackupWriter
{
    public static async Task<Result<StoreReport>> WriteAsync(
        IPortableStore store, StoreInfo info, string folder, TimeProvider clock,
        IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            return Error.Conflict("backup.target-exists", "The folder for the backup is not empty.", "备份的目标文件夹不为空。", folder)
                .WithHint("Name a new folder for each backup.", "请为每次备份指定新的文件夹。");
        }

        try
        {
            Create(folder);
            Create(Path.Combine(folder, "tables"));
            Create(Path.Combine(folder, "chunks"));
            await using var snapshot = await store.SnapshotAsync(cancellationToken);
            var tables = new List<BackupTable>();
            var counts = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var table in PortableSchema.Tables)
            {
                progress?.Report(new(table.Name, tables.Count, PortableSchema.Tables.Count));
                var written = await WriteTableAsync(snapshot, table, folder, cancellationToken);
                tables.Add(written);
                counts[table.Name] = written.Rows;
            }

            var faults = new List<Error>();
            var (chunks, bytes) = await WriteChunksAsync(snapshot, folder, faults, progress, cancellationToken);
            counts["chunk"] = chunks;
            counts["chunk-bytes"] = bytes;
            var manifest = new BackupManifest(PortableSchema.Format, StoreTime.At(clock.Now()), info.Kind,
                info.EngineVersion, info.SchemaVersion, tables, chunks, bytes);
            await WriteManifestAsync(folder, manifest.ToJson(), cancellationToken);
            return new StoreReport(counts, faults);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Error.Unavailable("backup.cannot-write", $"The backup could not be written: {problem.Message}",
                    $"无法写入备份：{problem.Message}", folder)
                .WithHint("Check the disk; remove the unfinished folder.", "请检查磁盘，并删除未完成的文件夹。");
        }
        catch (StoreException problem)
        {
            return problem.Error;
        }
    }

    /// <summary>Backups hold what the store holds: closed to other accounts, as the store is.</summary>
    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static async Task<BackupTable> WriteTableAsync(
        IPortableSnapshot snapshot, PortableTable table, string folder, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using var file = NewFile(Path.Combine(folder, table.FileName));
        long rows;
        await using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            rows = await PortableRows.WriteAsync(hashed, table, snapshot.RowsAsync(table, cancellationToken), cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return new(table.Name, [.. table.Columns.Select(c => c.Name)], table.FileName, rows, Convert.ToHexStringLower(hash.Hash!));
    }

    /// <summary>Damaged chunks are named and left out: the rest of the store is still worth keeping.</summary>
    private static async Task<(long Chunks, long Bytes)> WriteChunksAsync(
        IPortableSnapshot snapshot, string folder, List<Error> faults, IProgress<StoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (chunks, bytes) = (0L, 0L);
        await foreach (var id in snapshot.ChunkIdsAsync(cancellationToken))
        {
            var content = await snapshot.ChunkAsync(id, cancellationToken);
            if (content is null || BlobId.Of(content).Hex != id)
            {
                faults.Add(StoreErrors.Corrupt($"chunk/{id}", "other bytes than its address says"));
                continue;
            }

            Create(Path.Combine(folder, "chunks", id[..2]));
            await using var file = NewFile(Path.Combine(folder, "chunks", id[..2], id));
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
            chunks++;
            bytes += content.Length;
            progress?.Report(new("chunk", chunks, null));
        }

        return (chunks, bytes);
    }

    private static async Task WriteManifestAsync(string folder, byte[] json, CancellationToken cancellationToken)
    {
        var line = $"{BlobId.Of(json).Hex}  {BackupManifest.FileName}\n";
        foreach (var (name, bytes) in new[] { (BackupManifest.HashFileName, Encoding.ASCII.GetBytes(line)), (BackupManifest.FileName, json) })
        {
            await using var file = NewFile(Path.Combine(folder, name));
            await file.WriteAsync(bytes, cancellationToken);
            file.Flush(flushToDisk: true);
        }
    }
}
