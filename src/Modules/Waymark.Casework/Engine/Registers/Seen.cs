using System.Collections.Frozen;
using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Packs;
using Waymark.Packs.Content;

namespace Waymark.Casework.Registers;

/// <summary>What a register pack may name: codes of the vocabulary and built-in lists.</summary>
internal sealed class Seen
{
    private readonly Dictionary<string, IReadOnlyList<CodeDocument>> _lists;

    public Seen(PackLibrary library, PackErrors errors)
    {
        var vocabulary = RuleDocuments.Of(library, errors).Vocabulary;
        Vocabulary = vocabulary;
        _lists = (vocabulary?.CodeLists ?? []).GroupBy(list => list.Id.Text, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<CodeDocument>)[.. group.SelectMany(list => list.Codes)], StringComparer.Ordinal);
        Facts = (vocabulary?.Facts ?? []).Select(fact => fact.Id.Text).ToFrozenSet(StringComparer.Ordinal);
        Areas = library.Find("codelists", AreaPack.Id) is { } pack && AreaPack.Read(pack, errors) is { } areas
            ? new("areas", pack.Version, [.. areas.All.Where(area => area.Kind is AreaKind.CountryOrArea).Select(area => new RecordCode(area.Code, area.Name))]) : null;
    }

    public VocabularyDocument? Vocabulary { get; }

    public FrozenSet<string> Facts { get; }

    /// <summary>Countries and areas by their code.</summary>
    public RecordCodeList? Areas { get; }

    /// <summary>The codes that a fact may have; null when it has no list.</summary>
    public IReadOnlySet<string>? CodesOf(string fact) => Vocabulary?.Facts.FirstOrDefault(known => known.Id.Text == fact)?.CodeList is { } list ? Codes(list.Text).ToFrozenSet(StringComparer.Ordinal) : null;

    public IEnumerable<string> Codes(string list) => (_lists.GetValueOrDefault(list) ?? []).Select(code => code.Code.Text);

    /// <summary>The place of a purpose in its list: its bit.</summary>
    public int Bit(string purpose)
    {
        var at = 0;
        foreach (var code in Codes("purpose"))
        {
            if (code == purpose)
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    public RecordCodeList? FromVocabulary(string list) => _lists.TryGetValue(list, out var codes)
        ? new("vocabulary." + list, Vocabulary!.Version, [.. codes.Select(code => new RecordCode(code.Code.Text, code.Name))]) : null;

    /// <summary>Takes a word of one of the vocabulary's lists, or says which words there are.</summary>
    public string Word(PackCursor cursor, string key, string list, string standIn)
    {
        var word = cursor.OptionalText(key) ?? standIn;
        return Check(cursor, key, list, word) ? word : standIn;
    }

    public bool Check(PackCursor cursor, string key, string list, string word)
    {
        if (word.Length == 0 || Codes(list).Contains(word, StringComparer.Ordinal))
        {
            return true;
        }

        Unknown(cursor, key, word, Codes(list));
        return false;
    }

    public static void Unknown(PackCursor cursor, string key, string word, IEnumerable<string> known)
    {
        var all = known.ToList();
        var error = Error.Faulty("pack.unknown-word", $"\"{word}\" is not a value of \"{key}\"; known: {string.Join(", ", all.Take(24))}.",
            $"“{word}”不是“{key}”的取值；可用：{string.Join("、", all.Take(24))}。", $"{cursor.File}:{cursor.Node.Find(key)?.Value.At ?? cursor.At}");
        cursor.Errors.Add(Suggestion.For(word, all) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error);
    }
}
