using System.Numerics;
using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>Goes through all selected packs to the end and notes what each rule does.</summary>
internal sealed class Explainer(RulePackSet set, RequestFacts request, ExplainOptions options)
{
    private const int MostConsidered = 16;

    private readonly RuleTable _table = set.Table;
    private readonly List<PackAnswer> _packs = new(set.Packs.Count);
    private List<Rule>? _derogations;
    private List<DutyAnswer>? _duties;
    private ulong[]? _missing;
    private bool _forbidden;
    private bool _unmet;
    private bool _refused;
    private bool _granted;

    public Explanation Run()
    {
        if (Decider.IsMalformed(set.Vocabulary, request))
        {
            foreach (var fact in set.Vocabulary.Scope.Where(fact => request[fact] is not { } value || (fact.Type == FactType.Codes && value.Number == 0)))
            {
                Miss(fact);
            }

            return Answer(Decision.Deny(Ground.Malformed));
        }

        if (set.Broken.Count > 0 && set.IsBroken(request))
        {
            return Answer(Decision.Deny(Ground.ProfileBroken));
        }

        Span<ulong> candidates = stackalloc ulong[_table.Words];
        Decider.Candidates(_table, request, candidates);
        foreach (var pack in _table.Packs)
        {
            var selection = pack.IsAlways ? Machine.True : _table.Machine.Run(pack.Applies, request);
            if (selection == Machine.False)
            {
                candidates[pack.FirstWord..pack.EndWord].Clear();
                continue;
            }

            _packs.Add(Pack(pack, selection == Machine.Unknown, candidates));
        }

        var ground = _forbidden ? Ground.Prohibited : _unmet ? Ground.Unmet : _refused || !_granted ? Ground.NotPermitted : Ground.Permitted;
        if (ground == Ground.Permitted && Duties(candidates, isPermit: true))
        {
            ground = Ground.DutyNotAccepted;
        }

        if (ground != Ground.Permitted)
        {
            _duties = null;
            Duties(candidates, isPermit: false);
        }

        return Answer(new(ground == Ground.Permitted ? Effect.Permit : Effect.Deny, ground));
    }

    private Explanation Answer(Decision decision) => new(set, request.Copy(), options, decision, _packs, (IReadOnlyList<DutyAnswer>?)_duties ?? [],
        (IReadOnlyList<Rule>?)_derogations ?? [], Missing());

    private PackAnswer Pack(CompiledPack pack, bool uncertain, ReadOnlySpan<ulong> candidates)
    {
        var answers = new List<RuleAnswer>(4);
        var (stopped, granted) = (false, false);
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            for (var bits = candidates[word]; bits != 0; bits &= bits - 1)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                if (_table.Rules[slot] is not { } rule)
                {
                    break;
                }

                switch (rule.Rule.Kind)
                {
                    case RuleKind.Prohibition:
                        stopped |= Prohibition(rule, candidates, answers);
                        break;
                    case RuleKind.Precondition:
                        stopped |= Precondition(rule, candidates, answers);
                        break;
                    case RuleKind.Permission when _table.Machine.Run(rule.When, request) == Machine.True:
                        answers.Add(new(rule.Rule, RuleRole.Grants, null));
                        granted = true;
                        break;
                }
            }
        }

        var abstains = !granted && pack.Pack.IsConstraints && !Decider.HasPermissionInScope(_table, pack, request);
        if (!granted && !abstains)
        {
            Consider(pack, answers);
        }

        _granted |= granted && !uncertain && !pack.Pack.IsConstraints;
        _refused |= !granted && !abstains;
        return new(pack.Pack, stopped || (!granted && !abstains) ? PackOutcome.Denies : abstains || uncertain || pack.Pack.IsConstraints ? PackOutcome.Abstains : PackOutcome.Permits, uncertain, answers);
    }

    private bool Prohibition(CompiledRule rule, ReadOnlySpan<ulong> candidates, List<RuleAnswer> answers)
    {
        var truth = _table.Machine.Run(rule.When, request);
        if (truth == Machine.False)
        {
            return false;
        }

        if (Suspended(rule, candidates, answers))
        {
            return false;
        }

        _forbidden = true;
        if (truth == Machine.Unknown)
        {
            MissIn(rule);
        }

        answers.Add(new(rule.Rule, truth == Machine.True ? RuleRole.Forbids : RuleRole.MayForbid, truth == Machine.True ? null : Failed(rule.Parts, Machine.Unknown)));
        return true;
    }

    private bool Precondition(CompiledRule rule, ReadOnlySpan<ulong> candidates, List<RuleAnswer> answers)
    {
        var when = _table.Machine.Run(rule.When, request);
        var met = when == Machine.False ? Machine.True : _table.Machine.Run(rule.Require, request);
        if (met == Machine.True || Suspended(rule, candidates, answers))
        {
            return false;
        }

        _unmet = true;
        var unknown = when == Machine.Unknown || met == Machine.Unknown;
        if (unknown)
        {
            MissIn(rule);
        }

        answers.Add(new(rule.Rule, unknown ? RuleRole.MayBeUnmet : RuleRole.Unmet, Failed(rule.RequireParts, 0)));
        return true;
    }

    private bool Suspended(CompiledRule rule, ReadOnlySpan<ulong> candidates, List<RuleAnswer> answers)
    {
        if (rule.SuspendedBy.Length == 0 || !Decider.IsSuspended(_table, rule, request, candidates))
        {
            return false;
        }

        foreach (var slot in rule.SuspendedBy)
        {
            var derogation = _table.Rules[slot]!;
            if ((candidates[slot >> 6] >> (slot & 63) & 1) != 0 && _table.Machine.Run(derogation.When, request) == Machine.True && (_derogations ??= []) is { } used && !used.Contains(derogation.Rule))
            {
                used.Add(derogation.Rule);
            }
        }

        answers.Add(new(rule.Rule, RuleRole.Suspended, null));
        return true;
    }

    /// <summary>The permissions that have the request in their scope, each with the first part that is not true.</summary>
    private void Consider(CompiledPack pack, List<RuleAnswer> answers)
    {
        Span<ulong> inScope = stackalloc ulong[_table.Words];
        inScope.Fill(ulong.MaxValue);
        foreach (var index in _table.ScopeIndexes)
        {
            index.Narrow(inScope, request);
        }

        var kind = _table.KindMasks[(int)RuleKind.Permission];
        var count = 0;
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            for (var bits = inScope[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                var rule = _table.Rules[(word << 6) + BitOperations.TrailingZeroCount(bits)]!;
                // A rule whose facts are all known is evaluated only where it is shown: it misses nothing.
                if (IsMissing(rule) && _table.Machine.Run(rule.When, request) == Machine.Unknown)
                {
                    MissIn(rule);
                }

                if (count++ < MostConsidered)
                {
                    answers.Add(new(rule.Rule, RuleRole.Considered, Failed(rule.Parts, 0)));
                }
            }
        }
    }

    /// <summary>The first part that is not true; with <paramref name="only"/>, the first of that truth.</summary>
    private Condition? Failed((Condition Condition, Program Program)[] parts, uint only)
    {
        foreach (var (condition, program) in parts)
        {
            var truth = _table.Machine.Run(program, request);
            if ((only == 0 ? truth != Machine.True : truth == only) && (options.MayRead is null || condition.Facts().All(options.Shows)))
            {
                return condition;
            }
        }

        return null;
    }

    /// <summary>Collects the duties of the outcome; true when a mandatory one is not accepted.</summary>
    private bool Duties(ReadOnlySpan<ulong> candidates, bool isPermit)
    {
        var refused = false;
        var kind = _table.KindMasks[(int)RuleKind.Duty];
        for (var word = 0; word < _table.Words; word++)
        {
            for (var bits = candidates[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                var rule = _table.Rules[slot]!;
                var duty = rule.Rule.Duty!;
                if (duty.Occasion == (isPermit ? DutyOccasion.Deny : DutyOccasion.Permit))
                {
                    continue;
                }

                var truth = _table.Machine.Run(rule.When, request);
                if (truth == Machine.False || (rule.SuspendedBy.Length > 0 && Decider.IsSuspended(_table, rule, request, candidates)))
                {
                    continue;
                }

                refused |= isPermit && duty.IsMandatory && options.Accepted is { } accepted && !accepted.ByRule[slot];
                var due = DutyClock.Due(duty, request);
                (_duties ??= []).Add(new(rule.Rule, due, DutyClock.IsPast(due, request), truth == Machine.Unknown));
            }
        }

        return refused;
    }

    private bool IsMissing(CompiledRule rule)
    {
        foreach (var fact in rule.Facts)
        {
            if (!request.Known[fact.Index])
            {
                return true;
            }
        }

        return false;
    }

    private void MissIn(CompiledRule rule)
    {
        foreach (var fact in rule.Facts)
        {
            if (!request.Known[fact.Index])
            {
                Miss(fact);
            }
        }
    }

    private void Miss(Fact fact)
    {
        _missing ??= new ulong[(set.Vocabulary.Facts.Count + 63) / 64];
        _missing[fact.Index >> 6] |= 1UL << (fact.Index & 63);
    }

    private List<Fact> Missing()
    {
        var facts = new List<Fact>();
        for (var word = 0; word < (_missing?.Length ?? 0); word++)
        {
            for (var bits = _missing![word]; bits != 0; bits &= bits - 1)
            {
                var fact = set.Vocabulary.Facts[(word << 6) + BitOperations.TrailingZeroCount(bits)];
                if (options.Shows(fact))
                {
                    facts.Add(fact);
                }
            }
        }

        return facts;
    }
}

/// <summary>When a duty is due.</summary>
internal static class DutyClock
{
    public static DateTimeOffset? Due(Duty duty, RequestFacts request) =>
        duty.From is { } from && request.Known[from.Index] && (duty.Within ?? default).TryAdd(request.Numbers[from.Index], 1, out var due)
            ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    public static bool IsPast(DateTimeOffset? due, RequestFacts request) =>
        due is { } moment && request.Vocabulary.Time is { } time && request.Known[time.Index] && request.Numbers[time.Index] > moment.ToUnixTimeMilliseconds();
}
