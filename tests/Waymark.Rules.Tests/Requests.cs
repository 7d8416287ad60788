namespace Waymark.Rules.Tests;

/// <summary>Generated requests: every fact unknown at times, values near the constants of the packs.</summary>
internal sealed class Requests(RuleLibrary library, int seed)
{
    private readonly Random _random = new(seed);
    private readonly long[][] _values = [.. library.Vocabulary!.Facts.Select(fact => Values(fact).ToArray())];

    private static IEnumerable<long> Values(Fact fact) => fact.Type switch
    {
        FactType.Boolean => [0, 1],
        FactType.Code => fact.Codes!.Codes.Select(code => (long)code.Index),
        FactType.Codes => [.. fact.Codes!.Codes.Select(code => 1L << code.Index), 0, (1L << Math.Min(63, fact.Codes.Codes.Count)) - 1, .. fact.Codes.Codes.Skip(1).Select(code => (1L << code.Index) | 1)],
        FactType.Whole => [0, 1_000_000, 5_000_000, 13_000_000, 17_000_000, 18_000_000, 19_000_000, 40_000_000],
        FactType.Number => [0, 1_200_000, 2_999_999, 3_000_000, 3_000_001, 4_000_000, 100_000_000],
        FactType.Country => [Value.OfCountry("CHN").Number, Value.OfCountry("DEU").Number, Value.OfCountry("SYR").Number, Value.OfCountry("MMR").Number],
        FactType.Duration => [0, 3_600_000, 72 * 3_600_000L, Value.Month * 6, Value.Month * 18, Value.Month * 24, Value.Month * 36],
        FactType.TextId => [0, 1, 2],
        _ => [.. new[] { 0, -1, -71, -72, -73, -80, 24, -24 * 29, 24 * 29, 24 * 31, -24 * 400, 24 * 2_000, -24 * 2_000 }.Select(hours => Now + (hours * 3_600_000L))],
    };

    public const long Now = 1_795_219_200_000;

    /// <summary>Fills <paramref name="facts"/> with the next request.</summary>
    public void Next(RequestFacts facts)
    {
        facts.Clear();
        var known = _random.Next(4) switch { 0 => 95, 1 => 70, 2 => 40, _ => 85 };
        foreach (var fact in library.Vocabulary!.Facts)
        {
            if (_random.Next(100) >= (fact.IsScope ? 99 : fact == library.Vocabulary.Time ? 97 : known))
            {
                continue;
            }

            var values = _values[fact.Index];
            var number = values[_random.Next(values.Length)];
            facts.Set(fact, fact.Type == FactType.TextId ? Value.Of(Texts[_random.Next(Texts.Length)]) : new Value(number));
        }
    }

    public string[] Texts { get; } = [.. library.Packs.SelectMany(pack => pack.Rules).Where(rule => rule.Kind == RuleKind.Derogation).Select(rule => rule.Id), "AGR-1", "other"];
}
