using Waymark.Protection.Contracts;
using Waymark.Protection.Tests;
using Waymark.Rules;

namespace Waymark.Misuse.Tests;

/// <summary>Attempts that several tests make: a scenario by the command line's own verb, the floor asked with facts changed, permits turned to enforcement, walks over roles and purposes.</summary>
internal static class Attempts
{
    private static readonly string[] s_enforcement = ["immigration-enforcement", "border-control", "forced-return"];

    /// <summary>Runs a scenario of the command line's own verb over the packs that ship.</summary>
    internal static async Task<(int Code, string Output, string Error)> DecideAsync(Installation call, Scenario scenario)
    {
        await File.WriteAllBytesAsync(Path.Combine(call.Folder, "ask.json"), DecisionRecord.RequestBytes(ScenarioRunner.Facts(Shipped.Words, scenario)));
        return await call.RunAsync("rules", "decide", "ask.json");
    }

    /// <summary>What the floor says about a scenario of its own with facts changed: harm where the rule does not forbid.</summary>
    internal static Seen Floor(RuleLibrary rules, string scenario, string rule, params (string Fact, string Value)[] changed)
    {
        var (pack, asked) = Shipped.Scenario(scenario);
        var facts = ScenarioRunner.Facts(rules.Vocabulary!, asked);
        foreach (var (fact, value) in changed)
        {
            facts.Set(fact, [value]).ShouldBeNull(fact);
        }

        var set = RulePackSet.Compile(rules.Vocabulary!, ScenarioRunner.PacksOf(rules, rules.Find(pack.Id)!, asked)).Value;
        return new(!set.Explain(facts).Packs.Single(known => known.Pack.IsFloor).Rules.Any(answer => answer.Rule.Id == rule && answer.Role is RuleRole.Forbids or RuleRole.MayForbid), rule);
    }

    /// <summary>How many permits of the packs' own scenarios stay permits when their purpose is turned to enforcement.</summary>
    internal static int Turned(RuleLibrary rules)
    {
        var permits = 0;
        foreach (var (pack, scenario) in Shipped.Scenarios.Where(pair => pair.Scenario.ExpectsPermit))
        {
            var set = RulePackSet.Compile(rules.Vocabulary!, ScenarioRunner.PacksOf(rules, rules.Find(pack.Id)!, scenario)).Value;
            foreach (var purpose in s_enforcement)
            {
                foreach (var declared in new[] { "health", "education", "assistance", "protection", "civil-registration" })
                {
                    var facts = ScenarioRunner.Facts(rules.Vocabulary!, scenario);
                    facts.Set("purpose", [purpose]);
                    facts.Set("purpose.declared", [declared]);
                    facts.Set("data.source", ["service"]);
                    var categories = facts[rules.Vocabulary!.Find("subject.category")!];
                    var isPerson = categories is { } value && value.CodesOf(rules.Vocabulary.Find("subject.category")!).Any(code => code.Id != "none");
                    var guarded = facts[rules.Vocabulary.Find("action")!] is { } action
                        && action.ToText(rules.Vocabulary.Find("action")!) is "collect" or "read" or "search" or "use" or "update" or "link" or "decide" or "serve" or "retain" or "transfer" or "refer" or "publish" or "contact";
                    permits += isPerson && guarded && set.Decide(facts).IsPermit ? 1 : 0;
                }
            }
        }

        return permits;
    }

    /// <summary>A pack that permits this, beside the floor and nothing else: harm is a permit.</summary>
    internal static Seen Grants(RuleLibrary rules, string scopeAndCondition)
    {
        var (scope, when) = (scopeAndCondition.Split('|')[0], scopeAndCondition.Split('|')[1]);
        var set = RulePackSet.Compile(rules.Vocabulary!, [rules.Packs.Single(pack => pack.IsFloor), Evasive.Pack(rules.Vocabulary!, scope, when)]).Value;
        var facts = set.NewRequest();
        foreach (var (fact, values) in Evasive.Facts(scope, when))
        {
            facts.Set(fact, values).ShouldBeNull(fact);
        }

        var decision = set.Explain(facts);
        return new(decision.Decision.IsPermit, decision.Decision.Ground.ToString(), string.Join(' ', decision.Deciding.Select(pair => pair.Answer.Rule.Id)));
    }

    /// <summary>One walk of five steps over roles, purposes and matters; answers how many steps passed that the data do not carry.</summary>
    internal static async Task<int> WalkAsync(Desk desk, int walk, Random random)
    {
        var (harms, known) = (0, new Dictionary<(string Account, string Matter), string>());
        Actor[] actors = [Desk.Worker, Desk.Supervisor, new("worker-3", "case-worker", ["protection/north"], true, "key-worker-3")];
        string[] purposes = ["protection", "assistance", "immigration-enforcement"];
        var carried = purposes.Where(_ => random.Next(3) > 0).ToHashSet();
        for (var step = 0; step < 5; step++)
        {
            var (actor, purpose, matter) = (actors[random.Next(actors.Length)], purposes[random.Next(purposes.Length)], $"W-{walk}-{random.Next(2)}");
            var ask = Desk.Ask(random.Next(2) == 0 ? "read" : "update", purpose, actor, matter, ["walk-" + walk], ("purpose.declared", purpose)) with { CarriedPurposes = carried };
            if ((await desk.Gate.OpenAsync(ask, Desk.Read, default)).IsPermitted)
            {
                harms += !carried.Contains(purpose) || purpose == "immigration-enforcement" || (known.TryGetValue((actor.Account, matter), out var before) && before != purpose) ? 1 : 0;
                known.TryAdd((actor.Account, matter), purpose);
            }
        }

        return harms;
    }
}
