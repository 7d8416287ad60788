using Waymark.Linkage;

namespace Waymark.Matching.Contracts;

/// <summary>
/// Where a run is: rows are read and blocked (<see cref="Planning"/>), a person looks at the estimate (<see cref="Planned"/>), tiles are compared,
/// the model is fitted, done.
/// </summary>
public enum RunState { Planning, Planned, Comparing, Finishing, Done, Failed, Stopped }

/// <summary>A run inside a project. What it found lies sealed under the project's key.</summary>
public sealed record LinkageRun(string Id, string Project, string Left, string? Right, LinkageEffort Effort, double? Threshold, string StartedBy, DateTimeOffset StartedAt)
{
    public RunState State { get; init; }

    /// <summary>The run whose records are held already: the left file is read, and of it only what is not held there is compared.</summary>
    public string? After { get; init; }

    /// <summary>The files whose records are held already.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>Every file that this run speaks of.</summary>
    internal IEnumerable<string> Files => [.. Held, Left, .. Right is null ? [] : (string[])[Right]];

    /// <summary>What would be compared; known once planned.</summary>
    public BlockReport? Blocks { get; init; }

    /// <summary>Hash of the facts about names that planned it; a worker with others must not take part.</summary>
    public string? PackHash { get; init; }

    public int Tiles { get; init; }

    /// <summary>Why it failed: the stable code of the error and its texts.</summary>
    public Model.Error? Failure { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Sealed results by name: links.csv, clusters.csv, report.json, model.json, pairs.json, and of a run after another the records it holds (index.bin).</summary>
    public IReadOnlyDictionary<string, string> Results { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    [System.Text.Json.Serialization.JsonIgnore]
    public long Version { get; init; }

    public bool HasEnded => State is RunState.Done or RunState.Failed or RunState.Stopped;
}

/// <summary>A run with how far its tiles are.</summary>
public sealed record RunProgress(LinkageRun Run, int TilesDone);

/// <summary>Records of one input as a run read them.</summary>
public sealed record RunInput(string Name, string Class, int Rows, int AsideCount, IReadOnlyList<ColumnRole> Columns);

/// <summary>
/// Pairs at or above the threshold of one group of people, how many of them the model expects to be false, and how many the group's own strangers let expect; groups of
/// fewer than ten pairs are left out. With <paramref name="CandidatesOnly"/> the model is wrong about the group: its pairs are candidates for a person to look at, whatever
/// their score (M70).
/// </summary>
public sealed record RunGroup(string Kind, string Value, long Links, double ExpectedFalse, double OwnFalse, bool CandidatesOnly)
{
    /// <summary>Groups of fewer pairs than this are not reported: they would describe single people.</summary>
    private const int FewestLinks = 10;

    internal static IReadOnlyList<RunGroup> Of(IEnumerable<GroupTrust> groups) =>
    [
        .. groups.Where(group => group.Links >= FewestLinks)
            .Select(group => new RunGroup(group.Kind, group.Value, group.Links, Math.Round(group.ExpectedFalse, 2), Math.Round(group.OwnFalse, 2), !group.IsTrusted)),
    ];
}

/// <summary>What a run after another read: rows of the new file, those that were held already, those that were new, and all that are held now; links of new records.</summary>
public sealed record RunGrowth(int Rows, int HeldBefore, int New, int Held, int NewLinks);

/// <summary>What a run says about itself. No value of any person, no handle.</summary>
public sealed record RunReport(
    IReadOnlyList<RunInput> Inputs, long Compared, int Links, double Threshold, double ExpectedFalse, double ExpectedMissed, bool OneToOne, int Clusters, int LargestCluster,
    int ClustersToReview, IReadOnlyList<CalibrationPoint> Calibration, IReadOnlyList<FieldModel> Fields, IReadOnlyList<RunGroup> Groups, int PairsToReview)
{
    /// <summary>Pairs of these files that two reviewers had decided alike, in earlier runs of the project: they decide here too, and the estimate follows them.</summary>
    public int Answers { get; init; }

    /// <summary>Of a run after another; null where everything was compared with everything.</summary>
    public RunGrowth? Growth { get; init; }
}
