using System.Diagnostics;
using System.Globalization;
using Waymark.Linkage.Private;

namespace Waymark.Linkage.Bench;

/// <summary>What encoding costs in quality: every preset on the development files.</summary>
internal static class PrivateQuality
{
    public static int Run(string data, string packs, string[] rest)
    {
        var knowledge = PackFolder.Read(packs).Value;
        foreach (var name in rest.Length > 0 ? rest[..1] : ["febrl4", "multiscript"])
        {
            var (left, right, entity) = name == "febrl4" ? PrivateSets.Febrl4(data) : PrivateSets.MultiScript(data);
            foreach (var preset in Presets)
            {
                One(name, left, right, entity, knowledge, preset);
            }
        }

        return 0;
    }

    /// <summary>The presets, and what each step of hardening costs.</summary>
    private static EncodingPreset[] Presets =>
    [
        new("plain", 1024, 0.25, FilterCode.Plain, 0, 0),
        new("balanced", 1024, 0.25, FilterCode.Balanced, 0.05, 0.25),
        new("rule 90", 1024, 0.25, FilterCode.Rule90, 0, 0),
        .. EncodingPreset.All,
    ];

    private static void One(string name, LinkageTable left, LinkageTable right, Func<string, string> entity, LinkageKnowledge knowledge, EncodingPreset preset)
    {
        var watch = Stopwatch.StartNew();
        var key = ProjectKey.From([.. Enumerable.Range(1, 32).Select(i => (byte)i)]).Value;
        var schema = EncodingSchema.From(left, knowledge, null, preset).Value;
        Console.WriteLine($"{name} {preset.Name}: " + string.Join(", ", schema.Fields.Select(f => $"{f.Role} {f.Bits}")));
        var random = new Random(20261121);
        var a = RecordEncoder.Encode(left, knowledge, null, key, schema, random.NextBytes).Value;
        var b = RecordEncoder.Encode(right, knowledge, null, key, schema, random.NextBytes).Value;
        var encoded = watch.Elapsed.TotalSeconds;
        var outcome = PrivateMatcher.Match(a.Set, b.Set, new(), CancellationToken.None).Value;
        var rowsA = a.Handles.ToDictionary(h => h.Handle, h => h.Row);
        var rowsB = b.Handles.ToDictionary(h => h.Handle, h => h.Row);
        var entitiesB = Enumerable.Range(0, right.Rows).Select(r => entity(right.Id(r))).GroupBy(e => e).ToDictionary(g => g.Key, g => g.Count());
        var truth = Enumerable.Range(0, left.Rows).Sum(r => (long)entitiesB.GetValueOrDefault(entity(left.Id(r))));
        var links = outcome.Links.Where(l => rowsA[l.Left] >= 0 && rowsB[l.Right] >= 0)
            .Select(l => (l.Score, True: entity(left.Id(rowsA[l.Left])) == entity(right.Id(rowsB[l.Right])))).OrderByDescending(l => l.Score).ToList();
        var (rightLinks, best, at) = (0, 0.0, 0.0);
        var (bestP, bestR) = (0.0, 0.0);
        var found = 0;
        var atThreshold = 0.0;
        foreach (var link in links)
        {
            found++;
            rightLinks += link.True ? 1 : 0;
            var f1 = 2.0 * rightLinks / (found + truth);
            (best, at, bestP, bestR) = f1 > best ? (f1, link.Score, (double)rightLinks / found, (double)rightLinks / truth) : (best, at, bestP, bestR);
            atThreshold = link.Score >= outcome.Threshold ? f1 : atThreshold;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"   best F1 {best:0.0000} @ {at:0.000} (P {bestP:0.000} R {bestR:0.000}); auto @ {outcome.Threshold:0.000} {atThreshold:0.0000}, false expected {outcome.ExpectedFalse:0.0} real {links.Count(l => l.Score >= outcome.Threshold && !l.True)}; left out {a.LeftOut.Count}+{b.LeftOut.Count}; fill {Enumerable.Range(0, a.Set.Records.Count).Average(a.Set.Records.Ones) / preset.EncodedBits:0.00}; encode {encoded:0.0} s, all {watch.Elapsed.TotalSeconds:0.0} s"));
    }
}
