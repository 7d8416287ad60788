using Waymark.App.CommandLine;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>Writes a result to stdout or to a file; a file appears under its name only when it is whole.</summary>
public static class ResultFile
{
    /// <summary>The same for what only its owner may read, from its first byte on.</summary>
    public static Task<Result<bool>> WriteSecretAsync(CommandContext context, string file, Func<Stream, Result<bool>> write, CancellationToken cancellationToken) =>
        WriteAsync(context, file, stream => Task.FromResult(write(stream)), cancellationToken, isSecret: true);

    public static async Task<Result<bool>> WriteAsync(
        CommandContext context, string? file, Func<Stream, Task<Result<bool>>> write, CancellationToken cancellationToken, bool isSecret = false)
    {
        if (file is null or "-")
        {
            await context.Terminal.Output.FlushAsync(cancellationToken);
            var printed = await write(context.Terminal.OutputBytes);
            await context.Terminal.OutputBytes.FlushAsync(cancellationToken);
            return printed;
        }

        var target = context.Terminal.FullPath(file);
        var temporary = $"{target}.{Environment.ProcessId}.part";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var stream = new FileStream(temporary, options))
            {
                var written = await write(stream);
                if (!written.IsOk)
                {
                    return written;
                }
            }

            File.Move(temporary, target, overwrite: true);
            context.Remark($"Written: {file}", $"已写入：{file}");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("output.unwritable", "The file cannot be written.", "文件无法写入。", file);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
