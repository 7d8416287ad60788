namespace Waymark.Linkage;

/// <summary>
/// Fellegi–Sunter by EM on the pattern histogram (Fellegi and Sunter 1969; Winkler 1988; Dempster, Laird and Rubin 1977), with one
/// stratum per blocking rule. m is shared over strata and u is that of random pairs, except: fields in a rule's key say nothing that
/// the key has not said, so their u is fitted inside the stratum; fields that go along with names and places also among different
/// persons have their own u there. Non-matches are a mixture of strangers and of people of one community or family, who agree
/// more in names and places but not in dates and numbers: without the second class it would be taken for the matches. Level 0 carries no information. Deterministic: cells are sorted and summed in order.
/// </summary>
internal sealed partial class Estimator
{
    private const int MostIterations = 100;
    private const int TrialIterations = 8;
    private const double PriorPairs = 40;
    private const double PriorMatches = 12;

    /// <summary>Shared among the records that are asked about: a handful against a register says little about what matches look like, and fields say what they are for.</summary>
    private const double FewAsked = 5_000;

    /// <summary>
    /// Weight of what the other rules lead to expect. Where a rule's pairs cannot tell matches from non-matches its share would drift up;
    /// it is held down, never drawn up, since what earlier rules took is known only roughly.
    /// </summary>
    private const double PriorShare = 0.1;

    /// <summary>How far a rule may exceed that before it is held: what is expected is a rough product over fields.</summary>
    private const double Slack = 2;

    /// <summary>Rules with fewer matches than this say less about what matches look like, since mistaken ones would drown them.</summary>
    private const double ClearShare = 0.03;

    /// <summary>
    /// How many times more strangers than <see cref="StrangerClasses"/> lead to expect may agree in a whole pattern. Where the key is whole names and the whole
    /// date, nothing inside the rule tells matches from strangers, and few strangers agree in both by more than chance.
    /// </summary>
    internal static double Dependence(BlockingRule rule) => rule.Atoms is [Atom.PartPair, Atom.Date, ..] ? 3 : 300;

    /// <summary>Share of families whose given names do not contradict.</summary>
    private const double MostAlike = 0.02;

    /// <summary>Where a smaller share of all pairs are matches, those among random pairs are too few to matter.</summary>
    private const double FewMatches = 1e-5;

    /// <summary>Fewer are summed sooner than threads are asked.</summary>
    private const int FewCells = 10_000;
    private static readonly double s_log2 = Math.Log(2);
    private static readonly double[] s_starts = [1, 0.2, 5];
    private readonly PatternHistogram _histogram;
    private readonly PatternLayout _layout;
    private readonly int _rules;
    private double[][] _randomU;
    private readonly byte[] _levels;
    private readonly double _expectedMatches;
    private readonly double _asked;
    private readonly bool[][] _ownU;

    /// <summary>Whether a field tells communities apart; without one the second class of non-matches cannot be told from matches.</summary>
    private readonly bool _community;

    /// <summary>
    /// Otherwise, where there are dates and what a household shares, the second class is families: one family name, place and telephone, other given names, and
    /// dates like those of strangers. Bounds on strangers do not bound it.
    /// </summary>
    private readonly bool _families;
    private readonly bool[][] _ownNear;
    private readonly bool[][][] _seen;

    /// <summary>Per rule and field how many random pairs show, of one part that is all the field has in the key, what sharing that part leaves open; 0 for other fields.</summary>
    private double[][] _drawn = [];

    /// <summary>Per rule the fields outside its key that go along with names among different persons.</summary>
    private readonly bool[][] _goesAlong;
    private readonly double[] _pairs;
    private double[] _strangers = [];
    private readonly ReviewedCells _reviewed;

    /// <summary>Cells from <c>_first[rule]</c> until <c>_first[rule + 1]</c> are those of a rule: all sums over cells are sums inside one, so that rules may go to threads.</summary>
    private readonly int[] _first;
    private readonly ParallelOptions _byRule;
    private readonly IReadOnlyList<BlockingRule> _blocking;
    private readonly double _allPairs;
    private readonly int _threads;

    /// <summary>Estimation starts as if the files held <paramref name="expectedMatches"/> matching pairs.</summary>
    public Estimator(
        PatternHistogram histogram, PatternLayout layout, IReadOnlyList<BlockingRule> rules, RandomPairs random, double allPairs, double expectedMatches, ReviewedCells reviewed, double asked, int threads)
    {
        _asked = Math.Max(1, asked);
        (_reviewed, _threads) = (reviewed, threads);
        _byRule = new() { MaxDegreeOfParallelism = histogram.Count < FewCells ? 1 : threads };
        (_histogram, _layout, _rules, _randomU, _expectedMatches) = (histogram, layout, rules.Count, random.NonMatch, expectedMatches);
        var fields = layout.Fields;
        _community = fields.Any(f => f.Role == FieldRole.Nationality);
        _families = HasFamilies([.. fields.Select(f => f.Role)]);
        _ownU = [.. rules.Select(r => fields.Select(f => DependsOnKey(f.Role, r)).ToArray())];
        _ownNear = !_families ? _ownU : [.. _ownU.Select(own => own.Select((o, f) => o || fields[f].Role is
            FieldRole.FullName or FieldRole.Phone or FieldRole.Place or FieldRole.Region or FieldRole.Postcode or FieldRole.Address).ToArray())];
        _seen = [.. rules.Select(_ => fields.Select(f => new bool[f.Levels]).ToArray())];
        _pairs = new double[_rules];
        _first = new int[_rules + 1];
        _levels = new byte[histogram.Count * fields.Count];
        for (var cell = 0; cell < histogram.Count; cell++)
        {
            _pairs[histogram.Rules[cell]] += histogram.Counts[cell];
            _first[histogram.Rules[cell] + 1]++;
            for (var f = 0; f < fields.Count; f++)
            {
                var level = PatternLayout.Level(histogram.Patterns[cell], fields[f]);
                _levels[cell * fields.Count + f] = (byte)level;
                _seen[histogram.Rules[cell]][f][level] = true;
            }
        }

        for (var rule = 0; rule < _rules; rule++)
        {
            _first[rule + 1] += _first[rule];
        }

        _goesAlong = [.. rules.Select(rule => fields.Select(f => GoesAlong(f.Role) && !rule.Atoms.Any(a => KeyAtoms.RoleOf(a) == f.Role)).ToArray())];
        (_blocking, _allPairs, Random) = (rules, allPairs, random);
        Take(random);
    }

    /// <summary>Random pairs as far as they are known to be strangers.</summary>
    public RandomPairs Random { get; private set; }

    private void Take(RandomPairs random)
    {
        (Random, _randomU) = (random, random.NonMatch);
        _drawn = [.. _blocking.Select((rule, r) => _layout.Fields.Select((field, f) => IsOnePart(field.Role, rule) ? random.Seen[f].Where((_, level) => level > 1 && _seen[r][f][level]).Sum() : 0).ToArray())];
        _strangers = MostStrangers(random, _allPairs, _blocking);
    }

    /// <summary>Whether the second class of non-matches is families: there are names, dates and what a household shares, and no nationality.</summary>
    public static bool HasFamilies(IReadOnlyList<FieldRole> roles) => !roles.Contains(FieldRole.Nationality) && roles.Contains(FieldRole.BirthDate)
        && roles.Contains(FieldRole.FullName) && roles.Any(r => r is FieldRole.Phone or FieldRole.Address);

    /// <summary>Per cell the log of the largest share of its rule's pairs that strangers can be.</summary>
    private double[] MostStrangers(RandomPairs random, double allPairs, IReadOnlyList<BlockingRule> rules)
    {
        var fields = _layout.Fields.Count;
        var most = new double[_histogram.Count];
        Parallel.For(0, _rules, _byRule, rule =>
        {
            var mostOfRule = Math.Log(Dependence(rules[rule]) * allPairs / _pairs[rule]);
            for (var cell = _first[rule]; cell < _first[rule + 1]; cell++)
            {
                most[cell] = mostOfRule + random.Strangers.LogShare(_levels.AsSpan(cell * fields, fields));
            }
        });
        return most;
    }

    /// <summary>The model and, per cell, log2 odds and probability of a match.</summary>
    /// <param name="ruleNames">Names of the strata.</param>
    /// <param name="sameDates">Given probabilities per cell, what <see cref="RandomPairs.WithoutMatches"/> asks of dates.</param>
    /// <param name="cancel">Stops.</param>
    public (LinkageModel Model, double[] Weight, double[] Posterior) Fit(IReadOnlyList<string> ruleNames, Func<double[], double[]?>? sameDates, CancellationToken cancel)
    {
        var trials = Array.ConvertAll(s_starts, start => new Fitting(this, start));
        Parallel.ForEach(trials, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancel }, trial => trial.Run(TrialIterations, cancel));
        var best = trials[0];
        foreach (var trial in trials[1..])
        {
            best = trial.Likelihood > best.Likelihood + (1e-6 * Math.Abs(best.Likelihood)) ? trial : best;
        }

        var share = best.Matches / _allPairs;
        if (share > FewMatches)
        {
            Take(Random.WithoutMatches(_layout, best.Match, share, sameDates?.Invoke(best.Posterior)));
        }

        best.Run(MostIterations, cancel);
        return (best.Model(ruleNames), best.Weight, best.Posterior);
    }

    /// <summary>Scores the cells with a model fitted before; rules the model does not know start from its mean share of matches.</summary>
    public (LinkageModel Model, double[] Weight, double[] Posterior) Apply(LinkageModel model, IReadOnlyList<string> ruleNames)
    {
        var shared = _layout.Fields.Select(f => model.Fields.FirstOrDefault(x => x.Field == f.Name && x.Match.Length == f.Levels)?.Match ?? Priors.Match(f)).ToArray();
        var (m, u, near) = (Strata(shared), Strata(_randomU), Strata(_randomU));
        var mean = model.Rules.Sum(r => r.MatchShare * r.Pairs) / Math.Max(1, model.Rules.Sum(r => r.Pairs));
        var share = Enumerable.Repeat(Math.Clamp(mean, 1e-9, 0.999), _rules).ToArray();
        var kin = new double[_rules];
        for (var r = 0; r < _rules; r++)
        {
            if (model.Rules.FirstOrDefault(x => x.Rule == ruleNames[r] && x.Pairs > 0 && Fits(x)) is { } known)
            {
                (m[r], u[r], near[r], share[r], kin[r]) = (known.Match, known.NonMatch, known.Near, known.MatchShare, known.NearShare);
            }
        }

        var (weight, posterior) = (new double[_histogram.Count], new double[_histogram.Count]);
        Expect(m, u, near, share, kin, weight, posterior, new double[_histogram.Count], new double[_histogram.Count]);
        return (model, weight, posterior);
    }

    private bool Fits(RuleModel rule) =>
        rule.Match.Length == _layout.Fields.Count && rule.Match.Zip(_layout.Fields).All(x => x.First.Length == x.Second.Levels);

    /// <summary>The second class of non-matches starts half way to the matches in the fields that go along with community.</summary>
    private void Tilt(double[][][] near, double[][][] m)
    {
        for (var r = 0; r < _rules; r++)
        {
            for (var f = 0; f < _ownU[r].Length; f++)
            {
                if (_ownNear[r][f])
                {
                    for (var level = 1; level < near[r][f].Length; level++)
                    {
                        near[r][f][level] = Math.Sqrt(near[r][f][level] * m[r][f][level]);
                    }

                    var missing = near[r][f][0];
                    Priors.Normalise(near[r][f]);
                    near[r][f][0] = missing;
                    Part(near[r][f], f);
                }
            }
        }
    }

    /// <summary>People of one family have other given names: what agrees in all parts is one person or a namesake, hardly ever a sister.</summary>
    private void Part(double[] near, int field)
    {
        if (_families && _layout.Fields[field].Role == FieldRole.FullName)
        {
            Priors.Limit(near, level => level > 1 && (level - 2) % 4 != 3, MostAlike);
        }
    }

    /// <summary>Weights and probabilities per cell; each cell's part of the log likelihood is left in <paramref name="parts"/>.</summary>
    private void Expect(
        double[][][] m, double[][][] u, double[][][] near, double[] share, double[] kin, double[] weight, double[] posterior, double[] kinship, double[] parts) => Parallel.For(0, _rules, _byRule, rule =>
    {
        var fields = _layout.Fields.Count;
        var (logM, logU, logNear) = (Logs(m[rule]), Logs(u[rule]), Logs(near[rule]));
        var logShare = Math.Log(share[rule]);
        var logFar = Math.Log((1 - share[rule]) * (1 - kin[rule]));
        var logClose = kin[rule] > 0 ? Math.Log((1 - share[rule]) * kin[rule]) : -1e9;
        for (var cell = _first[rule]; cell < _first[rule + 1]; cell++)
        {
            var (match, far, close) = (logShare, logFar, logClose);
            var at = cell * fields;
            for (var f = 0; f < fields; f++)
            {
                var level = _levels[at + f];
                match += logM[f][level];
                far += logU[f][level];
                close += logNear[f][level];
            }

            var any = AddLogs(far, close);
            var non = _families ? AddLogs(Math.Min(far, _strangers[cell]), close) : Math.Min(any, _strangers[cell]);
            var all = AddLogs(match, non);
            weight[cell] = (match - non) / s_log2;
            posterior[cell] = Math.Exp(match - all);
            kinship[cell] = Math.Min(1, Math.Exp(close - any));
            parts[cell] = _histogram.Counts[cell] * all;
        }
    });

    private static double[][] Logs(double[][] p) => Array.ConvertAll(p, f => Array.ConvertAll(f, Log).Select((log, level) => level == 0 ? log : log + Math.Log(1 - f[0])).ToArray());

    internal static double AddLogs(double a, double b)
    {
        // Beyond this the smaller one changes no digit.
        var apart = Math.Abs(a - b);
        return apart > 40 ? Math.Max(a, b) : Math.Max(a, b) + Math.Log(1 + Math.Exp(-apart));
    }

    private static double Log(double p) => p <= 0 ? 0 : Math.Log(p);

    private (double[][][] M, double[][][] U, double[][][] Near) Maximise(
        double[][] shared, double[][] priorM, double[] share, double[] kin, double[] posterior, double[] kinship)
    {
        var fields = shared.Length;
        var (matches, close) = (new double[_rules], new double[_rules]);
        var (countM, countU, countNear) = (Zeros(shared), Zeros(shared), Zeros(shared));
        Parallel.For(0, _rules, _byRule, rule =>
        {
            var (own, ownU, ownNear) = (countM[rule], countU[rule], countNear[rule]);
            for (var cell = _first[rule]; cell < _first[rule + 1]; cell++)
            {
                var match = _reviewed.Matches(cell, _histogram.Counts[cell], posterior[cell]);
                var kinPairs = (_histogram.Counts[cell] - match) * kinship[cell];
                var far = (_histogram.Counts[cell] - match) * (1 - kinship[cell]);
                matches[rule] += match;
                close[rule] += kinPairs;
                var at = cell * fields;
                for (var f = 0; f < fields; f++)
                {
                    var level = _levels[at + f];
                    own[f][level] += match;
                    ownU[f][level] += far;
                    ownNear[f][level] += kinPairs;
                }
            }
        });
        var prior = Math.Max(PriorMatches, 0.02 * _expectedMatches) + (FewAsked / _asked);
        for (var f = 0; f < fields; f++)
        {
            for (var level = 1; level < shared[f].Length; level++)
            {
                var counted = 0.0;
                for (var r = 0; r < _rules; r++)
                {
                    counted += countM[r][f][level] * Clear(share[r]);
                }

                shared[f][level] = (prior * priorM[f][level]) + counted;
            }

            Priors.Normalise(shared[f]);
            Priors.Cap(shared[f], _layout.Fields[f]);
        }

        var missing = Enumerable.Range(0, _rules).Select(r => Enumerable.Range(0, fields).Select(f =>
            _ownU[r][f] || !_seen[r][f][0] ? 0 : MissingIn(r, f, countM[r][f][0] + countU[r][f][0] + countNear[r][f][0], matches[r], shared[f])).ToArray()).ToArray();
        var (m, u, near) = (Strata(shared, missing), Strata(_randomU, missing), Strata(_randomU, missing));
        var total = matches.Sum();
        for (var r = 0; r < _rules; r++)
        {
            var hold = PriorShare * _pairs[r];
            var slack = share[r] < ClearShare ? 1 : Slack;
            var expected = Math.Min(matches[r], slack * total * Reach(shared, r));
            share[r] = Math.Clamp((matches[r] + (PriorShare * expected) + 1e-3) / (_pairs[r] + hold + 2e-3), 1e-9, 1 - 1e-4);

            // Never more matches than the levels that occur here can hold: strangers of one family name would else be taken for matches.
            share[r] = Math.Min(share[r], Math.Max(1e-9, ((slack * total * Reach(shared, r)) + 0.5) / (_pairs[r] + 1)));
            kin[r] = !_community && !_families ? 0 : Math.Clamp((close[r] + 3) / (_pairs[r] - matches[r] + 10), 1e-3, 0.999);
            for (var f = 0; f < fields; f++)
            {
                if (_ownU[r][f])
                {
                    // A rule with few non-matches beside its matches is not believed about what non-matches look like: that would be the matches it understands least.
                    Hold(u[r][f], countU[r][f], Math.Min(matches[r], _drawn[r][f]));
                    Blend(u[r][f], countU[r][f], PriorPairs + (_goesAlong[r][f] ? matches[r] : 0));
                }

                if (_ownNear[r][f])
                {
                    Blend(near[r][f], countNear[r][f], PriorPairs);
                    near[r][f][0] = u[r][f][0];
                    Part(near[r][f], f);
                }
            }
        }

        return (m, u, near);
    }

    /// <summary>How far a rule with this share of matches is believed about what matches look like.</summary>
    private static double Clear(double share) => share >= ClearShare ? 1 : share / ClearShare * (share / ClearShare);

    /// <summary>Share of all matches whose levels are among those that occur in the stratum.</summary>
    private double Reach(double[][] shared, int rule)
    {
        var reach = 1.0;
        for (var f = 0; f < shared.Length; f++)
        {
            var mass = 0.0;
            for (var level = 1; level < shared[f].Length; level++)
            {
                mass += _seen[rule][f][level] ? shared[f][level] : 0;
            }

            reach *= !_seen[rule][f][0] ? mass : _ownU[rule][f] ? Math.Max(mass, 0.5) : Math.Max(mass, Random.Missing[f] + ((1 - Random.Missing[f]) * mass));
        }

        return reach;
    }

    private double[][][] Zeros(double[][] like) => [.. Enumerable.Range(0, _rules).Select(_ => like.Select(p => new double[p.Length]).ToArray())];
}
