using System.Globalization;
using System.Text;

namespace Waymark.Ledger;

/// <summary>
/// A tile of C2SP tlog-tiles: up to 256 consecutive hashes of one level, 32 bytes each. Level 0 holds leaf hashes; a hash
/// of level n + 1 is the root of a full tile of level n. <paramref name="Width"/> is 1 to 256; below 256 the tile is partial.
/// </summary>
public readonly record struct Tile(int Level, long Index, int Width)
{
    /// <summary>Hashes in a full tile, and entries in a full bundle.</summary>
    public const int Full = 256;

    /// <summary>The path of the tile below the prefix of the log: <c>tile/0/x001/x234/067</c>, <c>tile/1/000.p/17</c>.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{PathOf(Index, Width)}");

    /// <summary>The path of the bundle with the entries of these leaves (level 0).</summary>
    public string EntriesPath => $"tile/entries/{PathOf(Index, Width)}";

    /// <summary>Width of the tile of this level and index in a tree of this size; 0 when there is none.</summary>
    public static int WidthAt(long size, int level, long index)
    {
        var hashes = size >> (8 * level);
        return (int)Math.Clamp(hashes - (index * Full), 0, Full);
    }

    /// <summary>All tiles of a tree of this size, level by level, left to right.</summary>
    public static IEnumerable<Tile> Of(long size)
    {
        for (var level = 0; level < 8 && size >> (8 * level) > 0; level++)
        {
            var hashes = size >> (8 * level);
            for (var index = 0L; index * Full < hashes; index++)
            {
                yield return new(level, index, WidthAt(size, level, index));
            }
        }
    }

    private static string PathOf(long index, int width)
    {
        var path = new StringBuilder((index % 1_000).ToString("000", CultureInfo.InvariantCulture));
        for (var rest = index / 1_000; rest > 0; rest /= 1_000)
        {
            path.Insert(0, (rest % 1_000).ToString("'x'000'/'", CultureInfo.InvariantCulture));
        }

        return width == Full ? path.ToString() : path.Append(CultureInfo.InvariantCulture, $".p/{width}").ToString();
    }
}

/// <summary>Where a reader of the tree finds its tiles. Answers at least as many hashes as the tile is wide, or null.</summary>
public delegate ReadOnlyMemory<byte>? TileReader(Tile tile);
