using Waymark.Model;
using Waymark.Rules;

namespace Waymark.Protection.Domain;

/// <summary>
/// Grounds of an exception. Where the vocabulary lists them, the reason begins with one of its codes and may go on in words after a colon
/// ("life: threatened tonight"): the code is what rules read, the words are for whoever approves and reviews. Where it does not, the reason is the fact.
/// </summary>
internal static class Grounds
{
    private const string Fact = "derogation.reason";

    public static string Of(Vocabulary vocabulary, string reason) =>
        vocabulary.Find(Fact) is { Type: FactType.Code } ? reason.Split(':', 2)[0].Trim() : reason;

    /// <summary>Error <c>derogation.reason</c> where the vocabulary lists grounds and the reason begins with none of them.</summary>
    public static Error? Check(Vocabulary vocabulary, string reason)
    {
        if (vocabulary.Find(Fact) is not { Type: FactType.Code, Codes: { } grounds } || grounds.Find(Of(vocabulary, reason)) is not null)
        {
            return null;
        }

        var codes = grounds.Codes.Select(code => code.Id).ToList();
        return Error.Invalid("derogation.reason", $"A reason begins with its ground and a colon: {string.Join(", ", codes)}.", $"理由须以其依据加冒号开头：{string.Join("、", codes)}。", "reason");
    }
}
