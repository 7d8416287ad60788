using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Profiles;
using Waymark.Evidence.Segments;

namespace Waymark.Evidence.Reading;

/// <summary>A physical column of a table with the rule that reads it.</summary>
internal sealed class PlannedColumn(int column, ColumnRule rule, string label, string lastLabel, string id, string? dimension, Dictionary<string, string> captures)
{
    public int Column => column;

    public ColumnRule Rule => rule;

    public string Label => label;

    public string LastLabel => lastLabel;

    /// <summary>Name in templates and rules.</summary>
    public string Id => id;

    public string? Dimension => dimension;

    public Dictionary<string, string> Captures => captures;

    /// <summary>Distinct texts of the column; null for measures and ignored columns.</summary>
    public Interner? Texts { get; init; }

    /// <summary>The current row's text.</summary>
    public int Raw { get; set; }

    public ColumnStats? Stats { get; init; }

    /// <summary>Captures by text number, for columns with <c>capture</c>.</summary>
    public Dictionary<int, Dictionary<string, string>> RowCaptures { get; } = [];

    public Dictionary<int, (Model.ObservationStatus Status, Model.ConfidentialityStatus? Confidentiality, bool Known)> Flags { get; } = [];

    public string Text => Texts!.Text(Raw);
}

/// <summary>Where the code of one dimension comes from for one measure column: one text, columns in order, or a template per row.</summary>
internal sealed class DimensionSource
{
    public required DimensionDefinition Dimension { get; init; }

    public required CodeResolver Resolver { get; init; }

    public required CodeList Codes { get; init; }

    public int Static { get; init; } = -1;

    public IReadOnlyList<PlannedColumn> Columns { get; init; } = [];

    public Choice? Dynamic { get; init; }

    /// <summary>Looked up as a variable each row (headings, pairs, rules).</summary>
    public bool FromVariable { get; init; }

    /// <summary>Some row rule may set it.</summary>
    public bool Overridable { get; init; }

    /// <summary>By text number of the only column: code + 1, 0 = not resolved yet, -1 = look closer.</summary>
    public int[] Known { get; set; } = [];

    public Dictionary<string, ResolvedCode> Resolved { get; } = new(StringComparer.Ordinal);
}

/// <summary>A measure column read into one series.</summary>
internal sealed class MeasurePlan
{
    public required SegmentSink Sink { get; init; }

    public required DimensionSource[] Dimensions { get; init; }

    public required PeriodReader Periods { get; init; }

    public int StaticPeriod { get; set; } = -1;

    public Choice? PeriodChoice { get; init; }

    public PlannedColumn? PeriodColumn { get; init; }

    public int[] PeriodNumbers { get; set; } = [];

    public int StaticUnit { get; init; } = -1;

    public PlannedColumn? UnitColumn { get; init; }

    public int[] UnitNumbers { get; set; } = [];

    public Choice? UnitChoice { get; init; }

    public int StaticDefinition { get; init; } = -1;

    public Choice? DefinitionChoice { get; init; }

    public required int Sheet { get; init; }

    public int[] AttributeIndexes { get; init; } = [];

    public int[][] AttributeCodes { get; init; } = [];

    public int FlagsAttribute { get; set; } = -1;

    public Model.PeriodBasis Basis { get; init; }
}

/// <summary>A measure column: how its cells are read and, by series, where they go.</summary>
internal sealed class MeasureColumn(PlannedColumn column, ValueReader reader, ColumnStats stats, PlannedColumn? flag)
{
    public PlannedColumn Column => column;

    public ValueReader Reader => reader;

    public ColumnStats Stats => stats;

    public PlannedColumn? Flag => flag;

    public MeasurePlan? Only { get; set; }

    public Dictionary<string, MeasurePlan?> BySeries { get; } = new(StringComparer.Ordinal);
}

/// <summary>One block of a table: its measures and the columns that describe them.</summary>
internal sealed class BlockPlan(IReadOnlyList<PlannedColumn> describing, IReadOnlyList<MeasureColumn> measures)
{
    // Arrays: they are walked for every row, and an interface would allocate an enumerator each time.
    public PlannedColumn[] Describing { get; } = [.. describing];

    public MeasureColumn[] Measures { get; } = [.. measures];

    public PlannedColumn[] Keys { get; } = [.. describing.Where(column => column.Rule.Role is Role.Dimension or Role.Period or Role.Unit or Role.Variable
        || (column.Rule.Role == Role.Label && column.Rule.Fallback))];

    public PlannedColumn[] Attributes { get; } = [.. describing.Where(column => column.Rule.Role == Role.Attribute)];

    public PlannedColumn[] Footnotes { get; } = [.. describing.Where(column => column.Rule.Role == Role.Footnote)];

    /// <summary>Row keys seen: hash to first line, how many further figures, whether it came again, and what the first row said.</summary>
    public Dictionary<ulong, (int Line, int Times, bool Again, ulong Content)> Seen { get; } = [];

    /// <summary>Key and content of the further figures to their numbers: those that come again are repetitions too.</summary>
    public Dictionary<ulong, int> Further { get; } = [];
}

/// <summary>A table whose header has been found.</summary>
internal sealed class TablePlan(TableRule rule, IReadOnlyList<BlockPlan> blocks, int width, Dictionary<string, string> variables, int structuralDimension, int structuralAttribute, int structuralIgnored)
{
    public TableRule Rule => rule;

    public BlockPlan[] Blocks { get; } = [.. blocks];

    /// <summary>The row number is part of the key: no two rows say the same.</summary>
    public bool NumbersRows { get; } = rule.Set.Values.Any(choice => choice.Text.Variables.Contains("row"));

    /// <summary>Columns from 1 to here are the table.</summary>
    public int Width => width;

    /// <summary>Variables of sheet, text and pairs.</summary>
    public Dictionary<string, string> Variables => variables;

    /// <summary>Variables of heading rows and of the hierarchy; change as rows are read.</summary>
    public Dictionary<string, string> Headings { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables that a row rule set for the current row.</summary>
    public Dictionary<string, string> RowVariables { get; } = new(StringComparer.Ordinal);

    public int HeadingVersion { get; set; }

    public int DimensionCells => structuralDimension;

    public int AttributeCells => structuralAttribute;

    public int IgnoredCells => structuralIgnored;

    public Interner FirstCells { get; } = new();

    public Dictionary<int, RowDecision> Decisions { get; } = [];

    public List<(int Depth, string Text)> Stack { get; } = [];
}

/// <summary>What the first filled cell of a row says.</summary>
internal readonly record struct RowDecision(bool Ends, bool Skips, int Heading);
