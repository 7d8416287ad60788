using Waymark.App.CommandLine;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>Writes a result to stdout or to a file; a file appears under its name only when it is whole.</summary>
public static class ResultFile
{
    public static async Task<Result<bool>> WriteAsync(
        CommandContext context, string? file, Func<Stream, Task<Result<bool>>> write, CancellationToken cancellationToken)
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
            await using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
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
