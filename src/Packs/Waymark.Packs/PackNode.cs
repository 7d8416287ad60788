namespace Waymark.Packs;

/// <summary>A place in a file: line and column, both counted from 1.</summary>
public readonly record struct PackPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>A node of a pack file. There are three shapes only; every node knows where it stands.</summary>
public abstract class PackNode(PackPosition at)
{
    public PackPosition At { get; } = at;

    /// <summary>The word messages use for the shape.</summary>
    public abstract string Shape { get; }
}

/// <summary>A single value, kept as text; its meaning is decided by the reader that asks, never by its looks.</summary>
public sealed class PackScalar(PackPosition at, string text, bool quoted) : PackNode(at)
{
    public string Text { get; } = text;

    /// <summary>True for quoted and block text; a quoted <c>true</c> is a word, not a truth value.</summary>
    public bool Quoted { get; } = quoted;

    public override string Shape => "value";
}

/// <summary>A list.</summary>
public sealed class PackSequence(PackPosition at, IReadOnlyList<PackNode> items) : PackNode(at)
{
    public IReadOnlyList<PackNode> Items { get; } = items;

    public override string Shape => "list";
}

/// <summary>One key of a mapping with its value and the place of the key.</summary>
public sealed record PackEntry(string Key, PackPosition At, PackNode Value);

/// <summary>A mapping; keys are unique and keep the order of the file.</summary>
public sealed class PackMapping : PackNode
{
    private readonly Dictionary<string, PackEntry> _byKey = new(StringComparer.Ordinal);

    public PackMapping(PackPosition at, IReadOnlyList<PackEntry> entries) : base(at)
    {
        Entries = entries;
        foreach (var entry in entries)
        {
            _byKey[entry.Key] = entry;
        }
    }

    public IReadOnlyList<PackEntry> Entries { get; }

    public override string Shape => "mapping";

    public PackEntry? Find(string key) => _byKey.GetValueOrDefault(key);
}
