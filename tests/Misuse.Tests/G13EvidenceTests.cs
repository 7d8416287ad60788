using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Files;
using Waymark.Casework.Tests;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 13: evidence of cases. Files are items of their own; whoever swaps, re-dates or drops something below the application is found when they are next opened.</summary>
[Missing("M81", "a translation is not tied to the file it translates (exchange, part 6); who holds data and keys and writes every link of custody anew is found by the decisions in the ledger only, which nobody compares by itself")]
public sealed class G13EvidenceTests
{
    private const string Register = "casework.file";

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Store)]
    public async Task M81_false_evidence_is_found_swapped_re_dated_or_out_of_custody()
    {
        using var trial = new Trial();
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var first = await KeepAsync(node, record, "a", "seen at the harbour on 3 May");
        var other = await KeepAsync(node, record, "b", "seen at the harbour on 9 May");
        Ok(await node.Cases.ReadFileAsync(Desk(Colleague), record, first, isDownload: true, default));

        // An edit at the same place is a new item: the first one stays with its bytes and its custody.
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var changed = Ok(await node.Cases.AttachAsync(Desk(), record, new("files/a/file", 0, "letter.txt", "never seen"u8.ToArray()), default));
            var files = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files;
            var kept = Ok(await node.Cases.ReadFileAsync(Desk(), record, first, isDownload: false, default));
            return new(Encoding.UTF8.GetString(kept.Content) != "seen at the harbour on 3 May" || files.Count != 3, changed.Conflicts.Count > 0 ? "case.both-kept" : "new.item");
        }, "case.both-kept");

        // Below the application: the bytes of one file under the name of another, a changed byte, a re-dated, dropped or moved link.
        async Task<Seen> AttemptAsync(Func<FileEntry, RecordVault.Ring, Task<FileEntry>> change)
        {
            var before = (await node.Store.Records.GetAsync(Register, first, default))!;
            var entry = RecordJson.Read<FileEntry>(before.Document.Span);
            await WriteAsync(node, before, await change(entry, await RingAsync(node, entry)));
            try
            {
                var read = await node.Cases.ReadFileAsync(Desk(), record, first, isDownload: true, default);
                return new(read.IsOk, read.Error?.Code, read.Error?.ToString() ?? "");
            }
            catch (StoreException broken)
            {
                // Bytes that were sealed for something else are no answer but a fault, which the machine names.
                return new(false, broken.Error.Code);
            }
            finally
            {
                await WriteAsync(node, (await node.Store.Records.GetAsync(Register, first, default))!, entry);
            }
        }

        var blob = RecordJson.Read<FileEntry>((await node.Store.Records.GetAsync(Register, other, default))!.Document.Span).Blob;
        await trial.RefusedAsync(Door.Store, () => AttemptAsync((entry, _) => Task.FromResult(entry with { Blob = blob })), "store.corrupt");
        await trial.RefusedAsync(Door.Store, () => AttemptAsync(async (entry, _) =>
        {
            var bytes = (await node.Store.Blobs.ReadAsync(new(entry.Blob), default))!;
            bytes[^1] ^= 1;
            return entry with { Blob = (await node.Store.Blobs.PutAsync(new MemoryStream(bytes), default)).Value.Hex };
        }), "store.corrupt");
        foreach (var forge in new Func<List<CustodyLink>, List<CustodyLink>>[]
        {
            links => [links[0] with { At = links[0].At.AddDays(-6) }, .. links.Skip(1)], links => [links[0], .. links.Skip(2)], links => [links[0], links[2], links[1]], links => [links[0] with { By = "somebody-else" }, .. links.Skip(1)],
        })
        {
            await trial.RefusedAsync(Door.Store, () => AttemptAsync((entry, ring) => Task.FromResult(Forged(entry, ring, first, forge))), "file.damaged");
        }

        await trial.PassesAsync(async () => Ok(await node.Cases.ReadFileAsync(Desk(), record, first, isDownload: true, default)).Content.Length > 0
            && Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Single(file => file.Id == first) is { IsWhole: true, Custody.Count: >= 4 }, "the file as it was, and who had it");

        // The guard is the hash over each link and the one before: with links written anew one after the other, as without it, the one that was dropped is missed by nobody.
        await trial.HarmsWithoutAsync("the chain of custody", () => AttemptAsync((entry, ring) => Task.FromResult(Forged(entry, ring, first, links =>
        {
            var made = new List<CustodyLink>();
            foreach (var link in links.Where((_, at) => at != 1))
            {
                made.Add(CustodyLink.Next(made.LastOrDefault(), link.Act, link.By, link.At, link.Kept, link.Decision));
            }

            return made;
        }))));
    }

    private static async Task<string> KeepAsync(Node node, RecordAddress record, string item, string text)
    {
        var before = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Select(file => file.Id).ToHashSet(StringComparer.Ordinal);
        Ok(await node.Cases.AttachAsync(Desk(), record, new($"files/{item}/file", 0, "letter.txt", Encoding.UTF8.GetBytes(text)), default));
        return Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.Single(file => !before.Contains(file.Id)).Id;
    }

    private static async Task<RecordVault.Ring> RingAsync(Node node, FileEntry entry) =>
        entry.Of((await new RecordVault(node.Keys).RingAsync(RecordPartition.Missing, entry.Persons, create: false, default, CaseStore.Name(entry.Register, entry.Record))).Value).ShouldNotBeNull();

    private static FileEntry Forged(FileEntry entry, RecordVault.Ring ring, string id, Func<List<CustodyLink>, List<CustodyLink>> forge)
    {
        var name = Register + "/" + id;
        var sheet = RecordJson.Read<FileSheet>(ring.Open(name, entry.Persons, entry.Sealed)!);
        return entry with { Sealed = ring.Seal(name, entry.Persons, RecordJson.Bytes(sheet with { Custody = forge([.. sheet.Custody]) })) };
    }

    private static async Task WriteAsync(Node node, StoredRecord before, FileEntry entry) =>
        (await node.Store.CommitAsync(new()
        {
            Actor = "superuser", Reason = "sql", Records = [new(Register, before.Id, before.Version, RecordJson.Bytes(entry), "{}"u8.ToArray(), [])],
        }, default)).IsOk.ShouldBeTrue();
}
