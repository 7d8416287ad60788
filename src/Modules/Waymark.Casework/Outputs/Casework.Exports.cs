using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Outputs of many records: each asked for as the transfer that it is, all counted, held above 25 persons, marked.</summary>
public sealed partial class Casework
{
    private const string ExportRegister = "casework.export";
    private const string Transfer = "transfer";

    /// <summary>Above this number of persons the gate waits for two others; below it, what the account took within a day counts too.</summary>
    private const int MostPersons = 25;

    public Task<CaseAnswer<CaseExport>> ExportAsync(CaseDesk desk, ExportRequest request, CancellationToken cancellationToken) => OutputAsync(
        desk, request, Registers.Find(request.Register)?.View.Columns ?? [], output => new CaseExport(output.Plan, output.Mark, output.At, [.. output.Parts.Select(part => new CaseRow(
            part.Record.Plan.State(part.Document.State)!.Name, part.Address, References.Of(output.Plan, part.Document.Id), part.Document.State, part.Document.Owner,
            _store.Due(part.Record.Plan, part.Document), part.Document.StateSince, part.Document.HasConflict,
            [.. output.Plan.View.Columns.Select(field => part.Hidden(field) ? null : part.Document.One(field.Path)?.Value)]))], output.Withheld, output.Receiver), cancellationToken);

    /// <summary>One output of <paramref name="fields"/> of many records, whatever its form: <paramref name="make"/> gets those that may go, once the gate opened for each and the copy is written down.</summary>
    private async Task<CaseAnswer<T>> OutputAsync<T>(CaseDesk desk, ExportRequest request, IEnumerable<FieldPlan> fields, Func<Output, T> make, CancellationToken cancellationToken) where T : class
    {
        var read = Checked(desk, request.Register, request.Records);
        if (!read.IsOk)
        {
            return read.Error;
        }

        if (_parts.Receivers is not { } receivers || await receivers.FindAsync(request.Receiver, cancellationToken) is not { } receiver)
        {
            return Error.Refused("export.receiver", "A list leaves only sealed to the key of a receiver in force.", "列表须以有效接收方的公钥加密后方可导出。", "receiver")
                .WithHint("The data-protection or legal officer enters receivers; two persons confirm a key.", "接收方由数据保护官或法务官登记；公钥须经两人确认。");
        }

        // Each record is asked for by itself, for what it is: a transfer to this kind of receiver, under the law of this country or area.
        var (plan, parts, withheld) = (read.Value, new List<(Loaded Record, GateRequest Ask, bool IsBarred)>(), new List<BulkLine>());
        var (masks, reader) = (fields.Select(field => field.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal), new OutputParty(null, receiver.Organisation, receiver.Area));
        foreach (var id in request.Records.Order(StringComparer.Ordinal))
        {
            if (await KnownAsync(desk, new(plan.Id, id), cancellationToken) is { IsOk: true } found)
            {
                var (one, isBarred) = (found.Value.Document, await BarredAsync(found.Value, reader, masks, cancellationToken) is not null);
                var facts = await _standing.ForReceiverAsync(await TypedAsync(found.Value, one, Transfer, cancellationToken), receiver, cancellationToken);
                facts["recipient.barred"] = [isBarred ? "true" : "false"];
                parts.Add((found.Value, await AskAsync(desk, found.Value.Plan, one.Id, one, CaseRights.Persons(found.Value.Plan, one), Transfer, receiver.Type, facts, cancellationToken), isBarred));
            }
        }

        var carried = await CarriedAsync(desk, plan, [.. parts.Where(part => !part.IsBarred).SelectMany(part => part.Ask.Persons).Distinct(StringComparer.Ordinal)], cancellationToken);
        if (!carried.IsOk)
        {
            return carried.Error;
        }

        // The receiver is in the matter: what two others approve for one receiver opens for no other.
        var answer = await _parts.Gate.CarryAsync(
            $"export.{plan.Id} {receiver.Id}", [.. carried.Value.Union(parts.SelectMany(part => part.Ask.Persons), StringComparer.Ordinal)], [.. parts.Select(part => part.Ask)], cancellationToken);
        if (answer.Held is not null || answer.Error is not null)
        {
            return new(null, answer.Held, answer.Error) { Decision = answer.Held?.Decision };
        }

        var (hidden, going, persons, duties) = (CaseRights.Hidden(Registers, desk), new List<OutputPart>(), new HashSet<string>(StringComparer.Ordinal), new List<GateDuty>());
        foreach (var ((record, ask, isBarred), part) in parts.Zip(answer.Parts))
        {
            var (document, address) = (record.Document, new RecordAddress(plan.Id, record.Document.Id, record.Partition));
            if (part.Permit is not { } permit)
            {
                // Why somebody barred a reader is theirs alone: a reason would be a leak.
                withheld.Add(Line(record.Plan, document, address, isBarred ? SafeContact.Refused.Message : part.Refusal!.InTheWay.Concat([part.Refusal.Text]).First()));
                continue;
            }

            persons.UnionWith(ask.Persons);
            duties.AddRange(permit.Duties);
            going.Add(new(record, address, field => hidden(field) || (field.Mask is { } mask && permit.Masked.Contains(mask))));
        }

        if (going.Count == 0 && parts is [{ IsBarred: false }])
        {
            return new(null, answer.Parts[0].Refusal, null) { Decision = answer.Parts[0].Refusal!.Decision };
        }

        var (mark, now) = going.Count == 0 ? ("", _parts.Time.GetUtcNow()) : await KeepCopyAsync(desk, plan, going.Count, [.. persons], request.Why, receiver.Key.Fingerprint, cancellationToken);
        return new(make(new(plan, mark, now, going, withheld, receiver)), null, null) { Duties = duties };
    }

    public async Task<ExportCopy?> CopyAsync(string mark, CancellationToken cancellationToken) =>
        mark.Length == 12 && await _parts.Store.Records.GetAsync(ExportRegister, mark, cancellationToken) is { } stored ? RecordJson.Read<KeptCopy>(stored.Document.Span).Copy : null;

    /// <summary>Writes down who takes a copy of what, before it leaves; answers its mark.</summary>
    private async Task<(string Mark, DateTimeOffset At)> KeepCopyAsync(CaseDesk desk, RegisterPlan plan, int records, IReadOnlyList<string> persons, string why, string? to, CancellationToken cancellationToken)
    {
        var (mark, now, ring) = (NewId()[..12], _parts.Time.GetUtcNow(), await _store.Vault.RingAsync(plan.Partition, [], create: true, cancellationToken));
        if (!ring.IsOk)
        {
            throw new StoreException(ring.Error);
        }

        var copy = new KeptCopy(new(mark, desk.Actor.Account, desk.Unit, plan.Id, records, persons.Count, now, to), why, ring.Value.Seal(ExportRegister + "/" + mark, [], RecordJson.Bytes(persons)));
        var written = await _parts.Store.CommitAsync(new()
        {
            Actor = desk.Actor.Account, Reason = "case.export",
            Records = [new(ExportRegister, mark, 0, RecordJson.Bytes(copy), RecordJson.Bytes(new { did = "exported" }), [new("by", Handle("export\n" + plan.Partition + "\n" + desk.Actor.Account)), new("at", Moment(now))])],
        }, cancellationToken);
        return written.IsOk ? (mark, now) : throw new StoreException(written.Error);
    }

    /// <summary>
    /// The persons of the question to the gate: those of this copy. Little by little is no way round: where they come to more than 25 with what this account carried away within a day, out of
    /// the register's partition, all of them. A large copy is asked for as it is, so that the same question passes once it was approved and held.
    /// </summary>
    private async Task<Result<IReadOnlyList<string>>> CarriedAsync(CaseDesk desk, RegisterPlan plan, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        if (persons.Count > MostPersons)
        {
            return Result<IReadOnlyList<string>>.Ok(persons);
        }

        var ring = await _store.Vault.RingAsync(plan.Partition, [], create: true, cancellationToken);
        var page = await _parts.Store.Records.ListAsync(
            new(ExportRegister, [new("by", Handle("export\n" + plan.Partition + "\n" + desk.Actor.Account))], "at", Descending: true, Limit: 1_000, From: Moment(_parts.Time.GetUtcNow() - TimeSpan.FromDays(1))), cancellationToken);
        if (!ring.IsOk || !page.IsOk)
        {
            return ring.Error ?? page.Error!;
        }

        var all = page.Value.Records.Select(stored => RecordJson.Read<KeptCopy>(stored.Document.Span))
            .SelectMany(copy => ring.Value.Open(ExportRegister + "/" + copy.Copy.Mark, [], copy.Persons) is { } bytes ? RecordJson.Read<List<string>>(bytes) : []).Union(persons, StringComparer.Ordinal).ToList();
        return Result<IReadOnlyList<string>>.Ok(all.Count > MostPersons ? all : persons);
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What an output is made of: its mark, the records that may go, and those that stay here.</summary>
    private sealed record Output(RegisterPlan Plan, string Mark, DateTimeOffset At, IReadOnlyList<OutputPart> Parts, IReadOnlyList<BulkLine> Withheld, Receiver Receiver);

    /// <summary>A record that may go, without the fields that are hidden: not for this purpose, or masked by its permit.</summary>
    private sealed record OutputPart(Loaded Record, RecordAddress Address, Func<FieldPlan, bool> Hidden)
    {
        public RecordDocument Document => Record.Document;
    }

    private sealed record KeptCopy(ExportCopy Copy, string Why, byte[] Persons);
}
