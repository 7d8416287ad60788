using System.Globalization;

namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// What a complete edition speaks for: every combination of period and levels that occurs in it. Two codes of one level are
/// told together (any two countries), so that one that is absent has been taken back; a code that is a level of its own (a sex,
/// a kind of permit) is spoken for only where it occurs.
/// </summary>
internal sealed class Coverage(CubeSchema schema, Func<int, IReadOnlyList<string>> codes)
{
    private readonly Dictionary<string, int>[] _numbers = [.. schema.Dimensions.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
    private readonly List<char>[] _levels = [.. schema.Dimensions.Select(_ => new List<char>())];

    /// <summary>Without levels nothing is ever withdrawn.</summary>
    public bool IsKnown => schema.LevelOf is not null;

    public HashSet<string> Of(IEnumerable<CubeBlock> blocks)
    {
        var spoken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            Each(block, spoken, add: true, static (_, _) => { });
        }

        return spoken;
    }

    /// <summary>Calls back for every row of the block, with whether the edition speaks for it.</summary>
    public void Each(CubeBlock block, HashSet<string> spoken, Action<int, bool> row) => Each(block, spoken, add: false, row);

    private void Each(CubeBlock block, HashSet<string> spoken, bool add, Action<int, bool> row)
    {
        var dimensions = schema.Dimensions.Count;
        var find = spoken.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> signature = stackalloc char[dimensions + 2];
        Span<char> before = stackalloc char[dimensions + 2];
        var known = false;
        for (var at = 0; at < block.Rows; at++)
        {
            for (var column = 0; column < dimensions; column++)
            {
                signature[column] = Level(column, block.Keys[column][at]);
            }

            var period = block.Keys[^1][at];
            (signature[^2], signature[^1]) = ((char)(ushort)period, (char)(period >> 16));

            // Neighbours mostly agree: the sets are asked when something changes.
            if (at == 0 || !signature.SequenceEqual(before))
            {
                signature.CopyTo(before);
                known = add ? find.Add(signature) : find.Contains(signature);
            }

            row(at, known);
        }
    }

    private char Level(int column, int code)
    {
        var levels = _levels[column];
        while (levels.Count <= code)
        {
            var name = schema.LevelOf!(schema.Dimensions[column], codes(column)[levels.Count]);
            var numbers = _numbers[column];
            if (!numbers.TryGetValue(name, out var number))
            {
                numbers.Add(name, number = numbers.Count);
            }

            levels.Add(number <= char.MaxValue ? (char)number
                : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'{schema.Dimensions[column]}' has more than {(int)char.MaxValue} levels")));
        }

        return levels[code];
    }
}
