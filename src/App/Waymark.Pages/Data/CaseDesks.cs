using System.Diagnostics.CodeAnalysis;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Pages.Data;

/// <summary>
/// For which unit and purpose somebody works on a register. Both are codes in the address and are checked by the gate; a purpose is asked
/// for when the role allows several, and taken without asking when there is one.
/// </summary>
public sealed class CaseDesks(IActorSource actors, RuleBookSource rules)
{
    public Actor? Actor => actors.Actor;

    /// <summary>Purposes of the register that follow from the actor's role, in the register's order.</summary>
    public IReadOnlyList<string> Purposes(RegisterPlan plan) => Actor is { } actor && rules.Book is { } book && book.Purposes.TryGetValue(actor.Role, out var own)
        ? [.. plan.Purposes.Where(own.Contains)] : [];

    public string PurposeName(string purpose, string language) =>
        rules.Book?.Rules.Vocabulary.Find("purpose")?.Codes?.Codes.FirstOrDefault(code => code.Id == purpose)?.Name.In(language) ?? purpose;

    public bool TryFind(RegisterPlan plan, string? unit, string? purpose, [NotNullWhen(true)] out CaseDesk? desk)
    {
        desk = null;
        if (Actor is not { } actor || actor.Units.Count == 0)
        {
            return false;
        }

        var purposes = Purposes(plan);
        var chosen = purpose is not null && purposes.Contains(purpose, StringComparer.Ordinal) ? purpose : purposes is [var only] ? only : null;
        if (chosen is null)
        {
            return false;
        }

        desk = new(actor, unit is not null && actor.Units.Contains(unit, StringComparer.Ordinal) ? unit : actor.Units[0], chosen);
        return true;
    }
}
