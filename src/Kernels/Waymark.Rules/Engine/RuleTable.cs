using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>One rule as the engine keeps it; <see cref="Pack"/> is its pack's place in the set.</summary>
internal sealed class CompiledRule
{
    public required Rule Rule { get; init; }

    public required int Pack { get; init; }

    public required Program When { get; init; }

    public required Program Require { get; init; }

    /// <summary>Slots of the derogations that may suspend the rule.</summary>
    public int[] SuspendedBy { get; set; } = [];

    /// <summary>The parts of the condition, each on its own, in the order written.</summary>
    public required (Condition Condition, Program Program)[] Parts { get; init; }

    public required (Condition Condition, Program Program)[] RequireParts { get; init; }

    /// <summary>The facts that condition and requirement ask for.</summary>
    public required Fact[] Facts { get; init; }
}

/// <summary>A pack as the engine keeps it: its rules fill the words from <see cref="FirstWord"/> to <see cref="EndWord"/>.</summary>
internal sealed class CompiledPack
{
    public required RulePack Pack { get; init; }

    public required Program Applies { get; init; }

    public required bool IsAlways { get; init; }

    public required int FirstWord { get; init; }

    public required int EndWord { get; init; }
}

/// <summary>
/// All rules of a set, each with a slot; a pack's slots begin at a multiple of 64, ordered by kind. For each indexed fact and code there is one
/// bit per slot: clear when the rule cannot matter for that code. What an index leaves out has a condition that is surely false, so
/// deciding with it or without it is the same.
/// </summary>
internal sealed class RuleTable
{
    private const int LeastGuards = 8;

    private const int MostGuardFacts = 4;

    public RuleTable(IReadOnlyList<RulePack> packs, Vocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        var compiler = new ConditionCompiler();
        var slots = new List<CompiledRule?>();
        foreach (var pack in packs)
        {
            AddPack(pack, compiler, slots);
        }

        Machine = compiler.Finish();
        Rules = [.. slots];
        Words = (slots.Count + 63) / 64;
        KindMasks = [.. Enum.GetValues<RuleKind>().Select(kind => Bits(rule => rule.Rule.Kind == kind))];
        Link();
        ScopeIndexes = [.. vocabulary.ScopeFacts.Select(fact => new FactIndex(fact, this, rule => rule.Rule.Scope.Where(part => part.Fact == fact).Select(part => (IReadOnlySet<int>?)part.Codes).FirstOrDefault()))];
        GuardIndexes = [.. Guards(vocabulary).Select(pair => new FactIndex(pair.Key, this, rule => pair.Value.GetValueOrDefault(rule)))];
    }

    public Vocabulary Vocabulary { get; }

    public Machine Machine { get; }

    public CompiledRule?[] Rules { get; }

    public List<CompiledPack> Packs { get; } = [];

    public int Words { get; }

    /// <summary>Per kind of rule, its slots.</summary>
    public ulong[][] KindMasks { get; }

    public FactIndex[] ScopeIndexes { get; }

    public FactIndex[] GuardIndexes { get; }

    public ulong[] Bits(Func<CompiledRule, bool> isIn)
    {
        var bits = new ulong[Words];
        for (var slot = 0; slot < Rules.Length; slot++)
        {
            if (Rules[slot] is { } rule && isIn(rule))
            {
                bits[slot >> 6] |= 1UL << (slot & 63);
            }
        }

        return bits;
    }

    private void AddPack(RulePack pack, ConditionCompiler compiler, List<CompiledRule?> slots)
    {
        var first = slots.Count;
        foreach (var rule in pack.Rules.OrderBy(rule => rule.Kind))
        {
            slots.Add(new()
            {
                Rule = rule, Pack = Packs.Count, When = compiler.Add(rule.When), Require = compiler.Add(rule.Require),
                Parts = Parts(rule.When, compiler), RequireParts = Parts(rule.Require, compiler), Facts = [.. rule.When.Facts().Concat(rule.Require.Facts()).Distinct()],
            });
        }

        while (slots.Count % 64 != 0)
        {
            slots.Add(null);
        }

        Packs.Add(new()
        {
            Pack = pack, Applies = compiler.Add(pack.Applies), IsAlways = pack.IsFloor || pack.Applies is ConstantCondition { Value: true },
            FirstWord = first / 64, EndWord = slots.Count / 64,
        });
    }

    private static (Condition, Program)[] Parts(Condition condition, ConditionCompiler compiler) =>
        [.. (condition is AllCondition all ? all.Parts : [condition]).Select(part => (part, compiler.Add(part)))];

    private void Link()
    {
        for (var slot = 0; slot < Rules.Length; slot++)
        {
            if (Rules[slot] is { Rule.Kind: RuleKind.Derogation } derogation)
            {
                foreach (var suspended in Rules.OfType<CompiledRule>().Where(rule => rule.Pack == derogation.Pack && derogation.Rule.Suspends.Contains(rule.Rule.Id)))
                {
                    suspended.SuspendedBy = [.. suspended.SuspendedBy, slot];
                }
            }
        }
    }

    /// <summary>The code facts on which many conditions hang, each with the codes that a rule's condition does not surely exclude.</summary>
    private IEnumerable<KeyValuePair<Fact, Dictionary<CompiledRule, IReadOnlySet<int>?>>> Guards(Vocabulary vocabulary)
    {
        var guards = new Dictionary<Fact, Dictionary<CompiledRule, IReadOnlySet<int>?>>();
        foreach (var rule in Rules.OfType<CompiledRule>())
        {
            foreach (var (condition, program) in rule.Parts)
            {
                var facts = condition.Facts().Distinct().ToList();
                if (facts is not [{ Type: FactType.Code, IsScope: false } fact])
                {
                    continue;
                }

                var probe = new RequestFacts(vocabulary);
                var left = fact.Codes!.Codes.Where(code =>
                {
                    probe.Set(fact, Value.Of(code));
                    return Machine.Run(program, probe) != Machine.False;
                }).Select(code => code.Index).ToHashSet();
                if (left.Count == fact.Codes.Codes.Count)
                {
                    continue;
                }

                if (!guards.TryGetValue(fact, out var byRule))
                {
                    guards[fact] = byRule = [];
                }

                byRule[rule] = byRule.TryGetValue(rule, out var before) ? before!.Intersect(left).ToHashSet() : left;
            }
        }

        return guards.Where(pair => pair.Value.Count >= LeastGuards).OrderByDescending(pair => pair.Value.Count).Take(MostGuardFacts);
    }
}
