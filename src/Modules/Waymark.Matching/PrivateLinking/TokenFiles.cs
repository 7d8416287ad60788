using Waymark.Linkage.Private;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>A file of persons and the keys under which they can be found.</summary>
/// <param name="File">The file as read.</param>
/// <param name="Keys">Keys of its records.</param>
public sealed record KeyedFile(RegisterFile File, IReadOnlyList<MatchKey> Keys)
{
    /// <summary>Records that know too little to be found.</summary>
    public int WithoutKey => File.Table.Rows - Keys.Select(k => k.Record).Distinct().Count();
}

/// <summary>An answer, and how the budget stands after it.</summary>
public sealed record BudgetedAnswer(TokenAnswer Answer, byte[] PublicKey, bool IsRetry, int Spent);

/// <summary>What a holder found.</summary>
/// <param name="Candidates">Ids of its records, and which kinds of keys were equal.</param>
/// <param name="PublicKey">The seeker's commitment that the proofs were checked against.</param>
/// <param name="KeysInCommon">How many keys led there.</param>
public sealed record FoundCandidates(IReadOnlyList<(string Id, string Kinds)> Candidates, byte[] PublicKey, int KeysInCommon);

/// <summary>
/// The token channel over files. The seeker seeks and answers, the holder asks and compares; what crosses between them is the request, the ask
/// and the answer. The count of what the seeker's key has answered lies beside the key and is written before the answer is.
/// </summary>
public sealed class TokenFiles(IRistretto255 group)
{
    private const long MostBytes = 1L << 30;

    /// <summary>Where the count of a key's budget lies.</summary>
    public static string SpentBeside(string keyFile) => keyFile + ".spent";

    /// <summary>Reads a file of persons, unless it is a marked export, and makes the keys of its records.</summary>
    public static Result<KeyedFile> Keys(LinkFilesRequest request, MatchSide side, CancellationToken cancel)
    {
        var pack = LinkagePack.Read(request.PacksFolder);
        var file = pack.Then(_ => PrivateFiles.Open(request, cancel));
        var keys = file.Then(f => MatchKeys.Of(f.Table, pack.Value.Knowledge, request.Map, side));
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        if (keys.Value.Count == 0)
        {
            return Error.Invalid("matching.no-keys", "No record has a key.", "没有任何记录可生成键。", Path.GetFileName(request.Left))
                .WithHint("A key needs two parts of a name and a year of birth, or a telephone, document or e-mail.", "键需要两个姓名部分加出生年份，或电话、证件、电子邮件。");
        }

        var most = side == MatchSide.Seeker ? TokenFileFormat.MostTags - TokenSeeker.Padding : TokenFileFormat.MostKeys - Voprf.MostInBatch;
        return keys.Value.Count > most
            ? Error.TooLarge("matching.too-many-keys", $"At most {most} keys cross at once.", $"一次最多交换 {most} 个键。", Path.GetFileName(request.Left))
            : new KeyedFile(file.Value, keys.Value);
    }

    public Result<TokenSeeker> Seek(KeyedFile file) => TokenSeeker.Open(group, file.Keys, 0);

    /// <summary>Blinds the holder's keys for a request.</summary>
    public Result<(TokenAsk Ask, HolderState State)> Ask(string requestFile, KeyedFile file) =>
        Read(requestFile, TokenFileFormat.ReadOffer).Then(offer => TokenHolder.Open(group, offer, file.Keys)).Then(holder => holder.AskAll());

    /// <summary>
    /// Answers an ask whole or refuses it whole. Two calls with one key cannot run at the same time; an ask that was counted before is answered
    /// again without being counted.
    /// </summary>
    public Result<BudgetedAnswer> Answer(string askFile, string keyFile, int budget) => Read(askFile, TokenFileFormat.ReadAsk).Then(asked => Locked(keyFile, text =>
    {
        var key = TokenFileFormat.ReadKey(text, Path.GetFileName(keyFile));
        var spentFile = SpentBeside(keyFile);
        var spent = key.Then(_ => File.Exists(spentFile)
            ? Read(spentFile, TokenFileFormat.ReadSpent)
            : Error.Refused("matching.token-spent", "The count of the key's budget is missing, so nothing can be answered.", "缺少密钥额度的计数，无法答复。", Path.GetFileName(spentFile))
                .WithHint("Bring it back, or begin a new epoch with `waymark link tokens seek`.", "请恢复该文件，或用 `waymark link tokens seek` 开始新时段。"));
        if (!spent.IsOk)
        {
            return spent.Error;
        }

        if (!spent.Value.Epoch.AsSpan().SequenceEqual(key.Value.Epoch))
        {
            return Error.Refused("matching.token-spent", "The count belongs to another key.", "该计数属于另一密钥。", Path.GetFileName(spentFile));
        }

        var isRetry = spent.Value.Asks.ContainsKey(asked.Hash);
        var total = spent.Value.Total + (isRetry ? 0 : asked.Ask.Blinded.Count);
        if (!isRetry && total > budget)
        {
            return Error.Refused(
                "linkage.token-budget", $"{asked.Ask.Blinded.Count} keys are asked, and {Math.Max(0, budget - spent.Value.Total)} of {budget} are left. Nothing was answered.",
                $"询问 {asked.Ask.Blinded.Count} 个键，额度 {budget} 中尚余 {Math.Max(0, budget - spent.Value.Total)}。未作任何答复。", Path.GetFileName(askFile));
        }

        var answer = TokenSeeker.Resume(group, key.Value, asked.Ask.Blinded.Count).Then(seeker => seeker.Answer(asked.Ask));
        if (answer.IsOk && !isRetry)
        {
            var asks = new Dictionary<string, int>(spent.Value.Asks, StringComparer.Ordinal) { [asked.Hash] = asked.Ask.Blinded.Count };
            WriteSpent(spentFile, spent.Value with { Asks = asks });
        }

        return answer.Select(given => new BudgetedAnswer(given, key.Value.PublicKey, isRetry, total));
    }));

    /// <summary>Checks the proofs of an answer and compares: the holder's candidates.</summary>
    public Result<FoundCandidates> Compare(string answerFile, string stateFile)
    {
        var answer = Read(answerFile, TokenFileFormat.ReadAnswer);
        var state = answer.Then(_ => Read(stateFile, TokenFileFormat.ReadState));
        var holder = state.Then(kept => TokenHolder.Resume(group, kept.State));
        var found = holder.Then(h => h.Take(answer.Value));
        return found.Select(common => new FoundCandidates(
            [.. holder.Value.Candidates().Select(c => (state.Value.Ids[c.Record], string.Join(' ', c.Kinds)))], state.Value.State.Offer.PublicKey, common));
    }

    public static Result<bool> WriteRequest(Stream stream, TokenOffer offer) => PrivateFiles.Lines(stream, TokenFileFormat.Lines(offer));

    public static Result<bool> WriteKey(Stream stream, EpochKey key) => PrivateFiles.Lines(stream, TokenFileFormat.Lines(key));

    public static Result<bool> WriteNothingSpent(Stream stream, EpochKey key) =>
        PrivateFiles.Lines(stream, TokenFileFormat.Lines(new SpentBudget(key.Epoch, new Dictionary<string, int>())));

    public static Result<bool> WriteAsk(Stream stream, TokenAsk ask) => PrivateFiles.Lines(stream, TokenFileFormat.Lines(ask));

    public static Result<bool> WriteState(Stream stream, HolderState state, KeyedFile file) =>
        PrivateFiles.Lines(stream, TokenFileFormat.Lines(state, file.File.Table.Id));

    public static Result<bool> WriteAnswer(Stream stream, TokenAnswer answer) => PrivateFiles.Lines(stream, TokenFileFormat.Lines(answer));

    public static Result<bool> WriteCandidates(Stream stream, FoundCandidates found) =>
        PrivateFiles.Lines(stream, found.Candidates.Select(c => PrivateFiles.Quoted(c.Id) + "," + c.Kinds).Prepend("id,keys"));

    private static Result<T> Read<T>(string path, Func<IEnumerable<string>, string, Result<T>> read) => ExportMark.Check(path)
        .Then(_ => PrivateFiles.Guarded(path, () => new FileInfo(path).Length > MostBytes
            ? Error.TooLarge("linkage.token-file-size", "The file is too large.", "文件过大。", Path.GetFileName(path))
            : read(File.ReadLines(path), Path.GetFileName(path))));

    /// <summary>Reads the key under a lock that is held until the answer is made.</summary>
    private static Result<T> Locked<T>(string path, Func<IEnumerable<string>, Result<T>> work) => PrivateFiles.Guarded(path, () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        if (file.Length > 1 << 16)
        {
            return Error.TooLarge("linkage.token-file-size", "The file is too large.", "文件过大。", Path.GetFileName(path));
        }

        using var reader = new StreamReader(file);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return work(lines);
    });

    /// <summary>Under its name only when it is whole and on the disk.</summary>
    private static void WriteSpent(string path, SpentBudget spent)
    {
        var temporary = path + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            PrivateFiles.Lines(stream, TokenFileFormat.Lines(spent));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
