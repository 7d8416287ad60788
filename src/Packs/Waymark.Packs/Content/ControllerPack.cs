using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>Who asks which packs apply: codes of the vocabulary <c>rules</c>.</summary>
/// <param name="Organisation">Code of <c>organisation</c>.</param>
/// <param name="Jurisdictions">Codes of <c>jurisdiction</c>: the law that binds the controller.</param>
/// <param name="Profile">Code of <c>profile</c>; null when it adds nothing.</param>
/// <param name="Systems">Codes of <c>system</c>: the kinds of system it runs.</param>
public sealed record ControllerSituation(
    string Organisation, IReadOnlyList<string> Jurisdictions, string? Profile = null, IReadOnlyList<string>? Systems = null);

/// <summary>A rule pack of a controller, and why it is there.</summary>
public sealed record ApplicablePack(string Pack, LocalText Why);

/// <summary>
/// The rule packs of one controller: those in its conjunction, and those of national law that are left out because of privileges
/// and immunities, with the rules that decide on national law instead.
/// </summary>
public sealed record ApplicablePacks(IReadOnlyList<ApplicablePack> Packs, IReadOnlyList<ApplicablePack> LeftOut, IReadOnlyList<string> InsteadBy)
{
    public IEnumerable<string> Ids => Packs.Select(pack => pack.Pack);
}

/// <summary>Which rule packs apply to which controller; read from a pack of kind <c>controllers</c>, never guessed.</summary>
public sealed class ControllerCatalogue
{
    private readonly IReadOnlyList<string> _always;
    private readonly Dictionary<string, (IReadOnlyList<string> Packs, bool IsImmune)> _organisations;
    private readonly Dictionary<string, IReadOnlyList<string>> _jurisdictions;
    private readonly Dictionary<string, IReadOnlyList<string>> _systems;
    private readonly Dictionary<string, IReadOnlyList<string>> _profiles;
    private readonly LocalText _immunity;
    private readonly IReadOnlyList<string> _immunityRules;

    private ControllerCatalogue(PackCursor root)
    {
        _always = root.TextList("always");
        _organisations = root.List("organisations").ToDictionary(
            node => node.Text("code"), node => (node.TextList("packs"), node.OptionalBoolean("immune") ?? false), StringComparer.Ordinal);
        _jurisdictions = ByCode(root, "jurisdictions");
        _systems = ByCode(root, "systems");
        _profiles = ByCode(root, "profiles");
        var immunity = root.Mapping("immunity");
        _immunity = immunity is null ? LocalText.Empty : RulePackReader.Pair(immunity);
        _immunityRules = immunity?.TextList("rules") ?? [];
    }

    public const string Kind = "controllers";

    /// <summary>Every organisation that the catalogue knows.</summary>
    public IEnumerable<string> Organisations => _organisations.Keys;

    /// <summary>Every pack that the catalogue names.</summary>
    public IEnumerable<string> Packs => _always.Concat(_organisations.Values.SelectMany(entry => entry.Packs)).Concat(_jurisdictions.Values.SelectMany(packs => packs))
        .Concat(_systems.Values.SelectMany(packs => packs)).Concat(_profiles.Values.SelectMany(packs => packs)).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Jurisdictions => _jurisdictions.Keys;

    public IReadOnlyList<string> InsteadOfNationalLaw => _immunityRules;

    public static ControllerCatalogue Read(Pack pack, PackErrors errors) => new(pack.Cursor(errors));

    /// <summary>
    /// The packs of a controller. An organisation that the catalogue does not know is refused: no pack, no permit. A jurisdiction without a pack adds
    /// none, so that pack <c>own-law</c> keeps refusing until the operator adds the pack of its own law.
    /// </summary>
    public Result<ApplicablePacks> Resolve(ControllerSituation situation)
    {
        if (!_organisations.TryGetValue(situation.Organisation, out var organisation))
        {
            var nearest = Suggestion.For(situation.Organisation, _organisations.Keys);
            return Error.Refused("rules.unknown-controller", $"There are no rule packs for the controller \"{situation.Organisation}\".",
                $"没有适用于控制者“{situation.Organisation}”的规则包。").WithHint(
                nearest is null ? "Name one of the organisations of packs/controllers." : $"Did you mean \"{nearest}\"?",
                nearest is null ? "请指明 packs/controllers 中的组织。" : $"是否指“{nearest}”？");
        }

        var packs = new List<ApplicablePack>();
        var leftOut = new List<ApplicablePack>();
        Add(packs, _always, new("in every conjunction", "始终适用"));
        Add(packs, organisation.Packs, new($"rules of the controller ({situation.Organisation})", $"控制者自身规则（{situation.Organisation}）"));
        foreach (var jurisdiction in situation.Jurisdictions)
        {
            Add(organisation.IsImmune ? leftOut : packs, _jurisdictions.GetValueOrDefault(jurisdiction) ?? [],
                organisation.IsImmune ? _immunity : new($"law that binds the controller ({jurisdiction})", $"约束控制者的法律（{jurisdiction}）"));
        }

        foreach (var system in situation.Systems ?? [])
        {
            Add(packs, _systems.GetValueOrDefault(system) ?? [], new($"kind of system ({system})", $"系统类别（{system}）"));
        }

        Add(packs, situation.Profile is null ? [] : _profiles.GetValueOrDefault(situation.Profile) ?? [],
            new($"profile of the node ({situation.Profile})", $"节点类型（{situation.Profile}）"));
        return new ApplicablePacks(packs, leftOut, leftOut.Count > 0 ? _immunityRules : []);
    }

    private static void Add(List<ApplicablePack> into, IEnumerable<string> ids, LocalText why) =>
        into.AddRange(ids.Where(id => into.All(known => known.Pack != id)).Select(id => new ApplicablePack(id, why)));

    private static Dictionary<string, IReadOnlyList<string>> ByCode(PackCursor root, string key) =>
        root.List(key).ToDictionary(node => node.Text("code"), node => node.TextList("packs"), StringComparer.Ordinal);
}
