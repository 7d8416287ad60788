using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Rules.Engine;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>
/// A condition of the rule language on its own, checked against a vocabulary and compiled once: for guards of registers, so that no second
/// language for conditions comes to be. Immutable; safe for several threads.
/// </summary>
public sealed class CheckedCondition
{
    private readonly Condition _condition;

    private CheckedCondition(string text, Condition condition)
    {
        (Text, _condition) = (text, condition);
        Facts = [.. condition.Facts().DistinctBy(fact => fact.Id)];
    }

    /// <summary>As it stands in the pack.</summary>
    public string Text { get; }

    /// <summary>The facts it asks for.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>The condition, or every fault with line and column (<c>rules.unknown-fact</c>, <c>rules.types</c> …).</summary>
    public static (CheckedCondition? Condition, IReadOnlyList<Error> Errors) Read(SourceText source, Vocabulary vocabulary)
    {
        var errors = new RuleErrors();
        var condition = Checker.Read(source, vocabulary, new Dictionary<string, Parameter>(StringComparer.Ordinal), errors);
        return condition is null ? (null, errors.All) : (new(source.Text, condition), errors.All);
    }

    /// <summary>True, false, or unknown when what it asks for is not known.</summary>
    public Truth Evaluate(RequestFacts facts) => Tree.Evaluate(_condition, facts);
}
