namespace Waymark.Linkage;

/// <summary>
/// A coarse key of how a Latin name sounds across languages: groups of consonants that romanisations and ears exchange, vowels only
/// as "there was one in front". Short names keep their letters, since they have nothing else.
/// </summary>
public static class Skeleton
{
    /// <summary>The key, at most 7 groups of 4 bits; 0 for a name without letters.</summary>
    public static ulong Key(ReadOnlySpan<byte> latin)
    {
        if (latin.Length <= 2)
        {
            return Letters(latin);
        }

        ulong key = 1;
        var groups = 0;
        var last = 0;
        for (var i = 0; i < latin.Length && groups < 7; i++)
        {
            var next = i + 1 < latin.Length ? latin[i + 1] : (byte)0;
            var group = Group(latin[i], next);
            if (group == 0 && i == 0)
            {
                group = 1;
            }

            if (group != 0 && (group != last || i == 0))
            {
                key = (key << 4) | (uint)group;
                groups++;
            }

            last = latin[i] == (byte)'h' ? last : group;
        }

        return groups <= 1 ? Hashing.Pair(key, Vowel(latin)) | 1UL << 63 : key;
    }

    private static ulong Letters(ReadOnlySpan<byte> latin)
    {
        ulong key = 0;
        foreach (var b in latin)
        {
            key = (key << 8) | b;
        }

        return key == 0 ? 0 : key | 1UL << 62;
    }

    /// <summary>First vowel, coarse: a/e, i/y, o/u.</summary>
    private static ulong Vowel(ReadOnlySpan<byte> latin)
    {
        foreach (var b in latin)
        {
            switch (b)
            {
                case (byte)'a' or (byte)'e':
                    return 1;
                case (byte)'i' or (byte)'y':
                    return 2;
                case (byte)'o' or (byte)'u' or (byte)'w':
                    return 3;
            }
        }

        return 0;
    }

    private static int Group(byte letter, byte next) => letter switch
    {
        (byte)'b' => 2,
        (byte)'p' => next == (byte)'h' ? 9 : 2,
        (byte)'d' or (byte)'t' => 3,
        (byte)'g' or (byte)'k' or (byte)'q' => 4,
        (byte)'c' => next is (byte)'h' or (byte)'z' ? 5 : next is (byte)'e' or (byte)'i' or (byte)'y' ? 5 : 4,
        (byte)'s' or (byte)'z' or (byte)'x' or (byte)'j' => 5,
        (byte)'l' => 6,
        (byte)'r' => 7,
        (byte)'m' => 8,
        (byte)'f' or (byte)'v' or (byte)'w' => 9,
        (byte)'n' => 10,
        >= (byte)'0' and <= (byte)'9' => 11 + (letter - '0') % 5,
        _ => 0,
    };
}
