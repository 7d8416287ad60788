using Waymark.Model;

namespace Waymark.Casework.Files;

/// <summary>What looks for malicious programs in a file before it is kept.</summary>
public interface IFileScanner
{
    /// <summary>
    /// Looks at a file. Answers the name of what was found, or null for nothing. Whatever keeps it from an answer is <c>file.scanner</c>: the file is then not kept.
    /// </summary>
    Task<Result<ScanAnswer>> ScanAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}

/// <summary><paramref name="Found"/>: the scanner's own words for what it found; null when it found nothing.</summary>
public sealed record ScanAnswer(string? Found);

/// <summary>
/// Runs a program of the operator with the file on its standard input; it answers by its exit code as virus scanners do: 0 nothing, 1 found (first line of its output names it), anything
/// else or no answer in time: not to be had, and the file is not kept.
/// </summary>
public sealed class CommandScanner(string program, IReadOnlyList<string> arguments, TimeSpan patience) : IFileScanner
{
    public async Task<Result<ScanAnswer>> ScanAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        System.Diagnostics.Process? process = null;
        try
        {
            process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var said = process.StandardOutput.ReadToEndAsync(late.Token);
            var complained = process.StandardError.ReadToEndAsync(late.Token);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(content, late.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has seen enough; its exit code says what.
            }

            await process.WaitForExitAsync(late.Token);
            _ = await complained;
            var line = (await said).Split('\n')[0].Trim();
            return process.ExitCode switch
            {
                0 => new ScanAnswer(null),
                1 => new ScanAnswer(line.Length == 0 ? "?" : line[..Math.Min(line.Length, 200)]),
                _ => Unreachable(),
            };
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Unreachable();
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
            }

            process?.Dispose();
        }
    }

    internal static Error Unreachable() => Error.Unavailable("file.scanner", "The scanner for malicious programs does not answer; the file was not kept.", "恶意程序扫描器无应答；文件未保存。");
}
