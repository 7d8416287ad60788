namespace Waymark.Linkage;

/// <summary>Counts pairs by (rule, pattern); cells are dense and in order of first sight. One per thread, merged afterwards.</summary>
internal sealed class PatternCounter
{
    private int[] _slots = new int[1 << 14];
    private ulong[] _patterns = new ulong[1 << 12];
    private byte[] _rules = new byte[1 << 12];
    private long[] _counts = new long[1 << 12];

    public int Count { get; private set; }

    public ulong PatternOf(int cell) => _patterns[cell];

    public byte RuleOf(int cell) => _rules[cell];

    public long CountOf(int cell) => _counts[cell];

    /// <summary>Adds pairs to a cell and returns its number; <paramref name="isNew"/> says that it was not there.</summary>
    public int Add(byte rule, ulong pattern, long pairs, out bool isNew)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(Hashing.Mix(pattern + ((ulong)rule << 56)) >> 20) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var cell = _slots[slot] - 1;
            if (_patterns[cell] == pattern && _rules[cell] == rule)
            {
                _counts[cell] += pairs;
                isNew = false;
                return cell;
            }
        }

        isNew = true;
        if (Count == _patterns.Length)
        {
            Array.Resize(ref _patterns, Count * 2);
            Array.Resize(ref _rules, Count * 2);
            Array.Resize(ref _counts, Count * 2);
        }

        (_patterns[Count], _rules[Count], _counts[Count]) = (pattern, rule, pairs);
        _slots[slot] = ++Count;
        if (Count * 3 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 4];
        var mask = _slots.Length - 1;
        for (var cell = 0; cell < Count; cell++)
        {
            var slot = (int)(Hashing.Mix(_patterns[cell] + ((ulong)_rules[cell] << 59)) >> 20) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = cell + 1;
        }
    }
}

/// <summary>The histogram of a run: cells sorted by rule and pattern, so that nothing depends on threads.</summary>
internal sealed class PatternHistogram
{
    private PatternHistogram(ulong[] patterns, byte[] rules, long[] counts) => (Patterns, Rules, Counts) = (patterns, rules, counts);

    public ulong[] Patterns { get; }

    public byte[] Rules { get; }

    public long[] Counts { get; }

    public int Count => Patterns.Length;

    /// <summary>Merges counters; <paramref name="maps"/> gives for each counter the merged cell of its own cells.</summary>
    public static PatternHistogram Merge(IReadOnlyList<PatternCounter> counters, out int[][] maps)
    {
        var all = new PatternCounter();
        maps = new int[counters.Count][];
        for (var i = 0; i < counters.Count; i++)
        {
            maps[i] = new int[counters[i].Count];
            for (var cell = 0; cell < maps[i].Length; cell++)
            {
                maps[i][cell] = all.Add(counters[i].RuleOf(cell), counters[i].PatternOf(cell), counters[i].CountOf(cell), out _);
            }
        }

        var order = Enumerable.Range(0, all.Count).ToArray();
        Array.Sort(order, (a, b) => all.RuleOf(a) != all.RuleOf(b)
            ? all.RuleOf(a).CompareTo(all.RuleOf(b))
            : all.PatternOf(a).CompareTo(all.PatternOf(b)));
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        foreach (var map in maps)
        {
            for (var i = 0; i < map.Length; i++)
            {
                map[i] = rank[map[i]];
            }
        }

        return new PatternHistogram(
            Array.ConvertAll(order, all.PatternOf), Array.ConvertAll(order, all.RuleOf), Array.ConvertAll(order, all.CountOf));
    }
}
