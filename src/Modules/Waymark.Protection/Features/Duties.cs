using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>Duties over the record port. A line stands for one matter and duty, so that a hundred decisions on a file do not hide what else is due (M90).</summary>
public sealed class Duties(RuleBook book, IStore store, IKeyStore keys, TimeProvider time) : IDuties
{
    private const int Most = 200;

    private static readonly RecordHead s_open = new("open", "yes");

    private readonly ActLeaves _leaves = new(keys);

    public async Task<IReadOnlyList<OpenDuty>> ListAsync(Actor actor, bool own, CancellationToken cancellationToken)
    {
        if (!own && !Watches(actor))
        {
            return [];
        }

        var page = await PageAsync(own ? [s_open, new("account", actor.Account)] : [s_open], cancellationToken);
        return
        [
            .. page.SelectMany(found => found.Document.Duties.Where(duty => duty.Closed is null).Select(duty => (found.Document, Duty: duty)))
                .GroupBy(pair => (pair.Document.Matter, pair.Duty.Id))
                .Select(group => (First: group.MinBy(pair => pair.Duty.Due ?? DateTimeOffset.MaxValue), Count: group.Count()))
                .Select(line => new OpenDuty(
                    line.First.Document.Source + "." + line.First.Duty.Id, line.First.Duty.Id, line.First.Duty.Rule, TextOf(line.First.Duty.Rule), line.First.Document.Source,
                    line.First.Document.Unit, line.First.Document.At, line.First.Duty.Due, line.Count, line.First.Document.Account == actor.Account))
                .OrderBy(line => line.Due ?? DateTimeOffset.MaxValue).ThenBy(line => line.At).ThenBy(line => line.Id, StringComparer.Ordinal),
        ];
    }

    public async Task<Result<bool>> CloseAsync(Actor actor, string id, bool applies, CancellationToken cancellationToken)
    {
        var (source, duty) = id.Split('.', 2) is [var first, var rest] ? (first, rest) : ("", "");
        if (await store.Records.GetAsync(DutyBook.Register, source, cancellationToken) is not { } record || Registers.Read<DutyDocument>(record) is not { } named
            || (named.Account != actor.Account && !Watches(actor)) || !named.Duties.Any(entry => entry.Id == duty && entry.Closed is null))
        {
            return Error.NotFound("duty.nothing", "There is no such duty before you.", "您没有此项待办职责。");
        }

        if (!applies && (actor.Role != "data-protection-officer" || named.Account == actor.Account))
        {
            return Error.Refused("duty.role", "That a duty does not apply is said by the data protection officer, and not of an own act.", "某项职责不适用，须由数据保护官认定，且不得就本人行为认定。");
        }

        var now = time.GetUtcNow();
        var closed = new List<RecordWrite>();
        foreach (var (version, document) in await PageAsync([s_open, new("matter", named.Matter)], cancellationToken))
        {
            // Whoever watches closes the whole line; whoever acted closes what is theirs.
            if ((document.Account == actor.Account || Watches(actor)) && (applies || document.Account != actor.Account) && document.Duties.Any(entry => entry.Id == duty && entry.Closed is null))
            {
                closed.Add(DutyBook.Write(
                    document with { Duties = [.. document.Duties.Select(entry => entry.Id == duty && entry.Closed is null ? entry with { Closed = applies ? "done" : "void" } : entry)] },
                    version, applies ? "done" : "void"));
            }
        }

        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = applies ? "duty.done" : "duty.void", Records = closed }, [], now, cancellationToken);
        return written.IsOk ? true : written.Error;
    }

    private static bool Watches(Actor actor) => IDuties.Watchers.Contains(actor.Role, StringComparer.Ordinal);

    private LocalText? TextOf(string? rule) => book.Rules.Packs.SelectMany(pack => pack.Rules).FirstOrDefault(known => known.Id == rule)?.Text;

    private async Task<IReadOnlyList<(long Version, DutyDocument Document)>> PageAsync(IReadOnlyList<RecordHead> where, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(DutyBook.Register, where, "due", Limit: Most), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => (record.Version, Registers.Read<DutyDocument>(record)))] : throw new StoreException(page.Error);
    }
}
