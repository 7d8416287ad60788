using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>Ways to count common bits. All give the same answer; they differ only in speed.</summary>
public enum BitPath
{
    /// <summary>The fastest that the processor has.</summary>
    Auto,

    /// <summary>One word at a time; the definition the others are tested against.</summary>
    Scalar,

    /// <summary>128 bits: Arm `cnt`, or byte shuffles on x64.</summary>
    Vector128,

    /// <summary>256 bits: byte shuffles look up what rows and records have in common.</summary>
    Avx2,

    /// <summary>512 bits: three-input logic as carry-save adders, byte shuffles.</summary>
    Avx512,

    /// <summary>512 bits with lookups of 7 bits at a time (VBMI).</summary>
    Vbmi,
}

/// <summary>Which paths this machine has, and the choice of one.</summary>
public static class BitPaths
{
    /// <summary>Environment variable that forces a path by its name, for tests and measurements.</summary>
    public const string Variable = "WAYMARK_BIT_PATH";

    public static bool IsSupported(BitPath path) => path switch
    {
        BitPath.Auto or BitPath.Scalar => true,
        BitPath.Vector128 => AdvSimd.Arm64.IsSupported || Ssse3.IsSupported,
        BitPath.Avx2 => Avx2.IsSupported,
        BitPath.Avx512 => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated,
        BitPath.Vbmi => Avx512Vbmi.IsSupported && Vector512.IsHardwareAccelerated,
        _ => false,
    };

    /// <summary>The path to take: what was asked, else what the variable says, else the fastest. A path that is not there is an error.</summary>
    public static Result<BitPath> Choose(BitPath asked)
    {
        if (asked == BitPath.Auto && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            if (!Enum.TryParse(named, true, out asked) || !Enum.IsDefined(asked))
            {
                return Error.Invalid("linkage.bit-path-unknown", $"{Variable}={named} names no path.", $"{Variable}={named} 不是已知路径。")
                    .WithHint($"One of {string.Join(", ", Enum.GetNames<BitPath>())}.", $"可用：{string.Join("、", Enum.GetNames<BitPath>())}。");
            }
        }

        if (asked != BitPath.Auto)
        {
            return IsSupported(asked)
                ? asked
                : Error.Invalid("linkage.bit-path-absent", $"This processor has no path {asked}.", $"此处理器没有路径 {asked}。");
        }

        return Enum.GetValues<BitPath>().Last(IsSupported);
    }
}
