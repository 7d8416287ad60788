using System.Text.RegularExpressions;
using Waymark.Evidence.Profiles;
using Waymark.Evidence.Reading;
using Waymark.Packs;

namespace Waymark.Evidence.Importing;

/// <summary>
/// Says whether a table lists persons rather than figures (misuse attempt M50). Labels and shapes come from the pack
/// <c>detectors/persons</c>. Two kinds of personal columns with filled cells, or one strong kind whose values have its
/// shape, are enough; columns of texts with the shape of telephone numbers, mail addresses or documents count without a label.
/// </summary>
internal sealed class PersonDetector
{
    private readonly List<Category> _categories = [];
    private readonly int _least;

    private PersonDetector(int least) => _least = least;

    public static PersonDetector? From(PackLibrary library)
    {
        if (library.Find("detectors", "persons") is not { } pack)
        {
            return null;
        }

        var cursor = pack.Cursor(new PackErrors());
        var detector = new PersonDetector(cursor.OptionalWhole("least-share") ?? 60);
        foreach (var (id, _, value) in cursor.Entries("categories"))
        {
            detector._categories.Add(new(id, new LabelSet(value.TextList("labels")),
                value.OptionalText("values") is { } pattern ? LabelText.Regex(pattern) : null, value.OptionalWhole("strength") ?? 1));
        }

        return detector;
    }

    /// <summary>The kinds of personal data found, or none. Never holds a value of the file.</summary>
    public IReadOnlyList<string> Inspect(FileHead head)
    {
        foreach (var sheet in head.Sheets)
        {
            for (var row = 0; row < sheet.Rows.Count && row < 30; row++)
            {
                if (Inspect(sheet, row) is { Count: > 0 } found)
                {
                    return found;
                }
            }

            if (WithoutLabels(sheet) is { Count: > 0 } shapes)
            {
                return shapes;
            }
        }

        return [];
    }

    private List<string> Inspect(SheetHead sheet, int row)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var strong = false;
        for (var column = 0; column < sheet.Rows[row].Length; column++)
        {
            var label = sheet.Rows[row][column];
            if (label.Length is 0 or > 80)
            {
                continue;
            }

            var normal = LabelText.Normalise(label.Replace('_', ' '));
            foreach (var category in _categories.Where(category => category.Labels.Has(normal)))
            {
                var values = Values(sheet, row, column);
                if (values.Count == 0 || (category.Values is { } shape && Share(values, shape) < _least))
                {
                    continue;
                }

                found.Add(category.Id);
                strong |= category.Strength == 2;
            }
        }

        // A lone "name" beside one weak sign may be an area; two signs, one of them about a single human, are not.
        return found.Count >= 2 && (strong || found.Any(id => id is not "bare-name" and not "address")) || (strong && found.Count >= 1 && sheet.Rows[row].Length >= 2) ? [.. found.Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Lists without a header: columns of mail addresses or telephone numbers beside columns of names.</summary>
    private List<string> WithoutLabels(SheetHead sheet)
    {
        if (sheet.Rows.Count < 3 || sheet.Width is 0 or > 60)
        {
            return [];
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var column = 0; column < sheet.Width; column++)
        {
            var values = Values(sheet, -1, column);
            if (values.Count < 3)
            {
                continue;
            }

            foreach (var category in _categories.Where(category => category.Id is "e-mail" or "phone" && category.Values is not null))
            {
                // A bare run of digits may be a figure: a telephone number shows a sign or a leading zero.
                var telling = category.Id == "phone" ? values.Where(value => value.Length >= 9 && !value.Contains('.', StringComparison.Ordinal) && (value[0] is '+' or '(' || (value[0] == '0' && value.Skip(1).Any(char.IsAsciiDigit)))).ToList() : values;
                if (telling.Count * 100 >= values.Count * _least && Share(telling, category.Values!) >= 90)
                {
                    found.Add(category.Id);
                }
            }
        }

        return [.. found];
    }

    private static List<string> Values(SheetHead sheet, int below, int column) =>
        [.. sheet.Rows.Skip(below + 1).Where(row => row.Length > column && !string.IsNullOrWhiteSpace(row[column])).Select(row => row[column].Trim()).Take(50)];

    private static int Share(List<string> values, Regex shape) => values.Count == 0 ? 0 : values.Count(value => value.Length <= 200 && shape.IsMatch(value)) * 100 / values.Count;

    private sealed record Category(string Id, LabelSet Labels, Regex? Values, int Strength);
}
