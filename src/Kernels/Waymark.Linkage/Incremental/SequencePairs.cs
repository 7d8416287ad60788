namespace Waymark.Linkage;

/// <summary>
/// The candidate pairs of new records with those before them. A record meets all earlier records of a block until the block has its rule's
/// cap; later ones meet only earlier ones that also share one part more of the key (year, initials, place …), in the end the last few. Whom a record
/// meets therefore depends on the records before it and on nothing after, so that it does not matter in how many pieces a file comes.
/// </summary>
internal sealed class SequencePairs
{
    private readonly PreparedRecords _records;
    private readonly KeyAtoms _atoms;
    private readonly BlockingRule _rule;
    private readonly KeyScratch _scratch;
    private readonly int _cap;
    private readonly int _firstNew;

    private SequencePairs(PreparedRecords records, KeyAtoms atoms, BlockingRule rule, KeyScratch scratch, int cap, int firstNew) =>
        (_records, _atoms, _rule, _scratch, _cap, _firstNew) = (records, atoms, rule, scratch, cap, firstNew);

    /// <summary>Pairs of blocks beyond their cap, which share more than the key.</summary>
    private readonly List<ulong> _narrow = [];

    /// <summary>Pairs per rule in the order of <paramref name="rules"/>; a rule with cap 0 is not used. A model without narrowed rules counts their pairs to the rule itself.</summary>
    public static CandidatePairs Build(
        PreparedRecords records, KeyAtoms atoms, BlockingRule[] rules, int[] caps, int firstNew, int threads, CancellationToken cancel)
    {
        var pairs = new ulong[rules.Length][];
        Array.Fill(pairs, []);
        var narrow = Array.ConvertAll(rules, rule => Array.FindIndex(rules, other => other.Name == rule.Narrow([]).Name));
        var whole = Enumerable.Range(0, rules.Length).Where(r => caps[r] > 0 && !narrow.Contains(r)).ToArray();
        var next = -1;
        Parallel.For(
            0,
            Math.Min(threads, whole.Length),
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            _ =>
            {
                var scratch = new KeyScratch(records.Count);
                for (int i; (i = Interlocked.Increment(ref next)) < whole.Length;)
                {
                    cancel.ThrowIfCancellationRequested();
                    var r = whole[i];
                    var own = new SequencePairs(records, atoms, rules[r], scratch, caps[r], firstNew);
                    own.Find();
                    if (narrow[r] < 0)
                    {
                        own._narrow.ForEach(scratch.AddPair);
                        pairs[r] = scratch.TakePairs();
                    }
                    else
                    {
                        pairs[r] = scratch.TakePairs();
                        own._narrow.ForEach(scratch.AddPair);
                        pairs[narrow[r]] = scratch.TakePairs();
                    }
                }
            });
        var reports = rules.Select((r, i) => new RuleReport(r.Name, 0, pairs[i].Length, 0, 0, pairs[i].Length > 0)).ToArray();
        return new CandidatePairs(pairs, new BlockReport(reports, pairs.Sum(p => (long)p.Length), 0), rules, caps);
    }

    private void Find()
    {
        // New records first: of the old ones only those are sorted that share a key with a new one.
        _scratch.Clear();
        RulePairs.AddKeys(_atoms, _rule, _firstNew, _records.Count, _scratch);
        if (_firstNew > 0)
        {
            _scratch.OnlyKnown();
            RulePairs.AddKeys(_atoms, _rule, 0, _firstNew, _scratch);
        }

        _scratch.DropSingles();
        _scratch.SortKeys();
        var keys = _scratch.Keys;
        var block = new List<int>();
        for (var from = 0; from < keys.Length;)
        {
            var key = _scratch.KeyOf(keys[from]);
            block.Clear();
            for (; from < keys.Length && _scratch.KeyOf(keys[from]) == key; from++)
            {
                block.Add(_scratch.OwnerOf(keys[from]));
            }

            block.Sort();
            if (block.Count > 1 && block[^1] >= _firstNew)
            {
                Meet(block, 0, 0);
            }
        }
    }

    private void Add(int left, int right, bool narrow)
    {
        var pair = ((ulong)left << 32) | (uint)right;
        if (narrow)
        {
            _narrow.Add(pair);
        }
        else
        {
            _scratch.AddPair(pair);
        }
    }

    /// <param name="block">Records in their order of arrival.</param>
    /// <param name="from">Records before this place of the block have met the others already.</param>
    /// <param name="extension">The next part of the key to be asked for.</param>
    private void Meet(List<int> block, int from, int extension)
    {
        var free = Math.Min(block.Count, _cap);
        for (var j = Math.Max(from, First(block)); j < free; j++)
        {
            for (var i = 0; i < j; i++)
            {
                Add(block[i], block[j], extension > 0);
            }
        }

        if (block.Count <= _cap || block[^1] < _firstNew)
        {
            return;
        }

        while (extension < RulePairs.Extensions.Length && (!_atoms.Has(RulePairs.Extensions[extension]) || _rule.Atoms.Contains(RulePairs.Extensions[extension])))
        {
            extension++;
        }

        var late = Math.Max(from, free);
        if (extension == RulePairs.Extensions.Length)
        {
            for (var j = Math.Max(late, First(block)); j < block.Count; j++)
            {
                for (var i = Math.Max(0, j - RulePairs.ShortRun); i < j; i++)
                {
                    Add(block[i], block[j], narrow: true);
                }
            }

            return;
        }

        Span<ulong> keys = stackalloc ulong[KeyAtoms.Most];
        var groups = new SortedDictionary<ulong, (List<int> Members, int From)>();
        for (var i = 0; i < block.Count; i++)
        {
            var key = _atoms.Collect(RulePairs.Extensions[extension], block[i], keys) == 0 ? 0 : keys[0];
            var group = groups.TryGetValue(key, out var found) ? found : ([], 0);
            group.Members.Add(block[i]);
            groups[key] = (group.Members, i < late ? group.Members.Count : group.From);
        }

        foreach (var (members, met) in groups.Values)
        {
            if (members.Count > 1 && met < members.Count)
            {
                Meet(members, met, extension + 1);
            }
        }
    }

    private int First(List<int> block)
    {
        var at = block.BinarySearch(_firstNew);
        return at < 0 ? ~at : at;
    }
}
