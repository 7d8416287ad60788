using Waymark.Model.Rules;

namespace Waymark.Rules;

/// <summary>Reads the scenarios of a pack: given facts with their values.</summary>
internal sealed class ScenarioBinder(Vocabulary vocabulary, IReadOnlyList<GivenDocument> assumed, RuleErrors errors)
{
    private const string DefaultTime = "2026-11-21T00:00:00Z";

    public IReadOnlyList<Scenario> Bind(IReadOnlyList<ScenarioDocument> written)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        _ = Facts(assumed);
        var scenarios = new List<Scenario>();
        foreach (var scenario in written)
        {
            if (!seen.Add(scenario.Id.Text))
            {
                errors.Add(scenario.Id, "rules.duplicate-scenario", $"The test \"{scenario.Id}\" stands twice.", $"测试“{scenario.Id}”重复。");
                continue;
            }

            if (scenario.Expect.Text is not ("permit" or "deny"))
            {
                errors.Add(scenario.Expect, "rules.expect", "A test expects permit or deny.", "测试的预期须为 permit 或 deny。");
                continue;
            }

            scenarios.Add(new(scenario.Id.Text, scenario.Text, Facts([.. scenario.Given, .. assumed.Where(pair => scenario.Given.All(given => given.Fact.Text != pair.Fact.Text))]), [.. scenario.Packs.Select(pack => pack.Text)], scenario.Expect.Text == "permit",
                Texts(scenario.By), Texts(scenario.Unmet), Texts(scenario.Missing), Texts(scenario.Duties), scenario.Id.Where));
        }

        return scenarios;
    }

    private static string[] Texts(IReadOnlyList<SourceText> words) => [.. words.Select(word => word.Text)];

    private List<(Fact, Value)> Facts(IReadOnlyList<GivenDocument> pairs)
    {
        var given = new List<(Fact, Value)>();
        foreach (var pair in pairs)
        {
            if (vocabulary.Find(pair.Fact.Text) is not { } fact)
            {
                errors.Unknown(pair.Fact, 0, "rules.unknown-fact", $"There is no fact \"{pair.Fact}\" in the vocabulary.", $"词汇表中没有事实“{pair.Fact}”。", pair.Fact.Text, vocabulary.Facts.Select(known => known.Id));
                continue;
            }

            if (Read(fact, pair) is { } value)
            {
                given.Add((fact, value));
            }
        }

        if (vocabulary.Time is { } time && given.All(pair => pair.Item1 != time))
        {
            given.Add((time, ValueReader.Instant(DefaultTime)!.Value));
        }

        return given;
    }

    private Value? Read(Fact fact, GivenDocument pair)
    {
        if (!pair.IsSet && pair.Values.Count == 0)
        {
            errors.Add(pair.Fact, "rules.value", $"\"{fact}\" takes a value or a list.", $"“{fact}”须为值或列表。");
            return null;
        }

        if (pair.IsSet && fact.Type != FactType.Codes)
        {
            errors.Add(pair.Fact, "rules.value", $"\"{fact}\" takes one value, not a list.", $"“{fact}”只取一个值，不是列表。");
            return null;
        }

        var bits = 0L;
        Value? single = null;
        foreach (var word in pair.Values)
        {
            if (ValueReader.Read(fact, word.Text) is not { } value)
            {
                errors.Unknown(word, 0, "rules.value", $"\"{word}\" is not a value of \"{fact}\".", $"“{word}”不是“{fact}”的取值。", word.Text, fact.Codes?.Codes.Select(code => code.Id) ?? []);
                return null;
            }

            bits |= value.Number;
            single = value;
        }

        return pair.IsSet ? new Value(bits) : single;
    }
}
