namespace Waymark.Rules.Analysis;

/// <summary>Where rules on a topic stand: one row per topic (or statement of the sources), one cell per instrument.</summary>
public sealed record MatrixRow(string Key, IReadOnlyDictionary<string, IReadOnlyList<Rule>> Cells);

/// <summary>Organisations and laws against topics, or the statements of the sources against the rules that carry them.</summary>
public static class RuleMatrix
{
    public static IReadOnlyList<MatrixRow> ByTopic(IReadOnlyList<RulePack> packs) => Rows(packs, rule => [rule.Topic]);

    public static IReadOnlyList<MatrixRow> BySeed(IReadOnlyList<RulePack> packs) => Rows(packs, rule => rule.Seeds);

    private static MatrixRow[] Rows(IReadOnlyList<RulePack> packs, Func<Rule, IReadOnlyList<string>> keysOf) =>
        [.. packs.SelectMany(pack => pack.Rules.SelectMany(rule => keysOf(rule).Select(key => (Key: key, Pack: pack, Rule: rule))))
            .GroupBy(entry => entry.Key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new MatrixRow(group.Key, group.GroupBy(entry => entry.Pack.InstrumentId, StringComparer.Ordinal)
                .ToDictionary(cell => cell.Key, cell => (IReadOnlyList<Rule>)[.. cell.Select(entry => entry.Rule)], StringComparer.Ordinal)))];
}
