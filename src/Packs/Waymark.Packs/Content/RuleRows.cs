using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>Rows of rule packs by the state of their citations.</summary>
public static class RuleRows
{
    /// <summary>Ids of the rules of which a citation is unverified, in the order of the pack: whoever adopts it has seen them.</summary>
    public static IReadOnlyList<string> Unverified(RulePackDocument pack) =>
        [.. pack.Rules.Where(rule => rule.Cites.Any(cite => cite.Status != "verified")).Select(rule => rule.Id.Text)];
}
