using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>One bar of a waterfall: a field, what was found, and the bits it adds (for) or takes (against).</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Finding">What was found, in words.</param>
/// <param name="Bits">log2 of how much likelier this finding is for one person than for two.</param>
public sealed record ExplanationStep(string Field, LocalText Finding, double Bits);

/// <summary>
/// Why a pair has its weight: where pairs of its rule start, one step per field, and the rest that comes from fields that go along with
/// each other and from the links around the pair. Start + steps = weight (log2 odds).
/// </summary>
public sealed record PairExplanation(double StartBits, IReadOnlyList<ExplanationStep> Steps, double Weight, double Probability);

internal sealed class PairExplainer(PreparedRecords records, PatternLayout layout, LinkageModel model, LinkageKnowledge knowledge)
{
    /// <summary>Odds above which a probability rounds to one, so that it no longer says what they were.</summary>
    private const double MostOdds = 19;

    public PairExplanation Explain(LinkedPair pair)
    {
        if (pair.Rule == LinkedPair.Reviewed)
        {
            return new(0, [new("review", new("a person looked and said: one person", "经人工核对：同一人"), pair.Weight)], pair.Weight, pair.Probability);
        }

        var pattern = new PairComparer(records, layout, knowledge).Compare(pair.Left, pair.Right);
        var rule = model.Rules[pair.Rule];

        // Pairs of a rule start alike if they can be compared in the same fields: who has no date is not where an earlier rule took the equal dates.
        var start = Math.Log2(rule.MatchShare / (1 - rule.MatchShare));
        for (var f = 0; f < layout.Fields.Count; f++)
        {
            var (m, u) = (rule.Match[f][0], ((1 - rule.NearShare) * rule.NonMatch[f][0]) + (rule.NearShare * rule.Near[f][0]));
            start += m <= 0 || u <= 0 ? 0 : PatternLayout.Level(pattern, layout.Fields[f]) == 0 ? Math.Log2(m / u) : Math.Log2((1 - m) / (1 - u));
        }

        var steps = new List<ExplanationStep>();
        var sum = start;
        for (var f = 0; f < layout.Fields.Count; f++)
        {
            var field = layout.Fields[f];
            var level = PatternLayout.Level(pattern, field);
            if (level == 0 && field.Role == FieldRole.FullName && (field.Across || NamesAcross(pattern)))
            {
                // Names are compared in one of two fields: the other has nothing to say, and both names are there.
                continue;
            }

            var u = ((1 - rule.NearShare) * rule.NonMatch[f][level]) + (rule.NearShare * rule.Near[f][level]);
            var bits = level == 0 || u <= 0 || rule.Match[f][level] <= 0 ? 0 : Math.Log2(rule.Match[f][level] / u);
            sum += bits;
            steps.Add(new(field.Name, Finding(field, level), bits));
        }

        if (Math.Abs(pair.Weight - sum) > 0.01)
        {
            steps.Add(new("together", new("how seldom strangers agree in all of this at once", "陌生人同时在以上各项如此相符的罕见程度"), pair.Weight - sum));
        }

        // What a pair is worth by itself and what it came to: the links of a group speak for each other, and so does that nobody else contests a link.
        var around = Odds(pair.Probability) - pair.Weight;
        if (pair.Weight < MostOdds && Math.Abs(around) > 0.05)
        {
            steps.Add(new("links around it", new("what the other links of these records say", "这些记录的其他链接所说明的"), around));
            return new(start, steps, pair.Weight + around, pair.Probability);
        }

        return new(start, steps, pair.Weight, pair.Probability);
    }

    private bool NamesAcross(ulong pattern) => layout.Fields.Any(field => field.Across && PatternLayout.Level(pattern, field) != 0);

    private static double Odds(double probability) => Math.Log2(Math.Clamp(probability, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(probability, 1e-6, 1 - 1e-6)));

    private static LocalText Finding(PatternField field, int level) => level == 0
        ? new("cannot be compared: missing on a side", "无法比较：一方缺失")
        : field.Role switch
        {
            FieldRole.FullName => Name(field.Across, level),
            FieldRole.BirthDate => Date(level),
            FieldRole.Sex => level == 2 ? new("the same", "相同") : new("different", "不同"),
            _ => level switch
            {
                1 => new("different", "不同"),
                2 => new("alike in part", "部分相似"),
                3 => new("nearly the same", "几乎相同"),
                <= 5 => new("the same, a common value", "相同，常见取值"),
                _ => new("the same, a rare value", "相同，罕见取值"),
            },
        };

    private static LocalText Name(bool across, int level)
    {
        if (level == 1)
        {
            return across ? new("no likely spelling of each other", "不像是彼此的转写") : new("different", "不同");
        }

        var (en, zh) = ((level - 2) % 4) switch
        {
            0 => ("all parts agree", "各部分一致"),
            1 => ("the parts that both give agree", "双方都有的部分一致"),
            2 => ("given names agree, family names differ", "名一致，姓不同"),
            _ => ("parts differ", "有部分不同"),
        };
        var (rarityEn, rarityZh) = ((level - 2) / 4) switch { <= 1 => ("common", "常见"), <= 3 => ("fairly rare", "较少见"), _ => ("rare", "罕见") };
        return new($"{en}{(across ? " across scripts" : "")}; what agrees is {rarityEn}", $"{zh}{(across ? "（跨文字）" : "")}；一致的部分{rarityZh}");
    }

    private static LocalText Date(int level) => level switch
    {
        DateLevels.Differ => new("different", "不同"),
        DateLevels.Near => new("years close, a side is estimated or a default day", "年份接近，一方为估计或默认日期"),
        DateLevels.YearOnly => new("same year, other day", "同年不同日"),
        DateLevels.DayMonthOnly => new("same day and month, other year", "同月同日不同年"),
        DateLevels.OnePart => new("one part differs", "仅一处不同"),
        DateLevels.Turned => new("the same with day and month turned, or in another calendar", "日月颠倒或另一历法下相同"),
        DateLevels.Partial => new("same year; a side knows no more", "同年；一方仅知年份"),
        DateLevels.PartialMonth => new("same month; a side knows no more", "同月；一方仅知月份"),
        DateLevels.ExactDefault => new("the same, a default day", "相同，默认日期"),
        _ => new("the same", "相同"),
    };
}
