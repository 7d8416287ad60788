using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>How near a publisher stands to the fact (R45, S016): the order in which figures are preferred when several sources speak.</summary>
public enum PublisherTier : byte { Official, InternationalOrganisation, Academic, Ngo, Media, OwnCalculation }

/// <summary>Who publishes, under which terms, and how to cite.</summary>
public sealed record Publisher(string Id, PublisherTier Tier, LocalText Name, LocalText Citation, string Licence, string? Address);

/// <summary>The texts of one status, comparator or period basis.</summary>
public sealed record StatusText(string List, string Code, string Word, LocalText Name, LocalText Help);

/// <summary>A band of ages, both ends included; <paramref name="Parts"/> are the bands that make it up exactly.</summary>
public sealed record AgeBand(string Code, int? From, int? To, IReadOnlyList<string> Parts, LocalText Name)
{
    /// <summary>True when some age belongs to both; overlapping bands are alternatives and never add.</summary>
    public bool Overlaps(AgeBand other) => From is not null && other.From is not null
        && From <= (other.To ?? int.MaxValue) && other.From <= (To ?? int.MaxValue);
}

/// <summary>Readers of the small code lists (units, publishers, statuses, age bands). Each collects every error with its place.</summary>
public static class CodeListPacks
{
    public static IReadOnlyDictionary<string, Unit> Units(Pack pack, PackErrors errors) =>
        pack.Rows("units.csv").Select(row => new Unit(Rows.Required(row, "code", errors), Rows.Texts(row, "en", "zh", errors),
            Rows.Choice<CountOf>(row, "counts", errors), Rows.Whole(row, "scale", errors), row.Optional("denominator")))
        .DistinctBy(unit => unit.Code).ToDictionary(unit => unit.Code, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, Publisher> Publishers(Pack pack, PackErrors errors) =>
        pack.Rows("publishers.csv").Select(row => new Publisher(Rows.Required(row, "id", errors), Rows.Choice<PublisherTier>(row, "tier", errors),
            Rows.Texts(row, "en", "zh", errors), Rows.Texts(row, "citation_en", "citation_zh", errors), Rows.Required(row, "licence", errors), row.Optional("url")))
        .DistinctBy(publisher => publisher.Id).ToDictionary(publisher => publisher.Id, StringComparer.Ordinal);

    public static IReadOnlyList<StatusText> Statuses(Pack pack, PackErrors errors) =>
        [.. pack.Rows("statuses.csv").Select(row => new StatusText(Rows.Required(row, "list", errors), Rows.Required(row, "code", errors),
            Rows.Required(row, "word", errors), Rows.Texts(row, "en", "zh", errors), Rows.Texts(row, "help_en", "help_zh", errors)))];

    public static IReadOnlyList<AgeBand> AgeBands(Pack pack, PackErrors errors)
    {
        var bands = pack.Rows("age-bands.csv").Select(row => (Row: row, Band: new AgeBand(Rows.Required(row, "code", errors),
            row["from"].Length == 0 ? null : Rows.Whole(row, "from", errors), row["to"].Length == 0 ? null : Rows.Whole(row, "to", errors),
            Rows.List(row, "parts"), Rows.Texts(row, "en", "zh", errors)))).ToList();
        var known = bands.Select(pair => pair.Band.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var (row, band) in bands)
        {
            foreach (var part in band.Parts.Where(part => !known.Contains(part)))
            {
                errors.Add(Error.Faulty("pack.unknown-code", $"There is no age band \"{part}\".", $"没有年龄组“{part}”。", row.Where("parts")));
            }
        }

        return [.. bands.Select(pair => pair.Band)];
    }
}
