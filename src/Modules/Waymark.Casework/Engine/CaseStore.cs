using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>A record read from the store, with the keys it was opened by.</summary>
internal sealed record Loaded(RegisterPlan Plan, RecordPartition Partition, RecordDocument Document, RecordVault.Ring Ring, bool IsErased);

/// <summary>Records between the store and the machine: sealed going in, opened coming out, with the index made from the document.</summary>
internal sealed class CaseStore(RecordParts parts)
{
    /// <summary>In which records a person takes part, so that erasing reaches all of them.</summary>
    public const string UseRegister = "casework.use";

    public IStore Store => parts.Store;

    public RecordVault Vault { get; } = new(parts.Keys);

    /// <summary>The editions of packs that records were made with.</summary>
    public KeptPacks Packs { get; } = new(parts.Registers, parts.Store);

    public Result<(RegisterPlan Plan, RecordPartition Partition)> Place(RecordAddress address)
    {
        if (parts.Registers.Find(address.Register) is not { } plan || !ValueReader.IsId(address.Id))
        {
            return Nothing();
        }

        // Only persons lie where their case lies; every other register has its own partition.
        return (plan, plan.Id == People.PersonCore.Register ? address.Partition ?? RecordPartition.General : plan.Partition);
    }

    public async Task<Result<Loaded>> ReadAsync(RecordAddress address, CancellationToken cancellationToken)
    {
        var place = Place(address);
        if (!place.IsOk)
        {
            return place.Error;
        }

        var stored = await Store.Records.GetAsync(place.Value.Partition, address.Register, address.Id, cancellationToken);
        return stored is null ? Nothing() : await OpenAsync(place.Value.Plan, place.Value.Partition, stored, cancellationToken);
    }

    public async Task<Result<Loaded>> OpenAsync(RegisterPlan plan, RecordPartition partition, StoredRecord stored, CancellationToken cancellationToken)
    {
        var envelope = RecordJson.Read<Envelope>(stored.Document.Span);
        var ring = await RingAsync(partition, stored.Id, envelope, cancellationToken);
        if (!ring.IsOk)
        {
            return ring.Error;
        }

        if (envelope.Of(ring.Value) is not { } own)
        {
            // Its key was destroyed; what is left of it goes with the next sweep.
            return Nothing();
        }

        var document = Sealing.Open(stored.Id, envelope, own, out var erased);
        if (document.PackHash != plan.Hash)
        {
            // A record keeps the edition it was made with. One whose edition was not kept goes by that of now, as long as that knows its state.
            plan = await Packs.FindAsync(plan.Id, document.PackHash, cancellationToken) ?? plan;
            if (plan.State(document.State) is null)
            {
                return Error.Unavailable("case.edition", "The edition of the register that this record was made with is not here.", "本记录所依登记册版本不在此处。", References.Of(plan, stored.Id));
            }
        }

        return new Loaded(plan, partition, document with { Version = stored.Version }, ring.Value, erased);
    }

    /// <summary>Keys to write with: those of everybody in the record, made where they do not exist yet.</summary>
    public Task<Result<RecordVault.Ring>> WritingRingAsync(RegisterPlan plan, RecordPartition partition, RecordDocument document, CancellationToken cancellationToken) =>
        plan.Id == People.PersonCore.Register ? Vault.RingAsync(partition, [document.Id], create: true, cancellationToken)
        : Vault.RingAsync(partition, document.Persons.Select(person => person.Person), create: true, cancellationToken, Name(plan.Id, document.Id));

    /// <summary>Keys to open a document or an operation of a record with.</summary>
    public Task<Result<RecordVault.Ring>> RingAsync(RecordPartition partition, string id, Envelope envelope, CancellationToken cancellationToken) =>
        Vault.RingAsync(partition, envelope.Persons, create: false, cancellationToken, envelope.IsKeyed ? Name(envelope.Register, id) : null);

    /// <summary>The record as its own key is named after it.</summary>
    public static string Name(string register, string id) => register + "/" + id;

    public async Task<Result<KeyMaker>> KeysAsync(RecordPartition partition, CancellationToken cancellationToken)
    {
        var secret = await Vault.PartitionKeyAsync(partition, "keys", cancellationToken);
        return secret.IsOk ? new KeyMaker(parts.Knowledge, secret.Value) : secret.Error;
    }

    /// <summary>The write of one operation. Pure: everything that waits was fetched before.</summary>
    public RecordWrite Write(RegisterPlan plan, RecordPartition partition, Folded folded, RecordVault.Ring ring, KeyMaker keys, RegisterPlan? other = null)
    {
        var document = folded.Document;
        return new(plan.Id, document.Id, document.Version - 1, Sealing.Seal(plan, document, ring), Sealing.Seal(plan, document, folded.Operation, ring, other), [.. StandingFacts.Heads(plan, document), .. Guards.Freezes.Heads(document), .. Guards.Objections.Heads(document)])
        {
            Partition = partition, Index = Index(plan, document, keys),
        };
    }

    public RecordIndex Index(RegisterPlan plan, RecordDocument document, KeyMaker keys) => new(
        document.State, document.Owner, Clocks.NextDue(plan, document, parts.Calendars(document.Control.Unit)), document.Control.Unit, plan.PurposeBits,
        // A record for named people only is above every ceiling of lists; they find it by the key of their account.
        (byte)(document.NeedToKnow.Count > 0 ? Sensitivity.Severe : plan.Sensitivity), keys.Of(plan, document));

    /// <summary>The next deadline as the unit reads it: its last moment, in the unit's zone.</summary>
    public DateTimeOffset? Due(RegisterPlan plan, RecordDocument document) => parts.Calendars(document.Control.Unit) is var calendar && Clocks.NextDue(plan, document, calendar) is { } due ? calendar.Read(due) : null;

    /// <summary>True once the clock of its state has run out.</summary>
    public bool IsOverdue(RegisterPlan plan, RecordDocument document) => Due(plan, document) is { } due && due < parts.Time.GetUtcNow();

    /// <summary>Tasks that remind of clocks that a step started; their content is a handle and nothing else.</summary>
    public IEnumerable<QueueItem> Reminders(RegisterPlan plan, RecordDocument document) => Clocks.Of(plan, document, parts.Calendars(document.Control.Unit))
        .Where(clock => document.StateVersion == document.Version)
        .Select(clock => new QueueItem($"remind.{document.Id}.{clock.Clock.Id}.{document.StateVersion}", "casework.reminder",
            RecordJson.Bytes(new { register = plan.Id, id = document.Id, clock = clock.Clock.Id }), clock.Remind));

    /// <summary>Notes that a person takes part in a record, under a blinded name.</summary>
    public static RecordWrite Use(KeyMaker keys, string person, RecordPartition partition, RegisterPlan plan, string id)
    {
        var handle = Handle(keys, person);
        return new(UseRegister, handle + "." + id, 0, RecordJson.Bytes(new Use(partition, plan.Id, id)), RecordJson.Bytes(new { did = "joined" }), [new("person", handle)]);
    }

    public static string Handle(KeyMaker keys, string person) => Convert.ToHexStringLower(keys.Key(KeyKind.Participant, person).Key.Span);

    /// <summary>The one answer for "not there", "not yours" and "not now" (F8).</summary>
    public static Error Nothing() => Error.NotFound("case.nothing", "Nothing can be shown.", "没有可显示的内容。");
}

internal sealed record Use(RecordPartition Partition, string Register, string Id);
