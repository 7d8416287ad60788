namespace Waymark.Model.Rules;

/// <summary>A rule pack as written, not yet checked against a vocabulary.</summary>
/// <param name="Id">Id of the pack (<c>unhcr</c>).</param>
/// <param name="Version">Three numbers.</param>
/// <param name="Hash">SHA-256 of its files in hexadecimal; with additions of an operator, of all layers.</param>
/// <param name="File">Where it stands.</param>
/// <param name="Title">Title of the pack.</param>
/// <param name="Source">Who says so.</param>
/// <param name="InstrumentId">Short name of the instrument (<c>UNHCR</c>).</param>
/// <param name="Instrument">Name of the instrument.</param>
/// <param name="IsFloor">True for the pack that stands in every conjunction.</param>
/// <param name="Mode">grants (default) or constraints.</param>
/// <param name="Applies">Condition of its selection; null: always.</param>
/// <param name="Valid">When the instrument is in force.</param>
/// <param name="Parameters">Named numbers.</param>
/// <param name="Rules">The rules, in the order of the file.</param>
/// <param name="Scenarios">The pack's own tests.</param>
/// <param name="Assumed">Facts that each test has unless it says otherwise.</param>
public sealed record RulePackDocument(
    string Id, string Version, string Hash, string File, LocalText Title, string Source, string InstrumentId, LocalText Instrument, bool IsFloor,
    SourceText? Mode, SourceText? Applies, ValidityDocument? Valid, IReadOnlyList<ParameterDocument> Parameters, IReadOnlyList<RuleDocument> Rules,
    IReadOnlyList<ScenarioDocument> Scenarios, IReadOnlyList<GivenDocument> Assumed);

/// <summary>From (included) until (excluded), as dates.</summary>
public sealed record ValidityDocument(SourceText? From, SourceText? Until);

public sealed record ParameterDocument(SourceText Id, SourceText Value, SourceText Unit, string Source, string Status);

/// <summary>The codes that a rule's scope names for one scope fact.</summary>
public sealed record ScopeDocument(SourceText Fact, IReadOnlyList<SourceText> Codes);

/// <summary>Article with its status (verified, unverified) and basis (seed, found, general).</summary>
public sealed record CitationDocument(string Article, string Status, string Basis);

public sealed record RuleDocument(
    SourceText Id, SourceText Modality, SourceText? Kind, IReadOnlyList<ScopeDocument> Scope, SourceText? When, SourceText? Require,
    IReadOnlyList<CitationDocument> Cites, string Topic, LocalText Text, LocalText? Remedy, IReadOnlyList<SourceText> Suspends, NeedsDocument? Needs,
    DutyDocument? Duty, ValidityDocument? Valid, IReadOnlyList<string> Seeds);

/// <summary>What a derogation needs besides its condition.</summary>
public sealed record NeedsDocument(SourceText At, bool Reason, SourceText? Approver, SourceText? ExpiresWithin);

/// <summary>A duty: an id, a clock, whether the permit falls with it, with which outcome it arises, and which fields it masks.</summary>
public sealed record DutyDocument(
    SourceText Id, SourceText? From, SourceText? Parameter, SourceText? Within, bool Mandatory, SourceText? On, IReadOnlyList<SourceText> Mask);

/// <summary>One value of a scenario: one text, or several for a set.</summary>
public sealed record GivenDocument(SourceText Fact, IReadOnlyList<SourceText> Values, bool IsSet);

public sealed record ScenarioDocument(
    SourceText Id, LocalText Text, IReadOnlyList<GivenDocument> Given, IReadOnlyList<SourceText> Packs, SourceText Expect, IReadOnlyList<SourceText> By,
    IReadOnlyList<SourceText> Unmet, IReadOnlyList<SourceText> Missing, IReadOnlyList<SourceText> Duties);
