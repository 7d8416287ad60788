using System.CommandLine;
using Waymark.App.Output;
using Waymark.Linkage.Private;
using Waymark.Matching;
using Waymark.Model;
using Waymark.Sodium;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link tokens seek|ask|answer|compare</c>: the token channel between two organisations, over files.</summary>
internal static class LinkTokenVerbs
{
    public static Command Make(CommandMaker make) => make.Verb(
        "tokens", "find between two organisations who is sought, without showing a list: seek, ask, answer, compare", "在两个组织之间查找被寻者而不出示名单：seek、ask、answer、compare",
        Seek(make), Ask(make), Answer(make), Compare(make));

    private static Command Seek(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var output = Required(make, "--out", "FILE", "the request, for the holder", "请求，交给持有方", "-o");
        var key = Required(make, "--key", "KEYFILE", "the key of this epoch, new with each request; stays with you", "本时段密钥，每次请求新建；自行保存");
        var command = make.Verb("seek", "seeker: a request with padded tags of the persons sought, under a new key", "寻找方：以新密钥生成含填充标签的请求", [.. words.ReadingOne, output, key]);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var (request, keyFile) = (context.Get(output)!, context.Get(key)!);
            var read = Taken(context, keyFile, TokenFiles.SpentBeside(keyFile)) is { } taken ? taken : Persons(context, words, MatchSide.Seeker, cancellationToken, request, keyFile);
            var opened = read.Then(new TokenFiles(SodiumRistretto255.Instance).Seek);
            if (!opened.IsOk)
            {
                return context.Fail(opened.Error);
            }

            var seeker = opened.Value;
            var written = await ResultFile.WriteSecretAsync(context, keyFile, stream => TokenFiles.WriteKey(stream, seeker.Key), cancellationToken);
            written = written.IsOk ? await ResultFile.WriteSecretAsync(context, TokenFiles.SpentBeside(keyFile), stream => TokenFiles.WriteNothingSpent(stream, seeker.Key), cancellationToken) : written;
            written = written.IsOk ? await ResultFile.WriteAsync(context, request, stream => Task.FromResult(TokenFiles.WriteRequest(stream, seeker.Offer)), cancellationToken) : written;
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }

            var (file, keys) = (read.Value.File, read.Value);
            var result = new LinkTokensSeekOutput(Hex(seeker.Offer.PublicKey), file.RowsRead, file.AsideCount, keys.WithoutKey, keys.Keys.Count, seeker.Offer.Tags.Count, request, keyFile);
            return End(context, "waymark.link-tokens-seek/1", result, file,
                $"{result.Keys} keys of {file.Table.Rows} records, {result.WithoutKey} records without a key; {result.Tags} tags with padding. Commitment {result.Commitment}: tell it to the holder by another way. Only {request} leaves; keep {keyFile}.",
                $"{file.Table.Rows} 条记录共 {result.Keys} 个键，{result.WithoutKey} 条无键；含填充共 {result.Tags} 个标签。承诺 {result.Commitment}：请另行告知持有方。只有 {request} 可以交出；请保管 {keyFile}。");
        });
    }

    private static Command Ask(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var request = Required(make, "--request", "FILE", "the seeker's request", "寻找方的请求");
        var output = Required(make, "--out", "FILE", "the ask, for the seeker: blinded keys of your records", "询问，交给寻找方：己方记录的盲化键", "-o");
        var state = Required(make, "--state", "FILE", "what `compare` needs; as sensitive as your file, stays with you", "`compare` 所需的状态；敏感程度与原文件相同，自行保存");
        var command = make.Verb("ask", "holder: ask for the tags of your own records, blinded", "持有方：以盲化方式询问己方记录的标签", [.. words.ReadingOne, request, output, state]);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var (target, stateFile) = (context.Get(output)!, context.Get(state)!);
            var read = Taken(context, stateFile) is { } taken ? taken : Persons(context, words, MatchSide.Holder, cancellationToken, target, stateFile);
            var asked = read.Then(keys => new TokenFiles(SodiumRistretto255.Instance).Ask(context.Terminal.FullPath(context.Get(request)!), keys));
            if (!asked.IsOk)
            {
                return context.Fail(asked.Error);
            }

            var (ask, kept) = asked.Value;
            var written = await ResultFile.WriteSecretAsync(context, stateFile, stream => TokenFiles.WriteState(stream, kept, read.Value), cancellationToken);
            written = written.IsOk ? await ResultFile.WriteAsync(context, target, stream => Task.FromResult(TokenFiles.WriteAsk(stream, ask)), cancellationToken) : written;
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }

            var file = read.Value.File;
            var result = new LinkTokensAskOutput(Hex(ask.PublicKey), file.RowsRead, file.AsideCount, read.Value.WithoutKey, ask.Blinded.Count, target, stateFile);
            return End(context, "waymark.link-tokens-ask/1", result, file,
                $"{result.Asked} keys asked with padding, {result.WithoutKey} records without a key. The seeker is bound to {result.Commitment}: compare it with what the seeker told you. Only {target} leaves; keep {stateFile}.",
                $"含填充共询问 {result.Asked} 个键，{result.WithoutKey} 条记录无键。寻找方承诺为 {result.Commitment}：请与其告知的核对。只有 {target} 可以交出；请保管 {stateFile}。");
        });
    }

    private static Command Answer(CommandMaker make)
    {
        var ask = make.Argument<string>("ask.wmt", "the holder's ask", "持有方的询问");
        var key = Required(make, "--key", "KEYFILE", "the key that `seek` made; the count of its budget lies beside it", "`seek` 生成的密钥；其额度计数与之并存");
        var budget = make.Option<int?>("--budget", "N", "most keys that are answered under this key, over all calls", "此密钥下所有调用合计最多答复的键数");
        budget.Required = true;
        var output = Required(make, "--out", "FILE", "the answer, for the holder", "答复，交给持有方", "-o");
        var command = make.Verb("answer", "seeker: answer an ask within the budget, with proofs; you learn only how many keys", "寻找方：在额度内附证明答复；只得知键数", ask, key, budget, output);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var (target, most) = (context.Get(output)!, context.Get(budget) ?? 0);
            if (Named(target) is { } unnamed)
            {
                return context.Fail(unnamed);
            }

            if (most < 1)
            {
                return context.Fail(Error.Invalid("link.budget", "A budget is a number above 0.", "额度应为大于 0 的数。"));
            }

            var answered = new TokenFiles(SodiumRistretto255.Instance).Answer(context.Terminal.FullPath(context.Get(ask)!), context.Terminal.FullPath(context.Get(key)!), most);
            var written = answered.IsOk
                ? await ResultFile.WriteAsync(context, target, stream => Task.FromResult(TokenFiles.WriteAnswer(stream, answered.Value.Answer)), cancellationToken) : answered.Error;
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }

            var given = answered.Value;
            var result = new LinkTokensAnswerOutput(Hex(given.PublicKey), given.Answer.Evaluated.Count, given.IsRetry, given.Spent, most, target);
            return End(context, "waymark.link-tokens-answer/1", result, null,
                $"{result.Answered} keys answered{(given.IsRetry ? ", counted before" : "")}; {result.Spent} of {most} spent.",
                $"已答复 {result.Answered} 个键{(given.IsRetry ? "（此前已计数）" : "")}；额度 {most} 已用 {result.Spent}。");
        });
    }

    private static Command Compare(CommandMaker make)
    {
        var answer = make.Argument<string>("answer.wmt", "the seeker's answer", "寻找方的答复");
        var state = Required(make, "--state", "FILE", "the state that `ask` kept", "`ask` 保存的状态");
        var output = make.Option<string?>("--out", "FILE", "candidates as CSV: id, keys (else stdout)", "候选写入 CSV：id、keys（否则 stdout）", "-o");
        var command = make.Verb("compare", "holder: check the proofs and list your records to review; the seeker learns nothing of them", "持有方：核对证明并列出须审阅的己方记录；寻找方对此一无所知", answer, state, output);
        return make.Does(command, async (context, cancellationToken) =>
        {
            if (context.Json && context.Get(output) is null or "-")
            {
                if (context.Json)
                {
                    return context.Fail(Error.Invalid("link.json-out", "--json needs --out FILE for the candidates.", "使用 --json 时须用 --out FILE 存放候选。"));
                }
            }

            var found = new TokenFiles(SodiumRistretto255.Instance).Compare(context.Terminal.FullPath(context.Get(answer)!), context.Terminal.FullPath(context.Get(state)!));
            var written = found.IsOk
                ? await ResultFile.WriteAsync(context, context.Get(output), stream => Task.FromResult(TokenFiles.WriteCandidates(stream, found.Value)), cancellationToken, isSecret: true) : found.Error;
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }

            var result = new LinkTokensCompareOutput(Hex(found.Value.PublicKey), found.Value.Candidates.Count, found.Value.KeysInCommon);
            return End(context, "waymark.link-tokens-compare/1", result, null,
                $"Proofs hold. {result.Candidates} of your records share a key with someone sought. A key in common is a candidate, not a person: review each before anything is said to the seeker.",
                $"证明成立。己方有 {result.Candidates} 条记录与被寻者有共同的键。键相等只是候选，并不等于同一人：告知寻找方之前请逐一审阅。");
        });
    }

    private static Option<string?> Required(CommandMaker make, string name, string helpName, string en, string zh, params string[] aliases)
    {
        var option = make.Option<string?>(name, helpName, en, zh, aliases);
        option.Required = true;
        return option;
    }

    private static Result<KeyedFile> Persons(CommandContext context, LinkOptions words, MatchSide side, CancellationToken cancellationToken, params string[] targets) =>
        targets.Select(Named).FirstOrDefault(wrong => wrong is not null)
            ?? (targets.Select(context.Terminal.FullPath).Distinct(StringComparer.Ordinal).Count() < targets.Length
                ? Error.Invalid("link.same-file", "What leaves and what stays need two files.", "交出与自存的内容须用两个文件。", targets[0]) : null)
            ?? words.Request(context).Then(request => TokenFiles.Keys(request, side, cancellationToken));

    /// <summary>Keys and states are never written over: what was sent under the old one could not be answered or compared any more.</summary>
    private static Error? Taken(CommandContext context, params string[] files) => files.FirstOrDefault(file => File.Exists(context.Terminal.FullPath(file))) is { } there
        ? Error.Conflict("link.tokens-exists", "The file exists already, and an exchange may depend on it.", "文件已存在，可能有交换依赖于它。", there)
            .WithHint("Name a new file for a new exchange.", "新的交换请使用新的文件名。")
        : null;

    private static Error? Named(string file) => file == "-" ? Error.Invalid("link.out-file", "This needs a file.", "此内容须写入文件。") : null;

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static int End<T>(CommandContext context, string schema, T result, RegisterFile? file, string en, string zh)
        where T : notnull
    {
        if (context.Json)
        {
            context.WriteJson(schema, result, file?.Warnings ?? []);
        }
        else
        {
            context.Remark(en, zh);
        }

        return file?.AsideCount > 0 ? ExitCode.Faults : ExitCode.Done;
    }
}
