using System.CommandLine;
using Waymark.App.Output;
using Waymark.Audit.Contracts;
using Waymark.Audit.Exporting;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Sodium;

namespace Waymark.App.CommandLine.Commands;

/// <summary>What a verification found, as it is printed.</summary>
public sealed record LedgerVerifyOutput(
    bool Holds, string? Origin, long? Size, string? Root, long Entries, int CheckpointsCompared, IReadOnlyList<LedgerSigner> Signers,
    IReadOnlyList<Error> Faults, IReadOnlyList<Error> Notices);

/// <summary>Who signed the newest checkpoint; a witness with its time.</summary>
public sealed record LedgerSigner(string Name, DateTimeOffset? Witnessed);

/// <summary><c>waymark ledger key|export|prove|verify</c>.</summary>
public static class LedgerCommand
{
    public static Command Make(CommandMaker make) => make.Verb("ledger", "the log of every use of a person's data, to be checked by anyone",
        "个人数据每次使用的账本，任何人都可核查", Key(make), Export(make), Prove(make), Verify(make));

    private static Command Key(CommandMaker make) =>
        make.Does(make.Verb("key", "the public key that checks this ledger", "核查本账本的公钥"), (context, cancellationToken) => context.WithStore(
            async platform =>
            {
                var keys = await LedgerKeys.OpenAsync(platform.Keys, SodiumEd25519.Instance, cancellationToken);
                if (!keys.IsOk)
                {
                    return context.Fail(keys.Error);
                }

                context.Terminal.Output.WriteLine(keys.Value.Log.Key.ToString());
                return ExitCode.Done;
            },
            cancellationToken));

    private static Command Export(CommandMaker make)
    {
        var folder = make.Argument<string>("DIR", "a new or empty folder", "新建或空文件夹");
        var published = make.Flag("--published", "only what others may see", "仅限他人可见的部分");
        var without = make.Flag("--without-entries", "hashes and checkpoints only", "仅哈希与检查点");
        return make.Does(make.Verb("export", "write the ledger as files that anyone can check", "将账本写为任何人可核查的文件", folder, published, without), (context, cancellationToken) =>
            context.WithStore(
                async platform =>
                {
                    var report = await LedgerExport.WriteAsync(platform.Store.Ledger, context.Terminal.FullPath(context.Get(folder)!),
                        context.Get(published), !context.Get(without), cancellationToken);
                    if (!report.IsOk)
                    {
                        return context.Fail(report.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.ledger-export/1", report.Value);
                    }
                    else
                    {
                        context.Terminal.Output.WriteLine($"{report.Value.Size} {report.Value.Root}");
                    }

                    return ExitCode.Done;
                },
                cancellationToken));
    }

    private static Command Prove(CommandMaker make)
    {
        var leaf = make.Argument<string>("LEAF", "the id of a leaf, 32 hexadecimal digits", "条目编号，32 位十六进制数字");
        var published = make.Flag("--published", "under the newest published checkpoint, with its cosignatures", "以最新已发布检查点及其见证签名为准");
        return make.Does(make.Verb("prove", "the proof for one leaf, to be kept and checked anywhere", "某一条目的证明，可保存并随处核查", leaf, published), (context, cancellationToken) =>
            context.WithStore(
                async platform =>
                {
                    if (!LeafId.TryParse(context.Get(leaf)!, out var id))
                    {
                        return context.Fail(Error.Invalid("ledger.bad-leaf", "A leaf has an id of 32 hexadecimal digits.", "条目编号为 32 位十六进制数字。", context.Get(leaf)));
                    }

                    var proof = await StoredProofs.ProveAsync(platform.Store.Ledger, id, context.Get(published), cancellationToken);
                    if (!proof.IsOk)
                    {
                        return context.Fail(proof.Error);
                    }

                    context.Terminal.Output.Write(proof.Value.ToString());
                    return ExitCode.Done;
                },
                cancellationToken));
    }

    private static Command Verify(CommandMaker make)
    {
        var path = make.Argument<string>("DIR", "an exported ledger, or the file of a proof", "导出的账本，或证明文件");
        var key = make.Option<string>("--key", "VKEY", "the public key of the ledger", "账本公钥");
        key.Required = true;
        var witness = make.Option<string[]>("--witness", "VKEY", "a witness that you trust; may be repeated", "你信任的见证公钥，可重复");
        var quorum = make.Option<int>("--quorum", "N", "how many witnesses must have cosigned (0)", "须有多少见证签名（0）");
        var earlier = make.Option<string[]>("--earlier", "FILE", "a checkpoint kept outside; shows roll-back and fork; may be repeated", "在外保存的较早检查点，用于发现回退与分叉，可重复");
        var without = make.Flag("--without-entries", "the export has hashes only", "导出仅含哈希");
        return make.Does(make.Verb("verify", "check an exported ledger or a proof, without any store", "核查导出的账本或证明，无需存储", path, key, witness, quorum, earlier, without),
            (context, _) => Task.FromResult(Verify(context, context.Get(path)!, context.Get(key)!, context.Get(witness) ?? [], context.Get(quorum),
                context.Get(earlier) ?? [], !context.Get(without))));
    }

    private static int Verify(CommandContext context, string path, string key, string[] witness, int quorum, string[] earlier, bool withEntries)
    {
        var keys = new List<NoteKey>();
        foreach (var text in (string[])[key, .. witness])
        {
            var read = NoteKey.Parse(text);
            if (!read.IsOk)
            {
                return context.Fail(read.Error);
            }

            keys.Add(read.Value);
        }

        var notes = new List<SignedNote>();
        foreach (var file in earlier)
        {
            var full = context.Terminal.FullPath(file);
            var read = File.Exists(full) ? SignedNote.Parse(File.ReadAllBytes(full)) : NotFound(file);
            if (!read.IsOk)
            {
                return context.Fail(read.Error with { Where = file });
            }

            notes.Add(read.Value);
        }

        var target = context.Terminal.FullPath(path);
        var question = new LedgerQuestion { Log = keys[0], Witnesses = keys[1..], Quorum = quorum, Earlier = notes, WithEntries = withEntries };
        return File.Exists(target) ? Write(context, ProofVerifier.Verify(SodiumEd25519.Instance, File.ReadAllBytes(target), question))
            : Directory.Exists(target) ? Write(context, LedgerVerifier.Verify(SodiumEd25519.Instance, new FolderFiles(target), question))
            : context.Fail(NotFound(path).Error!);
    }

    private static Result<SignedNote> NotFound(string path) =>
        Error.NotFound("ledger.not-found", "There is no such file or folder.", "没有这个文件或文件夹。", path);

    private static int Write(CommandContext context, LedgerVerdict verdict)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.ledger-verify/1", new LedgerVerifyOutput(verdict.Holds, verdict.Checkpoint?.Origin, verdict.Checkpoint?.Size,
                verdict.Checkpoint?.Root.ToString(), verdict.Entries, verdict.CheckpointsCompared,
                [.. verdict.Statements.Select(s => new LedgerSigner(s.Key.Name, s.Witnessed))], verdict.Faults, verdict.Notices));
        }
        else
        {
            foreach (var finding in verdict.Notices.Concat(verdict.Faults))
            {
                context.Terminal.Output.WriteLine(finding.In(context.Language.Tag));
            }

            foreach (var witness in verdict.Statements.Where(s => s.Witnessed is not null))
            {
                context.Terminal.Output.WriteLine(context.Say("witnessed by", "见证：") + $" {witness.Key.Name} {Moment.Text(witness.Witnessed!.Value)}");
            }

            context.Terminal.Output.WriteLine(verdict.Holds
                ? $"{context.Say("holds", "成立")} {verdict.Checkpoint!.Size} {verdict.Checkpoint.Root}"
                : context.Say("does not hold", "不成立"));
        }

        return verdict.Holds ? ExitCode.Done : ExitCode.Faults;
    }
}
