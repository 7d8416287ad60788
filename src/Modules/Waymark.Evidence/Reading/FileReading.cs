using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Evidence.Segments;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>
/// One file read by one profile: observations as segments per series, and a report that accounts for every cell. Pure
/// computation: nothing is stored here. <paramref name="release"/> is the edition if the head of the file told it.
/// </summary>
internal sealed class FileReading(EvidenceCatalogue catalogue, SourceProfile profile, TabularFile file, string? release, CancellationToken cancellation)
{
    private readonly Dictionary<string, SegmentSink> _sinks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CodeResolver> _resolvers = new(StringComparer.Ordinal);
    private readonly Dictionary<ValueRule, ValueReader> _readers = [];
    private readonly Dictionary<PeriodRule, PeriodReader> _periods = [];

    public EvidenceCatalogue Catalogue => catalogue;

    public SourceProfile Profile => profile;

    public FileReport Report { get; } = new(file.FileName) { IsArchive = file.Format == FileFormat.Archive };

    /// <summary>Footnotes that stand in a member of their own and are found by what a figure is about.</summary>
    public JoinedNotes[] Joined { get; private set; } = [];

    /// <summary>Notes on figures of other files, by the profile that read them.</summary>
    public Dictionary<string, List<PublisherNote>> PublisherNotes { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<SegmentSink> Sinks => _sinks.Values;

    /// <summary>Sign to text.</summary>
    public Dictionary<string, string> Footnotes { get; } = new(StringComparer.Ordinal);

    /// <summary>First filled cells of rows outside tables, at most 2,000; where releases and dates are printed.</summary>
    public List<string> Notes { get; } = [];

    public long ObservationCount => _sinks.Values.Sum(sink => sink.Total);

    public bool IsEmpty => ObservationCount == 0 && PublisherNotes.Count == 0;

    public Period? LastPeriod => _sinks.Values.Select(sink => sink.Last)
        .Concat(PublisherNotes.Values.SelectMany(notes => notes).SelectMany(note => note.Periods).Select(text => (Period?)Period.Parse(text)))
        .MaxBy(period => period?.LastDay);

    public IProgress<long>? Progress { get; init; }

    /// <summary>Reads all sheets. An error means the file as such cannot be read; smaller faults are in the report.</summary>
    public Error? Read()
    {
        var members = file.Format == FileFormat.Archive ? profile.Members : null;
        Joined = [.. profile.Footnotes.Joined.Select(rule => JoinedNotes.Read(rule, file, Footnotes, Report, cancellation)).OfType<JoinedNotes>()];
        foreach (var sheet in file.Sheets)
        {
            cancellation.ThrowIfCancellationRequested();
            var builder = new SheetBuilder(sheet.Name);
            Report.Sheets.Add(builder);
            if (NoteProfile(sheet.Name) is { } notes)
            {
                if (ReadNotes(notes, sheet, builder) is { } ended)
                {
                    return ended;
                }

                continue;
            }

            if (members is not null && !members.HoldsData(sheet.Name))
            {
                if (Beside(members, sheet, builder) is { } stopped)
                {
                    return stopped;
                }

                continue;
            }

            if (sheet.Text is { } text)
            {
                var error = new SheetReader<TextRows>(this, builder, new TextRows(text.Cursor()), [], cancellation).Read();
                if (error is not null)
                {
                    return error;
                }

                continue;
            }

            var grid = sheet.Read(cancellation);
            if (!grid.TryGet(out var cells))
            {
                return grid.Error;
            }

            foreach (var fault in cells.Faults)
            {
                Report.Warn($"fault/{fault.Code}", fault);
            }

            foreach (var marked in profile.Footnotes.Sheets.Where(notes => notes.Sheet.IsMatch(sheet.Name)))
            {
                ReadNotes(cells, marked);
            }

            _ = new SheetReader<GridRows>(this, builder, new GridRows(cells), cells.Merges, cancellation).Read();
            Progress?.Report(Report.Sheets.Sum(read => read.Rows));
        }

        foreach (var sink in _sinks.Values)
        {
            sink.Flush();
        }

        return null;
    }

    /// <summary>The profile that reads a sheet as notes on figures of other files: this one, or of a member of an archive the one it names.</summary>
    private SourceProfile? NoteProfile(string sheet) => profile.Notes is not null ? profile
        : file.Format == FileFormat.Archive && profile.Footnotes.Files.FirstOrDefault(member => member.File.IsMatch(sheet)) is { } named
            ? catalogue.FindProfile(named.Profile) is { Notes: not null } found ? found : null : null;

    private Error? ReadNotes(SourceProfile reader, Sheet sheet, SheetBuilder builder)
    {
        var notes = PublisherNotes.GetValueOrDefault(reader.Id) ?? [];
        var stopped = new NoteFileReader(this, reader, notes).Read(sheet, builder, cancellation);
        if (notes.Count > 0)
        {
            PublisherNotes[reader.Id] = notes;
        }

        return stopped;
    }

    /// <summary>A member beside the data: no figures, every cell counted.</summary>
    private Error? Beside(MemberRule members, Sheet sheet, SheetBuilder builder)
    {
        if (!members.IsKnown(sheet.Name))
        {
            Report.Warn($"member/{sheet.Name}", Error.Faulty("import.member-unknown", "The source profile does not say what this member of the archive is; no figure was read from it.",
                "来源说明未说明压缩包中的这一成员，未从中读取数字。", Report.Place(sheet.Name, 1, 1)));
        }

        var cursor = sheet.Text!.Cursor();
        while (cursor.Read())
        {
            builder.Rows++;
            builder.Columns = Math.Max(builder.Columns, cursor.FieldCount);
            builder.Row("beside");
            builder.Cells("beside", cursor.FieldCount);
            if (builder.Rows % 8192 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return cursor.Stopped;
    }

    public ValueReader Reader(ValueRule rule, ConceptDefinition? codes)
    {
        if (!_readers.TryGetValue(rule, out var reader))
        {
            _readers[rule] = reader = new(rule, codes);
        }

        return reader;
    }

    public PeriodReader PeriodReader(PeriodRule rule)
    {
        if (!_periods.TryGetValue(rule, out var reader))
        {
            _periods[rule] = reader = new(rule, () => release);
        }

        return reader;
    }

    public CodeResolver Resolver(DimensionDefinition dimension)
    {
        var key = $"{dimension.Id}/{dimension.Concept.Id}/{dimension.Total}";
        if (!_resolvers.TryGetValue(key, out var resolver))
        {
            _resolvers[key] = resolver = new(dimension, profile.Dimensions.GetValueOrDefault(dimension.Id) ?? DimensionRule.Empty, catalogue.Areas);
        }

        return resolver;
    }

    /// <summary>The code of a unit text; "?text" when the profile and the units pack do not know it.</summary>
    public string Unit(string text) => profile.Units.Find(text, static _ => null)
        ?? (catalogue.Facts.Units.ContainsKey(text) || profile.Tables.Any(table => table.Unit?.Text.Source == text) || catalogue.Facts.Units.Count == 0 ? text : "?" + text);

    public SegmentSink Sink(string series, BlockPlan block, TablePlan table, PlannedColumn column)
    {
        if (!_sinks.TryGetValue(series, out var sink))
        {
            _sinks[series] = sink = new(catalogue.FindSeries(series) ?? Undeclared(series, block, table, column));
        }

        return sink;
    }

    private SeriesDefinition Undeclared(string series, BlockPlan block, TablePlan table, PlannedColumn column)
    {
        var ids = block.Describing.Where(other => other.Rule.Role == Role.Dimension).Select(other => other.Dimension!)
            .Concat(column.Rule.Set.Keys).Concat(table.Rule.Set.Keys).Concat(table.Rule.Pairs.Values.Where(table.Variables.ContainsKey)).Where(id => id is not ("period" or "unit" or "series" or "flags" or "definition")).Distinct(StringComparer.Ordinal);
        Report.Warn($"series/{series}", Error.Faulty("import.series-undeclared", $"No pack declares the series {series}; its name and definition are unknown.",
            $"没有包声明数据系列 {series}，其名称和定义未知。"));
        return new()
        {
            Id = series,
            Publisher = profile.Publisher,
            Name = LocalText.In("en", series),
            Unit = "?",
            Licence = profile.Licence,
            Citation = profile.Title,
            IsDeclared = false,
            Dimensions = [.. ids.Select(id =>
            {
                var concept = catalogue.Concept(id, profile.Publisher);
                return new DimensionDefinition(id, concept, concept.Name, "_T", "_T");
            })],
        };
    }

    private void ReadNotes(Grid cells, NoteSheet notes)
    {
        foreach (var row in cells.Rows)
        {
            var (mark, text) = (row.At(notes.MarkColumn).Text.Trim(), row.At(notes.TextColumn).Text.Trim());
            if (mark.Length is > 0 and <= 8 && text.Length > 0)
            {
                Footnotes.TryAdd(mark.Trim('(', ')'), text);
            }
        }
    }
}
