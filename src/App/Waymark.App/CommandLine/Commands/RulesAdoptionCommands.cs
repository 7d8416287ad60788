using System.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.App.Protection;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Protection.Features;
using Waymark.Sodium;

namespace Waymark.App.CommandLine.Commands;

/// <summary>
/// <c>waymark rules adopt|adoptions|sign</c>. The machine lays a pack before the two persons, with signature and notice where it loosens; adopting is theirs, in
/// the browser, each with a trusted security key.
/// </summary>
public static class RulesAdoptionCommands
{
    private const string AuthorityKey = "packs.authority";

    public static Command Adopt(CommandMaker make)
    {
        var pack = Pack(make);
        var signature = make.Option<string?>("--signature", "FILE", "the pack authority's signature (a signed note)", "规则包主管机构的签名文件");
        var notice = make.Option<string?>("--notice", "TEXT", "public notice in English", "英文公告");
        var noticeZh = make.Option<string?>("--notice-zh", "TEXT", "public notice in Chinese", "中文公告");
        return make.Does(make.Verb("adopt", "lay a pack before the two persons who adopt it", "将规则包提交两位采纳人", pack, signature, notice, noticeZh), (context, cancellationToken) =>
            WithBook(context, async (_, book) =>
            {
                var file = context.Get(signature) is { } path ? new FileInfo(context.Terminal.FullPath(path)) : null;
                if (file is not null && (!file.Exists || file.Length > SignedNote.LongestNote))
                {
                    return context.Fail(Error.NotFound("adoption.no-signature", "There is no such signature file.", "没有此签名文件。", file.Name));
                }

                var text = context.Get(notice) is { Length: > 0 and <= 2_000 } en && context.Get(noticeZh) is { Length: > 0 and <= 2_000 } zh ? new LocalText(en, zh) : null;
                var offer = await book.Adoptions.OfferAsync("cli", context.Get(pack)!, file is null ? null : await File.ReadAllBytesAsync(file.FullName, cancellationToken), text, cancellationToken);
                if (!offer.IsOk)
                {
                    return context.Fail(offer.Error);
                }

                var unverified = Adoptions.Unverified(book.Rules.Packs.First(known => known.Id == offer.Value.Pack)).Count;
                if (context.Json)
                {
                    context.WriteJson("waymark.adoption-offer/1", new AdoptionOfferOutput(offer.Value.Pack, offer.Value.Hash, offer.Value.Change, offer.Value.SignedBy, unverified));
                    return ExitCode.Done;
                }

                context.Terminal.Output.WriteLine($"{offer.Value.Pack}  {offer.Value.Hash}  {offer.Value.Change}  {offer.Value.SignedBy}");
                context.Remark($"{unverified} rows that nobody verified. The legal officer and a second person adopt it at /protection/rules/{offer.Value.Pack}.",
                    $"有 {unverified} 条未核实的条目。须由法务官与另一人在 /protection/rules/{offer.Value.Pack} 采纳。");
                return ExitCode.Done;
            }, cancellationToken));
    }

    public static Command List(CommandMaker make) => make.Does(make.Verb("adoptions", "which packs were adopted, by two persons", "哪些规则包已由两人采纳"), (context, cancellationToken) =>
        WithBook(context, async (_, book) =>
        {
            var states = (await book.StatesAsync(cancellationToken)).Select(state => new AdoptionLine(state.Pack.Id, state.Pack.Version,
                System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(state.State.ToString()), state.InForce?.Version, state.Adoption?.Change, state.InForce?.SecondAt)).ToList();
            if (context.Json)
            {
                context.WriteJson("waymark.adoptions/1", new AdoptionsOutput(states));
                return ExitCode.Done;
            }

            var table = new TextTable(new(context.Say("pack", "包")), new(context.Say("version", "版本")), new(context.Say("state", "状态")), new(context.Say("in force", "生效版本")),
                new(context.Say("change", "变化")), new(context.Say("adopted", "采纳时间")));
            foreach (var state in states)
            {
                table.Add(state.Pack, state.Version, state.State, state.InForce, state.Change, state.AdoptedAt is { } at ? Moment.Text(at) : null);
            }

            table.Write(context.Terminal.Output);
            return ExitCode.Done;
        }, cancellationToken));

    public static Command Sign(CommandMaker make)
    {
        var pack = Pack(make);
        return make.Does(make.Verb("sign", "sign a pack as pack authority, with this machine's key", "以本机密钥作为规则包主管机构签署", pack), (context, cancellationToken) =>
            WithBook(context, async (platform, book) =>
            {
                if (book.Rules.Packs.FirstOrDefault(known => known.Id == context.Get(pack)) is not { } found)
                {
                    return context.Fail(Error.NotFound("adoption.unknown", "There is no such rule pack.", "没有此规则包。", context.Get(pack)));
                }

                var seed = await platform.Keys.GetOrCreateAsync(AuthorityKey, 32, cancellationToken);
                if (!seed.IsOk)
                {
                    return context.Fail(seed.Error);
                }

                var name = $"packs.waymark/{Convert.ToHexStringLower(SodiumEd25519.Instance.PublicKey(seed.Value).AsSpan(0, 8))}";
                var signer = new NoteSigner(SodiumEd25519.Instance, name, NoteKeyType.Ed25519, seed.Value);
                var text = PackAuthorities.Text(found.Id, found.Version, found.Hash);
                var note = System.Text.Encoding.UTF8.GetString(new SignedNote(text, [signer.Sign(text, default)]).ToBytes());
                if (context.Json)
                {
                    context.WriteJson("waymark.pack-signature/1", new PackSignatureOutput(found.Id, found.Version, signer.Key.ToString(), note));
                    return ExitCode.Done;
                }

                context.Remark($"Line for {AuthorityFile.FileName} of the key folder where it shall count:\n{signer.Key}", $"请将下行加入需认可此签名的节点密钥文件夹中的 {AuthorityFile.FileName}：\n{signer.Key}");
                await context.Terminal.Output.WriteAsync(note);
                return ExitCode.Done;
            }, cancellationToken));
    }

    private static Argument<string> Pack(CommandMaker make) => make.Argument<string>("PACK", "id of a rule pack", "规则包标识");

    /// <summary>The rule book over the store; no evidence engine is opened.</summary>
    internal static Task<int> WithBook(CommandContext context, Func<StorePlatform, RuleBook, Task<int>> work, CancellationToken cancellationToken) => context.WithStore(
        async platform =>
        {
            var loaded = PackLibrary.Load(platform.Settings.PackFolders, cancellationToken);
            if (loaded.Errors.FirstOrDefault() is { } fault)
            {
                return context.Fail(fault);
            }

            var book = Api.ProtectionForms.OpenBook(platform, loaded.Library, platform.Store);
            return book.IsOk ? await work(platform, book.Value) : context.Fail(book.Error);
        },
        cancellationToken);
}
