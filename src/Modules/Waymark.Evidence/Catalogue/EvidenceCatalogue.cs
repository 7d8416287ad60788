using Waymark.Evidence.Profiles;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Catalogue;

/// <summary>
/// Everything the packs say about evidence, as one immutable value: profiles, series, concepts, areas, units, definitions,
/// publishers. What no pack declares is answered with a stand-in that says so.
/// </summary>
public sealed class EvidenceCatalogue
{
    private readonly Dictionary<string, SeriesDefinition> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConceptDefinition> _concepts;

    private EvidenceCatalogue(Dictionary<string, ConceptDefinition> concepts, AreaRegistry areas, EvidenceFacts facts) =>
        (_concepts, Areas, Facts) = (concepts, areas, facts);

    public IReadOnlyList<SourceProfile> Profiles { get; private set; } = [];

    public IEnumerable<SeriesDefinition> Series => _series.Values;

    public AreaRegistry Areas { get; }

    public EvidenceFacts Facts { get; }

    /// <summary>Quantities for which several series speak, by id.</summary>
    public IReadOnlyDictionary<string, Quantity> Quantities { get; private set; } = new Dictionary<string, Quantity>();

    /// <summary>What is wrong with packs of kinds sources and series beyond their schema.</summary>
    public IReadOnlyList<Error> Errors { get; private set; } = [];

    public SeriesDefinition? FindSeries(string id) => _series.GetValueOrDefault(id);

    public SourceProfile? FindProfile(string id) => Profiles.FirstOrDefault(profile => profile.Id == id);

    public ConceptDefinition Concept(string id, string publisher) => SeriesReader.Find(id, publisher, _concepts);

    public PublisherInfo Publisher(string id) => Facts.Publishers.GetValueOrDefault(id) ?? new(id, LocalText.In("en", id), "other");

    /// <summary>The kind of a code in sums: unmapped codes ("?…") are never leaves.</summary>
    public CodeKind KindOf(DimensionDefinition dimension, string code)
    {
        if (code == dimension.Total)
        {
            return CodeKind.Total;
        }

        if (code.StartsWith('?'))
        {
            return CodeKind.Aggregate;
        }

        if (dimension.Concept.Find(code) is { } known)
        {
            return known.Kind;
        }

        if (dimension.Concept.IsAreas)
        {
            return Areas.Get(code) switch
            {
                { Kind: AreaKind.World } => CodeKind.Total,
                { IsLeaf: true } => CodeKind.Leaf,
                null when code.Length == 3 && dimension.Concept.IsOpen => CodeKind.Leaf,
                _ => CodeKind.Aggregate,
            };
        }

        return CodeKind.Leaf;
    }

    public LocalText NameOf(DimensionDefinition dimension, string code)
    {
        if (dimension.Concept.Find(code) is { } known)
        {
            return known.Name;
        }

        if (dimension.Concept.IsAreas && Areas.Get(code) is { } area)
        {
            return area.Name;
        }

        return code == "_T" ? new LocalText("Total", "合计") : LocalText.In("en", code.TrimStart('?'));
    }

    public static EvidenceCatalogue Load(PackLibrary library, AreaRegistry areas, EvidenceFacts? facts = null, IReadOnlyList<SeriesDefinition>? further = null)
    {
        var errors = new PackErrors();
        var packs = library.OfKind(SeriesReader.Kind).SelectMany(pack => pack.Layers).ToList();
        var catalogue = new EvidenceCatalogue(SeriesReader.Concepts(packs, errors), areas, facts ?? EvidenceFacts.Empty);
        foreach (var series in packs.SelectMany(pack => SeriesReader.Series(pack, catalogue._concepts, errors)).Concat(further ?? []))
        {
            catalogue._series.TryAdd(series.Id, series);
        }

        catalogue.Profiles = [.. library.OfKind(ProfileReader.Kind).Select(pack => ProfileReader.Read(pack, errors)).OfType<SourceProfile>()];
        var schemes = areas.Schemes.Append("code").ToHashSet(StringComparer.Ordinal);
        foreach (var (profile, dimension, scheme) in catalogue.Profiles.SelectMany(profile => profile.Dimensions.SelectMany(dimension => dimension.Value.Schemes.Select(scheme => (profile, dimension.Key, scheme))))
            .Where(used => schemes.Count > 1 && !schemes.Contains(used.scheme)))
        {
            errors.Add(Error.Faulty("profile.scheme", $"{profile.Id}: the dimension {dimension} names the scheme \"{scheme}\", which the areas pack does not have.",
                $"{profile.Id}：维度 {dimension} 使用了地区包中没有的方案“{scheme}”。"));
        }

        foreach (var (profile, member) in catalogue.Profiles.SelectMany(profile => profile.Footnotes.Files.Select(member => (profile, member))).Where(named => catalogue.FindProfile(named.member.Profile) is not { Notes: not null }))
        {
            errors.Add(Error.Faulty("profile.notes", $"{profile.Id}: no profile with notes is called \"{member.Profile}\".", $"{profile.Id}：没有名为“{member.Profile}”的注释说明。"));
        }

        catalogue.Quantities = QuantityReader.Read(library, catalogue, errors);
        catalogue.Errors = errors.All;
        return catalogue;
    }
}

/// <summary>Units, definitions and publishers by id, as their packs give them.</summary>
public sealed record EvidenceFacts(
    IReadOnlyDictionary<string, Unit> Units,
    IReadOnlyDictionary<string, DefinitionVector> Definitions,
    IReadOnlyDictionary<string, PublisherInfo> Publishers)
{
    /// <summary>Published ways from one definition to another.</summary>
    public IReadOnlyList<Contracts.DefinitionBridge> Bridges { get; init; } = [];

    public static EvidenceFacts Empty { get; } = new(new Dictionary<string, Unit>(), new Dictionary<string, DefinitionVector>(), new Dictionary<string, PublisherInfo>());
}
