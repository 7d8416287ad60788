namespace Waymark.Statistics.Disclosure;

/// <summary>
/// Persons in classes of several properties, and what is told of them: cells that are sums of classes, margins and totals among them, of one table or of several that share persons. Every property
/// has at most 64 codes.
/// </summary>
public sealed class CountTable
{
    private readonly List<ulong[]> _cells = [];
    private readonly List<bool> _isFixed = [];

    /// <param name="sizes">How many codes each property has.</param>
    /// <param name="people">One row a person: the code of each property.</param>
    public CountTable(IReadOnlyList<int> sizes, IEnumerable<IReadOnlyList<int>> people)
    {
        if (sizes.Count == 0 || sizes.Any(size => size is < 1 or > 64))
        {
            throw new ArgumentException("A property has 1 to 64 codes.", nameof(sizes));
        }

        Sizes = sizes;
        var counts = new SortedDictionary<int, int>();
        foreach (var person in people)
        {
            var id = Id(person);
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        Counts = counts;
    }

    public IReadOnlyList<int> Sizes { get; }

    /// <summary>How many are in each class that is not empty.</summary>
    internal IReadOnlyDictionary<int, int> Counts { get; }

    public int Total => Counts.Values.Sum();

    public int CellCount => _cells.Count;

    /// <summary>Adds a cell. Answers its place.</summary>
    /// <param name="codes">The codes it takes of each property; null takes all.</param>
    /// <param name="isFixed">It is told whatever it is, and nothing that protects other cells may touch it.</param>
    public int Add(IReadOnlyList<IReadOnlyCollection<int>?> codes, bool isFixed = false)
    {
        _cells.Add([.. codes.Select((taken, at) => taken is null ? ulong.MaxValue : taken.Aggregate(0UL, (mask, code) => code >= 0 && code < Sizes[at] ? mask | (1UL << code) : throw new ArgumentOutOfRangeException(nameof(codes))))]);
        _isFixed.Add(isFixed);
        return _cells.Count - 1;
    }

    public bool IsFixed(int cell) => _isFixed[cell];

    public int Value(int cell) => Counts.Where(one => IsIn(one.Key, cell)).Sum(one => one.Value);

    internal bool IsIn(int id, int cell)
    {
        for (var at = 0; at < Sizes.Count; at++)
        {
            if (((_cells[cell][at] >> (id % Sizes[at])) & 1) == 0)
            {
                return false;
            }

            id /= Sizes[at];
        }

        return true;
    }

    /// <summary>The class of this cell that has as much as it can of another class.</summary>
    internal int Into(int id, int cell) => Id([.. Codes(id).Select((code, at) => ((_cells[cell][at] >> code) & 1) == 1 ? code : System.Numerics.BitOperations.TrailingZeroCount(_cells[cell][at]))]);

    internal int Id(IReadOnlyList<int> codes)
    {
        var id = 0;
        for (var at = Sizes.Count - 1; at >= 0; at--)
        {
            id = codes[at] >= 0 && codes[at] < Sizes[at] ? (id * Sizes[at]) + codes[at] : throw new ArgumentOutOfRangeException(nameof(codes));
        }

        return id;
    }

    internal int[] Codes(int id)
    {
        var codes = new int[Sizes.Count];
        for (var at = 0; at < codes.Length; at++)
        {
            (codes[at], id) = (id % Sizes[at], id / Sizes[at]);
        }

        return codes;
    }
}
