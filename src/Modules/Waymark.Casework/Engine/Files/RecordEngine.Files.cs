using System.Security.Cryptography;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Files;
using Waymark.Casework.Registers;
using Waymark.Formats.Cleaning;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Files of records, from the door to the sealed pieces and back.</summary>
public abstract partial class RecordEngine
{
    private const string FileRegister = "casework.file";

    private const string QuotaRegister = "casework.file-quota";

    public FileLimits FileLimits => _parts.FileLimits;

    public async Task<CaseAnswer<Changed>> AttachAsync(CaseDesk desk, RecordAddress record, NewFile file, CancellationToken cancellationToken)
    {
        if (Registers.Find(record.Register) is not { } plan)
        {
            return CaseStore.Nothing();
        }

        if (Writable(desk, plan, file.Path) is { } wrong)
        {
            return wrong;
        }

        if (file.Content.Length > FileLimits.FileBytes)
        {
            return Error.TooLarge("file.too-large", $"A file has at most {FileLimits.FileBytes >> 20} MiB.", $"单个文件至多 {FileLimits.FileBytes >> 20} MiB。");
        }

        var clean = FileKinds.Clean(file.Content, FileLimits);
        var scan = clean.IsOk ? await ScanAsync(file.Content, cancellationToken) : clean.Error;
        if (!clean.IsOk || !scan.IsOk)
        {
            return (clean.Error ?? scan.Error)!;
        }

        var id = NewId();
        var facts = new FileFacts(
            file.Path, FileSealing.Name(file.Name), clean.Value.Kind, clean.Value.Content.Length, Hash(file.Content.Span), Hash(clean.Value.Content), clean.Value.IsRewritten, scan.Value, desk.Actor.Account,
            _parts.Time.GetUtcNow());
        return await DoAsync(
            desk, record, "update", "none",
            (_, _) => Task.FromResult(Result<Operation>.Ok(By(desk, OperationKind.Change) with
            {
                Why = file.Why,
                Changes = [new(file.Path, file.Seen, ChangeMode.Set, [new(id[..8], FileSealing.Value(id, facts, clean.Value.Media), desk.Actor.Account, facts.At) { Purpose = desk.Purpose }])],
            })),
            cancellationToken,
            (loaded, ring, token) => StowAsync(loaded, ring, id, facts, clean.Value.Content, token));
    }

    public Task<CaseAnswer<RecordFiles>> FilesAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => LookAsync(desk, record, async (loaded, _, token) =>
    {
        var current = loaded.Document.Fields.Where(field => loaded.Plan.Field(RecordDocument.PlanPath(field.Key)) is { Type: FieldType.File })
            .SelectMany(field => field.Value.Claims).Select(claim => claim.Value.Member("blob")).ToHashSet(StringComparer.Ordinal);
        var files = new List<RecordFile>();
        foreach (var (stored, entry) in await FileEntriesAsync(loaded.Document.Id, token))
        {
            if (await SheetAsync(loaded.Partition, stored.Id, entry, token) is { } sheet)
            {
                files.Add(new(stored.Id, sheet.Facts, sheet.Custody, current.Contains(stored.Id), CustodyLink.IsWhole(sheet.Custody)));
            }
        }

        return new RecordFiles(loaded.Plan, [.. files.OrderBy(file => file.Facts.At).ThenBy(file => file.Id, StringComparer.Ordinal)]);
    }, (files, hidden) => files.Without(hidden), cancellationToken);

    public async Task<CaseAnswer<OpenedFile>> ReadFileAsync(CaseDesk desk, RecordAddress record, string file, bool isDownload, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var loaded = await KnownAsync(desk, record, cancellationToken);
            var stored = loaded.IsOk && ValueReader.IsId(file) ? await _parts.Store.Records.GetAsync(FileRegister, file, cancellationToken) : null;
            var entry = stored is null ? null : RecordJson.Read<FileEntry>(stored.Document.Span);
            if (!loaded.IsOk || entry is null || entry.Record != loaded.Value.Document.Id || entry.Register != loaded.Value.Plan.Id)
            {
                return loaded.Error ?? CaseStore.Nothing();
            }

            var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
            var ring = await _store.Vault.RingAsync(loaded.Value.Partition, entry.Persons, create: false, cancellationToken, CaseStore.Name(entry.Register, entry.Record));
            var own = ring.IsOk ? entry.Of(ring.Value) : null;
            var sheet = own?.Open(SheetName(file), entry.Persons, entry.Sealed) is { } bytes ? RecordJson.Read<FileSheet>(bytes) : null;
            if (own is null || sheet is null || plan.Field(RecordDocument.PlanPath(sheet.Facts.Path)) is not { } field)
            {
                return ring.Error ?? CaseStore.Nothing();
            }

            if (CaseRights.Hidden(Registers, desk)(field))
            {
                return NotForThis(field, sheet.Facts.Path);
            }

            // Read and checked before it is asked for, given out only after the link is committed.
            var made = await _parts.Store.Blobs.ReadAsync(new(entry.Blob), cancellationToken);
            var content = made is null ? null : FileSealing.Open(own, entry.Persons, file, made);
            if (content is null || Hash(content) != sheet.Facts.Kept || !CustodyLink.IsWhole(sheet.Custody))
            {
                return CleaningFaults.Damaged();
            }

            var masked = false;
            var request = await AskAsync(desk, plan, document.Id, document, CaseRights.Persons(plan, document), "read", "none", cancellationToken);
            var answer = await _parts.Gate.ActAsync(request, permit =>
            {
                masked = field.Mask is { } mask && permit.Masked.Contains(mask);
                var act = masked ? FileAct.Refused : isDownload ? FileAct.Downloaded : FileAct.Shown;
                var link = CustodyLink.Next(sheet.Custody[^1], act, desk.Actor.Account, _parts.Time.GetUtcNow(), sheet.Facts.Kept, permit.Decision);
                return new() { Actor = desk.Actor.Account, Reason = "case.file", Records = [FileWrite(stored!.Version, file, entry, own, sheet with { Custody = [.. sheet.Custody, link] })] };
            }, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                return Given(answer, masked ? NotForThis(field, sheet.Facts.Path) : null, () => new(
                    sheet.Facts, new CleanFile(sheet.Facts.Kind, [], false).Media, SafeName(plan, document.Id, file, sheet.Facts.Kind, content), content));
            }
        }
    }

    private static CaseAnswer<OpenedFile> Given(GateAnswer<CommitReceipt> answer, Error? masked, Func<OpenedFile> made) =>
        new(answer.IsPermitted && masked is null ? made() : null, answer.Refusal, answer.IsPermitted ? masked : answer.Error) { Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision };

    private async Task<Result<ScanState>> ScanAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (_parts.Scanner is not { } scanner)
        {
            return ScanState.NotScanned;
        }

        var answer = await scanner.ScanAsync(content, cancellationToken);
        return !answer.IsOk ? answer.Error
            : answer.Value.Found is null ? ScanState.Clean
            : Error.Refused("file.malware", "The scanner found a malicious program in the file; it was not kept.", "扫描器在文件中发现恶意程序；文件未保存。");
    }

    private Error? Writable(CaseDesk desk, RegisterPlan plan, string path)
    {
        var field = plan.Field(RecordDocument.PlanPath(path));
        return field is not { Type: FieldType.File } || field.Group is { IsRepeated: true } != (path.Count(letter => letter == '/') == 2) || path.Length > 100
                ? Error.Invalid("case.unknown-field", $"There is no field \"{path}\" for files.", $"没有可放文件的字段“{path}”。", path)
            : CaseRights.Hidden(Registers, desk)(field) ? NotForThis(field, path) : null;
    }

    private static Error NotForThis(FieldPlan field, string path) =>
        Error.Refused("case.purpose", $"\"{field.Name.In("en")}\": not for this purpose.", $"“{field.Name.In("zh")}”：不用于此目的。", path);

    /// <summary>Stores the sealed pieces, and answers what goes into the same commit as the entry: the file's own record and the unit's count.</summary>
    private async Task<Result<Beside>> StowAsync(Loaded after, RecordVault.Ring ring, string id, FileFacts facts, byte[] content, CancellationToken cancellationToken)
    {
        var owners = Sealing.Owners(after.Plan, after.Document, facts.Path);
        var unit = after.Document.Control.Unit;
        var there = await FileEntriesAsync(after.Document.Id, cancellationToken);
        var count = await _parts.Store.Records.GetAsync(QuotaRegister, Handle(unit), cancellationToken);
        var used = count is null ? 0 : RecordJson.Read<Quota>(count.Document.Span).Bytes;
        if (there.Count >= FileLimits.RecordFiles || used + content.Length > FileLimits.UnitBytes)
        {
            return Error.TooLarge("file.quota", "No more files fit: of this record, or of the unit.", "文件已达上限：本记录或本单位的额度已满。");
        }

        if (!owners.All(ring.Has))
        {
            return CaseStore.Nothing();
        }

        var (isKeyed, own) = (ring.OfRecord is not null, ring.OfRecord ?? ring);
        using var made = new MemoryStream(FileSealing.Seal(own, owners, id, content), writable: false);
        var size = made.Length;
        var blob = await _parts.Store.Blobs.PutAsync(made, cancellationToken);
        if (!blob.IsOk)
        {
            return blob.Error;
        }

        var entry = new FileEntry(after.Plan.Id, after.Document.Id, unit, size, blob.Value.Hex, owners, []) { IsKeyed = isKeyed };
        return new Beside(
            permit =>
            [
                FileWrite(0, id, entry, own, new(facts, [CustodyLink.Next(null, FileAct.TakenIn, facts.By, facts.At, facts.Kept, permit.Decision)])),
                new(QuotaRegister, Handle(unit), count?.Version ?? 0, RecordJson.Bytes(new Quota(used + size)), RecordJson.Bytes(new { did = "added" }), []),
            ],
            [new("case-file/" + id, blob.Value)]);
    }

    private static RecordWrite FileWrite(long version, string id, FileEntry entry, RecordVault.Ring ring, FileSheet sheet) => new(
        FileRegister, id, version, RecordJson.Bytes(entry with { Sealed = ring.Seal(SheetName(id), entry.Persons, RecordJson.Bytes(sheet)) }), RecordJson.Bytes(new { did = Packs.Words.Of(sheet.Custody[^1].Act), hash = sheet.Custody[^1].Hash }),
        [new("record", Handle(entry.Record))]);

    private async Task<FileSheet?> SheetAsync(RecordPartition partition, string id, FileEntry entry, CancellationToken cancellationToken)
    {
        var ring = await _store.Vault.RingAsync(partition, entry.Persons, create: false, cancellationToken, CaseStore.Name(entry.Register, entry.Record));
        return ring.IsOk && entry.Of(ring.Value)?.Open(SheetName(id), entry.Persons, entry.Sealed) is { } bytes ? RecordJson.Read<FileSheet>(bytes) : null;
    }

    private async Task<IReadOnlyList<(StoredRecord Stored, FileEntry Entry)>> FileEntriesAsync(string record, CancellationToken cancellationToken)
    {
        var page = await _parts.Store.Records.ListAsync(new(FileRegister, [new("record", Handle(record))], Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(stored => (stored, RecordJson.Read<FileEntry>(stored.Document.Span)))] : throw new StoreException(page.Error);
    }

    /// <summary>Destroys the files of a record that are about an erased person, or all of them; their keys are gone already, so this only frees what nobody can read.</summary>
    private protected async Task<Error?> SweepFilesAsync(string account, string record, string? person, CancellationToken cancellationToken)
    {
        foreach (var (stored, entry) in (await FileEntriesAsync(record, cancellationToken)).Where(file => person is null || file.Entry.Persons.Contains(person, StringComparer.Ordinal)))
        {
            var shredded = await _parts.Store.Blobs.ShredAsync(new(entry.Blob), cancellationToken);
            for (var tries = 1; shredded.IsOk; tries++)
            {
                var count = await _parts.Store.Records.GetAsync(QuotaRegister, Handle(entry.Unit), cancellationToken);
                var used = count is null ? 0 : RecordJson.Read<Quota>(count.Document.Span).Bytes;
                var gone = await _parts.Store.CommitAsync(new()
                {
                    Actor = account, Reason = "case.erase", BlobReferences = [new("case-file/" + stored.Id, new(entry.Blob), Remove: true)],
                    Records =
                    [
                        new(FileRegister, stored.Id, stored.Version, null, RecordJson.Bytes(new { did = "erased" }), []),
                        new(QuotaRegister, Handle(entry.Unit), count?.Version ?? 0, RecordJson.Bytes(new Quota(Math.Max(0, used - entry.Bytes))), RecordJson.Bytes(new { did = "erased" }), []),
                    ],
                }, cancellationToken);
                if (gone.IsOk)
                {
                    break;
                }

                if (gone.Error.Code != "store.conflict" || tries == MostTries)
                {
                    return gone.Error;
                }
            }

            if (!shredded.IsOk)
            {
                return shredded.Error;
            }
        }

        return null;
    }

    // A downloaded file's name tells nothing of anybody (M28); its ending follows the content.
    private static string SafeName(RegisterPlan plan, string record, string file, FileKind kind, byte[] content) => $"{References.Of(plan, record)}-{file[..8]}." + kind switch
    {
        FileKind.Png => "png",
        FileKind.Jpeg => "jpg",
        FileKind.Pdf => "pdf",
        FileKind.Text => "txt",
        _ => OfficeCheck.Ending(content),
    };

    private static string SheetName(string id) => FileRegister + "/" + id;

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record Quota(long Bytes);
}
