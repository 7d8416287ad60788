namespace Waymark.Storage.Engine;

/// <summary>Where a key was found.</summary>
internal readonly record struct Posting(string Unit, string Register, string Id);

/// <summary>What both stores do alike with a search: its limits, and what becomes of the postings they read.</summary>
internal sealed class KeySearches
{
    /// <summary>For so many records every capped key is looked up; more are never scored.</summary>
    public const int MaximumCompleted = 1_000;

    private const int MaximumRegisters = 16;
    private const int MaximumPostings = 1_000;
    private readonly KeySearch _search;
    private readonly Dictionary<Posting, SortedSet<int>> _found = [];
    private readonly int[] _counts;

    public KeySearches(KeySearch search)
    {
        Check(search);
        _search = search;
        _counts = new int[search.Keys.Count];
        Registers = Distinct(search.Registers);
        Units = Distinct(search.Filter.Units);
    }

    public string[] Registers { get; }

    public string[] Units { get; }

    /// <summary>Whether the filter lets nothing through, so that nothing need be read.</summary>
    public bool SeesNothing => Units.Length == 0 || _search.Filter.Purposes == 0;

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

        var rarer = Ranked().Where(found => found.Keys.Any(key => !capped.Contains(key))).Take(MaximumCompleted).ToList();
        return [.. capped.Select(key => (key, (IReadOnlyList<Posting>)[.. rarer.Where(r => !r.Keys.Contains(key)).Select(r => r.At)]))
            .Where(open => open.Item2.Count > 0)];
    }

    /// <summary>This record carries this key too.</summary>
    public void Hit(int key, Posting at) => (_found.TryGetValue(at, out var keys) ? keys : _found[at] = []).Add(key);

    public KeyMatches Matches() => new([.. Ranked().Select(found => new KeyMatch(found.At.Register, found.At.Id, [.. found.Keys]))], Capped());

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

    private IEnumerable<(Posting At, SortedSet<int> Keys)> Ranked() =>
        _found.Select(found => (At: found.Key, Keys: found.Value))
            .OrderBy(found => found.Keys.Min(key => _counts[key]))
            .ThenByDescending(found => found.Keys.Count)
            .ThenBy(found => found.At.Register, StringComparer.Ordinal)
            .ThenBy(found => found.At.Id, StringComparer.Ordinal);
}
