using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Definitions;

/// <summary>
/// Decides whether figures under two definitions may be compared. Every component counts; a component that nobody knows
/// is no agreement; a bridge is used only where it names the component and both values.
/// </summary>
public sealed class DefinitionComparer(IReadOnlyList<DefinitionBridge> bridges)
{
    private static readonly Dictionary<string, LocalText> Components = new(StringComparer.Ordinal)
    {
        ["concept"] = new("kind of figure", "数字类型"),
        ["basis"] = new("who counts as a migrant", "谁算作移民"),
        ["duration"] = new("length of stay", "停留时间"),
        ["source"] = new("how it is collected", "收集方式"),
        ["counts"] = new("what is counted", "统计对象"),
        ["exclusions"] = new("who is left out", "未计入者"),
    };

    public DefinitionComparison Compare(DefinitionEntry mine, DefinitionEntry other)
    {
        var differences = mine.Vector.DifferencesFrom(other.Vector);
        if (differences.Count == 0 && !HasUnknown(mine.Vector) && !HasUnknown(other.Vector))
        {
            return new(other, Comparability.Comparable, [], [], new(
                "The definitions agree in every component: figures may be compared and added.",
                "两个定义在各方面一致：数字可以比较和相加。"));
        }

        var unknown = differences.Where(component => IsUnknown(mine.Vector, component) || IsUnknown(other.Vector, component)).ToList();
        var known = differences.Except(unknown, StringComparer.Ordinal).ToList();
        var found = known.Select(component => Bridge(component, mine.Vector, other.Vector)).OfType<DefinitionBridge>().ToList();
        if (found.Count < known.Count)
        {
            var open = known.Where(component => Bridge(component, mine.Vector, other.Vector) is null).ToList();
            return new(other, Comparability.Refused, differences, found, new(
                $"They differ in {Words(open, "en")}, and no published bridge joins them: these figures are not compared or added.",
                $"两者在{Words(open, "zh")}上不同，且没有已发布的换算方法：这些数字不作比较或相加。"));
        }

        if (unknown.Count > 0 || HasUnknown(mine.Vector) || HasUnknown(other.Vector))
        {
            return new(other, Comparability.Unknown, differences, found, new(
                "Part of one definition is not known: figures may stand side by side with this warning, and are never added.",
                "其中一个定义的部分内容不详：数字可附此说明并列，但绝不相加。"));
        }

        return new(other, Comparability.Bridged, differences, found, new(
            $"They differ in {Words(known, "en")}; {string.Join("; ", found.Select(bridge => bridge.Name.In("en")))} brings one to the other with a stated error.",
            $"两者在{Words(known, "zh")}上不同；{string.Join("；", found.Select(bridge => bridge.Name.In("zh")))}可在注明误差的情况下换算。"));
    }

    /// <summary>Numbers the groups of entries that agree with one another; unknown components put an entry alone.</summary>
    public static IReadOnlyDictionary<string, int> Groups(IReadOnlyList<DefinitionEntry> entries)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        var heads = new List<DefinitionVector>();
        foreach (var entry in entries.OrderBy(entry => entry.Id, StringComparer.Ordinal))
        {
            var at = HasUnknown(entry.Vector) ? -1 : heads.FindIndex(head => !HasUnknown(head) && head.DifferencesFrom(entry.Vector).Count == 0);
            if (at < 0)
            {
                heads.Add(entry.Vector);
                at = heads.Count - 1;
            }

            groups[entry.Id] = at + 1;
        }

        return groups;
    }

    private DefinitionBridge? Bridge(string component, DefinitionVector mine, DefinitionVector other) =>
        bridges.FirstOrDefault(bridge => bridge.Component == component
            && ((Is(bridge.From, mine, component) && Is(bridge.To, other, component))
                || (Is(bridge.To, mine, component) && Is(bridge.From, other, component))));

    /// <summary>Packs write words of the vocabulary with hyphens ("twelve-months").</summary>
    private static bool Is(string word, DefinitionVector vector, string component) =>
        string.Equals(word.Replace("-", "", StringComparison.Ordinal), Value(vector, component), StringComparison.OrdinalIgnoreCase) || word == Value(vector, component);

    internal static string Value(DefinitionVector vector, string component) => component switch
    {
        "concept" => vector.Concept.ToString(),
        "basis" => vector.Basis.ToString(),
        "duration" => vector.Duration.ToString(),
        "source" => vector.Source.ToString(),
        "counts" => vector.Counts.ToString(),
        _ => string.Join('|', vector.Exclusions.Order(StringComparer.Ordinal)),
    };

    private static bool IsUnknown(DefinitionVector vector, string component) => Value(vector, component) == "Unknown";

    internal static bool HasUnknown(DefinitionVector vector) => vector.Concept == StatisticalConcept.Unknown
        || vector.Basis == PopulationBasis.Unknown || vector.Duration == DurationRule.Unknown || vector.Source == CollectionSource.Unknown;

    internal static string Words(IReadOnlyList<string> components, string language) =>
        string.Join(language == "zh" ? "、" : ", ", components.Select(component => Components[component].In(language)));
}
