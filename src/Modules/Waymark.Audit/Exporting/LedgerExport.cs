using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Exporting;

/// <summary>What an export holds.</summary>
public sealed record ExportReport(long Size, string Root, long Files, int Published);

/// <summary>Writes the ledger as files (docs/formats/ledger-export.md), from which anyone can check it without us.</summary>
public static class LedgerExport
{
    /// <summary>
    /// Writes to a new or empty folder, while the ledger goes on growing: the export is of the checkpoint it begins with.
    /// <paramref name="publishedOnly"/> exports no more than others may see; <paramref name="withEntries"/> false leaves the
    /// entries out. Errors: <c>ledger.target-exists</c>, <c>ledger.empty</c>, <c>ledger.damaged</c>, <c>ledger.cannot-write</c>.
    /// </summary>
    public static async Task<Result<ExportReport>> WriteAsync(
        ILedgerStore ledger, string folder, bool publishedOnly, bool withEntries, CancellationToken cancellationToken)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            return Error.Conflict("ledger.target-exists", "The folder for the export is not empty.", "导出的目标文件夹不为空。", folder);
        }

        var note = publishedOnly
            ? (await ledger.NewestPublishedAsync(cancellationToken))?.Note
            : (await ledger.HeadAsync(cancellationToken)).Checkpoint;
        if (note is null)
        {
            return Error.NotFound("ledger.empty", "There is no checkpoint to export yet.", "尚无可导出的检查点。");
        }

        var checkpoint = SignedNote.Parse(note.Value.Span).Then(signed => Checkpoint.Parse(signed.Text));
        if (!checkpoint.IsOk)
        {
            return checkpoint.Error;
        }

        try
        {
            return await WriteAsync(ledger, folder, note.Value, checkpoint.Value, withEntries, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Error.Unavailable("ledger.cannot-write", $"The export could not be written: {problem.Message}", $"无法写入导出：{problem.Message}", folder);
        }
    }

    private static async Task<Result<ExportReport>> WriteAsync(
        ILedgerStore ledger, string folder, ReadOnlyMemory<byte> note, Checkpoint checkpoint, bool withEntries, CancellationToken cancellationToken)
    {
        var files = 0L;
        foreach (var tile in Tile.Of(checkpoint.Size))
        {
            if (await ledger.TileAsync(tile.Level, tile.Index, cancellationToken) is not { } hashes || hashes.Length < tile.Width * TreeHash.Length)
            {
                return Damaged(tile.Path);
            }

            await SaveAsync(folder, tile.Path, hashes[..(tile.Width * TreeHash.Length)], cancellationToken);
            files++;
            if (tile.Level == 0 && withEntries)
            {
                var entries = await ledger.BundleAsync(tile.Index, cancellationToken) is { } bytes ? EntryBundle.Read(bytes) : null;
                if (entries is null || entries.Count < tile.Width)
                {
                    return Damaged(tile.EntriesPath);
                }

                await SaveAsync(folder, tile.EntriesPath, EntryBundle.Write([.. entries.Take(tile.Width)]), cancellationToken);
                files++;
            }
        }

        var published = 0;
        for (var page = await ledger.PublishedAsync(0, 1_000, cancellationToken); page.Count > 0;
            page = await ledger.PublishedAsync(page[^1].Size, 1_000, cancellationToken))
        {
            foreach (var earlier in page.Where(p => p.Size <= checkpoint.Size))
            {
                await SaveAsync(folder, $"checkpoints/{earlier.Size}", earlier.Note, cancellationToken);
                published++;
            }
        }

        // Last: a folder without it is an unfinished export.
        await SaveAsync(folder, "checkpoint", note, cancellationToken);
        return new ExportReport(checkpoint.Size, checkpoint.Root.ToString(), files + published + 1, published);
    }

    private static async Task SaveAsync(string folder, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, bytes, cancellationToken);
    }

    private static Error Damaged(string where) =>
        Error.Faulty("ledger.damaged", "The stored ledger is incomplete here.", "账本在此处不完整。", where);
}

/// <summary>An export in a folder of this machine.</summary>
public sealed class FolderFiles(string root) : ILedgerFiles
{
    public ReadOnlyMemory<byte>? Read(string path)
    {
        var file = Path.Combine(root, path);
        return File.Exists(file) ? File.ReadAllBytes(file) : (ReadOnlyMemory<byte>?)null;
    }

    public IReadOnlyList<string> List(string folder)
    {
        var at = Path.Combine(root, folder);
        return Directory.Exists(at) ? [.. Directory.EnumerateFiles(at).Select(file => Path.GetFileName(file)!)] : [];
    }
}
