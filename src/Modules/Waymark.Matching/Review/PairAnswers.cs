using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>What one reviewer said about a pair of a run.</summary>
internal sealed record PairAnswer(int Pair, string By, PairChoice Choice, DateTimeOffset At);

/// <summary>Answers of reviewers as they are kept, what is decided by them, and what a later run over the same files learns from it.</summary>
internal static class PairAnswers
{
    public static async Task<IReadOnlyList<PairAnswer>> OfAsync(IStore store, string runId, CancellationToken cancellationToken)
    {
        var answers = new List<PairAnswer>();
        for (string? after = null; ;)
        {
            var page = await store.Records.ListAsync(new(LinkageRegisters.Answer, [new("run", runId)], Limit: 1_000, After: after), cancellationToken);
            if (!page.IsOk)
            {
                throw new StoreException(page.Error);
            }

            answers.AddRange(page.Value.Records.Select(record => LinkageRegisters.Read<PairAnswer>(record.Document)));
            if (page.Value.Next is not { } next)
            {
                return answers;
            }

            after = next;
        }
    }

    /// <summary>What two reviewers said alike; null when no two did.</summary>
    public static PairChoice? Decision(IReadOnlyList<PairAnswer> given) =>
        given.Count(answer => answer.Choice == PairChoice.Same) >= 2 ? PairChoice.Same : given.Count(answer => answer.Choice == PairChoice.Different) >= 2 ? PairChoice.Different : null;

    /// <summary>
    /// Pairs of these files that reviewers decided in any run of the project, as records of the run. A file has the same handles in every run, so an answer
    /// says the same in each; one taken back is in none.
    /// </summary>
    public static async Task<Result<LinkageConstraints>> DecidedAsync(
        IStore store, LinkageProjects projects, LinkageRun run, int records, Func<int, string> handle, CancellationToken cancellationToken)
    {
        var runs = await store.Records.ListAsync(new(LinkageRegisters.Run, [new("project", run.Project)], "started", Limit: 200), cancellationToken);
        if (!runs.IsOk)
        {
            return runs.Error;
        }

        var reviewed = new List<ReviewedPair>();
        Dictionary<string, int>? numbers = null;
        foreach (var earlier in runs.Value.Records.Select(record => LinkageRegisters.Read<LinkageRun>(record.Document)))
        {
            var decided = (await OfAsync(store, earlier.Id, cancellationToken)).GroupBy(answer => answer.Pair)
                .Select(group => (Pair: group.Key, Choice: Decision([.. group]))).Where(pair => pair.Choice is not null).OrderBy(pair => pair.Pair).ToList();
            if (decided.Count == 0 || !earlier.Results.TryGetValue("pairs.json", out var blob))
            {
                continue;
            }

            var opened = await projects.Vault.OpenAsync(earlier.Project, earlier.Id + "/pairs.json", blob, cancellationToken);
            if (!opened.IsOk)
            {
                return opened.Error;
            }

            var pairs = LinkageRegisters.Read<List<SealedPair>>(opened.Value);
            numbers ??= Enumerable.Range(0, records).ToDictionary(handle, StringComparer.Ordinal);
            foreach (var (pair, choice) in decided)
            {
                if (pair < pairs.Count && numbers.TryGetValue(pairs[pair].Left, out var left) && numbers.TryGetValue(pairs[pair].Right, out var right))
                {
                    reviewed.Add(new(Math.Min(left, right), Math.Max(left, right), choice == PairChoice.Same));
                }
            }
        }

        return LinkageConstraints.None with { Reviewed = reviewed };
    }
}
