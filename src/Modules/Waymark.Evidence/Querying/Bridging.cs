using System.Globalization;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Definitions;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>
/// Applies named bridges to the rows of an answer. A figure that a bridge covers becomes the range between its two factors, is
/// marked as estimated and carries the bridge's id; what no bridge covers stays as it is and is then refused if it would be added.
/// </summary>
internal sealed class Bridging(EvidenceCatalogue catalogue, IReadOnlyList<DefinitionBridge> bridges)
{
    private static readonly QueryColumn BridgeColumn = new("bridge", new("Bridge", "换算方法"), ColumnRole.Attribute);

    public IReadOnlyList<DefinitionBridge> Bridges => bridges;

    /// <summary>The bridges by their ids; error <c>query.no-bridge</c> names those there are.</summary>
    public static Result<Bridging> Of(EvidenceCatalogue catalogue, IReadOnlyList<string> ids)
    {
        var found = new List<DefinitionBridge>();
        foreach (var id in ids)
        {
            if (catalogue.Facts.Bridges.FirstOrDefault(bridge => bridge.Id == id) is not { } bridge)
            {
                return QueryErrors.NoBridge(id, catalogue.Facts.Bridges.Select(known => known.Id));
            }

            found.Add(bridge);
        }

        return new Bridging(catalogue, found);
    }

    /// <summary>The bridge that leads away from this unit or definition, whatever the period.</summary>
    public DefinitionBridge? From(string? unit, string? definition) => bridges.FirstOrDefault(bridge => Leads(catalogue, bridge, unit, definition));

    public static bool Leads(EvidenceCatalogue catalogue, DefinitionBridge bridge, string? unit, string? definition) =>
        (bridge.Component == "counts" && unit == bridge.From)
        || (bridge.Component != "counts" && definition is not null && catalogue.Facts.Definitions.GetValueOrDefault(definition) is { } vector
            && string.Equals(bridge.From.Replace("-", "", StringComparison.Ordinal), DefinitionComparer.Value(vector, bridge.Component), StringComparison.OrdinalIgnoreCase));

    /// <summary>Bridges that would bring one of these units or definitions to another of them: what a refusal can offer.</summary>
    public static IReadOnlyList<DefinitionBridge> Offered(EvidenceCatalogue catalogue, IReadOnlyCollection<string> units, IReadOnlyCollection<string> definitions) =>
        [.. catalogue.Facts.Bridges.Where(bridge => (bridge.Component == "counts" && units.Contains(bridge.From) && units.Contains(bridge.To))
            || (bridge.Component != "counts" && definitions.Any(id => Leads(catalogue, bridge, null, id))))];

    public static LocalText Offer(IReadOnlyList<DefinitionBridge> offered) => new(
        "A named bridge would allow it: " + string.Join("; ", offered.Select(bridge => $"--bridge {bridge.Id} ({bridge.Name.In("en")})")) + ".",
        "可用具名换算方法：" + string.Join("；", offered.Select(bridge => $"--bridge {bridge.Id}（{bridge.Name.In("zh")}）")) + "。");

    /// <summary>The listed observations, adjusted one by one.</summary>
    public Result<QueryResult> List(QueryResult answer)
    {
        var at = new Places(answer.Columns);
        var (adjusted, outside) = (0, 0);
        IReadOnlyList<IReadOnlyList<QueryCell>> rows = [.. answer.Rows.Select(row =>
        {
            var cells = row.ToList();
            DefinitionBridge? applied = null;
            if (From(row[at.Unit].Text, at.Definition < 0 ? null : row[at.Definition].Text) is { } bridge)
            {
                if (row[at.Value].Number is { } value && Covers(bridge, at.Period < 0 ? null : row[at.Period].Text))
                {
                    applied = bridge;
                    adjusted++;
                    var (low, high) = (value * bridge.FactorLow, (row[at.Value].Upper ?? value) * bridge.FactorHigh);
                    cells[at.Value] = new(low, null, high > low ? high : null);
                    cells[at.Unit] = QueryCell.Of(bridge.Component == "counts" ? bridge.To : row[at.Unit].Text);
                    cells[at.Status] = QueryCell.Of(ObservationStatus.Estimated.Letter());
                    Set(cells, at.Upper, QueryCell.Of(high > low ? high : (decimal?)null));
                    Set(cells, at.Comparator, QueryCell.Of((high > low ? Comparator.Between : Comparator.Equal).Sign()));
                }
                else
                {
                    outside += row[at.Value].Number is null ? 0 : 1;
                }
            }

            cells.Add(QueryCell.Of(applied?.Id));
            return (IReadOnlyList<QueryCell>)cells;
        })];
        return adjusted == 0 && answer.Rows.Count > 0 ? QueryErrors.BridgeFitsNothing(bridges, outside > 0)
            : Said(answer with { Columns = [.. answer.Columns, BridgeColumn], Rows = rows }, outside);
    }

    /// <summary>Sums that were asked by unit and definition, adjusted and brought together again; refused where something still differs.</summary>
    public Result<QueryResult> Sum(QueryResult answer, SeriesQuery query)
    {
        var at = new Places(answer.Columns);
        var keys = query.GroupBy.Select(name => answer.Columns.ToList().FindIndex(column => column.Id == name)).ToList();
        var merged = new Dictionary<string, Merged>(StringComparer.Ordinal);
        var (adjusted, outside) = (0, 0);
        foreach (var row in answer.Rows)
        {
            var name = string.Join('\u001f', keys.Select(key => row[key].Text));
            if (!merged.TryGetValue(name, out var sum))
            {
                merged[name] = sum = new([.. keys.Select(key => row[key])]);
            }

            var (unit, definition) = (row[at.Unit].Text ?? "", row[at.Definition].Text);
            var bridge = From(unit, definition) is { } found && Covers(found, at.Period < 0 ? null : row[at.Period].Text) ? found : null;
            outside += bridge is null && From(unit, definition) is not null ? 1 : 0;
            adjusted += bridge is null ? 0 : 1;
            sum.Add(row[at.Value].Number, at.Upper < 0 ? null : row[at.Upper].Number, bridge, bridge is { Component: "counts" } ? bridge.To : unit,
                Adjusted(definition, bridge), row[at.Column("figures")].Number ?? 0, row[at.Column("missing")].Number ?? 0);
        }

        foreach (var sum in merged.Values)
        {
            if (sum.Units.Count > 1 && !query.GroupBy.Contains("unit"))
            {
                return QueryErrors.MixedUnits(sum.Units.Order(StringComparer.Ordinal), Offered(catalogue, sum.Units, []));
            }

            if (sum.Vectors.Select(vector => vector?.Id).Distinct(StringComparer.Ordinal).Count() > 1
                && sum.Vectors.Skip(1).Any(vector => sum.Vectors[0] is not { } first || vector is null || first.DifferencesFrom(vector).Count > 0) && !query.GroupBy.Contains("definition"))
            {
                return QueryErrors.MixedDefinitions(sum.Vectors.Select(vector => vector?.Id ?? "?").Distinct(StringComparer.Ordinal), []);
            }
        }

        if (adjusted == 0 && answer.Rows.Count > 0)
        {
            return QueryErrors.BridgeFitsNothing(bridges, outside > 0);
        }

        IReadOnlyList<QueryColumn> columns = [.. keys.Select(key => answer.Columns[key]), new("value", new("Value", "数值"), ColumnRole.Measure),
            new("status", new("Status", "状态"), ColumnRole.Attribute), new("unit", new("Unit", "单位"), ColumnRole.Attribute), new("lower", new("Lower end", "下限"), ColumnRole.Attribute),
            new("upper", new("Upper end", "上限"), ColumnRole.Attribute), new("comparator", new("Sign", "关系符号"), ColumnRole.Attribute),
            new("figures", new("Figures in it", "包含的数字"), ColumnRole.Attribute), new("missing", new("Missing in it", "缺失的数字"), ColumnRole.Attribute), BridgeColumn];
        IReadOnlyList<IReadOnlyList<QueryCell>> rows = [.. merged.Values.Select(sum => sum.Row())];
        return Said(answer with { Columns = columns, Rows = [.. rows.Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(query.Limit)], Total = rows.Count }, outside);
    }

    private static bool Covers(DefinitionBridge bridge, string? period) =>
        period is null ? true : Period.TryParse(period, out var read) && bridge.Covers(read);

    private static void Set(List<QueryCell> cells, int at, QueryCell cell)
    {
        if (at >= 0)
        {
            cells[at] = cell;
        }
    }

    /// <summary>The definition as it is after the bridge, for the comparison with its neighbours.</summary>
    private DefinitionVector? Adjusted(string? definition, DefinitionBridge? bridge)
    {
        var vector = definition is { Length: > 0 } ? catalogue.Facts.Definitions.GetValueOrDefault(definition) : null;
        return vector is null || bridge is null ? vector : After(catalogue, vector, bridge);
    }

    /// <summary>The vector with the bridged component replaced, where the target is a word of the vocabulary.</summary>
    public static DefinitionVector After(EvidenceCatalogue catalogue, DefinitionVector vector, DefinitionBridge bridge) => bridge.Component switch
    {
        "counts" => vector with { Counts = catalogue.Facts.Units.GetValueOrDefault(bridge.To)?.Counts ?? vector.Counts },
        "duration" => vector with { Duration = Word(bridge.To, vector.Duration) },
        "basis" => vector with { Basis = Word(bridge.To, vector.Basis) },
        "source" => vector with { Source = Word(bridge.To, vector.Source) },
        "concept" => vector with { Concept = Word(bridge.To, vector.Concept) },
        _ => vector,
    };

    private static T Word<T>(string word, T otherwise) where T : struct, Enum =>
        Enum.TryParse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value : otherwise;

    private QueryResult Said(QueryResult answer, int outside)
    {
        var names = bridges.Select(bridge => (
            En: string.Create(CultureInfo.InvariantCulture, $"{bridge.Name.In("en")} ({bridge.Id}), factor {Factor(bridge)}; {bridge.Source}"),
            Zh: string.Create(CultureInfo.InvariantCulture, $"{bridge.Name.In("zh")}（{bridge.Id}），系数 {Factor(bridge)}；{bridge.Source}"))).ToList();
        var (en, zh) = (string.Join(" | ", names.Select(name => name.En)), string.Join(" | ", names.Select(name => name.Zh)));
        List<LocalText> notes = [.. answer.Notes, new($"Adjusted by a named bridge, not as published: {en}.", $"数字经具名换算，并非原文数字：{zh}。")];
        if (outside > 0)
        {
            notes.Add(new($"{outside} figures lie outside the dates for which the bridge was measured and are left as published.", $"有 {outside} 个数字不在该换算方法适用的日期之内，保持原样。"));
        }

        return answer with
        {
            Notes = notes,
            Citation = new($"{answer.Citation.In("en")} Adjusted by the bridge {en}.", $"{answer.Citation.In("zh")}经换算：{zh}。"),
        };
    }

    private static string Factor(DefinitionBridge bridge) => bridge.FactorLow == bridge.FactorHigh
        ? bridge.FactorLow.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{bridge.FactorLow}–{bridge.FactorHigh}");

    private sealed class Places(IReadOnlyList<QueryColumn> columns)
    {
        public int Value { get; } = Find(columns, "value");

        public int Status { get; } = Find(columns, "status");

        public int Unit { get; } = Find(columns, "unit");

        public int Upper { get; } = Find(columns, "upper");

        public int Comparator { get; } = Find(columns, "comparator");

        public int Definition { get; } = Find(columns, "definition");

        public int Period { get; } = Math.Max(Find(columns, "period"), Find(columns, "year"));

        public int Column(string id) => Find(columns, id);

        private static int Find(IReadOnlyList<QueryColumn> columns, string id)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Id == id)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    private sealed class Merged(IReadOnlyList<QueryCell> key)
    {
        private readonly HashSet<string> _bridges = new(StringComparer.Ordinal);
        private decimal? _low;
        private decimal _high;
        private decimal _figures;
        private decimal _missing;

        public List<string> Units { get; } = [];

        public List<DefinitionVector?> Vectors { get; } = [];

        public void Add(decimal? value, decimal? upper, DefinitionBridge? bridge, string unit, DefinitionVector? vector, decimal figures, decimal missing)
        {
            if (!Units.Contains(unit))
            {
                Units.Add(unit);
            }

            Vectors.Add(vector);
            (_figures, _missing) = (_figures + figures, _missing + missing);
            if (value is { } low)
            {
                _low = (_low ?? 0) + (low * (bridge?.FactorLow ?? 1));
                _high += (upper ?? low) * (bridge?.FactorHigh ?? 1);
            }

            if (bridge is not null)
            {
                _bridges.Add(bridge.Id);
            }
        }

        public IReadOnlyList<QueryCell> Row()
        {
            var ranged = _low is { } low && _high > low;
            var status = _low is null ? ObservationStatus.Missing : _bridges.Count > 0 ? ObservationStatus.Estimated : ObservationStatus.Normal;
            return [.. key, new(_low, null, ranged ? _high : null), QueryCell.Of(status.Letter()), QueryCell.Of(Units[0]), QueryCell.Of(ranged ? _low : null),
                QueryCell.Of(ranged ? _high : (decimal?)null), QueryCell.Of((_low is null ? Comparator.None : ranged ? Comparator.Between : Comparator.Equal).Sign()),
                QueryCell.Of(_figures), QueryCell.Of(_missing), QueryCell.Of(_bridges.Count == 0 ? null : string.Join(' ', _bridges.Order(StringComparer.Ordinal)))];
        }
    }
}
