using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>What the typed core states at the gate, and what the engine writes and keeps by itself.</summary>
public abstract partial class RecordEngine
{
    /// <summary>
    /// What the typed core knows and no form may state: whether the gates stand open, how old everybody is, who is barred, by which channel somebody may be reached, which
    /// classes a link joins. What it does not know stays unknown, and unknown never permits.
    /// </summary>
    private protected async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> TypedAsync(Loaded before, RecordDocument after, string action, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (action is not ("decide" or "serve" or "link" or "contact" or "refer" or "transfer" or ReturnGates.Action))
        {
            return facts;
        }

        facts["decision.automated"] = ["false"];
        facts["decision.human_review"] = ["true"];
        facts["service.depends_on_cooperation"] = ["false"];
        if (action == "link")
        {
            // What is linked is named by a person, by its reference, or compared by names and numbers of papers; what a laboratory keeps about the dead has no key here (F6).
            facts["data.biometric"] = ["false"];
        }

        facts["link.classes"] = [before.Partition switch { RecordPartition.Victim => "victim", RecordPartition.Suspect => "suspect", RecordPartition.Missing => "tracing", _ => "service" }];
        var (now, persons) = (DateOnly.FromDateTime(_parts.Time.GetUtcNow().UtcDateTime), new List<RecordDocument>());
        foreach (var id in CaseRights.Persons(before.Plan, after))
        {
            persons.AddRange(await _store.ReadAsync(new(PersonCore.Register, id, before.Partition), cancellationToken) is { IsOk: true } person ? [person.Value.Document] : []);
        }

        // Where a record may name nobody, nobody in it is a child, bars anybody or has to be reached.
        if (persons.Count > 0 || (MayNameNobody(before.Plan) && !ReferenceEquals(before.Document, after)))
        {
            OfPersons(facts, persons, now);
        }

        await StateAsync(facts, before, after, persons, action, cancellationToken);
        return facts;
    }

    private static void OfPersons(Dictionary<string, IReadOnlyList<string>> facts, List<RecordDocument> persons, DateOnly now)
    {
        var adults = persons.TrueForAll(person => !PersonCore.MayBeChild(person, now));
        facts["subject.age_settled"] = [adults ? "true" : "false"];
        if (adults)
        {
            facts["subject.age"] = ["18"];
        }

        var ids = persons.Select(person => person.Id).ToHashSet(StringComparer.Ordinal);
        facts["recipient.barred"] = [persons.Exists(person => SafeContact.Barred(person).Any(barred => barred.Kind == "person" && barred.Party != person.Id && ids.Contains(barred.Party))) ? "true" : "false"];
        facts["contact.safe_channel"] = Reached(persons);
    }

    private protected static IReadOnlyList<string> Reached(IReadOnlyList<RecordDocument> persons) => [persons.Count > 0 && persons.All(person => SafeContact.Channels(person).Count > 0) ? "true" : "false"];

    /// <summary>Writes what the engine does by itself, without a desk.</summary>
    private protected async Task<Error?> CommitAsync(Loaded loaded, Operation operation, string reason, CancellationToken cancellationToken)
    {
        var folded = RecordMachine.Apply(loaded.Document, operation, loaded.Document.Version + 1);
        var keys = await _store.KeysAsync(loaded.Partition, cancellationToken);
        var ring = await _store.WritingRingAsync(loaded.Plan, loaded.Partition, folded.IsOk ? folded.Value.Document : loaded.Document, cancellationToken);
        if ((folded.Error ?? keys.Error ?? ring.Error) is { } failed)
        {
            return failed;
        }

        var written = await _parts.Store.CommitAsync(new()
        {
            Actor = operation.By, Reason = reason, Records = [_store.Write(loaded.Plan, loaded.Partition, folded.Value, ring.Value, keys.Value)], Tasks = [.. _store.Reminders(loaded.Plan, folded.Value.Document)],
        }, cancellationToken);
        return written.Error;
    }

    /// <summary>What is kept of one person beside the records, as far as their key still opens it.</summary>
    private protected async Task<IReadOnlyList<T>> SealedAsync<T>(string register, RecordHead head, RecordPartition partition, CancellationToken cancellationToken)
    {
        var page = await _parts.Store.Records.ListAsync(new(register, [head], Limit: 200), cancellationToken);
        if (!page.IsOk)
        {
            throw new StoreException(page.Error);
        }

        var opened = new List<T>();
        foreach (var stored in page.Value.Records)
        {
            var envelope = RecordJson.Read<Envelope>(stored.Document.Span);
            var ring = await _store.Vault.RingAsync(partition, envelope.Persons, create: false, cancellationToken);
            if (ring.IsOk && ring.Value.Open(register + "/" + stored.Id, envelope.Persons, envelope.Sections[0].Sealed) is { } bytes)
            {
                opened.Add(RecordJson.Read<T>(bytes));
            }
        }

        return opened;
    }

    private protected async Task<IReadOnlyList<Use>> UsesAsync(RecordAddress person, CancellationToken cancellationToken)
    {
        var keys = await _store.KeysAsync(person.Partition ?? RecordPartition.General, cancellationToken);
        if (!keys.IsOk)
        {
            throw new StoreException(keys.Error);
        }

        var page = await _parts.Store.Records.ListAsync(new(CaseStore.UseRegister, [new("person", CaseStore.Handle(keys.Value, person.Id))], Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => RecordJson.Read<Use>(record.Document.Span))] : throw new StoreException(page.Error);
    }

    // Ids of persons and accounts are random or staff names; heads hold their hash so that a list of the store names nobody.
    private protected static string Handle(string id) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("return\n" + id)))[..32];

    private protected QueueItem Alarm(string kind, CaseDesk desk) => new(NewId(), "protection.alarm", RecordJson.Bytes(new { kind, account = desk.Actor.Account, unit = desk.Unit, at = _parts.Time.GetUtcNow() }));
}
