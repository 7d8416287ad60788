using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Rules;

/// <summary>A vocabulary and the packs written in it, all checked; what is faulty is left out and named in <see cref="Errors"/>.</summary>
public sealed class RuleLibrary
{
    private RuleLibrary(Vocabulary? vocabulary, IReadOnlyList<RulePack> packs, IReadOnlyList<Error> errors) => (Vocabulary, Packs, Errors) = (vocabulary, packs, errors);

    /// <summary>Null when the vocabulary itself is faulty.</summary>
    public Vocabulary? Vocabulary { get; }

    public IReadOnlyList<RulePack> Packs { get; }

    public IReadOnlyList<Error> Errors { get; }

    public RulePack? Find(string id) => Packs.FirstOrDefault(pack => pack.Id == id);

    /// <summary>The rule of that id in whichever pack has it.</summary>
    public (RulePack Pack, Rule Rule)? FindRule(string id) =>
        Packs.SelectMany(pack => pack.Rules.Select(rule => (pack, rule))).Where(pair => pair.rule.Id == id).Select(pair => ((RulePack, Rule)?)pair).FirstOrDefault();

    public static RuleLibrary Read(VocabularyDocument vocabulary, IEnumerable<RulePackDocument> packs)
    {
        var (words, errors) = Vocabulary.Read(vocabulary);
        if (words is null)
        {
            return new(null, [], errors);
        }

        var all = new List<Error>();
        var good = new List<RulePack>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in packs)
        {
            var (pack, faults) = RulePack.Read(document, words);
            all.AddRange(faults);
            if (pack is null)
            {
                continue;
            }

            good.Add(pack);
            foreach (var rule in pack.Rules)
            {
                if (!owners.TryAdd(rule.Id, pack.Id))
                {
                    all.Add(Error.Faulty("rules.duplicate-rule", $"The rule \"{rule.Id}\" is already in pack \"{owners[rule.Id]}\".", $"规则“{rule.Id}”已在包“{owners[rule.Id]}”中。", rule.Where));
                }
            }
        }

        foreach (var pack in good)
        {
            foreach (var scenario in pack.Scenarios)
            {
                foreach (var unknown in scenario.Packs.Where(id => good.All(known => known.Id != id)))
                {
                    var error = Error.Faulty("rules.unknown-pack", $"The test \"{scenario.Id}\" names the pack \"{unknown}\", which is not there.", $"测试“{scenario.Id}”所列的包“{unknown}”不存在。", scenario.Where);
                    all.Add(NearWord.For(unknown, good.Select(known => known.Id)) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error);
                }
            }
        }

        return new(words, good, all);
    }
}
