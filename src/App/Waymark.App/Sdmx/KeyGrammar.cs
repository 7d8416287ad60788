using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>
/// The key of a data query. SDMX 3: keys joined by <c>,</c>, positions by <c>.</c>, <c>*</c> for any, positions at the end may be left
/// out. SDMX 2.1: one key, values of a position joined by <c>+</c>, an empty position for any, <c>all</c> for everything.
/// </summary>
public static class KeyGrammar
{
    private const int MostKeys = 200;

    /// <summary>One set of filters per group of keys; keys that differ in one position only are one group.</summary>
    public static Result<IReadOnlyList<IReadOnlyList<DimensionFilter>>> Parse(string? key, IReadOnlyList<string> dimensions, bool isVersion21)
    {
        if (string.IsNullOrEmpty(key) || key == "*" || (isVersion21 && key == "all"))
        {
            return Result<IReadOnlyList<IReadOnlyList<DimensionFilter>>>.Ok([[]]);
        }

        var keys = isVersion21 ? [key] : key.Split(',');
        if (keys.Length > MostKeys)
        {
            return Error.TooLarge("sdmx.too-many-keys", $"More than {MostKeys} keys.", $"超过 {MostKeys} 个键。", "key");
        }

        var rows = new List<string[][]>(keys.Length);
        foreach (var one in keys)
        {
            var positions = one.Split('.');
            if (positions.Length > dimensions.Count)
            {
                return Error.Invalid("sdmx.key-too-long",
                    $"The key has {positions.Length} positions; there are {dimensions.Count}: {string.Join(".", dimensions.Select(ComponentIds.Of))}.",
                    $"键有 {positions.Length} 位，而维度有 {dimensions.Count} 个：{string.Join(".", dimensions.Select(ComponentIds.Of))}。", "key");
            }

            rows.Add([.. Enumerable.Range(0, dimensions.Count).Select(i => i < positions.Length ? Values(positions[i], isVersion21) : [])]);
        }

        var groups = Merge(rows);
        return Result<IReadOnlyList<IReadOnlyList<DimensionFilter>>>.Ok([.. groups.Select(group => Filters(group, dimensions))]);
    }

    private static string[] Values(string position, bool isVersion21) =>
        position.Length == 0 || position == "*" ? [] : isVersion21 ? position.Split('+', StringSplitOptions.RemoveEmptyEntries) : [position];

    private static List<string[][]> Merge(List<string[][]> rows)
    {
        if (rows.Count < 2)
        {
            return rows;
        }

        var varying = Enumerable.Range(0, rows[0].Length).Where(i => rows.Exists(row => !row[i].SequenceEqual(rows[0][i]))).ToList();
        if (varying.Count > 1 || (varying.Count == 1 && rows.Exists(row => row[varying[0]].Length == 0)))
        {
            return rows;
        }

        var merged = rows[0].ToArray();
        if (varying.Count == 1)
        {
            merged[varying[0]] = [.. rows.SelectMany(row => row[varying[0]]).Distinct()];
        }

        return [merged];
    }

    private static List<DimensionFilter> Filters(string[][] row, IReadOnlyList<string> dimensions) =>
        [.. Enumerable.Range(0, dimensions.Count).Where(i => row[i].Length > 0)
            .Select(i => new DimensionFilter(dimensions[i], [.. row[i].Select(value => (IReadOnlyList<FilterTerm>)[new("eq", value)])]))];
}
