using Shouldly;
using Waymark.Linkage.Private;
using Xunit;

namespace Waymark.Linkage.Tests.Private;

/// <summary>Attacks on every preset, and controls: graph matching on plain filters and the dictionary with the key must succeed.</summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    private const int People = 1000;

    private static readonly EncodingPreset Plain = EncodingPreset.Hardened with { Name = "plain", Code = FilterCode.Plain, CoinShare = 0, FakeShare = 0 };

    public static TheoryData<string, int> Shipped
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var preset in EncodingPreset.All)
            {
                data.Add(preset.Name, 1);
                data.Add(preset.Name, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_attack_recovers_more_names_than_guessing_the_commonest(string preset, int seed)
    {
        var results = AttackSuite.Run(Scene(EncodingPreset.Find(preset).Value, seed), TestContext.Current.CancellationToken);
        Print(results);
        results.ShouldAllBe(r => r.Stands);
    }

    [Fact]
    public void Graph_matching_reads_plain_filters()
    {
        var results = AttackSuite.Run(Scene(Plain, 1), TestContext.Current.CancellationToken);
        Print(results);
        results.Single(r => r.Attack == "graph-matching").ExcessPoints.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Whoever_has_the_key_reads_everything()
    {
        var scene = Scene(EncodingPreset.Hardened, 1);
        DictionaryAttack.Run(scene, [scene.Key]).Recovered.ShouldBeGreaterThan(0.99);
    }

    private static AttackScene Scene(EncodingPreset preset, int seed) =>
        AttackScene.Prepare(AttackScene.Invent(People, seed), Tables.Knowledge, null, preset, seed).Value;

    private void Print(IReadOnlyList<AttackResult> results)
    {
        foreach (var r in results)
        {
            output.WriteLine($"{r.Preset} {r.Attack}: {r.Recovered:0.000} of names, commonest {r.Baseline:0.000}, {r.ExcessPoints:+0.00;-0.00} points");
        }
    }
}
