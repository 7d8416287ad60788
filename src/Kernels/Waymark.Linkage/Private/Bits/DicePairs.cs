using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>A pair of records at or above the threshold.</summary>
/// <param name="Left">Record of the first set.</param>
/// <param name="Right">Record of the second set.</param>
/// <param name="Common">Bits set in both.</param>
/// <param name="Ones">Bits set in the one plus bits set in the other.</param>
public readonly record struct DicePair(int Left, int Right, int Common, int Ones)
{
    /// <summary>Dice coefficient: 2 × common / (ones of both), 0 to 1.</summary>
    public double Dice => 2.0 * Common / Ones;
}

/// <summary>How to compare two sets of bit records.</summary>
/// <param name="Threshold">Lowest Dice coefficient of a pair that is handed out, above 0 to 1; applied in steps of 1/32768, upwards.</param>
public sealed record DiceRequest(double Threshold)
{
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    public BitPath Path { get; init; } = BitPath.Auto;

    /// <summary>Most pairs that are kept; more are an error, since the threshold then says too little.</summary>
    public int MostPairs { get; init; } = 50_000_000;

    /// <summary>False compares also tiles whose numbers of bits cannot reach the threshold; for measurements.</summary>
    public bool SkipHopeless { get; init; } = true;
}

/// <summary>What a comparison found.</summary>
/// <param name="Pairs">Pairs in order of left, then right record.</param>
/// <param name="Compared">Pairs that were decided by their bits, alone or in a group of rows; the rest was excluded by the numbers of bits alone.</param>
/// <param name="Path">The path that was taken.</param>
public sealed record DiceOutcome(IReadOnlyList<DicePair> Pairs, long Compared, BitPath Path);

/// <summary>
/// All pairs of two sets of bit records with a Dice coefficient at or above a threshold: exact, nothing sampled, nothing hashed away. The
/// answer is the same for every path and every number of threads. Records without bits are in no pair.
/// </summary>
public static class DicePairs
{
    public static Result<DiceOutcome> Find(BitRecords left, BitRecords right, DiceRequest request, CancellationToken cancel)
    {
        if (left.Bits != right.Bits)
        {
            return Error.Invalid(
                "linkage.bits-differ",
                $"The two sets have records of {left.Bits} and {right.Bits} bits.",
                $"两组记录的位数不同：{left.Bits} 与 {right.Bits}。");
        }

        if (!(request.Threshold is > 0 and <= 1))
        {
            return Error.Invalid("linkage.dice-threshold", "The threshold lies above 0 and at most at 1.", "阈值须大于 0 且不超过 1。");
        }

        var path = BitPaths.Choose(request.Path);
        if (!path.IsOk)
        {
            return path.Error;
        }

        return path.Value switch
        {
            BitPath.Vbmi => DiceScan<Avx512Kernel<VbmiCount512>>.Run(left, right, request, path.Value, cancel),
            BitPath.Avx512 => DiceScan<Avx512Kernel<NibbleCount512>>.Run(left, right, request, path.Value, cancel),
            BitPath.Avx2 => DiceScan<Avx2Kernel>.Run(left, right, request, path.Value, cancel),
            BitPath.Vector128 => DiceScan<Vector128Kernel>.Run(left, right, request, path.Value, cancel),
            _ => DiceScan<ScalarKernel>.Run(left, right, request, path.Value, cancel),
        };
    }
}
