using System.Text;
using System.Text.Json;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Querying;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Quality;

/// <summary>
/// Runs the checks of the packs over the series as they count now, keeps the answer per newest vintage, and puts waivers beside
/// the findings. A waiver ends by itself: from its last day on the finding stands again.
/// </summary>
public sealed class QualityRunner(
    EvidenceCatalogue catalogue,
    IReadOnlyList<CheckDefinition> checks,
    ISeriesCubes cubes,
    IStore store,
    Func<string, CancellationToken, Task<ImportReport?>> report,
    TimeProvider time)
{
    private const string Waivers = "evidence.waiver";
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long Sequence, IReadOnlyList<CheckFinding> Findings)> _kept = new(StringComparer.Ordinal);

    public IReadOnlyList<CheckDefinition> Checks => checks;

    public async Task<Result<IReadOnlyList<CheckFinding>>> CheckAsync(string? series, CancellationToken cancellationToken)
    {
        IReadOnlyList<LoadedSeries> loaded;
        if (series is null)
        {
            loaded = await cubes.AllAsync(cancellationToken);
        }
        else if (await cubes.FindAsync(series, cancellationToken) is { } one)
        {
            loaded = [one];
        }
        else
        {
            return Error.NotFound("query.no-series", $"There is no series {series}.", $"没有数列 {series}。");
        }

        var waivers = await WaiversAsync(cancellationToken);
        var findings = new List<CheckFinding>();
        foreach (var each in loaded.OrderBy(each => each.Definition.Id, StringComparer.Ordinal))
        {
            findings.AddRange((await FindAsync(each, cancellationToken)).Select(finding => waivers.TryGetValue(finding.Id, out var waiver) ? finding with { Waiver = waiver } : finding));
        }

        return findings;
    }

    /// <summary>Accepts a finding until a day, with a reason. Errors: <c>quality.waiver</c> for a missing reason or a day that is past or over two years away.</summary>
    public async Task<Result<Waiver>> WaiveAsync(Waiver waiver, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (waiver.Reason.Trim().Length is < 3 or > 500 || waiver.Until <= today || waiver.Until > today.AddYears(2) || waiver.Finding.Length is 0 or > 100)
        {
            return Error.Invalid("quality.waiver", "A finding is accepted with a reason, until a day within two years.", "接受发现须注明理由，并设定两年内的截止日期。", "until");
        }

        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(waiver, WaiverJson.Default.Waiver));
        var existing = await store.Records.GetAsync(Waivers, waiver.Finding, cancellationToken);
        var committed = await store.CommitAsync(new WriteSet
        {
            Actor = waiver.By,
            Reason = "quality.waive",
            Records = [new(Waivers, waiver.Finding, existing?.Version ?? 0, body, body, [new("until", waiver.Until.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))])],
        }, cancellationToken);
        return committed.IsOk ? waiver : committed.Error;
    }

    private async Task<IReadOnlyList<CheckFinding>> FindAsync(LoadedSeries series, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(series.Definition.Id, out var kept) && kept.Sequence == series.Sequence)
        {
            return kept.Findings;
        }

        var findings = new List<CheckFinding>();
        foreach (var check in checks.Where(check => check.AppliesTo(series.Definition.Id)))
        {
            var found = await RunAsync(new CheckContext(check, series, catalogue, cubes, time.GetUtcNow()), cancellationToken);
            findings.AddRange(found.Take(CheckContext.MostFindings));
        }

        _kept[series.Definition.Id] = (series.Sequence, findings);
        return findings;
    }

    private async Task<IReadOnlyList<CheckFinding>> RunAsync(CheckContext context, CancellationToken cancellationToken) => context.Check.Kind switch
    {
        "total-equals-parts" => [.. SumChecks.TotalEqualsParts(context)],
        "agreement" => await SumChecks.AgreementAsync(context, cancellationToken),
        "mirror" => await SumChecks.MirrorAsync(context, cancellationToken),
        "range" => await FigureChecks.RangeAsync(context, cancellationToken),
        "multiple-of" => await FigureChecks.MultipleOfAsync(context, cancellationToken),
        "outlier" => await FigureChecks.OutlierAsync(context, cancellationToken),
        "break" => [.. FigureChecks.Breaks(context)],
        "completeness" => [.. FigureChecks.Completeness(context)],
        "timeliness" => [.. FigureChecks.Timeliness(context)],
        "revision" => [.. HistoryChecks.Revision(context)],
        "duplicate-keys" => await HistoryChecks.DuplicatesAsync(context, report, cancellationToken),
        "notes-without-figures" => [.. HistoryChecks.NotesWithoutFigures(context)],
        "marked" => await HistoryChecks.MarkedAsync(context, cancellationToken),
        _ => [],
    };

    private async Task<Dictionary<string, Waiver>> WaiversAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var waivers = new Dictionary<string, Waiver>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            var page = await store.Records.ListAsync(new(Waivers, [], Limit: 500, After: after), cancellationToken);
            if (!page.IsOk)
            {
                break;
            }

            foreach (var record in page.Value.Records)
            {
                if (JsonSerializer.Deserialize(record.Document.Span, WaiverJson.Default.Waiver) is { } waiver && waiver.Until >= today)
                {
                    waivers[waiver.Finding] = waiver;
                }
            }

            after = page.Value.Next;
        }
        while (after is not null);
        return waivers;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Waiver))]
internal sealed partial class WaiverJson : System.Text.Json.Serialization.JsonSerializerContext;
