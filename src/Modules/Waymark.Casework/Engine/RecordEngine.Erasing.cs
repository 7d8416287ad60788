using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Erasing a person out of all records, and the holds of the node's own register that keep it from happening.</summary>
public abstract partial class RecordEngine
{
    public async Task<ErasurePreview> PreviewErasureAsync(string person, CancellationToken cancellationToken)
    {
        var (records, files) = (0, 0);
        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            var own = await _parts.Store.Records.GetAsync(partition, PersonCore.Register, person, cancellationToken) is null ? [] : new[] { person };
            var all = own.Concat((await UsesAsync(new(PersonCore.Register, person, partition), cancellationToken)).Select(use => use.Id)).ToList();
            records += all.Count;
            foreach (var id in all)
            {
                files += (await FileEntriesAsync(id, cancellationToken)).Count(file => file.Entry.Persons.Contains(person, StringComparer.Ordinal));
            }
        }

        var holds = (await _parts.Exceptions.HoldsAsync(person, cancellationToken)).Count + await HeldAsync(person, cancellationToken);
        return new(records, files, (await _parts.Consents.OfAsync(person, cancellationToken)).Count, holds);
    }

    public async Task<CaseAnswer<Erased>> EraseAsync(CaseDesk first, Actor second, RecordAddress person, CancellationToken cancellationToken) =>
        person.Register != PersonCore.Register ? CaseStore.Nothing()
        : await HeldAsync(person.Id, cancellationToken) > 0 ? Held() : await IsMergedAsync(person.Id, cancellationToken) ? Apart()
        : await _parts.Exceptions.BeginErasureAsync(first.Actor, second, person.Id, cancellationToken) is { IsOk: false } refused ? refused.Error
        : await FinishAsync(first.Actor.Account, person.Id, cancellationToken);

    public async Task<CaseAnswer<Erased>> EraseAsync(Actor requester, string person, CancellationToken cancellationToken) =>
        await HeldAsync(person, cancellationToken) > 0 ? Held() : await IsMergedAsync(person, cancellationToken) ? Apart()
        : await _parts.Exceptions.BeginErasureAsync(requester, person, cancellationToken) is { IsOk: false } refused ? refused.Error
        : await FinishAsync(requester.Account, person, cancellationToken);

    public async Task<int> FinishErasuresAsync(CancellationToken cancellationToken)
    {
        var finished = 0;
        foreach (var person in await _parts.Exceptions.UnfinishedErasuresAsync(cancellationToken))
        {
            finished += (await FinishAsync("waymark", person, cancellationToken)).IsOk ? 1 : 0;
        }

        return finished;
    }

    /// <summary>Keys first, then what nobody can read any more; that it is done is entered last, so that whatever is cut off is found again.</summary>
    private protected async Task<CaseAnswer<Erased>> FinishAsync(string account, string person, CancellationToken cancellationToken)
    {
        await _store.Vault.EraseAsync(person, cancellationToken);
        var count = 0;
        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            var swept = await SweepAsync(account, new(PersonCore.Register, person, partition), cancellationToken);
            if (!swept.IsOk)
            {
                return swept.Error;
            }

            count += swept.Value;
        }

        var finished = await _parts.Exceptions.FinishErasureAsync(person, cancellationToken);
        return finished.IsOk ? new CaseAnswer<Erased>(new Erased(count), null, null) : finished.Error;
    }

    private static Error Held() => Error.Refused("erasure.held", "A legal hold or complaint stands; nothing is erased until it ends.", "存在法律保留或申诉；结束前不得删除。");

    /// <summary>How many holds of the node's register stand over a person or over a record they are in. One that cannot be read holds.</summary>
    private protected async Task<int> HeldAsync(string person, CancellationToken cancellationToken)
    {
        var frozen = await FrozenAsync(null, "erase", [person], cancellationToken) is null ? 0 : 1;
        return frozen + await HoldsAsync(person, cancellationToken);
    }

    /// <summary>
    /// Takes an erased person out of tables: index rows first, then sections. Nothing here can be read any more; running it again after a crash finishes it.
    /// </summary>
    private async Task<Result<int>> SweepAsync(string account, RecordAddress person, CancellationToken cancellationToken)
    {
        var (count, partition) = (0, person.Partition ?? RecordPartition.General);
        var stored = await _parts.Store.Records.GetAsync(partition, PersonCore.Register, person.Id, cancellationToken);
        if (stored is not null)
        {
            var gone = await _parts.Store.CommitAsync(new()
            {
                Actor = account, Reason = "case.erase", Records = [new(PersonCore.Register, person.Id, stored.Version, null, RecordJson.Bytes(new { did = "erased" }), []) { Partition = partition }],
            }, cancellationToken);
            if (!gone.IsOk)
            {
                return gone.Error;
            }

            count++;
        }

        if (await SweepFilesAsync(account, person.Id, person.Id, cancellationToken) is { } unswept)
        {
            return unswept;
        }

        foreach (var use in await UsesAsync(person, cancellationToken))
        {
            if (await SweepFilesAsync(account, use.Id, person.Id, cancellationToken) is { } left)
            {
                return left;
            }

            for (var tries = 1; ; tries++)
            {
                var loaded = await _store.ReadAsync(new(use.Register, use.Id, use.Partition), cancellationToken);
                if (!loaded.IsOk)
                {
                    break;
                }

                var error = await CommitAsync(loaded.Value, new Operation(NewId(), OperationKind.Erase, account, _parts.Time.GetUtcNow()) { Person = new("", person.Id, default) }, "case.erase", cancellationToken);
                if (error is null)
                {
                    count++;
                    break;
                }

                if (error.Code != "store.conflict" || tries == MostTries)
                {
                    return error;
                }
            }
        }

        return count;
    }
}
