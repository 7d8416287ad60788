namespace Waymark.Linkage;

/// <summary>The long words of values as hashes, so that whether two values share one ("west devon", "devon") is asked without cutting them up again.</summary>
internal sealed class ValueWords
{
    private const int Shortest = 4;
    private readonly int[] _start;
    private readonly ulong[] _hashes;

    private ValueWords(int[] start, ulong[] hashes) => (_start, _hashes) = (start, hashes);

    /// <summary>Null when no value has two words: then values that share one are equal.</summary>
    public static ValueWords? Of(Utf8Heap values)
    {
        var several = false;
        for (var code = 1; code < values.Count && !several; code++)
        {
            several = values[code].Contains((byte)' ');
        }

        if (!several)
        {
            return null;
        }

        var start = new int[values.Count + 1];
        var hashes = new List<ulong>(values.Count * 2);
        for (var code = 1; code < values.Count; code++)
        {
            var value = values[code];
            foreach (var range in value.Split((byte)' '))
            {
                if (value[range] is { Length: >= Shortest } word)
                {
                    hashes.Add(Hashing.Bytes(word));
                }
            }

            start[code + 1] = hashes.Count;
        }

        return new(start, [.. hashes]);
    }

    /// <summary>Whether two different values share a long word.</summary>
    public bool Shared(int a, int b)
    {
        var others = _hashes.AsSpan(_start[b], _start[b + 1] - _start[b]);
        foreach (var word in _hashes.AsSpan(_start[a], _start[a + 1] - _start[a]))
        {
            // One or two words: looking for them by vectors takes longer than looking at them.
            foreach (var other in others)
            {
                if (other == word)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
