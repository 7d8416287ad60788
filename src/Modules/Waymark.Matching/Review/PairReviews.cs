using System.Security.Cryptography;
using System.Text;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using ReviewState = Waymark.Matching.Contracts.ReviewState;

namespace Waymark.Matching;

/// <summary>
/// The review of a run's uncertain pairs by people: reasons before the score, the second reviewer blind to the first, an answer can be taken back,
/// and a pair is decided when two answer alike. Nothing is merged by it.
/// </summary>
public sealed class PairReviews(IStore store, LinkageProjects projects, LinkageRuns runs, TimeProvider time)
{
    /// <summary>A pair is looked at for at least this long.</summary>
    public static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(3);

    /// <summary>So many times "same" in a row sets off an alarm for oversight.</summary>
    public const int AllSame = 50;

    private const double Strong = 5;
    private const double Weak = 0.5;

    /// <summary>What waits for this reviewer. Errors: <c>matching.role</c>, <c>matching.not-open</c>, <c>matching.no-result</c>.</summary>
    public async Task<Result<ReviewState>> StateAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(actor, runId, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        var answers = (await PairAnswers.OfAsync(store, runId, cancellationToken)).GroupBy(answer => answer.Pair).ToDictionary(group => group.Key, group => group.ToList());
        var (waiting, answered, same, different, disputed) = (new List<int>(), new List<int>(), 0, 0, 0);
        for (var pair = 0; pair < opened.Value.Pairs.Count; pair++)
        {
            var given = answers.GetValueOrDefault(pair) ?? [];
            var decision = PairAnswers.Decision(given);
            same += decision == PairChoice.Same ? 1 : 0;
            different += decision == PairChoice.Different ? 1 : 0;
            disputed += decision is null && given.Count > 1 ? 1 : 0;
            if (given.Any(answer => answer.By == actor.Account))
            {
                answered.Add(pair);
            }
            else if (decision is null)
            {
                waiting.Add(pair);
            }
        }

        return new ReviewState(waiting, answered, opened.Value.Pairs.Count, same, different, disputed);
    }

    /// <summary>One pair as this reviewer may see it now. Errors as <see cref="StateAsync"/>, and <c>matching.no-pair</c>.</summary>
    public async Task<Result<PairCard>> CardAsync(Actor actor, string runId, int number, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(actor, runId, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        if ((uint)number >= (uint)opened.Value.Pairs.Count)
        {
            return NoPair();
        }

        var pair = opened.Value.Pairs[number];
        var given = (await PairAnswers.OfAsync(store, runId, cancellationToken)).Where(answer => answer.Pair == number).ToList();
        var own = given.FirstOrDefault(answer => answer.By == actor.Account)?.Choice;
        var score = own is null ? null : new PairScore(pair.Probability, opened.Value.Threshold, new(pair.Start, pair.Steps, pair.Weight, pair.Probability));
        return new PairCard(number, pair.Left, pair.Right, [.. pair.Steps.Select(step => new PairReason(step.Field, step.Finding, StrengthOf(step.Bits)))], own, score, own is null ? null : PairAnswers.Decision(given));
    }

    /// <summary>Takes the reviewer's answer. Errors as <see cref="CardAsync"/>, <c>matching.too-quick</c>, <c>matching.answered</c>.</summary>
    public async Task<Result<bool>> AnswerAsync(Actor actor, string runId, int number, PairChoice choice, CancellationToken cancellationToken)
    {
        var card = await CardAsync(actor, runId, number, cancellationToken);
        if (!card.IsOk)
        {
            return card.Error;
        }

        if (card.Value.OwnAnswer is not null)
        {
            return Error.Conflict("matching.answered", "You answered already; take the answer back first.", "您已作答；请先撤回原答复。");
        }

        var now = time.GetUtcNow();
        var own = (await PairAnswers.OfAsync(store, runId, cancellationToken)).Where(answer => answer.By == actor.Account).OrderByDescending(answer => answer.At).ToList();
        if (own is [var last, ..] && now - last.At < ShortestLook)
        {
            return Error.Refused("matching.too-quick", "Look at each pair for at least three seconds.", "每一对请至少查看三秒。");
        }

        var id = Id(runId, number, actor.Account);
        var alike = own.TakeWhile(answer => answer.Choice == PairChoice.Same).Count() + 1;
        var written = await store.CommitAsync(
            new()
            {
                Actor = actor.Account, Reason = "linkage.answered",
                Records = [LinkageRegisters.Write(LinkageRegisters.Answer, id, 0, LinkageRegisters.Bytes(new PairAnswer(number, actor.Account, choice, now)), new { did = "answered" }, new RecordHead("run", runId))],
                Tasks = choice == PairChoice.Same && alike % AllSame == 0
                    ? [new($"{id}.alarm", LinkageRegisters.AlarmQueue, LinkageRegisters.Bytes(new { kind = "review.all-same", run = runId, account = actor.Account }))] : [],
            },
            cancellationToken);
        return written.IsOk ? true : written.Error;
    }

    /// <summary>Takes the own answer back; it stays in the history of the record. Error <c>matching.no-pair</c> when there is none.</summary>
    public async Task<Result<bool>> UndoAsync(Actor actor, string runId, int number, CancellationToken cancellationToken)
    {
        var id = Id(runId, number, actor.Account);
        if (!LinkageRegisters.IsId(runId) || await store.Records.GetAsync(LinkageRegisters.Answer, id, cancellationToken) is not { } record)
        {
            return NoPair();
        }

        var written = await store.CommitAsync(
            new() { Actor = actor.Account, Reason = "linkage.answer-undone", Records = [new(LinkageRegisters.Answer, id, record.Version, null, LinkageRegisters.Bytes(new { did = "undone" }), [])] },
            cancellationToken);
        return written.IsOk ? true : written.Error;
    }

    /// <summary>Pairs that two reviewers call the same, as CSV of handles. Errors as <see cref="StateAsync"/>.</summary>
    public async Task<Result<byte[]>> ConfirmedAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(actor, runId, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        var text = new StringBuilder("left_handle,right_handle,reviewers\n");
        foreach (var group in (await PairAnswers.OfAsync(store, runId, cancellationToken)).GroupBy(answer => answer.Pair).OrderBy(group => group.Key))
        {
            if (PairAnswers.Decision([.. group]) == PairChoice.Same)
            {
                var pair = opened.Value.Pairs[group.Key];
                text.Append(pair.Left).Append(',').Append(pair.Right).Append(',').Append(group.Count()).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<Result<(IReadOnlyList<SealedPair> Pairs, double Threshold)>> OpenAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        if (await LinkageRuns.GetAsync(store, runId, cancellationToken) is not { } run)
        {
            return LinkageRuns.NoRun(runId);
        }

        var usable = await projects.UsableAsync(actor, LinkageRoles.Review, run.Project, cancellationToken);
        if (!usable.IsOk)
        {
            return usable.Error;
        }

        var bytes = await runs.OpenAsync(run, "pairs.json", cancellationToken);
        var report = bytes.IsOk ? await runs.ReportAsync(run, cancellationToken) : null;
        return bytes.Select(found => ((IReadOnlyList<SealedPair>)LinkageRegisters.Read<List<SealedPair>>(found), report?.Threshold ?? 0));
    }

    private static ReasonStrength StrengthOf(double bits) => bits switch
    {
        >= Strong => ReasonStrength.StronglyFor,
        >= Weak => ReasonStrength.For,
        > -Weak => ReasonStrength.Neutral,
        > -Strong => ReasonStrength.Against,
        _ => ReasonStrength.StronglyAgainst,
    };

    private static string Id(string run, int number, string account) => FormattableString.Invariant(
        $"{run}.{number}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account)).AsSpan(0, 8))}");

    private static Error NoPair() => Error.NotFound("matching.no-pair", "There is no such pair.", "没有此对。");
}
