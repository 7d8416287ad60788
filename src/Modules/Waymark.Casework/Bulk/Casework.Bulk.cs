using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>One act on many records, each by itself, under one name.</summary>
public sealed partial class Casework : IBulkActions
{
    private const string GroupRegister = "casework.group";

    public async Task<CaseAnswer<BulkPreview>> PreviewAsync(CaseDesk desk, BulkRequest request, CancellationToken cancellationToken)
    {
        if (Checked(desk, request.Register, [.. request.Records.Select(record => record.Id)]) is { IsOk: false } wrong)
        {
            return wrong.Error!;
        }

        var plan = Registers.Find(request.Register)!;
        var ask = await AskListAsync(desk, plan, "list." + plan.Id, cancellationToken);
        var gate = Rows(desk, plan, ask);
        var answer = await _parts.Gate.OpenAsync(ask, async token =>
        {
            var lines = new List<BulkLine>();
            foreach (var record in request.Records)
            {
                // One that may not be known of is left out, as if it were not there (F8).
                if (await KnownAsync(desk, new(plan.Id, record.Id), token) is { IsOk: true } known && await gate.OfAsync(known.Value.Document, token) is not null)
                {
                    var document = known.Value.Document;
                    lines.Add(new(new(plan.Id, document.Id, known.Value.Partition), References.Of(plan, document.Id), known.Value.Plan.State(document.State)!.Name, document.StateVersion,
                        await StopAsync(desk, known.Value, request, token)));
                }
            }

            return new BulkPreview(plan, request, lines);
        }, cancellationToken);
        return Answer(answer, preview => preview);
    }

    public async Task<CaseAnswer<BulkDone>> DoAsync(CaseDesk desk, BulkRequest request, string group, CancellationToken cancellationToken)
    {
        var read = Checked(desk, request.Register, [.. request.Records.Select(record => record.Id)]);
        if (!read.IsOk || !ValueReader.IsId(group))
        {
            return read.Error ?? CaseStore.Nothing();
        }

        var noted = await _parts.Store.CommitAsync(new()
        {
            Actor = desk.Actor.Account, Reason = "case.bulk",
            Records = [new(GroupRegister, group, 0, RecordJson.Bytes(new KeptGroup(request.Register, desk.Actor.Account, desk.Unit, _parts.Time.GetUtcNow(), [.. request.Records.Select(record => record.Id)])), RecordJson.Bytes(new { did = "begun" }), [])],
        }, cancellationToken);
        if (!noted.IsOk && (noted.Error.Code != "store.conflict" || await GroupAsync(group, cancellationToken) is not { } known || known.By != desk.Actor.Account || known.Register != request.Register))
        {
            return noted.Error.Code == "store.conflict" ? CaseStore.Nothing() : noted.Error;
        }

        var (lines, named) = (new List<BulkLine>(), desk with { Group = group });
        foreach (var record in request.Records)
        {
            if (await KnownAsync(desk, new(request.Register, record.Id), cancellationToken) is not { IsOk: true } found)
            {
                continue;
            }

            var (plan, document, address) = (found.Value.Plan, found.Value.Document, new RecordAddress(request.Register, record.Id, found.Value.Partition));
            if (!noted.IsOk && (await LinesAsync(found.Value, cancellationToken)).Any(line => line.Operation.Group == group))
            {
                lines.Add(Line(plan, document, address, null));
                continue;
            }

            var stop = await StopAsync(desk, found.Value, request, cancellationToken);
            var done = stop is not null ? null
                : request.Act == BulkAct.Assign ? await AssignAsync(named, address, request.Word, cancellationToken) : await StepAsync(named, address, request.Word!, record.SeenState, null, cancellationToken);
            lines.Add(Line(plan, done?.Value is { } changed && plan.State(changed.State) is not null ? document with { State = changed.State } : document, address, stop ?? Why(done)));
        }

        return new(new BulkDone(read.Value, group, lines, IsUndo: false), null, null);
    }

    public async Task<CaseAnswer<BulkDone>> UndoGroupAsync(CaseDesk desk, string group, string why, CancellationToken cancellationToken)
    {
        if (!ValueReader.IsId(group) || await GroupAsync(group, cancellationToken) is not { } kept || !desk.Actor.Units.Contains(kept.Unit, StringComparer.Ordinal) || Registers.Find(kept.Register) is not { } register)
        {
            return CaseStore.Nothing();
        }

        var lines = new List<BulkLine>();
        foreach (var id in kept.Records)
        {
            if (await KnownAsync(desk, new(kept.Register, id), cancellationToken) is not { IsOk: true } known)
            {
                continue;
            }

            var (plan, document, address) = (known.Value.Plan, known.Value.Document, new RecordAddress(kept.Register, id, known.Value.Partition));
            var history = await LinesAsync(known.Value, cancellationToken);
            if (history.LastOrDefault(line => line.Operation.Group == group && line.Operation.Undoes is null) is not { } line || history.Any(later => later.Operation.Undoes == line.Version))
            {
                continue;
            }

            var undone = await UndoAsync(desk with { Group = group }, address, line.Version, why, cancellationToken);
            lines.Add(Line(plan, undone.Value is { } changed ? document with { State = changed.State } : document, address, Why(undone)));
        }

        return new(new BulkDone(register, group, lines, IsUndo: true), null, null);
    }

    /// <summary>What stands in the way before the gate is asked, so that a preview asks nothing in anybody's name.</summary>
    private async Task<LocalText?> StopAsync(CaseDesk desk, Loaded loaded, BulkRequest request, CancellationToken cancellationToken)
    {
        var document = loaded.Document;
        if (request.Act == BulkAct.Assign)
        {
            return document.Owner == request.Word ? new LocalText("It is so already.", "已是如此。")
                : request.Word is { } owner && document.NeedToKnow.Count > 0 && !document.NeedToKnow.Contains(owner, StringComparer.Ordinal)
                    ? new LocalText("Only named people may see it, and this person is not among them.", "仅指定人员可见，而此人不在其中。") : null;
        }

        if (loaded.Plan.Transition(request.Word ?? "") is not { } step)
        {
            return new("There is no such step for this record.", "此记录没有该步骤。");
        }

        if (step.Action == ReturnGates.Action)
        {
            return new("Steps of return are taken one by one, each file by itself.", "返回的步骤须逐案办理，不得批量进行。");
        }

        if (document.Control.Offer is not null && !s_protective.Contains(step.Action))
        {
            return InTransit().Message;
        }

        return Steps.Check(loaded.Plan, document, step, await ContextAsync(desk, loaded.Plan, document, [step], cancellationToken))?.Text;
    }

    private Result<RegisterPlan> Checked(CaseDesk desk, string register, IReadOnlyList<string> ids) =>
        Registers.Find(register) is not { IsTyped: false } plan || !desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) || (Registers.Bits([desk.Purpose]) & plan.PurposeBits) == 0 ? CaseStore.Nothing()
        : ids.Count is 0 or > BulkRequest.Most || ids.Distinct(StringComparer.Ordinal).Count() != ids.Count || !ids.All(ValueReader.IsId)
            ? Error.Invalid("bulk.records", $"Choose 1 to {BulkRequest.Most} records.", $"请选择 1 至 {BulkRequest.Most} 条记录。") : plan;

    private static BulkLine Line(RegisterPlan plan, RecordDocument document, RecordAddress address, LocalText? refusal) =>
        new(address, References.Of(plan, document.Id), plan.State(document.State)!.Name, document.StateVersion, refusal);

    private static LocalText? Why(CaseAnswer<Changed>? answer) => answer is null or { IsOk: true } ? null : answer.Refusal?.Text ?? answer.Error!.Message;

    private async Task<KeptGroup?> GroupAsync(string group, CancellationToken cancellationToken) =>
        await _parts.Store.Records.GetAsync(GroupRegister, group, cancellationToken) is { } stored ? RecordJson.Read<KeptGroup>(stored.Document.Span) : null;

    private sealed record KeptGroup(string Register, string By, string Unit, DateTimeOffset At, IReadOnlyList<string> Records);
}
