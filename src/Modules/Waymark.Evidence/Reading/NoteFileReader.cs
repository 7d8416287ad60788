using System.Text;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Reads a file of notes: a text and what it is about in every row. Codes that nobody knows stay as published; a row whose period cannot be read is kept aside.</summary>
internal sealed class NoteFileReader(FileReading file, SourceProfile profile, List<PublisherNote> notes)
{
    private const int MostNotes = 20_000;
    private readonly NoteFileRule _rule = profile.Notes!;
    private readonly PeriodReader _periods = new(profile.Period, static () => null);
    private readonly Dictionary<string, CodeResolver> _resolvers = new(StringComparer.Ordinal);

    /// <summary>Null, or why the reading of the sheet ended early.</summary>
    public Error? Read(Sheet sheet, SheetBuilder builder, CancellationToken cancellation)
    {
        if (sheet.Text is { } text)
        {
            return Rows(new TextRows(text.Cursor()), builder, cancellation);
        }

        return sheet.Read(cancellation).TryGet(out var cells) ? Rows(new GridRows(cells), builder, cancellation) : null;
    }

    private Error? Rows<TRows>(TRows rows, SheetBuilder sheet, CancellationToken cancellation)
        where TRows : struct, IRows
    {
        NoteColumns? columns = null;
        while (rows.Read())
        {
            sheet.Rows++;
            sheet.Columns = Math.Max(sheet.Columns, rows.Width);
            if (sheet.Rows % 8192 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (columns is null)
            {
                columns = Columns(ref rows);
                sheet.Row(columns is null ? "preamble" : "header");
                sheet.Cells(columns is null ? "note" : "header", rows.Held);
                if (columns is not null)
                {
                    sheet.HeaderRow = rows.Line;
                    sheet.Tables.Add("notes");
                }

                continue;
            }

            Take(ref rows, columns, sheet);
        }

        return rows.Stopped;
    }

    private void Take<TRows>(ref TRows rows, NoteColumns columns, SheetBuilder sheet)
        where TRows : struct, IRows
    {
        var text = Text(ref rows, columns.Text);
        if (text.Length == 0)
        {
            var at = rows;
            if (!Enumerable.Range(1, rows.Width).Any(column => Text(ref at, column).Length > 0))
            {
                sheet.Row("blank");
                sheet.Cells("blank", rows.Held);
                return;
            }

            Aside(ref rows, sheet, "import.note-empty", "The row has no text of a note.", "该行没有注释文本。");
            return;
        }

        var where = file.Report.Place(sheet.Name, rows.Line, columns.Text);
        var periods = Split(Text(ref rows, columns.Period), _rule.PeriodSplit).Select(part => (Text: part, Read: _periods.Read(part, PeriodBasis.During))).ToList();
        if (periods.Find(period => period.Read is null) is { Text: { } unread })
        {
            Aside(ref rows, sheet, "import.note-period", $"The note says of which time it speaks as \"{unread}\", which is no period.", $"注释所述时间“{unread}”不是时期。");
            return;
        }

        if (notes.Count == MostNotes)
        {
            Aside(ref rows, sheet, "import.many-notes", $"Only the first {MostNotes} notes of a file are taken.", $"每个文件仅取前 {MostNotes} 条注释。");
            return;
        }

        var about = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, column) in columns.Keys)
        {
            string[] codes = [.. Split(Text(ref rows, column), key.Split).Select(part => Code(key.Dimension, part, where)).OfType<string>().Distinct(StringComparer.Ordinal)];
            if (codes.Length > 0)
            {
                about[key.Dimension] = codes;
            }
        }

        notes.Add(new(text, about, [.. periods.Select(period => period.Read!.Value.ToString())], where));
        sheet.Row("note");
        sheet.Cells("note", 1);
        sheet.Cells("dimension", rows.Held - 1);
    }

    private string? Code(string id, string text, string where)
    {
        if (!_resolvers.TryGetValue(id, out var resolver))
        {
            var known = _rule.Series.Select(series => file.Catalogue.FindSeries(series)?.Dimension(id)).FirstOrDefault(found => found is not null);
            var concept = known?.Concept ?? file.Catalogue.Concept(id, profile.Publisher);
            _resolvers[id] = resolver = new(known ?? new DimensionDefinition(id, concept, concept.Name, "_T", "_T"), profile.Dimensions.GetValueOrDefault(id) ?? DimensionRule.Empty, file.Catalogue.Areas);
        }

        var code = resolver.Resolve(text, stated: false);
        if (!code.Mapped)
        {
            file.Report.Unmapped(id, resolver.Scheme, text, where);
        }

        return code.Code;
    }

    private void Aside<TRows>(ref TRows rows, SheetBuilder sheet, string code, string en, string zh)
        where TRows : struct, IRows
    {
        sheet.Row("kept-aside");
        sheet.Read += rows.Held;
        sheet.Aside += rows.Held;
        file.Report.Aside(file.Report.Place(sheet.Name, rows.Line, 1), code, en, zh, rows.Raw);
    }

    /// <summary>The columns, when this row is the header: the text, and one at least that says what it is about.</summary>
    private NoteColumns? Columns<TRows>(ref TRows rows)
        where TRows : struct, IRows
    {
        var labels = new List<string>();
        for (var column = 1; column <= Math.Min(rows.Width, 256); column++)
        {
            labels.Add(LabelText.Normalise(Encoding.UTF8.GetString(rows.Field(column))));
        }

        var (text, period) = (labels.FindIndex(_rule.Text.Has) + 1, _rule.Period is { } dated ? labels.FindIndex(dated.Has) + 1 : 0);
        (NoteKey, int)[] keys = [.. _rule.Keys.Select(key => (key, labels.FindIndex(key.Labels.Has) + 1)).Where(pair => pair.Item2 > 0)];
        return text > 0 && (keys.Length > 0 || period > 0) ? new(text, period, keys) : null;
    }

    private static string Text<TRows>(ref TRows rows, int column)
        where TRows : struct, IRows => column == 0 ? "" : (rows.Date(column) ?? Encoding.UTF8.GetString(rows.Field(column))).Trim();

    private static string[] Split(string text, string? by) => by is null ? text.Length == 0 ? [] : [text]
        : text.Split(by, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record NoteColumns(int Text, int Period, (NoteKey Key, int Column)[] Keys);
}
