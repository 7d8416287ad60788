using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Definitions;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>
/// One quantity, every series that speaks for it. For each key the two-tier order of UNODC (R45, S016) chooses: official sources
/// first; otherwise organisations, research, civil society. What is not chosen stays visible below it, with its source, its edition
/// and the reason; what follows another definition or counts something else is shown and never chosen.
/// </summary>
internal sealed class AcrossSources(EvidenceCatalogue catalogue, QueryEngine engine, TimeProvider time)
{
    public const string Prefix = "across/";

    private static readonly string[] Tiers = ["official", "international-organisation", "academic", "ngo", "media", "own-calculation"];

    private readonly DefinitionComparer _comparer = new(catalogue.Facts.Bridges);

    public async Task<Result<QueryResult>> RunAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        var id = query.Series[Prefix.Length..];
        if (!catalogue.Quantities.TryGetValue(id, out var quantity))
        {
            return QueryErrors.NoQuantity(id, catalogue.Quantities.Keys.Select(known => Prefix + known));
        }

        if (query.Measure is not null || query.Denominator is not null || query.Pivot is not null || query.Release is not null || query.IncludeHistory)
        {
            return QueryErrors.AcrossLists;
        }

        var known = quantity.Dimensions.Append("standing").ToList();
        foreach (var name in query.Where.Select(condition => condition.Dimension.Split('.')[0]).Concat(query.GroupBy).Where(name => name != "period" && !known.Contains(name)))
        {
            return QueryErrors.NoDimension(name, query.Series, known, Packs.Suggestion.For(name, known));
        }

        var named = Bridging.Of(catalogue, query.Bridges);
        if (!named.TryGet(out var bridging))
        {
            return named.Error!;
        }

        var columns = quantity.Dimensions.Where(name => name == "area" || query.GroupBy.Contains(name) || query.Where.Any(condition => condition.Dimension.Split('.')[0] == name)).ToList();
        var (figures, notes, answers) = (new List<SourcedFigure>(), new List<LocalText>(), new List<QueryResult>());
        for (var order = 0; order < quantity.Sources.Count; order++)
        {
            await AskAsync(new(quantity, quantity.Sources[order], order, columns), query, bridging, figures, notes, answers, cancellationToken);
        }

        var standing = query.Where.FirstOrDefault(condition => condition.Dimension == "standing")?.Alternatives.SelectMany(terms => terms).Select(term => term.Value).ToHashSet(StringComparer.Ordinal);
        List<SourcedFigure> rows = [.. figures.GroupBy(figure => figure.Key, StringComparer.Ordinal)
            .OrderBy(group => group.First().Sorting, StringComparer.Ordinal).SelectMany(SourceOrder.Of).Where(figure => standing?.Contains(figure.Standing) != false)];
        return Answer(quantity, query, columns, rows, notes, answers);
    }

    private async Task AskAsync(Asked asked, SeriesQuery query, Bridging bridging, List<SourcedFigure> figures, List<LocalText> notes, List<QueryResult> answers, CancellationToken cancellationToken)
    {
        var source = asked.Source;
        if ((await engine.FindAsync(source.Series, cancellationToken)) is not { IsOk: true, Value: var series })
        {
            notes.Add(new($"{source.Series} speaks for this too, and nothing of it is imported here.", $"{source.Series} 也提供此数量，但尚未导入。"));
            return;
        }

        // What the series does not tell apart stands for the total; a question for a part of it cannot be answered by it.
        var where = source.Where.Select(pair => new DimensionFilter(pair.Key, [[new("eq", pair.Value)]])).ToList();
        foreach (var condition in query.Where.Where(condition => condition.Dimension.Split('.')[0] != "standing"))
        {
            var name = condition.Dimension.Split('.')[0];
            if (source.Dimensions.TryGetValue(name, out var mapped))
            {
                where.Add(condition with { Dimension = mapped + condition.Dimension[name.Length..] });
            }
            else if (!condition.Alternatives.Any(terms => terms.All(term => term.Operator == "eq" && term.Value == Asked.Total(name))))
            {
                notes.Add(new($"{source.Series} does not tell apart by {name} and could not be asked.", $"{source.Series} 不按 {name} 区分，无法查询。"));
                return;
            }
        }

        var definition = source.Definition ?? series.Definition.Definition;
        var bridge = bridging.From(series.Definition.Unit, definition);
        var answered = await engine.RunAsync(new()
        {
            Series = source.Series,
            Where = where,
            From = query.From,
            To = query.To,
            AsOf = query.AsOf,
            Measure = "sum",
            GroupBy = [.. asked.Columns.Where(source.Dimensions.ContainsKey).Select(name => source.Dimensions[name]), "period"],
            Bridges = bridge is null ? [] : [bridge.Id],
            Limit = 1_000_000,
        }, cancellationToken);
        if (!answered.TryGet(out var answer))
        {
            notes.Add(new($"{source.Series}: {answered.Error!.Message.In("en")}", $"{source.Series}：{answered.Error!.Message.In("zh")}"));
            return;
        }

        answers.Add(answer);
        var mine = new DefinitionEntry(asked.Quantity.Id, Vector(asked.Quantity.Definition)!, "other", null, 0, null);
        var authority = catalogue.Publisher(source.Series.Split('/')[0]) is { Tier: not "other" } stated ? stated : catalogue.Publisher(series.Definition.Publisher);
        var release = answer.Series.Vintages.FirstOrDefault(vintage => vintage.VisibleFrom <= answer.AsOf)?.Release ?? "–";
        var order = series.Vintages.Where(vintage => vintage.VisibleFrom <= answer.AsOf).Select(vintage => vintage.ReleaseOrder).DefaultIfEmpty(0).Max();
        foreach (var row in answer.Rows)
        {
            var cells = answer.Columns.Select((column, at) => (column.Id, at)).DistinctBy(pair => pair.Id).ToDictionary(pair => pair.Id, pair => row[pair.at], StringComparer.Ordinal);
            var unit = cells["unit"].Text ?? series.Definition.Unit;
            var codes = asked.Columns.Select(name => source.Dimensions.TryGetValue(name, out var mapped) ? cells[mapped].Text ?? "" : Asked.Total(name)).ToList();
            figures.Add(new()
            {
                Codes = codes,
                Period = cells["period"].Text ?? "",
                Value = cells["value"],
                Status = cells["status"].Text ?? "",
                Unit = unit,
                Series = source.Series,
                Publisher = authority.Id,
                Tier = authority.Tier,
                TierRank = Array.IndexOf(Tiers, authority.Tier) is var at and >= 0 ? at : Tiers.Length,
                Release = release,
                ReleaseOrder = order,
                Order = asked.Order,
                Definition = definition,
                Bridge = cells.GetValueOrDefault("bridge").Text,
                Obstacle = Obstacle(mine, definition, bridge, unit, asked.Quantity.Unit),
                IsDescribed = definition is not null && Vector(definition) is not null,
                Note = source.Note,
            });
        }
    }

    /// <summary>Why the figure may not stand for the quantity, and what would allow it; null when it may.</summary>
    private LocalText? Obstacle(DefinitionEntry mine, string? definition, DefinitionBridge? applied, string unit, string wanted)
    {
        var (counts, wantedCounts) = (catalogue.Facts.Units.GetValueOrDefault(unit), catalogue.Facts.Units.GetValueOrDefault(wanted));
        if (unit != wanted && (counts is null || wantedCounts is null || !counts.IsCommensurableWith(wantedCounts)))
        {
            var offered = Bridging.Offered(catalogue, [unit, wanted], []);
            return new($"counts something else: {unit}, not {wanted}.{(offered.Count > 0 ? " " + Bridging.Offer(offered).In("en") : "")}",
                $"统计对象不同：{unit}，而非 {wanted}。{(offered.Count > 0 ? Bridging.Offer(offered).In("zh") : "")}");
        }

        if (definition is null || Vector(definition) is not { } vector)
        {
            return null;
        }

        var after = applied is null ? vector : Bridging.After(catalogue, vector, applied);
        var compared = _comparer.Compare(mine, new(definition, after, "other", null, 0, null));
        return compared.Comparability switch
        {
            Comparability.Refused => new($"another definition ({definition}): differs in {DefinitionComparer.Words(compared.Differences, "en")}; no published bridge joins them.",
                $"定义不同（{definition}）：差异在于{DefinitionComparer.Words(compared.Differences, "zh")}；没有已发布的换算方法。"),
            Comparability.Bridged => new($"another definition ({definition}): differs in {DefinitionComparer.Words(compared.Differences, "en")}. {Bridging.Offer(compared.Bridges).In("en")}",
                $"定义不同（{definition}）：差异在于{DefinitionComparer.Words(compared.Differences, "zh")}。{Bridging.Offer(compared.Bridges).In("zh")}"),
            _ => null,
        };
    }

    private DefinitionVector? Vector(string id) => catalogue.Facts.Definitions.GetValueOrDefault(id);

    private QueryResult Answer(Quantity quantity, SeriesQuery query, List<string> columns, List<SourcedFigure> rows, List<LocalText> notes, List<QueryResult> answers)
    {
        var chosen = rows.Where(row => row.Standing == SourceOrder.Chosen).ToList();
        if (chosen.Count > 0 && chosen.TrueForAll(row => row.TierRank > 0))
        {
            notes.Add(new("No official source that follows this definition speaks for these figures; those of organisations, research or civil society stand first (R45).",
                "没有采用该定义的官方来源；由国际组织、研究机构或民间社会的数字排在首位（R45）。"));
        }

        var cited = chosen.Select(row => row.Series).Distinct(StringComparer.Ordinal).Select(id => answers.First(answer => answer.Series.Id == id)).ToList();
        QueryResult? first = answers.Count > 0 ? answers[0] : null;
        var names = columns.ToDictionary(name => name, name => (IReadOnlyDictionary<string, LocalText>)answers.SelectMany(answer => Names(answer, name, quantity))
            .DistinctBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        return new()
        {
            Series = new()
            {
                Id = query.Series,
                Publisher = "waymark",
                PublisherName = catalogue.Publisher("waymark").Name,
                Name = quantity.Name,
                Dimensions = [.. columns.Select(name => new DimensionSummary(name, Name(name), name, 0, Asked.Total(name)))],
                Units = [quantity.Unit],
                Definitions = [quantity.Definition],
                Licence = "",
                Observations = rows.Count,
                Vintages = [.. answers.SelectMany(answer => answer.Series.Vintages)],
            },
            Columns = SourcedFigure.Columns(columns.Select(name => new QueryColumn(name, Name(name), ColumnRole.Dimension, name))),
            Rows = [.. rows.Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(query.Limit).Select(row => row.Row())],
            Total = rows.Count,
            Notes = notes,
            Citation = new(string.Join(" ", cited.Select(answer => answer.Citation.In("en"))) + $" Chosen by the order of sources of UNODC (R45). Via Waymark, {query.Series}.",
                string.Concat(cited.Select(answer => answer.Citation.In("zh"))) + $"按毒品和犯罪问题办公室的来源顺序（R45）选用。经由 Waymark，{query.Series}。"),
            Licence = string.Join("; ", cited.Select(answer => answer.Licence).Distinct(StringComparer.Ordinal)),
            AsOf = first?.AsOf ?? query.AsOf ?? time.GetUtcNow(),
            Sequence = answers.Select(answer => answer.Sequence).DefaultIfEmpty(0).Max(),
            Names = names,
        };
    }

    private LocalText Name(string dimension) => catalogue.Concept(dimension, "").Name;

    private static IReadOnlyDictionary<string, LocalText> Names(QueryResult answer, string dimension, Quantity quantity) =>
        quantity.Sources.FirstOrDefault(source => source.Series == answer.Series.Id)?.Dimensions.GetValueOrDefault(dimension) is { } mapped
            && answer.Names.TryGetValue(mapped, out var names) ? names : new Dictionary<string, LocalText>();

    private sealed record Asked(Quantity Quantity, QuantitySource Source, int Order, IReadOnlyList<string> Columns)
    {
        public static string Total(string dimension) => dimension == "area" ? "WORLD" : "_T";
    }
}
