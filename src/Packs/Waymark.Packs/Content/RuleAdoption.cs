using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>
/// That an operator adopted a rule pack for real data: its legal officer and a second person, who saw the rows whose citations nobody has
/// verified yet. It holds for one hash; a changed pack is adopted anew.
/// </summary>
/// <param name="Pack">Id of the pack.</param>
/// <param name="Hash">Hash of the pack as it was read.</param>
/// <param name="LegalOfficer">Account of the legal officer.</param>
/// <param name="SecondPerson">Account of the second person.</param>
/// <param name="At">When.</param>
/// <param name="RowsSeen">Ids of the unverified rules that the second person saw.</param>
public sealed record RuleAdoption(string Pack, string Hash, string LegalOfficer, string SecondPerson, DateTimeOffset At, IReadOnlyList<string> RowsSeen);

/// <summary>Whether a pack may permit on real data.</summary>
public enum AdoptionState
{
    /// <summary>Adopted as it stands.</summary>
    Adopted,

    /// <summary>The floor: it only forbids and obliges, and needs nobody's adoption.</summary>
    AlwaysInForce,

    /// <summary>Nobody adopted it: it forbids and obliges, and permits on invented data only.</summary>
    NotAdopted,

    /// <summary>Another version was adopted.</summary>
    Changed,

    /// <summary>Both signatures are of one person, or one is missing.</summary>
    OnePerson,

    /// <summary>The second person did not see every unverified row.</summary>
    RowsNotSeen,
}

/// <summary>Judges adoptions. Answers of an adopted pack say "permitted by …"; no answer says that an act is lawful.</summary>
public static class RuleAdoptions
{
    /// <summary>Ids of the rules of which a citation is unverified, in the order of the pack.</summary>
    public static IReadOnlyList<string> Unverified(RulePackDocument pack) =>
        [.. pack.Rules.Where(rule => rule.Cites.Any(cite => cite.Status != "verified")).Select(rule => rule.Id.Text)];

    /// <summary>The state of a pack under the adoptions on record; the newest of its hash decides.</summary>
    public static AdoptionState StateOf(RulePackDocument pack, IEnumerable<RuleAdoption> adoptions)
    {
        if (pack.IsFloor)
        {
            return AdoptionState.AlwaysInForce;
        }

        var own = adoptions.Where(adoption => adoption.Pack == pack.Id).OrderByDescending(adoption => adoption.At).ToList();
        if (own.Count == 0)
        {
            return AdoptionState.NotAdopted;
        }

        if (own.Find(adoption => adoption.Hash == pack.Hash) is not { } adoption)
        {
            return AdoptionState.Changed;
        }

        if (adoption.LegalOfficer.Length == 0 || adoption.SecondPerson.Length == 0 || adoption.LegalOfficer == adoption.SecondPerson)
        {
            return AdoptionState.OnePerson;
        }

        return Unverified(pack).Except(adoption.RowsSeen, StringComparer.Ordinal).Any() ? AdoptionState.RowsNotSeen : AdoptionState.Adopted;
    }

    /// <summary>True when the pack's permission counts on real data.</summary>
    public static bool MayPermit(AdoptionState state) => state == AdoptionState.Adopted;

    /// <summary>The words of an answer: which packs permitted, never that it is lawful.</summary>
    public static LocalText PermittedBy(IEnumerable<string> packs)
    {
        var ids = packs.ToList();
        return new($"Permitted by {string.Join(", ", ids)}.", $"由{string.Join("、", ids)}许可。");
    }
}
