using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>What a record says to the gate, for those who may read the record.</summary>
public interface ICaseFacts
{
    /// <summary>The facts of a question about this record; asked of the gate like any reading. Fields that are not for the desk's purpose, or that the gate masks, say nothing. Error <c>case.nothing</c>.</summary>
    Task<CaseAnswer<RecordFacts>> FactsAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);
}

/// <summary>Facts by the vocabulary's ids. <paramref name="LeftOut"/>: how many are not for this desk.</summary>
public sealed record RecordFacts(RegisterPlan Plan, string Reference, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts, string Declared, int LeftOut) : IPersonal<RecordFacts>
{
    public RecordFacts Without(IReadOnlySet<string> fields) => Without(field => field.Mask is { } mask && fields.Contains(mask));

    public RecordFacts Without(Func<FieldPlan, bool> hidden)
    {
        var gone = Plan.Fields.Where(field => field.Fact is not null && hidden(field)).Select(field => field.Fact!).ToHashSet(StringComparer.Ordinal);
        var left = Facts.Where(fact => !gone.Contains(fact.Key)).ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal);
        return this with { Facts = left, LeftOut = LeftOut + Facts.Count - left.Count };
    }
}
