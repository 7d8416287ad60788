using System.Text.RegularExpressions;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Definitions;

/// <summary>What a registered definition must hold; every fault is named with its field, all at once.</summary>
internal static partial class DefinitionRules
{
    private const int LongestText = 4_000;
    private const int LongestName = 300;

    public static IReadOnlyList<Error> Check(NationalDefinition definition, Func<string, bool> isArea)
    {
        var faults = new List<Error>();
        if (!isArea(definition.Area))
        {
            Fault("area", "is not a country or area of the list", "不在国家或地区列表中");
        }

        if (!DefinitionTopics.All.Contains(definition.Topic, StringComparer.Ordinal))
        {
            Fault("topic", "is none of " + string.Join(", ", DefinitionTopics.All), "不在可选主题之内：" + string.Join("、", DefinitionTopics.All));
        }

        Required("law", definition.Law, LongestName);
        Required("article", definition.Article, LongestName);
        if (definition.Text.Count == 0 || definition.Text.Any(text => text.Value.Trim().Length is 0 or > LongestText))
        {
            Fault("text", $"must say the definition in the words of the law, at most {LongestText} characters", $"须以法律原文写明定义，最多 {LongestText} 个字符");
        }

        if (!IsDate(definition.ValidFrom))
        {
            Fault("valid-from", "must be a year or a date such as 2021 or 2021-07-01", "须为年份或日期，例如 2021 或 2021-07-01");
        }

        if (definition.ValidTo is { } end && (!IsDate(end) || string.CompareOrdinal(end, definition.ValidFrom) < 0))
        {
            Fault("valid-to", "must be a year or a date not before the beginning", "须为不早于起始日的年份或日期");
        }

        if (definition.Exclusions.Count > 20 || definition.Exclusions.Any(text => text.Trim().Length is 0 or > LongestName))
        {
            Fault("exclusions", "may hold at most 20 short texts", "最多 20 条短文本");
        }

        if (definition.Series.Count > 50 || definition.Series.Any(series => !SeriesId().IsMatch(series)))
        {
            Fault("series", "must be ids such as un-desa/migrant-stock", "须为数列标识，例如 un-desa/migrant-stock");
        }

        return faults;

        void Required(string field, string text, int longest)
        {
            if (text.Trim().Length == 0 || text.Length > longest)
            {
                Fault(field, $"is needed, at most {longest} characters", $"必须填写，最多 {longest} 个字符");
            }
        }

        void Fault(string field, string en, string zh) => faults.Add(
            Error.Invalid("definition.invalid", $"The field {field} {en}.", $"字段 {field} {zh}。", field));
    }

    private static bool IsDate(string text) => Period.TryParse(text, out var period) && period.Granularity is Granularity.Year or Granularity.Month or Granularity.Day;

    [GeneratedRegex("^[a-z0-9-]{1,60}/[a-z0-9-]{1,80}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex SeriesId();
}
