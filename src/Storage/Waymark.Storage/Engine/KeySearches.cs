namespace Waymark.Storage.Engine;

/// <summary>A unit and a register that are read together.</summary>
internal readonly record struct KeyRange(string Unit, string Register);

/// <summary>A record that carries a key, and the place of its range in <see cref="KeySearches.Ranges"/>.</summary>
internal readonly record struct Posting(int Range, string Id);

/// <summary>What both stores do alike with a search: its limits, and what becomes of the postings they read.</summary>
internal sealed class KeySearches
{
    /// <summary>For so many records every capped key is looked up; more are never scored.</summary>
    public const int MaximumCompleted = 1_000;

    private const int MaximumRegisters = 16;
    private const int MaximumPostings = 1_000;
    private readonly KeySearch _search;
    private readonly Dictionary<Posting, Found> _found = [];
    private readonly int[] _counts;
    private IReadOnlyList<int>? _capped;

    public KeySearches(KeySearch search)
    {
        Check(search);
        _search = search;
        _counts = new int[search.Keys.Count];
        var registers = Distinct(search.Registers);
        Ranges = [.. Distinct(search.Filter.Units).SelectMany(unit => registers.Select(register => new KeyRange(unit, register)))];
    }

    /// <summary>In the order in which postings are read.</summary>
    public IReadOnlyList<KeyRange> Ranges { get; }

    /// <summary>Whether the filter lets nothing through, so that nothing need be read.</summary>
    public bool SeesNothing => Ranges.Count == 0 || _search.Filter.Purposes == 0;

    /// <summary>The keys that more records carry than are read, ascending; known once every key was counted.</summary>
    public IReadOnlyList<int> Capped => _capped ??= [.. Enumerable.Range(0, _counts.Length).Where(key => _counts[key] > _search.PostingsPerKey)];

    /// <summary>
    /// Whether what carries capped keys alone is part of the answer: only where rarer keys found too few. Each of these is rarer, so all they found stands before it.
    /// </summary>
    public bool AsksForCapped => Capped.Count > 0 && _found.Count < _search.MostRecords;

    /// <summary>How many records carry this key; one more than the cap says that there are more.</summary>
    public void Count(int key, int records) => _counts[key] = records;

    /// <summary>These records carry this key, which was counted before.</summary>
    public void Add(int key, IEnumerable<Posting> postings)
    {
        foreach (var at in postings)
        {
            Hit(key, at);
        }
    }

    /// <summary>The records that a rarer key found, as far as the answer reaches: whether they carry the capped keys must be looked up.</summary>
    public IReadOnlyList<Posting> Open()
    {
        if (Capped.Count == 0)
        {
            return [];
        }

        // The rarest key of a record stays what it is whatever is looked up, so records of a commoner one than the last in the answer stay behind it.
        var rarer = Ranked().Where(found => _counts[found.Rarest] <= _search.PostingsPerKey).Take(MaximumCompleted).ToList();
        var last = rarer.Count > _search.MostRecords ? _counts[rarer[_search.MostRecords - 1].Rarest] : int.MaxValue;
        return [.. rarer.Where(found => _counts[found.Rarest] <= last).Select(found => found.At)];
    }

    /// <summary>This record carries this key too.</summary>
    public void Hit(int key, Posting at)
    {
        if (!_found.TryGetValue(at, out var found))
        {
            _found[at] = found = new(at, key);
        }

        if (!found.Keys.Contains(key))
        {
            found.Keys.Add(key);
            found.Rarest = _counts[key] < _counts[found.Rarest] ? key : found.Rarest;
        }
    }

    public KeyMatches Matches() => new([.. Ranked().Take(_search.MostRecords).Select(found =>
    {
        // What was looked up afterwards came last.
        found.Keys.Sort();
        return new KeyMatch(Ranges[found.At.Range].Register, found.At.Id, found.Keys);
    })], Capped);

    private static string[] Distinct(IReadOnlyList<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void Check(KeySearch search)
    {
        ArgumentOutOfRangeException.ThrowIfZero(search.Keys.Count, nameof(search));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(search.Keys.Count, RecordRules.MaximumKeys, nameof(search));
        ArgumentOutOfRangeException.ThrowIfZero(search.Registers.Count, nameof(search));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(search.Registers.Count, MaximumRegisters, nameof(search));
        ArgumentOutOfRangeException.ThrowIfLessThan(search.PostingsPerKey, 1, nameof(search));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(search.PostingsPerKey, MaximumPostings, nameof(search));
        ArgumentOutOfRangeException.ThrowIfLessThan(search.MostRecords, 1, nameof(search));
        var error = RecordRules.Check(search.Partition, "partition") ?? RecordRules.Check(search.Filter)
            ?? RecordRules.CheckKeys(search.Keys, "keys") ?? RecordRules.CheckNames(search.Registers, "registers");
        if (error is not null)
        {
            throw new ArgumentException(error.ToString(), nameof(search));
        }
    }

    private List<Found> Ranked()
    {
        var ranked = _found.Values.ToList();
        ranked.Sort((one, other) =>
            _counts[one.Rarest] != _counts[other.Rarest] ? _counts[one.Rarest].CompareTo(_counts[other.Rarest])
            : one.Keys.Count != other.Keys.Count ? other.Keys.Count.CompareTo(one.Keys.Count)
            : one.At.Range != other.At.Range && string.CompareOrdinal(Ranges[one.At.Range].Register, Ranges[other.At.Range].Register) is not 0 and var register ? register
            : string.CompareOrdinal(one.At.Id, other.At.Id));
        return ranked;
    }

    /// <summary>A record, the keys that hit it, and the rarest of them.</summary>
    private sealed class Found(Posting at, int key)
    {
        public Posting At => at;

        public List<int> Keys { get; } = [];

        public int Rarest { get; set; } = key;
    }
}
