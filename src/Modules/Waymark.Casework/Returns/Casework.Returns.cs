using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Asking for decisions before return, deciding, and what is decided entering the file.</summary>
public sealed partial class Casework : IReturns
{
    private const string AskedRegister = "casework.return-asked";

    public async Task<CaseAnswer<ReturnFile>> GatesAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        return !loaded.IsOk ? loaded.Error : !ReturnGates.In(loaded.Value.Plan) ? CaseStore.Nothing() : await FileAsync(desk, loaded.Value, null, new("record", Handle(record.Id)), cancellationToken);
    }

    public async Task<CaseAnswer<Changed>> AskAsync(CaseDesk desk, RecordAddress record, string person, string unit, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk || !ReturnGates.In(loaded.Value.Plan))
        {
            return CaseStore.Nothing();
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        if (document.Persons.All(one => one.Person != person))
        {
            return Error.Invalid("case.person", "This role or person is not known here.", "此处没有该角色或人员。", "person");
        }

        if (unit.Length is 0 or > 64 || ReturnUnits(document).Contains(unit, StringComparer.Ordinal) || desk.Actor.Units.Contains(unit, StringComparer.Ordinal))
        {
            return OwnUnit();
        }

        var ring = await _store.Vault.RingAsync(loaded.Value.Partition, [person], create: true, cancellationToken);
        if (!ring.IsOk || !ring.Value.Has(person))
        {
            return ring.Error ?? CaseStore.Nothing();
        }

        var asked = new AskedReturn(NewId(), References.Of(plan, document.Id), new(plan.Id, document.Id, loaded.Value.Partition), person, unit, desk.Actor.Account, _parts.Time.GetUtcNow());
        var envelope = new Envelope(AskedRegister, [person], [new([person], ring.Value.Seal(AskedRegister + "/" + asked.Id, [person], RecordJson.Bytes(asked)))]);
        var request = await AskAsync(desk, plan, document.Id, document, [person], "update", "none", cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "return.ask",
            Records = [new(AskedRegister, asked.Id, 0, RecordJson.Bytes(envelope), RecordJson.Bytes(new { did = "asked", decision = permit.Decision }), [new("unit", Handle(unit)), new("record", Handle(document.Id))])],
        }, cancellationToken);
        return AsideOf(Answer(answer, plan, loaded.Value.Partition, document, []));
    }

    public async Task<CaseAnswer<Changed>> WithdrawAsync(CaseDesk desk, RecordAddress record, string asked, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk || !ReturnGates.In(loaded.Value.Plan))
        {
            return CaseStore.Nothing();
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        if ((await AskedAsync(new("record", Handle(document.Id)), plan, cancellationToken)).FirstOrDefault(one => one.Id == asked) is not { } known
            || await _parts.Store.Records.GetAsync(AskedRegister, asked, cancellationToken) is not { } stored)
        {
            return CaseStore.Nothing();
        }

        var request = await AskAsync(desk, plan, document.Id, document, [known.Person], "update", "none", cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "return.withdraw",
            Records = [new(AskedRegister, asked, stored.Version, null, RecordJson.Bytes(new { did = "withdrawn", decision = permit.Decision }), [])],
        }, cancellationToken);
        return AsideOf(Answer(answer, plan, loaded.Value.Partition, document, []));
    }

    public async Task<CaseAnswer<AskedReturns>> AskedAsync(CaseDesk desk, string register, CancellationToken cancellationToken)
    {
        if (Registers.Find(register) is not { } plan || !ReturnGates.In(plan) || !MayDecide(desk, plan))
        {
            return CaseStore.Nothing();
        }

        var matter = "asked." + plan.Id;
        var request = await AskListAsync(desk, plan, matter, cancellationToken);
        var gate = Rows(desk, plan, request);
        return Answer(await _parts.Gate.OpenAsync(request, async token =>
        {
            var rows = new List<AskedReturn>();
            foreach (var one in (await AskedAsync(new("unit", Handle(desk.Unit)), plan, token)).Where(one => one.File.Register == plan.Id))
            {
                if (await _store.ReadAsync(one.File, token) is { IsOk: true } file && !Firewall.Hides(desk.Purpose, file.Value.Document) && await gate.OfAsync(file.Value.Document, token) is not null)
                {
                    rows.Add(one);
                }
            }

            return new AskedReturns(rows);
        }, cancellationToken), rows => rows);
    }

    public async Task<CaseAnswer<ReturnFile>> FileAsync(CaseDesk desk, string asked, CancellationToken cancellationToken)
    {
        var found = await FindAskedAsync(desk, asked, cancellationToken);
        return !found.IsOk ? found.Error : await FileAsync(desk, found.Value.File, found.Value.Asked.Person, new("record", Handle(found.Value.File.Document.Id)), cancellationToken);
    }

    public async Task<CaseAnswer<Changed>> DecideAsync(CaseDesk desk, string asked, ReturnDecision decision, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var found = await FindAskedAsync(desk, asked, cancellationToken);
            if (!found.IsOk)
            {
                return found.Error;
            }

            var (file, about) = (found.Value.File, found.Value.Asked.Person);
            if (ReturnUnits(file.Document).Intersect(desk.Actor.Units, StringComparer.Ordinal).Any())
            {
                return OwnUnit();
            }

            var done = await DecideReturnAsync(desk, new(PersonCore.Register, about, file.Partition), decision, async (made, token) =>
            {
                var entered = Entered(file.Plan, file.Document, made);
                var folded = RecordMachine.Apply(file.Document, By(desk, OperationKind.Change) with { Changes = entered, Why = "return." + Packs.Words.Of(made.Gate) }, file.Document.Version + 1);
                if (entered.Count == 0 || !folded.IsOk)
                {
                    return folded.IsOk ? Array.Empty<RecordWrite>() : folded.Error;
                }

                var keys = await _store.KeysAsync(file.Partition, token);
                var ring = await _store.WritingRingAsync(file.Plan, file.Partition, file.Document, token);
                return (keys.Error ?? ring.Error) is { } failed ? failed : new RecordWrite[] { _store.Write(file.Plan, file.Partition, folded.Value, ring.Value, keys.Value) };
            }, cancellationToken);
            if (done.Error?.Code != "store.conflict" || tries == MostTries)
            {
                return done;
            }
        }
    }

    /// <summary>What a decision writes into the file of the person it is about: where it stands, what it says, and on what.</summary>
    private static List<FieldChange> Entered(RegisterPlan plan, RecordDocument file, ReturnDecision made)
    {
        var principal = plan.Persons.FirstOrDefault(role => role.IsPrincipal)?.Id;
        if (file.Persons.All(one => one.Role != principal || one.Person != made.Person))
        {
            return [];
        }

        var says = made.Gate switch
        {
            ReturnGate.NonRefoulement =>
            [
                ("non-refoulement", made.IsOpen ? "risk-excluded" : "risk-found"), ("chain-refoulement", made.Chain), ("reasons", made.Reasons),
                ("country-information-on", made.CountryInformation?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? ""),
            ],
            ReturnGate.BestInterest => new[] { ("best-interest", !made.IsOpen ? "against" : file.One("age-group")?.Value.Member("code") == "adult" ? "no-child-concerned" : "in-interest") },
            _ => [],
        };
        var changes = new List<FieldChange>();
        foreach (var (path, text) in says.Append((ReturnGates.FieldOf(made.Gate), $$"""{"id":"{{made.Id}}","register":"{{ReturnGates.Decisions}}"}""")))
        {
            if (plan.Field(path) is { } field && ValueReader.Read(field, text) is { IsOk: true } value)
            {
                changes.Add(new(path, file.Fields.GetValueOrDefault(path)?.Version ?? 0, ChangeMode.Set, [new(NewId()[..8], value.Value, made.By, made.At)]));
            }
        }

        return changes;
    }

    private async Task<CaseAnswer<ReturnFile>> FileAsync(CaseDesk desk, Loaded loaded, string? about, RecordHead head, CancellationToken cancellationToken)
    {
        var (plan, document, now) = (loaded.Plan, loaded.Document, _parts.Time.GetUtcNow());
        var request = await AskAsync(desk, plan, document.Id, document, about is null ? CaseRights.Persons(plan, document) : [about], "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(request, async token =>
        {
            var (lines, person) = (new List<GateLine>(), (RecordView?)null);
            foreach (var id in document.Persons.Select(one => one.Person).Where(id => about is null || about == id).Distinct(StringComparer.Ordinal))
            {
                if (await _store.ReadAsync(new(PersonCore.Register, id, loaded.Partition), token) is { IsOk: true } known)
                {
                    var decisions = await DecisionsAsync(new("person", Handle(id)), loaded.Partition, token);
                    var needed = ReturnGates.Needed(known.Value.Document, now);
                    person = id == about ? new(known.Value.Plan, known.Value.Document, loaded.Partition, [], known.Value.IsErased, [], null) : person;
                    foreach (var gate in Enum.GetValues<ReturnGate>())
                    {
                        var (standing, last) = ReturnGates.Standing(known.Value.Document, gate, decisions, ReturnUnits(document), now);
                        lines.Add(new(id, gate, needed.Contains(gate) || plan.Field(ReturnGates.FieldOf(gate)) is not null, standing, last));
                    }
                }
            }

            return new ReturnFile(new(plan, document, loaded.Partition, [], loaded.IsErased, [], _store.Due(plan, document)), person, lines, await AskedAsync(head, plan, token));
        }, cancellationToken);
        return Answer(answer, file => file.Without(CaseRights.Hidden(Registers, desk)));
    }

    /// <summary>What was asked of the desk's unit; for everybody else it is not there.</summary>
    private async Task<Result<(AskedReturn Asked, Loaded File)>> FindAskedAsync(CaseDesk desk, string asked, CancellationToken cancellationToken)
    {
        foreach (var plan in Registers.All.Where(plan => ReturnGates.In(plan) && MayDecide(desk, plan)))
        {
            if ((await AskedAsync(new("unit", Handle(desk.Unit)), plan, cancellationToken)).FirstOrDefault(one => one.Id == asked && one.File.Register == plan.Id) is { } found
                && await _store.ReadAsync(found.File, cancellationToken) is { IsOk: true } file && file.Value.Document.Persons.Any(one => one.Person == found.Person)
                && !Firewall.Hides(desk.Purpose, file.Value.Document))
            {
                return (found, file.Value);
            }
        }

        return CaseStore.Nothing();
    }

    private async Task<IReadOnlyList<AskedReturn>> AskedAsync(RecordHead head, RegisterPlan plan, CancellationToken cancellationToken)
    {
        var rows = await SealedAsync<AskedReturn>(AskedRegister, head, plan.Partition, cancellationToken);
        return [.. rows.OrderBy(row => row.At).ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    /// <summary>A reference names a decision while it is the last word at its gate and stands on the facts of now.</summary>
    private protected override async Task<DateTimeOffset?> DecidedAsync(RegisterPlan plan, RecordDocument document, FieldPlan field, string decision, CancellationToken cancellationToken)
    {
        foreach (var one in document.Persons.Select(one => one.Person).Distinct(StringComparer.Ordinal))
        {
            if (await _store.ReadAsync(new(PersonCore.Register, one, plan.Partition), cancellationToken) is { IsOk: true } person)
            {
                var decisions = await DecisionsAsync(new("person", Handle(one)), plan.Partition, cancellationToken);
                if (decisions.FirstOrDefault(known => known.Id == decision && ReturnGates.FieldOf(known.Gate) == field.Path) is { } named
                    && ReturnGates.Standing(person.Value.Document, named.Gate, decisions, ReturnUnits(document), _parts.Time.GetUtcNow()) is { Standing: GateStanding.Open, Last: { } last } && last.Id == decision)
                {
                    return last.At;
                }
            }
        }

        return null;
    }

    private bool MayDecide(CaseDesk desk, RegisterPlan plan) =>
        desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) && (Registers.Bits([desk.Purpose]) & plan.PurposeBits) != 0;

    private static IReadOnlyList<string> ReturnUnits(RecordDocument record) => [record.Control.Unit, .. record.SteppedByUnits];

    private static Error OwnUnit() => Error.Refused("return.own-unit", "The unit that wants the return does not decide about it; ask another one.", "提请遣返的单位不得自行决定；请交由其他单位。", "unit");
}
