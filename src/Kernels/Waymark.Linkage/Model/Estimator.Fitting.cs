namespace Waymark.Linkage;

internal sealed partial class Estimator
{
    /// <summary>One run of EM from one start: what has been found so far, and how to go on.</summary>
    private sealed class Fitting
    {
        private readonly Estimator _of;
        private readonly double[][] _priorM;
        private readonly double[][] _shared;
        private readonly double[] _share;
        private readonly double[] _kin;
        private readonly double[] _kinship;
        private readonly double[] _parts;
        private double[][][] _m;
        private double[][][] _u;
        private double[][][] _near;
        private int _iteration;
        private bool _isDone;

        public Fitting(Estimator of, double start)
        {
            var cells = of._histogram.Count;
            (_of, Weight, Posterior, _kinship, _parts) = (of, new double[cells], new double[cells], new double[cells], new double[cells]);
            _priorM = [.. of._layout.Fields.Select(Priors.Match)];
            _shared = [.. of._layout.Fields.Select(Priors.Match)];
            (_m, _u, _near) = (of.Strata(_shared), of.Strata(of._randomU), of.Strata(of._randomU));
            of.Tilt(_near, _m);
            _kin = [.. Enumerable.Repeat(of._community ? 0.3 : of._families ? 0.1 : 0, of._rules)];
            _share = Array.ConvertAll(of._pairs, p => Math.Clamp(start * 0.5 * of._expectedMatches / Math.Max(1, p), 1e-6, 0.95));
        }

        public double[] Weight { get; }

        public double[] Posterior { get; }

        public double Likelihood { get; private set; } = double.NegativeInfinity;

        /// <summary>Level probabilities among matches as found so far, per field.</summary>
        public double[][] Match => _shared;

        /// <summary>Matches as found so far.</summary>
        public double Matches => _share.Zip(_of._pairs, (share, pairs) => share * pairs).Sum();

        /// <summary>Goes on until nothing is gained or there have been so many iterations, those of earlier calls among them.</summary>
        public void Run(int iterations, CancellationToken cancel)
        {
            for (; _iteration < iterations && !_isDone; _iteration++)
            {
                cancel.ThrowIfCancellationRequested();
                _of.Expect(_m, _u, _near, _share, _kin, Weight, Posterior, _kinship, _parts);
                var next = 0.0;
                foreach (var part in _parts)
                {
                    next += part;
                }

                _isDone = next - Likelihood < 1e-7 * Math.Abs(next) && _iteration > 10;
                Likelihood = next;
                if (_isDone)
                {
                    break;
                }

                (_m, _u, _near) = _of.Maximise(_shared, _priorM, _share, _kin, Posterior, _kinship);
            }
        }

        public LinkageModel Model(IReadOnlyList<string> ruleNames) => new(
            [.. _of._layout.Fields.Select((f, i) => new FieldModel(f.Name, f.Role, _shared[i], _of._randomU[i]))],
            [.. Enumerable.Range(0, _of._rules).Select(r => new RuleModel(ruleNames[r], _share[r], _of._pairs[r], _m[r], _u[r], _near[r], _kin[r]))],
            _iteration,
            Likelihood);
    }
}
