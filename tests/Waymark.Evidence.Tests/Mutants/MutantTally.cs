namespace Waymark.Evidence.Tests.Mutants;

/// <summary>
/// What became of a number of damaged files. Seconds are processor time of the whole process while one file was taken in;
/// <see cref="Peak"/> is the most memory the process ever held, its code and packs included, in bytes.
/// </summary>
internal sealed record MutantTally
{
    public int Mutants { get; set; }

    public SortedDictionary<string, int> States { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Kinds { get; init; } = new(StringComparer.Ordinal);

    public long Cells { get; set; }

    public long Observations { get; set; }

    public long KeptAside { get; set; }

    /// <summary>Mutants that must be read exactly as the file they were made of.</summary>
    public int Harmless { get; set; }

    public double Slowest { get; set; }

    public string SlowestFile { get; set; } = "";

    public long HeapLimit { get; set; }

    /// <summary>What the process holds before the first file: the packs of all modules, above all.</summary>
    public long HeldBefore { get; set; }

    public long Peak { get; set; }

    public double Seconds { get; set; }

    public List<string> Failures { get; init; } = [];
}
