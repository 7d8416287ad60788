using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>What changed in a series between two moments: figures added, revised, withdrawn, and by how much.</summary>
public sealed class Differ(ISeriesCubes cubes, QueryEngine engine)
{
    public async Task<Result<IReadOnlyList<SeriesDiff>>> DiffAsync(
        string? series, DateTimeOffset from, DateTimeOffset to, int changesPerSeries, CancellationToken cancellationToken)
    {
        if (to < from)
        {
            return Error.Invalid("diff.order", "The second moment is before the first.", "第二个时刻早于第一个时刻。", "to");
        }

        IReadOnlyList<LoadedSeries> loaded;
        if (series is null)
        {
            loaded = await cubes.AllAsync(cancellationToken);
        }
        else
        {
            var found = await engine.FindAsync(series, cancellationToken);
            if (!found.IsOk)
            {
                return found.Error;
            }

            loaded = [found.Value];
        }

        var diffs = new List<SeriesDiff>();
        foreach (var one in loaded)
        {
            var diff = Diff(one, from, to, changesPerSeries, cancellationToken);
            if (!diff.IsOk)
            {
                return diff.Error;
            }

            if (series is not null || diff.Value.Added + diff.Value.Revised + diff.Value.Withdrawn > 0)
            {
                diffs.Add(diff.Value);
            }
        }

        return diffs;
    }

    private static Result<SeriesDiff> Diff(LoadedSeries series, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        var before = Known(series, from, cancellationToken);
        var after = Known(series, to, cancellationToken);
        if (!before.IsOk || !after.IsOk)
        {
            return (before.Error ?? after.Error)!;
        }

        var (added, revised, withdrawn, unchanged) = (0L, 0L, 0L, 0L);
        var (sum, absolute, counted) = (0m, 0m, 0L);
        var changes = new List<ObservationChange>();
        foreach (var (key, now) in after.Value)
        {
            if (!before.Value.Remove(key, out var then))
            {
                added++;
                Keep(null, now);
            }
            else if (then.Number == now.Number || Same(then, now))
            {
                unchanged++;
            }
            else
            {
                revised++;
                if (then.Value is { } old && now.Value is { } @new)
                {
                    var difference = @new.ToDecimal() - old.ToDecimal();
                    (sum, absolute, counted) = (sum + difference, absolute + Math.Abs(difference), counted + 1);
                }

                Keep(then, now);
            }
        }

        foreach (var then in before.Value.Values)
        {
            withdrawn++;
            Keep(then, null);
        }

        return new SeriesDiff(series.Definition.Id, added, revised, withdrawn, unchanged,
            counted == 0 ? null : sum / counted, counted == 0 ? null : absolute / counted, changes);

        void Keep(ObservationView? then, ObservationView? now)
        {
            if (changes.Count < limit)
            {
                var shown = now ?? then!.Value;
                changes.Add(new(
                    series.Definition.Dimensions.Select((dimension, at) => (dimension.Id, Code: shown.Code(at))).ToDictionary(pair => pair.Id, pair => pair.Code, StringComparer.Ordinal),
                    shown.Period.ToString(),
                    then is { } old ? Explainer.Value(old, null) : null,
                    now is { } @new ? Explainer.Value(@new, null) : null,
                    then is { } was ? series.Vintages[was.From].Release : null,
                    now is { } is_ ? series.Vintages[is_.From].Release : null,
                    then?.Value is { } left && now?.Value is { } right ? right.ToDecimal() - left.ToDecimal() : null));
            }
        }
    }

    /// <summary>The observations that counted at the moment, by key.</summary>
    private static Result<Dictionary<string, ObservationView>> Known(LoadedSeries series, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var ordinal = -1;
        for (var at = 0; at < series.Vintages.Count; at++)
        {
            ordinal = series.Vintages[at].VisibleFrom <= moment ? at : ordinal;
        }

        if (ordinal < 0)
        {
            return new Dictionary<string, ObservationView>(StringComparer.Ordinal);
        }

        var selected = series.Cube.Select(new CubeFilter { AsOf = ordinal }, cancellationToken: cancellationToken);
        return selected.IsOk
            ? selected.Value.Observations.ToDictionary(observation => Explainer.Key(series.Cube, observation), StringComparer.Ordinal)
            : selected.Error;
    }

    private static bool Same(ObservationView left, ObservationView right) => left.Status == right.Status && left.Comparator == right.Comparator
        && left.ValueCode == right.ValueCode && Nullable.Equals(left.Value, right.Value) && Nullable.Equals(left.Upper, right.Upper);
}
