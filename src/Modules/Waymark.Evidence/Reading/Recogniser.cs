using System.Text.RegularExpressions;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;

namespace Waymark.Evidence.Reading;

/// <summary>How well one profile fits a file: every condition with what was met.</summary>
internal sealed record Candidate(SourceProfile Profile, bool Fits, int Score, IReadOnlyList<string> Reasons)
{
    public DetectedProfile Detected => new(Profile.Id, Profile.Publisher, Profile.Title, Fits, Reasons);
}

/// <summary>Section 2 of the format: content decides, the name breaks ties.</summary>
internal static class Recogniser
{
    public static IReadOnlyList<Candidate> Rank(IEnumerable<SourceProfile> profiles, FileHead head) => [.. profiles
        .Select(profile => Judge(profile, head))
        .OrderByDescending(candidate => candidate.Fits)
        .ThenByDescending(candidate => candidate.Fits ? candidate.Profile.Recognise.Priority : 0)
        .ThenByDescending(candidate => candidate.Score)
        .ThenByDescending(candidate => candidate.Profile.Recognise.Hint?.IsMatch(head.File.FileName) == true)
        .ThenBy(candidate => candidate.Profile.Id, StringComparer.Ordinal)];

    private static Candidate Judge(SourceProfile profile, FileHead head)
    {
        var reasons = new List<string>();
        var (fits, score) = (true, 0);
        if (profile.Recognise.Media.Count > 0)
        {
            var met = profile.Recognise.Media.Contains(head.Medium);
            reasons.Add($"{(met ? "yes" : "no")}: media {string.Join(", ", profile.Recognise.Media)} (file: {head.Medium})");
            fits &= met;
        }

        // Regular expressions are dear: once a cheap condition fails, they are not tried.
        foreach (var condition in profile.Recognise.All.OrderBy(condition => condition.Text is not null))
        {
            if (!fits && condition.Text is not null)
            {
                reasons.Add($"not tried: {condition.Source}");
                continue;
            }

            var met = Holds(condition, head);
            reasons.Add($"{(met ? "yes" : "no")}: {condition.Source}");
            fits &= met;
            score += met ? 10 + condition.Columns.Count : 0;
        }

        foreach (var condition in profile.Recognise.None.Where(_ => fits))
        {
            var met = Holds(condition, head);
            reasons.Add($"{(met ? "no" : "yes")}: none of {condition.Source}");
            fits &= !met;
            score += met ? 0 : 1;
        }

        return new(profile, fits, score, reasons);
    }

    private static bool Holds(Condition condition, FileHead head) =>
        (condition.Columns.Count == 0 || head.Sheets.Any(sheet => sheet.Labels.Any(row => condition.Columns.All(label => label.Meets(row)))))
        && (condition.Text is null || head.Sheets.Any(sheet => Matches(condition.Text, sheet)))
        && (condition.Sheet is null || head.Sheets.Any(sheet => condition.Sheet.IsMatch(sheet.Name)))
        && (condition.Column is null || head.Sheets.Any(sheet => sheet.Below(condition.Column).Take(20).Any(value => condition.Value?.IsMatch(value) != false)))
        && ((condition.MinWidth ?? condition.MaxWidth) is null
            || (head.Sheets.Max(sheet => sheet.Width) is var width && width >= (condition.MinWidth ?? 0) && width <= (condition.MaxWidth ?? int.MaxValue)));

    /// <summary>Cells are lines of one text, so that "^" and "$" mean the ends of a cell.</summary>
    private static bool Matches(Regex pattern, SheetHead sheet) => Multiline.Of(pattern).IsMatch(sheet.Text);
}

/// <summary>The same pattern with "^" and "$" at every line.</summary>
internal static class Multiline
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Regex, Regex> Known = [];

    public static Regex Of(Regex pattern) => Known.GetValue(pattern, static single => new(single.ToString(), single.Options | RegexOptions.Multiline, single.MatchTimeout));
}
