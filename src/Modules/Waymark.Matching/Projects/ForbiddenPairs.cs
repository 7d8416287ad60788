using Waymark.Model;

namespace Waymark.Matching;

/// <summary>
/// Registers that are never merged or linked (F7). In code, so that no pack, role or setting moves it; a test compares it with the floor of the
/// rule packs over all pairs of classes.
/// </summary>
public static class ForbiddenPairs
{
    private static readonly (string First, string Second)[] s_pairs =
        [("victim", "suspect"), ("service", "enforcement"), ("child", "enforcement"), ("asylum", "state-of-origin")];

    /// <summary>Refuses classes of which two never come together; <c>matching.forbidden-pair</c>.</summary>
    public static Result<bool> Check(IEnumerable<string> classes)
    {
        var all = classes.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (first, second) in s_pairs)
        {
            if (all.Contains(first) && all.Contains(second))
            {
                return Error.Refused(
                    "matching.forbidden-pair", $"Registers of class \"{first}\" and \"{second}\" are never linked.", $"“{first}”类与“{second}”类登记册绝不相互链接。", first + " × " + second)
                    .WithHint("This holds in every project and for every role (floor rule F7).", "此规定适用于所有项目和所有角色（底线规则 F7）。");
            }
        }

        return true;
    }
}
