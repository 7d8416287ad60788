using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Catalogue;

public enum CodeKind : byte { Leaf, Total, Aggregate }

public sealed record CodeDefinition(string Code, LocalText Name, CodeKind Kind, string? Of);

/// <summary>What the codes of a dimension mean; the list may be that of areas, open, or closed.</summary>
public sealed class ConceptDefinition
{
    private readonly Dictionary<string, CodeDefinition> _byCode;
    private readonly Dictionary<string, string> _byText = new(StringComparer.Ordinal);

    public ConceptDefinition(string id, LocalText name, bool isAreas, bool isOpen, IReadOnlyList<(CodeDefinition Code, IReadOnlyList<string> Also)> codes)
    {
        (Id, Name, IsAreas, IsOpen) = (id, name, isAreas, isOpen);
        Codes = [.. codes.Select(code => code.Code)];
        _byCode = Codes.ToDictionary(code => code.Code, StringComparer.Ordinal);
        foreach (var (code, also) in codes)
        {
            foreach (var text in also.Append(code.Code).Concat(code.Name.Select(pair => pair.Value)))
            {
                _byText.TryAdd(LabelText.Normalise(text), code.Code);
            }
        }
    }

    public string Id { get; }

    public LocalText Name { get; }

    public bool IsAreas { get; }

    public bool IsOpen { get; }

    public IReadOnlyList<CodeDefinition> Codes { get; }

    public CodeDefinition? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The code that a text means: the code itself, one of its names, or another text listed with it.</summary>
    public string? CodeOf(string text) => _byText.GetValueOrDefault(LabelText.Normalise(text));

    public static ConceptDefinition Undeclared(string id) => new(id, LocalText.In("en", id), isAreas: false, isOpen: true,
        [(new("_T", new LocalText("Total", "合计"), CodeKind.Total, null), ["Total", "TOTAL", "_T"])]);
}

public sealed record DimensionDefinition(string Id, ConceptDefinition Concept, LocalText Name, string Total, string Default);

/// <summary>A series as the packs declare it, or as an import made it on the fly (<see cref="IsDeclared"/> false).</summary>
public sealed record SeriesDefinition
{
    public required string Id { get; init; }

    public required string Publisher { get; init; }

    public required LocalText Name { get; init; }

    public LocalText? Description { get; init; }

    public string? Theme { get; init; }

    public required string Unit { get; init; }

    public string? Definition { get; init; }

    public required string Licence { get; init; }

    public required LocalText Citation { get; init; }

    public required IReadOnlyList<DimensionDefinition> Dimensions { get; init; }

    /// <summary>What the values mean where they are codes instead of figures.</summary>
    public ConceptDefinition? Values { get; init; }

    public bool IsDeclared { get; init; } = true;

    /// <summary>The name of a coded value; null when the value is a figure or nobody named the code.</summary>
    public LocalText? NameOfValue(string? code) => code is null ? null : Values?.Find(code)?.Name;

    public DimensionDefinition? Dimension(string id) => Dimensions.FirstOrDefault(dimension => dimension.Id == id);
}

public sealed record PublisherInfo(string Id, LocalText Name, string Tier);
