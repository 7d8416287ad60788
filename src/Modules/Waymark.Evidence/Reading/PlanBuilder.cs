using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Profiles;
using Waymark.Evidence.Segments;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>The labels of one physical column: all levels joined, and the lowest that is filled.</summary>
internal readonly record struct ColumnLabel(int Column, string Joined, string Last);

/// <summary>Turns the labels of a found header into a plan by the column rules of the table.</summary>
internal sealed class PlanBuilder(FileReading file, SheetBuilder sheet, TableRule rule, Dictionary<string, string> variables)
{
    private static readonly ColumnRule Unread = new() { Index = 10_000, Role = Role.Ignored };

    public TablePlan Build(IReadOnlyList<ColumnLabel> labels, Func<int, string> firstCell, int width)
    {
        var planned = labels.Where(label => label.Column >= rule.FirstColumn && label.Column <= rule.LastColumn)
            .Select(label => Plan(label, firstCell)).ToList();
        var starts = rule.Blocks is null ? [] : planned.Where(column => rule.Blocks.Has(LabelText.Normalise(column.Label)) || rule.Blocks.Has(LabelText.Normalise(column.LastLabel))).Select(column => column.Column).ToList();
        var shared = starts.Count == 0 ? planned : [.. planned.Where(column => column.Column < starts[0])];
        var blocks = starts.Count == 0 ? [Block(shared)] : starts.Select((start, i) =>
            Block([.. shared, .. planned.Where(column => column.Column >= start && (i + 1 == starts.Count || column.Column < starts[i + 1]))])).ToList();
        return new(rule, blocks, width, variables,
            planned.Count(column => column.Rule.Role is Role.Dimension or Role.Label or Role.Period or Role.Unit or Role.Variable),
            planned.Count(column => column.Rule.Role is Role.Attribute or Role.Flag or Role.Footnote),
            width - planned.Count(column => column.Rule.Role != Role.Ignored));
    }

    private PlannedColumn Plan(ColumnLabel label, Func<int, string> firstCell)
    {
        var (normal, last) = (LabelText.Normalise(label.Joined), LabelText.Normalise(label.Last));
        var position = label.Column - rule.FirstColumn + 1;
        foreach (var column in rule.Columns)
        {
            var captures = new Dictionary<string, string>(StringComparer.Ordinal);
            if (column.Position is { } wanted ? wanted != position : column.Labels is null && column.Pattern is null)
            {
                continue;
            }

            if (column.Labels is { } set && !set.Has(normal) && !set.Has(last))
            {
                continue;
            }

            if (column.Pattern is { } pattern)
            {
                var match = pattern.Match(LabelText.Tidy(label.Joined));
                if (label.Joined.Length == 0 || !match.Success)
                {
                    continue;
                }

                Captures.Into(pattern, match, captures);
            }

            if (column.Value is { } value && !value.IsMatch(LabelText.Tidy(firstCell(label.Column))))
            {
                continue;
            }

            var dimension = column.Dimension?.Fill(name => name == "label" ? LabelText.Slug(label.Last) : captures.GetValueOrDefault(name) ?? variables.GetValueOrDefault(name))
                ?? (column.Role is Role.Dimension or Role.Label ? column.Id : null);
            if (column.Role == Role.Dimension && string.IsNullOrEmpty(dimension))
            {
                continue; // a head without a letter names no dimension: the column is left out, and the report says so
            }

            var id = column.Id ?? dimension ?? (column.Role is Role.Attribute or Role.Variable ? LabelText.Slug(label.Last) : column.Role.ToString().ToLowerInvariant());
            captures["label"] = LabelText.Slug(label.Last);
            var reads = column.Role is not (Role.Ignored or Role.Measure);
            return new(label.Column, column, label.Joined, label.Last, id, dimension, captures)
            {
                Texts = reads ? new() : null,
                Stats = reads ? sheet.Column(rule.Id, (column.Index * 20_000) + label.Column, label.Last.Length > 0 ? label.Last : id, column.Role.ToString().ToLowerInvariant()) : null,
            };
        }

        if (label.Joined.Length > 0)
        {
            file.Report.Warn($"column/{sheet.Name}/{normal}", Error.Faulty("import.column-not-described",
                $"The column \"{label.Joined}\" is not described by the profile and was left out.", $"来源说明中没有“{label.Joined}”列，未读取。",
                file.Report.Place(sheet.Name, sheet.HeaderRow, label.Column)));
        }

        return new(label.Column, Unread, label.Joined, label.Last, "", null, []);
    }

    private BlockPlan Block(IReadOnlyList<PlannedColumn> columns)
    {
        var describing = columns.Where(column => column.Texts is not null).ToList();
        var measures = new List<MeasureColumn>();
        foreach (var column in columns.Where(column => column.Rule.Role == Role.Measure))
        {
            var values = file.Profile.Values.Over(rule.Values).Over(column.Rule.Values);
            var publisher = file.Profile.Publisher;
            var codes = values.Codes is { } concept ? file.Catalogue.Concept(concept, publisher) : null;
            var single = columns.Count(other => ReferenceEquals(other.Rule, column.Rule)) == 1;
            var index = (column.Rule.Index * 20_000) + (single ? column.Column : 0);
            var stats = sheet.Column(rule.Id, index, single || column.Rule.Id is null ? column.LastLabel : column.Rule.Id, "measure");
            if (!single && column.Rule.Id is null && !stats.Name.EndsWith(column.LastLabel, StringComparison.Ordinal))
            {
                var first = stats.Name.Split(" … ")[0];
                stats.Name = $"{first} … {column.LastLabel}";
            }

            var flag = describing.FirstOrDefault(other => other.Rule.Role == Role.Flag && (other.Rule.Beside ? other.Column == column.Column + 1
                : other.Rule.For.Count == 0 || other.Rule.For.Contains(column.Id)));
            measures.Add(new(column, file.Reader(values, codes), stats, flag));
        }

        return new(describing, measures);
    }
}

/// <summary>Builds, once per measure column and series, where dimensions, period and unit come from.</summary>
internal sealed class MeasurePlanner(FileReading file, TablePlan table, BlockPlan block, SheetBuilder sheet)
{
    public MeasurePlan Build(MeasureColumn measure, string series, VariableLookup lookup)
    {
        var column = measure.Column;
        var sink = file.Sink(series, block, table, column);
        foreach (var lost in block.Describing.Where(other => other.Rule.Role == Role.Dimension && sink.Series.Dimension(other.Dimension!) is null))
        {
            // Without its dimension, figures of different things would share one key.
            file.Report.Warn($"dimension/{series}/{lost.Dimension}", Error.Faulty("import.dimension-not-declared",
                $"The series {series} has no dimension \"{lost.Dimension}\" (column \"{lost.LastLabel}\"); figures that differ only in it cannot be told apart.",
                $"数据系列 {series} 没有维度“{lost.Dimension}”（列“{lost.LastLabel}”），仅在此不同的数字无法区分。", file.Report.Place(sheet.Name, sheet.HeaderRow, lost.Column)));
        }

        var rule = file.Profile.Period.Over(table.Rule.Period).Over(column.Rule.Period);
        var periods = file.PeriodReader(rule);
        var basis = rule.Basis?.Evaluate(lookup);
        var unitColumn = block.Describing.FirstOrDefault(other => other.Rule.Role == Role.Unit);
        var unitChoice = Static("unit", column) is { } stated ? Choice.Of(stated) : column.Rule.Set.GetValueOrDefault("unit") ?? column.Rule.Unit
            ?? table.Rule.Set.GetValueOrDefault("unit") ?? table.Rule.Unit;
        unitChoice ??= unitColumn is null && table.Variables.ContainsKey("unit") ? new(new("{unit}"), null, null) : null;
        var definition = column.Rule.Definition ?? table.Rule.Definition;
        var period = column.Rule.Set.GetValueOrDefault("period") ?? (Static("period", column) is { } captured ? Choice.Of(captured) : null)
            ?? table.Rule.Set.GetValueOrDefault("period");
        var periodColumn = period is null ? block.Describing.FirstOrDefault(other => other.Rule.Role == Role.Period) : null;
        period ??= periodColumn is null ? new(new("{period}"), null, null) : null;
        return new()
        {
            Sink = sink,
            Dimensions = [.. sink.Series.Dimensions.Select((dimension, i) => Source(dimension, sink.Dimension(i), column))],
            Periods = periods,
            Basis = ProfileReader.Basis(basis),
            PeriodChoice = period,
            PeriodColumn = periodColumn,
            StaticPeriod = period is { IsConstant: true } && periods.Read(period.Text.Source, ProfileReader.Basis(basis)) is { } fixedPeriod ? sink.PeriodNumber(fixedPeriod) : -1,
            UnitColumn = unitColumn,
            UnitChoice = unitChoice,
            StaticUnit = unitColumn is not null ? -1 : unitChoice is null ? sink.Units.Of(sink.Series.Unit)
                : unitChoice.IsConstant ? sink.Units.Of(file.Unit(unitChoice.Text.Source)) : -1,
            DefinitionChoice = definition,
            StaticDefinition = definition is null ? sink.Definitions.Of(sink.Series.Definition ?? "") : definition.IsConstant ? sink.Definitions.Of(definition.Text.Source) : -1,
            Sheet = sink.Sheets.Of(sheet.Name),
            AttributeIndexes = [.. block.Attributes.Select(attribute => sink.Attribute(attribute.Id))],
            AttributeCodes = [.. block.Attributes.Select(_ => Array.Empty<int>())],
            FlagsAttribute = measure.Flag is null ? -1 : sink.Attribute("flags"),
        };
    }

    private static string? Static(string name, PlannedColumn column) => column.Captures.GetValueOrDefault(name);

    private DimensionSource Source(DimensionDefinition dimension, CodeList codes, PlannedColumn column)
    {
        var resolver = file.Resolver(dimension);
        var overridable = table.Rule.Rows.Rules.Any(row => row.Set.ContainsKey(dimension.Id));
        var choice = column.Rule.Set.GetValueOrDefault(dimension.Id)
            ?? (Static(dimension.Id, column) is { } captured ? Choice.Of(captured) : null)
            ?? table.Rule.Set.GetValueOrDefault(dimension.Id);
        if (choice is { IsConstant: true } && !resolver.Resolve(choice.Text.Source, stated: true).DependsOnTime)
        {
            return new() { Dimension = dimension, Resolver = resolver, Codes = codes, Overridable = overridable, Static = StaticCode(choice.Text.Source, dimension, resolver, codes, column) };
        }

        if (choice is not null)
        {
            return new() { Dimension = dimension, Resolver = resolver, Codes = codes, Overridable = overridable, Dynamic = choice };
        }

        var columns = block.Describing.Where(other => other.Dimension == dimension.Id
            && (other.Rule.Role == Role.Dimension || (other.Rule.Role == Role.Label && other.Rule.Fallback))).OrderBy(other => other.Rule.Role).ToList();
        if (columns.Count > 0)
        {
            return new() { Dimension = dimension, Resolver = resolver, Codes = codes, Overridable = overridable, Columns = columns };
        }

        var named = table.Rule.Rows.Headings.Any(heading => heading.Set.ContainsKey(dimension.Id) || heading.Match.GetGroupNames().Contains(dimension.Id.Replace('-', '_')))
            || table.Rule.Rows.Hierarchy?.Set.Contains(dimension.Id) == true || block.Describing.Any(other => other.Id == dimension.Id);
        if (named || table.Variables.ContainsKey(dimension.Id))
        {
            return new() { Dimension = dimension, Resolver = resolver, Codes = codes, Overridable = overridable, FromVariable = true };
        }

        return new() { Dimension = dimension, Resolver = resolver, Codes = codes, Overridable = overridable, Static = codes.Of(dimension.Default) };
    }

    private int StaticCode(string text, DimensionDefinition dimension, CodeResolver resolver, CodeList codes, PlannedColumn column)
    {
        var resolved = resolver.Resolve(text, stated: true);
        if (!resolved.Mapped)
        {
            file.Report.Unmapped(dimension.Id, resolver.Scheme, text, file.Report.Place(sheet.Name, sheet.HeaderRow, column.Column));
        }

        return codes.Of(resolved.Code ?? dimension.Default);
    }
}
