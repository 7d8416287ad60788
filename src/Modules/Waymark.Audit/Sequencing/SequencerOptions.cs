namespace Waymark.Audit.Sequencing;

/// <summary>The rhythm of the ledger.</summary>
public sealed record SequencerOptions
{
    /// <summary>With a dot: no list of jobs shows it.</summary>
    public const string Queue = ".ledger";
    public const string Job = "ledger.sequencer";

    /// <summary>Leaves that are numbered at once without waiting.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Fewer leaves wait at most this long, so that every leaf has its place within a second.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How often the sequencer looks.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most leaves in one transaction: other writers wait for it.</summary>
    public int Most { get; init; } = 4_096;

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Checkpoints for others come at these fixed times, and each is larger than the one before by exactly
    /// <see cref="PublishStep"/> leaves: filled up with padding when less was done, left behind when more was done. What
    /// others see is the same on a quiet day and on the day of a raid (M82).
    /// </summary>
    public TimeSpan PublishEvery { get; init; } = TimeSpan.FromMinutes(15);

    public int PublishStep { get; init; } = 256;
}
