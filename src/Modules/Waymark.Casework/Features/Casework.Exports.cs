using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Outputs of many records: counted, held above 25 persons, marked.</summary>
public sealed partial class Casework
{
    private const string ExportRegister = "casework.export";

    /// <summary>Above this number of persons the gate waits for two others; below it, what the account took within a day counts too.</summary>
    private const int MostPersons = 25;

    public async Task<CaseAnswer<CaseExport>> ExportAsync(CaseDesk desk, ExportRequest request, CancellationToken cancellationToken)
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

        var (plan, known, barred) = (read.Value, new List<Loaded>(), 0);
        var (masks, reader) = (plan.View.Columns.Select(column => column.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal), new OutputParty(null, receiver.Organisation, receiver.Area));
        foreach (var id in request.Records.Order(StringComparer.Ordinal))
        {
            if (await KnownAsync(desk, new(plan.Id, id), cancellationToken) is { IsOk: true } found)
            {
                var isBarred = await BarredAsync(found.Value, reader, masks, cancellationToken) is not null;
                barred += isBarred ? 1 : 0;
                known.AddRange(isBarred ? [] : [found.Value]);
            }
        }

        var persons = known.SelectMany(one => CaseRights.Persons(one.Plan, one.Document)).Distinct(StringComparer.Ordinal).ToList();
        var carried = await CarriedAsync(desk, plan, persons, cancellationToken);
        if (!carried.IsOk)
        {
            return carried.Error;
        }

        // The receiver is in the matter: what two others approve for one receiver opens for no other.
        var ask = await AskAsync(desk, plan, $"export.{plan.Id} {receiver.Id}", null, carried.Value, "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(ask, async token =>
        {
            var hidden = CaseRights.Hidden(Registers, desk);
            var (mark, now) = await KeepCopyAsync(desk, plan, known.Count, persons, request.Why, receiver.Key.Fingerprint, token);
            return new CaseExport(plan, mark, now, [.. known.Select(one => new CaseRow(one.Plan.State(one.Document.State)!.Name, new(plan.Id, one.Document.Id, one.Partition), References.Of(plan, one.Document.Id),
                one.Document.State, one.Document.Owner, _store.Due(one.Plan, one.Document), one.Document.StateSince, one.Document.HasConflict,
                [.. plan.View.Columns.Select(field => hidden(field) ? null : one.Document.One(field.Path)?.Value)]))], barred, receiver);
        }, cancellationToken);
        return Answer(answer, export => export);
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

    private sealed record KeptCopy(ExportCopy Copy, string Why, byte[] Persons);
}
