using Waymark.Casework.Answers;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>What is kept about a person, for that person.</summary>
public sealed partial class Casework : IAccessAnswers
{
    public async Task<CaseAnswer<KeptAbout>> KeptAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, request, cancellationToken);
        if (!loaded.IsOk || AccessRequests.Of(loaded.Value.Document, _parts.Time.GetUtcNow()) is AccessState.NotAsked)
        {
            return loaded.Error ?? CaseStore.Nothing();
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        if (desk.Actor is not { Role: "data-protection-officer", IsHardware: true })
        {
            return Error.Refused("access.role", "The data-protection officer prepares the answer, signed in with a trusted security key.", "答复须由数据保护官使用受信安全密钥登录后准备。");
        }

        var state = AccessRequests.Of(document, _parts.Time.GetUtcNow());
        if (state != AccessState.Ready || document.Persons.FirstOrDefault(person => person.Role == "asker") is not { Person: { } asker })
        {
            return state == AccessState.Limited ? Error.Refused("access.limited", "Access is limited for now, as the request says; it can be answered when the limit has ended.", "如请求所载，查阅暂受限制；限制终止后方可答复。")
                : Error.Conflict("access.not-now", "The request is answered while it is in work and the identity was verified.", "请求在办理中且身份已核验时方可答复。");
        }

        // What is prepared here is the answer, and is asked for as one.
        var ask = await AskAsync(desk, plan, document.Id, document, [asker], AnswerFacts.Answer, AnswerFacts.Person, await StatedAsync(desk, loaded.Value, document, AnswerFacts.Answer, cancellationToken), cancellationToken);
        return Answer(await _parts.Gate.OpenAsync(ask, async token =>
        {
            var (records, channels) = (new List<KeptRecord>(), new List<SafeChannel>());
            foreach (var partition in Enum.GetValues<RecordPartition>())
            {
                foreach (var use in (await UsesAsync(new(PersonCore.Register, asker, partition), token)).Prepend(new(partition, PersonCore.Register, asker)))
                {
                    if (await _store.ReadAsync(new(use.Register, use.Id, use.Partition), token) is { IsOk: true } found)
                    {
                        records.Add(AboutOnly(found.Value, asker));
                        channels.AddRange(use.Register == PersonCore.Register ? SafeContact.Channels(found.Value.Document) : []);
                    }
                }
            }

            var (mark, now) = await KeepCopyAsync(desk, plan, records.Count, [asker], "access", null, token);
            return new KeptAbout(asker, records, channels, mark, now);
        }, cancellationToken), kept => kept);
    }

    public async Task<CaseAnswer<ErasureView>> ErasureAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.Id != AccessRequests.Register)
        {
            return loaded.Error ?? CaseStore.Nothing();
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        if (document.One("right")?.Value.Member("code") != "erasure" || document.State != "in-work" || document.Persons.FirstOrDefault(person => person.Role == "asker") is not { } asker)
        {
            return new(new ErasureView(null, null), null, null);
        }

        // What stands in other registers is told in numbers only, and under the gate like every look at a person.
        var request = await AskAsync(desk, plan, document.Id, document, [asker.Person], "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(request, async token => new ErasureView(asker.Person, await PreviewErasureAsync(asker.Person, token)), cancellationToken);
        return Answer(answer, view => view);
    }

    private protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> StatedAsync(CaseDesk desk, Loaded before, RecordDocument after, string action, CancellationToken cancellationToken)
    {
        if (action is not (AnswerFacts.Answer or AnswerFacts.Refuse))
        {
            return action == AnswerFacts.Report ? AnswerFacts.OfBreach(after) : await TypedAsync(before, after, action, cancellationToken);
        }

        var askers = new List<RecordDocument>();
        foreach (var asker in after.Persons.Where(person => person.Role == "asker"))
        {
            foreach (var partition in Enum.GetValues<RecordPartition>())
            {
                askers.AddRange(await _store.ReadAsync(new(PersonCore.Register, asker.Person, partition), cancellationToken) is { IsOk: true } known ? [known.Value.Document] : []);
            }
        }

        return AnswerFacts.Of(after, askers, desk.Actor);
    }

    private static KeptRecord AboutOnly(Loaded record, string person)
    {
        var own = record.Document.Fields.Where(field => Sealing.Owners(record.Plan, record.Document, field.Key) is [var owner] && owner == person).OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => (Field: record.Plan.Field(RecordDocument.PlanPath(field.Key)), field.Value.Claims)).Where(line => line.Field is not null).Select(line => (line.Field!, line.Claims)).ToList();
        return new(record.Plan, References.Of(record.Plan, record.Document.Id), record.Document.OpenedAt, own, record.Document.Fields.Count - own.Count);
    }
}
