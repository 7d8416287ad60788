using Waymark.Model;

namespace Waymark.Rules;

/// <summary>What the values of a fact are.</summary>
public enum FactType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One code of a list.</summary>
    Code,

    /// <summary>A set of codes of a list of at most 64.</summary>
    Codes,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number with at most six decimals.</summary>
    Number,

    /// <summary>An identifier; it is compared for equality only.</summary>
    TextId,

    /// <summary>A day; as an instant it is its midnight in UTC.</summary>
    Date,

    /// <summary>A moment, to the millisecond.</summary>
    Instant,

    /// <summary>A length of time; months count 30.436875 days when lengths are compared.</summary>
    Duration,

    /// <summary>A country or area by its code in capitals.</summary>
    Country,
}

/// <summary>A code of a list, with its names and outside identifiers.</summary>
public sealed record Code(string Id, int Index, LocalText Name, string? Dpv, string? Odrl);

/// <summary>A code list; in an ordered list the place is the rank.</summary>
public sealed class CodeList
{
    private readonly Dictionary<string, Code> _byId;

    internal CodeList(string id, bool ordered, IReadOnlyList<Code> codes)
    {
        (Id, IsOrdered, Codes) = (id, ordered, codes);
        _byId = codes.ToDictionary(code => code.Id, StringComparer.Ordinal);
    }

    public string Id { get; }

    public bool IsOrdered { get; }

    public IReadOnlyList<Code> Codes { get; }

    public Code? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>A fact of the vocabulary. <see cref="Index"/> is its slot in a request.</summary>
public sealed class Fact
{
    public required string Id { get; init; }

    public required int Index { get; init; }

    public required FactType Type { get; init; }

    /// <summary>The code list of a fact of codes; else null.</summary>
    public CodeList? Codes { get; init; }

    /// <summary>True when a request without the fact is malformed.</summary>
    public bool IsScope { get; init; }

    /// <summary>True when the fact is never named in a nearest permit.</summary>
    public bool IsFloor { get; init; }

    /// <summary>True when only the person concerned decides it.</summary>
    public bool IsChoice { get; init; }

    public required LocalText Name { get; init; }

    public LocalText? Evidence { get; init; }

    public LocalText? AttestedBy { get; init; }

    public string? Unit { get; init; }

    /// <summary>True for facts that can be ordered.</summary>
    internal bool IsOrdered => Type is FactType.Whole or FactType.Number or FactType.Date or FactType.Instant or FactType.Duration
        || (Type == FactType.Code && Codes!.IsOrdered);

    public override string ToString() => Id;
}
