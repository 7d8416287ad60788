using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>A definition with its topic and wording.</summary>
public sealed record DefinitionEntryText(DefinitionVector Vector, string Topic, LocalText Text, string Reference);

/// <summary>A named way from one value of a component to another; the factor is a range, and holds in the stated days only.</summary>
public sealed record DefinitionBridgeText(
    string Id, LocalText Name, string Component, string From, string To, decimal FactorLow, decimal FactorHigh,
    DateOnly? ValidFrom, DateOnly? ValidTo, string Scope, string Reference);

/// <summary>What the law of a country or area says; "to-verify" until an officer has registered it.</summary>
public sealed record NationalTerm(
    string Area, string Topic, string Term, string Law, string? Article, DateOnly? ValidFrom, DefinitionVector Vector, LocalText Text, string Status, string Reference);

/// <summary>A dated statement of a source about who reports flows and who shares a definition (SEED-O22).</summary>
public sealed record CoverageFact(string Id, int Reporting, int Sharing, int Year, LocalText StatedBy, string Reference);

/// <summary>The pack <c>codelists/definitions</c>, typed.</summary>
public sealed record DefinitionCatalogue(
    IReadOnlyDictionary<string, DefinitionEntryText> Definitions,
    IReadOnlyList<DefinitionBridgeText> Bridges,
    IReadOnlyList<NationalTerm> National,
    IReadOnlyList<CoverageFact> Coverage);

public static class DefinitionPack
{
    private static readonly string[] Components = ["concept", "basis", "duration", "source", "counts", "exclusions"];

    public static DefinitionCatalogue Read(Pack pack, PackErrors errors)
    {
        var entries = pack.Rows("definitions.csv").Select(row => new DefinitionEntryText(Vector(row, Rows.Required(row, "id", errors), errors),
            Rows.Required(row, "topic", errors), Rows.Texts(row, "text_en", "text_zh", errors), Rows.Required(row, "reference", errors)));
        return new(
            entries.DistinctBy(entry => entry.Vector.Id).ToDictionary(entry => entry.Vector.Id, StringComparer.Ordinal),
            [.. pack.Rows("bridges.csv").Select(row => Bridge(row, errors))],
            [.. pack.Rows("national.csv").Select(row => National(row, errors))],
            [.. pack.Rows("coverage.csv").Select(row => new CoverageFact(Rows.Required(row, "id", errors), Rows.Whole(row, "reporting", errors),
                Rows.Whole(row, "sharing", errors), Rows.Whole(row, "year", errors), Rows.Texts(row, "stated_by_en", "stated_by_zh", errors), row["reference"]))]);
    }

    private static DefinitionVector Vector(PackRow row, string id, PackErrors errors) => new(
        id,
        row["en"].Length > 0 ? Rows.Texts(row, "en", "zh", errors) : LocalText.In("en", row["term"]),
        Rows.Choice<StatisticalConcept>(row, "concept", errors),
        Rows.Choice<PopulationBasis>(row, "basis", errors),
        Rows.Choice<DurationRule>(row, "duration", errors),
        Rows.Choice<CollectionSource>(row, "source", errors),
        Rows.Choice<CountOf>(row, "counts", errors),
        Rows.List(row, "exclusions"),
        row.Optional("legal_basis") ?? row.Optional("law"),
        row.Optional("valid_from"),
        row.Optional("valid_to"));

    private static DefinitionBridgeText Bridge(PackRow row, PackErrors errors)
    {
        var component = Rows.Required(row, "component", errors);
        if (!Components.Contains(component, StringComparer.Ordinal))
        {
            errors.Add(Error.Faulty("pack.unknown-word", $"\"{component}\" is not a component of a definition; known: {string.Join(", ", Components)}.",
                $"“{component}”不是定义的组成部分；可用：{string.Join("、", Components)}。", row.Where("component")));
        }

        var (low, high) = (Rows.Number(row, "factor_low", errors) ?? 0, Rows.Number(row, "factor_high", errors) ?? 0);
        if (low <= 0 || high < low)
        {
            errors.Add(Error.Faulty("pack.out-of-range", "A factor is a range of positive numbers, the lower first.", "换算系数须为正数区间，下限在前。", row.Where("factor_low")));
        }

        return new(Rows.Required(row, "id", errors), Rows.Texts(row, "en", "zh", errors), component, Rows.Required(row, "from", errors),
            Rows.Required(row, "to", errors), low, high, Rows.Day(row, "valid_from", errors), Rows.Day(row, "valid_to", errors), row["scope"], Rows.Required(row, "reference", errors));
    }

    private static NationalTerm National(PackRow row, PackErrors errors)
    {
        var id = $"{Rows.Required(row, "area", errors)}/{Rows.Required(row, "topic", errors)}/{Rows.Required(row, "term", errors)}";
        return new(row["area"], row["topic"], row["term"], Rows.Required(row, "law", errors), row.Optional("article"), Rows.Day(row, "valid_from", errors),
            Vector(row, id, errors), Rows.Texts(row, "text_en", "text_zh", errors), Rows.Required(row, "status", errors), Rows.Required(row, "reference", errors));
    }
}
