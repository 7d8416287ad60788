using System.Runtime.CompilerServices;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>
/// Cells that broad questions have in common: a map and the same map of another sex or of later years bring the same dimensions
/// to one figure first, and only then choose. Kept with the snapshot they were made from, so that an import forgets them.
/// </summary>
internal sealed class RollUps : IDisposable
{
    /// <summary>Larger tables are made for the question and forgotten: their questions are narrow, and few rows are quickly added.</summary>
    public const long MostCells = 1 << 17;

    private const int MostKept = 16;
    private static readonly ConditionalWeakTable<CubeSnapshot, RollUps> Kept = [];

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly List<(string Key, CellTable Table)> _tables = [];

    public static RollUps Of(CubeSnapshot cube) => Kept.GetOrCreateValue(cube);

    /// <summary>True when the filter chooses among codes and periods only: the rest of a question can wait until after the roll-up.</summary>
    public static bool MayServe(QueryScope scope)
    {
        var filter = scope.Filter;
        return scope.Rows.Count == 0 && !filter.History && filter.ChangedAfter is null && filter.Statuses == StatusSet.All && filter.Confidentialities is null
            && filter.Least is null && filter.Greatest is null && !CubeColumns.Extra.Any(filter.Where.ContainsKey)
            && scope.Cube.Codes("unit").Count <= 64 && scope.Cube.Codes("definition").Count <= 64;
    }

    /// <summary>One caller makes a table, the others wait for it.</summary>
    public async Task<CellTable> GetAsync(string key, Func<Task<CellTable>> make, CancellationToken cancellationToken)
    {
        if (Find(key) is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (Find(key) is { } made)
            {
                return made;
            }

            var table = await make();
            lock (_tables)
            {
                _tables.Insert(0, (key, table));
                _tables.RemoveRange(Math.Min(_tables.Count, MostKept), Math.Max(0, _tables.Count - MostKept));
            }

            return table;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private CellTable? Find(string key)
    {
        lock (_tables)
        {
            var at = _tables.FindIndex(entry => entry.Key == key);
            if (at > 0)
            {
                var entry = _tables[at];
                _tables.RemoveAt(at);
                _tables.Insert(0, entry);
            }

            return at < 0 ? null : _tables[0].Table;
        }
    }
}
