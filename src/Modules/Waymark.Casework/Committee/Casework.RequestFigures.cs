using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Features;

/// <summary>How many people asked about their data and what became of it, for everybody (M85).</summary>
public sealed partial class Casework
{
    // Open to everybody, like the committee's own figures: whoever asks often reads what was read a moment ago.
    private volatile Tuple<DateTimeOffset, IReadOnlyList<RequestYear>>? _requestYears;

    public async Task<IReadOnlyList<RequestYear>> RequestsAsync(CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        if (_requestYears is { } known && now - known.Item1 < s_opinionsHold)
        {
            return known.Item2;
        }

        if (Registers.Find(AccessRequests.Register) is not { } plan)
        {
            return [];
        }

        var requests = await SubjectRequestsAsync(cancellationToken);
        IReadOnlyList<RequestYear> years = [.. requests.GroupBy(request => request.OpenedAt.Year).OrderByDescending(year => year.Key).Select(year => Requests(year.Key, plan, [.. year]))];
        _requestYears = new(now, years);
        return years;
    }

    /// <summary>All requests of people about their data that can still be read.</summary>
    private async Task<IReadOnlyList<RecordDocument>> SubjectRequestsAsync(CancellationToken cancellationToken)
    {
        var requests = new List<RecordDocument>();
        if (Registers.Find(AccessRequests.Register) is not { } plan)
        {
            return [];
        }

        for (string? after = null; ;)
        {
            var page = await _parts.Store.Records.ScanAsync(plan.Partition, plan.Id, after, OpinionPage, cancellationToken);
            foreach (var stored in page)
            {
                // Who was erased is counted no more: the figures of a year may fall.
                requests.AddRange(await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken) is { IsOk: true } opened ? [opened.Value.Document] : []);
            }

            if (page.Count < OpinionPage)
            {
                break;
            }

            after = page[^1].Id;
        }

        return requests;
    }

    private static RequestYear Requests(int year, RegisterPlan plan, List<RecordDocument> requests)
    {
        SmallNumber In(params string[] states) => SmallNumber.Of(requests.Count(request => states.Contains(request.State, StringComparer.Ordinal)));
        return new(
            year, SmallNumber.Of(requests.Count), In("answered"), In("refused"), In("not-identified"), In("withdrawn"), In("received", "identified", "in-work", "reviewed"),
            [.. plan.CodeLists["ground"].Codes.Select(code => (code.Name, SmallNumber.Of(requests.Count(request => request.State == "refused" && request.One("ground")?.Value.Member("code") == code.Id))))]);
    }
}
