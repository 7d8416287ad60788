using System.Globalization;
using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Protective;

/// <summary>
/// Leaves of protective acts on this machine: one file of lines, each signed and bound to the line before, flushed before
/// the act may go on. The lines are entered into the ledger in order, each once; then the file is put away.
/// <code>number SP unix-milliseconds SP act SP base64(entry) [SP base64(sealed content)] SP base64(signature)</code>
/// The signature covers the line without it, after the signature of the line before.
/// </summary>
public sealed class LocalLedger(string folder, IStore? store, LedgerKeys keys, TimeProvider clock) : IProtectiveLedger, IDisposable
{
    public const string FileName = "protective-leaves.txt";
    private const int LongestContent = 16 * 1024;
    private readonly SemaphoreSlim _one = new(1, 1);

    private string File => Path.Combine(folder, FileName);

    public Task<Result<LocalReceipt>> WriteAsync(string act, LedgerLeaf leaf, CancellationToken cancellationToken) => WriteAsync(act, leaf, default, cancellationToken);

    public async Task<Result<LocalReceipt>> WriteAsync(string act, LedgerLeaf leaf, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!ProtectiveActs.All.Contains(act))
        {
            return Error.Refused("ledger.not-protective", "Without the ledger, only acts that protect go on.", "账本不可用时，只有保护性行为可以继续。", act)
                .WithHint("Wait until the ledger answers again; nothing was done.", "请等待账本恢复；未执行任何操作。");
        }

        if (content.Length > LongestContent)
        {
            return Error.TooLarge("ledger.local-too-large", "What is to be done is longer than 16 KiB.", "待办内容超过 16 KiB。", act);
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var turn = await TurnAsync(cancellationToken);
            var read = Read();
            if (!read.TryGet(out var lines))
            {
                return read.Error!;
            }

            var now = clock.GetUtcNow();
            if (lines.Count > 0 && now - lines[0].At > ProtectiveActs.Longest)
            {
                return Error.Refused("ledger.too-long-alone", "The ledger has been out of reach for more than 24 hours.", "账本不可用已超过 24 小时。")
                    .WithHint("Bring the store back; what waits is entered first.", "请恢复数据存储；等待中的条目将先行写入。");
            }

            var line = LocalLine.Sign(keys, lines.Count == 0 ? 1 : lines[^1].Number + 1, now, act, leaf.Encode(), content.Span, lines.Count == 0 ? "" : lines[^1].Signature);
            await using (var file = new FileStream(File, FileMode.Append, FileAccess.Write, FileShare.Read, 1))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            return new LocalReceipt(line.Number, now);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Error.Unavailable("ledger.local-unavailable", $"The local leaf could not be written: {problem.Message}", $"无法写入本地条目：{problem.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<Result<int>> MergeAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return Error.Unavailable("store.unavailable", "The store cannot be reached.", "无法连接数据存储。");
        }

        if (!System.IO.File.Exists(File))
        {
            return 0;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var turn = await TurnAsync(cancellationToken);
            var read = Read();
            if (!read.TryGet(out var lines))
            {
                return read.Error!;
            }

            var entered = 0;
            foreach (var line in lines)
            {
                // The record's id is the leaf's own: a merge that was interrupted goes on where it stopped.
                var id = Convert.ToHexStringLower(line.Entry.AsSpan(1, LeafId.Length));
                var document = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                    $"{{\"act\":\"{line.Act}\",\"at\":{line.At.ToUnixTimeMilliseconds()},\"number\":{line.Number},\"content\":\"{line.Content}\",\"signature\":\"{line.Signature}\"}}"));
                var done = await store.CommitAsync(new WriteSet
                {
                    Actor = "ledger",
                    Reason = "ledger.local-leaf",
                    Records = [new(ProtectiveActs.Register, id, 0, document, "{\"op\":\"entered\"}"u8.ToArray(), [new("act", line.Act)])],
                    Tasks = line.Content.Length == 0 ? [] : [new(ProtectiveActs.Queue + "." + id, ProtectiveActs.Queue, Encoding.ASCII.GetBytes($"{{\"leaf\":\"{id}\"}}"))],
                    Leaves = [line.Entry],
                }, cancellationToken);
                if (done.IsOk)
                {
                    entered++;
                }
                else if (done.Error.Code != "store.conflict")
                {
                    return done.Error;
                }
            }

            System.IO.File.Delete(File);
            return entered;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Error.Unavailable("ledger.local-unavailable", $"The local leaves could not be read: {problem.Message}", $"无法读取本地条目：{problem.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>One process at a time: the server and a command line on the same machine write one file. Waits two seconds at most.</summary>
    private async Task<FileStream> TurnAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException problem) when (problem is not DirectoryNotFoundException && attempt < 40)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    private Result<List<LocalLine>> Read()
    {
        var lines = new List<LocalLine>();
        if (!System.IO.File.Exists(File))
        {
            return lines;
        }

        foreach (var text in System.IO.File.ReadLines(File, Encoding.ASCII))
        {
            if (LocalLine.Read(keys, text, lines.Count == 0 ? "" : lines[^1].Signature) is not { } line
                || line.Number != (lines.Count == 0 ? 1 : lines[^1].Number + 1))
            {
                return Error.Faulty("ledger.local-broken", "The local leaves were changed or cut: this line does not fit.", "本地条目被更改或截断：此行不符。",
                    string.Create(CultureInfo.InvariantCulture, $"{FileName}:{lines.Count + 1}"));
            }

            lines.Add(line);
        }

        return lines;
    }
}
