using System.Text;
using Waymark.Evidence.Profiles;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>The footnotes of a side file by the key that its columns make; the same text has one sign in the whole import.</summary>
internal sealed class JoinedNotes
{
    private const int MostNotes = 1_000_000;
    private const int MostTexts = 20_000;
    private readonly Dictionary<string, List<string>> _signs = new(StringComparer.Ordinal);

    private JoinedNotes(JoinedNoteRule rule) => Rule = rule;

    public JoinedNoteRule Rule { get; }

    /// <summary>The signs of the notes on what a figure is about; none when a part of the key is not known.</summary>
    public IReadOnlyList<string> Of(VariableLookup lookup)
    {
        var key = new StringBuilder();
        foreach (var part in Rule.Keys)
        {
            if (part.Value.Evaluate(lookup) is not { Length: > 0 } value)
            {
                return [];
            }

            key.Append(value).Append('\u001f');
        }

        return _signs.GetValueOrDefault(key.ToString()) ?? [];
    }

    /// <summary>Reads the member that the rule names; null when the file has none.</summary>
    public static JoinedNotes? Read(JoinedNoteRule rule, TabularFile file, Dictionary<string, string> footnotes, FileReport report, CancellationToken cancellation)
    {
        if (file.Format != FileFormat.Archive || file.Sheets.FirstOrDefault(sheet => rule.File.IsMatch(sheet.Name)) is not { Text: { } text } member)
        {
            return null;
        }

        var (notes, cursor, columns, count) = (new JoinedNotes(rule), text.Cursor(), Array.Empty<int>(), 0);
        var signOf = new Dictionary<string, string>(StringComparer.Ordinal);
        while (cursor.Read() && count < MostNotes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (columns.Length == 0)
            {
                columns = Columns(rule, cursor);
                continue;
            }

            if (columns.Any(column => column >= cursor.FieldCount) || Field(cursor, columns[^1]) is not { Length: > 0 } note)
            {
                continue;
            }

            if (!signOf.TryGetValue(note, out var sign))
            {
                if (signOf.Count == MostTexts)
                {
                    report.Warn("notes/many", Error.Faulty("import.many-footnotes", $"Only the first {MostTexts} different footnotes were joined.", $"仅关联了前 {MostTexts} 条不同的脚注。", report.Place(member.Name, cursor.Line, 1)));
                    break;
                }

                signOf[note] = sign = $"{rule.Sign}{signOf.Count + 1}";
                footnotes.TryAdd(sign, note);
            }

            var key = string.Concat(rule.Keys.Select((part, at) => (part.Strip?.Replace(Field(cursor, columns[at]), "") ?? Field(cursor, columns[at])) + '\u001f'));
            var signs = notes._signs.TryGetValue(key, out var known) ? known : notes._signs[key] = [];
            if (!signs.Contains(sign))
            {
                signs.Add(sign);
            }

            count++;
        }

        if (columns.Length == 0)
        {
            report.Warn("notes/columns", Error.Faulty("import.footnote-columns", "The member with footnotes lacks the columns that the source profile names; no footnote was joined.",
                "脚注成员缺少来源说明所列的列，未关联脚注。", report.Place(member.Name, 1, 1)));
        }

        return notes;
    }

    /// <summary>The columns of the key and last the column of the text, when this row is the header.</summary>
    private static int[] Columns(JoinedNoteRule rule, CsvCursor cursor)
    {
        var labels = Enumerable.Range(0, Math.Min(cursor.FieldCount, 256)).Select(at => LabelText.Normalise(Field(cursor, at))).ToList();
        int[] found = [.. rule.Keys.Select(part => part.Labels).Append(rule.Text).Select(label => labels.FindIndex(label.Has))];
        return found.Contains(-1) ? [] : found;
    }

    private static string Field(CsvCursor cursor, int column) => Encoding.UTF8.GetString(cursor.Field(column)).Trim();
}
