using System.Runtime.InteropServices;

namespace Waymark.Linkage;

/// <summary>
/// The candidate pairs of one rule: keys sorted by radix, single records dropped, all pairs of equal keys. Blocks that would make too many
/// pairs are narrowed by lengthening the key (year, sex, place, initials), and in the end cut into short runs, so that no value can
/// make the work explode.
/// </summary>
internal sealed class RulePairs
{
    public const int ShortRun = 24;
    public static readonly Atom[] Extensions = [Atom.Year, Atom.Initials, Atom.Place, Atom.Sex, Atom.YearMonth, Atom.Postcode, Atom.Phone];

    private readonly PreparedRecords _records;
    private readonly KeyAtoms _atoms;
    private readonly BlockingRule _rule;
    private readonly KeyScratch _scratch;

    private RulePairs(PreparedRecords records, KeyAtoms atoms, BlockingRule rule, KeyScratch scratch) =>
        (_records, _atoms, _rule, _scratch) = (records, atoms, rule, scratch);

    /// <summary>Pairs of whole blocks: left record in the upper half, right record in the lower; by left record.</summary>
    public ulong[] Pairs { get; private set; } = [];

    /// <summary>Pairs of blocks that were narrowed, which share more than the key.</summary>
    public ulong[] NarrowPairs { get; private set; } = [];

    /// <summary>What at least half of the narrow pairs share beside the key.</summary>
    public Atom[] Shared { get; private set; } = [];

    public int Blocks { get; private set; }

    public int Largest { get; private set; }

    public int Narrowed { get; private set; }

    /// <summary>Largest block that is not narrowed.</summary>
    public int Cap { get; private set; }

    public static RulePairs Build(PreparedRecords records, KeyAtoms atoms, BlockingRule rule, long mostPairs, KeyScratch scratch)
    {
        var own = new RulePairs(records, atoms, rule, scratch);
        scratch.Clear();
        AddKeys(atoms, rule, 0, records.Count, scratch);
        scratch.DropSingles();
        scratch.SortKeys();
        own.Cap = own.CapFor(mostPairs);
        own.Emit();
        return own;
    }

    /// <summary>Whole blocks first; pairs take the room of sorted keys, so blocks to be narrowed are gathered before.</summary>
    private void Emit()
    {
        var keys = _scratch.Keys;
        var large = new List<int[]>();
        var block = new List<int>();
        for (var from = 0; from < keys.Length;)
        {
            var to = EndOf(keys, from);
            var size = to - from;
            if (size > 1 && Meets(keys, from, to))
            {
                Largest = Math.Max(Largest, size);
                block.Clear();
                for (var i = from; i < to; i++)
                {
                    block.Add(_scratch.OwnerOf(keys[i]));
                }

                if (size <= Cap)
                {
                    Take(CollectionsMarshal.AsSpan(block));
                }
                else
                {
                    large.Add([.. block]);
                }
            }

            from = to;
        }

        Pairs = _scratch.TakePairs();
        Narrowed = large.Count;
        var shared = new long[Extensions.Length];
        foreach (var members in large)
        {
            Narrow(members, 0, shared);
        }

        NarrowPairs = _scratch.TakePairs();
        Shared = [.. Extensions.Where((_, e) => shared[e] > 0 && shared[e] * 2 >= NarrowPairs.Length)];
    }

    private int EndOf(ReadOnlySpan<ulong> keys, int from)
    {
        var key = _scratch.KeyOf(keys[from]);
        var to = from + 1;
        while (to < keys.Length && _scratch.KeyOf(keys[to]) == key)
        {
            to++;
        }

        return to;
    }

    /// <summary>Between two files a block needs records of both.</summary>
    private bool Meets(ReadOnlySpan<ulong> keys, int from, int to) =>
        !_records.IsTwoFiles || (_scratch.OwnerOf(keys[from]) < _records.LeftCount && _scratch.OwnerOf(keys[to - 1]) >= _records.LeftCount);

    private void Take(ReadOnlySpan<int> block)
    {
        Blocks++;
        var two = _records.IsTwoFiles;
        var middle = two ? FirstRight(block) : block.Length;
        for (var i = 0; i < middle; i++)
        {
            foreach (var right in block[(two ? middle : i + 1)..])
            {
                _scratch.AddPair(((ulong)block[i] << 32) | (uint)right);
            }
        }
    }

    private int FirstRight(ReadOnlySpan<int> block)
    {
        var at = block.BinarySearch(_records.LeftCount);
        return at < 0 ? ~at : at;
    }

    private void Narrow(int[] block, int extension, long[] shared)
    {
        while (extension < Extensions.Length && (!_atoms.Has(Extensions[extension]) || _rule.Atoms.Contains(Extensions[extension])))
        {
            extension++;
        }

        if (extension == Extensions.Length)
        {
            Cut(block);
            return;
        }

        Span<ulong> keys = stackalloc ulong[KeyAtoms.Most];
        var sorted = new ulong[block.Length];
        for (var i = 0; i < block.Length; i++)
        {
            sorted[i] = _atoms.Collect(Extensions[extension], block[i], keys) == 0 ? 0 : keys[0];
        }

        Array.Sort(sorted, block);
        var before = _scratch.PairCount;
        for (var from = 0; from < block.Length;)
        {
            var to = from + 1;
            while (to < block.Length && sorted[to] == sorted[from])
            {
                to++;
            }

            var group = block.AsSpan(from, to - from);
            group.Sort();
            if (group.Length > Cap)
            {
                Narrow(group.ToArray(), extension + 1, shared);
            }
            else if (group.Length > 1)
            {
                Take(group);
            }

            from = to;
        }

        shared[extension] += _scratch.PairCount - before;
    }

    /// <summary>Runs by content, so that the order of rows does not decide who meets whom.</summary>
    private void Cut(int[] block)
    {
        Array.Sort(Array.ConvertAll(block, record => _records.ContentHash(record) ^ _records.Arrangement(record)), block);
        for (var at = 0; at < block.Length; at += ShortRun)
        {
            var run = block.AsSpan(at, Math.Min(ShortRun, block.Length - at));
            run.Sort();
            Take(run);
        }
    }

    /// <summary>The largest block size for which the rule's pairs stay below the limit.</summary>
    private int CapFor(long mostPairs)
    {
        var keys = _scratch.Keys;
        var bySize = new Dictionary<int, long>();
        for (var from = 0; from < keys.Length;)
        {
            var to = EndOf(keys, from);
            var size = to - from;
            if (size > 1 && Meets(keys, from, to))
            {
                bySize[size] = bySize.GetValueOrDefault(size) + PairsOf(keys, from, to);
            }

            from = to;
        }

        var sizes = new int[bySize.Count];
        bySize.Keys.CopyTo(sizes, 0);
        Array.Sort(sizes);
        long sum = 0;
        var cap = 2;
        foreach (var size in sizes)
        {
            sum += bySize[size];
            if (sum > mostPairs)
            {
                break;
            }

            cap = size;
        }

        return Math.Max(cap, 8);
    }

    private long PairsOf(ReadOnlySpan<ulong> keys, int from, int to)
    {
        long size = to - from;
        if (!_records.IsTwoFiles)
        {
            return size * (size - 1) / 2;
        }

        var (low, high) = (from, to);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _scratch.OwnerOf(keys[middle]) < _records.LeftCount ? (middle + 1, high) : (low, middle);
        }

        return (low - from) * (long)(to - low);
    }

    /// <summary>Adds the keys of a stretch of records.</summary>
    public static void AddKeys(KeyAtoms atoms, BlockingRule rule, int from, int until, KeyScratch scratch)
    {
        Span<ulong> first = stackalloc ulong[KeyAtoms.Most];
        Span<ulong> second = stackalloc ulong[KeyAtoms.Most];
        Span<ulong> third = stackalloc ulong[KeyAtoms.Most];
        var parts = rule.Atoms;
        for (var record = from; record < until; record++)
        {
            // Name parts come first in a rule and cost most; what is missing is asked before them.
            var seconds = 1;
            var thirds = 1;
            second[0] = third[0] = 1;
            if (parts.Length > 1 && (seconds = atoms.Collect(parts[1], record, second)) == 0)
            {
                continue;
            }

            if (parts.Length > 2 && (thirds = atoms.Collect(parts[2], record, third)) == 0)
            {
                continue;
            }

            var firsts = atoms.Collect(parts[0], record, first);
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
