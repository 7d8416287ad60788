using System.Text.RegularExpressions;
using Waymark.Model;

namespace Waymark.Evidence.Profiles;

/// <summary>How to recognise and read one layout of one publisher; the typed form of a pack of kind <c>sources</c>.</summary>
public sealed record SourceProfile
{
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required LocalText Title { get; init; }

    public required string Licence { get; init; }

    public required string Publisher { get; init; }

    /// <summary>Hash of the pack; the same bytes under the same version of the profile are imported once.</summary>
    public required string Hash { get; init; }

    public required Recognition Recognise { get; init; }

    public required IReadOnlyList<ReleaseRule> Release { get; init; }

    public bool IsComplete { get; init; }

    public IReadOnlyDictionary<string, DimensionRule> Dimensions { get; init; } = new Dictionary<string, DimensionRule>();

    public PeriodRule Period { get; init; } = new();

    public ValueRule Values { get; init; } = new();

    public FlagRule? Flags { get; init; }

    public TextMap Units { get; init; } = new([]);

    public FootnoteRule Footnotes { get; init; } = new();

    /// <summary>Which members of an archive hold data; null: every member is looked at.</summary>
    public MemberRule? Members { get; init; }

    public required IReadOnlyList<TableRule> Tables { get; init; }

    /// <summary>A file of notes: its rows speak of figures that stand in other files.</summary>
    public NoteFileRule? Notes { get; init; }

    /// <summary>Series named by constant choices; those that depend on the data are not listed.</summary>
    public IEnumerable<string> KnownSeries => Tables.SelectMany(table => table.Columns.Select(column => column.Series).Append(table.Series))
        .OfType<Choice>().Where(choice => choice.IsConstant).Select(choice => choice.Text.Source).Distinct(StringComparer.Ordinal);
}

public sealed record Recognition(IReadOnlyList<string> Media, IReadOnlyList<Condition> All, IReadOnlyList<Condition> None, Regex? Hint, int Priority);

public sealed record Condition(IReadOnlyList<LabelSet> Columns, Regex? Text, Regex? Sheet, LabelSet? Column, Regex? Value, int? MinWidth, int? MaxWidth, string Source)
{
    /// <summary>Every value of <see cref="Column"/> is looked at, not only those of the first rows.</summary>
    public bool WholeColumn { get; init; }

    /// <summary>On the file name: only where nothing inside says what is counted.</summary>
    public Regex? File { get; init; }
}

/// <summary>Synonyms of one label.</summary>
public sealed class LabelSet(IEnumerable<string> labels)
{
    private readonly HashSet<string> _labels = [.. labels.Select(LabelText.Normalise)];

    public static LabelSet Parse(string synonyms) => new(synonyms.Split('|'));

    public bool Has(string normalised) =>
        _labels.Contains(normalised) || (LabelText.WithoutMarks(normalised) is var bare && bare.Length != normalised.Length && _labels.Contains(bare));

    /// <summary>Whether a row of labels (plain and without footnote signs) has one of these.</summary>
    public bool Meets(IReadOnlySet<string> row) => _labels.Any(row.Contains);

    public override string ToString() => string.Join('|', _labels);
}

public sealed record ReleaseRule(Regex? Text, bool WholeFile, LabelSet? Column, Regex? Value, Regex? File, string? Latest, string? Constant, Regex? Sheet);

public sealed record DimensionRule(IReadOnlyList<string> Schemes, TextMap Map, IReadOnlyList<Regex> Strip, Regex? Mark, string? Blank, LabelSet? None)
{
    public static DimensionRule Empty { get; } = new([], new([]), [], null, null, null);
}

public sealed record PeriodOverride(Period? From, Period? To, Regex? Release, PeriodBasis Basis);

public sealed record PeriodRule
{
    public Choice? Basis { get; init; }

    public IReadOnlyList<PeriodOverride> Overrides { get; init; } = [];

    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    public IReadOnlyList<string> Formats { get; init; } = [];

    public string? Months { get; init; }

    public bool? Fiscal { get; init; }

    public string? Granularity { get; init; }

    public int? Span { get; init; }

    public bool BlankIsUndated { get; init; }

    public PeriodRule Over(PeriodRule? inner) => inner is null ? this : new()
    {
        Basis = inner.Basis ?? Basis,
        Overrides = inner.Overrides.Count > 0 ? inner.Overrides : Overrides,
        Patterns = inner.Patterns.Count > 0 ? inner.Patterns : Patterns,
        Formats = inner.Formats.Count > 0 ? inner.Formats : Formats,
        Months = inner.Months ?? Months,
        Fiscal = inner.Fiscal ?? Fiscal,
        Granularity = inner.Granularity ?? Granularity,
        Span = inner.Span ?? Span,
        BlankIsUndated = inner.BlankIsUndated || BlankIsUndated,
    };
}

/// <summary>What a cell text means that is no plain number.</summary>
public sealed record TokenMeaning(ObservationStatus Status, ConfidentialityStatus? Confidentiality, decimal? From, decimal? To, decimal? Value, Comparator? Comparator, LocalText? Note);

public sealed record TokenPattern(Regex Match, TokenMeaning Meaning);

public sealed record ValueRule
{
    public char DecimalSign { get; init; } = '.';

    public char? Thousands { get; init; }

    /// <summary>Meaning of an empty cell; null makes it no observation.</summary>
    public ObservationStatus? Blank { get; init; }

    public bool BlankStated { get; init; }

    public IReadOnlyDictionary<string, TokenMeaning> Tokens { get; init; } = new Dictionary<string, TokenMeaning>();

    public IReadOnlyList<TokenPattern> Patterns { get; init; } = [];

    public IReadOnlyList<Regex> Strip { get; init; } = [];

    public bool Percent { get; init; }

    public decimal? Least { get; init; }

    public decimal? Most { get; init; }

    public string? Codes { get; init; }

    public TextMap? Map { get; init; }

    public ValueRule Over(ValueRule? inner) => inner is null ? this : new()
    {
        DecimalSign = inner.DecimalSign != '.' ? inner.DecimalSign : DecimalSign,
        Thousands = inner.Thousands ?? Thousands,
        Blank = inner.BlankStated ? inner.Blank : Blank,
        BlankStated = inner.BlankStated || BlankStated,
        Tokens = inner.Tokens.Count == 0 ? Tokens : Tokens.Concat(inner.Tokens).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
        Patterns = [.. inner.Patterns, .. Patterns],
        Strip = inner.Strip.Count > 0 ? inner.Strip : Strip,
        Percent = inner.Percent || Percent,
        Least = inner.Least ?? Least,
        Most = inner.Most ?? Most,
        Codes = inner.Codes ?? Codes,
        Map = inner.Map ?? Map,
    };
}

public sealed record FlagMeaning(string Flag, ObservationStatus Status, ConfidentialityStatus? Confidentiality);

/// <summary><see cref="Separator"/> null splits into letters. Meanings in order of precedence.</summary>
public sealed record FlagRule(string? Separator, IReadOnlyList<FlagMeaning> Meanings);

public sealed record NoteSheet(Regex Sheet, int MarkColumn, int TextColumn);

public sealed record FootnoteRule
{
    public IReadOnlyList<NoteSheet> Sheets { get; init; } = [];

    public IReadOnlyList<Regex> Rows { get; init; } = [];

    public string? Split { get; init; }

    public IReadOnlyList<JoinedNoteRule> Joined { get; init; } = [];

    /// <summary>Members of an archive that are files of notes, and the profile that reads them.</summary>
    public IReadOnlyList<NoteMember> Files { get; init; } = [];
}

public sealed record NoteMember(Regex File, string Profile);

/// <summary>
/// The publisher's notes as a file of their own: each row is a text and says by its keys and periods which figures of
/// <see cref="Series"/> it is about. A key without a value, or without its column, leaves that dimension open.
/// </summary>
public sealed record NoteFileRule(IReadOnlyList<string> Series, LabelSet Text, IReadOnlyList<NoteKey> Keys, LabelSet? Period, string? PeriodSplit);

/// <summary><see cref="Split"/>: between several codes in one cell.</summary>
public sealed record NoteKey(LabelSet Labels, string Dimension, string? Split);

/// <summary>Names of members of an archive: those with data, and those known to stand beside them.</summary>
public sealed record MemberRule(IReadOnlyList<Regex> Data, IReadOnlyList<Regex> Beside)
{
    public bool HoldsData(string member) => Data.Any(pattern => pattern.IsMatch(member)) && !Beside.Any(pattern => pattern.IsMatch(member));

    public bool IsKnown(string member) => Data.Concat(Beside).Any(pattern => pattern.IsMatch(member));
}

/// <summary>Footnotes in a member of their own: its columns with the key, what a figure answers to each, and the column with the text.</summary>
public sealed record JoinedNoteRule(Regex File, LabelSet Text, string Sign, IReadOnlyList<JoinedKey> Keys);

public sealed record JoinedKey(LabelSet Labels, Choice Value, Regex? Strip);

public enum FillMode { None, Merged, Right }

public sealed record HeaderRule(IReadOnlyList<LabelSet> Labels, bool IsAbsent, int Within, int Above, int Below, FillMode Fill, FillMode FillBelow, string Join);

public sealed record HeadingRule(Regex Match, IReadOnlyDictionary<string, Choice> Set, IReadOnlyList<string> Clear);

public sealed record RowRule(IReadOnlyDictionary<string, Regex> When, IReadOnlyDictionary<string, Choice> Set, string? Class, string? KeepAside);

public sealed record HierarchyRule(string Column, bool ByIndent, IReadOnlyList<string> Set);

public sealed record RepairRule(IReadOnlyList<string> Join, IReadOnlyDictionary<string, Regex> Check);

public enum WidthMode { Pad, Strict, Free }

public sealed record RowRules
{
    public IReadOnlyList<Regex> End { get; init; } = [];

    public bool EndAtBlank { get; init; }

    public IReadOnlyList<Regex> Skip { get; init; } = [];

    public IReadOnlyList<HeadingRule> Headings { get; init; } = [];

    public IReadOnlyList<RowRule> Rules { get; init; } = [];

    public HierarchyRule? Hierarchy { get; init; }

    public WidthMode Widths { get; init; }

    public RepairRule? Repair { get; init; }
}

public sealed record TableRule
{
    public required string Id { get; init; }

    public Regex? Sheet { get; init; }

    public Regex? Text { get; init; }

    public Regex? NotText { get; init; }

    public required HeaderRule Header { get; init; }

    public bool Repeat { get; init; }

    public LabelSet? Blocks { get; init; }

    public int FirstColumn { get; init; } = 1;

    public int LastColumn { get; init; } = int.MaxValue;

    public IReadOnlyDictionary<string, string> Pairs { get; init; } = new Dictionary<string, string>();

    public RowRules Rows { get; init; } = new();

    public Choice? Series { get; init; }

    public IReadOnlyDictionary<string, Choice> Set { get; init; } = new Dictionary<string, Choice>();

    public Choice? Unit { get; init; }

    public Choice? Definition { get; init; }

    public ValueRule? Values { get; init; }

    public PeriodRule? Period { get; init; }

    public required IReadOnlyList<ColumnRule> Columns { get; init; }
}

public enum Role { Dimension, Label, Period, Measure, Unit, Flag, Footnote, Attribute, Variable, Ignored }

public sealed record ColumnRule
{
    public required int Index { get; init; }

    public LabelSet? Labels { get; init; }

    public Regex? Pattern { get; init; }

    public int? Position { get; init; }

    public Regex? Value { get; init; }

    public Regex? Capture { get; init; }

    public string? Id { get; init; }

    public required Role Role { get; init; }

    public Template? Dimension { get; init; }

    public bool Forward { get; init; }

    /// <summary>A flag column speaks for the measure column directly to its left.</summary>
    public bool Beside { get; init; }

    public bool Fallback { get; init; }

    public Choice? Series { get; init; }

    public IReadOnlyDictionary<string, Choice> Set { get; init; } = new Dictionary<string, Choice>();

    public Choice? Unit { get; init; }

    public Choice? Definition { get; init; }

    public ValueRule? Values { get; init; }

    public PeriodRule? Period { get; init; }

    public IReadOnlyList<string> For { get; init; } = [];
}
