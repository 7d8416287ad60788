using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Threads: every entry a sealed record of its own under the keys of everybody in the case at that moment, written once.</summary>
public sealed partial class Casework : IMessages
{
    private const string MessageRegister = "casework.message";

    private const int MostMessages = 500;

    public async Task<CaseAnswer<CaseThread>> ThreadAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => Registers.Find(record.Register) is not { IsTyped: false } ? CaseStore.Nothing()
        : await LookAsync(desk, record, async (loaded, _, token) => new CaseThread(
            loaded.Plan, References.Of(loaded.Plan, loaded.Document.Id), await MessagesAsync(loaded, token), await WritableAsync(loaded, token)), (thread, _) => thread, cancellationToken);

    public async Task<CaseAnswer<ThreadList>> ThreadsAsync(CaseDesk desk, string register, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(desk, new(register) { ByChange = true, Limit = 200 }, cancellationToken);
        var own = listed.IsOk ? await ListAsync(desk, new(register) { Owner = desk.Actor.Account, Limit = 100 }, cancellationToken) : listed;
        if (own.Value is not { } mine)
        {
            return new(null, own.Refusal, own.Error) { Decision = own.Decision, Duties = own.Duties };
        }

        var keys = await _store.KeysAsync(mine.Plan.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var rows = new List<ThreadRow>();
        foreach (var row in mine.Rows.Concat(listed.Value!.Rows).DistinctBy(row => row.Address.Id, StringComparer.Ordinal))
        {
            var page = await _parts.Store.Records.ListAsync(new(MessageRegister, [Head(keys.Value, row.Address.Id)], Limit: MostMessages), cancellationToken);
            if (!page.IsOk)
            {
                return page.Error;
            }

            var written = page.Value.Records;
            if (written.Count > 0 || (row.Owner == desk.Actor.Account && mine.Plan.State(row.State) is { IsTerminal: false }))
            {
                rows.Add(new(row, written.Count, written.Count == 0 ? null : written.Max(one => one.WrittenAt)));
            }
        }

        return new CaseAnswer<ThreadList>(new(mine.Plan, [.. rows.OrderByDescending(row => row.Last).ThenBy(row => row.Row.Reference, StringComparer.Ordinal)]), null, null);
    }

    public async Task<CaseAnswer<CaseMessage>> WriteAsync(CaseDesk desk, RecordAddress record, NewMessage message, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.IsTyped)
        {
            return CaseStore.Nothing();
        }

        var (plan, partition, document) = (loaded.Value.Plan, loaded.Value.Partition, loaded.Value.Document);
        if (message.Text.Trim().Length is 0 or > NewMessage.Longest)
        {
            return Error.Invalid("message.empty", $"Write 1 to {NewMessage.Longest} letters.", $"请填写 1 至 {NewMessage.Longest} 个字符。", "text");
        }

        var (action, recipient, channel, typed) = ("update", "none", (SafeChannel?)null, (IReadOnlyDictionary<string, IReadOnlyList<string>>?)null);
        if (message.Kind != MessageKind.Note)
        {
            if (message.Person is null || document.Persons.All(one => one.Person != message.Person))
            {
                return Error.Invalid("message.person", "Choose somebody of this case.", "请选择本个案中的人员。", "person");
            }

            if (message.Kind == MessageKind.Sent)
            {
                var reached = await ReachedAsync(loaded.Value, message, cancellationToken);
                if (!reached.IsOk)
                {
                    return reached.Error;
                }

                (action, recipient, channel) = ("contact", "data-subject", reached.Value);
                // The channel was checked for the one who is reached; others of the case are not contacted by it.
                typed = new Dictionary<string, IReadOnlyList<string>>(await TypedAsync(loaded.Value, document, action, cancellationToken), StringComparer.Ordinal)
                {
                    ["contact.safe_channel"] = ["true"], ["recipient.barred"] = ["false"],
                };
            }
        }

        var keys = await _store.KeysAsync(partition, cancellationToken);
        var ring = await _store.WritingRingAsync(plan, partition, document, cancellationToken);
        if ((keys.Error ?? ring.Error) is { } failed)
        {
            return failed;
        }

        IReadOnlyList<string> owners = [.. CaseRights.Persons(plan, document).Order(StringComparer.Ordinal)];
        if (!owners.All(ring.Value.Has))
        {
            return Error.Refused("case.erased", "The person this is about was erased; nothing new is kept about them.", "所涉人员已被删除；不再保存其任何新资料。");
        }

        var head = Head(keys.Value, document.Id);
        var before = await _parts.Store.Records.ListAsync(new(MessageRegister, [head], Limit: MostMessages), cancellationToken);
        if (!before.IsOk || before.Value.Records.Count >= MostMessages)
        {
            return before.Error ?? Error.TooLarge("message.too-many", $"A thread has at most {MostMessages} entries.", $"每个会话至多 {MostMessages} 条。");
        }

        var id = NewId();
        var made = new CaseMessage(id, message.Kind, message.Text.Trim(), desk.Actor.Account, _parts.Time.GetUtcNow(), message.Kind == MessageKind.Note ? null : message.Person, channel?.Channel,
            message.Kind == MessageKind.Note ? null : Short(message.Language, 60), message.Kind == MessageKind.Note ? MessageTranslation.None : message.Translation, null) { After = before.Value.Records.Count };
        var request = await AskAsync(desk, plan, document.Id, document, CaseRights.Persons(plan, document), action, recipient, typed, cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "case.message",
            Records = [new(MessageRegister, id, 0, RecordJson.Bytes(new Envelope(MessageRegister, owners, [new(owners, ring.Value.OfRecord!.Seal(MessageRegister + "/" + id, owners, RecordJson.Bytes(made with { Decision = permit.Decision })))]) { IsKeyed = true }),
                RecordJson.Bytes(new { did = "written", decision = permit.Decision }), [head])],
        }, cancellationToken);
        return new(answer.IsPermitted ? made with { Decision = answer.Permit!.Decision } : null, answer.Refusal, answer.Error)
        {
            Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision, Duties = answer.Permit?.Duties ?? answer.Refusal?.Duties ?? [],
        };
    }

    /// <summary>The channel a person is reached by: one they called safe, and nobody in the case named them as somebody who must not learn (M28).</summary>
    private async Task<Result<SafeChannel>> ReachedAsync(Loaded loaded, NewMessage message, CancellationToken cancellationToken)
    {
        var others = new List<RecordDocument>();
        SafeChannel? channel = null;
        foreach (var id in CaseRights.Persons(loaded.Plan, loaded.Document))
        {
            if (await _store.ReadAsync(new(PersonCore.Register, id, loaded.Partition), cancellationToken) is not { IsOk: true } person)
            {
                return Error.Refused("output.barred", "This cannot be given to this reader.", "不能向该接收方提供。");
            }

            if (id == message.Person)
            {
                var channels = SafeContact.Channels(person.Value.Document);
                channel = message.Channel >= 0 && message.Channel < channels.Count ? channels[message.Channel] : null;
            }
            else
            {
                others.Add(person.Value.Document);
            }
        }

        // What is written freely may hold anything that is barred, so that any bar stops it.
        return channel is null
            ? Error.Refused("message.no-safe-channel", "No safe channel was chosen: nobody is contacted over another one.", "未选择安全渠道：不得经其他渠道联系任何人。", "channel")
            : others.Any(other => SafeContact.Barred(other).Any(barred => barred.IsAbout(new(message.Person, null, null))))
                ? Error.Refused("output.barred", "This cannot be given to this reader.", "不能向该接收方提供。") : channel;
    }

    private async Task<IReadOnlyList<CaseMessage>> MessagesAsync(Loaded loaded, CancellationToken cancellationToken)
    {
        var keys = await _store.KeysAsync(loaded.Partition, cancellationToken);
        var page = keys.IsOk ? await _parts.Store.Records.ListAsync(new(MessageRegister, [Head(keys.Value, loaded.Document.Id)], Limit: MostMessages), cancellationToken) : keys.Error;
        if (!page.IsOk)
        {
            throw new StoreException(page.Error);
        }

        var messages = new List<CaseMessage>();
        foreach (var stored in page.Value.Records)
        {
            var envelope = RecordJson.Read<Envelope>(stored.Document.Span);
            var ring = await _store.Vault.RingAsync(loaded.Partition, envelope.Persons, create: false, cancellationToken, CaseStore.Name(loaded.Plan.Id, loaded.Document.Id));
            if (ring.IsOk && envelope.Of(ring.Value)?.Open(MessageRegister + "/" + stored.Id, envelope.Persons, envelope.Sections[0].Sealed) is { } bytes)
            {
                messages.Add(RecordJson.Read<CaseMessage>(bytes));
            }
        }

        return [.. messages.OrderBy(message => message.At).ThenBy(message => message.After).ThenBy(message => message.Id, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<ThreadPerson>> WritableAsync(Loaded loaded, CancellationToken cancellationToken)
    {
        var persons = new List<ThreadPerson>();
        foreach (var one in loaded.Document.Persons)
        {
            if (loaded.Plan.Role(one.Role) is { } role && await _store.ReadAsync(new(PersonCore.Register, one.Person, loaded.Partition), cancellationToken) is { IsOk: true } person)
            {
                persons.Add(new(one.Person, role.Name, [.. PersonCore.Names(person.Value.Document)], SafeContact.Channels(person.Value.Document)));
            }
        }

        return persons;
    }

    private static RecordHead Head(Search.KeyMaker keys, string record) => new("record", CaseStore.Handle(keys, record));
}
