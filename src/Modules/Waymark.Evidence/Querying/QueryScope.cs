using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>
/// What a question may see: the cube reduced to one edition if one was asked for, and the vintages known at the asked moment.
/// The same scope later gives the same answer, whatever was imported since.
/// </summary>
internal sealed record QueryScope(LoadedSeries Series, CubeSnapshot Cube, CubeFilter Filter, IReadOnlyList<LoadedVintage> Vintages, DateTimeOffset AsOf, bool IsEmpty, IReadOnlyList<RowCondition> Rows)
{
    /// <summary>Threads that one question may use; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>The cubes of single editions, kept with the cube they are part of.</summary>
    private static readonly ConditionalWeakTable<CubeSnapshot, ConcurrentDictionary<string, CubeSnapshot>> Releases = [];

    public static Result<QueryScope> Open(LoadedSeries series, SeriesQuery query, CubeFilter filter, DateTimeOffset now, IReadOnlyList<RowCondition>? rows = null)
    {
        var (cube, vintages) = (series.Cube, series.Vintages);
        if (query.Release is { } release)
        {
            vintages = [.. series.Vintages.Where(vintage => vintage.Release == release)];
            if (vintages.Count == 0)
            {
                return QueryErrors.NoRelease(release, series.Vintages.Select(vintage => vintage.Release).Distinct(StringComparer.Ordinal));
            }

            cube = Releases.GetOrCreateValue(cube).GetOrAdd(release, static (name, whole) => whole.OnlyVintages(vintage => vintage.Release == name), cube);
        }

        if (query is { AsOf: { } before, UpdatedAfter: { } after } && after >= before)
        {
            return QueryErrors.AsOfBeforeUpdate;
        }

        var asOf = LastKnown(vintages, query.AsOf);
        int? changedAfter = query.UpdatedAfter is { } updated ? LastKnown(vintages, updated) : null;
        return new QueryScope(series, cube, filter with
        {
            AsOf = query.AsOf is null ? null : Math.Max(asOf, 0),
            History = query.IncludeHistory,
            ChangedAfter = changedAfter < 0 ? null : changedAfter,
        }, vintages, query.AsOf ?? now, asOf < 0, rows ?? []);
    }

    /// <summary>The rows that match, conditions on what stands beside them included.</summary>
    public async Task<Result<IReadOnlyList<long>>> SelectAsync(CancellationToken cancellationToken)
    {
        var selected = Cube.Select(Filter, cancellationToken: cancellationToken);
        return selected.IsOk ? Result<IReadOnlyList<long>>.Ok(await RowCondition.SelectAsync(Rows, this, selected.Value.Rows, cancellationToken)) : selected.Error;
    }

    /// <summary>The ordinal of the last vintage visible at the moment; -1 when none was.</summary>
    private static int LastKnown(IReadOnlyList<LoadedVintage> vintages, DateTimeOffset? moment)
    {
        var last = -1;
        for (var i = 0; i < vintages.Count; i++)
        {
            if (moment is null || vintages[i].VisibleFrom <= moment)
            {
                last = i;
            }
        }

        return last;
    }
}
