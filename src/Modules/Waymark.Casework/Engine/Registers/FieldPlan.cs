using System.Collections.Frozen;
using Waymark.Model;
using Waymark.Rules;

namespace Waymark.Casework.Registers;

/// <summary>The closed set of kinds of fields; a new kind is a class with tests, not a keyword.</summary>
public enum FieldType
{
    /// <summary>A line of text, or a paragraph when it is long.</summary>
    Text,

    /// <summary>The same text in several languages.</summary>
    Texts,

    /// <summary>One code of a list, with the list's version.</summary>
    Code,

    /// <summary>Several codes of a list.</summary>
    Codes,

    /// <summary>An EDTF date (ISO 8601-2): partial, uncertain, approximate, an interval, or a moment.</summary>
    Date,

    /// <summary>A name with parts, script, language and use.</summary>
    Name,

    /// <summary>A place: text, area code, P-code, coordinates with accuracy.</summary>
    Place,

    /// <summary>An amount with currency.</summary>
    Money,

    /// <summary>A number with an optional unit.</summary>
    Number,

    /// <summary>From–to, either end open.</summary>
    Range,

    /// <summary>Yes, no, or unknown.</summary>
    YesNo,

    /// <summary>A number or code given by some system or issuer.</summary>
    Identifier,

    /// <summary>A channel with value, whether it is safe, when, through whom, code word.</summary>
    Contact,

    /// <summary>A person who has a role in the record.</summary>
    Person,

    /// <summary>Another record.</summary>
    Reference,

    /// <summary>A file: hash, size, media type, custody.</summary>
    File,

    /// <summary>Fields that belong together, once or repeated.</summary>
    Group,
}

/// <summary>How a field feeds the search; each turns into keys, never into stored text.</summary>
public enum SearchKind { None, Name, Date, Identifier, Word }

/// <summary>A field as compiled. Paths are of the plan; a value's path carries the item of a repeated group (<c>journey/3f…/place</c>).</summary>
public sealed class FieldPlan
{
    public required int Index { get; init; }

    /// <summary>Id, or group and id.</summary>
    public required string Path { get; init; }

    public required FieldType Type { get; init; }

    public required LocalText Name { get; init; }

    public LocalText? Help { get; init; }

    /// <summary>The group it stands in; null at the top.</summary>
    public FieldPlan? Group { get; init; }

    /// <summary>A group that may stand several times.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Text of several lines.</summary>
    public bool IsLong { get; init; }

    /// <summary>A statement that carries source, grades, handling and authority; competing statements may stand side by side.</summary>
    public bool IsClaim { get; init; }

    public required Sensitivity Sensitivity { get; init; }

    /// <summary>Purposes that may see it, as bits; those of the register when the pack says nothing.</summary>
    public required ulong Purposes { get; init; }

    /// <summary>Code of the vocabulary's data categories; <c>none</c> for what is about the work and not about a person.</summary>
    public required string Category { get; init; }

    /// <summary>Code of the gate's list of fields that masks this one; null when only purposes do.</summary>
    public string? Mask { get; init; }

    public RecordCodeList? Codes { get; init; }

    /// <summary>Unit of a number.</summary>
    public string? Unit { get; init; }

    public SearchKind Search { get; init; }

    /// <summary>Fact of the gate's vocabulary that the value states.</summary>
    public string? Fact { get; init; }

    /// <summary>The codes of the field that state the fact; null where it has no list. Any other, such as <c>not-checked</c>, states nothing.</summary>
    public IReadOnlySet<string>? FactCodes { get; init; }

    /// <summary>Whose it is: a role; null for whom the record is about.</summary>
    public string? About { get; init; }

    /// <summary>Whether the person works with police or court; no service hangs on it (M29).</summary>
    public bool IsCooperation { get; init; }

    /// <summary>The register a reference leads to; null for any.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// What the record that a reference leads to states at the gate while it stands: fact to the field of that record. Only towards the recipient that its field
    /// <see cref="StatesFor"/> names, so that a transfer reviewed for one is none to another.
    /// </summary>
    public IReadOnlyDictionary<string, string> States { get; init; } = FrozenDictionary<string, string>.Empty;

    public string? StatesFor { get; init; }

    /// <summary>Its fact in the plan's own vocabulary; null for kinds that conditions cannot read.</summary>
    public Fact? Own { get; internal set; }

    /// <summary>The last part of the path.</summary>
    public string Id => Path[(Path.LastIndexOf('/') + 1)..];
}
