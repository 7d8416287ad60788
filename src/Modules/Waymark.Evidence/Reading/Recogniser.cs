using System.Text.RegularExpressions;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>How well one profile fits a file: every condition with what was met.</summary>
internal sealed record Candidate(SourceProfile Profile, bool Fits, int Score, IReadOnlyList<string> Reasons)
{
    public DetectedProfile Detected => new(Profile.Id, Profile.Publisher, Profile.Title, Fits, Reasons) { Differs = Differs, Nearness = Math.Round(Nearness, 2) };

    /// <summary>What the file would have to have, for a profile that does not fit.</summary>
    public IReadOnlyList<LocalText> Differs { get; init; } = [];

    /// <summary>The share of its conditions and labels that the file meets, 0 to 1.</summary>
    public double Nearness { get; init; }
}

/// <summary>Section 2 of the format: content decides, the name breaks ties.</summary>
internal static class Recogniser
{
    public static IReadOnlyList<Candidate> Rank(IEnumerable<SourceProfile> profiles, FileHead head) => [.. profiles
        .Select(profile => Judge(profile, head.For(profile)))
        .OrderByDescending(candidate => candidate.Fits)
        .ThenByDescending(candidate => candidate.Fits ? candidate.Profile.Recognise.Priority : 0)
        .ThenByDescending(candidate => candidate.Fits ? candidate.Score : candidate.Nearness)
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

        var nearness = new Nearness(head);
        nearness.Medium(profile, fits);

        // Regular expressions and whole columns are dear: once a cheap condition fails, they are not tried.
        foreach (var condition in profile.Recognise.All.OrderBy(Cost))
        {
            if (!fits && Cost(condition) > 0)
            {
                reasons.Add($"not tried: {condition.Source}");
                continue;
            }

            var met = Holds(condition, head);
            reasons.Add($"{(met ? "yes" : "no")}: {condition.Source}");
            fits &= met;
            nearness.Condition(condition, met);
            score += met ? 10 + condition.Columns.Count : 0;
        }

        foreach (var condition in profile.Recognise.None.OrderBy(Cost).Where(_ => fits))
        {
            var met = Holds(condition, head);
            reasons.Add($"{(met ? "no" : "yes")}: none of {condition.Source}");
            fits &= !met;
            nearness.Excluded(condition, met);
            score += met ? 0 : 1;
        }

        return new(profile, fits, score, reasons) { Differs = fits ? [] : nearness.Differs, Nearness = nearness.Share };
    }

    private static int Cost(Condition condition) => condition.WholeColumn ? 2 : condition.Text is not null ? 1 : 0;

    private static bool Holds(Condition condition, FileHead head) =>
        (condition.Columns.Count == 0 || head.Sheets.Any(sheet => sheet.Labels.Any(row => condition.Columns.All(label => label.Meets(row)))))
        && (condition.Text is null || head.Sheets.Any(sheet => Matches(condition.Text, sheet)))
        && (condition.Sheet is null || head.Sheets.Any(sheet => condition.Sheet.IsMatch(sheet.Name)))
        && (condition.File is null || condition.File.IsMatch(head.File.FileName))
        && (condition.WholeColumn ? WholeColumn(condition, head) : condition.Column is null || head.Sheets.Any(sheet => sheet.Below(condition.Column).Take(20).Any(value => condition.Value?.IsMatch(value) != false)))
        && ((condition.MinWidth ?? condition.MaxWidth) is null
            || (head.Sheets.Select(sheet => sheet.Width).DefaultIfEmpty(0).Max() is var width && width >= (condition.MinWidth ?? 0) && width <= (condition.MaxWidth ?? int.MaxValue)));

    /// <summary>Whether some value of the column matches, anywhere in a text file.</summary>
    private static bool WholeColumn(Condition condition, FileHead head)
    {
        if (head.File.Text is not { } text || condition.Column is not { } label)
        {
            return false;
        }

        var (cursor, column, seen) = (text.Cursor(), -1, new HashSet<string>(StringComparer.Ordinal));
        while (cursor.Read())
        {
            if (column < 0)
            {
                for (var at = 0; at < Math.Min(cursor.FieldCount, 2_000) && column < 0 && cursor.Record <= FileHead.Rows; at++)
                {
                    column = label.Has(LabelText.Normalise(System.Text.Encoding.UTF8.GetString(cursor.Field(at)))) ? at : -1;
                }
            }
            else if (column < cursor.FieldCount && seen.Count < 100_000 && System.Text.Encoding.UTF8.GetString(cursor.Field(column)) is var value && seen.Add(value)
                && condition.Value?.IsMatch(LabelText.Tidy(value)) != false)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Cells are lines of one text, so that "^" and "$" mean the ends of a cell.</summary>
    private static bool Matches(Regex pattern, SheetHead sheet) => Multiline.Of(pattern).IsMatch(sheet.Text);
}

/// <summary>The same pattern with "^" and "$" at every line.</summary>
internal static class Multiline
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Regex, Regex> Known = [];

    public static Regex Of(Regex pattern) => Known.GetValue(pattern, static single => new(single.ToString(), single.Options | RegexOptions.Multiline, single.MatchTimeout));
}
