using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// What an attacker has: a set as the linkage unit sees it and the clear register it was made from, in another order: the worst case
/// of every published attack. What it does not have is the key. The truth is kept for counting only.
/// </summary>
public sealed class AttackScene
{
    private readonly int[] _rows;

    private AttackScene(
        LinkageTable register,
        LinkageKnowledge knowledge,
        IReadOnlyDictionary<string, FieldRole>? map,
        EncodingSchema schema,
        EncodedSet set,
        int[] rows,
        string[][] names,
        ProjectKey key) => (Register, Knowledge, Map, Schema, Set, _rows, Names, Key) = (register, knowledge, map, schema, set, rows, names, key);

    /// <summary>The clear register.</summary>
    public LinkageTable Register { get; }

    public LinkageKnowledge Knowledge { get; }

    /// <summary>What the columns were taken for when the set was made.</summary>
    public IReadOnlyDictionary<string, FieldRole>? Map { get; }

    /// <summary>Budgets and preset are public.</summary>
    public EncodingSchema Schema { get; }

    public EncodedSet Set { get; }

    /// <summary>Names per row of the register: the first part and the last part.</summary>
    public string[][] Names { get; }

    /// <summary>The project's key, for the control of the dictionary attack only.</summary>
    internal ProjectKey Key { get; }

    /// <summary>Encodes a register under a key drawn at random.</summary>
    public static Result<AttackScene> Prepare(
        LinkageTable register, LinkageKnowledge knowledge, IReadOnlyDictionary<string, FieldRole>? map, EncodingPreset preset, int seed)
    {
        var random = new Random(seed);
        var secret = new byte[ProjectKey.Bytes];
        random.NextBytes(secret);
        return Prepare(register, knowledge, map, preset, ProjectKey.From(secret).Value, random, RecordEncoder.MostAlike);
    }

    /// <summary>The same under a given key and with rows that say the same as many others: controls that an attack must read.</summary>
    internal static Result<AttackScene> Prepare(
        LinkageTable register, LinkageKnowledge knowledge, IReadOnlyDictionary<string, FieldRole>? map, EncodingPreset preset, ProjectKey key, Random random, int mostAlike) =>
        EncodingSchema.From(register, knowledge, map, preset).Then(schema =>
            RecordEncoder.Encode(register, knowledge, map, key, schema, random.NextBytes, mostAlike).Then(owner =>
                PrivateRecords.Read(register, knowledge, map).Then(records => records.Names is null
                    ? Error.Invalid("linkage.attack-names", "The register has no names to attack.", "登记册中没有可供攻击测试的姓名。", register.Name)
                    : Result<AttackScene>.Ok(new(register, knowledge, map, schema, owner.Set, [.. owner.Handles.Select(h => h.Row)], NamesOf(records), key)))));

    /// <summary>Share of real records whose name was guessed, and what guessing the commonest name for all would give, for the better of the two parts.</summary>
    public AttackResult Count(string attack, Func<int, int, string?> guess)
    {
        var best = new AttackResult(attack, Schema.Preset.Name, 0, 0, double.MinValue);
        for (var part = 0; part < 2; part++)
        {
            var commonest = Commonest(part);
            var (real, right, baseline) = (0, 0, 0);
            for (var record = 0; record < _rows.Length; record++)
            {
                if (_rows[record] >= 0)
                {
                    var name = Names[_rows[record]][part];
                    real++;
                    right += (guess(record, part) ?? commonest) == name ? 1 : 0;
                    baseline += commonest == name ? 1 : 0;
                }
            }

            var (recovered, common) = ((double)right / Math.Max(1, real), (double)baseline / Math.Max(1, real));
            best = (recovered - common) * 100 > best.ExcessPoints ? best with { Recovered = recovered, Baseline = common, ExcessPoints = (recovered - common) * 100 } : best;
        }

        return best;
    }

    /// <summary>The commonest name of a part among those that are encoded.</summary>
    public string Commonest(int part) => _rows.Where(row => row >= 0).Select(row => Names[row]).DefaultIfEmpty(["", ""]).GroupBy(n => n[part]).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;

    /// <summary>A register of invented people whose names are as unevenly common as real ones (Zipf), for a run without any file.</summary>
    public static LinkageTable Invent(int people, int seed)
    {
        var random = new Random(seed);
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti", "or", "en"];
        string[] Stock(int count) => [.. Enumerable.Range(0, count * 3).Select(_ => string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => syllables[random.Next(syllables.Length)])))
            .Distinct().Take(count)];
        var (given, family, places) = (Stock(120), Stock(250), Stock(40));
        string Draw(string[] stock) => stock[(int)Math.Min(stock.Length - 1, Math.Pow(stock.Length + 1, random.NextDouble()) - 1)];
        string[] header = ["id", "given_name", "family_name", "birth_date", "sex", "place", "phone"];
        var columns = header.Select(h => new LinkageColumnBuilder(h, people)).ToArray();
        for (var i = 0; i < people; i++)
        {
            string[] row =
            [
                i.ToString(CultureInfo.InvariantCulture), Draw(given), Draw(family),
                string.Create(CultureInfo.InvariantCulture, $"{1950 + random.Next(60)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}"),
                random.Next(2) == 0 ? "M" : "F", Draw(places), random.Next(3) == 0 ? "" : random.Next(100000000, 999999999).ToString(CultureInfo.InvariantCulture),
            ];
            for (var c = 0; c < row.Length; c++)
            {
                columns[c].Add(Encoding.UTF8.GetBytes(row[c]));
            }
        }

        return LinkageTable.Create("invented", [.. columns.Select(c => c.Build())], "id").Value;
    }

    private static string[][] NamesOf(PrivateRecords records)
    {
        var names = records.Names!;
        return [.. Enumerable.Range(0, records.Count).Select(r =>
        {
            var ids = names.IdsOf(r);
            return new[] { ids.IsEmpty ? "" : names.Tokens.Text(ids[0]), ids.IsEmpty ? "" : names.Tokens.Text(ids[^1]) };
        })];
    }
}

/// <summary>What an attack recovered.</summary>
/// <param name="Attack">Which attack.</param>
/// <param name="Preset">On which preset.</param>
/// <param name="Recovered">Share of names guessed right.</param>
/// <param name="Baseline">Share that guessing the commonest name for everyone gets right.</param>
/// <param name="ExcessPoints">The difference in points of a hundred; a preset ships only when no attack exceeds <see cref="AttackSuite.MostPoints"/>.</param>
public sealed record AttackResult(string Attack, string Preset, double Recovered, double Baseline, double ExcessPoints)
{
    public bool Stands => ExcessPoints <= AttackSuite.MostPoints;
}
