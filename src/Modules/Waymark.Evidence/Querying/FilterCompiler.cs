using System.Globalization;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>Turns the conditions of a question into a filter of the cube, and remembers which dimensions were named.</summary>
internal sealed class FilterCompiler(EvidenceCatalogue catalogue, LoadedSeries series, IReadOnlyCollection<string> attributes)
{
    private static readonly string[] Schemes =
        [AreaSchemes.Iso3, AreaSchemes.Iso2, AreaSchemes.M49, AreaSchemes.UnDesa, AreaSchemes.UnName, AreaSchemes.AnyName];

    private CubeFilter _filter = CubeFilter.Everything;
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    /// <summary>Conditions on what stands beside the figures; answered row by row.</summary>
    public List<RowCondition> Rows { get; } = [];

    /// <summary>Dimensions on which the question set a condition.</summary>
    public IReadOnlySet<string> Named => _named;

    public Result<CubeFilter> Compile(SeriesQuery query)
    {
        foreach (var condition in query.Where)
        {
            if (Add(condition) is { } error)
            {
                return error;
            }
        }

        return _filter with { From = query.From, To = query.To };
    }

    private Error? Add(DimensionFilter condition)
    {
        var (name, property) = Split(condition.Dimension);
        switch (name)
        {
            case "period":
                return AddPeriods(condition);
            case "value" when condition.Alternatives.Count == 1 && condition.Alternatives[0].All(term => term.Operator != "ne"
                && decimal.TryParse(term.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out _)) && !HasCodes():
                return AddValues(condition);
            case "status":
                return AddStatuses(condition);
        }

        if (series.Definition.Dimension(name) is null && name is "unit" or "definition" && property is null)
        {
            _filter = _filter.And(name, CodeSet.Where(code => condition.Alternatives.Any(terms => terms.All(term => RowCondition.Holds(term, code, null)))));
            return null;
        }

        if (series.Definition.Dimension(name) is not { } dimension)
        {
            if (property is null && (RowCondition.Columns.Contains(name) || attributes.Contains(name)))
            {
                Rows.Add(new(name, condition));
                return null;
            }

            var known = series.Definition.Dimensions.Select(candidate => candidate.Id).Append("period").Append("value").Append("status").Concat(attributes).ToList();
            return QueryErrors.NoDimension(name, series.Definition.Id, known, Suggestion.For(name, known));
        }

        var alternatives = new List<Func<string, bool>>();
        var codes = new List<string>();
        foreach (var conjunction in condition.Alternatives)
        {
            var terms = new List<Func<string, bool>>();
            foreach (var term in conjunction)
            {
                var compiled = property is null ? Term(dimension, term, codes) : Property(dimension, property, term);
                if (!compiled.IsOk)
                {
                    return compiled.Error;
                }

                terms.Add(compiled.Value);
            }

            alternatives.Add(code => terms.TrueForAll(term => term(code)));
        }

        _named.Add(name);
        var exactly = property is null && condition.Alternatives.All(terms => terms.Count == 1 && terms[0].Operator == "eq");
        _filter = _filter.And(name, exactly ? CodeSet.Of(codes) : CodeSet.Where(code => alternatives.Exists(alternative => alternative(code))));
        return null;
    }

    private Result<Func<string, bool>> Term(DimensionDefinition dimension, FilterTerm term, List<string> codes)
    {
        var value = CodeOf(dimension, term.Value);
        if (term.Operator is "eq" or "ne" && !IsKnown(dimension, value))
        {
            var known = series.Cube.Codes(dimension.Id);
            return Error.Invalid("query.unknown-code", $"\"{term.Value}\" is not a code of {dimension.Id}.", $"“{term.Value}”不是 {dimension.Id} 的代码。", dimension.Id) is var error
                && Suggestion.For(term.Value, known) is { } nearest ? error.WithHint($"Did you mean \"{nearest}\"?", $"是否指“{nearest}”？") : error;
        }
        Func<string, bool>? compiled = term.Operator switch
        {
            "eq" => code => code == value,
            "ne" => code => code != value,
            "lt" => code => string.CompareOrdinal(code, value) < 0,
            "le" => code => string.CompareOrdinal(code, value) <= 0,
            "gt" => code => string.CompareOrdinal(code, value) > 0,
            "ge" => code => string.CompareOrdinal(code, value) >= 0,
            "co" => code => code.Contains(term.Value, StringComparison.OrdinalIgnoreCase),
            "nc" => code => !code.Contains(term.Value, StringComparison.OrdinalIgnoreCase),
            "sw" => code => code.StartsWith(term.Value, StringComparison.OrdinalIgnoreCase),
            "ew" => code => code.EndsWith(term.Value, StringComparison.OrdinalIgnoreCase),
            _ => null,
        };
        if (compiled is null)
        {
            return QueryErrors.NoOperator(term.Operator);
        }

        codes.Add(value);
        return compiled;
    }

    /// <summary>"area.kind=country" and "origin.group=150": conditions on what a code is, not on the code.</summary>
    private Result<Func<string, bool>> Property(DimensionDefinition dimension, string property, FilterTerm term)
    {
        Func<string, bool>? is_ = (property, term.Value) switch
        {
            ("kind", "leaf") => code => catalogue.KindOf(dimension, code) == CodeKind.Leaf,
            ("kind", "total") => code => catalogue.KindOf(dimension, code) == CodeKind.Total,
            ("kind", "aggregate") => code => catalogue.KindOf(dimension, code) == CodeKind.Aggregate,
            ("kind", "unmapped") => code => code.StartsWith('?'),
            ("kind", var kind) when dimension.Concept.IsAreas && Kinds(kind) is { } kinds =>
                code => catalogue.Areas.Get(code) is { } area && kinds.Contains(area.Kind),
            ("group", var group) when dimension.Concept.IsAreas => InGroup(CodeOf(dimension, group)),
            _ => null,
        };
        if (is_ is null)
        {
            return QueryErrors.BadValue($"{dimension.Id}.{property}", term.Value);
        }

        return term.Operator switch
        {
            "eq" => is_,
            "ne" => (Func<string, bool>)(code => !is_(code)),
            _ => QueryErrors.NoOperator(term.Operator),
        };

        Func<string, bool> InGroup(string group)
        {
            var members = catalogue.Areas.Members(group).ToHashSet(StringComparer.Ordinal);
            return members.Contains;
        }
    }

    private static AreaKind[]? Kinds(string word) => word switch
    {
        "country" or "country-or-area" => [AreaKind.CountryOrArea, AreaKind.Dissolved, AreaKind.Place],
        "region" => [AreaKind.Region],
        "group" => [AreaKind.Group],
        "world" => [AreaKind.World],
        "place" => [AreaKind.Place],
        "residual" => [AreaKind.Residual],
        _ => null,
    };

    /// <summary>The code that a person means by a code, an alternative code or a name; the text itself when nothing matches.</summary>
    public string CodeOf(DimensionDefinition dimension, string text)
    {
        var cube = series.Cube.Codes(dimension.Id);
        if (cube.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        if (dimension.Concept.CodeOf(text) is { } code)
        {
            return code;
        }

        if (text.ToUpperInvariant() is "_T" or "TOTAL" or "ALL" || (text.Equals("WORLD", StringComparison.OrdinalIgnoreCase) && dimension.Concept.IsAreas))
        {
            return dimension.Total;
        }

        if (dimension.Concept.IsAreas)
        {
            var match = catalogue.Areas.Resolve(Schemes, text.AsSpan());
            if (match is { IsMapped: true, Code: { } area })
            {
                return area == "WORLD" && dimension.Total != "WORLD" && !cube.Contains("WORLD", StringComparer.Ordinal) ? dimension.Total : area;
            }
        }

        return text;
    }

    private Error? AddPeriods(DimensionFilter condition)
    {
        var alternatives = new List<List<Func<Period, bool>>>();
        foreach (var conjunction in condition.Alternatives)
        {
            var terms = new List<Func<Period, bool>>();
            foreach (var term in conjunction)
            {
                if (!Period.TryParse(term.Value, out var wanted))
                {
                    return QueryErrors.BadValue("period", term.Value);
                }

                Func<Period, bool>? compiled = term.Operator switch
                {
                    "eq" => period => period.FirstDay >= wanted.FirstDay && period.LastDay <= wanted.LastDay,
                    "ne" => period => period.FirstDay < wanted.FirstDay || period.LastDay > wanted.LastDay,
                    "lt" => period => period.LastDay < wanted.FirstDay,
                    "le" => period => period.LastDay <= wanted.LastDay,
                    "gt" => period => period.FirstDay > wanted.LastDay,
                    "ge" => period => period.FirstDay >= wanted.FirstDay,
                    _ => null,
                };
                if (compiled is null)
                {
                    return QueryErrors.NoOperator(term.Operator);
                }

                terms.Add(compiled);
            }

            alternatives.Add(terms);
        }

        var before = _filter.Periods;
        _filter = _filter with
        {
            Periods = period => (before is null || before(period))
                && alternatives.Exists(terms => terms.TrueForAll(term => term(period))),
        };
        return null;
    }

    private bool HasCodes() => series.Definition.Unit == "code" || series.Cube.Group(new CubeQuery()) is { IsOk: true, Value: { Count: 1 } all } && all.With(0, Comparator.Code) > 0;

    private Error? AddValues(DimensionFilter condition)
    {
        // Ranges of figures are conjunctions; "or" over figures has no use and no meaning in a sum.
        if (condition.Alternatives.Count != 1)
        {
            return QueryErrors.BadValue("value", "or");
        }

        foreach (var term in condition.Alternatives[0])
        {
            if (!decimal.TryParse(term.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
            {
                return QueryErrors.BadValue("value", term.Value);
            }

            var step = 0.000_000_001m;
            var (least, greatest) = term.Operator switch
            {
                "eq" => ((decimal?)number, (decimal?)number),
                "ge" => (number, null),
                "gt" => (number + step, null),
                "le" => (null, number),
                "lt" => (null, number - step),
                _ => (null, null),
            };
            if (least is null && greatest is null)
            {
                return QueryErrors.NoOperator(term.Operator);
            }

            _filter = _filter with
            {
                Least = least is null ? _filter.Least : Math.Max(least.Value, _filter.Least ?? decimal.MinValue),
                Greatest = greatest is null ? _filter.Greatest : Math.Min(greatest.Value, _filter.Greatest ?? decimal.MaxValue),
            };
        }

        return null;
    }

    private Error? AddStatuses(DimensionFilter condition)
    {
        var wanted = new List<ObservationStatus>();
        var all = Enum.GetValues<ObservationStatus>();
        foreach (var term in condition.Alternatives.SelectMany(terms => terms))
        {
            var status = all.Where(candidate => candidate.Letter() == term.Value
                || string.Equals(candidate.ToString(), term.Value.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)).ToList();
            if (status.Count != 1)
            {
                return QueryErrors.BadValue("status", term.Value);
            }

            wanted.AddRange(term.Operator == "ne" ? all.Except(status) : status);
        }

        _filter = _filter with { Statuses = StatusSet.Of([.. wanted]) };
        return null;
    }

    /// <summary>A code that no list and no figure knows is refused; open lists take any text.</summary>
    private bool IsKnown(DimensionDefinition dimension, string code) => code == dimension.Total || dimension.Concept.IsOpen || dimension.Concept.Find(code) is not null
        || series.Cube.Codes(dimension.Id).Contains(code, StringComparer.Ordinal)
        || (dimension.Concept.IsAreas ? catalogue.Areas.Get(code) is not null : dimension.Concept.Codes.Count == 0);

    private static (string Name, string? Property) Split(string dimension)
    {
        var dot = dimension.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (dimension, null) : (dimension[..dot], dimension[(dot + 1)..]);
    }
}
