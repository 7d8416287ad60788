using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Quality;

/// <summary>Checks that compare releases, look at what the import found, or repeat a case that the sources themselves hold.</summary>
internal static class HistoryChecks
{
    /// <summary>kind <c>revision</c>: the mean absolute revision between the two newest releases, in per cent of the older figure, over <c>percent</c>.</summary>
    public static IEnumerable<CheckFinding> Revision(CheckContext context)
    {
        var releases = context.Series.Vintages.GroupBy(vintage => vintage.Release, StringComparer.Ordinal)
            .OrderByDescending(release => release.Max(vintage => vintage.ReleaseOrder)).Select(release => release.Key).Take(2).ToList();
        if (releases.Count < 2)
        {
            yield break;
        }

        var newer = Figures(context, releases[0]);
        var older = Figures(context, releases[1]);
        var pairs = newer.Where(pair => older.TryGetValue(pair.Key, out var before) && before != 0).Select(pair => (pair.Value, Before: older[pair.Key])).ToList();
        if (pairs.Count == 0)
        {
            yield break;
        }

        var size = pairs.Average(pair => Math.Abs(pair.Value - pair.Before) / Math.Abs(pair.Before)) * 100;
        if (size > context.Check.Number("percent", 5))
        {
            var mean = pairs.Average(pair => pair.Value - pair.Before);
            yield return context.Finding(
                $"Release {releases[0]} revised {pairs.Count} figures of {releases[1]} by {CheckContext.Number(Math.Round(size, 2))} % on average; mean revision {CheckContext.Number(Math.Round(mean, 2))}.",
                $"版本 {releases[0]} 对 {releases[1]} 的 {pairs.Count} 个数字平均修订 {CheckContext.Number(Math.Round(size, 2))}%；平均修订量 {CheckContext.Number(Math.Round(mean, 2))}。");
        }
    }

    /// <summary>kind <c>duplicate-keys</c>: keys that a file states more than once, from its import report; all values are kept, the first counts.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> DuplicatesAsync(CheckContext context, Func<string, CancellationToken, Task<ImportReport?>> report, CancellationToken cancellationToken)
    {
        var findings = new List<CheckFinding>();
        foreach (var import in context.Series.Vintages.Select(vintage => vintage.Import).Distinct(StringComparer.Ordinal))
        {
            if (await report(import, cancellationToken) is { } found)
            {
                findings.AddRange(found.DuplicateKeys.Where(duplicate => duplicate.Series == context.Series.Definition.Id).Take(CheckContext.MostFindings).Select(duplicate => context.Finding(
                    $"The file {found.FileName} states this key {duplicate.Cells.Count} times; all are kept, the first one counts.",
                    $"文件 {found.FileName} 中该键出现 {duplicate.Cells.Count} 次；全部保留，以第一个为准。",
                    duplicate.Key, duplicate.Period, [.. duplicate.Cells.Select(cell => $"{found.FileName}: {cell}")])));
            }
        }

        return findings;
    }

    /// <summary>kind <c>notes-without-figures</c>: notes of the publisher, from files of their own, that speak of no figure that is here.</summary>
    public static IEnumerable<CheckFinding> NotesWithoutFigures(CheckContext context) => context.Series.Notes.WithoutFigures(context.Series.Cube, context.Now)
        .GroupBy(note => note.About, StringComparer.Ordinal).Select(group =>
        {
            var (note, texts) = (group.First(), string.Join(" | ", group.Select(each => each.Note.Text)));
            return context.Finding($"The file {note.FileName} has a note on figures that are not here: {texts}", $"文件 {note.FileName} 中的注释所述数字不在库中：{texts}",
                note.Note.Of.ToDictionary(pair => pair.Key, pair => string.Join(", ", pair.Value), StringComparer.Ordinal),
                note.Note.Periods.Count == 0 ? null : string.Join(", ", note.Note.Periods), [.. group.Select(each => $"{each.FileName}: {each.Note.Cell}")]);
        });

    /// <summary>kind <c>marked</c>: figures whose attribute <c>dq</c> names the case of the check; the title says what is to be known about them.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> MarkedAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<CheckFinding>();
        foreach (var observation in context.Current())
        {
            var row = await context.Series.Rows.ReadAsync(observation.Cell.Segment, observation.Cell.Row, cancellationToken);
            var marks = row.Attributes.FirstOrDefault(pair => pair.Key == "dq").Value;
            if (marks?.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Contains(context.Check.Case, StringComparer.Ordinal) == true && findings.Count < CheckContext.MostFindings)
            {
                findings.Add(context.Finding(context.Check.Text("en") ?? context.Check.Title.In("en"), context.Check.Text("zh") ?? context.Check.Title.In("zh"),
                    context.Key(observation), observation.Period.ToString(), [await context.CellAsync(observation, cancellationToken)]));
            }
        }

        return findings;
    }

    private static Dictionary<string, decimal> Figures(CheckContext context, string release)
    {
        var cube = context.Series.Cube.OnlyVintages(vintage => vintage.Release == release);
        var selected = cube.Select(new CubeFilter { Statuses = StatusSet.Figures });
        return !selected.IsOk ? [] : selected.Value.Observations.Where(one => one.Value is not null).ToDictionary(
            one => string.Join('\u001f', Enumerable.Range(0, cube.Schema.Dimensions.Count).Select(one.Code)) + one.Period.ToCode(),
            one => one.Value!.Value.ToDecimal(), StringComparer.Ordinal);
    }
}
