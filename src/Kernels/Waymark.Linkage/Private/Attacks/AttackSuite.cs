namespace Waymark.Linkage.Private;

/// <summary>
/// The published attacks on encodings, run against a preset. Every attacker knows the clear register, the scheme and the budgets, and
/// guesses the commonest name where the attack says nothing.
/// </summary>
public static class AttackSuite
{
    /// <summary>Most points of a hundred that an attack may gain over guessing the commonest name.</summary>
    public const double MostPoints = 0.5;

    public static IReadOnlyList<(string Name, Func<AttackScene, AttackResult> Run)> All { get; } =
    [
        ("frequency", FrequencyAttack.Run),
        ("pattern-mining", PatternAttack.Run),
        ("graph-matching", GraphAttack.Run),
        ("dictionary", DictionaryAttack.Run),
    ];

    public static IReadOnlyList<AttackResult> Run(AttackScene scene, CancellationToken cancel)
    {
        var results = new List<AttackResult>();
        foreach (var (_, run) in All)
        {
            cancel.ThrowIfCancellationRequested();
            results.Add(run(scene));
        }

        return results;
    }

    /// <summary>The clear register as the attacker encodes it under a key of its own, without noise and invented records.</summary>
    internal static (BitRecords Records, int[] Rows) Simulate(AttackScene scene, ProjectKey key)
    {
        var schema = scene.Schema with { Preset = scene.Schema.Preset with { CoinShare = 0, FakeShare = 0 } };
        var own = RecordEncoder.Encode(scene.Register, scene.Knowledge, scene.Map, key, schema, new Random(5).NextBytes, int.MaxValue).Value;
        return (own.Set.Records, [.. own.Handles.Select(h => h.Row)]);
    }

    /// <summary>A key that the attacker makes up.</summary>
    internal static ProjectKey OwnKey(string phrase) =>
        ProjectKey.From(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(phrase))).Value;
}
