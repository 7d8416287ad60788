using Waymark.Casework.Documents;
using Waymark.Model;

namespace Waymark.Casework.People;

/// <summary>Situations in which people find themselves (S069); dated, never a label on a person.</summary>
public enum Situation { Regular, Irregular, Smuggled, InDebtToSmugglers, Deceived, Trafficked, SlaveryLike, SeekingAsylum, ProtectionRefused, Returned }

/// <summary>A change from one situation to another that the sources describe: what it warns of and which protection it proposes. It warns and proposes; it decides nothing.</summary>
public sealed record SituationChange(Situation From, Situation To, LocalText Warning, LocalText Protection);

/// <summary>
/// How situations turn into one another (S069): who cannot pay a smuggler may be sold; who is deceived or coerced is a victim; a victim may come into slavery-like practice;
/// whose claim fails and who cannot leave becomes irregular.
/// </summary>
public static class Situations
{
    public static IReadOnlyList<SituationChange> Known { get; } =
    [
        new(Situation.Smuggled, Situation.InDebtToSmugglers, new("Who cannot pay may be held or sold.", "无力付款者可能被扣押或转卖。"), new("Ask about debt and threats; offer shelter and legal help.", "询问债务与威胁；提供庇护与法律援助。")),
        new(Situation.InDebtToSmugglers, Situation.Trafficked, new("Debt to smugglers is a common way into trafficking.", "欠偷运者债务是被贩运的常见途径。"), new("Offer identification as a victim and time to reflect.", "提供受害人身份识别与考虑期。")),
        new(Situation.Smuggled, Situation.Trafficked, new("Deception or coercion on the way makes a victim, whatever was agreed before.", "途中受骗或被胁迫即为受害人，无论事先有何约定。"), new("Offer identification as a victim and time to reflect.", "提供受害人身份识别与考虑期。")),
        new(Situation.Deceived, Situation.Trafficked, new("Recruitment by deception is a means of trafficking.", "以欺骗方式招募是贩运手段。"), new("Offer identification as a victim and time to reflect.", "提供受害人身份识别与考虑期。")),
        new(Situation.Trafficked, Situation.SlaveryLike, new("Slavery-like practice or forced marriage may follow.", "其后可能陷入类似奴役的处境或强迫婚姻。"), new("Safety planning and safe contact first.", "先制定安全计划与安全联系方式。")),
        new(Situation.SeekingAsylum, Situation.ProtectionRefused, new("A refusal may leave the person without a right to stay.", "被拒后可能失去居留权。"), new("Check appeal, other protection and regular ways.", "核查上诉、其他保护与正规途径。")),
        new(Situation.ProtectionRefused, Situation.Irregular, new("Who cannot leave becomes irregular through no act of their own.", "无法离开者会在无自身行为的情况下陷入非正常身份。"), new("Check non-refoulement and regular ways before anything else.", "先核查不推回原则与正规途径。")),
        new(Situation.Trafficked, Situation.Irregular, new("A victim whose case ends may lose the right to stay.", "案件结束的受害人可能失去居留权。"), new("Services go on; check stay for victims.", "服务继续；核查受害人居留。")),
        new(Situation.Regular, Situation.Irregular, new("A lapsed permit opens the way to exploitation.", "许可到期会使人易受剥削。"), new("Offer advice on regularisation.", "提供身份正常化咨询。")),
    ];

    /// <summary>What the person's last two dated situations warn of; null when the sources say nothing. Undated situations warn of nothing.</summary>
    public static SituationChange? Warning(RecordDocument person)
    {
        var from = PersonCore.Many(person, "situations", "from").ToDictionary(pair => pair.Item, pair => Edtf.Read(pair.Value.Text)?.First, StringComparer.Ordinal);
        var dated = PersonCore.Many(person, "situations", "situation").Where(pair => from.GetValueOrDefault(pair.Item) is not null).OrderBy(pair => from[pair.Item])
            .Select(pair => Packs.Words.TryParse<Situation>(pair.Value.Member("code") ?? "", out var situation) ? situation : default(Situation?)).OfType<Situation>().ToList();
        return dated is [.., var before, var now] ? Known.FirstOrDefault(change => change.From == before && change.To == now) : null;
    }
}
