using System.Collections.Frozen;
using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Rules;

/// <summary>The facts that a request may carry, and their code lists, checked. Immutable.</summary>
public sealed class Vocabulary
{
    /// <summary>The most codes a list may hold whose sets are values.</summary>
    public const int MostInSet = 64;

    private static readonly Dictionary<string, FactType> Types = new(StringComparer.Ordinal)
    {
        ["boolean"] = FactType.Boolean, ["code"] = FactType.Code, ["codes"] = FactType.Codes, ["integer"] = FactType.Whole, ["decimal"] = FactType.Number,
        ["text-id"] = FactType.TextId, ["date"] = FactType.Date, ["instant"] = FactType.Instant, ["duration"] = FactType.Duration, ["country"] = FactType.Country,
    };

    private readonly FrozenDictionary<string, Fact> _facts;
    private readonly FrozenDictionary<string, CodeList> _lists;

    private Vocabulary(string id, string version, string hash, IReadOnlyList<Fact> facts, Dictionary<string, CodeList> lists)
    {
        (Id, Version, Hash, Facts) = (id, version, hash, facts);
        _facts = facts.ToFrozenDictionary(fact => fact.Id, StringComparer.Ordinal);
        _lists = lists.ToFrozenDictionary(StringComparer.Ordinal);
        Scope = [.. facts.Where(fact => fact.IsScope)];
        Time = Find("request.time");
    }

    public string Id { get; }

    public string Version { get; }

    public string Hash { get; }

    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>The facts without which a request is malformed.</summary>
    public IReadOnlyList<Fact> ScopeFacts => Scope;

    internal Fact[] Scope { get; }

    public IEnumerable<CodeList> CodeLists => _lists.Values;

    /// <summary>The only clock: the fact <c>request.time</c>, or null when the vocabulary has none.</summary>
    public Fact? Time { get; }

    public Fact? Find(string id) => _facts.GetValueOrDefault(id);

    public CodeList? FindList(string id) => _lists.GetValueOrDefault(id);

    /// <summary>The vocabulary, or every fault with line and column.</summary>
    public static (Vocabulary? Vocabulary, IReadOnlyList<Error> Errors) Read(VocabularyDocument document)
    {
        var errors = new RuleErrors();
        var lists = ReadLists(document, errors);
        var facts = new List<Fact>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var written in document.Facts)
        {
            if (!names.Add(written.Id.Text))
            {
                errors.Add(written.Id, "rules.duplicate-fact", $"The fact \"{written.Id}\" stands twice.", $"事实“{written.Id}”重复。");
            }
            else if (ReadFact(written, lists, facts.Count, errors) is { } fact)
            {
                facts.Add(fact);
            }
        }

        return errors.Count == 0 ? (new(document.Id, document.Version, document.Hash, facts, lists), []) : (null, errors.All);
    }

    private static Dictionary<string, CodeList> ReadLists(VocabularyDocument document, RuleErrors errors)
    {
        var lists = new Dictionary<string, CodeList>(StringComparer.Ordinal);
        foreach (var group in document.CodeLists.GroupBy(list => list.Id.Text, StringComparer.Ordinal))
        {
            var codes = new List<Code>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var written in group.SelectMany(list => list.Codes))
            {
                if (!seen.Add(written.Code.Text))
                {
                    errors.Add(written.Code, "rules.duplicate-code", $"The code \"{written.Code}\" stands twice in \"{group.Key}\".", $"代码“{written.Code}”在“{group.Key}”中重复。");
                    continue;
                }

                if (written.Code.Text.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
                {
                    errors.Add(written.Code, "rules.code-letters", $"The code \"{written.Code}\" may hold only Latin letters, digits, - and _.", $"代码“{written.Code}”只能使用拉丁字母、数字、- 与 _。");
                    continue;
                }

                codes.Add(new(written.Code.Text, codes.Count, written.Name, written.Dpv, written.Odrl));
            }

            lists[group.Key] = new(group.Key, group.Any(list => list.Ordered), codes);
        }

        return lists;
    }

    private static Fact? ReadFact(FactDocument written, Dictionary<string, CodeList> lists, int index, RuleErrors errors)
    {
        if (!Types.TryGetValue(written.Type.Text, out var type))
        {
            errors.Unknown(written.Type, 0, "rules.unknown-type", $"There is no type \"{written.Type}\".", $"没有类型“{written.Type}”。", written.Type.Text, Types.Keys);
            return null;
        }

        CodeList? codes = null;
        if (type is FactType.Code or FactType.Codes)
        {
            if (written.CodeList is null)
            {
                errors.Add(written.Id, "rules.no-codelist", $"The fact \"{written.Id}\" needs a code list.", $"事实“{written.Id}”须指明代码表。");
                return null;
            }

            if (!lists.TryGetValue(written.CodeList.Text, out codes))
            {
                errors.Unknown(written.CodeList, 0, "rules.unknown-codelist", $"There is no code list \"{written.CodeList}\".", $"没有代码表“{written.CodeList}”。", written.CodeList.Text, lists.Keys);
                return null;
            }

            if (type == FactType.Codes && codes.Codes.Count > MostInSet)
            {
                errors.Add(written.CodeList, "rules.codelist-too-long", $"A list whose sets are values holds at most {MostInSet} codes; \"{codes.Id}\" has {codes.Codes.Count}.",
                    $"作为集合取值的代码表最多 {MostInSet} 项；“{codes.Id}”有 {codes.Codes.Count} 项。");
                return null;
            }
        }

        if (written.Scope && codes is null)
        {
            errors.Add(written.Id, "rules.scope-type", $"The scope fact \"{written.Id}\" must be of type code or codes.", $"范围事实“{written.Id}”的类型须为 code 或 codes。");
            return null;
        }

        return new()
        {
            Id = written.Id.Text, Index = index, Type = type, Codes = codes, IsScope = written.Scope, IsFloor = written.Floor, IsChoice = written.Choice,
            Name = written.Name, Evidence = written.Evidence, AttestedBy = written.AttestedBy, Unit = written.Unit,
        };
    }
}
