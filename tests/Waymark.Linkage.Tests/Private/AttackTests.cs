using Shouldly;
using Waymark.Linkage.Private;
using Xunit;

namespace Waymark.Linkage.Tests.Private;

/// <summary>
/// Every attack first reads an encoding that has a hole for it, and then, on the same people, no preset: that nothing leaks says something only of attackers
/// who read what does leak.
/// </summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    private const int People = 1000;
    private const double Reads = 5;

    private static readonly EncodingPreset s_plain = EncodingPreset.Hardened with { Name = "plain", Code = FilterCode.Plain, CoinShare = 0, FakeShare = 0 };

    /// <summary>A family name and the sex: codes that many people share.</summary>
    private static readonly Dictionary<string, FieldRole> s_little =
        ((string[])["given_name", "birth_date", "place", "phone"]).ToDictionary(column => column, _ => FieldRole.Ignored);

    public static TheoryData<string, string> Attacks =>
        [.. AttackSuite.All.SelectMany(attack => EncodingPreset.All.Select(preset => new TheoryDataRow<string, string>(attack.Name, preset.Name)))];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void An_attack_reads_what_is_not_hardened_and_no_more_names_of_a_preset_than_guessing_the_commonest(string attack, string preset)
    {
        var run = AttackSuite.All.Single(a => a.Name == attack).Run;
        foreach (var seed in (int[])[1, 2])
        {
            Print(run(Weak(attack, seed))).ExcessPoints.ShouldBeGreaterThan(Reads);
            Print(run(Scene(EncodingPreset.Find(preset).Value, seed))).Stands.ShouldBeTrue();
        }
    }

    [Fact]
    public void Codes_that_many_records_share_are_left_out_since_no_preset_hides_how_many_they_are()
    {
        var counted = FrequencyAttack.Run(Scene(EncodingPreset.Hardened, 1, s_little, mostAlike: int.MaxValue));
        Print(counted).ExcessPoints.ShouldBeGreaterThan(Reads);
        var scene = Scene(EncodingPreset.Hardened, 1, s_little);
        scene.Set.Records.Count.ShouldBeLessThan(People / 2);
        Print(FrequencyAttack.Run(scene)).ExcessPoints.ShouldBeLessThan(counted.ExcessPoints / 10);
    }

    [Fact]
    public void Whoever_has_the_key_reads_everything()
    {
        var scene = Scene(EncodingPreset.Hardened, 1);
        DictionaryAttack.Run(scene, [scene.Key]).Recovered.ShouldBeGreaterThan(0.99);
    }

    /// <summary>For the dictionary the default preset under a key that somebody thinks of; for the others plain filters of what many people share.</summary>
    private static AttackScene Weak(string attack, int seed) => attack == "dictionary"
        ? Scene(EncodingPreset.Hardened, seed, key: AttackSuite.OwnKey("password"))
        : Scene(s_plain, seed, s_little, mostAlike: int.MaxValue);

    private static AttackScene Scene(
        EncodingPreset preset, int seed, IReadOnlyDictionary<string, FieldRole>? map = null, ProjectKey? key = null, int mostAlike = RecordEncoder.MostAlike)
    {
        var random = new Random(seed);
        var secret = new byte[ProjectKey.Bytes];
        random.NextBytes(secret);
        return AttackScene.Prepare(AttackScene.Invent(People, seed), Tables.Knowledge, map, preset, key ?? ProjectKey.From(secret).Value, random, mostAlike).Value;
    }

    private AttackResult Print(AttackResult result)
    {
        output.WriteLine($"{result.Preset} {result.Attack}: {result.Recovered:0.000} of names, commonest {result.Baseline:0.000}, {result.ExcessPoints:+0.00;-0.00} points");
        return result;
    }
}
