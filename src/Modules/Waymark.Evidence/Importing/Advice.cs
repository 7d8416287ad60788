using System.Globalization;
using Waymark.Evidence.Reading;
using Waymark.Model;

namespace Waymark.Evidence.Importing;

/// <summary>What somebody can do with a file that no profile fits.</summary>
internal static class Advice
{
    private const double Near = 0.3;
    private const int Most = 3;

    public static IReadOnlyList<LocalText> For(IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Any(candidate => candidate.Fits))
        {
            return [];
        }

        var near = Nearest(candidates);
        List<LocalText> advice = [.. near.Select(candidate =>
        {
            var share = Math.Round(candidate.Nearness * 100).ToString(CultureInfo.InvariantCulture);
            return new LocalText(
                $"Nearest: {candidate.Profile.Id} (has {share} % of what it asks for). {string.Join(" ", candidate.Differs.Select(text => text.In("en")))}",
                $"最接近：{candidate.Profile.Id}（符合 {share}%）。{string.Concat(candidate.Differs.Select(text => text.In("zh")))}");
        })];
        if (near.Count > 0)
        {
            advice.Add(new($"If it is that publisher's file: restore the labels, or read it all the same with --source {near[0].Profile.Id}; the report says what was left out.",
                $"若确属该机构文件：恢复列名，或用 --source {near[0].Profile.Id} 强制读取；报告会说明未读取的内容。"));
        }

        advice.Add(new("If it is a layout of its own: describe it as a pack, without code (docs/developers/add-a-source.md).", "若为新的版式：以数据包描述即可，无需编程（docs/developers/add-a-source.md）。"));
        return advice;
    }

    private static IReadOnlyList<Candidate> Nearest(IReadOnlyList<Candidate> candidates) =>
        [.. candidates.Where(candidate => !candidate.Fits && candidate.Nearness >= Near).OrderByDescending(candidate => candidate.Nearness)
            .ThenBy(candidate => candidate.Profile.Id, StringComparer.Ordinal).Take(Most)];
}
