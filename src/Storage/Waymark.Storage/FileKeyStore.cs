using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// Keys as files of mode 0600 in a folder of mode 0700 that the operator chose, outside the data folder and its backups.
/// Two processes that ask for the same new key get the same one: the file appears whole, by a link that only one can make.
/// A destroyed key leaves an empty file <c>NAME.destroyed</c>, so that the name is never used again.
/// </summary>
public sealed class FileKeyStore : IKeyStore
{
    private const int MaximumBytes = 4_096;

    /// <summary>Readers take no lock, so that destroying a key never waits for one; the tombstone says what counts.</summary>
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    private readonly string _folder;

    private FileKeyStore(string folder) => _folder = folder;

    /// <summary>Opens the folder, making it when it is not there. Errors: <c>keys.unavailable</c>, <c>keys.open-to-others</c>.</summary>
    public static Result<FileKeyStore> Open(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
                if ((File.GetUnixFileMode(folder) & Others) != UnixFileMode.None)
                {
                    return Error.Refused("keys.open-to-others", "The key folder can be entered by other accounts.",
                            "其他账户可以进入密钥文件夹。", folder)
                        .WithHint($"Run: chmod 700 {folder}", $"请运行：chmod 700 {folder}");
                }
            }

            return new FileKeyStore(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Unavailable(folder, problem);
        }
    }

    public Task<Result<byte[]>> GetOrCreateAsync(string name, int bytes, CancellationToken cancellationToken) => Task.FromResult(GetOrCreate(name, bytes));

    public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(IsName(name) && Read(name) is { } key && !IsDestroyed(name, key) ? key : null);

    private Result<byte[]> GetOrCreate(string name, int bytes)
    {
        if (!IsName(name) || bytes is < 1 or > MaximumBytes)
        {
            return Error.Invalid("keys.invalid-name", "A key has a name of a-z 0-9 . _ - and 1 to 4,096 bytes.",
                "密钥名称只能使用 a-z 0-9 . _ -，长度为 1 至 4,096 字节。", name);
        }

        try
        {
            var key = Read(name);
            if (key is null && !File.Exists(Tombstone(name)))
            {
                Create(name, bytes);
                key = Read(name);
            }

            // Looked for after the key was read: a name that is destroyed meanwhile does not come back, and half-overwritten bytes are never taken for a key.
            if (IsDestroyed(name, key))
            {
                return Error.Refused("keys.destroyed", "This key was destroyed and is never made again.",
                    "该密钥已销毁，不会重新生成。", name);
            }

            return key is null
                ? Error.Unavailable("keys.unavailable", "The key disappeared while it was read.", "读取时密钥已消失。", name)
                : key.Length == bytes
                    ? key
                    : Error.Conflict("keys.length", $"The key there has {key.Length} bytes, not {bytes}.",
                        $"现有密钥为 {key.Length} 字节，而非 {bytes} 字节。", name);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Unavailable(name, problem);
        }
    }

    public async Task<bool> DestroyAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsName(name) || File.Exists(Tombstone(name)) || Read(name) is not { } key)
        {
            return false;
        }

        // The tombstone first: after a crash in between, the key counts as destroyed.
        await using (File.Create(Tombstone(name)))
        {
        }

        await using (var file = new FileStream(KeyFile(name), FileMode.Open, FileAccess.Write, Shared))
        {
            await file.WriteAsync(new byte[key.Length], cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Delete(KeyFile(name));
        CryptographicOperations.ZeroMemory(key);
        return true;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && (char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]))
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    private static Error Unavailable(string where, Exception problem) =>
        Error.Unavailable("keys.unavailable", $"The key folder cannot be used: {problem.Message}", $"无法使用密钥文件夹：{problem.Message}", where)
            .WithHint("Check its permissions and the disk.", "请检查其权限和磁盘。");

    private string KeyFile(string name) => Path.Combine(_folder, name + ".key");

    private string Tombstone(string name) => Path.Combine(_folder, name + ".destroyed");

    private bool IsDestroyed(string name, byte[]? key)
    {
        if (!File.Exists(Tombstone(name)))
        {
            return false;
        }

        CryptographicOperations.ZeroMemory(key);
        return true;
    }

    /// <summary>
    /// Thirty-two bytes at a time, many times a second: read at once, without a lock, without a thread of their own, and without an exception for a key that is not
    /// there. Nothing is kept in memory, so that a key destroyed by another process is gone for this one too.
    /// </summary>
    private byte[]? Read(string name)
    {
        if (!File.Exists(KeyFile(name)))
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(KeyFile(name), FileMode.Open, FileAccess.Read, Shared);
            var key = new byte[Math.Min(RandomAccess.GetLength(file), MaximumBytes)];
            return key.AsSpan(0, RandomAccess.Read(file, key, 0)).ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private void Create(string name, int bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = Path.Combine(_folder, $".{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var key = RandomNumberGenerator.GetBytes(bytes);
        using (var file = new FileStream(draft, options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(key);
        try
        {
            // Never replaces: whoever comes second keeps the key of the first. File.Move looks first and renames then, which two can do at once.
            if (OperatingSystem.IsWindows())
            {
                File.Move(draft, KeyFile(name), overwrite: false);
            }
            else if (link(Terminated(draft), Terminated(KeyFile(name))) != 0 && !File.Exists(KeyFile(name)))
            {
                throw new IOException($"The key file cannot be made (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        catch (IOException) when (File.Exists(KeyFile(name)))
        {
            // The first one's key stands.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>POSIX link(2): fails when the new name is there, in one step.</summary>
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link(byte[] existing, byte[] created);
}
