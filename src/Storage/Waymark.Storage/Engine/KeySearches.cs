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

    /// <summary>The postings of one key, one more than the cap when there are more.</summary>
    public void Add(int key, IReadOnlyList<Posting> postings)
    {
        _counts[key] = postings.Count;
        for (var i = 0; i < Math.Min(postings.Count, _search.PostingsPerKey); i++)
        {
            Hit(key, postings[i]);
        }
    }

    /// <summary>The capped keys, and the records that a rarer key found and for which they must be looked up.</summary>
    public IEnumerable<(int Key, IReadOnlyList<Posting> Records)> Open()
    {
        if (Capped() is not { Count: > 0 } capped)
        {
            return [];
        }

        var rarer = Ranked().Where(found => _counts[found.Value.Rarest] <= _search.PostingsPerKey).Take(MaximumCompleted).ToList();
        return [.. capped.Select(key => (key, (IReadOnlyList<Posting>)[.. rarer.Where(r => !r.Value.Keys.Contains(key)).Select(r => r.Key)]))
            .Where(open => open.Item2.Count > 0)];
    }

    /// <summary>This record carries this key too.</summary>
    public void Hit(int key, Posting at)
    {
        if (!_found.TryGetValue(at, out var found))
        {
            _found[at] = found = new(key);
        }

        found.Keys.Add(key);
        found.Rarest = _counts[key] < _counts[found.Rarest] ? key : found.Rarest;
    }

    public KeyMatches Matches()
    {
        foreach (var found in _found.Values)
        {
            // What was looked up afterwards came last.
            found.Keys.Sort();
        }

        return new([.. Ranked().Select(found => new KeyMatch(Ranges[found.Key.Range].Register, found.Key.Id, found.Value.Keys))], Capped());
    }

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
        var error = RecordRules.Check(search.Partition, "partition") ?? RecordRules.Check(search.Filter)
            ?? RecordRules.CheckKeys(search.Keys, "keys") ?? RecordRules.CheckNames(search.Registers, "registers");
        if (error is not null)
        {
            throw new ArgumentException(error.ToString(), nameof(search));
        }
    }

    private List<int> Capped() => [.. Enumerable.Range(0, _counts.Length).Where(key => _counts[key] > _search.PostingsPerKey)];

    private IEnumerable<KeyValuePair<Posting, Found>> Ranked() =>
        _found.OrderBy(found => _counts[found.Value.Rarest])
            .ThenByDescending(found => found.Value.Keys.Count)
            .ThenBy(found => Ranges[found.Key.Range].Register, StringComparer.Ordinal)
            .ThenBy(found => found.Key.Id, StringComparer.Ordinal);

    /// <summary>The keys that hit a record, and the rarest of them.</summary>
    private sealed class Found(int key)
    {
        public List<int> Keys { get; } = [];

        public int Rarest { get; set; } = key;
    }
}
