namespace Waymark.Linkage;

/// <summary>Two records to be compared and the rule that first gave them.</summary>
internal readonly record struct CandidatePair(int Left, int Right, byte Rule);

/// <summary>
/// The candidate pairs of all used rules, by left record. A budget of pairs bounds them, so memory is that of the records, not of all pairs.
/// </summary>
internal sealed class CandidatePairs
{
    /// <summary>Parts that meet nobody times frequent parts, at most, for a search by pairs of letters.</summary>
    private const long MostWork = 5_000_000_000;
    private ulong[][] _pairs;

    public CandidatePairs(ulong[][] pairs, BlockReport report, BlockingRule[] rules, int[] caps) => (_pairs, Report, Rules, Caps) = (pairs, report, rules, caps);

    public BlockReport Report { get; }

    public IReadOnlyList<BlockingRule> Rules { get; }

    /// <summary>Largest block per rule that was not narrowed; 0 for a rule that was not used.</summary>
    public IReadOnlyList<int> Caps { get; }

    /// <summary>Lets go of the pairs once all are compared.</summary>
    public void ForgetPairs() => _pairs = [];

    public IReadOnlyList<string> RuleNames => [.. Rules.Select(r => r.Name)];

    /// <summary>The candidates of a run: the same on every machine that is given the same files.</summary>
    public static CandidatePairs For(LinkageRequest request, PreparedRecords records, int threads, CancellationToken cancel)
    {
        var tokens = records.Names?.Tokens;
        var across = tokens is null ? null : AcrossScripts.Build(tokens, request.Knowledge, threads);
        var similar = tokens is null || request.Effort != LinkageEffort.Thorough ? null : SimilarParts.Build(tokens, MostWork, threads, cancel);
        return Build(records, new KeyAtoms(records, across, similar), LinkageEngine.Budget(records.Count, request.Effort), similar?.Count ?? 0, threads, cancel);
    }

    private static CandidatePairs Build(PreparedRecords records, KeyAtoms atoms, long budget, int similar, int threads, CancellationToken cancel)
    {
        var rules = BlockingRule.All.Where(r => r.Atoms.All(atoms.Has)).ToArray();
        var scratch = Enumerable.Range(0, Math.Min(threads, rules.Length)).Select(_ => new KeyScratch(records.Count)).ToArray();
        var built = new RulePairs[rules.Length];
        var pairs = new ulong[2 * rules.Length][];
        Array.Fill(pairs, []);
        var reports = new RuleReport[rules.Length];
        long spent = 0;

        // Two rules at a time whatever the number of threads: what a rule may spend must not depend on it.
        const int Group = 2;
        for (var first = 0; first < rules.Length; first += Group)
        {
            var last = Math.Min(rules.Length, first + Group);
            if (spent >= budget)
            {
                for (var r = first; r < rules.Length; r++)
                {
                    reports[r] = new(rules[r].Name, 0, 0, 0, 0, false);
                }

                break;
            }

            // What does not fit is narrowed, not left out.
            var limit = Math.Min(budget / 3, Math.Max(budget / 12, (budget - spent) / Group));
            if (scratch.Length > 1 && last - first > 1)
            {
                var second = Task.Run(() => built[first + 1] = RulePairs.Build(records, atoms, rules[first + 1], limit, scratch[1]), cancel);
                built[first] = RulePairs.Build(records, atoms, rules[first], limit, scratch[0]);
                second.GetAwaiter().GetResult();
            }
            else
            {
                for (var r = first; r < last; r++)
                {
                    built[r] = RulePairs.Build(records, atoms, rules[r], limit, scratch[0]);
                }
            }

            cancel.ThrowIfCancellationRequested();
            for (var r = first; r < last; r++)
            {
                (pairs[r], pairs[rules.Length + r]) = (built[r].Pairs, built[r].NarrowPairs);
                var count = pairs[r].Length + pairs[rules.Length + r].Length;
                reports[r] = new(rules[r].Name, built[r].Blocks, count, built[r].Largest, built[r].Narrowed, count > 0);
                spent += count;
            }
        }

        int[] caps = [.. built.Select(b => b?.Cap ?? 0)];
        BlockingRule[] narrow = [.. rules.Select((rule, r) => rule.Narrow(built[r]?.Shared ?? []))];
        return new CandidatePairs(pairs, new BlockReport(reports, spent, budget) { SimilarParts = similar }, [.. rules, .. narrow], [.. caps, .. caps]);
    }

    /// <summary>Walks the candidates of one record after another, each pair once with the first rule that gives it. One per thread.</summary>
    public sealed class Walk
    {
        private readonly ulong[][] _pairs;
        private readonly byte[] _rules;
        private readonly int[] _at;

        /// <summary>Per rule the record that its next pair belongs to: most records have no pair of most rules.</summary>
        private readonly int[] _next;
        private readonly int[] _seen;
        private CandidatePair[] _found = new CandidatePair[256];

        public Walk(CandidatePairs candidates, int records)
        {
            _rules = [.. Enumerable.Range(0, candidates._pairs.Length).Where(r => candidates._pairs[r].Length > 0).Select(r => (byte)r)];
            _pairs = Array.ConvertAll(_rules, r => candidates._pairs[r]);
            (_at, _next, _seen) = (new int[_rules.Length], new int[_rules.Length], new int[records]);
        }

        /// <summary>Goes to a record; the next call of <see cref="Next"/> gives its candidates.</summary>
        public void Start(int record)
        {
            var from = (ulong)record << 32;
            for (var r = 0; r < _at.Length; r++)
            {
                var at = Array.BinarySearch(_pairs[r], from);
                at = at < 0 ? ~at : at;
                while (at > 0 && _pairs[r][at - 1] >= from)
                {
                    at--;
                }

                _at[r] = at;
                _next[r] = OwnerOf(_pairs[r], at);
            }
        }

        /// <summary>Candidates of the record, which is the left one of all; records are asked in rising order.</summary>
        public ReadOnlySpan<CandidatePair> Next(int record)
        {
            var count = 0;
            for (var r = 0; r < _next.Length; r++)
            {
                if (_next[r] != record)
                {
                    continue;
                }

                var pairs = _pairs[r];
                var at = _at[r];
                for (; at < pairs.Length && (int)(pairs[at] >> 32) == record; at++)
                {
                    var other = (int)(uint)pairs[at];
                    if (_seen[other] == record + 1)
                    {
                        continue;
                    }

                    _seen[other] = record + 1;
                    if (count == _found.Length)
                    {
                        Array.Resize(ref _found, count * 2);
                    }

                    _found[count++] = new(record, other, _rules[r]);
                }

                _at[r] = at;
                _next[r] = OwnerOf(pairs, at);
            }

            return _found.AsSpan(0, count);
        }

        private static int OwnerOf(ulong[] pairs, int at) => at < pairs.Length ? (int)(pairs[at] >> 32) : -1;
    }
}
