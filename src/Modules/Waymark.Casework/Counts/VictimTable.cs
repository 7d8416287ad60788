using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Statistics.Disclosure;

namespace Waymark.Casework.Counts;

/// <summary>
/// Records of victims as persons in classes, and the lines that are told of them. All tables share their persons, so that they are protected as one; citizenship is told alone, rare ones not
/// by name. The words are those of the questionnaire's published file.
/// </summary>
internal sealed class VictimTable(RegisterPlan plan)
{
    public const string Register = "trafficking-victim";

    private const string Type = "exploitation/type-of-exploitation";
    private const string Total = "Total";
    private const string Unknown = "Unknown";
    private const string Others = "Other citizenships, too few to be told by name";

    /// <summary>States in which somebody was helped as a victim: not before the case was opened, not where it was none.</summary>
    private static readonly HashSet<string> s_counted = new(StringComparer.Ordinal) { "presumed", "reflection", "supported", "identified", "justice", "closed" };

    /// <summary>Codes of the case data standard that the questionnaire calls forced labour; sexual exploitation is its own form, all else and several forms at once are "other".</summary>
    private static readonly HashSet<string> s_labour = new(StringComparer.Ordinal) { "ForcedLabour", "ChildLabour", "Servitude" };

    private static readonly string[] s_sexes = ["Female", "Male", "Other", Unknown];
    private static readonly string[] s_ages = ["0 to 17 years", "18 years or over", Unknown];

    /// <summary>Bands of the age when trafficked, by their last year; then those older, then those of whom it is not known.</summary>
    private static readonly int[] s_bands = [8, 17, 20, 23, 26, 29, 38, 47];

    private readonly List<int[]> _people = [];
    private readonly SortedDictionary<string, int> _citizenships = new(StringComparer.Ordinal);

    // Each type of the standard; several of forced labour, several of other forms, none entered.
    private readonly IReadOnlyList<RecordCode> _types = plan.CodeLists["types-of-exploitation"].Codes;

    public static bool Counts(RecordDocument document) => s_counted.Contains(document.State) && document.One("exploitation/trafficking-status")?.Value.Member("code") != "NotAVictimOfTrafficking";

    public void Add(RecordDocument document)
    {
        var types = Said(document, Type);
        var type = types switch
        {
            [] => _types.Count + 2,
            [var one] => _types.TakeWhile(code => code.Id != one).Count(),
            _ => types.All(s_labour.Contains) ? _types.Count : _types.Count + 1,
        };
        var sex = Said(document, "identity/gender") switch { ["Feminine"] => 0, ["Masculine"] => 1, [] or ["NonSpecifiedUnknown"] => 3, _ => 2 };
        var age = Said(document, "age-group") switch { ["child"] => 0, ["adult"] => 1, _ => 2 };
        var then = decimal.TryParse(document.One("exploitation/age-when-trafficked")?.Value.Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var years) && years is >= 0 and < 130
            ? s_bands.Count(last => years >= last + 1) : s_bands.Length + 1;
        _people.Add([type, sex, age, then]);
        var citizenship = Said(document, "identity/citizenship") switch { [] => Unknown, [var one] => Area(one), _ => "Several citizenships" };
        _citizenships[citizenship] = _citizenships.GetValueOrDefault(citizenship) + 1;
    }

    /// <summary>What is told: with fewer persons than the threshold, that there are fewer, and nothing else.</summary>
    public IReadOnlyList<CountLine> Told(int threshold)
    {
        if (_people.Count < threshold)
        {
            return [new(Total, Total, Total, Total, null)];
        }

        var (table, lines) = (new CountTable([_types.Count + 3, s_sexes.Length, s_ages.Length, s_bands.Length + 2], _people), new List<CountLine>());
        foreach (var (form, types) in Forms())
        {
            foreach (var (sex, sexes) in With(s_sexes))
            {
                foreach (var (age, ages) in With(s_ages))
                {
                    lines.Add(new(form == Total ? Total : "by form of exploitation", form, sex, age, null));
                    // The whole of the year is what all tables share, and is told.
                    table.Add([types, sexes, ages, null], isFixed: lines.Count == 1);
                }
            }
        }

        foreach (var (name, codes) in _types.Select((code, at) => (code.Name.In("en"), (int[])[at])).Concat([("Several types", [_types.Count, _types.Count + 1]), (Unknown, [_types.Count + 2])]))
        {
            lines.Add(new("by type of exploitation", name, Total, Total, null));
            table.Add([codes, null, null, null]);
        }

        for (var band = 0; band < s_bands.Length + 2; band++)
        {
            var name = band > s_bands.Length ? Unknown : band == s_bands.Length ? $"{s_bands[^1] + 1} years or over" : $"{(band == 0 ? 0 : s_bands[band - 1] + 1)} to {s_bands[band]} years";
            lines.Add(new("by age when trafficked", name, Total, Total, null));
            table.Add([null, null, null, [band]]);
        }

        var told = Suppression.Protect(table, threshold);
        var (named, others) = Suppression.Merge(_citizenships, threshold);
        return
        [
            .. lines.Select((line, at) => line with { Count = told[at] }),
            .. named.Select(one => new CountLine("by citizenship", one.Code, Total, Total, one.Count)),
            .. others > 0 ? [new CountLine("by citizenship", Others, Total, Total, others)] : Array.Empty<CountLine>(),
        ];
    }

    private IEnumerable<(string Name, int[]? Codes)> Forms()
    {
        var all = _types.Select((code, at) => (code.Id, At: at)).ToList();
        int[] sexual = [.. all.Where(one => one.Id == "SexualExploitation").Select(one => one.At)];
        int[] labour = [.. all.Where(one => s_labour.Contains(one.Id)).Select(one => one.At), _types.Count];
        return
        [
            (Total, null), ("Sexual exploitation", sexual), ("Forced labour", labour), ("Other forms of exploitation", [.. Enumerable.Range(0, _types.Count).Except(sexual).Except(labour), _types.Count + 1]),
            (Unknown, [_types.Count + 2]),
        ];
    }

    private static IEnumerable<(string Name, int[]? Codes)> With(string[] names) => names.Select((name, at) => (name, (int[]?)[at])).Prepend((Total, null));

    private IReadOnlyList<string> Said(RecordDocument document, string path) => document.One(path) is { } claim ? Steps.Words(plan.Field(path)!, claim.Value) : [];

    private string Area(string code) => plan.CodeLists["areas"].Codes.FirstOrDefault(area => area.Id == code)?.Name.In("en") ?? code;
}
