namespace Waymark.Linkage;

/// <summary>What a person said about a pair after looking at it. Records are numbered as in <see cref="LinkedPair"/>.</summary>
/// <param name="Left">One record.</param>
/// <param name="Right">The other.</param>
/// <param name="OnePerson">True: one person. False: two persons.</param>
public readonly record struct ReviewedPair(int Left, int Right, bool OnePerson);

/// <summary>What is known beside the records. Nothing here is kept in a model: leaving it out undoes it.</summary>
public sealed record LinkageConstraints
{
    public static LinkageConstraints None { get; } = new();

    /// <summary>
    /// Answers of reviewers. Two persons are never in one cluster, not even through others; one person is one cluster unless that would
    /// join two persons. The answers also take part in estimating weights and calibration.
    /// </summary>
    public IReadOnlyList<ReviewedPair> Reviewed { get; init; } = [];

    /// <summary>
    /// Per record the source that holds nobody twice, or 0: two records of one such source are two persons, so they are in no cluster
    /// together and a record has at most one link into such a source. Null: no such source.
    /// </summary>
    public IReadOnlyList<int>? SourceOf { get; init; }

    /// <summary>For two files, of which one or both hold nobody twice.</summary>
    public static LinkageConstraints NobodyTwice(int leftRows, int rightRows, bool left, bool right) => new()
    {
        SourceOf = [.. Enumerable.Repeat(left ? 1 : 0, leftRows), .. Enumerable.Repeat(right ? 2 : 0, rightRows)],
    };

    internal bool IsEmpty => Reviewed.Count == 0 && SourceOf is null;

    internal Waymark.Model.Error? Check(int records)
    {
        if (SourceOf is not null && SourceOf.Count != records)
        {
            return Waymark.Model.Error.Invalid("linkage.sources-length", "The sources do not name one source per record.", "来源与记录数量不一致。");
        }

        foreach (var pair in Reviewed)
        {
            if (pair.Left == pair.Right || pair.Left < 0 || pair.Right < 0 || pair.Left >= records || pair.Right >= records)
            {
                return Waymark.Model.Error.Invalid(
                    "linkage.reviewed-pair", $"There is no pair of records {pair.Left} and {pair.Right}.", $"没有记录对 {pair.Left} 与 {pair.Right}。");
            }
        }

        return null;
    }
}

/// <summary>Constraints in the form that linking asks: is a pair two persons, which pairs were said to be one.</summary>
internal sealed class KnownPairs
{
    private readonly Dictionary<ulong, bool> _said = [];

    public KnownPairs(LinkageConstraints constraints)
    {
        SourceOf = constraints.SourceOf;
        foreach (var pair in constraints.Reviewed)
        {
            // Two answers to one pair: two persons wins.
            var key = Key(pair.Left, pair.Right);
            _said[key] = pair.OnePerson && _said.GetValueOrDefault(key, true);
        }
    }

    public IReadOnlyList<int>? SourceOf { get; }

    public bool IsEmpty => _said.Count == 0 && SourceOf is null;

    public int SaidCount => _said.Count;

    /// <summary>True one person, false two persons, null nobody said.</summary>
    public bool? Said(int a, int b) => _said.Count > 0 && _said.TryGetValue(Key(a, b), out var one) ? one : null;

    public bool AreTwo(int a, int b) => Said(a, b) == false || SameSource(a, b);

    public IEnumerable<(int Left, int Right, bool One)> All => _said.OrderBy(s => s.Key).Select(s => ((int)(s.Key >> 32), (int)(uint)s.Key, s.Value));

    private bool SameSource(int a, int b) => SourceOf is not null && SourceOf[a] != 0 && SourceOf[a] == SourceOf[b];

    private static ulong Key(int a, int b) => a < b ? ((ulong)a << 32) | (uint)b : ((ulong)b << 32) | (uint)a;
}
