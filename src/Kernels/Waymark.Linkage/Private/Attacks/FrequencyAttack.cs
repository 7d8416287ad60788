namespace Waymark.Linkage.Private;

/// <summary>
/// Frequent codes are frequent records (Christen et al., PAKDD 2017): groups of nearly equal codes are ranked by size and laid beside the
/// groups of the clear register, nearly equal under a key of the attacker.
/// </summary>
internal static class FrequencyAttack
{
    private const double Near = 0.9;

    public static AttackResult Run(AttackScene scene)
    {
        var (records, rows) = AttackSuite.Simulate(scene, AttackSuite.OwnKey("frequency"));
        var coded = Groups(scene.Set.Records, Near - scene.Schema.Preset.CoinShare);
        var clear = Groups(records, Near);
        var guesses = new int?[scene.Set.Records.Count];
        for (var rank = 0; rank < Math.Min(coded.Count, clear.Count); rank++)
        {
            foreach (var record in coded[rank])
            {
                guesses[record] = rows[clear[rank][0]];
            }
        }

        return scene.Count("frequency", (record, part) => guesses[record] is { } row ? scene.Names[row][part] : null);
    }

    /// <summary>Groups of two and more, the largest first: every record with the first one it is near to.</summary>
    private static List<List<int>> Groups(BitRecords records, double near)
    {
        var pairs = DicePairs.Find(records, records, new(near), CancellationToken.None);
        var leader = Enumerable.Range(0, records.Count).ToArray();
        foreach (var pair in pairs.Value.Pairs)
        {
            leader[pair.Left] = Math.Min(leader[pair.Left], leader[pair.Right]);
        }

        return [.. Enumerable.Range(0, records.Count).GroupBy(r => leader[r]).Where(g => g.Count() > 1)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.ToList())];
    }
}
