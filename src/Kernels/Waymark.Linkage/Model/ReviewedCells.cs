namespace Waymark.Linkage;

/// <summary>
/// Reviewers' answers as counts per cell of the histogram. In estimating, a reviewed pair is what the reviewer said and not what the model
/// believes (EM with some labels fixed: Nigam et al. 2000); afterwards the answers move the scale of all weights, a shift and a slope
/// (Platt 1999) held near none by a prior, so that a few answers say little and many are believed. The slope is that of weights above
/// zero: a model that is too sure of links does not become less sure of strangers.
/// </summary>
internal sealed class ReviewedCells
{
    /// <summary>Standard deviations, in bits and as a factor, of what a model may be wrong by before anybody looked.</summary>
    private const double ShiftPrior = 3, SlopePrior = 0.3;
    private const double Bit = 0.6931471805599453;

    private ReviewedCells(Dictionary<int, (int One, int Two)> cells) => Cells = cells;

    public Dictionary<int, (int One, int Two)> Cells { get; }

    public static ReviewedCells None { get; } = new([]);

    public static ReviewedCells Of(KnownPairs known, PairScan scan)
    {
        if (known.SaidCount == 0)
        {
            return None;
        }

        var cells = new Dictionary<int, (int One, int Two)>();
        foreach (var chunk in scan.Pairs)
        {
            foreach (var pair in chunk)
            {
                if (known.Said(pair.Left, pair.Right) is { } one)
                {
                    var now = cells.GetValueOrDefault(pair.Cell);
                    cells[pair.Cell] = one ? (now.One + 1, now.Two) : (now.One, now.Two + 1);
                }
            }
        }

        return new(cells);
    }

    /// <summary>Matches of a cell: those said, and of the pairs nobody looked at the share the model believes.</summary>
    public double Matches(int cell, long count, double posterior) => Cells.Count > 0 && Cells.TryGetValue(cell, out var said)
        ? said.One + (posterior * (count - said.One - said.Two))
        : posterior * count;

    /// <summary>Moves weights (log2 odds) and probabilities to what the answers say: the most probable shift and slope, by Newton's method.</summary>
    public void Calibrate(double[] weight, double[] posterior)
    {
        if (Cells.Count == 0)
        {
            return;
        }

        var (shift, slope) = (0.0, 1.0);
        var rows = Cells.OrderBy(c => c.Key).Select(c => (W: Math.Clamp(weight[c.Key], -20, 20), c.Value.One, All: c.Value.One + c.Value.Two)).ToArray();
        for (var round = 0; round < 50; round++)
        {
            var (g0, g1) = (-shift / (ShiftPrior * ShiftPrior), -(slope - 1) / (SlopePrior * SlopePrior));
            var (h00, h01, h11) = (1 / (ShiftPrior * ShiftPrior), 0.0, 1 / (SlopePrior * SlopePrior));
            foreach (var (w, one, all) in rows)
            {
                var p = 1 / (1 + Math.Pow(2, -(shift + Scaled(w, slope))));
                var (error, spread) = (Bit * (one - (all * p)), Bit * Bit * all * p * (1 - p));
                var up = Math.Max(w, 0);
                (g0, g1) = (g0 + error, g1 + (error * up));
                (h00, h01, h11) = (h00 + spread, h01 + (spread * up), h11 + (spread * up * up));
            }

            var determinant = (h00 * h11) - (h01 * h01);
            var (d0, d1) = (((g0 * h11) - (g1 * h01)) / determinant, ((g1 * h00) - (g0 * h01)) / determinant);
            (shift, slope) = (shift + Math.Clamp(d0, -2, 2), Math.Max(0.2, slope + Math.Clamp(d1, -0.3, 0.3)));
            if (Math.Abs(d0) + Math.Abs(d1) < 1e-9)
            {
                break;
            }
        }

        for (var cell = 0; cell < weight.Length; cell++)
        {
            weight[cell] = shift + Scaled(weight[cell], slope);
            posterior[cell] = 1 / (1 + Math.Pow(2, -weight[cell]));
        }
    }

    private static double Scaled(double weight, double slope) => weight > 0 ? slope * weight : weight;
}
