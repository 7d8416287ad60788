using System.Globalization;
using System.Text.RegularExpressions;
using Waymark.Formats;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Profiles;

/// <summary>Turns packs of kind <c>sources</c> into typed profiles; every fault carries file, line and column.</summary>
public static class ProfileReader
{
    public const string Kind = "sources";

    public static SourceProfile? Read(Pack pack, PackErrors errors)
    {
        var before = errors.Count;
        var cursor = pack.Cursor(errors);
        var profile = new SourceProfile
        {
            Id = pack.Key.Id,
            Version = pack.Version,
            Title = pack.Title,
            Licence = pack.Licence,
            Hash = pack.Hash,
            Publisher = cursor.Text("publisher"),
            Recognise = Recognise(cursor.Mapping("recognise")),
            Release = [.. cursor.List("release").Select(Release)],
            IsComplete = cursor.OptionalText("coverage") == "complete",
            Dimensions = cursor.Entries("dimensions").ToDictionary(entry => entry.Key, entry => Dimension(entry.Value), StringComparer.Ordinal),
            Period = Period(cursor.OptionalMapping("period")) ?? new(),
            Values = Values(cursor.OptionalMapping("values")) ?? new(),
            Flags = Flags(cursor.OptionalMapping("flags")),
            Units = Map(cursor.OptionalMapping("units"), "map") ?? new([]),
            Footnotes = Footnotes(cursor.OptionalMapping("footnotes")),
            Members = cursor.OptionalMapping("members") is { } members ? new(Patterns(members, "data"), Patterns(members, "beside")) : null,
            Tables = [.. cursor.List("tables").Select(Table)],
            Notes = Notes(cursor.OptionalMapping("notes")),
        };
        if (profile.Tables.Count == 0 == profile.Notes is null)
        {
            cursor.Fault("tables", "profile.tables", "A profile says either tables or notes.", "来源说明须给出 tables 或 notes 之一。");
        }

        return errors.Count == before ? profile : null;
    }

    private static Recognition Recognise(PackCursor? cursor) => cursor is null ? new([], [], [], null, 0) : new(
        cursor.TextList("media"), [.. cursor.List("all").Select(Condition)], [.. cursor.List("none").Select(Condition)],
        Pattern(cursor, "hint"), cursor.OptionalWhole("priority") ?? 0);

    private static Condition Condition(PackCursor cursor)
    {
        var width = cursor.OptionalMapping("width");
        return new([.. cursor.TextList("columns").Select(LabelSet.Parse)], Pattern(cursor, "text"), Pattern(cursor, "sheet"),
            cursor.OptionalText("column") is { } column ? LabelSet.Parse(column) : null, Pattern(cursor, "value"),
            width?.OptionalWhole("min"), width?.OptionalWhole("max"),
            string.Join(", ", cursor.Node.Entries.Select(entry => $"{entry.Key}: {Show(entry.Value)}")))
        {
            WholeColumn = cursor.OptionalText("where") == "all",
            File = Pattern(cursor, "file"),
        };
    }

    private static ReleaseRule Release(PackCursor cursor) => new(Pattern(cursor, "text"), cursor.OptionalText("where") == "all",
        cursor.OptionalText("column") is { } column ? LabelSet.Parse(column) : null, Pattern(cursor, "value"), Pattern(cursor, "file"),
        cursor.OptionalText("latest"), cursor.OptionalText("constant"), Pattern(cursor, "sheet"));

    private static DimensionRule Dimension(PackCursor cursor) => new(cursor.TextList("schemes"), Map(cursor, "map") ?? new([]),
        Patterns(cursor, "strip"), Pattern(cursor, "mark"), cursor.OptionalText("blank"),
        cursor.TextList("none") is { Count: > 0 } none ? new LabelSet(none) : null);

    internal static PeriodRule? Period(PackCursor? cursor) => cursor is null ? null : new()
    {
        Basis = Choice(cursor, "basis"),
        Overrides = [.. cursor.List("overrides").Select(item => new PeriodOverride(ParsePeriod(item, "from"), ParsePeriod(item, "to"),
            Pattern(item, "release"), Basis(item.OptionalText("basis"))))],
        Patterns = Patterns(cursor, "patterns"),
        Formats = cursor.TextList("formats"),
        Months = cursor.OptionalText("months"),
        Fiscal = cursor.OptionalBoolean("fiscal"),
        Granularity = cursor.OptionalText("granularity"),
        Span = cursor.OptionalWhole("span"),
        BlankIsUndated = cursor.OptionalText("blank") == "undated",
    };

    public static PeriodBasis Basis(string? word) => word switch
    {
        "start" => PeriodBasis.Start,
        "mid" => PeriodBasis.Middle,
        "end" => PeriodBasis.End,
        _ => PeriodBasis.During,
    };

    private static Period? ParsePeriod(PackCursor cursor, string key)
    {
        var text = cursor.OptionalText(key);
        if (text is null)
        {
            return null;
        }

        if (Model.Period.TryParse(text, out var period))
        {
            return period;
        }

        cursor.Fault(key, "profile.period", $"\"{text}\" is not a period.", $"“{text}”不是时期。");
        return null;
    }

    internal static ValueRule? Values(PackCursor? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        var expect = cursor.OptionalMapping("expect");
        var blank = cursor.OptionalText("blank");
        return new()
        {
            DecimalSign = cursor.OptionalText("decimal") is { Length: 1 } sign ? sign[0] : '.',
            Thousands = cursor.OptionalText("thousands") is { Length: 1 } group ? group[0] : null,
            BlankStated = blank is not null,
            Blank = blank is null or "none" ? null : Status(cursor, "blank", blank),
            Tokens = cursor.OptionalMapping("tokens") is { } tokens
                ? tokens.Node.Entries.ToDictionary(entry => entry.Key, entry => Meaning(tokens, entry.Key), StringComparer.Ordinal)
                : new Dictionary<string, TokenMeaning>(),
            Patterns = [.. cursor.List("patterns").Select(item => new TokenPattern(Pattern(item, "match") ?? LabelText.Regex("(?!)"), Meaning(item)))],
            Strip = Patterns(cursor, "strip"),
            Percent = cursor.OptionalBoolean("percent") ?? false,
            Least = Number(expect, "min"),
            Most = Number(expect, "max"),
            Codes = cursor.OptionalText("codes"),
            Map = Map(cursor, "map"),
        };
    }

    private static TokenMeaning Meaning(PackCursor tokens, string key) => tokens.Find(key) is PackScalar word
        ? new(Status(tokens, key, word.Text), null, null, null, null, null, null)
        : tokens.OptionalMapping(key) is { } meaning ? Meaning(meaning) : new(ObservationStatus.Missing, null, null, null, null, null, null);

    private static TokenMeaning Meaning(PackCursor cursor) => new(
        cursor.OptionalText("status") is { } status ? Status(cursor, "status", status) : ObservationStatus.Normal,
        cursor.OptionalText("confidentiality") is { } word && Words.TryParse<ConfidentialityStatus>(word, out var confidentiality) ? confidentiality : null,
        Number(cursor, "from"), Number(cursor, "to"), Number(cursor, "value"), cursor.OptionalChoice<Comparator>("comparator"), cursor.OptionalTexts("note"));

    private static ObservationStatus Status(PackCursor cursor, string key, string word)
    {
        if (Words.TryParse<ObservationStatus>(word, out var status))
        {
            return status;
        }

        cursor.Fault(key, "profile.status", $"\"{word}\" is not an observation status; known: {string.Join(", ", Words.All<ObservationStatus>())}.",
            $"“{word}”不是观测值状态；可用：{string.Join("、", Words.All<ObservationStatus>())}。");
        return ObservationStatus.Missing;
    }

    private static FlagRule? Flags(PackCursor? cursor) => cursor is null ? null : new(
        cursor.OptionalText("split") is { } split && split != "letters" ? split : null,
        cursor.OptionalMapping("map") is { } map ? [.. map.Node.Entries.Select(entry =>
        {
            var meaning = Meaning(map, entry.Key);
            return new FlagMeaning(entry.Key, meaning.Status, meaning.Confidentiality);
        })] : []);

    private static FootnoteRule Footnotes(PackCursor? cursor) => cursor is null ? new() : new()
    {
        Sheets = [.. cursor.List("sheets").Select(item => new NoteSheet(Pattern(item, "sheet") ?? LabelText.Regex("(?!)"), Letters(item, "mark", 1), Letters(item, "text", 2)))],
        Rows = Patterns(cursor, "rows"),
        Split = cursor.OptionalText("split"),
        Joined = [.. cursor.List("joined").Select(item => new JoinedNoteRule(Pattern(item, "file") ?? LabelText.Regex("(?!)"), new LabelSet(item.TextList("text")), item.OptionalText("sign") ?? "n",
            [.. item.List("keys").Select(key => new JoinedKey(new LabelSet(key.TextList("labels")), Choice(key, "value") ?? new(new(""), null, null), Pattern(key, "strip")))]))],
        Files = [.. cursor.List("files").Select(item => new NoteMember(Pattern(item, "file") ?? LabelText.Regex("(?!)"), item.Text("profile")))],
    };

    private static NoteFileRule? Notes(PackCursor? cursor) => cursor is null ? null : new(
        cursor.TextList("series"), new LabelSet(cursor.TextList("text")),
        [.. cursor.List("keys").Select(key => new NoteKey(new LabelSet(key.TextList("labels")), key.Text("dimension"), key.OptionalText("split")))],
        cursor.OptionalMapping("period") is { } period ? new LabelSet(period.TextList("labels")) : null, cursor.OptionalMapping("period")?.OptionalText("split"));

    private static TableRule Table(PackCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Sheet = Pattern(cursor, "sheet"),
        Text = Pattern(cursor, "text"),
        NotText = Pattern(cursor, "not-text"),
        Header = Header(cursor.Mapping("header")),
        Repeat = cursor.OptionalBoolean("repeat") ?? false,
        Blocks = cursor.TextList("blocks") is { Count: > 0 } blocks ? new LabelSet(blocks) : null,
        FirstColumn = Letters(cursor, "columns-from", 1),
        LastColumn = Letters(cursor, "columns-to", int.MaxValue),
        Pairs = cursor.OptionalMapping("pairs") is { } pairs
            ? pairs.Node.Entries.ToDictionary(entry => LabelText.Normalise(entry.Key), entry => Show(entry.Value), StringComparer.Ordinal)
            : new Dictionary<string, string>(),
        Rows = Rows(cursor.OptionalMapping("rows")),
        Series = Choice(cursor, "series"),
        Set = Choices(cursor, "set"),
        Unit = Choice(cursor, "unit"),
        Definition = Choice(cursor, "definition"),
        Values = Values(cursor.OptionalMapping("values")),
        Period = Period(cursor.OptionalMapping("period")),
        Columns = [.. cursor.List("columns").Select(Column)],
    };

    private static HeaderRule Header(PackCursor? cursor) => cursor is null
        ? new([], true, 60, 0, 0, FillMode.None, FillMode.None, " ")
        : new([.. cursor.TextList("labels").Select(LabelSet.Parse)], cursor.OptionalBoolean("none") ?? false, cursor.OptionalWhole("within") ?? 60,
            cursor.OptionalWhole("above") ?? 0, cursor.OptionalWhole("below") ?? 0,
            cursor.OptionalChoice<FillMode>("fill") ?? FillMode.Right, cursor.OptionalChoice<FillMode>("fill-below") ?? FillMode.None,
            cursor.OptionalText("join") ?? " | ");

    private static RowRules Rows(PackCursor? cursor)
    {
        if (cursor is null)
        {
            return new();
        }

        var hierarchy = cursor.OptionalMapping("hierarchy");
        var repair = cursor.OptionalMapping("repair");
        return new()
        {
            End = Patterns(cursor, "end"),
            EndAtBlank = cursor.OptionalBoolean("end-at-blank") ?? false,
            Skip = Patterns(cursor, "skip"),
            Headings = [.. cursor.List("headings").Select(item => new HeadingRule(Pattern(item, "match") ?? LabelText.Regex("(?!)"), Choices(item, "set"), item.TextList("clear")))],
            Rules = [.. cursor.List("rules").Select(item => new RowRule(PatternMap(item, "when"), Choices(item, "set"), item.OptionalText("class"), item.OptionalText("keep-aside")))],
            Hierarchy = hierarchy is null ? null : new(hierarchy.Text("column"), hierarchy.OptionalText("by") == "indent", hierarchy.TextList("set")),
            Widths = cursor.OptionalChoice<WidthMode>("widths") ?? WidthMode.Pad,
            Repair = repair is null ? null : new(repair.TextList("join"), PatternMap(repair, "check")),
        };
    }

    private static ColumnRule Column(PackCursor cursor, int index) => new()
    {
        Index = index,
        Labels = cursor.TextList("labels") is { Count: > 0 } labels ? new LabelSet(labels) : null,
        Pattern = Pattern(cursor, "pattern"),
        Position = cursor.OptionalWhole("position"),
        Value = Pattern(cursor, "value"),
        Capture = Pattern(cursor, "capture"),
        Id = cursor.OptionalText("id"),
        Role = cursor.Choice<Role>("role"),
        Dimension = cursor.OptionalText("dimension") is { } dimension ? new(dimension) : null,
        Forward = cursor.OptionalBoolean("forward") ?? false,
        Beside = cursor.OptionalBoolean("beside") ?? false,
        Fallback = cursor.OptionalBoolean("fallback") ?? false,
        Series = Choice(cursor, "series"),
        Set = Choices(cursor, "set"),
        Unit = Choice(cursor, "unit"),
        Definition = Choice(cursor, "definition"),
        Values = Values(cursor.OptionalMapping("values")),
        Period = Period(cursor.OptionalMapping("period")),
        For = cursor.TextList("for"),
    };

    private static Choice? Choice(PackCursor cursor, string key) => cursor.Find(key) switch
    {
        null => null,
        PackScalar scalar => new(new(scalar.Text), null, null),
        _ when cursor.OptionalMapping(key) is { } map => new(new(map.OptionalText("text") ?? ""), Map(map, "map"),
            map.OptionalText("else") is { } other ? new(other) : null),
        _ => null,
    };

    private static Dictionary<string, Choice> Choices(PackCursor cursor, string key) => cursor.OptionalMapping(key) is { } map
        ? map.Node.Entries.Select(entry => (entry.Key, Choice: Choice(map, entry.Key))).Where(pair => pair.Choice is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Choice!, StringComparer.Ordinal)
        : [];

    private static TextMap? Map(PackCursor? cursor, string key)
    {
        if (cursor?.OptionalMapping(key) is not { } map)
        {
            return null;
        }

        try
        {
            return new(map.Node.Entries.Select(entry => KeyValuePair.Create(entry.Key, Show(entry.Value))));
        }
        catch (ArgumentException failure)
        {
            cursor.Fault(key, "profile.regex", $"Not a regular expression: {failure.Message}", $"不是正则表达式：{failure.Message}");
            return null;
        }
    }

    private static Dictionary<string, Regex> PatternMap(PackCursor cursor, string key) => cursor.OptionalMapping(key) is { } map
        ? map.Node.Entries.Select(entry => (entry.Key, Regex: Pattern(map, entry.Key))).Where(pair => pair.Regex is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Regex!, StringComparer.Ordinal)
        : [];

    private static Regex? Pattern(PackCursor cursor, string key) => cursor.OptionalText(key) is { } text ? Compile(cursor, key, text) : null;

    private static List<Regex> Patterns(PackCursor cursor, string key) =>
        [.. cursor.TextList(key).Select(text => Compile(cursor, key, text)).OfType<Regex>()];

    private static Regex? Compile(PackCursor cursor, string key, string text)
    {
        try
        {
            return LabelText.Regex(text);
        }
        catch (ArgumentException failure)
        {
            cursor.Fault(key, "profile.regex", $"Not a regular expression: {failure.Message}", $"不是正则表达式：{failure.Message}");
            return null;
        }
    }

    private static decimal? Number(PackCursor? cursor, string key) => cursor?.Find(key) is PackScalar scalar
        && decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int Letters(PackCursor cursor, string key, int standIn) =>
        cursor.OptionalText(key) is { } letters && CellAddress.TryParse(System.Text.Encoding.ASCII.GetBytes(letters + "1"), out _, out var column) ? column : standIn;

    private static string Show(PackNode node) => node switch
    {
        PackScalar scalar => scalar.Text,
        PackSequence list => "[" + string.Join(", ", list.Items.Select(Show)) + "]",
        PackMapping mapping => "{" + string.Join(", ", mapping.Entries.Select(entry => $"{entry.Key}: {Show(entry.Value)}")) + "}",
        _ => "",
    };
}
