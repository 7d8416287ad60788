using System.Security.Cryptography;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Everything that changes a record: one road through rights, machine, return gates and the gate, tried again when somebody else wrote first.</summary>
public abstract partial class RecordEngine
{
    // While control is being handed over either side may protect, and nothing else moves the case (G9).
    private protected static readonly HashSet<string> s_protective = new(StringComparer.Ordinal) { "serve", "restrict", "report-detention", "refer", "report-breach" };

    public async Task<CaseAnswer<Changed>> CreateAsync(CaseDesk desk, NewRecord record, CancellationToken cancellationToken)
    {
        var address = new RecordAddress(record.Register, record.Id ?? NewId(), record.Partition);
        var place = _store.Place(address);
        if (!place.IsOk || record.Register == RegisterPlan.Reviews || !desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) || (Registers.Bits([desk.Purpose]) & place.Value.Plan.PurposeBits) == 0)
        {
            return CaseStore.Nothing();
        }

        var (plan, partition) = place.Value;
        if (await _store.ReadAsync(address, cancellationToken) is { IsOk: true } there)
        {
            // The same request once more: it is done already.
            return there.Value.Document.OpenedBy == desk.Actor.Account ? new CaseAnswer<Changed>(Done(there.Value.Partition, there.Value.Document, []), null, null) : CaseStore.Nothing();
        }

        var now = _parts.Time.GetUtcNow();
        // What the desk says at collection of a fact that the record keeps (was the person informed?) stands in the record for every later question.
        var said = plan.Fields.Where(field => field.Fact is not null && !record.Values.ContainsKey(field.Path) && desk.Facts.GetValueOrDefault(field.Fact) is [_])
            .Select(field => KeyValuePair.Create(field.Path, CaseRights.Word(field, desk.Facts[field.Fact!][0])));
        var entries = (await ReferredAsync(desk, plan, partition, [.. record.Values.Concat(said).Select(value => new FieldEntry(value.Key, 0, value.Value))], cancellationToken)).Then(values => Entries(desk, plan, values));
        if (!entries.IsOk)
        {
            return entries.Error;
        }

        foreach (var (role, person) in record.Persons)
        {
            if (plan.Role(role) is null || !ValueReader.IsId(person) || await _store.ReadAsync(new(PersonCore.Register, person, partition), cancellationToken) is not { IsOk: true })
            {
                return Error.Invalid("case.person", "This role or person is not known here.", "此处没有该角色或人员。", role);
            }
        }

        // Whatever it claims to be, a new record begins in the first state; an import too (M19).
        var first = new RecordDocument
        {
            Register = plan.Id, Id = address.Id, PackVersion = plan.Version, PackHash = plan.Hash, State = plan.Initial.Id, Control = new(desk.Unit, 1), Owner = s_noDesk.Contains(desk.Actor.Role) ? null : desk.Actor.Account,
            OpenedAt = now, OpenedBy = desk.Actor.Account, StateSince = now, SteppedBy = desk.Actor.Account, SteppedByUnits = desk.Actor.Units,
            Persons = [.. record.Persons.Select(pair => new Participant(pair.Role, pair.Person, now))],
        };
        var made = RecordMachine.Apply(null, By(desk, OperationKind.Create) with { First = first, Changes = entries.Value }, 1);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var document = made.Value.Document;
        var request = await AskAsync(desk, plan, address.Id, document, CaseRights.Persons(plan, document), Collect, "none", await PeopleAsync(plan, document, partition, cancellationToken), cancellationToken);
        var keys = await _store.KeysAsync(partition, cancellationToken);
        var ring = await _store.WritingRingAsync(plan, partition, first, cancellationToken);
        if ((keys.Error ?? ring.Error ?? await _store.Packs.KeepAsync(plan, cancellationToken)) is { } failed)
        {
            return failed;
        }

        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "case.create",
            Records =
            [
                _store.Write(plan, partition, made.Value with { Operation = made.Value.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value),
                .. document.Joined.Select(person => CaseStore.Use(keys.Value, person, partition, plan, document.Id)),
            ],
            Tasks = [.. _store.Reminders(plan, document)],
        }, cancellationToken);
        return await LackingAsync(Answer(answer, plan, partition, document, []), plan, desk, cancellationToken);
    }

    public async Task<CaseAnswer<Changed>> ChangeAsync(CaseDesk desk, RecordAddress record, ChangeRequest request, CancellationToken cancellationToken)
    {
        var done = await DoAsync(desk, record, "update", "none", async (loaded, token) => (await ReferredAsync(desk, loaded.Plan, loaded.Partition, request.Entries, token))
            .Then(entries => Entries(desk, loaded.Plan, entries)).Select(changes => By(desk, OperationKind.Change) with { Changes = changes, Why = request.Why }), cancellationToken);
        if (done.IsOk && record.Register == PersonCore.Register && request.Entries.Any(entry => PersonCore.IsGateFact(entry.Path)))
        {
            await FallBackAsync(done.Value!.Address, cancellationToken);
        }

        return done;
    }

    public Task<CaseAnswer<Changed>> ResolveAsync(CaseDesk desk, RecordAddress record, string path, long seen, IReadOnlyList<string> keep, string why, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "update", "none", (loaded, _) =>
        {
            var claims = loaded.Document.Fields.TryGetValue(path, out var state) ? state.Claims.Where(claim => keep.Contains(claim.Id, StringComparer.Ordinal)).ToList() : [];
            return Task.FromResult(Result<Operation>.Ok(By(desk, OperationKind.Change) with { Why = why, Changes = [new(path, seen, ChangeMode.Resolve, claims)] }));
        }, cancellationToken);

    public async Task<CaseAnswer<Changed>> StepAsync(CaseDesk desk, RecordAddress record, string step, long seenState, string? why, CancellationToken cancellationToken)
    {
        // The steps are those of the edition the record was made with.
        var known = await KnownAsync(desk, record, cancellationToken);
        if (!known.IsOk || known.Value.Plan is not { } plan || plan.Transition(step) is not { } transition)
        {
            return known.Error ?? CaseStore.Nothing();
        }

        var rule = RuleOf(desk, plan, step);
        return await DoAsync(desk, record, transition.Action, transition.Recipient, async (loaded, token) =>
        {
            var document = loaded.Document;
            if (document.Control.Offer is not null && !s_protective.Contains(transition.Action))
            {
                return InTransit();
            }

            if (rule?.Refuses is { } refuses && await refuses(loaded, token) is { } wrong)
            {
                return wrong;
            }

            var context = await ContextAsync(desk, loaded.Plan, document, [transition], token);
            return Steps.Check(loaded.Plan, document, transition, context) is { } refused
                ? new Error(ErrorKind.Refused, refused.Code, refused.Text)
                : By(desk, OperationKind.Step) with { Step = step, State = loaded.Plan.States[transition.To].Id, StateBase = seenState, Why = why };
        }, cancellationToken, rule?.With);
    }

    public Task<CaseAnswer<Changed>> AssignAsync(CaseDesk desk, RecordAddress record, string? owner, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "update", "none", (_, _) => Task.FromResult(Result<Operation>.Ok(By(desk, OperationKind.Assign) with { Value = owner })), cancellationToken);

    public Task<CaseAnswer<Changed>> RestrictAsync(CaseDesk desk, RecordAddress record, IReadOnlyList<string> accounts, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "restrict", "none", (_, _) => Task.FromResult(Result<Operation>.Ok(By(desk, OperationKind.Restrict) with
        {
            List = accounts.Count == 0 ? [] : [.. accounts.Append(desk.Actor.Account).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        })), cancellationToken);

    public Task<CaseAnswer<Changed>> PersonAsync(CaseDesk desk, RecordAddress record, string role, string person, bool add, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "update", "none", async (loaded, token) => loaded.Plan.Role(role) is not { } known
                || (add && (loaded.Document.Persons.Count(one => one.Role == role) >= known.Most || await _store.ReadAsync(new(PersonCore.Register, person, loaded.Partition), token) is not { IsOk: true }))
            ? Error.Invalid("case.person", "This role or person is not known here.", "此处没有该角色或人员。", role)
            : By(desk, add ? OperationKind.AddPerson : OperationKind.RemovePerson) with
            {
                Person = new(role, person, _parts.Time.GetUtcNow()), State = add && ReturnGates.IsGated(loaded.Plan, loaded.Document.State) ? ReturnGates.Fallback(loaded.Plan, loaded.Document.State) : null,
            }, cancellationToken);

    public Task<CaseAnswer<Changed>> LinkAsync(CaseDesk desk, RecordAddress record, string type, RecordAddress other, string visibility, CancellationToken cancellationToken)
    {
        Loaded? to = null;
        return DoAsync(desk, record, "link", "none", async (loaded, token) =>
        {
            var linked = await KnownAsync(desk, other, token);
            if (!linked.IsOk)
            {
                return linked.Error;
            }

            to = linked.Value;

            // Partitions are never joined; a link across is a decision of its own, not of a form (F7).
            return linked.Value.Partition != loaded.Partition
                ? Error.Refused("case.partition", "Records of different partitions are not linked.", "不同分区的记录不得关联。")
                : loaded.Plan.Link(type) is not { } known || !known.Registers.Contains(other.Register, StringComparer.Ordinal) || !LinkVisibility.All.Contains(visibility, StringComparer.Ordinal)
                    ? Error.Invalid("case.link", "Records of these registers have no link of this kind, or its visibility is not open, unit or named.", "这些登记册之间没有此类关联，或可见性并非 open、unit 或 named。")
                    : By(desk, OperationKind.Link) with { Link = new(NewId(), type, other.Register, other.Id, visibility, desk.Actor.Account, _parts.Time.GetUtcNow()) };
        }, cancellationToken, (after, _, token) => WithLinkAsync(desk, after, type, to!, token));
    }

    public Task<CaseAnswer<Changed>> UnlinkAsync(CaseDesk desk, RecordAddress record, string link, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "update", "none", (loaded, _) => Task.FromResult(loaded.Document.Links.FirstOrDefault(known => known.Id == link) is { } found
            ? Result<Operation>.Ok(By(desk, OperationKind.Unlink) with { Link = found }) : CaseStore.Nothing()), cancellationToken);

    public Task<CaseAnswer<Changed>> HandOverAsync(CaseDesk desk, RecordAddress record, HandOverAct act, string? to, CancellationToken cancellationToken) =>
        DoAsync(desk, record, "update", "none", (_, _) => Task.FromResult(Result<Operation>.Ok(By(desk, act switch
        {
            HandOverAct.Offer => OperationKind.OfferControl,
            HandOverAct.Accept => OperationKind.AcceptControl,
            HandOverAct.Commit => OperationKind.CommitControl,
            _ => OperationKind.CancelOffer,
        }) with { Value = to })), cancellationToken);

    private protected async Task<CaseAnswer<Changed>> DoAsync(
        CaseDesk desk, RecordAddress record, string action, string recipient, Func<Loaded, CancellationToken, Task<Result<Operation>>> make, CancellationToken cancellationToken,
        Func<Loaded, RecordVault.Ring, CancellationToken, Task<Result<Beside>>>? with = null, bool isReview = false)
    {
        for (var tries = 1; ; tries++)
        {
            var read = await KnownAsync(desk, record, cancellationToken, isReview);
            if (!read.IsOk)
            {
                return read.Error;
            }

            var loaded = read.Value;
            var (plan, partition) = (loaded.Plan, loaded.Partition);
            var operation = await make(loaded, cancellationToken);
            var folded = operation.Then(made => RecordMachine.Apply(loaded.Document, made, loaded.Document.Version + 1));
            if (!folded.IsOk)
            {
                return folded.Error;
            }

            var (after, conflicts) = (folded.Value.Document, folded.Value.Notes.Select(note => note.Path).ToList());
            if (await GatesAsync(loaded, after, cancellationToken) is { } closed)
            {
                return closed;
            }

            var keys = await _store.KeysAsync(partition, cancellationToken);
            var ring = await _store.WritingRingAsync(plan, partition, after, cancellationToken);
            if ((keys.Error ?? ring.Error) is { } failed)
            {
                return failed;
            }

            if (operation.Value.Changes.Any(change => !Sealing.Owners(plan, after, change.Path).All(ring.Value.Has)))
            {
                return Error.Refused("case.erased", "The person this is about was erased; nothing new is kept about them.", "所涉人员已被删除；不再保存其任何新资料。");
            }

            var beside = with is null ? new Beside(_ => [], []) : await with(loaded with { Document = after }, ring.Value, cancellationToken);
            if (!beside.IsOk)
            {
                return beside.Error;
            }

            var request = await AskAsync(desk, plan, after.Id, after, CaseRights.Persons(plan, after), action, recipient, await StatedAsync(desk, loaded, after, action, cancellationToken), cancellationToken);
            var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
            {
                Actor = desk.Actor.Account, Reason = "case." + Packs.Words.Of(operation.Value.Kind),
                Records = [_store.Write(plan, partition, folded.Value with { Operation = folded.Value.Operation with { Decision = permit.Decision } }, ring.Value, keys.Value), .. Joined(loaded, after, keys.Value),
                    .. beside.Value.Records(permit)],
                BlobReferences = beside.Value.Blobs,
                Tasks = [.. _store.Reminders(plan, after), .. beside.Value.Tasks],
            }, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                return Answer(answer, plan, partition, after, conflicts);
            }
        }
    }

    private static IEnumerable<RecordWrite> Joined(Loaded before, RecordDocument after, Search.KeyMaker keys) => after.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal)
        .Where(person => before.Document.Persons.All(known => known.Person != person) && !before.Document.Joined.Contains(person, StringComparer.Ordinal))
        .Select(person => CaseStore.Use(keys, person, before.Partition, before.Plan, after.Id));

    private Result<IReadOnlyList<FieldChange>> Entries(CaseDesk desk, RegisterPlan plan, IReadOnlyList<FieldEntry> entries)
    {
        var hidden = CaseRights.Hidden(Registers, desk);
        var changes = new List<FieldChange>(entries.Count);
        foreach (var entry in entries)
        {
            var field = plan.Field(RecordDocument.PlanPath(entry.Path));
            if (field is null || field.Type == FieldType.Group || field.Group is { IsRepeated: true } != (entry.Path.Count(letter => letter == '/') == 2))
            {
                return Error.Invalid("case.unknown-field", $"There is no field \"{entry.Path}\".", $"没有字段“{entry.Path}”。", entry.Path);
            }

            if (hidden(field))
            {
                return Error.Refused("case.purpose", $"\"{field.Name.In("en")}\": not for this purpose.", $"“{field.Name.In("zh")}”：不用于此目的。", entry.Path);
            }

            if (entry.Value.Trim().Length == 0)
            {
                changes.Add(new(entry.Path, entry.Seen, ChangeMode.Set, []));
                continue;
            }

            if (field.Type == FieldType.File)
            {
                // A form names no file: it would lend what lies in another record.
                return Error.Invalid("file.door", "Files come in by their own form.", "文件须由专门的表单上传。", entry.Path);
            }

            var value = ValueReader.Read(field, entry.Value);
            if (!value.IsOk)
            {
                return value.Error;
            }

            if (entry.SourceGrade is not (null or 'A' or 'B' or 'C' or 'X') || entry.InformationGrade is not (null or >= '1' and <= '4'))
            {
                return Error.Invalid("value.grade", "Sources are graded A, B, C or X, information 1 to 4.", "来源评级为 A、B、C 或 X，信息评级为 1 至 4。", entry.Path);
            }

            changes.Add(new(entry.Path, entry.Seen, entry.IsDispute ? ChangeMode.Dispute : ChangeMode.Set,
                [new(NewId()[..8], value.Value, desk.Actor.Account, _parts.Time.GetUtcNow())
                {
                    Source = entry.Source, SourceGrade = entry.SourceGrade, InformationGrade = entry.InformationGrade, Handling = entry.Handling, Authority = entry.Authority, Purpose = desk.Purpose,
                }]));
        }

        return changes;
    }

    /// <summary>What stands behind a step: consents that hold now and records that stand as decisions.</summary>
    private protected async Task<StepContext> ContextAsync(CaseDesk desk, RegisterPlan plan, RecordDocument document, IReadOnlyList<TransitionPlan> steps, CancellationToken cancellationToken)
    {
        var consents = new HashSet<string>(StringComparer.Ordinal);
        var (standing, involved) = (new Dictionary<GuardPlan, DateTimeOffset>(), new HashSet<string>(StringComparer.Ordinal));
        var now = _parts.Time.GetUtcNow();
        foreach (var guard in steps.SelectMany(step => step.Guards))
        {
            if (guard.Kind == GuardKind.Consent)
            {
                foreach (var person in document.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal))
                {
                    var consent = await _parts.Consents.FindAsync(person, guard.Purpose!, guard.Recipient!, cancellationToken);
                    if (consent is { Choice: ConsentChoice.Given } && (consent.Expires is null || consent.Expires > now))
                    {
                        consents.Add(Steps.Consent(person, guard.Purpose!, guard.Recipient!));
                    }
                }
            }
            else if (guard.Field is { } field && document.One(field.Path)?.Value is { } reference && reference.Member("id") is { } id && reference.Member("register") is { } register)
            {
                if (register == ReturnGates.Decisions)
                {
                    if (await DecidedAsync(plan, document, field, id, cancellationToken) is { } at)
                    {
                        standing[guard] = at;
                    }

                    continue;
                }

                var other = await _store.ReadAsync(new(register, id), cancellationToken);
                involved.UnionWith(guard.Kind == GuardKind.Uninvolved && other.IsOk ? Guards.Bench.Parts(other.Value.Document) : []);
                if (other.IsOk && guard.Kind != GuardKind.Uninvolved && Decides(guard, other.Value, document))
                {
                    standing[guard] = other.Value.Document.StateSince;
                }
            }
        }

        return new(desk.Actor.Account, desk.Actor.Role, desk.Actor.Units, now)
        {
            Consents = consents, Standing = standing, Involved = involved,
            SentTo = steps.Any(step => step.Guards.Any(guard => guard.Kind == GuardKind.CarriedOut)) ? await SentToAsync(document, cancellationToken) : [],
            Taken = steps.Any(step => step.Guards.Any(guard => guard.Kind == GuardKind.Times)) ? await TakenAsync(plan, document, cancellationToken) : [],
        };
    }

    /// <summary>The steps of a record as its operations have them, whatever anybody enters about them.</summary>
    private async Task<IReadOnlyList<string>> TakenAsync(RegisterPlan plan, RecordDocument document, CancellationToken cancellationToken)
    {
        var read = await _store.ReadAsync(new(plan.Id, document.Id), cancellationToken);
        var lines = read.IsOk ? await LinesAsync(read.Value, cancellationToken) : throw new StoreException(read.Error);
        var undone = lines.Select(line => line.Operation.Undoes).ToHashSet();
        return [.. lines.Where(line => line.Operation is { Kind: OperationKind.Step, Step: not null } && !undone.Contains(line.Version)).Select(line => line.Operation.Step!)];
    }

    private async Task<IReadOnlyList<(TransitionPlan Step, int Count, int Most)>> CountedAsync(RegisterPlan plan, RecordDocument document, CancellationToken cancellationToken)
    {
        var limits = plan.Transitions.SelectMany(step => step.Guards).Where(guard => guard.Kind == GuardKind.Times).DistinctBy(guard => guard.Step).ToList();
        var taken = limits.Count == 0 ? [] : await TakenAsync(plan, document, cancellationToken);
        return [.. limits.Select(guard => (plan.Transition(guard.Step!)!, taken.Count(step => step == guard.Step), guard.Most))];
    }

    /// <summary>Whether what was decided stands, says what the step needs, and said before it was decided that it is about this record.</summary>
    private static bool Decides(GuardPlan guard, Loaded decision, RecordDocument about)
    {
        var document = decision.Document;
        return decision.Plan.State(document.State) is { IsStanding: true } && !document.HasConflict && (guard.States.Count == 0 || guard.States.Contains(document.State, StringComparer.Ordinal))
            && (guard.Names is not { } path || document.Fields.Any(field => RecordDocument.PlanPath(field.Key) == path && field.Value.Version <= document.StateVersion
                && field.Value.Claims is [{ Value: var named }] && named.Member("id") == about.Id && named.Member("register") == about.Register));
    }

    private protected static Error InTransit() => Error.Refused("case.in-transit", "The record is being handed over; until then only steps that protect are open.", "记录正在移交；在此之前只能采取保护性步骤。");

    private protected Operation By(CaseDesk desk, OperationKind kind) => new(NewId(), kind, desk.Actor.Account, _parts.Time.GetUtcNow()) { Units = desk.Actor.Units, Group = desk.Group };

    /// <summary>128 random bits that carry no time (M39).</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private protected static CaseAnswer<Changed> Answer(GateAnswer<CommitReceipt> answer, RegisterPlan plan, RecordPartition partition, RecordDocument after, IReadOnlyList<string> conflicts) =>
        new(answer.IsPermitted ? Done(partition, after with { Register = plan.Id }, conflicts) : null, answer.Refusal, answer.Error)
        {
            Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision, Duties = answer.Permit?.Duties ?? answer.Refusal?.Duties ?? [],
        };

    private protected static Changed Done(RecordPartition partition, RecordDocument document, IReadOnlyList<string> conflicts) => new(new(document.Register, document.Id, partition), document.Version, document.State, conflicts);
}
