namespace Waymark.Linkage.Private;

/// <summary>
/// Every person of the clear register is encoded under keys that the attacker thinks of, and looked up. Without the key nothing is near; with
/// the key everything is, which is why the linkage unit never has it.
/// </summary>
internal static class DictionaryAttack
{
    private static readonly string[] Phrases = ["", "password", "secret", "waymark", "linkage", "project", "key", "1234", "hospital", "register"];

    public static AttackResult Run(AttackScene scene) => Run(scene, [.. Phrases.Append(scene.Set.Project).Select(AttackSuite.OwnKey)]);

    internal static AttackResult Run(AttackScene scene, IReadOnlyList<ProjectKey> keys)
    {
        var best = new (double Score, int Row)[scene.Set.Records.Count];
        foreach (var key in keys)
        {
            var (records, rows) = AttackSuite.Simulate(scene, key);
            var near = DicePairs.Find(scene.Set.Records, records, new(0.75), CancellationToken.None);
            foreach (var pair in near.Value.Pairs)
            {
                if (pair.Dice > best[pair.Left].Score)
                {
                    best[pair.Left] = (pair.Dice, rows[pair.Right]);
                }
            }
        }

        return scene.Count("dictionary", (record, part) => best[record].Score > 0 ? scene.Names[best[record].Row][part] : null);
    }
}
