namespace Waymark.Linkage;

/// <summary>
/// The blocks of one rule: keys sorted by radix, single records dropped. Blocks that would make too many pairs are narrowed by
/// lengthening the key (year, sex, place, initials), and in the end cut into short runs, so that no value can make the work explode.
/// </summary>
internal sealed class RuleBlocks
{
    private const int ShortRun = 24;
    private static readonly Atom[] Extensions = [Atom.Year, Atom.Initials, Atom.Place, Atom.Sex, Atom.YearMonth, Atom.Postcode, Atom.Phone];

    private RuleBlocks(int[] members, List<int> starts, long pairs, int largest, int narrowed) =>
        (Members, Starts, Pairs, Largest, Narrowed) = (members, starts, pairs, largest, narrowed);

    public int[] Members { get; }

    public List<int> Starts { get; }

    public int Count => Starts.Count - 1;

    public long Pairs { get; }

    public int Largest { get; }

    public int Narrowed { get; }

    public static RuleBlocks Build(PreparedRecords records, KeyAtoms atoms, BlockingRule rule, long mostPairs, KeyScratch scratch)
    {
        Keys(records, atoms, rule, scratch);
        RadixSort.Sort(scratch);
        var keys = scratch.Keys.AsSpan(0, scratch.Count);
        var owners = scratch.Owners.AsSpan(0, scratch.Count);
        var cap = CapFor(keys, owners, records, mostPairs);
        var members = new List<int>(keys.Length / 2);
        var starts = new List<int> { 0 };
        var (largest, narrowed) = (0, 0);
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            var block = owners[from..to];
            from = to;
            if (block.Length < 2 || (records.IsTwoFiles && (block[0] >= records.LeftCount || block[^1] < records.LeftCount)))
            {
                continue;
            }

            largest = Math.Max(largest, block.Length);
            if (block.Length <= cap)
            {
                Take(block, members, starts);
            }
            else
            {
                narrowed++;
                Narrow(records, atoms, rule, block.ToArray(), 0, cap, members, starts);
            }
        }

        long pairs = 0;
        for (var b = 1; b < starts.Count; b++)
        {
            pairs += PairsOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members)[starts[b - 1]..starts[b]], records);
        }

        return new RuleBlocks([.. members], starts, pairs, largest, narrowed);
    }

    private static void Take(ReadOnlySpan<int> block, List<int> members, List<int> starts)
    {
        members.AddRange(block);
        starts.Add(members.Count);
    }

    private static void Narrow(
        PreparedRecords records,
        KeyAtoms atoms,
        BlockingRule rule,
        int[] block,
        int extension,
        int cap,
        List<int> members,
        List<int> starts)
    {
        while (extension < Extensions.Length && (!atoms.Has(Extensions[extension]) || rule.Atoms.Contains(Extensions[extension])))
        {
            extension++;
        }

        if (extension == Extensions.Length)
        {
            // By content, so that the order of rows does not decide who meets whom.
            Array.Sort(Array.ConvertAll(block, records.ContentHash), block);
            for (var at = 0; at < block.Length; at += ShortRun)
            {
                var run = block.AsSpan(at, Math.Min(ShortRun, block.Length - at));
                if (run.Length > 1)
                {
                    run.Sort();
                    Take(run, members, starts);
                }
            }

            return;
        }

        Span<ulong> keys = stackalloc ulong[KeyAtoms.Most];
        var groups = new SortedDictionary<ulong, List<int>>();
        foreach (var record in block)
        {
            var key = atoms.Collect(Extensions[extension], record, keys) == 0 ? 0 : keys[0];
            (groups.TryGetValue(key, out var group) ? group : groups[key] = []).Add(record);
        }

        foreach (var group in groups.Values)
        {
            if (group.Count > 1)
            {
                if (group.Count <= cap)
                {
                    Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(group), members, starts);
                }
                else
                {
                    Narrow(records, atoms, rule, [.. group], extension + 1, cap, members, starts);
                }
            }
        }
    }

    /// <summary>The largest block size for which the rule's pairs stay below the limit.</summary>
    private static int CapFor(ReadOnlySpan<ulong> keys, ReadOnlySpan<int> owners, PreparedRecords records, long mostPairs)
    {
        var bySize = new SortedDictionary<int, long>();
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                bySize[to - from] = bySize.GetValueOrDefault(to - from) + PairsOf(owners[from..to], records);
            }

            from = to;
        }

        long sum = 0;
        var cap = 2;
        foreach (var (size, pairs) in bySize)
        {
            sum += pairs;
            if (sum > mostPairs)
            {
                return Math.Max(cap, 8);
            }

            cap = size;
        }

        return Math.Max(cap, 8);
    }

    private static long PairsOf(ReadOnlySpan<int> block, PreparedRecords records)
    {
        if (!records.IsTwoFiles)
        {
            return (long)block.Length * (block.Length - 1) / 2;
        }

        var at = block.BinarySearch(records.LeftCount);
        long left = at < 0 ? ~at : at;
        return left * (block.Length - left);
    }

    private static void Keys(PreparedRecords records, KeyAtoms atoms, BlockingRule rule, KeyScratch scratch)
    {
        Span<ulong> first = stackalloc ulong[KeyAtoms.Most];
        Span<ulong> second = stackalloc ulong[KeyAtoms.Most];
        Span<ulong> third = stackalloc ulong[KeyAtoms.Most];
        scratch.Count = 0;
        for (var record = 0; record < records.Count; record++)
        {
            // Name parts come first in a rule and cost most; what is missing is asked before them.
            var seconds = 1;
            var thirds = 1;
            second[0] = third[0] = 1;
            if (rule.Atoms.Length > 1 && (seconds = atoms.Collect(rule.Atoms[1], record, second)) == 0)
            {
                continue;
            }

            if (rule.Atoms.Length > 2 && (thirds = atoms.Collect(rule.Atoms[2], record, third)) == 0)
            {
                continue;
            }

            var firsts = atoms.Collect(rule.Atoms[0], record, first);
            foreach (var z in third[..thirds])
            {
                foreach (var y in second[..seconds])
                {
                    var tail = Hashing.Pair(y, z);
                    foreach (var x in first[..firsts])
                    {
                        scratch.Add(Hashing.Pair(x, tail), record);
                    }
                }
            }
        }
    }
}

/// <summary>Room for the keys of one rule, used again for the next.</summary>
internal sealed class KeyScratch(int records)
{
    private ulong[] _keys = new ulong[records + records / 4 + 16];
    private int[] _owners = new int[records + records / 4 + 16];
    private ulong[] _otherKeys = [];
    private int[] _otherOwners = [];

    public int Count { get; set; }

    public ulong[] Keys => _keys;

    public int[] Owners => _owners;

    public (ulong[] Keys, int[] Owners) Other()
    {
        if (_otherKeys.Length < Count)
        {
            _otherKeys = new ulong[_keys.Length];
            _otherOwners = new int[_keys.Length];
        }

        return (_otherKeys, _otherOwners);
    }

    public void Swap() => (_keys, _otherKeys, _owners, _otherOwners) = (_otherKeys, _keys, _otherOwners, _owners);

    public void Add(ulong key, int owner)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count + Count / 2);
            Array.Resize(ref _owners, _keys.Length);
        }

        _keys[Count] = key;
        _owners[Count++] = owner;
    }
}

/// <summary>Groups equal 64-bit keys: three radix passes of 11 bits, then short runs by the full key. Stable in the owners.</summary>
internal static class RadixSort
{
    public static void Sort(KeyScratch scratch)
    {
        var count = scratch.Count;
        if (count < 2)
        {
            return;
        }

        var counts = new int[2048];
        for (var pass = 0; pass < 3; pass++)
        {
            var (otherKeys, otherOwners) = scratch.Other();
            var source = scratch.Keys.AsSpan(0, count);
            var sourceOwners = scratch.Owners.AsSpan(0, count);
            var shift = 31 + pass * 11;
            Array.Clear(counts);
            foreach (var key in source)
            {
                counts[(int)(key >> shift) & 2047]++;
            }

            var sum = 0;
            for (var i = 0; i < counts.Length; i++)
            {
                (counts[i], sum) = (sum, sum + counts[i]);
            }

            for (var i = 0; i < source.Length; i++)
            {
                var to = counts[(int)(source[i] >> shift) & 2047]++;
                otherKeys[to] = source[i];
                otherOwners[to] = sourceOwners[i];
            }

            scratch.Swap();
        }

        var keys = scratch.Keys.AsSpan(0, count);
        var owners = scratch.Owners.AsSpan(0, count);
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            var mixed = false;
            while (to < keys.Length && keys[to] >> 31 == keys[from] >> 31)
            {
                mixed |= keys[to] != keys[from];
                to++;
            }

            if (mixed)
            {
                SortRun(keys[from..to], owners[from..to]);
            }

            from = to;
        }
    }

    private static void SortRun(Span<ulong> keys, Span<int> owners)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var (key, owner) = (keys[i], owners[i]);
            var j = i - 1;
            for (; j >= 0 && (keys[j] > key || (keys[j] == key && owners[j] > owner)); j--)
            {
                (keys[j + 1], owners[j + 1]) = (keys[j], owners[j]);
            }

            (keys[j + 1], owners[j + 1]) = (key, owner);
        }
    }
}
