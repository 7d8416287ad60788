using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Protection.Domain;

/// <summary>
/// Whether two people are two (M52): different accounts, trusted security keys, different credentials, no unit in common, two
/// minutes apart, and neither is who asked. Each shared trait alone refuses.
/// </summary>
internal static class TwoPersons
{
    public static readonly TimeSpan LeastApart = TimeSpan.FromMinutes(2);

    public static Error? Check(string requester, Actor first, DateTimeOffset firstAt, Actor second, DateTimeOffset secondAt)
    {
        if (first.Account == second.Account)
        {
            return Refused("two.same-account", "Two persons are needed; this is one account.", "须由两人办理；此为同一账户。");
        }

        if (requester == second.Account || (requester == first.Account && requester != ""))
        {
            return Refused("two.requester", "Whoever asks does not approve.", "申请人不得批准。");
        }

        if (!first.IsHardware || !second.IsHardware)
        {
            return NoKey();
        }

        if (first.Credential is null || second.Credential is null || first.Credential == second.Credential)
        {
            return Refused("two.same-device", "Both persons used one security key.", "两人使用了同一把安全密钥。");
        }

        if (first.Units.Intersect(second.Units, StringComparer.Ordinal).Any())
        {
            return Refused("two.same-unit", "The two persons work in the same unit.", "两人属于同一单位。");
        }

        return secondAt - firstAt < LeastApart
            ? Refused("two.too-quick", "The second person decides at least two minutes after the first.", "第二人须在第一人至少两分钟后决定。") : null;
    }

    /// <summary>Whether one person may be the first of two.</summary>
    public static Error? Alone(Actor first) => first is { IsHardware: true, Credential: not null } ? null : NoKey();

    private static Error NoKey() => Refused("two.credential", "Both persons sign in with a trusted security key.", "两人均须使用受信安全密钥登录。");

    private static Error Refused(string code, string en, string zh) => Error.Refused(code, en, zh);
}
