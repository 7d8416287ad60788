using System.Numerics;
using Waymark.Evidence.Catalogue;

namespace Waymark.Evidence.Querying;

/// <summary>Things with a code in every column of a cube and a tally: observations, or what they were brought to before.</summary>
internal interface ICells
{
    int Count { get; }

    int Code(int cell, int column);

    void Read(int cell, out Tally tally);
}

/// <summary>One dimension brought to one figure. <paramref name="Kinds"/> null: every code adds (the reader chose them).</summary>
internal sealed record CollapseStep(int Column, CodeKind[]? Kinds, bool Editions = true);

/// <summary>Cells in ascending order of the codes of the columns that were kept.</summary>
internal sealed class CellTable(int[] columns, IReadOnlyList<CollapseStep> steps) : ICells
{
    private readonly List<int> _codes = [];
    private readonly List<Tally> _tallies = [];
    private readonly List<CollapseCounts> _counts = [];

    public IReadOnlyList<int> Columns => columns;

    public IReadOnlyList<CollapseStep> Steps => steps;

    public int Count => _tallies.Count;

    public int Code(int cell, int column) => _codes[(cell * columns.Length) + Array.IndexOf(columns, column)];

    public void Read(int cell, out Tally tally) => tally = _tallies[cell];

    public CollapseCounts CountsOf(int cell, int step) => _counts[(cell * steps.Count) + step];

    public void Add(ReadOnlySpan<int> codes, ref readonly Tally tally, ReadOnlySpan<CollapseCounts> counts)
    {
        _codes.AddRange(codes);
        _tallies.Add(tally);
        _counts.AddRange(counts);
    }
}

/// <summary>
/// Brings dimensions to one figure each, in the order of the steps. The cells are sorted once, kept columns first and the first
/// step last, so that every step is a walk over neighbours and all steps together are one pass.
/// </summary>
internal static class Collapse
{
    public static CellTable Run(ICells cells, IReadOnlyList<int> cardinalities, int[] kept, IReadOnlyList<CollapseStep> steps, CancellationToken cancellationToken)
    {
        var bits = kept.Concat(steps.Select(step => step.Column)).Sum(column => Bits(cardinalities[column]));
        return bits < 64 ? Run<ulong>(cells, cardinalities, kept, steps, cancellationToken) : Run<UInt128>(cells, cardinalities, kept, steps, cancellationToken);
    }

    /// <summary>False when the key of a cell would need more than 127 bits.</summary>
    public static bool Fits(IReadOnlyList<int> cardinalities) => cardinalities.Sum(Bits) < 128;

    private static int Bits(int codes) => codes <= 1 ? 0 : BitOperations.Log2((uint)(codes - 1)) + 1;

    private static CellTable Run<TKey>(ICells cells, IReadOnlyList<int> cardinalities, int[] kept, IReadOnlyList<CollapseStep> steps, CancellationToken cancellationToken)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        int[] columns = [.. kept, .. steps.Reverse().Select(step => step.Column)];
        var shifts = new int[columns.Length];
        for (var i = columns.Length - 2; i >= 0; i--)
        {
            shifts[i] = shifts[i + 1] + Bits(cardinalities[columns[i + 1]]);
        }

        var keys = new TKey[cells.Count];
        var order = new int[cells.Count];
        for (var cell = 0; cell < keys.Length; cell++)
        {
            var key = TKey.Zero;
            for (var i = 0; i < columns.Length; i++)
            {
                key |= TKey.CreateTruncating(cells.Code(cell, columns[i])) << shifts[i];
            }

            (keys[cell], order[cell]) = (key, cell);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Array.Sort(keys, order);
        cancellationToken.ThrowIfCancellationRequested();
        var walk = new Walk<TKey>(new(kept, steps), kept, steps, shifts, [.. columns.Select(column => Bits(cardinalities[column]))]);
        for (var at = 0; at < keys.Length; at++)
        {
            cells.Read(order[at], out var tally);
            for (; at + 1 < keys.Length && keys[at + 1] == keys[at]; at++)
            {
                cells.Read(order[at + 1], out var same);
                tally.Add(in same);
            }

            walk.Take(keys[at], in tally);
        }

        return walk.Finish();
    }

    private sealed class Walk<TKey>(CellTable table, int[] kept, IReadOnlyList<CollapseStep> steps, int[] shifts, int[] bits)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        private readonly Gathered[] _levels = [.. steps.Select(_ => new Gathered())];
        private readonly CollapseCounts[] _counts = new CollapseCounts[steps.Count];
        private readonly int[] _codes = new int[kept.Length];
        private TKey _last;
        private bool _any;

        public void Take(TKey key, ref readonly Tally tally)
        {
            for (var level = 0; _any && level < steps.Count && Above(_last, level) != Above(key, level); level++)
            {
                Close(level);
            }

            (_last, _any) = (key, true);
            Hand(0, in tally);
        }

        public CellTable Finish()
        {
            for (var level = 0; _any && level < steps.Count; level++)
            {
                Close(level);
            }

            return table;
        }

        /// <summary>What the cells that one level brings together have in common: everything above its own field.</summary>
        private TKey Above(TKey key, int level)
        {
            var at = shifts.Length - 1 - level;
            return key >> (shifts[at] + bits[at]);
        }

        private int Field(int at) => int.CreateTruncating((_last >> shifts[at]) & ((TKey.One << bits[at]) - TKey.One));

        private void Close(int level)
        {
            if (_levels[level].Settle(out var result, ref _counts[level]))
            {
                Hand(level + 1, in result);
            }
            else if (level == steps.Count - 1)
            {
                Array.Clear(_counts);
            }

            _levels[level].Clear();
        }

        private void Hand(int level, ref readonly Tally tally)
        {
            if (level < steps.Count)
            {
                var step = steps[level];
                var kind = step.Kinds is null ? CodeKind.Leaf : step.Kinds[Field(shifts.Length - 1 - level)];
                _levels[level].Take(kind, step.Editions, in tally, ref _counts[level]);
                return;
            }

            for (var i = 0; i < _codes.Length; i++)
            {
                _codes[i] = Field(i);
            }

            table.Add(_codes, in tally, _counts);
            Array.Clear(_counts);
        }
    }
}
