namespace Waymark.Linkage;

/// <summary>
/// Which pairs a person should look at next. Pairs fall into strata by weight and blocking rule; answers are spread so that the estimated
/// number of people found twice becomes sure fastest (Neyman 1934, one answer at a time): where many pairs are and where one answer
/// says most about the others. Within a stratum the draw follows a hash of the records, not their score, so that the answers speak for it.
/// </summary>
public sealed class ReviewQueue
{
    private readonly List<Stratum> _strata = [];

    internal ReviewQueue(LinkageOutcome outcome) : this(outcome.Pairs, outcome.Reviewed.Select(reviewed => reviewed.Pair), outcome.Content)
    {
    }

    internal ReviewQueue(IEnumerable<LinkedPair> pairs, IEnumerable<LinkedPair> answered, Func<int, ulong> content)
    {
        var strata = new SortedDictionary<(int Bits, byte Rule), Stratum>();
        Stratum Of(LinkedPair pair)
        {
            var key = ((int)Math.Floor(Math.Clamp(pair.Weight, -12, 24) / 2), pair.Rule);
            return strata.TryGetValue(key, out var found) ? found : strata[key] = new();
        }

        foreach (var pair in pairs)
        {
            if (pair.Rule != LinkedPair.Reviewed)
            {
                Of(pair).Add(pair, content(pair.Left) + content(pair.Right));
            }
        }

        foreach (var pair in answered)
        {
            Of(pair).Answered(pair);
        }

        _strata.AddRange(strata.Values);
    }

    /// <summary>The next pairs to be looked at, most telling first; fewer when there are no more.</summary>
    public IReadOnlyList<LinkedPair> Next(int count)
    {
        var next = new List<LinkedPair>();
        foreach (var stratum in _strata)
        {
            stratum.Start();
        }

        while (next.Count < count)
        {
            Stratum? best = null;
            foreach (var stratum in _strata)
            {
                if (stratum.Gain > (best?.Gain ?? 0))
                {
                    best = stratum;
                }
            }

            if (best is null)
            {
                break;
            }

            next.Add(best.Take());
        }

        return next;
    }

    private sealed class Stratum
    {
        private readonly List<(ulong Order, LinkedPair Pair)> _open = [];
        private double _sum;
        private int _answered;
        private int _next;
        private int _asking;

        /// <summary>How much variance of the estimated number of matches one more answer takes away: N² p (1 − p) / (k (k + 1)).</summary>
        public double Gain
        {
            get
            {
                if (_next >= _open.Count)
                {
                    return 0;
                }

                // A model may be surer than it should be: half a pair of doubt on either side.
                var n = (double)_open.Count + _answered;
                var p = (_sum + 0.5) / (n + 1);
                var k = _asking + 1.0;
                return n * n * p * (1 - p) / (k * (k + 1));
            }
        }

        public void Add(LinkedPair pair, ulong content)
        {
            _open.Add((Hashing.Mix(content), pair));
            _sum += pair.Probability;
        }

        public void Answered(LinkedPair pair)
        {
            _answered++;
            _sum += pair.Probability;
        }

        public void Start()
        {
            _open.Sort((a, b) => a.Order != b.Order ? a.Order.CompareTo(b.Order) : (a.Pair.Left, a.Pair.Right).CompareTo((b.Pair.Left, b.Pair.Right)));
            (_next, _asking) = (0, _answered);
        }

        public LinkedPair Take()
        {
            _asking++;
            return _open[_next++].Pair;
        }
    }
}
