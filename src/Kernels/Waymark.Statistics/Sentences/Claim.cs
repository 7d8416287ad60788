using System.Globalization;
using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Sentences;

/// <summary>A value a template may show: a number or a text (a code, a period).</summary>
public readonly record struct Fact(decimal? Number, LocalText? Text)
{
    public static implicit operator Fact(decimal number) => new(number, null);

    public static implicit operator Fact(string text) => new(null, new LocalText(text, text));

    public static implicit operator Fact(Period period) => period.ToString();
}

/// <summary>
/// A predicate over figures. <see cref="Check"/> answers the facts a sentence may show when it holds, or the error
/// <c>sentence.contradicted</c> that names the datum against it. A claim never holds on missing or incommensurable figures.
/// </summary>
public abstract record Claim
{
    public abstract Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data);

    private protected static Result<IReadOnlyDictionary<string, Fact>> Holds(params (string Name, Fact Fact)[] facts) =>
        Result<IReadOnlyDictionary<string, Fact>>.Ok(facts.ToDictionary(pair => pair.Name, pair => pair.Fact, StringComparer.Ordinal));

    /// <summary>The error of a claim that does not hold: which series, which period, what stands there, what was claimed.</summary>
    private protected static Error Contradicted(string series, Figure datum, string claimedEn, string claimedZh)
    {
        var value = datum.Value.ToString("#,0.############", CultureInfo.InvariantCulture);
        return Error.Faulty("sentence.contradicted",
            $"The data contradict the sentence: {series} {datum.Period} is {value} {datum.Unit}, but {claimedEn}.",
            $"数据与该句不符：{series} {datum.Period} 为 {value} {datum.Unit}，而句中称{claimedZh}。", $"{series} {datum.Period}");
    }

    private protected static string Number(decimal value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>Growth between two figures of a claim; unlike an analysis, a claim refuses a change of definition.</summary>
    private protected static Result<GrowthStep> Step(Figure from, Figure to) => Comparability.Definitions(from, to) is { } refused
        ? refused
        : Growth.Between(from, to).Then(step => step.Percent is null
            ? Error.Faulty("sentence.no-base", $"{from.Period} is not above zero, so no percentage exists.", $"{from.Period} 的数值不大于零，无法计算百分比。")
            : Result<GrowthStep>.Ok(step));
}

public enum Direction { Grew, Fell }

/// <summary>
/// "Grew (fell) from A to B by p %": the direction is right and the change rounds half up to the percentage stated. Facts:
/// from, to (periods), first, last, change, percent (without sign).
/// </summary>
public sealed record ChangeClaim(string Series, Period From, Period To, Direction Direction, decimal Percent, int Decimals = 0) : Claim
{
    public override Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data) =>
        data.Figure(Series, From).Then(from => data.Figure(Series, To).Then(to => Step(from, to).Then(step =>
        {
            var change = Rounding.HalfUp(step.Percent!.Value, Decimals) * (Direction == Direction.Fell ? -1 : 1);
            return change == Percent && change > 0
                ? Holds(("from", From), ("to", To), ("first", from.Value), ("last", to.Value), ("change", Math.Abs(step.Absolute)), ("percent", Percent))
                : Contradicted(Series, to,
                    $"it is said to have {(Direction == Direction.Grew ? "grown" : "fallen")} by {Number(Percent)} % from {Number(from.Value)} ({From}), where the change is {Number(Rounding.HalfUp(step.Percent.Value, Math.Max(Decimals, 2)))} %",
                    $"较 {From} 的 {Number(from.Value)} {(Direction == Direction.Grew ? "增长" : "下降")} {Number(Percent)}%，实际变化为 {Number(Rounding.HalfUp(step.Percent.Value, Math.Max(Decimals, 2)))}%");
        })));
}

/// <summary>
/// "The stock grew, its share of the population rose too, but more slowly." Facts: from, to, stockPercent, sharePercent,
/// firstShare, lastShare.
/// </summary>
public sealed record ShareRoseSlowerThanStock(string Stock, string Share, Period From, Period To) : Claim
{
    public override Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data)
    {
        var stock = data.Figure(Stock, From).Then(from => data.Figure(Stock, To).Then(to => Step(from, to)));
        var share = data.Figure(Share, From).Then(from => data.Figure(Share, To).Then(to => Step(from, to)));
        if (!stock.IsOk || !share.IsOk)
        {
            return stock.Error ?? share.Error!;
        }

        var (a, b) = (stock.Value, share.Value);
        return b.Percent > 0 && a.Percent > b.Percent
            ? Holds(("from", From), ("to", To), ("stockPercent", a.Percent!.Value), ("sharePercent", b.Percent!.Value),
                ("firstShare", b.From.Value), ("lastShare", b.To.Value))
            : Contradicted(Share, b.To,
                $"the share is said to rise more slowly than the stock; it changed by {Number(b.Percent!.Value)} %, the stock by {Number(a.Percent!.Value)} %",
                $"占比上升慢于存量；实际占比变化 {Number(b.Percent!.Value)}%，存量变化 {Number(a.Percent!.Value)}%");
    }
}

/// <summary>Every figure from one period to another is greater than the one before (SEED-O24). Facts: from, to, first, last.</summary>
public sealed record RisingClaim(string Series, Period From, Period To) : Claim
{
    public override Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data) => data.Series(Series).Then(all =>
    {
        var run = all.Where(figure => figure.Period >= From && figure.Period <= To).ToList();
        if (run.Count < 2 || run[0].Period != From || run[^1].Period != To)
        {
            return Error.NotFound("sentence.no-figure", $"'{Series}' lacks figures for {From} or {To}.", $"“{Series}”缺少 {From} 或 {To} 的数字。", Series);
        }

        for (var i = 1; i < run.Count; i++)
        {
            if ((Comparability.Units(run[i - 1], run[i]) ?? Comparability.Definitions(run[i - 1], run[i])) is { } refused)
            {
                return refused;
            }

            if (run[i].Value <= run[i - 1].Value)
            {
                return Contradicted(Series, run[i], $"the series is said to rise without a pause, and {run[i - 1].Period} was {Number(run[i - 1].Value)}",
                    $"该序列持续上升，而 {run[i - 1].Period} 为 {Number(run[i - 1].Value)}");
            }
        }

        return Holds(("from", From), ("to", To), ("first", run[0].Value), ("last", run[^1].Value));
    });
}

/// <summary>
/// "Highest since year Y": every figure after Y and before the period is lower, and the figure of Y itself is not lower,
/// unless the series begins there. Facts: period, value, since, sinceValue.
/// </summary>
public sealed record HighestSinceClaim(string Series, Period Period, int Year) : Claim
{
    public override Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data) => data.Figure(Series, Period).Then(value => data.Series(Series).Then(all =>
    {
        var earlier = all.Where(figure => figure.Period < Period && figure.Period.FirstYear >= Year).ToList();
        if (earlier.Find(figure => Comparability.Units(figure, value) is not null || Comparability.Definitions(figure, value) is not null) is { } unlike)
        {
            return Comparability.Units(unlike, value) ?? Comparability.Definitions(unlike, value)!;
        }

        if (earlier.Find(figure => figure.Period.FirstYear == Year) is not { } mark)
        {
            return Error.NotFound("sentence.no-figure", $"'{Series}' has no figure for {Year}.", $"“{Series}”没有 {Year} 年的数字。", Series);
        }

        if (earlier.Find(figure => figure.Period.FirstYear > Year && figure.Value >= value.Value) is { } higher)
        {
            return Contradicted(Series, higher, $"{Period} ({Number(value.Value)}) is said to be the highest since {Year}", $"{Period}（{Number(value.Value)}）为 {Year} 年以来最高");
        }

        return mark.Value >= value.Value || all[0] == mark
            ? Holds(("period", Period), ("value", value.Value), ("since", Year.ToString(CultureInfo.InvariantCulture)), ("sinceValue", mark.Value))
            : Contradicted(Series, mark, $"{Period} ({Number(value.Value)}) is said to be only the highest since {Year}, and was higher than that year too",
                $"{Period}（{Number(value.Value)}）仅为 {Year} 年以来最高，而其数值亦高于该年");
    }));
}
