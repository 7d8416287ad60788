namespace Waymark.Ledger.Tests;

/// <summary>RFC 6962, section 2.1, word for word and as slow: what the fast tree is compared with.</summary>
internal static class NaiveTree
{
    public static TreeHash Root(ReadOnlySpan<byte[]> entries) => entries.Length switch
    {
        0 => Merkle.EmptyRoot,
        1 => Merkle.Leaf(entries[0]),
        _ => Merkle.Node(Root(entries[..Split(entries.Length)]), Root(entries[Split(entries.Length)..])),
    };

    public static List<TreeHash> Path(int m, ReadOnlySpan<byte[]> entries)
    {
        if (entries.Length <= 1)
        {
            return [];
        }

        var k = Split(entries.Length);
        return m < k
            ? [.. Path(m, entries[..k]), Root(entries[k..])]
            : [.. Path(m - k, entries[k..]), Root(entries[..k])];
    }

    public static List<TreeHash> Proof(int m, ReadOnlySpan<byte[]> entries) => m == 0 ? [] : Subproof(m, entries, true);

    private static List<TreeHash> Subproof(int m, ReadOnlySpan<byte[]> entries, bool whole)
    {
        if (m == entries.Length)
        {
            return whole ? [] : [Root(entries)];
        }

        var k = Split(entries.Length);
        return m <= k
            ? [.. Subproof(m, entries[..k], whole), Root(entries[k..])]
            : [.. Subproof(m - k, entries[k..], false), Root(entries[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }
}
