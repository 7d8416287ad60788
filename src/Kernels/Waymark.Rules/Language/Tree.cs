using Waymark.Rules.Engine;

namespace Waymark.Rules.Language;

/// <summary>Evaluates a condition by walking its tree: for search and analysis, where speed does not count.</summary>
internal static class Tree
{
    public static Truth Evaluate(Condition condition, RequestFacts facts)
    {
        switch (condition)
        {
            case NotCondition not:
                return Not(Evaluate(not.Operand, facts));
            case AllCondition all:
                return all.Parts.Aggregate(Truth.True, (truth, part) => And(truth, Evaluate(part, facts)));
            case AnyCondition any:
                return any.Parts.Aggregate(Truth.False, (truth, part) => Not(And(Not(truth), Not(Evaluate(part, facts)))));
            default:
                var compiler = new ConditionCompiler();
                var program = compiler.Add(condition);
                return Machine.ToTruth(compiler.Finish().Run(program, facts));
        }
    }

    public static Truth Not(Truth truth) => truth switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Unknown };

    public static Truth And(Truth left, Truth right) => left == Truth.False || right == Truth.False ? Truth.False
        : left == Truth.True && right == Truth.True ? Truth.True : Truth.Unknown;
}
