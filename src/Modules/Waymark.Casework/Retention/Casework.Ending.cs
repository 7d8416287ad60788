using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Retention;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Carries out what two persons decided about one record: its key first, then what nobody can read any more; everything may be done twice.</summary>
public sealed partial class Casework
{
    public async Task<Result<int>> FinishAsync(CancellationToken cancellationToken)
    {
        var begun = await _parts.Store.Records.ListAsync(new(RetentionNote.Kept, [new("state", Packs.Words.Of(RetentionState.Erasing))], Limit: 100), cancellationToken);
        if (!begun.IsOk)
        {
            return begun.Error;
        }

        var ended = 0;
        foreach (var stored in begun.Value.Records)
        {
            ended += await EndAsync(stored.Id, cancellationToken) is null ? 1 : 0;
        }

        var left = await _parts.Store.Records.ListAsync(new(RetentionNote.Kept, [new("swept", "no")], Limit: 1_000), cancellationToken);
        if (!left.IsOk || left.Value.Records.Count == 0)
        {
            return left.IsOk ? ended : left.Error;
        }

        // Once for all that went: others wait while the tables are written anew.
        var compacted = await _parts.Store.Records.CompactAsync(cancellationToken);
        if (!compacted.IsOk)
        {
            return compacted.Error;
        }

        var swept = await _parts.Store.CommitAsync(new()
        {
            Actor = "engine", Reason = "retention.swept",
            Records = [.. left.Value.Records.Select(stored => (RecordJson.Read<RetentionNote>(stored.Document.Span) with { IsSwept = true }).Write(stored.Id, stored.Version, "swept"))],
        }, cancellationToken);
        return swept.IsOk ? ended : swept.Error;
    }

    private async Task<Error?> EndAsync(string id, CancellationToken cancellationToken)
    {
        if (await _parts.Store.Records.GetAsync(RetentionNote.Kept, id, cancellationToken) is not { } stored || RecordJson.Read<RetentionNote>(stored.Document.Span) is not { State: RetentionState.Erasing, Record: { } record } note)
        {
            return null;
        }

        var account = note.Second!.Account;
        await _store.Vault.EraseRecordAsync(CaseStore.Name(note.Register, record), cancellationToken);
        var persons = await PersonsOfAsync(note.Partition, note.Register, record, cancellationToken);
        if (await SweepRecordAsync(account, note, record, persons, cancellationToken) is { } failed)
        {
            return failed;
        }

        foreach (var person in persons)
        {
            // A person's record ends with the last record that needs it. Somebody who is held, or stands in two records of one person, stays.
            if (await IsAloneAsync(person, note.Partition, null, cancellationToken) && await HeldAsync(person, cancellationToken) == 0 && !await IsMergedAsync(person, cancellationToken)
                && await _parts.Exceptions.BeginErasureAsync(note.First!, note.Second, person, cancellationToken) is { IsOk: true } && await FinishAsync(account, person, cancellationToken) is { IsOk: false, Error: { } unfinished })
            {
                return unfinished;
            }
        }

        if (await _parts.Store.Records.GetAsync(note.Partition, note.Register, record, cancellationToken) is { } row
            && await RemoveAsync(account, new RecordWrite(note.Register, record, row.Version, null, RecordJson.Bytes(new { did = "erased" }), []) { Partition = note.Partition }, cancellationToken) is { } unremoved)
        {
            return unremoved;
        }

        // What stays: which register, how many persons, who decided and when.
        var done = note with { State = RetentionState.Erased, Record = null, Reason = null, Version = 0, At = _parts.Time.GetUtcNow() };
        return await NoteAsync(account, "retention.erased", done.Write(id, stored.Version, "erased"), [], null, cancellationToken);
    }

    /// <summary>Everybody who ever was in a record, as its document and its operations name them outside.</summary>
    private async Task<IReadOnlyList<string>> PersonsOfAsync(RecordPartition partition, string register, string record, CancellationToken cancellationToken)
    {
        var persons = new HashSet<string>(StringComparer.Ordinal);
        if (await _parts.Store.Records.GetAsync(partition, register, record, cancellationToken) is { } stored)
        {
            persons.UnionWith(RecordJson.Read<Envelope>(stored.Document.Span).Persons);
            await foreach (var operation in _parts.Store.Records.HistoryAsync(partition, register, record, cancellationToken))
            {
                persons.UnionWith(RecordJson.Read<Envelope>(operation.Operation.Span).Persons ?? []);
            }
        }

        return [.. persons.Order(StringComparer.Ordinal)];
    }

    private async Task<Error?> SweepRecordAsync(string account, RetentionNote note, string record, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        if (await SweepFilesAsync(account, record, null, cancellationToken) is { } unswept)
        {
            return unswept;
        }

        var keys = await _store.KeysAsync(note.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var head = Head(keys.Value, record);
        foreach (var register in (string[])[MessageRegister, FollowRegister])
        {
            for (RecordPage? page = null; page is null or { Next: not null };)
            {
                var listed = await _parts.Store.Records.ListAsync(new(register, [head], Limit: 1_000), cancellationToken);
                if (!listed.IsOk)
                {
                    return listed.Error;
                }

                page = listed.Value;
                foreach (var stored in page.Records)
                {
                    if (await RemoveAsync(account, new(register, stored.Id, stored.Version, null, RecordJson.Bytes(new { did = "erased" }), []), cancellationToken) is { } left)
                    {
                        return left;
                    }
                }
            }
        }

        foreach (var person in persons)
        {
            var use = CaseStore.Handle(keys.Value, person) + "." + record;
            if (await _parts.Store.Records.GetAsync(CaseStore.UseRegister, use, cancellationToken) is { } stored
                && await RemoveAsync(account, new(CaseStore.UseRegister, use, stored.Version, null, RecordJson.Bytes(new { did = "erased" }), []), cancellationToken) is { } left)
            {
                return left;
            }
        }

        return null;
    }

    private async Task<Error?> RemoveAsync(string account, RecordWrite write, CancellationToken cancellationToken) =>
        (await _parts.Store.CommitAsync(new() { Actor = account, Reason = "case.erase", Records = [write] }, cancellationToken)).Error;

    /// <summary>Those of a record who are in no other.</summary>
    private async Task<IReadOnlyList<string>> AloneAsync(Loaded loaded, CancellationToken cancellationToken)
    {
        var alone = new List<string>();
        foreach (var person in CaseRights.Persons(loaded.Plan, loaded.Document).Concat(loaded.Document.Joined).Distinct(StringComparer.Ordinal))
        {
            if (await IsAloneAsync(person, loaded.Partition, loaded.Document.Id, cancellationToken))
            {
                alone.Add(person);
            }
        }

        return alone;
    }

    private async Task<bool> IsAloneAsync(string person, RecordPartition partition, string? but, CancellationToken cancellationToken) =>
        (await UsesAsync(new(PersonCore.Register, person, partition), cancellationToken)).All(use => use.Id == but);
}
