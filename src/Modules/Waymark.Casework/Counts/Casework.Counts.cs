using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Casework.Counts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Counts of victims for the world's reports: prepared, approved by a second person, released through the gate.</summary>
public sealed partial class Casework : IVictimCounts
{
    private const string CountRegister = "casework.counts";
    private const int CountPage = 500;
    private const int MostCounts = 500;

    public async Task<CaseAnswer<CountSheet>> PrepareAsync(CaseDesk desk, int year, string area, string risk, CancellationToken cancellationToken)
    {
        var asked = CountedBy(desk);
        if (!asked.IsOk)
        {
            return asked.Error;
        }

        var (plan, now) = (asked.Value, _parts.Time.GetUtcNow());
        if (year < 2000 || year >= now.Year)
        {
            return Error.Invalid("counts.year", "A year is counted when it is over.", "年度结束后方可统计。", "year");
        }

        if (plan.CodeLists["areas"].Codes.All(code => code.Id != area) || !IVictimCounts.Risks.Contains(risk, StringComparer.Ordinal))
        {
            return Error.Invalid("counts.area", "Choose the country or area that the figures are about, and the risk there.", "请选择统计所涉国家或地区及当地风险。", "area");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{area.ToLowerInvariant()}-{year}");
        var known = await _parts.Store.Records.GetAsync(CountRegister, id, cancellationToken);
        if (known is not null && RecordJson.Read<CountNote>(known.Document.Span) is { Sheet.State: CountState.Released })
        {
            return Error.Conflict("counts.released", "The figures of this year were told already; a second version beside the first would tell about who came between them.", "本年度数字已发布；第二个版本与第一个并存会泄露其间变动者的情况。");
        }

        var question = await AskCountsAsync(desk, plan, id, "read", null, cancellationToken);
        var looked = await _parts.Gate.OpenAsync(question, async token => await CountAsync(desk, Rows(desk, plan, question, areOnlyCounted: true), plan, id, year, (area, risk), now, token), cancellationToken);
        if (looked.Value is not { } sheet)
        {
            return Answer(looked, value => value);
        }

        var failed = await KeepAsync(desk.Actor, "counts.prepared", new(sheet, desk.Actor), known?.Version ?? 0, cancellationToken);
        return failed is null ? Answer(looked, value => value) : failed;
    }

    public async Task<Result<CountSheet>> ApproveAsync(Actor second, string id, CancellationToken cancellationToken)
    {
        if (!IVictimCounts.Approvers.Contains(second.Role, StringComparer.Ordinal))
        {
            return NotCounting();
        }

        var (stored, note) = await CountNoteAsync(id, cancellationToken);
        if (note is null)
        {
            return NoCounts();
        }

        if (note.Sheet.State != CountState.Prepared)
        {
            return CountsMoved();
        }

        var now = _parts.Time.GetUtcNow();
        if (new TwoPersonsRule().Check(note.First, note.Sheet.At, second, now) is { } refusal)
        {
            return refusal;
        }

        var approved = note with { Sheet = note.Sheet with { State = CountState.Approved, At = now, By = second.Account } };
        return await KeepAsync(second, "counts.approved", approved, stored!.Version, cancellationToken) is { } failed ? failed : approved.Sheet;
    }

    public async Task<CaseAnswer<CountSheet>> ReleaseAsync(CaseDesk desk, string id, CancellationToken cancellationToken)
    {
        var asked = CountedBy(desk);
        var (stored, note) = asked.IsOk ? await CountNoteAsync(id, cancellationToken) : default;
        if (!asked.IsOk || note is null)
        {
            return asked.Error ?? NoCounts();
        }

        if (note.Sheet.State != CountState.Approved)
        {
            return CountsMoved();
        }

        var released = note with { Sheet = note.Sheet with { State = CountState.Released, At = _parts.Time.GetUtcNow(), By = desk.Actor.Account } };
        var done = await _parts.Gate.ActAsync(await AskCountsAsync(desk, asked.Value, id, "publish", note.Sheet, cancellationToken), _ => new()
        {
            Actor = desk.Actor.Account, Reason = "counts.released", Records = [released.Write(stored!.Version, "released")],
        }, cancellationToken);
        return done.Error is { Code: "store.conflict" } ? CountsMoved()
            : new CaseAnswer<CountSheet>(done.IsPermitted ? released.Sheet : null, done.Refusal, done.Error) { Decision = done.Permit?.Decision ?? done.Refusal?.Decision, Duties = done.Permit?.Duties ?? done.Refusal?.Duties ?? [] };
    }

    async Task<Result<IReadOnlyList<CountSheet>>> IVictimCounts.ListAsync(CancellationToken cancellationToken)
    {
        var page = await _parts.Store.Records.ListAsync(new(CountRegister, [new("kept", "yes")], "year", Descending: true, Limit: MostCounts), cancellationToken);
        return page.IsOk ? Result<IReadOnlyList<CountSheet>>.Ok([.. page.Value.Records.Select(record => RecordJson.Read<CountNote>(record.Document.Span).Sheet)]) : page.Error;
    }

    private Result<RegisterPlan> CountedBy(CaseDesk desk) => Registers.Find(VictimTable.Register) is not { } plan || !desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) || (Registers.Bits([desk.Purpose]) & plan.PurposeBits) == 0
        ? CaseStore.Nothing() : desk.Actor.Role == IVictimCounts.Preparer ? plan : NotCounting();

    /// <summary>
    /// The question to the gate: about the records of the register while they are counted, and about figures that name nobody once they are told, with what is known about their protection.
    /// </summary>
    private async Task<GateRequest> AskCountsAsync(CaseDesk desk, RegisterPlan plan, string id, string action, CountSheet? sheet, CancellationToken cancellationToken)
    {
        // What the organisation decided for people of this register speaks about their figures, too.
        var (matter, at, standing) = (CountRegister + "/" + id, _standing.WithoutClaims(desk, plan), await _standing.OfAsync(plan, desk.Purpose, isOfPeople: true, cancellationToken));
        if (sheet is null)
        {
            return CaseRights.Ask(at, plan, matter, null, [], action, "none", null, standing);
        }

        // Nobody is in it whom somebody could be barred from. It was reviewed when another person approved it, and a single figure of it is at least the threshold.
        var typed = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["data.form"] = ["aggregate"], ["data.identifiable"] = ["false"], ["data.necessary_fields"] = ["true"], ["recipient.barred"] = ["false"], ["country.risk"] = [sheet.Risk],
            ["publication.reviewed"] = [sheet.State == CountState.Approved ? "true" : "false"], ["publication.channel"] = ["public"],
            ["publication.k"] = [sheet.Lines.Select(line => line.Count ?? 0).Where(count => count > 0).DefaultIfEmpty(IVictimCounts.Threshold).Min().ToString(CultureInfo.InvariantCulture)],
        };
        var request = CaseRights.Ask(at, plan, matter, null, [], action, "public", typed, standing);
        return request with { Facts = new Dictionary<string, IReadOnlyList<string>>(request.Facts, StringComparer.Ordinal) { ["data.categories"] = ["sex", "age", "nationality"] } };
    }

    private async Task<CountSheet> CountAsync(CaseDesk desk, RowGate gate, RegisterPlan plan, string id, int year, (string Area, string Risk) about, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var table = new VictimTable(plan);
        for (string? after = null; ;)
        {
            var (page, counted) = (await _parts.Store.Records.ScanAsync(plan.Partition, plan.Id, after, CountPage, cancellationToken), new List<RecordDocument>());
            foreach (var stored in page)
            {
                // What cannot be opened is somebody who was erased.
                if (await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken) is { IsOk: true, Value.Document: var document } && document.OpenedAt.Year == year
                    && VictimTable.Counts(document) && !await IsRefusedAsync(document, cancellationToken))
                {
                    counted.Add(document);
                }
            }

            foreach (var (document, leave) in counted.Zip(await gate.OfAsync(counted, cancellationToken)))
            {
                if (leave is { Stopped: null })
                {
                    table.Add(document);
                }
            }

            if (page.Count < CountPage)
            {
                break;
            }

            after = page[^1].Id;
        }

        return new(id, year, about.Area, plan.CodeLists["areas"].Codes.First(code => code.Id == about.Area).Name, about.Risk, CountState.Prepared, now, desk.Actor.Account, table.Told(IVictimCounts.Threshold));
    }

    /// <summary>Whether the decision that the record names found that this is no victim: help went on, and nobody is counted.</summary>
    private async Task<bool> IsRefusedAsync(RecordDocument document, CancellationToken cancellationToken) => document.One("identification")?.Value.Member("id") is { } decision
        && await _store.ReadAsync(new("identification", decision), cancellationToken) is { IsOk: true, Value.Document.State: "not-identified" };

    private async Task<(StoredRecord? Stored, CountNote? Note)> CountNoteAsync(string id, CancellationToken cancellationToken) =>
        id.Length is > 0 and <= 20 && await _parts.Store.Records.GetAsync(CountRegister, id, cancellationToken) is { } stored ? (stored, RecordJson.Read<CountNote>(stored.Document.Span)) : default;

    private async Task<Error?> KeepAsync(Actor actor, string act, CountNote note, long version, CancellationToken cancellationToken)
    {
        var set = await Leaves.AddAsync(new() { Actor = actor.Account, Reason = act, Records = [note.Write(version, act)] }, [], _parts.Time.GetUtcNow(), cancellationToken);
        return !set.IsOk ? set.Error : (await _parts.Store.CommitAsync(set.Value, cancellationToken)).Error is not { } failed ? null : failed.Code == "store.conflict" ? CountsMoved() : failed;
    }

    private static Error NotCounting() => Error.Refused("counts.role", "A supervisor prepares and releases figures; a supervisor, the data-protection officer or the legal officer of another unit approves them.", "数字由主管编制并发布；由另一单位的主管、数据保护干事或法律干事批准。");

    private static Error NoCounts() => Error.NotFound("counts.unknown", "There are no such figures.", "没有这些数字。");

    private static Error CountsMoved() => Error.Conflict("counts.not-now", "Somebody acted meanwhile, or the figures are not at this step; look again.", "期间已有人处理，或数字尚未到此步骤；请重新查看。");

    private sealed record CountNote(CountSheet Sheet, Actor First)
    {
        public RecordWrite Write(long version, string did) => new(CountRegister, Sheet.Id, version, RecordJson.Bytes(this), RecordJson.Bytes(new { did }),
            [new("kept", "yes"), new("year", Sheet.Year.ToString("0000", CultureInfo.InvariantCulture))]);
    }
}
