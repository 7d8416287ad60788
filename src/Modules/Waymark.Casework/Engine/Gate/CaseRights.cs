using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>
/// Who may know that a record exists, and the same as a filter of rows: units of the actor, the desk's purpose, a ceiling. Need-to-know lists are checked on the candidates;
/// the filter never widens.
/// </summary>
internal static class CaseRights
{
    private const string Offence = "offence.type";

    public static bool MayKnow(RegisterLibrary registers, CaseDesk desk, RegisterPlan plan, RecordDocument document) =>
        desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal)
        && (desk.Actor.Units.Contains(document.Control.Unit, StringComparer.Ordinal) || (document.Control.Offer is { } offer && desk.Actor.Units.Contains(offer.To, StringComparer.Ordinal)))
        && (registers.Bits([desk.Purpose]) & plan.PurposeBits) != 0
        && !Firewall.Hides(desk.Purpose, document)
        && (document.NeedToKnow.Count == 0 || document.NeedToKnow.Contains(desk.Actor.Account, StringComparer.Ordinal));

    public static RowFilter Filter(RegisterLibrary registers, CaseDesk desk, Sensitivity ceiling = Sensitivity.High) =>
        new([.. desk.Actor.Units.Distinct(StringComparer.Ordinal).Take(256)], registers.Bits([desk.Purpose]), (byte)ceiling);

    /// <summary>True for fields that the desk's purpose may not see.</summary>
    public static Func<FieldPlan, bool> Hidden(RegisterLibrary registers, CaseDesk desk)
    {
        var bit = registers.Bits([desk.Purpose]);
        return field => (field.Purposes & bit) == 0;
    }

    /// <summary>The question to the gate about a record: the register's facts, the record's own, what the desk states.</summary>
    public static GateRequest Ask(CaseDesk desk, RegisterPlan plan, string matter, RecordDocument? document, IReadOnlyList<string> persons, string action, string recipient,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? typed, IReadOnlyDictionary<string, IReadOnlyList<string>>? standing)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(standing ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (fact, values) in plan.Facts)
        {
            facts[fact] = values;
        }

        facts["recipient.type"] = [recipient];
        foreach (var (fact, values) in typed ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))
        {
            facts[fact] = values;
        }

        facts["data.sensitivity"] = [Packs.Words.Of(plan.Sensitivity)];
        var categories = plan.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal).ToList();
        if (categories.Count > 0)
        {
            facts["data.categories"] = categories;
        }

        foreach (var field in plan.Fields.Where(field => field.Fact is not null))
        {
            if (document?.One(field.Path) is { } claim && Said(field, claim.Value).Where(word => field.FactCodes?.Contains(word) != false).ToList() is { Count: > 0 } words)
            {
                facts[field.Fact!] = words;
            }
        }

        if (plan.Fields.All(field => field.Category is not ("biometric" or "genetic")))
        {
            facts["data.biometric"] = ["false"];
        }

        // A register without a field for offences records none, nor does a record whose field says nothing yet, as long as it stays here; the reader of packs keeps situations out of such fields (F11).
        if (plan.Fields.All(field => field.Category != "criminal" && field.Fact != Offence) || (action is "collect" or "update" && plan.Fields.Any(field => field.Fact == Offence && SaysNothing(document, field))))
        {
            facts[Offence] = ["none"];
        }

        // What the desk states adds to the record's facts and never replaces them.
        foreach (var (fact, values) in desk.Facts)
        {
            facts.TryAdd(fact, values);
        }

        // What the register was set up for, and not what anybody at the desk says.
        return new(desk.Actor, desk.Unit, matter, persons, action, desk.Purpose, facts)
        {
            CarriedPurposes = plan.Purposes.ToHashSet(StringComparer.Ordinal),
            DeclaredPurpose = plan.Purposes.Contains(desk.Purpose, StringComparer.Ordinal) ? desk.Purpose : plan.Purposes[0],
        };
    }

    /// <summary>True while nobody entered anything but that it was not checked; a dispute says something.</summary>
    private static bool SaysNothing(RecordDocument? document, FieldPlan field) =>
        (document?.Fields.GetValueOrDefault(field.Path)?.Claims ?? []).All(claim => claim.Value.Member("code") is { } code && field.FactCodes?.Contains(code) == false);

    /// <summary>A value in the words of the gate's vocabulary: yes and no are true and false there, and an answer of "unknown" states nothing.</summary>
    public static IReadOnlyList<string> Said(FieldPlan field, FieldValue value) => field.Type != FieldType.YesNo ? Steps.Words(field, value)
        : [.. Steps.Words(field, value).Select(word => word switch { "yes" => "true", "no" => "false", _ => "" }).Where(word => word.Length > 0)];

    /// <summary>The other way: a word of the gate's vocabulary as it is entered.</summary>
    public static string Word(FieldPlan field, string said) => field.Type != FieldType.YesNo ? said : said == "true" ? "yes" : "no";

    public static IReadOnlyList<string> Persons(RegisterPlan plan, RecordDocument document) =>
        plan.Id == People.PersonCore.Register ? [document.Id] : [.. document.Persons.Select(person => person.Person).Distinct(StringComparer.Ordinal)];
}
