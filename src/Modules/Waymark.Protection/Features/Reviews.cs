using System.Text;
using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>The register of reviews. <paramref name="deciders"/>: which roles decide which kind, from the packs of kind <c>access</c>; a kind that is not there is decided by nobody.</summary>
public sealed class Reviews(IReadOnlyDictionary<ReviewKind, IReadOnlySet<string>> deciders, IStore store, IKeyStore keys, TimeProvider time) : IReviews
{
    private static readonly TimeSpan s_ring = TimeSpan.FromDays(90);
    private static readonly HashSet<string> s_watching = new(StringComparer.Ordinal) { "data-protection-officer", "legal-officer", "oversight" };
    private readonly PersonVault _vault = new(keys);
    private readonly ActLeaves _leaves = new(keys);

    private ReviewBook Book => field ??= new(store, _vault, time);

    public async Task<Result<ReviewView>> AskAsync(Actor requester, ReviewRequest request, CancellationToken cancellationToken)
    {
        if (request.Reason.Trim().Length is 0 or > 500 || request.Subject.Length is 0 or > 4_096 || !requester.Units.Contains(request.Unit, StringComparer.Ordinal) || request.Persons.Count > Gate.MostAtOnce)
        {
            return Error.Invalid("review.invalid", "A review is asked for a matter of the own unit, with a reason of at most 500 characters.", "审查须针对本单位事项，并附不超过 500 字的理由。");
        }

        var subject = await Book.SubjectOfAsync(request.Kind, requester.Account, request.Subject, cancellationToken);
        if (await Book.OpenOfAsync(subject, cancellationToken) is var (_, known))
        {
            return await ViewAsync(known, requester, cancellationToken);
        }

        var made = await Book.NewAsync(requester, request, subject, cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var written = await store.CommitAsync(_leaves, made.Value.Writes, request.Persons, time.GetUtcNow(), cancellationToken);
        return written.IsOk ? await ViewAsync(made.Value.Document, requester, cancellationToken) : written.Error;
    }

    public async Task<Result<ReviewView>> DecideAsync(Actor actor, string id, bool approves, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await Book.FindAsync(id, cancellationToken) is not var (version, found) || !Decides(actor, found) || found.Expires <= now || found.State is not (ReviewState.Requested or ReviewState.First))
        {
            return Unknown(id);
        }

        if (reason.Trim().Length is 0 or > 500)
        {
            return Error.Invalid("review.invalid", "A decision has a reason of at most 500 characters.", "决定须附不超过 500 字的理由。", "reason");
        }

        if (Alone(found, actor, now) is { } refusal)
        {
            return refusal;
        }

        var vote = await _vault.SealAsync(found.Id + "." + actor.Account, [], Registers.Bytes(new ReviewVoteContent(approves, reason.Trim())), cancellationToken);
        if (!vote.IsOk)
        {
            return vote.Error;
        }

        var own = new ReviewVote(actor, now, vote.Value);
        var next = found.First is null
            ? found with { First = own, State = ReviewState.First }
            : found with { Second = own, State = approves && await ApprovesAsync(found, found.First, cancellationToken) ? ReviewState.Done : ReviewState.Refused };
        QueueItem[] alarm = approves && await IsRingAsync(actor.Account, found.Requester.Account, now, cancellationToken)
            ? [new(found.Id + "." + (found.First is null ? "first" : "second") + ".ring", Registers.AlarmQueue, Registers.Bytes(new { review = found.Id, kind = "review.ring", account = actor.Account }))] : [];
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "review.decided", Records = [ReviewBook.Write(next, version, "decided")], Tasks = alarm }, [], now, cancellationToken);
        return written.IsOk ? await ViewAsync(next, actor, cancellationToken) : written.Error;
    }

    public async Task<Result<ReviewView>> StopAsync(Actor actor, string id, string reason, CancellationToken cancellationToken)
    {
        if (await Book.FindAsync(id, cancellationToken) is not var (version, found) || !MayStop(actor, found)
            || found.State is not (ReviewState.Requested or ReviewState.First or ReviewState.Done) || reason.Trim().Length is 0 or > 500)
        {
            return Unknown(id);
        }

        var next = found with { State = ReviewState.Stopped };
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "review.stopped", Records = [ReviewBook.Write(next, version, "stopped")] }, [], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? await ViewAsync(next, actor, cancellationToken) : written.Error;
    }

    public async Task<ReviewView?> FindAsync(Actor requester, ReviewKind kind, string subject, CancellationToken cancellationToken) =>
        await Book.OpenOfAsync(await Book.SubjectOfAsync(kind, requester.Account, subject, cancellationToken), cancellationToken) is var (_, found) ? await ViewAsync(found, requester, cancellationToken) : null;

    public async Task<IReadOnlyList<ReviewView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        var views = new List<ReviewView>();
        var own = await store.Records.ListAsync(new(ReviewBook.Register, [new("requester", actor.Account)], "at", Descending: true, Limit: 200), cancellationToken);
        var open = await store.Records.ListAsync(new(ReviewBook.Register, [new("open", "yes")], "at", Descending: true, Limit: 500), cancellationToken);
        if (!own.IsOk || !open.IsOk)
        {
            throw new StoreException(own.Error ?? open.Error!);
        }

        foreach (var document in own.Value.Records.Concat(open.Value.Records).DistinctBy(record => record.Id).Select(Registers.Read<ReviewDocument>).OrderByDescending(document => document.AskedAt))
        {
            if (document.Requester.Account == actor.Account || Decides(actor, document))
            {
                views.Add(await ViewAsync(document, actor, cancellationToken));
            }
        }

        return views;
    }

    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(ReviewBook.Register, [new("open", "yes")], "expires", Limit: 100, Below: Registers.Time(time.GetUtcNow())), cancellationToken);
        var ended = 0;
        foreach (var record in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
        {
            var next = Registers.Read<ReviewDocument>(record) with { State = ReviewState.Expired };
            ended += (await store.CommitAsync(
                _leaves, new() { Actor = "waymark", Reason = "review.expired", Records = [ReviewBook.Write(next, record.Version, "expired")] }, [], time.GetUtcNow(), cancellationToken)).IsOk ? 1 : 0;
        }

        return ended;
    }

    // Who asked takes it back until the second has decided; an erasing until it is carried out, for nothing is lost by not doing it.
    private bool MayStop(Actor actor, ReviewDocument document) => actor.Account == document.Requester.Account
        ? document.State != ReviewState.Done || document.Kind == ReviewKind.Erasure : Decides(actor, document) || s_watching.Contains(actor.Role);

    private bool Decides(Actor actor, ReviewDocument document) =>
        deciders.TryGetValue(document.Kind, out var roles) && roles.Contains(actor.Role) && actor.Account != document.Requester.Account;

    /// <summary>Whether this person is one more, beside requester and first (M52); each shared trait alone refuses.</summary>
    private static Error? Alone(ReviewDocument document, Actor actor, DateTimeOffset now)
    {
        if (document.First is { } first)
        {
            if (TwoPersons.Check(document.Requester.Account, first.Actor, first.At, actor, now) is { } refusal)
            {
                return refusal;
            }
        }
        else if (TwoPersons.Alone(actor) is { } alone)
        {
            return alone;
        }

        return actor.Credential == document.Requester.Credential
            ? Error.Refused("two.same-device", "Requester and decider used one security key.", "申请人与决定人使用了同一把安全密钥。")
            : now - document.AskedAt < TwoPersons.LeastApart && document.First is null
                ? Error.Refused("two.too-quick", "A review is decided at least two minutes after it was asked.", "审查须在提出至少两分钟后决定。") : null;
    }

    private async Task<bool> ApprovesAsync(ReviewDocument document, ReviewVote vote, CancellationToken cancellationToken) =>
        await _vault.OpenAsync(document.Id + "." + vote.Actor.Account, [], vote.Sealed, cancellationToken) is { } content
        && JsonSerializer.Deserialize<ReviewVoteContent>(content, Registers.Json)!.Approves;

    // Two who approve each other's requests are looked at by somebody else; the approval itself stands.
    private async Task<bool> IsRingAsync(string decider, string requester, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(ReviewBook.Register, [new("requester", decider)], "at", Descending: true, Limit: 200, From: Registers.Time(now - s_ring)), cancellationToken);
        foreach (var document in page.IsOk ? page.Value.Records.Select(Registers.Read<ReviewDocument>) : throw new StoreException(page.Error))
        {
            foreach (var vote in new[] { document.First, document.Second }.OfType<ReviewVote>().Where(vote => vote.Actor.Account == requester))
            {
                if (await ApprovesAsync(document, vote, cancellationToken))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<ReviewView> ViewAsync(ReviewDocument document, Actor actor, CancellationToken cancellationToken)
    {
        var isOwn = document.Requester.Account == actor.Account;
        var hasDecided = document.First?.Actor.Account == actor.Account || document.Second?.Actor.Account == actor.Account;
        var reason = await _vault.OpenAsync(document.Id, document.Persons, document.Sealed, cancellationToken) is { } content ? Encoding.UTF8.GetString(content) : null;

        // That the first has decided would already tell the second something, and the requester whom to press.
        var state = document.State == ReviewState.First && !hasDecided ? ReviewState.Requested : document.State;
        var late = document.Expires <= time.GetUtcNow() && document.State is (ReviewState.Requested or ReviewState.First or ReviewState.Done);
        return new(document.Id, document.Kind, document.Unit, document.Requester.Role, document.Purpose, document.Persons.Count, reason, document.AskedAt, document.Expires, document.UsableFrom,
            late ? ReviewState.Expired : state, isOwn, !late && !hasDecided && Decides(actor, document) && document.State is (ReviewState.Requested or ReviewState.First), hasDecided);
    }

    private static Error Unknown(string id) => Error.NotFound("review.unknown", "There is no such review for you to decide.", "没有须由您决定的此项审查。", id);
}
