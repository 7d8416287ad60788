using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>A file of persons as it was read: rows, rows kept aside (the first thousand with line and reason), columns and what they were taken for.</summary>
public sealed record LinkFileOutput(
    string File, int Rows, int AsideCount, IReadOnlyList<KeptAside> Aside, string Encoding, string Delimiter, IReadOnlyList<ColumnRole> Columns);

/// <summary>A run of linking. Expected false and missed links are the model's own account at the threshold; no labels are used.</summary>
public sealed record LinkOutput(
    IReadOnlyList<LinkFileOutput> Files, long Compared, int Links, double Threshold, double ExpectedFalse, double ExpectedMissed, bool OneToOne,
    int Clusters, int ClusteredRecords, int LargestCluster, IReadOnlyList<CalibrationPoint> Calibration, BlockReport Blocks, string PackHash, int Explained,
    IReadOnlyList<GroupTrust> CandidatesOnly);

/// <summary>What is in the files before they are linked.</summary>
public sealed record LinkProfileOutput(
    IReadOnlyList<LinkFileOutput> Files, IReadOnlyList<ColumnProfile> Columns, IReadOnlyDictionary<string, int> NameScripts, BlockReport Blocks);

/// <summary>A fitted model.</summary>
public sealed record LinkTrainOutput(IReadOnlyList<LinkFileOutput> Files, string Model, int Iterations, double LogLikelihood, IReadOnlyList<FieldModel> Fields);

/// <summary>A review: how many answers, and the model's own account before and with them.</summary>
public sealed record LinkReviewOutput(
    int Answers, double ThresholdBefore, int LinksBefore, double ExpectedFalseBefore, double Threshold, int Links, double ExpectedFalse);

/// <summary>An index after records were added; links are those among all its records, without the pairs of groups that give candidates only.</summary>
public sealed record LinkIndexOutput(int Records, int Added, int Links, double Threshold, IReadOnlyList<GroupTrust> CandidatesOnly);

/// <summary>Pairwise quality against a truth.</summary>
public sealed record LinkQualityOutput(double Precision, double Recall, double F1, long Right, long Found, long True)
{
    public static LinkQualityOutput Of(PairQuality quality) =>
        new(Math.Round(quality.Precision, 6), Math.Round(quality.Recall, 6), Math.Round(quality.F1, 6), quality.Right, quality.Found, quality.True);
}

/// <summary>What a run found against what is true.</summary>
public sealed record LinkEvaluateOutput(
    IReadOnlyList<LinkFileOutput> Files, double Threshold, LinkQualityOutput AtThreshold, LinkQualityOutput Best, double BestThreshold, LinkQualityOutput Clustered,
    double ExpectedFalse, long RealFalse, IReadOnlyList<GroupCalibration> Groups);
