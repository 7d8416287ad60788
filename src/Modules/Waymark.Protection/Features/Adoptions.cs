using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Rules.Analysis;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>
/// The one place where adoption is judged. Versions only rise; going back to what an older version said is a new version. Whatever the analyser does not prove to be
/// the same or tighter needs the pack authority's signature and a public notice beside the two persons (M72, M74).
/// </summary>
public sealed class Adoptions(RulePackSet rules, IReadOnlyDictionary<string, RulePackDocument> documents, PackAuthorities? authorities, IStore store, IKeyStore keys, TimeProvider time)
{
    private const string OfferRegister = "protection.adoption-offer";
    private const string SeenRegister = "protection.packs-held";
    private const int MostWaiting = 8;
    private static readonly TimeSpan s_clockPlay = TimeSpan.FromMinutes(5);
    private readonly ActLeaves _leaves = new(keys);

    /// <summary>The same over another door to the store.</summary>
    public Adoptions Over(IStore other) => new(rules, documents, authorities, other, keys, time);

    /// <summary>The words of an answer: which packs permitted, never that it is lawful.</summary>
    public static LocalText PermittedBy(IEnumerable<string> packs)
    {
        var ids = packs.ToList();
        return new($"Permitted by {string.Join(", ", ids)}.", $"由{string.Join("、", ids)}许可。");
    }

    public async Task<IReadOnlyList<PackState>> StatesAsync(CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Registers.Adoption, [], Limit: 1_000), cancellationToken);
        var files = page.IsOk ? page.Value.Records.ToDictionary(record => record.Id, Registers.Read<AdoptionFile>, StringComparer.Ordinal) : throw new StoreException(page.Error);
        var held = await HeldAsync(cancellationToken);
        return [.. rules.Packs.Select(pack => files.TryGetValue(pack.Id, out var file) ? new PackState(pack, file.InForce, file.Begun) : new PackState(pack, null))
            .Select(state => state with { Waited = [.. Waiting(held.Packs.GetValueOrDefault(state.Pack.Id), state.InForce).Select(item => item.Hash).Where(hash => hash != state.Pack.Hash)] })];
    }

    /// <summary>What came in for these very bytes, or null.</summary>
    public async Task<AdoptionOffer?> OfferOfAsync(RulePack pack, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(OfferRegister, pack.Id, cancellationToken) is { } record && Registers.Read<AdoptionOffer>(record) is { } offer && offer.Hash == pack.Hash ? offer : null;

    /// <summary>
    /// Lays a pack before the two persons, with signature (a signed note) and notice where it loosens. Adopts nothing. Errors: <c>adoption.unknown</c>,
    /// <c>adoption.older</c>, <c>adoption.same-version</c>, <c>adoption.no-authority</c>, <c>adoption.unsigned</c>, <c>adoption.no-notice</c>.
    /// </summary>
    public async Task<Result<AdoptionOffer>> OfferAsync(string actor, string pack, byte[]? signature, LocalText? notice, CancellationToken cancellationToken)
    {
        if (rules.Packs.FirstOrDefault(known => known.Id == pack && !known.IsFloor) is not { } found)
        {
            return Unknown(pack);
        }

        var (_, file) = await FileAsync(pack, cancellationToken);
        if (Rises(found, file.InForce) is { } older)
        {
            return older;
        }

        var (change, loosened) = await ChangeAsync(found, file.InForce, cancellationToken);
        var signer = signature is null ? null : authorities?.SignerOf(found, signature);
        var offer = new AdoptionOffer(pack, found.Hash, change, signer, notice, loosened);
        if ((signature is not null && signer is null) || Lacks(found, file.InForce, offer) is not null)
        {
            return Lacks(found, file.InForce, offer) ?? Unsigned(pack);
        }

        var known = await store.Records.GetAsync(OfferRegister, pack, cancellationToken);
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor, Reason = "pack.offered", Records = [Registers.Write(OfferRegister, pack, known?.Version ?? 0, offer, "offered")] }, [], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? offer : written.Error;
    }

    /// <summary>
    /// Adopts a pack as it is now: first the legal officer, then a second person; <paramref name="rowsSeen"/> are the unverified rules that this person saw.
    /// Errors: <c>adoption.role</c>, <c>adoption.changed</c> (not the bytes that were shown), <c>adoption.rows</c>, <c>two.*</c> and those of <see cref="OfferAsync"/>.
    /// </summary>
    public async Task<Result<Adoption>> AdoptAsync(Actor actor, string pack, string hash, IReadOnlyList<string> rowsSeen, CancellationToken cancellationToken)
    {
        if (rules.Packs.FirstOrDefault(known => known.Id == pack) is not { } found)
        {
            return Unknown(pack);
        }

        if (found.Hash != hash)
        {
            return Error.Conflict("adoption.changed", "The pack is not the one that was shown.", "规则包与所显示的不一致。", pack);
        }

        if (Unverified(found).Except(rowsSeen, StringComparer.Ordinal).Any())
        {
            return Error.Refused("adoption.rows", "Whoever adopts a pack has seen every row that nobody verified.", "采纳者须已查看全部未核实的条目。", pack);
        }

        var (version, file) = await FileAsync(pack, cancellationToken);
        var now = time.GetUtcNow();
        if (Rises(found, file.InForce) is { } older)
        {
            return older;
        }

        AdoptionFile next;
        if (file.Begun is not { } begun || begun.Hash != hash)
        {
            if (actor.Role != "legal-officer" || !actor.IsHardware)
            {
                return Error.Refused("adoption.role", "The legal officer begins, signed in with a trusted security key.", "须由法务官使用受信安全密钥登录后发起。");
            }

            var offer = await OfferOfAsync(found, cancellationToken);
            var (change, loosened) = await ChangeAsync(found, file.InForce, cancellationToken);
            offer = (offer ?? new(pack, hash, change, null, null, loosened)) with { Change = change };
            if (Lacks(found, file.InForce, offer) is { } lacking)
            {
                return lacking;
            }

            next = file with { Begun = new(pack, hash, actor, now, null, null) { Version = found.Version, Change = change, RowsSeen = [.. rowsSeen], SignedBy = offer.SignedBy, Notice = offer.Notice } };
        }
        else if (TwoPersons.Check("", begun.First, begun.FirstAt, actor, now) is { } refusal)
        {
            return refusal;
        }
        else
        {
            next = new(begun with { Second = actor.Account, SecondAt = now, RowsSeen = [.. begun.RowsSeen.Intersect(rowsSeen, StringComparer.Ordinal)] }, null);
        }

        var kept = next.Begun is null && documents.TryGetValue(pack, out var document) && await store.Records.GetAsync(AdoptedPack.Register, hash, cancellationToken) is null
            ? new RecordWrite[] { new(AdoptedPack.Register, hash, 0, AdoptedPack.Bytes(document), Registers.Bytes(new { did = "kept" }), []) } : [];
        var written = await store.CommitAsync(
            _leaves, new()
            {
                Actor = actor.Account,
                Reason = next.Begun is null ? "pack.adopted" : "pack.adoption-begun",
                Records = [Registers.Write(Registers.Adoption, pack, version, next, next.Begun is null ? "adopted" : "begun", new RecordHead("hash", hash)), .. kept],
            },
            [], now, cancellationToken);
        return written.IsOk ? next.Begun ?? next.InForce! : written.Error;
    }

    /// <summary>
    /// Whether this node may start with its packs and its clock: no pack is older than it was at any earlier start or adoption, none says something else under the
    /// version that was adopted or here, no pack is gone that was adopted or forbade, and the clock is not behind the ledger (M74). Null when it may; else <c>packs.older</c>,
    /// <c>packs.changed</c>, <c>packs.gone</c>, <c>packs.waiting</c> or <c>clock.behind</c>, and a leaf says that it was tried. <c>ledger.no-store</c>: the packs are in order and the ledger
    /// does not answer, so that the clock cannot be judged yet; whoever asks goes on with protective acts only, and asks again.
    /// </summary>
    public async Task<Error?> MayStartAsync(CancellationToken cancellationToken)
    {
        var (record, seen) = await HeldAsync(cancellationToken);
        var before = new Dictionary<string, HeldPack>(seen, StringComparer.Ordinal);
        var page = await store.Records.ListAsync(new(Registers.Adoption, [], Limit: 1_000), cancellationToken);
        var adopted = page.IsOk ? page.Value.Records.Select(Registers.Read<AdoptionFile>).Select(file => file.InForce).OfType<Adoption>().ToList() : throw new StoreException(page.Error);
        var head = await HeadAsync(cancellationToken);
        var refusal = head.IsOk ? ClockBehind(head.Value) : null;
        foreach (var adoption in adopted.Where(item => rules.Packs.All(pack => pack.Id != item.Pack)))
        {
            refusal ??= await GoneAsync(adoption.Pack, "was adopted here", "曾在此采纳", [adoption.Hash], cancellationToken);
        }

        foreach (var (gone, last) in before.Where(pair => rules.Packs.All(pack => pack.Id != pair.Key) && adopted.All(item => item.Pack != pair.Key)))
        {
            // Nobody adopted it, and it forbade all the same: it is not taken away in silence.
            if (await ForbidsAsync(Waiting(last, null), cancellationToken))
            {
                refusal ??= await GoneAsync(gone, "forbade here", "曾在此起禁止作用", [.. Waiting(last, null).Select(item => item.Hash)], cancellationToken);
            }
        }

        var kept = new List<RecordWrite>();
        foreach (var pack in rules.Packs)
        {
            // Adopted or not, a pack forbids and obliges: what it says under one version is held to its bytes.
            var held = adopted.Where(item => item.Pack == pack.Id).Select(item => new HeldPack(item.Version, item.Hash))
                .Concat(seen.TryGetValue(pack.Id, out var known) ? [known] : []).OrderByDescending(item => Version.Parse(item.Version)).ToList();
            var (highest, version) = (held.FirstOrDefault(), Version.Parse(pack.Version));
            refusal ??= highest is not null && version < Version.Parse(highest.Version)
                ? Error.Refused("packs.older", $"The rule pack \"{pack.Id}\" {pack.Version} is older than {highest.Version}, which was in force here.", $"规则包“{pack.Id}”{pack.Version} 旧于曾在此生效的 {highest.Version}。", pack.Id)
                    .WithHint("Going back is a new, higher version that is adopted again.", "若须回退，请以更高的新版本重新采纳。") : null;
            refusal ??= held.Any(item => Version.Parse(item.Version) == version && item.Hash != pack.Hash)
                ? Error.Refused("packs.changed", $"The rule pack \"{pack.Id}\" {pack.Version} is not the one that was here under this version.", $"规则包“{pack.Id}”{pack.Version} 与此前同一版本不一致。", pack.Id)
                    .WithHint("A change is a new, higher version that is adopted.", "变更须以更高的新版本采纳。") : null;
            var inForce = adopted.FirstOrDefault(item => item.Pack == pack.Id);
            var waiting = Waiting(known, inForce);
            if (!pack.IsFloor && inForce?.Hash != pack.Hash && waiting.All(item => item.Hash != pack.Hash) && pack.Rules.Any(rule => rule.Kind is not RuleKind.Permission))
            {
                refusal ??= waiting.Count == MostWaiting ? Error.Refused("packs.waiting", $"{MostWaiting} versions of the rule pack \"{pack.Id}\" wait for adoption.", $"规则包“{pack.Id}”已有 {MostWaiting} 个版本待采纳。", pack.Id)
                    .WithHint("Adopt the one that shall be in force.", "请采纳应生效的版本。") : null;
                waiting = [.. waiting, new(pack.Version, pack.Hash)];
                if (documents.TryGetValue(pack.Id, out var document) && await store.Records.GetAsync(AdoptedPack.Register, pack.Hash, cancellationToken) is null)
                {
                    kept.Add(new(AdoptedPack.Register, pack.Hash, 0, AdoptedPack.Bytes(document), Registers.Bytes(new { did = "kept" }), []));
                }
            }

            seen[pack.Id] = (highest is null || version > Version.Parse(highest.Version) ? new HeldPack(pack.Version, pack.Hash) : highest) with { Waiting = string.Join(' ', waiting.Select(item => item.Version + "=" + item.Hash)) };
        }

        if (!head.IsOk || store.Info.ReadOnlyReason is not null)
        {
            return refusal ?? head.Error;
        }

        var isNew = record is null || before.Count != seen.Count || before.Any(pair => seen[pair.Key] != pair.Value);
        var writes = refusal is not null
            ? new WriteSet { Actor = "waymark", Reason = "start.refused", Records = [Registers.Write(Registers.Reading, Ids.New(), 0, new { what = "start", code = refusal.Code, at = time.GetUtcNow() }, "refused", new RecordHead("at", Registers.Time(time.GetUtcNow())))] }
            : isNew ? new WriteSet { Actor = "waymark", Reason = "packs.seen", Records = [Registers.Write(SeenRegister, "all", record?.Version ?? 0, seen, "seen"), .. kept] } : null;
        var noted = writes is null ? null : (await store.CommitAsync(_leaves, writes, [], time.GetUtcNow(), cancellationToken)).Error;
        return refusal ?? (noted?.Code == "store.conflict" ? null : noted);
    }

    /// <summary>Unverified rules of a pack, which its page shows and who adopts it has seen.</summary>
    public static IReadOnlyList<string> Unverified(RulePack pack) => [.. pack.Rules.Where(rule => rule.Cites.Any(cite => !cite.IsVerified)).Select(rule => rule.Id)];

    private async Task<(StoredRecord? Record, Dictionary<string, HeldPack> Packs)> HeldAsync(CancellationToken cancellationToken) =>
        await store.Records.GetAsync(SeenRegister, "all", cancellationToken) is { } record ? (record, Registers.Read<Dictionary<string, HeldPack>>(record)) : (null, []);

    /// <summary>Versions that were here and that nobody adopted, oldest first; an adoption ends the waiting of all before it.</summary>
    private static IReadOnlyList<HeldPack> Waiting(HeldPack? held, Adoption? inForce) =>
    [
        .. (held?.Waiting ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('=')).Select(item => new HeldPack(item[0], item[1]))
            .Where(item => inForce is null || (item.Hash != inForce.Hash && Version.Parse(item.Version) > Version.Parse(inForce.Version))),
    ];

    /// <summary>A pack is known by its id: under another one it is another pack. The error names the pack that has rules of the one that is gone, where there is one, and what to do.</summary>
    private async Task<Error> GoneAsync(string id, string how, string howChinese, IReadOnlyList<string> hashes, CancellationToken cancellationToken)
    {
        string? twin = null;
        foreach (var hash in hashes)
        {
            var known = (await AdoptedAsync(hash, cancellationToken))?.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
            twin ??= rules.Packs.FirstOrDefault(pack => known is not null && pack.Rules.Any(rule => known.Contains(rule.Id)))?.Id;
        }

        var gone = Error.Refused("packs.gone", $"The rule pack \"{id}\" {how} and is not there any more{(twin is null ? "" : $"; \"{twin}\" has rules of it")}.",
            $"规则包“{id}”{howChinese}，现已不复存在{(twin is null ? "" : $"；“{twin}”含有其规则")}。", id);
        return twin is null
            ? gone.WithHint($"Put the file of \"{id}\" back, or its successor under the same id with a higher version.", $"请放回“{id}”的文件，或以同一标识、更高版本放入其后继包。")
            : gone.WithHint($"A pack keeps its id. Give \"{twin}\" the id \"{id}\" again, with a higher version, and have it adopted.", $"规则包的标识不变。请将“{twin}”的标识改回“{id}”，提高版本并重新采纳。");
    }

    private async Task<bool> ForbidsAsync(IReadOnlyList<HeldPack> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            if (await AdoptedAsync(version.Hash, cancellationToken) is { } pack && pack.Rules.Any(rule => rule.Kind is not RuleKind.Permission))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<Result<LedgerHead>> HeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.Ledger.HeadAsync(cancellationToken);
        }
        catch (StoreException gone)
        {
            return Error.Unavailable("ledger.no-store", $"The ledger does not answer ({gone.Error.Code}); only acts that protect go on.", $"账本无应答（{gone.Error.Code}）；只有保护性行为可以继续。");
        }
    }

    private Error? ClockBehind(LedgerHead head) => head.At is { } signed && signed > time.GetUtcNow() + s_clockPlay
        ? Error.Refused("clock.behind", "The clock of this machine is behind the last entry of the ledger.", "本机时钟落后于账本最后条目。").WithHint("Set the clock right.", "请校正时钟。") : null;

    // One version is one set of bytes, here and at the next start; what only tightens is a new version, too.
    private static Error? Rises(RulePack pack, Adoption? inForce) => inForce is null ? null
        : Version.Parse(pack.Version) < Version.Parse(inForce.Version)
            ? Error.Refused("adoption.older", $"Version {pack.Version} is older than {inForce.Version}, which is in force; versions only rise.", $"版本 {pack.Version} 旧于生效版本 {inForce.Version}；版本只升不降。", pack.Id)
        : Version.Parse(pack.Version) == Version.Parse(inForce.Version) && pack.Hash != inForce.Hash
            ? Error.Refused("adoption.same-version", "What changes is a new version.", "变更须为新版本。", pack.Id) : null;

    private Error? Lacks(RulePack pack, Adoption? inForce, AdoptionOffer offer)
    {
        if (inForce is null || inForce.Hash == pack.Hash || offer.Change is "same" or "tightens")
        {
            return null;
        }

        return authorities is not { Keys.Count: > 0 } ? Error.Refused("adoption.no-authority", "This version may loosen, and no pack authority is known here.", "此版本可能放宽，而本节点未登记规则包主管机构。", pack.Id)
            : offer.SignedBy is null ? Unsigned(pack.Id)
            : offer.Notice is not { Count: > 1 } ? Error.Refused("adoption.no-notice", "This version may loosen; a public notice in both languages is needed.", "此版本可能放宽，须以两种语言公告。", pack.Id) : null;
    }

    private async Task<(string Change, IReadOnlyList<string> Loosened)> ChangeAsync(RulePack pack, Adoption? inForce, CancellationToken cancellationToken)
    {
        if (inForce is null)
        {
            return ("first", []);
        }

        if (inForce.Hash == pack.Hash)
        {
            return ("same", []);
        }

        if (await AdoptedAsync(inForce.Hash, cancellationToken) is not { } before)
        {
            return ("undecided", []);
        }

        var diff = PackDiff.Compare(rules.Vocabulary, before, pack, cancellationToken);
        return (diff.Verdict.ToString().ToLowerInvariant(), [.. diff.Loosened.Select(item => item.ToString())]);
    }

    /// <summary>A pack as it was adopted, in the words of today; null when it was not kept or today's vocabulary cannot say it any more.</summary>
    internal async Task<RulePack?> AdoptedAsync(string hash, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(AdoptedPack.Register, hash, cancellationToken) is { } record ? AdoptedPack.Read(record.Document.Span, rules.Vocabulary) : null;

    private async Task<(long Version, AdoptionFile File)> FileAsync(string pack, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Registers.Adoption, pack, cancellationToken) is { } record ? (record.Version, Registers.Read<AdoptionFile>(record)) : (0, new(null, null));

    private static Error Unknown(string pack) => Error.NotFound("adoption.unknown", "There is no such rule pack.", "没有此规则包。", pack);

    private static Error Unsigned(string pack) => Error.Refused("adoption.unsigned", "This version may loosen; it needs the pack authority's signature over exactly this pack.",
        "此版本可能放宽，须有规则包主管机构对此包的签名。", pack);

    /// <summary>A pack as it was at an earlier start.</summary>
    private sealed record HeldPack(string Version, string Hash)
    {
        /// <summary>Versions that nobody adopted and that forbid or oblige, oldest first: "1.2.0=hash 1.3.0=hash".</summary>
        public string? Waiting { get; init; }
    }
}
