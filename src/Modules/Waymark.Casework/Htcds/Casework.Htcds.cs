using System.Security.Cryptography;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Htcds;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Formats;
using Waymark.Formats.Htcds;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Casework.Features;

/// <summary>Spreadsheets of the Human Trafficking Case Data Standard, in and out.</summary>
public sealed partial class Casework : IHtcds
{
    /// <summary>Most cases of one file: somebody looks through what came in.</summary>
    private const int MostRows = 500;

    private HtcdsRegister? _htcds;

    private HtcdsRegister? Htcds => _htcds ??= HtcdsRegister.Open(Registers);

    public Result<HtcdsFile> Read(string name, byte[] content, HtcdsTrust trust, CancellationToken cancellationToken) => Htcds is not { } htcds
        ? Error.NotFound("htcds.no-register", "This node has no register for it.", "本节点没有相应的登记册。")
        : TabularFile.Open(content, name, cancellation: cancellationToken).Then(file => HtcdsReader.Read(file, htcds.Standard, new(trust, MostRows), cancellationToken));

    public async Task<CaseAnswer<HtcdsImported>> ImportAsync(CaseDesk desk, string name, byte[] content, HtcdsTrust trust, CancellationToken cancellationToken)
    {
        var file = Read(name, content, trust, cancellationToken);
        if (!file.IsOk)
        {
            return file.Error;
        }

        var htcds = Htcds!;
        if (!desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) || (Registers.Bits([desk.Purpose]) & htcds.Plan.PurposeBits) == 0)
        {
            return CaseStore.Nothing();
        }

        var keys = await _store.KeysAsync(htcds.Plan.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var (digest, rows) = (Convert.ToHexStringLower(SHA256.HashData(content)), new List<HtcdsRow>());
        foreach (var row in file.Value.Cases)
        {
            var (values, kept) = htcds.Entries(row);
            var (record, person) = (new RecordAddress(htcds.Plan.Id, Id("case"), htcds.Plan.Partition), new RecordAddress(People.PersonCore.Register, Id("person"), htcds.Plan.Partition));
            if (await _store.ReadAsync(record, cancellationToken) is { IsOk: true } there)
            {
                var isKnown = CaseRights.MayKnow(Registers, desk, htcds.Plan, there.Value.Document);
                rows.Add(new(row.Row, isKnown ? record : null, false, kept, isKnown ? null : CaseStore.Nothing()));
                continue;
            }

            if (values.Values.Any(text => text.Length > ValueReader.LongestText))
            {
                rows.Add(new(row.Row, null, false, kept, Error.TooLarge("value.too-long", "A cell holds more than an entry may; the row stays aside.", "某单元格内容超过登记上限；该行留置。")));
                continue;
            }

            var made = await CreateAsync(desk, new(person.Register, person.Id, HtcdsRegister.Person(row, Registers.Find(person.Register)!), [], person.Partition), cancellationToken);
            made = made.IsOk ? await CreateAsync(desk, new(record.Register, record.Id, values, [(htcds.Plan.Persons.First(role => role.IsPrincipal).Id, person.Id)]), cancellationToken) : made;
            if (made.Refusal is not null)
            {
                // What is refused for one row is refused for all; what was made before stands.
                return new(null, made.Refusal, null) { Decision = made.Decision, Duties = made.Duties };
            }

            rows.Add(new(row.Row, made.IsOk ? record : null, made.IsOk, kept, made.Error));

            // The same file gives the same ids, under the partition's key: nobody learns from an id what a file held.
            string Id(string what) => string.Concat(Enumerable.Range(1, 2).Select(half => Convert.ToHexStringLower(keys.Value.Key(KeyKind.Word, $"htcds\n{desk.Unit}\n{digest}\n{row.Row}\n{what}\n{half}").Key.Span)))[..32];
        }

        return new(new HtcdsImported(htcds.Plan, file.Value, rows), null, null);
    }

    Task<CaseAnswer<HtcdsExported>> IHtcds.ExportAsync(CaseDesk desk, ExportRequest request, CancellationToken cancellationToken)
    {
        if (Htcds is not { } htcds || request.Register != htcds.Plan.Id)
        {
            return Task.FromResult<CaseAnswer<HtcdsExported>>(CaseStore.Nothing());
        }

        return OutputAsync(desk, request, htcds.Places.Values.Select(path => htcds.Plan.Field(path)!), output =>
        {
            var leftOut = new List<Error>();
            var cases = output.Parts.Select(part => htcds.Cells(part.Document, References.Of(output.Plan, part.Document.Id), part.Hidden, leftOut)).ToList();
            return new HtcdsExported(output.Plan, output.Mark, cases, leftOut, output.Withheld, output.Receiver);
        }, cancellationToken);
    }

    public Task<Result<int>> WriteAsync(HtcdsExported exported, IEnumerable<string> about, Stream into, CancellationToken cancellationToken) => HtcdsWriter.WriteAsync(
        exported.Cases, into, Htcds!.Standard,
        new(About: [ExportMark.Of(exported.Mark), .. about, .. exported.LeftOut.Select(error => $"{error.Where}: {error.Message.In("en")} {error.Message.In("zh")}")], EmptyRows: 0), cancellationToken);
}
