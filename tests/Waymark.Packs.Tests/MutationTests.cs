using System.Diagnostics;
using System.Text;
using Shouldly;
using Waymark.Packs.Yaml;
using Xunit;

namespace Waymark.Packs.Tests;

/// <summary>
/// Hostile mutants of a pack: cut, bits flipped, lines moved or doubled, YAML and CSV poison put in. Each is refused with a line or read as a pack whose
/// content can be told apart by its hash; nothing throws and nothing takes long. 3,000 mutants, 100,000 with WAYMARK_LONG=1.
/// </summary>
public sealed class MutationTests
{
    private static readonly string[] Poison =
    [
        "&a ", "*a", "!!python/object ", "<<: *x\n", "---\n", "...\n", "? [x]\n", "\t", "\u0000", "\u202E", "\uFEFF", "\u2028", "{{{{{{{{", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "no", "~", "0o17", "0777", "12:30:45", "\"", "'", "|", ">-\n", "%YAML 1.1\n", "../../etc", "\r", "\r\n", ",", ",,,,", "\"\"\"", "id: other\n", "kind: texts\n", "\\", "\\u0000", "\ud83d", "а", "：",
        "files: [{path: ../x.csv}]\n", "key: value: more", "- - - - -", "#", "@", "`", "=", "\"\\xZZ\"", "\"\\U00110000\"", "\"\\ud800\"",
    ];

    [Fact]
    public void A_hostile_mutant_is_refused_with_its_line_or_read_with_another_hash()
    {
        var count = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1" ? 100_000 : 3_000;
        var schemas = Directory.EnumerateFiles(Path.Combine(Make.Root, "schema"), "*.schema.json")
            .ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        var seeds = Seeds();
        var random = new Random(20_260_731);
        var (refused, read, slowest) = (0, 0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            var (kind, yaml, table, csv) = seeds[i % seeds.Count];
            var onTable = csv.Length > 0 && random.Next(3) == 0;
            var mutantYaml = onTable ? yaml : Mutate(yaml, random);
            var mutantCsv = onTable ? Mutate(csv, random) : csv;
            var files = new Dictionary<string, byte[]>(schemas, StringComparer.Ordinal) { [$"{kind}/sample/pack.yaml"] = mutantYaml };
            if (table.Length > 0)
            {
                files[$"{kind}/sample/{table}"] = mutantCsv;
            }

            var clock = Stopwatch.StartNew();
            var outcome = Make.Load([new PackMemory("packs", files)]);
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            if (outcome.IsOk)
            {
                read++;
                var pack = outcome.Library.All.ShouldHaveSingleItem();
                var isSame = mutantYaml.AsSpan().SequenceEqual(yaml) && mutantCsv.AsSpan().SequenceEqual(csv);
                if (isSame)
                {
                    continue;
                }

                // Read as something else: then the hash differs, unless only line ends or a byte order mark do.
                var original = Make.Load([new PackMemory("packs", new Dictionary<string, byte[]>(schemas, StringComparer.Ordinal)
                {
                    [$"{kind}/sample/pack.yaml"] = yaml, [$"{kind}/sample/{(table.Length > 0 ? table : "x")}"] = csv,
                })]).Library.All[0].Hash;
                (pack.Hash != original || Normal(mutantYaml, yaml) && Normal(mutantCsv, csv)).ShouldBeTrue($"mutant {i}");
            }
            else
            {
                refused++;
                outcome.Errors.ShouldAllBe(error => HasLine(error.Where), $"mutant {i}");
                outcome.Errors.ShouldAllBe(error => error.Message.Count == 2, $"mutant {i}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} mutants: {refused} refused, {read} read, slowest {slowest.TotalMilliseconds:F1} ms");
        refused.ShouldBeGreaterThan(count / 3);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("{a: ", 200_000)]
    [InlineData("- ", 500_000)]
    [InlineData("a: \"", 1_000_000)]
    [InlineData("? ", 500_000)]
    [InlineData("&a [", 200_000)]
    [InlineData("a: &b ", 200_000)]
    [InlineData("'", 1_000_000)]
    [InlineData("a: |\n ", 300_000)]
    [InlineData("key\n", 500_000)]
    public void A_file_built_to_be_slow_is_answered_in_time(string piece, int times)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, times)).AsSpan(0, Math.Min(PackBytes.LargestYaml - 10, piece.Length * times)).ToString());
        var clock = Stopwatch.StartNew();
        var errors = new PackErrors();
        _ = PackYaml.Parse("t.yaml", bytes, errors);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        errors.Count.ShouldBeLessThanOrEqualTo(PackErrors.Limit + 1);
    }

    private static bool HasLine(string? where) => where?.Split(':') is [.., var line, var column] && int.TryParse(line, out _) && int.TryParse(column, out _);

    private static bool Normal(byte[] left, byte[] right) =>
        Encoding.UTF8.GetString(left).Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF')
        == Encoding.UTF8.GetString(right).Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF');

    private static List<(string Kind, byte[] Yaml, string Table, byte[] Csv)> Seeds()
    {
        byte[] Yaml(string path, string id) => Encoding.UTF8.GetBytes(
            "id: sample" + File.ReadAllText(Path.Combine(Make.Root, path))[$"id: {id}".Length..]);
        byte[] Csv(string path) => Encoding.UTF8.GetBytes(string.Concat(File.ReadLines(Path.Combine(Make.Root, path)).Take(12).Select(line => line + "\n")));
        return
        [
            ("codelists", Yaml("codelists/units/pack.yaml", "units"), "units.csv", Csv("codelists/units/units.csv")),
            ("codelists", Yaml("codelists/publishers/pack.yaml", "publishers"), "publishers.csv", Csv("codelists/publishers/publishers.csv")),
            ("reference", Yaml("reference/wmr-resettlement/pack.yaml", "wmr-resettlement"), "observations.csv", Csv("reference/wmr-resettlement/observations.csv")),
            ("indicators", Yaml("indicators/trends.yaml", "trends"), "", []),
        ];
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var steps = random.Next(1, 4); steps > 0; steps--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(7))
            {
                case 0 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    var length = Math.Min(random.Next(1, 80), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Poison[random.Next(Poison.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
