using System.CommandLine;
using System.Security.Cryptography;
using Waymark.App.Output;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;

namespace Waymark.App.CommandLine.Commands;

/// <summary>A receiver's key as it is given to a sender.</summary>
public sealed record ExportKeyOutput(string Key, string KeyFingerprint);

public sealed record ReceiverLine(string Organisation, string Type, string Area, string Name, string KeyFingerprint, ReceiverState State, DateTimeOffset Expires);

public sealed record ReceiversOutput(IReadOnlyList<ReceiverLine> Receivers);

/// <summary>
/// <c>waymark export key|open|receivers</c>: what a receiver of sealed lists does, without any store, and a look at who may receive. Nothing is exported here: that is asked for in the browser.
/// </summary>
public static class ExportCommand
{
    public static Command Make(CommandMaker make) =>
        make.Verb("export", "lists that leave sealed to a receiver's key", "以接收方公钥加密导出的列表", Key(make), Open(make), Receivers(make));

    private static Command Key(CommandMaker make)
    {
        var name = make.Argument<string>("NAME", "who receives, without spaces, such as a host name", "接收方名称，不含空格，例如主机名");
        var file = make.Option<string>("--out", "FILE", "the new file of the private key", "新建的私钥文件", "-o");
        file.Required = true;
        return make.Does(make.Verb("key", "make a receiver's key; prints what the sender needs", "新建接收方密钥，打印发送方所需内容", name, file), (context, _) =>
        {
            var made = PrivateKeyFile.Make(context.Terminal.FullPath(context.Get(file)!), context.Get(name)!);
            if (!made.IsOk)
            {
                return Task.FromResult(context.Fail(made.Error with { Where = made.Error.Where ?? context.Get(file) }));
            }

            if (context.Json)
            {
                context.WriteJson("waymark.export-key/1", new ExportKeyOutput(made.Value.ToString(), made.Value.Fingerprint));
                return Task.FromResult(ExitCode.Done);
            }

            context.Terminal.Output.WriteLine(made.Value.ToString());
            context.Terminal.Output.WriteLine(made.Value.Fingerprint);
            context.Remark("Send the first line. Read the second out by another way: by telephone or in person.", "请发送第一行；第二行请以其他途径（电话或当面）读出。");
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command Open(CommandMaker make)
    {
        var file = make.Argument<string>("FILE", "a sealed list as it came", "收到的加密列表");
        var key = make.Option<string>("--key", "FILE", "your private key", "您的私钥文件");
        var to = make.Option<string?>("--out", "FILE", "where it is written; without it, to the terminal", "写入的文件；不指定则输出到终端", "-o");
        key.Required = true;
        return make.Does(make.Verb("open", "open a sealed list with your private key", "用私钥打开加密列表", file, key, to), async (context, cancellationToken) =>
        {
            var own = PrivateKeyFile.Read(context.Terminal.FullPath(context.Get(key)!));
            if (!own.IsOk)
            {
                return context.Fail(own.Error with { Where = context.Get(key) });
            }

            var source = new FileInfo(context.Terminal.FullPath(context.Get(file)!));
            if (!source.Exists || source.Length > SealedFile.MostBytes)
            {
                return context.Fail(source.Exists ? Error.TooLarge("sealed.too-large", $"A sealed file has at most {SealedFile.MostBytes >> 20} MiB.", $"加密文件至多 {SealedFile.MostBytes >> 20} MiB。", context.Get(file))
                    : Error.NotFound("input.not-found", "There is no such file or folder.", "没有这个文件或文件夹。", context.Get(file)));
            }

            var bytes = await File.ReadAllBytesAsync(source.FullName, cancellationToken);
            var opened = SealedFile.Open(SodiumSealedBox.Instance, own.Value.Public, own.Value.Private, bytes);
            CryptographicOperations.ZeroMemory(own.Value.Private);
            if (!opened.IsOk)
            {
                return context.Fail(opened.Error with { Where = $"{context.Get(file)}:{opened.Error.Where}" });
            }

            var written = await ResultFile.WriteAsync(context, context.Get(to), async stream =>
            {
                await stream.WriteAsync(opened.Value.Content, cancellationToken);
                return true;
            }, cancellationToken);
            return written.IsOk ? ExitCode.Done : context.Fail(written.Error);
        });
    }

    private static Command Receivers(CommandMaker make) =>
        make.Does(make.Verb("receivers", "who may receive lists, until when", "可接收列表的接收方及期限"), (context, cancellationToken) => context.WithStore(async platform =>
        {
            var all = (await new Receivers(platform.Store, platform.Keys, platform.Time).ListAsync(null, cancellationToken))
                .Select(known => new ReceiverLine(known.Organisation, known.Type, known.Area, known.Key.Name, known.Key.Fingerprint, known.State, known.Expires)).ToList();
            if (context.Json)
            {
                context.WriteJson("waymark.receivers/1", new ReceiversOutput(all));
                return ExitCode.Done;
            }

            var table = new TextTable(new(context.Say("organisation", "组织")), new(context.Say("kind", "类型")), new(context.Say("area", "国家或地区")), new(context.Say("key", "密钥")), new(context.Say("fingerprint", "指纹")),
                new(context.Say("state", "状态")), new(context.Say("ends", "到期")));
            foreach (var line in all)
            {
                table.Add(line.Organisation, line.Type, line.Area, line.Name, line.KeyFingerprint, line.State switch
                {
                    ReceiverState.Proposed => context.Say("waits for a second person", "待第二人确认"),
                    ReceiverState.InForce => context.Say("in force", "有效"),
                    ReceiverState.Expired => context.Say("expired", "已到期"),
                    _ => context.Say("withdrawn", "已终止"),
                }, Moment.Text(line.Expires));
            }

            table.Write(context.Terminal.Output);
            return ExitCode.Done;
        }, cancellationToken));
}

/// <summary>A receiver's private key as a file that its owner alone can read: a line with the format, one with the name, one with the key in Base64.</summary>
internal static class PrivateKeyFile
{
    private const string Format = "waymark.private-key/1";

    /// <summary>Errors: <c>sealed.bad-name</c>, <c>key.exists</c>, <c>output.unwritable</c>.</summary>
    public static Result<ReceiverKey> Make(string file, string name)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        try
        {
            var key = new ReceiverKey(name, SodiumSealedBox.Instance.PublicKey(secret));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new StreamWriter(file, options);
            stream.Write($"{Format}\n{name}\n{Convert.ToBase64String(secret)}\n");
            return key;
        }
        catch (ArgumentException)
        {
            return Error.Invalid("sealed.bad-name", "A key's name has neither spaces nor a plus sign.", "密钥名称不含空格和加号。", name);
        }
        catch (IOException) when (File.Exists(file))
        {
            return Error.Conflict("key.exists", "There is a file of this name already; a key is never overwritten.", "已有同名文件；密钥不会被覆盖。");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("output.unwritable", "The file cannot be written.", "文件无法写入。");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Errors: <c>input.not-found</c>, <c>keys.open-to-others</c>, <c>sealed.bad-private-key</c>.</summary>
    public static Result<(ReceiverKey Public, byte[] Private)> Read(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length > 4_096)
        {
            return File.Exists(file) ? Bad() : Error.NotFound("input.not-found", "There is no such file or folder.", "没有这个文件或文件夹。");
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
        {
            return Error.Refused("keys.open-to-others", "Other accounts can read this key.", "其他账户可以读取此密钥。").WithHint("Run: chmod 600 FILE; and think of making a new key.", "请运行：chmod 600 文件；并考虑更换密钥。");
        }

        var secret = new byte[48];
        if (File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n') is not [Format, var name, var text, ..] || !Convert.TryFromBase64String(text, secret, out var length) || length != 32)
        {
            return Bad();
        }

        try
        {
            return (new ReceiverKey(name, SodiumSealedBox.Instance.PublicKey(secret.AsSpan(0, 32))), secret[..32]);
        }
        catch (ArgumentException)
        {
            return Bad();
        }
    }

    private static Error Bad() => Error.Invalid("sealed.bad-private-key", "This is not a private key of \"waymark export key\".", "这不是“waymark export key”所制的私钥。");
}
