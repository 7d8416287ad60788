namespace Waymark.Linkage;

/// <summary>
/// Blocks of all used rules and, per record, the blocks it is in. Candidates of a record are read from its blocks with every pair once;
/// memory is O(records × rules), never O(pairs).
/// </summary>
internal sealed class BlockIndex
{
    private readonly int[] _members;
    private readonly int[] _blockStart;
    private readonly byte[] _blockRule;
    private readonly int[] _recordStart;
    private readonly int[] _recordBlocks;

    private BlockIndex(int[] members, int[] blockStart, byte[] blockRule, int[] recordStart, int[] recordBlocks, BlockReport report, BlockingRule[] rules) =>
        (_members, _blockStart, _blockRule, _recordStart, _recordBlocks, Report, Rules) =
        (members, blockStart, blockRule, recordStart, recordBlocks, report, rules);

    public BlockReport Report { get; }

    public IReadOnlyList<BlockingRule> Rules { get; }

    public IReadOnlyList<string> RuleNames => [.. Rules.Select(r => r.Name)];

    /// <summary>
    /// Candidates of <paramref name="record"/> with a higher number (and, between two files, on the other side), each once with the
    /// first rule that gives it. <paramref name="stamp"/> is the caller's scratch of one int per record, filled with -1.
    /// </summary>
    public void Candidates(int record, int leftCount, int[] stamp, List<(int Record, byte Rule)> into)
    {
        into.Clear();
        if (record >= leftCount)
        {
            return;
        }

        var twoSides = leftCount < stamp.Length;
        for (var i = _recordStart[record]; i < _recordStart[record + 1]; i++)
        {
            var block = _recordBlocks[i];
            var rule = _blockRule[block];
            var members = _members.AsSpan(_blockStart[block], _blockStart[block + 1] - _blockStart[block]);
            var from = twoSides ? FirstAtLeast(members, leftCount) : FirstAtLeast(members, record + 1);
            foreach (var other in members[from..])
            {
                if (stamp[other] != record)
                {
                    stamp[other] = record;
                    into.Add((other, rule));
                }
            }
        }
    }

    public static BlockIndex Build(PreparedRecords records, KeyAtoms atoms, long budget, int threads, CancellationToken cancel)
    {
        var rules = BlockingRule.All.Where(r => r.Atoms.All(atoms.Has)).ToArray();
        var scratch = Enumerable.Range(0, threads).Select(_ => new KeyScratch(records.Count)).ToArray();
        var built = new RuleBlocks?[rules.Length];
        var reports = new RuleReport[rules.Length];
        long spent = 0;
        for (var first = 0; first < rules.Length; first += threads)
        {
            var last = Math.Min(rules.Length, first + threads);
            if (spent >= budget)
            {
                for (var r = first; r < rules.Length; r++)
                {
                    reports[r] = new(rules[r].Name, 0, 0, 0, 0, false);
                }

                break;
            }

            // What does not fit is narrowed, not left out.
            var (group, limit) = (first, Math.Min(budget / 3, Math.Max(budget / 12, (budget - spent) / threads)));
            Parallel.For(
                first,
                last,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
                r => built[r] = RuleBlocks.Build(records, atoms, rules[r], limit, scratch[r - group]));
            for (var r = first; r < last; r++)
            {
                var blocks = built[r]!;
                var used = blocks.Pairs > 0;
                reports[r] = new(rules[r].Name, blocks.Count, blocks.Pairs, blocks.Largest, blocks.Narrowed, used);
                spent += used ? blocks.Pairs : 0;
                built[r] = used ? blocks : null;
            }
        }

        return Join(records.Count, rules, built, new BlockReport(reports, spent, budget));
    }

    private static BlockIndex Join(int records, BlockingRule[] rules, RuleBlocks?[] built, BlockReport report)
    {
        var blocks = built.Sum(b => b?.Count ?? 0);
        var entries = built.Sum(b => b?.Members.Length ?? 0);
        var members = new int[entries];
        var blockStart = new int[blocks + 1];
        var blockRule = new byte[blocks];
        var recordStart = new int[records + 1];
        var (block, at) = (0, 0);
        for (var r = 0; r < rules.Length; r++)
        {
            if (built[r] is not { } own)
            {
                continue;
            }

            own.Members.CopyTo(members, at);
            for (var b = 0; b < own.Count; b++)
            {
                blockRule[block] = (byte)r;
                blockStart[++block] = at + own.Starts[b + 1];
            }

            at += own.Members.Length;
            built[r] = null;
        }

        foreach (var member in members)
        {
            recordStart[member + 1]++;
        }

        for (var record = 0; record < records; record++)
        {
            recordStart[record + 1] += recordStart[record];
        }

        var fill = recordStart.AsSpan(0, records).ToArray();
        var recordBlocks = new int[entries];
        for (var b = 0; b < blocks; b++)
        {
            for (var i = blockStart[b]; i < blockStart[b + 1]; i++)
            {
                recordBlocks[fill[members[i]]++] = b;
            }
        }

        return new BlockIndex(members, blockStart, blockRule, recordStart, recordBlocks, report, rules);
    }

    private static int FirstAtLeast(ReadOnlySpan<int> sorted, int value)
    {
        var at = sorted.BinarySearch(value);
        return at < 0 ? ~at : at;
    }
}
