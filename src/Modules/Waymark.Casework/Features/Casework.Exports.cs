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

        var (plan, known, barred) = (read.Value, new List<Loaded>(), 0);
        var masks = plan.View.Columns.Select(column => column.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var id in request.Records.Order(StringComparer.Ordinal))
        {
            if (await KnownAsync(desk, new(plan.Id, id), cancellationToken) is { IsOk: true } found)
            {
                var isBarred = await BarredAsync(found.Value, request.Reader, masks, cancellationToken) is not null;
                barred += isBarred ? 1 : 0;
                known.AddRange(isBarred ? [] : [found.Value]);
            }
        }

        var persons = known.SelectMany(one => CaseRights.Persons(one.Plan, one.Document)).Distinct(StringComparer.Ordinal).ToList();
        var ring = await _store.Vault.RingAsync(plan.Partition, [], create: true, cancellationToken);
        if (!ring.IsOk)
        {
            return ring.Error;
        }

        // Little by little is no way round: what the account carried away within a day is in the question. A large output is asked for as it is, so that the same question
        // passes once it was approved and held.
        var asked = persons.Count > MostPersons ? persons : [.. persons.Union(await CarriedAsync(desk, plan, ring.Value, cancellationToken), StringComparer.Ordinal)];
        var ask = await AskAsync(desk, plan, "export." + plan.Id, null, asked, "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(ask, async token =>
        {
            var (mark, now, hidden) = (NewId()[..12], _parts.Time.GetUtcNow(), CaseRights.Hidden(Registers, desk));
            var copy = new KeptCopy(new(mark, desk.Actor.Account, desk.Unit, plan.Id, known.Count, persons.Count, now), request.Why, ring.Value.Seal(ExportRegister + "/" + mark, [], RecordJson.Bytes(persons)));

            // The copy is known before it leaves.
            var written = await _parts.Store.CommitAsync(new()
            {
                Actor = desk.Actor.Account, Reason = "case.export",
                Records = [new(ExportRegister, mark, 0, RecordJson.Bytes(copy), RecordJson.Bytes(new { did = "exported" }), [new("by", Handle("export\n" + plan.Partition + "\n" + desk.Actor.Account)), new("at", Moment(now))])],
            }, token);
            return written.IsOk
                ? new CaseExport(plan, mark, now, [.. known.Select(one => new CaseRow(one.Plan.State(one.Document.State)!.Name, new(plan.Id, one.Document.Id, one.Partition), References.Of(plan, one.Document.Id),
                    one.Document.State, one.Document.Owner, _store.Due(one.Plan, one.Document), one.Document.StateSince, one.Document.HasConflict,
                    [.. plan.View.Columns.Select(field => hidden(field) ? null : one.Document.One(field.Path)?.Value)]))], barred)
                : throw new StoreException(written.Error);
        }, cancellationToken);
        return Answer(answer, export => export);
    }

    public async Task<ExportCopy?> CopyAsync(string mark, CancellationToken cancellationToken) =>
        mark.Length == 12 && await _parts.Store.Records.GetAsync(ExportRegister, mark, cancellationToken) is { } stored ? RecordJson.Read<KeptCopy>(stored.Document.Span).Copy : null;

    /// <summary>Persons that this account carried away within a day, out of the register's partition.</summary>
    private async Task<IEnumerable<string>> CarriedAsync(CaseDesk desk, RegisterPlan plan, RecordVault.Ring ring, CancellationToken cancellationToken)
    {
        var page = await _parts.Store.Records.ListAsync(
            new(ExportRegister, [new("by", Handle("export\n" + plan.Partition + "\n" + desk.Actor.Account))], "at", Descending: true, Limit: 1_000, From: Moment(_parts.Time.GetUtcNow() - TimeSpan.FromDays(1))), cancellationToken);
        return (page.IsOk ? page.Value.Records : throw new StoreException(page.Error)).Select(stored => RecordJson.Read<KeptCopy>(stored.Document.Span))
            .SelectMany(copy => ring.Open(ExportRegister + "/" + copy.Copy.Mark, [], copy.Persons) is { } bytes ? RecordJson.Read<List<string>>(bytes) : []);
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private sealed record KeptCopy(ExportCopy Copy, string Why, byte[] Persons);
}
