using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>How a filter is made harder to read.</summary>
public enum FilterCode
{
    /// <summary>The filter as it is. No preset: the attack suite's control, which must fall.</summary>
    Plain,

    /// <summary>Filter and its complement, so that all records have the same number of bits (Schnell and Borgs 2016).</summary>
    Balanced,

    /// <summary>Each bit becomes the exclusive or of its two neighbours (Rule 90; Schnell and Borgs 2018).</summary>
    Rule90,
}

/// <summary>A named way to encode records. What a name means never changes; a better one gets a new name.</summary>
/// <param name="Name">Stands in project files and encoded sets.</param>
/// <param name="Bits">Width before the code; balanced doubles it.</param>
/// <param name="Fill">Share of bits that an average record sets before the code.</param>
/// <param name="Code">What is done to the filter.</param>
/// <param name="CoinShare">Share of bits replaced by a fair coin, drawn anew for each record (BLIP).</param>
/// <param name="FakeShare">Records invented for each real one.</param>
public sealed record EncodingPreset(string Name, int Bits, double Fill, FilterCode Code, double CoinShare, double FakeShare)
{
    /// <summary>The default: Rule 90, five bits in a hundred by coin, one invented record for four real ones.</summary>
    public static EncodingPreset Hardened { get; } = new("hardened-1", 1024, 0.25, FilterCode.Rule90, 0.05, 0.25);

    /// <summary>Presets that a project may choose; each stands the attack suite.</summary>
    public static IReadOnlyList<EncodingPreset> All { get; } = [Hardened];

    /// <summary>Bits of an encoded record.</summary>
    public int EncodedBits => Code == FilterCode.Balanced ? Bits * 2 : Bits;

    public static Result<EncodingPreset> Find(string name) => All.FirstOrDefault(p => p.Name == name || p.Name.StartsWith(name + "-", StringComparison.Ordinal)) is { } found
        ? found
        : Error.NotFound("linkage.preset-unknown", $"There is no preset '{name}'.", $"没有预设“{name}”。")
            .WithHint($"One of {string.Join(", ", All.Select(p => p.Name))}.", $"可用：{string.Join("、", All.Select(p => p.Name))}。");
}
