using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>
/// The packs this assembly can read into typed values, read once. <see cref="Errors"/> holds what is wrong beyond the schemas, with places;
/// what could not be read is empty, never invented.
/// </summary>
public sealed class BuiltInContent
{
    private readonly PackErrors _errors = new();

    public BuiltInContent(PackLibrary library)
    {
        Areas = Read(library, AreaPack.Id, pack => AreaPack.Read(pack, _errors)) ?? new AreaRegistry([], [], []);
        Units = Read(library, "units", pack => CodeListPacks.Units(pack, _errors)) ?? new Dictionary<string, Unit>();
        Publishers = Read(library, "publishers", pack => CodeListPacks.Publishers(pack, _errors)) ?? new Dictionary<string, Publisher>();
        Statuses = Read(library, "statuses", pack => CodeListPacks.Statuses(pack, _errors)) ?? [];
        AgeBands = Read(library, "age-bands", pack => CodeListPacks.AgeBands(pack, _errors)) ?? [];
        Definitions = Read(library, "definitions", pack => DefinitionPack.Read(pack, _errors))
            ?? new DefinitionCatalogue(new Dictionary<string, DefinitionEntryText>(), [], [], []);
        Texts = TextCatalogue.Read(library, _errors);
        References = [.. library.OfKind(ReferencePack.Kind).Select(pack => ReferencePack.Read(pack, Areas, Units, _errors))];
        foreach (var series in References)
        {
            Known(series.Pack, "publisher", series.Publisher, Publishers.Keys);
            Known(series.Pack, "definition", series.Definition, Definitions.Definitions.Keys);
        }

        foreach (var national in Definitions.National.Where(national => Areas.Get(national.Area) is null))
        {
            _errors.Add(Error.Faulty("pack.unknown-area", $"There is no area \"{national.Area}\".", $"没有地区“{national.Area}”。",
                library.Find("codelists", "definitions")?.File + ":1:1"));
        }

        Indicators = [.. library.OfKind(IndicatorPack.Kind).Select(pack => IndicatorPack.Read(pack, Units, _errors))];
    }

    public AreaRegistry Areas { get; }

    public IReadOnlyDictionary<string, Unit> Units { get; }

    public IReadOnlyDictionary<string, Publisher> Publishers { get; }

    public IReadOnlyList<StatusText> Statuses { get; }

    public IReadOnlyList<AgeBand> AgeBands { get; }

    public DefinitionCatalogue Definitions { get; }

    public TextCatalogue Texts { get; }

    public IReadOnlyList<ReferenceSeries> References { get; }

    public IReadOnlyList<IndicatorSet> Indicators { get; }

    public IReadOnlyList<Error> Errors => _errors.All;

    private void Known(Pack pack, string field, string id, IEnumerable<string> known)
    {
        if (pack.Cursor(_errors).OptionalMapping("series") is { } series && !known.Contains(id, StringComparer.Ordinal))
        {
            series.UnknownWord(series.Find(field) ?? series.Node, field, id, known);
        }
    }

    private static T? Read<T>(PackLibrary library, string id, Func<Pack, T?> read) where T : class =>
        library.Find("codelists", id) is { } pack ? read(pack) : null;
}
