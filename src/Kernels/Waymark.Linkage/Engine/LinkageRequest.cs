namespace Waymark.Linkage;

/// <summary>How much work to spend on candidates.</summary>
public enum LinkageEffort
{
    Fast,
    Default,
    Thorough,
}

/// <summary>What to link.</summary>
/// <param name="Left">The file, or the first of two.</param>
/// <param name="Right">The second file; null searches the first for duplicates.</param>
/// <param name="Knowledge">Facts about names and scripts, read from the pack.</param>
public sealed record LinkageRequest(LinkageTable Left, LinkageTable? Right, LinkageKnowledge Knowledge)
{
    /// <summary>Role per column as the caller says; columns not named are recognised. A column may stand in one of two files only.</summary>
    public IReadOnlyDictionary<string, FieldRole>? Map { get; init; }

    /// <summary>A model fitted before, or null: fitted on these files.</summary>
    public LinkageModel? Model { get; init; }

    /// <summary>A fixed probability, or null: calibrated.</summary>
    public double? Threshold { get; init; }

    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    public LinkageEffort Effort { get; init; } = LinkageEffort.Default;

    /// <summary>Lowest probability of a pair that is handed out.</summary>
    public double EmitFrom { get; init; } = 0.01;

    /// <summary>Answers of reviewers, and sources that hold nobody twice.</summary>
    public LinkageConstraints Constraints { get; init; } = LinkageConstraints.None;

    /// <summary>Lets go of the tables' values as soon as they are prepared. The tables cannot be linked again; their ids stay.</summary>
    public bool ForgetTables { get; init; }

    /// <summary>Candidates that were compared elsewhere, in tiles.</summary>
    internal PairScan? Compared { get; init; }
}

/// <summary>A step of the run and how far it is.</summary>
public sealed record LinkageProgress(string Step, long Done, long Total);

/// <summary>What a run found. Records are numbered over both files: left first, then right.</summary>
public sealed class LinkageOutcome
{
    /// <summary>Pairs with probability at least <see cref="LinkageRequest.EmitFrom"/>; links are those at or above <see cref="Threshold"/>.</summary>
    public required IReadOnlyList<LinkedPair> Pairs { get; init; }

    public required double Threshold { get; init; }

    /// <summary>Cluster per record: the number of its smallest record.</summary>
    public required int[] Clusters { get; init; }

    public required LinkageModel Model { get; init; }

    public required IReadOnlyList<CalibrationPoint> Calibration { get; init; }

    public required BlockReport Blocks { get; init; }

    public required IReadOnlyList<ColumnRole> LeftColumns { get; init; }

    public required IReadOnlyList<ColumnRole> RightColumns { get; init; }

    public required long Compared { get; init; }

    /// <summary>True when every record has at most one link (two files without repeats).</summary>
    public required bool OneToOne { get; init; }

    /// <summary>Records of the first file.</summary>
    public required int LeftCount { get; init; }

    /// <summary>Reviewed pairs as the model alone scores them, with what the reviewer said. Those of one person stand among <see cref="Pairs"/> too.</summary>
    public IReadOnlyList<(LinkedPair Pair, bool OnePerson)> Reviewed { get; init; } = [];

    internal Func<int, ulong> Content { get; init; } = null!;

    internal StrangerClasses Strangers { get; init; } = null!;

    internal PairExplainer Explainer { get; init; } = null!;

    internal PairGroups PairGroups { get; init; } = null!;

    /// <summary>Links per group of people with what is known of their calibration without a truth.</summary>
    public IReadOnlyList<GroupTrust> Trust { get; init; } = [];

    internal Func<LinkedPair, GroupTrust?>? Doubts { get; init; }

    /// <summary>
    /// Whether a pair is a link: at or above <see cref="Threshold"/> and in no group that the model is wrong about. A pair above the threshold
    /// that is no link is a candidate for a person to look at.
    /// </summary>
    public bool IsLink(LinkedPair pair) => pair.Probability >= Threshold && DoubtOf(pair) is null;

    /// <summary>The group that makes a pair a candidate only; null when there is none.</summary>
    public GroupTrust? DoubtOf(LinkedPair pair) => Doubts?.Invoke(pair);

    /// <summary>The links by script, name shape, sex, age band and date quality against the persons of the records, left file first.</summary>
    public IReadOnlyList<GroupCalibration> Groups(IReadOnlyList<string> entities) => PairGroups.Of(Pairs.Where(IsLink), entities);

    /// <summary>What a person should look at next.</summary>
    public ReviewQueue Queue() => new(this);

    /// <summary>Why a pair has its weight, field by field.</summary>
    public PairExplanation Explain(LinkedPair pair) => Explainer.Explain(pair);
}
