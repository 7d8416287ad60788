using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>The return gates and the falling back behind them.</summary>
public sealed partial class Casework
{
    private const string DecisionRegister = "casework.return-decision";

    /// <summary>
    /// Enters an individual decision at a gate, under the gate of data protection too. Held with an alarm when it follows too fast or reads like another (M20).
    /// Errors: <c>return.reasons</c>, <c>return.held</c>, <c>case.nothing</c>.
    /// </summary>
    public Task<CaseAnswer<Changed>> DecideReturnAsync(CaseDesk desk, RecordAddress person, ReturnDecision decision, CancellationToken cancellationToken) =>
        DecideReturnAsync(desk, person, decision, static (_, _) => Task.FromResult<Result<RecordWrite[]>>(Array.Empty<RecordWrite>()), cancellationToken);

    private async Task<CaseAnswer<Changed>> DecideReturnAsync(
        CaseDesk desk, RecordAddress person, ReturnDecision decision, Func<ReturnDecision, CancellationToken, Task<Result<RecordWrite[]>>> beside, CancellationToken cancellationToken)
    {
        var loaded = await _store.ReadAsync(person, cancellationToken);
        if (!loaded.IsOk || person.Register != PersonCore.Register || !desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal))
        {
            return CaseStore.Nothing();
        }

        if (!desk.Actor.IsHardware)
        {
            return Error.Refused("return.credential", "A decision at a gate needs a sign-in with a trusted security key.", "关口决定须使用受信安全密钥登录。");
        }

        // Who decides, when and on which facts is what is so, not what the request says.
        var made = decision with
        {
            Id = NewId(), Person = person.Id, By = desk.Actor.Account, Units = desk.Actor.Units, At = _parts.Time.GetUtcNow(), Facts = ReturnGates.Facts(loaded.Value.Document),
        };
        var before = await DecisionsAsync(new("by", Handle(desk.Actor.Account)), loaded.Value.Partition, cancellationToken);
        if (ReturnGates.Check(made, before) is { } wrong)
        {
            if (wrong.Code == "return.held")
            {
                await _parts.Store.CommitAsync(new() { Actor = desk.Actor.Account, Reason = "return.held", Tasks = [Alarm("return.held", desk)] }, cancellationToken);
            }

            return wrong;
        }

        // Said before the gate is asked: a question refused there may not come back with other facts within the day (M77).
        var facts = await DecidingAsync(loaded.Value, made, cancellationToken);
        if (made.Gate != ReturnGate.BestInterest && facts["assessment.best_interest"] is ["false"] && PersonCore.MayBeChild(loaded.Value.Document, DateOnly.FromDateTime(made.At.UtcDateTime)))
        {
            return Error.Refused("return.gate-best-interest", "Whoever may be a child needs a best-interest decision first.", "可能是儿童者须先有最佳利益决定。");
        }

        var ring = await _store.Vault.RingAsync(loaded.Value.Partition, [person.Id], create: true, cancellationToken);
        if (!ring.IsOk || !ring.Value.Has(person.Id))
        {
            return ring.Error ?? CaseStore.Nothing();
        }

        var also = await beside(made, cancellationToken);
        if (!also.IsOk)
        {
            return also.Error;
        }

        var envelope = new Envelope(DecisionRegister, [person.Id], [new([person.Id], ring.Value.Seal(DecisionRegister + "/" + made.Id, [person.Id], RecordJson.Bytes(made)))]);
        var request = await AskAsync(desk, loaded.Value.Plan, person.Id, loaded.Value.Document, [person.Id], "decide", "none", facts, cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "return.decide",
            Records =
            [
                new(DecisionRegister, made.Id, 0, RecordJson.Bytes(envelope), RecordJson.Bytes(new { did = "decided", decision = permit.Decision }), [new("person", Handle(person.Id)), new("by", Handle(desk.Actor.Account))]),
                .. also.Value,
            ],
        }, cancellationToken);
        return AsideOf(Answer(answer, loaded.Value.Plan, loaded.Value.Partition, loaded.Value.Document, []));
    }

    /// <summary>Refuses whatever would bring a record, or more people in it, behind closed gates, by whatever operation.</summary>
    private protected override async Task<Error?> GatesAsync(Loaded before, RecordDocument after, CancellationToken cancellationToken)
    {
        var moved = before.Document.State != after.State || before.Document.Persons.Count != after.Persons.Count;
        return Firewall.Moved(before.Plan, before.Document, after) ?? Firewall.Mixed(before.Plan, before.Document, after) ?? (moved && ReturnGates.IsGated(before.Plan, after.State) ? await ClosedAsync(before.Partition, after, cancellationToken) : null);
    }

    private async Task<Error?> ClosedAsync(RecordPartition partition, RecordDocument record, CancellationToken cancellationToken)
    {
        if (record.Persons.Count == 0)
        {
            return Error.Refused("return.nobody", "A return names each person it concerns.", "遣返须逐一指明所涉人员。");
        }

        foreach (var id in record.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal))
        {
            var person = await _store.ReadAsync(new(PersonCore.Register, id, partition), cancellationToken);
            if (!person.IsOk)
            {
                return person.Error;
            }

            var decisions = await DecisionsAsync(new("person", Handle(id)), partition, cancellationToken);
            if (ReturnGates.Closed(person.Value.Document, decisions, ReturnUnits(record), _parts.Time.GetUtcNow()) is { } closed)
            {
                return closed;
            }
        }

        return null;
    }

    /// <summary>
    /// A decision at the gates is serious; on somebody who may be a child it needs a best-interest decision that stands first (F4). That one is itself what the rule asks for.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> DecidingAsync(Loaded person, ReturnDecision decision, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(await TypedAsync(person, person.Document, "decide", cancellationToken), StringComparer.Ordinal)
        {
            ["decision.effect"] = [decision.Gate == ReturnGate.BestInterest ? "none" : "serious"],
        };
        var last = (await DecisionsAsync(new("person", Handle(decision.Person)), person.Partition, cancellationToken))
            .Where(known => known.Gate == ReturnGate.BestInterest).OrderByDescending(known => known.At).FirstOrDefault();
        facts["assessment.best_interest"] = [last is { IsOpen: true } && last.Facts == decision.Facts && decision.At - last.At <= ReturnGates.Holds ? "true" : "false"];
        return facts;
    }

    /// <summary>
    /// A fact at the gates changed: records behind them fall back (M21). Should this be cut off, the gates refuse the next step all the same, for the decision no longer
    /// rests on the facts of now.
    /// </summary>
    private protected override async Task FallBackAsync(RecordAddress person, CancellationToken cancellationToken)
    {
        foreach (var use in await UsesAsync(person, cancellationToken))
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                var loaded = await _store.ReadAsync(new(use.Register, use.Id, use.Partition), cancellationToken);
                if (!loaded.IsOk || !ReturnGates.IsGated(loaded.Value.Plan, loaded.Value.Document.State) || loaded.Value.Plan.State(loaded.Value.Document.State)!.IsTerminal)
                {
                    break;
                }

                var document = loaded.Value.Document;
                var operation = new Operation(NewId(), OperationKind.Step, "engine", _parts.Time.GetUtcNow())
                {
                    State = ReturnGates.Fallback(loaded.Value.Plan, document.State), StateBase = document.StateVersion, Why = "return.facts-changed",
                };
                if (await CommitAsync(loaded.Value, operation, "case.fall-back", cancellationToken) is not { Code: "store.conflict" })
                {
                    break;
                }
            }
        }
    }

    private Task<IReadOnlyList<ReturnDecision>> DecisionsAsync(RecordHead head, RecordPartition partition, CancellationToken cancellationToken) =>
        SealedAsync<ReturnDecision>(DecisionRegister, head, partition, cancellationToken);
}
