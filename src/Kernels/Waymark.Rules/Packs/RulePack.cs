using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>What a rule does.</summary>
public enum RuleKind
{
    /// <summary>Denies when its condition is true or unknown.</summary>
    Prohibition,

    /// <summary>Denies, with a remedy, unless what it requires is surely true.</summary>
    Precondition,

    /// <summary>Grants when its condition is surely true.</summary>
    Permission,

    /// <summary>A task, perhaps with a clock.</summary>
    Duty,

    /// <summary>Suspends named rules of its own pack when it is invoked by name and surely true.</summary>
    Derogation,
}

/// <summary>With which outcome a duty arises.</summary>
public enum DutyOccasion
{
    Permit,
    Deny,
    Any,
}

/// <summary>Where a rule comes from: article, whether a person has confirmed it, and what it rests on (seed, found, general).</summary>
public sealed record Citation(string Article, bool IsVerified, string Basis);

/// <summary>A named number of a pack with its source.</summary>
public sealed class Parameter
{
    internal Parameter(string id, ConstantTerm term, string unit, string text, string source, bool verified) =>
        (Id, Term, Unit, Text, Source, IsVerified) = (id, term, unit, text, source, verified);

    public string Id { get; }

    public string Unit { get; }

    public string Text { get; }

    public string Source { get; }

    public bool IsVerified { get; }

    internal ConstantTerm Term { get; }
}

/// <summary>The task part of a duty rule.</summary>
public sealed class Duty
{
    public required string Id { get; init; }

    public required bool IsMandatory { get; init; }

    public required DutyOccasion Occasion { get; init; }

    /// <summary>The fact from which the clock runs; null when there is no clock.</summary>
    public Fact? From { get; init; }

    /// <summary>Codes of fields to hide.</summary>
    public IReadOnlyList<Code> Mask { get; init; } = [];

    internal Length? Within { get; init; }

    public override string ToString() => Id;
}

/// <summary>A checked rule. <see cref="Index"/> is its place among all rules of its <see cref="RulePack"/>.</summary>
public sealed class Rule
{
    public required string Id { get; init; }

    public required RuleKind Kind { get; init; }

    public required int Index { get; init; }

    /// <summary>Codes per scope fact; a fact that is absent matches any code.</summary>
    public required IReadOnlyList<(Fact Fact, IReadOnlySet<int> Codes)> Scope { get; init; }

    public required IReadOnlyList<Citation> Cites { get; init; }

    public required string Topic { get; init; }

    public required LocalText Text { get; init; }

    public LocalText? Remedy { get; init; }

    /// <summary>Ids of the rules a derogation suspends.</summary>
    public IReadOnlyList<string> Suspends { get; init; } = [];

    public Duty? Duty { get; init; }

    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>The condition as written; empty for always.</summary>
    public string WhenText { get; init; } = "";

    public string RequireText { get; init; } = "";

    /// <summary>Condition with validity and what a derogation needs.</summary>
    internal Condition When { get; init; } = Condition.Always;

    /// <summary>Of a pre-condition.</summary>
    internal Condition Require { get; init; } = Condition.Always;

    /// <summary><c>file:line:column</c> of its id.</summary>
    public required string Where { get; init; }

    public override string ToString() => Id;
}

/// <summary>A scenario of a pack: facts in, expectation out.</summary>
public sealed record Scenario(
    string Id, LocalText Text, IReadOnlyList<(Fact Fact, Value Value)> Given, IReadOnlyList<string> Packs, bool ExpectsPermit, IReadOnlyList<string> By,
    IReadOnlyList<string> Unmet, IReadOnlyList<string> Missing, IReadOnlyList<string> Duties, string Where);

/// <summary>A checked pack. Immutable; decisions name it by <see cref="Id"/>, <see cref="Version"/> and <see cref="Hash"/>.</summary>
public sealed class RulePack
{
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Hash { get; init; }

    public required LocalText Title { get; init; }

    public required string Source { get; init; }

    public required string InstrumentId { get; init; }

    public required LocalText Instrument { get; init; }

    /// <summary>True for the pack that is in every conjunction.</summary>
    public required bool IsFloor { get; init; }

    /// <summary>True when the pack forbids and obliges only, and so need not grant.</summary>
    public required bool IsConstraints { get; init; }

    public required IReadOnlyDictionary<string, Parameter> Parameters { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>The vocabulary it was read with; only packs of one vocabulary go together.</summary>
    public required Vocabulary Vocabulary { get; init; }

    internal Condition Applies { get; init; } = Condition.Always;

    public Rule? Find(string id) => Rules.FirstOrDefault(rule => rule.Id == id);

    /// <summary>The pack, or every fault with line and column.</summary>
    public static (RulePack? Pack, IReadOnlyList<Error> Errors) Read(RulePackDocument document, Vocabulary vocabulary)
    {
        var errors = new RuleErrors();
        var pack = new RulePackBinder(document, vocabulary, errors).Bind();
        return errors.Count == 0 ? (pack, []) : (null, errors.All);
    }

    public override string ToString() => Id;
}
