using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waymark.Storage;

namespace Waymark.Bench.Casework;

/// <summary>
/// Invented persons, each out of its number alone, so that nothing is kept and every run has the same: twelve claims, family and
/// given names by Zipf's law with the commonest family name at a chosen share, keys as the engine makes them (pairs, single
/// names, year and place of birth, an identifier, words).
/// </summary>
internal sealed class Persons(double commonest, int families = 50_000, int given = 5_000)
{
    public const string Register = "tracing.person";
    public const int Units = 40;

    private static readonly byte[] _secret = SHA256.HashData("an invented key"u8);
    private readonly double[] _families = Zipf(families, commonest);
    private readonly double[] _given = Zipf(given, 0.04);

    public static string Id(long number) => new Guid((int)(number >> 8), (short)number, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(number >> 8), (byte)number).ToString();

    public static RowFilter Filter(int units) => new([.. Enumerable.Range(0, units).Select(u => $"unit-{u:00}")], 0b11, 2);

    public Person Of(long number)
    {
        var random = new Random((int)(number * 2_654_435_761L % int.MaxValue));
        return new(number, Draw(_families, random), Draw(_given, random), Draw(_given, random), 1930 + random.Next(90), random.Next(300),
            random.Next(1, Units + 1) * random.Next(1, Units + 1) % Units, random);
    }

    /// <summary>The share of each rank: the first as given, the others falling with 1/rank.</summary>
    private static double[] Zipf(int names, double commonest)
    {
        var rest = Enumerable.Range(2, names - 1).Sum(rank => 1.0 / rank);
        var sum = 0.0;
        return [.. Enumerable.Range(1, names).Select(rank => sum += rank == 1 ? commonest : (1 - commonest) / rank / rest)];
    }

    private static int Draw(double[] shares, Random random)
    {
        var place = Array.BinarySearch(shares, random.NextDouble());
        return Math.Min(place < 0 ? ~place : place, shares.Length - 1);
    }

    internal static RecordKey Key(short kind, string value)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{kind}/{value}"), hash);
        return new(kind, hash[..16].ToArray());
    }
}

internal sealed record Person(long Number, int Family, int First, int Second, int Year, int Place, int Unit, Random Random)
{
    public string Id => Persons.Id(Number);

    public RecordKey FamilyKey => Persons.Key(1, $"f{Family}");

    public RecordKey GivenKey => Persons.Key(2, $"g{First}");

    public RecordKey PairKey => Persons.Key(3, $"f{Family} g{First}");

    public IReadOnlyList<RecordKey> Keys =>
    [
        .. new[]
        {
            PairKey, Persons.Key(3, $"f{Family} g{Second}"), FamilyKey, GivenKey, Persons.Key(2, $"g{Second}"), Persons.Key(4, $"{Year}"),
            Persons.Key(5, $"f{Family} {Year}"), Persons.Key(6, $"p{Place}"), Persons.Key(6, $"f{Family} p{Place}"), Persons.Key(7, $"id{Number}"),
            Persons.Key(8, $"w{Number % 997}"), Persons.Key(8, $"w{Number % 9_973}"),
        }.Distinct(),
    ];

    /// <summary>A write of this person in the version after <paramref name="expected"/>; twelve claims of about 120 bytes.</summary>
    public RecordWrite Write(long expected, string state, DateTimeOffset now) => new(Persons.Register, Id, expected,
        Encoding.UTF8.GetBytes(Document()), "{\"op\":\"claims\",\"fields\":12}"u8.ToArray(), [])
    {
        Partition = RecordPartition.Missing,
        Index = new(state, Number % 7 == 0 ? $"worker-{Number % 400}" : null, Number % 3 == 0 ? null : now.AddHours(Number % 5_000),
            $"unit-{Unit:00}", 1UL << (int)(Number % 3), (byte)(Number % 4), Keys),
    };

    private string Document() => "{\"claims\":[" + string.Join(',', Enumerable.Range(0, 12).Select(claim => string.Create(CultureInfo.InvariantCulture,
        $"{{\"f\":{claim},\"v\":\"{Family:x}-{First:x}-{Year}\",\"s\":\"source/{Number % 50}\",\"g\":\"B2\",\"a\":\"authority/{Number % 1_000}\",\"h\":\"H2\",\"t\":\"2026-11-21\"}}"))) + "]}";
}
