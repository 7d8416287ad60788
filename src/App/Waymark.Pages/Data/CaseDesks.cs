using System.Diagnostics.CodeAnalysis;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Pages.Data;

/// <summary>
/// For which unit and purpose somebody works on a register. The purpose is the one that was stated in this sign-in, for the case or at all; what an address or a
/// form says about it is never taken. The gate checks both.
/// </summary>
public sealed class CaseDesks(IActorSource actors, RuleBookSource rules, IStatedPurposes stated)
{
    public Actor? Actor => actors.Actor;

    /// <summary>What the person works for at present; null when it was not asked yet.</summary>
    public string? Stated => stated.Purpose is { } purpose && OwnPurposes.Contains(purpose, StringComparer.Ordinal) ? purpose : null;

    /// <summary>The unit that was chosen with it.</summary>
    public string? StatedUnit => stated.Unit;

    /// <summary>Purposes that follow from the actor's role, in the order of the vocabulary.</summary>
    public IReadOnlyList<string> OwnPurposes => Actor is { } actor && rules.Book is { } book && book.Purposes.TryGetValue(actor.Role, out var own)
        ? [.. (book.Rules.Vocabulary.Find("purpose")?.Codes?.Codes.Select(code => code.Id) ?? []).Where(own.Contains)] : [];

    /// <summary>Purposes of the register that follow from the actor's role, in the register's order.</summary>
    public IReadOnlyList<string> Purposes(RegisterPlan plan) => Actor is { } actor && rules.Book is { } book && book.Purposes.TryGetValue(actor.Role, out var own)
        ? [.. plan.Purposes.Where(own.Contains)] : [];

    public string PurposeName(string purpose, string language) => Word("purpose", purpose, language);

    /// <summary>The name of a code of the rules' vocabulary, such as a kind of recipient or the form of a consent.</summary>
    public string Word(string fact, string code, string language) =>
        rules.Book?.Rules.Vocabulary.Find(fact)?.Codes?.Codes.FirstOrDefault(known => known.Id == code)?.Name.In(language) ?? code;

    /// <summary>The file a purpose is stated for.</summary>
    public static string Matter(RegisterPlan plan, string id) => $"{plan.Id}/{id}";

    /// <summary>True when this very file is open for its purpose: another one is then a new decision of somebody else (M02).</summary>
    public bool IsStated(RegisterPlan plan, string id) => stated.Of(Matter(plan, id)) is not null;

    /// <summary>True when the person works for something that this register does not serve: a file in it then has its own purpose.</summary>
    public bool DiffersFrom(RegisterPlan plan) => Stated is { } purpose && !plan.Purposes.Contains(purpose, StringComparer.Ordinal);

    /// <summary>The desk at which the register, or one file of it, may be worked on; none while no purpose that it serves was stated.</summary>
    public bool TryFind(RegisterPlan plan, string? id, string? unit, [NotNullWhen(true)] out CaseDesk? desk)
    {
        desk = null;
        if (Actor is not { } actor || actor.Units.Count == 0
            || ((id is null ? null : stated.Of(Matter(plan, id))) ?? stated.Purpose) is not { } purpose || !Purposes(plan).Contains(purpose, StringComparer.Ordinal))
        {
            return false;
        }

        var chosen = unit ?? stated.Unit;
        desk = new(actor, chosen is not null && actor.Units.Contains(chosen, StringComparer.Ordinal) ? chosen : actor.Units[0], purpose);
        return true;
    }

    /// <summary>Notes, once a file was opened, for which purpose: it stands until the sign-in ends.</summary>
    public async Task<Error?> OpenedAsync(RegisterPlan plan, string id, CaseDesk desk, CancellationToken cancellationToken) =>
        IsStated(plan, id) ? null : (await stated.StateAsync(Matter(plan, id), desk.Purpose, cancellationToken)).Error;
}
