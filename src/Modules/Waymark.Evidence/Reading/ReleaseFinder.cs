using System.Globalization;
using System.Text.RegularExpressions;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Section 3 of the format: which edition a file is, and how editions are ordered.</summary>
internal static partial class ReleaseFinder
{
    /// <summary>
    /// The edition by the rules in order. Rules that need the data are answered by <paramref name="read"/>; without it the
    /// search stops at the first such rule, since only the data can tell whether it matches.
    /// </summary>
    public static string? Find(SourceProfile profile, FileHead head, FileReading? read)
    {
        foreach (var rule in profile.Release)
        {
            if ((rule.Latest is not null || rule.WholeFile) && read is null)
            {
                return null;
            }

            var found = rule switch
            {
                { Constant: { } constant } => constant,
                { Latest: "year" } => read!.LastPeriod?.LastYear.ToString("0000", CultureInfo.InvariantCulture),
                { Latest: not null } => read!.LastPeriod?.ToString(),
                { Sheet: { } named } => head.Sheets.Select(sheet => From(named, sheet.Name)).FirstOrDefault(edition => edition is not null),
                { File: { } file } => From(file, head.File.FileName),
                { Text: { } text, Value: { } value } => head.Sheets.Select(sheet => Beside(sheet, text, value)).FirstOrDefault(edition => edition is not null),
                { Text: { } text, WholeFile: true } => read!.Notes.Select(note => From(text, LabelText.Tidy(note))).FirstOrDefault(edition => edition is not null)
                    ?? head.Sheets.Select(sheet => From(Multiline.Of(text), sheet.Text)).FirstOrDefault(edition => edition is not null),
                { Text: { } text } => head.Sheets.Select(sheet => From(Multiline.Of(text), sheet.Text)).FirstOrDefault(edition => edition is not null),
                { Column: { } column } => head.Sheets.SelectMany(sheet => sheet.Below(column).Take(1))
                    .Select(value => rule.Value is null ? value : From(rule.Value, value)).FirstOrDefault(edition => edition is not null),
                _ => null,
            };
            if (found is { Length: > 0 })
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Higher is newer: the last day that the text names, else its version numbers, else 0.</summary>
    public static long Order(string release)
    {
        if (Period.TryParse(release, out var period) && period.Granularity != Granularity.Undated)
        {
            var day = period.LastDay;
            return (((day.Year * 100L) + day.Month) * 100) + day.Day;
        }

        var numbers = Digits().Matches(release);
        if (numbers.Count > 0 && numbers[0].Value is { Length: 4 } year && int.Parse(year, CultureInfo.InvariantCulture) is >= 1900 and <= 2200)
        {
            return (int.Parse(year, CultureInfo.InvariantCulture) * 10_000L) + 1231;
        }

        long order = 0;
        for (var i = 0; i < 3; i++)
        {
            order = (order * 1_000) + (i < numbers.Count && int.TryParse(numbers[i].Value, out var number) ? Math.Min(number, 999) : 0);
        }

        return order;
    }

    private static string? Beside(SheetHead sheet, Regex text, Regex value)
    {
        foreach (var row in sheet.Rows)
        {
            var at = Array.FindIndex(row, cell => cell.Length > 0 && text.IsMatch(LabelText.Tidy(cell)));
            if (at >= 0 && row.Skip(at + 1).FirstOrDefault(cell => !string.IsNullOrWhiteSpace(cell)) is { } next && From(value, LabelText.Tidy(next)) is { } edition)
            {
                return edition;
            }
        }

        return null;
    }

    private static string? From(Regex pattern, string text)
    {
        var match = pattern.Match(text);
        if (!match.Success)
        {
            return null;
        }

        if (match.Groups["release"] is { Success: true } release)
        {
            return release.Value.Trim();
        }

        if (match.Groups["year"] is not { Success: true } year)
        {
            return match.Value.Trim();
        }

        var number = int.Parse(year.Value, CultureInfo.InvariantCulture);
        number += number < 100 ? 2000 : 0;
        var month = Part(match, "month");
        var day = Part(match, "day");
        return month is null ? number.ToString("0000", CultureInfo.InvariantCulture)
            : day is null ? string.Create(CultureInfo.InvariantCulture, $"{number:0000}-{month:00}") : string.Create(CultureInfo.InvariantCulture, $"{number:0000}-{month:00}-{day:00}");
    }

    private static int? Part(Match match, string name) => match.Groups[name] is { Success: true } group
        ? int.TryParse(group.Value, out var number) ? number
            : DateTime.TryParseExact(group.Value, ["MMMM", "MMM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month.Month : null
        : null;

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Digits();
}
