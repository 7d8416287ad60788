using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>A statement of the sources. <see cref="Elsewhere"/> says what carries it when no rule does.</summary>
public sealed record SourceStatement(string Id, string Where, LocalText Text, LocalText? Elsewhere);

/// <summary>A principle of the comparison and the topics of rules that belong to it.</summary>
public sealed record RulePrinciple(string Id, LocalText Name, IReadOnlyList<string> Topics);

/// <summary>Statements and principles against which the rule packs are laid; read from a pack of kind <c>traces</c>.</summary>
public sealed record TracePack(IReadOnlyList<RulePrinciple> Principles, IReadOnlyList<SourceStatement> Statements)
{
    public const string Kind = "traces";

    public static TracePack Read(Pack pack, PackErrors errors)
    {
        var root = pack.Cursor(errors);
        return new(
            [.. root.List("principles").Select(node => new RulePrinciple(node.Text("id"), RulePackReader.Pair(node), node.TextList("topics")))],
            [.. root.List("statements").Select(node => new SourceStatement(node.Text("id"), node.Text("where"), RulePackReader.Pair(node), node.OptionalTexts("elsewhere")))]);
    }
}
