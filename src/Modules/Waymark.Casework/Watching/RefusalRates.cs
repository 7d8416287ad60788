namespace Waymark.Casework.Watching;

/// <summary>One request that was decided: by whom, in which unit, when, and whether it was refused.</summary>
internal sealed record DecidedRequest(string Account, string Unit, DateTimeOffset At, bool IsRefused);

/// <summary>Who refuses far more than others do: the account or unit; both null for the organisation itself against its own past.</summary>
internal sealed record OftenRefused(string? Account, string? Unit);

/// <summary>
/// Rates of refusal against their median (M85). Few requests say nothing: a rate counts from ten decisions on, a median from three rates on, an alarm from five refusals on, so that neither one
/// hard case nor one person's answer moves it.
/// </summary>
internal static class RefusalRates
{
    public const int LeastDecided = 10;

    public const int LeastRefused = 5;

    public const int LeastRates = 3;

    private static readonly TimeSpan s_year = TimeSpan.FromDays(365);

    private static readonly TimeSpan s_quarter = TimeSpan.FromDays(90);

    public static IReadOnlyList<OftenRefused> Of(IReadOnlyList<DecidedRequest> requests, DateTimeOffset now)
    {
        var year = requests.Where(request => now - request.At <= s_year).ToList();
        return
        [
            .. Above(year.GroupBy(request => request.Account, StringComparer.Ordinal)).Select(account => new OftenRefused(account, null)),
            .. Above(year.GroupBy(request => request.Unit, StringComparer.Ordinal)).Select(unit => new OftenRefused(null, unit)),
            .. OwnPast(requests, now),
        ];
    }

    private static IEnumerable<string> Above(IEnumerable<IGrouping<string, DecidedRequest>> groups)
    {
        var rates = groups.Select(Rate).Where(rate => rate.Decided >= LeastDecided).ToList();
        return rates.Count < LeastRates ? [] : rates.Where(rate => IsOften(rate, rates.ConvertAll(known => known.Share))).Select(rate => rate.Of);
    }

    /// <summary>A node is one organisation: its last quarter is held against the quarters before.</summary>
    private static IEnumerable<OftenRefused> OwnPast(IReadOnlyList<DecidedRequest> requests, DateTimeOffset now)
    {
        var quarters = requests.GroupBy(request => ((int)((now - request.At) / s_quarter)).ToString(System.Globalization.CultureInfo.InvariantCulture)).Select(Rate).Where(rate => rate.Decided >= LeastDecided).ToList();
        var (last, before) = (quarters.Find(rate => rate.Of == "0"), quarters.FindAll(rate => rate.Of != "0"));
        return last is not null && before.Count >= LeastRates && IsOften(last, before.ConvertAll(rate => rate.Share)) ? [new(null, null)] : [];
    }

    private static bool IsOften(RefusalRate rate, List<double> shares)
    {
        shares.Sort();
        var median = (shares[(shares.Count - 1) / 2] + shares[shares.Count / 2]) / 2;
        return rate.Refused >= LeastRefused && rate.Share > 0 && rate.Share >= 2 * median;
    }

    private static RefusalRate Rate(IGrouping<string, DecidedRequest> group) => new(group.Key, group.Count(), group.Count(request => request.IsRefused));

    private sealed record RefusalRate(string Of, int Decided, int Refused)
    {
        public double Share => (double)Refused / Decided;
    }
}
