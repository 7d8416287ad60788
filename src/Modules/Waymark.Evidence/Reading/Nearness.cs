using Waymark.Evidence.Profiles;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Reading;

/// <summary>How near a file comes to a profile that it does not fit, and what it would have to have.</summary>
internal sealed class Nearness(FileHead head)
{
    private readonly List<LocalText> _differs = [];
    private double _met;
    private double _asked;
    private int _words;

    public IReadOnlyList<LocalText> Differs => _differs;

    /// <summary>One common word such as "year" makes no file near.</summary>
    public double Share => _asked == 0 ? 0 : _met / _asked * (_words < 2 ? 0.5 : 1);

    /// <summary>The right medium alone makes no file near; the wrong one keeps it away.</summary>
    public void Medium(SourceProfile profile, bool met)
    {
        if (!met)
        {
            var media = string.Join(", ", profile.Recognise.Media);
            _asked += 2;
            _differs.Add(new($"It is published as {media}; this file is {head.Medium}.", $"其发布格式为 {media}；本文件为 {head.Medium}。"));
        }
    }

    public void Condition(Condition condition, bool met)
    {
        var weight = Math.Max(1, condition.Columns.Count);
        _asked += weight;
        if (met)
        {
            _met += weight;
            _words += weight;
        }
        else if (condition.Columns.Count > 0)
        {
            Labels(condition);
        }
        else if (condition.File is not null)
        {
            _differs.Add(new($"Nothing inside says what is counted, so the name of the file must ({condition.File}).", $"文件内容未说明所计为何，须由文件名说明（{condition.File}）。"));
        }
        else
        {
            _differs.Add(new($"The file lacks {condition.Source}.", $"文件缺少 {condition.Source}。"));
        }
    }

    public void Excluded(Condition condition, bool met)
    {
        if (met)
        {
            _asked += 1;
            _differs.Add(new($"The file has {condition.Source}, which belongs to another layout.", $"文件含有 {condition.Source}，属于另一种版式。"));
        }
    }

    /// <summary>The row that has most of the labels; those it lacks are named with the nearest that stands there.</summary>
    private void Labels(Condition condition)
    {
        var rows = head.Sheets.SelectMany(sheet => sheet.Labels).ToList();
        var best = rows.Count == 0 ? new HashSet<string>() : rows.MaxBy(row => condition.Columns.Count(label => label.Meets(row)))!;
        var missing = condition.Columns.Where(label => !label.Meets(best)).ToList();
        _met += condition.Columns.Count - missing.Count;
        _words += condition.Columns.Count - missing.Count;
        foreach (var label in missing.Take(8))
        {
            var near = label.ToString().Split('|').Where(name => name.Length > 3).Select(name => Suggestion.For(name, best)).FirstOrDefault(found => found is not null);
            _differs.Add(near is null ? new($"There is no column \"{label}\".", $"没有“{label}”列。")
                : new($"There is no column \"{label}\"; the nearest is \"{near}\".", $"没有“{label}”列；最接近的是“{near}”。"));
        }
    }
}
