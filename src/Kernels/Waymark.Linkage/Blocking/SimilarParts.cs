using System.Runtime.InteropServices;

namespace Waymark.Linkage;

/// <summary>
/// What blocking loses by a slip of the pen: a rare name part whose skeleton no other part has meets nobody, whatever was meant. For each such part the few frequent
/// parts that share most pairs of letters with it (Dice of the sets), among those that at most two letters tell apart. Rules of their own let the two meet, after
/// all others, so that what is learned of the pairs that meet anyway stays as it is. Exact: a part is looked at when it shares one of the rarest pairs that it must share to be alike (Chaudhuri, Ganti and Kaushik 2006).
/// </summary>
internal sealed class SimilarParts
{
    /// <summary>Records that hold a rare part, at most; a frequent part is held by more.</summary>
    public const int Rare = 2;

    /// <summary>Frequent parts that a rare one may stand for.</summary>
    public const int Most = 2;

    /// <summary>Dice of the pairs of letters, at least.</summary>
    public const double Alike = 0.6;
    private const int Shortest = 4;
    private const int Longest = 24;
    private readonly TokenTable _tokens;
    private readonly int[] _frequent;
    private readonly Dictionary<uint, int> _spread = [];
    private readonly Dictionary<uint, List<int>> _index = [];
    private readonly uint[][] _letters;
    private readonly Dictionary<int, int[]> _found = [];
    private readonly HashSet<int> _meant = [];

    private SimilarParts(TokenTable tokens, int[] frequent)
    {
        (_tokens, _frequent, _letters) = (tokens, frequent, new uint[frequent.Length][]);
        Span<uint> room = stackalloc uint[Longest + 1];
        for (var place = 0; place < frequent.Length; place++)
        {
            _letters[place] = Pairs(frequent[place], room).ToArray();
            foreach (var pair in _letters[place])
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_spread, pair, out _)++;
            }
        }

        for (var place = 0; place < frequent.Length; place++)
        {
            foreach (var pair in Rarest(_letters[place].AsSpan().ToArray()))
            {
                (_index.TryGetValue(pair, out var list) ? list : _index[pair] = []).Add(place);
            }
        }
    }

    /// <summary>Rare parts that go by the keys of a frequent one, too.</summary>
    public int Count => _found.Count;

    /// <summary>What a part may stand for: of a rare part the frequent ones, of those themselves, of all others nothing.</summary>
    public IReadOnlyList<int> Meant(int part) => _found.TryGetValue(part, out var found) ? found : _meant.Contains(part) ? [part] : [];

    /// <summary>The frequent parts that a rare one may stand for, the most alike first.</summary>
    public IReadOnlyList<int> Of(int part) => _found.TryGetValue(part, out var found) ? found : [];

    /// <summary>
    /// What is found depends neither on the order of the parts nor on threads. Null when lost parts times frequent parts are more than
    /// <paramref name="mostWork"/>: then the search could cost more than all that follows.
    /// </summary>
    public static SimilarParts? Build(TokenTable tokens, long mostWork, int threads, CancellationToken cancel)
    {
        var ids = Enumerable.Range(1, Math.Max(0, tokens.Count - 1)).Where(id => tokens.CountOf(id) > 0 && tokens.Latin(id).Length is >= Shortest and <= Longest).ToArray();
        var frequent = Array.FindAll(ids, id => tokens.CountOf(id) > Rare);
        var lost = Lost(tokens, ids);
        if ((long)frequent.Length * lost.Length > mostWork)
        {
            return null;
        }

        var parts = new SimilarParts(tokens, frequent);
        var best = new int[lost.Length][];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, worker =>
        {
            var seen = new int[frequent.Length];
            for (var i = worker; i < lost.Length; i += threads)
            {
                cancel.ThrowIfCancellationRequested();
                best[i] = parts.Nearest(lost[i], i + 1, seen);
            }
        });
        for (var i = 0; i < lost.Length; i++)
        {
            if (best[i].Length > 0)
            {
                parts._found[lost[i]] = best[i];
                parts._meant.UnionWith(best[i]);
            }
        }

        return parts;
    }

    /// <summary>Rare parts that no other part shares a key with.</summary>
    private static int[] Lost(TokenTable tokens, int[] ids)
    {
        var parts = new Dictionary<ulong, int>();
        for (var id = 1; id < tokens.Count; id++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(parts, tokens.SkeletonOf(id), out _)++;
        }

        return Array.FindAll(ids, id => tokens.CountOf(id) <= Rare && tokens.ClassesOf(id) is null && parts[tokens.SkeletonOf(id)] == 1);
    }

    private int[] Nearest(int part, int turn, int[] seen)
    {
        Span<uint> own = stackalloc uint[Longest + 1];
        Span<uint> rarest = stackalloc uint[Longest + 1];
        own = Pairs(part, own);
        rarest = rarest[..own.Length];
        own.CopyTo(rarest);
        List<(double Share, ulong Order, int Id)>? nearest = null;
        foreach (var pair in Rarest(rarest))
        {
            foreach (var place in _index.TryGetValue(pair, out var list) ? list : [])
            {
                if (seen[place] == turn)
                {
                    continue;
                }

                seen[place] = turn;
                var (other, id) = (_letters[place], _frequent[place]);
                if (!_tokens.MayBeASlip(part, id))
                {
                    continue;
                }

                var share = 2.0 * Common(own, other) / (own.Length + other.Length);
                if (share >= Alike && _tokens.ScriptOf(id) == _tokens.ScriptOf(part))
                {
                    (nearest ??= []).Add((-share, _tokens.HashOf(id), id));
                }
            }
        }

        nearest?.Sort();
        return nearest is null ? [] : [.. nearest.Take(Most).Select(n => n.Id)];
    }

    /// <summary>Pairs of letters, with a mark before the first and behind the last; sorted, each once.</summary>
    private Span<uint> Pairs(int id, Span<uint> into)
    {
        var latin = _tokens.Latin(id);
        var before = 0u;
        for (var i = 0; i <= latin.Length; i++)
        {
            var now = i < latin.Length ? latin[i] : 0u;
            into[i] = (before << 8) | now;
            before = now;
        }

        into = into[..(latin.Length + 1)];
        into.Sort();
        var kept = 1;
        for (var i = 1; i < into.Length; i++)
        {
            if (into[i] != into[i - 1])
            {
                into[kept++] = into[i];
            }
        }

        return into[..kept];
    }

    /// <summary>Of n pairs at least n·t/(2 − t) must be shared, so one of the n − that + 1 rarest is.</summary>
    private Span<uint> Rarest(Span<uint> pairs)
    {
        var shared = (int)Math.Ceiling(pairs.Length * Alike / (2 - Alike));
        pairs.Sort((a, b) => (_spread.GetValueOrDefault(a), a).CompareTo((_spread.GetValueOrDefault(b), b)));
        return pairs[..(pairs.Length - shared + 1)];
    }

    private static int Common(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        var (i, j, common) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            common += a[i] == b[j] ? 1 : 0;
            var step = a[i].CompareTo(b[j]);
            i += step <= 0 ? 1 : 0;
            j += step >= 0 ? 1 : 0;
        }

        return common;
    }
}
