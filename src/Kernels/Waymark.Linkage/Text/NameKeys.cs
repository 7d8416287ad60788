namespace Waymark.Linkage;

/// <summary>What a key of a name stands for, from strict to wide.</summary>
public enum NameKeyKind
{
    /// <summary>The folded part as it is.</summary>
    Exact,

    /// <summary>Learned class of variants (nicknames, spellings of one native form).</summary>
    Variant,

    /// <summary>Coarse sound of the Latin form; parts in other scripts through their most probable spelling.</summary>
    Skeleton,

    /// <summary>All parts in sorted order.</summary>
    Whole,
}

/// <summary>A key of a name: equal keys of equal kind are candidates.</summary>
public readonly record struct NameKey(NameKeyKind Kind, ulong Key);

/// <summary>
/// The keys of a name for storing and searching: the same normaliser that linking uses, so that what links is also found.
/// Stable over runs and machines for one version of the pack. One instance per thread.
/// </summary>
public sealed class NameKeys(LinkageKnowledge knowledge)
{
    private readonly NameFolder _folder = new(knowledge);
    private readonly NameTokens _tokens = new(knowledge);
    private readonly Transliterator _transliterator = new(knowledge);
    private readonly List<string> _parts = [];

    /// <summary>Keys of all parts of a name; none when the name is empty or a placeholder.</summary>
    public IReadOnlyList<NameKey> Of(string name)
    {
        var folded = _folder.Fold(name);
        if (_folder.IsPlaceholder(folded))
        {
            return [];
        }

        _tokens.Split(folded, _parts);
        var keys = new List<NameKey>();
        foreach (var part in _parts)
        {
            Add(keys, NameKeyKind.Exact, Hash(part));
            foreach (var variant in knowledge.Variants.GetValueOrDefault(part) ?? [])
            {
                Add(keys, NameKeyKind.Variant, Hash(variant));
            }

            var latin = Scripts.Of(part[0]) is Script.Latin or Script.None ? part : _transliterator.Romanise(part);
            Add(keys, NameKeyKind.Skeleton, Skeleton.Key(System.Text.Encoding.UTF8.GetBytes(latin)));
        }

        _parts.Sort(StringComparer.Ordinal);
        Add(keys, NameKeyKind.Whole, Hash(string.Join(' ', _parts)));
        return keys;
    }

    private static ulong Hash(string text) => Hashing.Bytes(System.Text.Encoding.UTF8.GetBytes(text));

    private static void Add(List<NameKey> keys, NameKeyKind kind, ulong key)
    {
        if (key != 0 && !keys.Contains(new(kind, key)))
        {
            keys.Add(new(kind, key));
        }
    }
}
